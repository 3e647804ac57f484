//! Documents broken at random, in their bytes and in their structure: readers refuse or read, and never panic, hang or lose.

use super::fuzzed::targets;
use crate::documents::{self, FORMS, Law};
use proptest::prelude::*;
use soyuznik::knowledge;
use std::time::{Duration, Instant};

/// A document of a few kilobytes takes milliseconds; an unoptimised build on a busy machine is far below this.
const LONGEST: Duration = Duration::from_secs(10);

/// Words of the formats, which bytes at random would never hit upon.
const TOKENS: [&str; 44] = [
    "<p>",
    "</p>",
    "<p class=\"H\">",
    "<span class=\"W9\">",
    "<span class=\"mark\">",
    "</span>",
    "<!--",
    "-->",
    "<script>",
    "&nbsp;",
    "&#x110000;",
    "<pre",
    "Статья 5. ",
    "Глава I. ",
    "Часть утратила силу. ",
    "(в ред. Закона от 01.02.2003 N 4-ФЗ)",
    "ГАРАНТ:\n",
    "Информация об изменениях:",
    "См. ",
    "\n\n\n",
    "\u{c}",
    "\u{ad}",
    "¹²",
    "1) ",
    "а) ",
    "| а | б |",
    "**",
    "\\*",
    "\\u55357?",
    "\\bin9999999 ",
    "{\\*\\x ",
    "\\super ",
    "\\v ",
    "\\cell ",
    "\\row ",
    "{\\header ",
    "<w:del>",
    "<w:vanish/>",
    "<w:tbl><w:tr><w:tc>",
    "<text:note>",
    "<text:s text:c=\"9\"/>",
    "stream\n",
    " 0 R",
    "<</Length 9999999>>",
];

#[derive(Debug, Clone)]
pub enum Harm {
    Flip { at: usize, bit: u8 },
    Cut { at: usize, length: usize },
    Twice { at: usize, length: usize },
    Put { at: usize, token: usize },
    End { at: usize },
    Swap { a: usize, b: usize, length: usize },
}

pub fn harm() -> impl Strategy<Value = Harm> {
    let at = 0usize..100_000;
    let length = 1usize..200;
    prop_oneof![
        1 => (at.clone(), 0u8..8).prop_map(|(at, bit)| Harm::Flip { at, bit }),
        1 => (at.clone(), length.clone()).prop_map(|(at, length)| Harm::Cut { at, length }),
        1 => (at.clone(), length.clone()).prop_map(|(at, length)| Harm::Twice { at, length }),
        4 => (at.clone(), 0..TOKENS.len()).prop_map(|(at, token)| Harm::Put { at, token }),
        1 => at.clone().prop_map(|at| Harm::End { at }),
        1 => (at.clone(), at, length).prop_map(|(a, b, length)| Harm::Swap { a, b, length }),
    ]
}

pub fn harmed(mut bytes: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms {
        let size = bytes.len().max(1);
        let place = |at: usize| at % size;
        let until = |at: usize, length: usize| (place(at) + length).min(bytes.len());
        match *harm {
            _ if bytes.is_empty() => return bytes,
            Harm::Flip { at, bit } => {
                let at = place(at);
                bytes[at] ^= 1 << bit;
            }
            Harm::Cut { at, length } => drop(bytes.drain(place(at)..until(at, length))),
            Harm::Twice { at, length } => {
                let piece = bytes[place(at)..until(at, length)].to_vec();
                let at = place(at);
                bytes.splice(at..at, piece);
            }
            Harm::Put { at, token } => {
                let at = place(at);
                bytes.splice(at..at, TOKENS[token].bytes());
            }
            Harm::End { at } => bytes.truncate(place(at)),
            Harm::Swap { a, b, length } => {
                for i in 0..length {
                    bytes.swap((place(a) + i) % size, (place(b) + i) % size);
                }
            }
        }
    }
    bytes
}

/// Reads within the bound; what is read is accounted for.
fn survives(bytes: &[u8], form: &str) -> Result<(), TestCaseError> {
    let begun = Instant::now();
    let read = knowledge::read(bytes, "broken");
    prop_assert!(
        begun.elapsed() < LONGEST,
        "{form} took {:?}",
        begun.elapsed()
    );
    if let Ok(act) = read {
        let whole = targets::whole(&act);
        let text = String::from_utf8_lossy(bytes);
        prop_assert!(whole.is_ok(), "{form}: {whole:?}\n{text}");
    }
    Ok(())
}

/// The inner text of a packed form, harmed before it is packed.
fn repacked(form: &str, law: &Law, harms: &[Harm]) -> Option<Vec<u8>> {
    let inner = match form {
        "docx" => documents::docx_xml(&law.docx_body()),
        "odt" => documents::odt_xml(&law.odt_body()),
        _ => return None,
    };
    let text = String::from_utf8_lossy(&harmed(inner.into_bytes(), harms)).into_owned();
    Some(match form {
        "docx" => documents::docx_of(&text, &[]),
        _ => documents::odt_of(&text),
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn harmed_documents_are_refused_or_read(
        form in prop::sample::select(FORMS.to_vec()),
        articles in 1usize..6,
        harms in prop::collection::vec(harm(), 1..6),
    ) {
        let law = Law::of(articles);
        survives(&harmed(law.in_form(form), &harms), form)?;
        if let Some(bytes) = repacked(form, &law, &harms) {
            survives(&bytes, form)?;
        }
    }

    #[test]
    fn words_of_all_formats_at_random_are_refused_or_read(picked in prop::collection::vec(0..TOKENS.len(), 1..80), form in 0usize..4) {
        let words: String = picked.iter().map(|at| TOKENS[*at]).collect();
        let text = match form {
            0 => words,
            1 => format!("<html><p>{words}"),
            2 => format!("{{\\rtf1 {words}}}"),
            _ => format!("%PDF-1.4\n1 0 obj\n{words}\nendobj"),
        };
        survives(text.as_bytes(), "words")?;
        survives(&documents::docx_of(&text, &[]), "docx of words")?;
    }
}

#[test]
fn the_documents_are_whole_before_they_are_harmed() {
    for form in FORMS {
        let act = knowledge::read(&Law::of(5).in_form(form), form)
            .unwrap_or_else(|e| panic!("{form}: {e}"));
        assert_eq!((act.act.as_str(), act.headings), ("fz-999", 5), "{form}");
        super::account::check(&act, form);
    }
}

//! Where an annex or a form begins: «Приложение N 1 к …», «УТВЕРЖДЕНЫ …», «Форма N 2».

use crate::knowledge::html::Block;
use crate::law::citation::is_number;

/// Longer lines are sentences.
const LONGEST: usize = 700;

/// The heading of an annex.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::knowledge) struct Annex {
    /// Its number; what an act approves has none.
    pub number: Option<String>,
    pub to: To,
    /// Whether the next line goes on with it.
    pub goes_on: bool,
}

/// What an annex belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::knowledge) enum To {
    /// The act itself.
    Act,
    /// Something that the act approves: rules, a method.
    Annex,
    /// The heading does not say.
    Unsaid,
}

/// Reads the heading of an annex; `next` is the text of the line behind it.
pub(in crate::knowledge) fn annex(text: &str, next: &str) -> Option<Annex> {
    if text.chars().count() > LONGEST {
        return None;
    }
    let lower = text.to_lowercase();
    if let Some(rest) = lower.strip_prefix("приложение") {
        return numbered(rest, &next.to_lowercase());
    }
    approved(&lower, &next.to_lowercase())
}

fn numbered(rest: &str, next: &str) -> Option<Annex> {
    let rest = rest.trim_start();
    let unsigned = rest.trim_start_matches(['n', '№', ' ']);
    let end = unsigned
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .unwrap_or(unsigned.len());
    let number = unsigned[..end].trim_end_matches(['.', '-']);
    let number = is_number(number).then(|| number.to_owned());
    let tail = match number {
        Some(_) => unsigned[end..].trim_start(),
        None => rest,
    };
    let below = tail.is_empty() && next.starts_with("к ");
    if !(tail.starts_with("к ") || below || tail.is_empty() && number.is_some()) {
        return None;
    }
    let owner = tail.strip_prefix("к ").or_else(|| next.strip_prefix("к "));
    let to = match owner.filter(|_| !tail.is_empty() || below) {
        Some(owner) if names_act(owner) => To::Act,
        Some(_) => To::Annex,
        None => To::Unsaid,
    };
    Some(Annex {
        number,
        to,
        goes_on: below,
    })
}

/// «к приказу Министерства …», «к постановлению Пленума …».
fn names_act(owner: &str) -> bool {
    ["приказу", "постановлению", "указу", "распоряжению"]
        .iter()
        .any(|w| owner.starts_with(w))
}

/// «УТВЕРЖДЕНЫ постановлением …», also on two lines.
fn approved(lower: &str, next: &str) -> Option<Annex> {
    let word = lower.split(' ').next()?;
    let known = ["утвержден", "утверждён"].iter().any(|stem| {
        word.strip_prefix(stem)
            .is_some_and(|end| matches!(end, "" | "о" | "а" | "ы"))
    });
    let by = |text: &str| {
        ["приказом", "постановлением", "указом", "распоряжением"]
            .iter()
            .any(|w| text.starts_with(w))
    };
    let rest = lower[word.len()..].trim_start();
    let below = rest.is_empty() && by(next);
    (known && (by(rest) || below)).then_some(Annex {
        number: None,
        to: To::Act,
        goes_on: below,
    })
}

/// «Форма N 2»: the number.
pub(super) fn form(text: &str) -> Option<String> {
    let rest = text
        .strip_prefix("Форма ")
        .or_else(|| text.strip_prefix("ФОРМА "))?;
    let number = rest.strip_prefix(['N', '№'])?.trim();
    is_number(number).then(|| number.to_owned())
}

/// Cuts «9 10 Приложение N 3 к приказу …» before the annex: the last row of a table may run into the heading of the next annex.
///
/// Behind words only an annex is cut off that goes on counting, so that sentences stay whole.
pub(super) fn unglued(blocks: &[Block]) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    let mut last = None;
    let whole = |found: &Annex| found.number.as_ref().and_then(|n| n.parse::<u32>().ok());
    for block in blocks {
        if let Some(found) = annex(&block.text, "") {
            last = whole(&found).or(last);
        }
        let cut = block.text.find(" Приложение ").and_then(|at| {
            let (before, heading) = block.text.split_at(at);
            let found = annex(heading.trim_start(), "").filter(|f| f.to != To::Unsaid)?;
            let next = last.is_some_and(|n| whole(&found) == Some(n + 1));
            let in_words = before.chars().any(char::is_alphabetic);
            let led = before.ends_with([',', ';', ':', '(', '.']);
            (!in_words || next && !led).then_some((at, found))
        });
        let Some((at, found)) = cut else {
            out.push(block.clone());
            continue;
        };
        last = whole(&found).or(last);
        out.push(Block {
            class: block.class.clone(),
            text: block.text[..at].to_owned(),
            marks: Vec::new(),
        });
        out.push(Block {
            class: String::new(),
            text: block.text[at + 1..].to_owned(),
            marks: block.marks.clone(),
        });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_annexes_are_told_from_sentences() {
        let read = |text: &str, next: &str| annex(text, next).map(|a| (a.number, a.to, a.goes_on));
        let one = Some("1".to_owned());
        assert_eq!(
            read("Приложение N 1 к приказу Минсада от 1 мая 2020 г. N 7н", ""),
            Some((one.clone(), To::Act, false))
        );
        assert_eq!(
            read("Приложение № 1", "к Правилам ухода за садом"),
            Some((one.clone(), To::Annex, true))
        );
        assert_eq!(
            read("ПРИЛОЖЕНИЕ N 1", "Перечень"),
            Some((one, To::Unsaid, false))
        );
        assert_eq!(
            read("УТВЕРЖДЕНЫ", "Указом Президента"),
            Some((None, To::Act, true))
        );
        assert_eq!(
            read("Утверждено приказом Минсада", ""),
            Some((None, To::Act, false))
        );
        for text in [
            "Приложение 1 - Груши .......",
            "Приложение N 1 изложить так.",
            "Приложение",
            "Утвержденные правила сада",
            "УТВЕРЖДАЮ",
        ] {
            assert_eq!(read(text, ""), None, "{text}");
        }
        let glued = [
            "Приложение N 1 к Правилам сада",
            "мятлик Приложение N 2 к Правилам сада",
            "По саду Приложение N 9 к Правилам сада",
            "7 8 Приложение N 5 к Правилам сада",
        ];
        let blocks = glued.map(|text| Block {
            class: String::new(),
            text: text.to_owned(),
            marks: Vec::new(),
        });
        let cut = unglued(&blocks);
        let texts = cut.iter().map(|b| b.text.as_str()).collect::<Vec<_>>();
        assert_eq!(texts.len(), 6);
        assert_eq!((texts[1], texts[4]), ("мятлик", "7 8"));
        assert_eq!(form("Форма N 2"), Some("2".to_owned()));
        assert_eq!(form("Форма Н-1"), None);
    }
}

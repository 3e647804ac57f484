//! Every word of the real documents is kept somewhere.

use std::collections::HashMap;

use super::corpus_tests::acts;
use super::xml::{Node, Xml, text_of};
use super::{Archive, blocks};

/// The words of `w:t` in the main part, as they stand in the file.
fn words_of_file(bytes: &[u8]) -> HashMap<String, i64> {
    let part = Archive::open(bytes)
        .unwrap()
        .part("word/document.xml")
        .unwrap()
        .unwrap();
    let text = text_of(&part, "x").unwrap();
    let mut xml = Xml::new(&text, "x");
    let (mut in_text, mut all) = (false, String::new());
    while let Some(node) = xml.next().unwrap() {
        match node {
            Node::Open(e) if e.name() == "t" => in_text = true,
            Node::Open(e) if matches!(e.name(), "br" | "tab") => all.push(' '),
            Node::Close(name) if name == "t" => in_text = false,
            Node::Close(name) if name == "p" => all.push('\n'),
            Node::Text(piece) if in_text => all.push_str(&piece),
            _ => {}
        }
    }
    counted(&all)
}

fn counted(text: &str) -> HashMap<String, i64> {
    let mut out = HashMap::new();
    for word in text.to_lowercase().split(|c: char| !c.is_alphanumeric()) {
        *out.entry(word.to_owned()).or_default() += 1;
    }
    out.remove("");
    out
}

/// What the reader writes otherwise on purpose: N as №, spoken days in notes, «Статьи 5 - 7», and 209 with a raised 1 as 209.1.
fn is_rewritten(word: &str, raised: bool) -> bool {
    let digits = word.bytes().all(|b| b.is_ascii_digit());
    matches!(word, "n" | "г" | "статьи")
        || crate::law::text::month_of(word).is_some()
        || digits && (word.len() <= 2 || raised)
}

/// Every word of the file is in a block's text, in a mark, or in what was removed.
#[test]
fn no_word_is_lost() {
    let Some(acts) = acts() else { return };
    let mut files = Vec::new();
    for folder in ["tk", "other"] {
        let entries = std::fs::read_dir(acts.join(folder)).unwrap();
        files.extend(entries.map(|e| e.unwrap().path()));
    }
    for file in files
        .iter()
        .filter(|f| f.extension().is_some_and(|e| e == "docx"))
    {
        let bytes = std::fs::read(file).unwrap();
        let laid = blocks(&bytes).unwrap();
        let mut kept = String::new();
        for block in &laid.blocks {
            kept.push_str(&block.text);
            kept.push('\n');
            kept.push_str(&block.marks.join("\n"));
            kept.push('\n');
        }
        for removed in &laid.removed {
            kept.push_str(&removed.text);
            kept.push('\n');
        }
        let kept = counted(&kept);
        let raised = file.to_string_lossy().contains("fz_311");
        let lost = words_of_file(&bytes).into_iter().filter(|(word, count)| {
            count > kept.get(word).unwrap_or(&0) && !is_rewritten(word, raised)
        });
        let lost = lost.collect::<Vec<_>>();
        assert_eq!(lost, [], "{}", file.display());
    }
}

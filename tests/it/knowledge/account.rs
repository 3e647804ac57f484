//! No character is lost: what a file gave is in the cleaned text or among the listed removals.

use crate::skip;
use soyuznik::knowledge::{self, NodeKind, ParsedAct, RemovedWhy};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Signs that readers write themselves: the dot of an index, the bar between the cells of a table.
const WRITTEN: [char; 2] = ['.', '|'];

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

pub fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The leaves of the act, in order, say the cleaned text: every line is one node's own.
pub fn leaves(act: &ParsedAct) -> String {
    let chars: Vec<char> = act.text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    for (i, node) in act.nodes.iter().enumerate() {
        // A node's own line ends where the next node that has a line begins.
        let next = act.nodes[i + 1..].iter().find(|n| n.start > node.start);
        let end = next.map_or(node.end, |n| n.start.min(node.end));
        let from = node.start.max(at);
        if from < end {
            out.extend(&chars[from..end]);
            at = end;
        }
    }
    out
}

fn check(act: &ParsedAct, name: &str) {
    let balance = &act.account;
    assert!(balance.lost.is_empty(), "{name} lost {:?}", balance.lost);
    let strange: Vec<_> = balance
        .added
        .iter()
        .filter(|(c, _)| !WRITTEN.contains(c))
        .collect();
    assert!(strange.is_empty(), "{name} made up {strange:?}");
    assert!(balance.read > 0 && balance.kept > 0, "{name}: {balance:?}");
    assert_eq!(squeezed(&leaves(act)), squeezed(&act.text), "{name}");
    // The passages of parts tile the bodies of the articles.
    for article in act.articles() {
        let inside = |p: &&knowledge::Passage| p.start >= article.start && p.end <= article.end;
        let passages = knowledge::split(act);
        let whole = passages
            .iter()
            .filter(inside)
            .find(|p| p.kind == knowledge::PassageKind::Article);
        let Some(whole) = whole else { continue };
        let parts = passages.iter().filter(inside);
        let said: String = parts
            .filter(|p| p.kind == knowledge::PassageKind::Part)
            .map(|p| p.text.as_str())
            .collect();
        assert_eq!(squeezed(&said), squeezed(&whole.text), "{name}");
        break;
    }
}

#[test]
fn every_character_of_every_file_is_kept_or_listed() {
    let name = "every_character_of_every_file_is_kept_or_listed";
    let Some(acts) = skip::corpus(name, "acts") else {
        return;
    };
    let mut by_format: BTreeMap<String, usize> = BTreeMap::new();
    let mut bad = Vec::new();
    for path in files(&acts) {
        let file = path.display().to_string();
        let Ok(act) = knowledge::read(&std::fs::read(&path).unwrap(), &file) else {
            continue;
        };
        let mut why: BTreeMap<RemovedWhy, usize> = BTreeMap::new();
        act.removed.iter().for_each(|r| *why.entry(r.why).or_default() += 1);
        let unplaced = act.removed.iter().filter(|r| r.line == 0 && r.why.is_taken_out() && r.text.chars().count() > 2).count();
        let a = &act.account;
        eprintln!("{} {} read {} kept {} removed {} lost {:?} added {:?} why {why:?} unplaced {unplaced}", act.format, path.file_name().unwrap().to_string_lossy(), a.read, a.kept, a.removed, a.lost, a.added);
        if std::panic::catch_unwind(|| check(&act, &file)).is_err() { bad.push(file); }
        *by_format.entry(act.format.clone()).or_default() += 1;
    }
    assert!(bad.is_empty(), "{bad:#?}");
    for format in ["html", "docx", "rtf", "text", "pdf"] {
        assert!(by_format[format] > 0, "no {format} in the corpus");
    }
}

//! Which subpoint or paragraph of a point a line is.

use std::collections::BTreeSet;

use crate::knowledge::act::NodeKind;
use crate::knowledge::label::{point_number, subpoint_letter};
use crate::law::Citation;
use crate::law::citation::cyrillic_letter;

/// What a line opens.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::knowledge) struct Item {
    pub kind: NodeKind,
    pub citation: Option<Citation>,
    pub number: String,
}

/// Counts through one point, or through the paragraphs of an annex that has none.
///
/// `1)` and `а)` are subpoints; a list of one kind directly inside an item of the other kind is paragraphs of that item, as
/// citations have one level below the point. A paragraph behind an item belongs to it.
#[derive(Debug, Clone)]
pub(in crate::knowledge) struct Items {
    base: Citation,
    subpoint: Option<String>,
    used: BTreeSet<String>,
    paragraph: u16,
    last_was_item: bool,
}

impl Items {
    /// Begins behind the first line of a point.
    pub fn of_point(base: Citation) -> Items {
        Items {
            base,
            subpoint: None,
            used: BTreeSet::new(),
            paragraph: 1,
            last_was_item: false,
        }
    }

    /// Begins behind the heading of an annex: its first paragraph is 1.
    pub fn of_annex(base: Citation) -> Items {
        Items {
            paragraph: 0,
            ..Items::of_point(base)
        }
    }

    /// Returns what the next line opens.
    pub fn next(&mut self, text: &str) -> Item {
        if is_footnote(text) {
            return Item {
                kind: NodeKind::Footnote,
                citation: None,
                number: String::new(),
            };
        }
        match code(text).filter(|c| self.is_new(c)) {
            Some(code) => self.open(code),
            None => {
                self.last_was_item &= code(text).is_some();
                self.next_paragraph()
            }
        }
    }

    /// Returns the next paragraph, whatever its words.
    pub fn next_paragraph(&mut self) -> Item {
        self.paragraph = self.paragraph.saturating_add(1);
        Item {
            kind: NodeKind::Paragraph,
            citation: Some(Citation {
                paragraph: Some(self.paragraph),
                subpoint: self.subpoint.clone(),
                ..self.base.clone()
            }),
            number: self.paragraph.to_string(),
        }
    }

    fn open(&mut self, code: String) -> Item {
        self.used.insert(code.clone());
        self.subpoint = Some(code.clone());
        self.paragraph = 1;
        self.last_was_item = true;
        Item {
            kind: NodeKind::Subpoint,
            citation: Some(Citation {
                subpoint: Some(code.clone()),
                ..self.base.clone()
            }),
            number: code,
        }
    }

    /// Whether an item opens a subpoint: it stands in a point, is none of an inner list, and its code is not taken.
    fn is_new(&self, code: &str) -> bool {
        let is_letter = |c: &str| cyrillic_letter(c).is_some();
        let inner = self.last_was_item
            && self
                .subpoint
                .as_deref()
                .is_some_and(|s| is_letter(s) != is_letter(code));
        self.base.point.is_some() && !inner && !self.used.contains(code)
    }
}

/// The code of «1) …», «а) …»; some texts write the first two letters in Latin.
fn code(text: &str) -> Option<String> {
    point_number(text)
        .or_else(|| subpoint_letter(text).map(str::to_owned))
        .or_else(|| {
            let latin = ["a)", "b)"].into_iter().find(|l| text.starts_with(l))?;
            Some(latin[..1].to_owned())
        })
}

/// «<3> Согласно …», «* Кроме …», «сноска: …», and the rule above them.
fn is_footnote(text: &str) -> bool {
    let rule = text.len() >= 8 && text.chars().all(|c| matches!(c, '-' | '_' | ' '));
    let numbered = text
        .strip_prefix('<')
        .and_then(|rest| rest.split_once('>'))
        .is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit() || b == b'*'));
    rule || numbered || text.starts_with('*') || text.starts_with("сноска: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(lines: &[&str]) -> Vec<String> {
        let mut items = Items::of_point("pvs-2-2004:34".parse().unwrap());
        let found = lines.iter().map(|l| items.next(l));
        found
            .map(|i| i.citation.map_or_else(|| "-".to_owned(), |c| c.to_string()))
            .collect()
    }

    #[test]
    fn lists_follow_one_another_or_lie_inside() {
        let lines = ["1) раз;", "2) два.", "При этом:", "а) груши;", "б) сливы."];
        let wanted = [
            "pvs-2-2004:34:1",
            "pvs-2-2004:34:2",
            "pvs-2-2004:34:2:p2",
            "pvs-2-2004:34:a",
            "pvs-2-2004:34:b",
        ];
        assert_eq!(labels(&lines), wanted);
        let lines = ["1) раз:", "а) груши;", "б) сливы;", "2) два:", "а) вишни."];
        let wanted = [
            "pvs-2-2004:34:1",
            "pvs-2-2004:34:1:p2",
            "pvs-2-2004:34:1:p3",
            "pvs-2-2004:34:2",
            "pvs-2-2004:34:2:p2",
        ];
        assert_eq!(labels(&lines), wanted);
    }

    #[test]
    fn footnotes_are_not_counted() {
        let lines = [
            "--------------------",
            "<3> Про сад.",
            "Дальше.",
            "a) латиница;",
        ];
        let wanted = ["-", "-", "pvs-2-2004:34:p2", "pvs-2-2004:34:a"];
        assert_eq!(labels(&lines), wanted);
    }
}

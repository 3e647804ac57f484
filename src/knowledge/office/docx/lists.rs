//! numbering.xml of Word: the numbers that Word writes before paragraphs by itself.

use std::collections::HashMap;

use super::styles::ListPlace;
use crate::knowledge::office::fault::OfficeFault;
use crate::knowledge::office::numerals::{Form, numeral};
use crate::knowledge::office::xml::{Element, Node, Xml};

const LEVELS: usize = 9;

/// A level of a list.
#[derive(Debug, Clone)]
struct Level {
    form: Form,
    /// «%1.%2)»: where the numbers of the levels go.
    pattern: String,
    start: u32,
}

/// The lists of a document and how far each has counted.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// Levels of an abstract list.
    patterns: HashMap<String, HashMap<usize, Level>>,
    /// The abstract list of a list, and the levels that it starts anew at another number.
    lists: HashMap<String, (String, HashMap<usize, u32>)>,
    counts: HashMap<String, [Option<u32>; LEVELS]>,
}

impl Lists {
    /// Reads `word/numbering.xml`. Fails where it is no XML. One pass.
    pub(super) fn read(text: &str) -> Result<Lists, OfficeFault> {
        let mut xml = Xml::new(text, "word/numbering.xml");
        let mut reader = Reader::default();
        while let Some(node) = xml.next()? {
            match node {
                Node::Open(element) => reader.open(&element),
                Node::Close(name) if name == "abstractNum" => reader.pattern = None,
                Node::Close(name) if name == "num" => reader.list = None,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(reader.out)
    }

    /// Returns what stands before the next paragraph of a place: «3)»; nothing for bullets and for paragraphs without a list.
    pub(super) fn next(&mut self, place: &ListPlace) -> String {
        let level = place.level.unwrap_or(0).min(LEVELS - 1);
        let Some((pattern, starts)) = place.list.as_ref().and_then(|l| self.lists.get(l)) else {
            return String::new();
        };
        let Some(levels) = self.patterns.get(pattern) else {
            return String::new();
        };
        let first = |at: usize| {
            let own = starts.get(&at).copied();
            own.or_else(|| levels.get(&at).map(|l| l.start))
                .unwrap_or(1)
        };
        // A list that starts anew counts for itself; the others go on with the count of their pattern.
        let counter = match (starts.is_empty(), &place.list) {
            (false, Some(list)) => format!("list {list}"),
            _ => pattern.clone(),
        };
        let counts = self.counts.entry(counter).or_default();
        for (at, count) in counts.iter_mut().enumerate() {
            *count = match at.cmp(&level) {
                std::cmp::Ordering::Less => Some(count.unwrap_or_else(|| first(at))),
                std::cmp::Ordering::Equal => {
                    Some(count.map_or_else(|| first(at), |c| c.saturating_add(1)))
                }
                std::cmp::Ordering::Greater => None,
            };
        }
        levels.get(&level).map_or_else(String::new, |own| {
            let number = |at: usize| {
                let form = levels.get(&at).map_or(Form::Decimal, |l| l.form);
                counts[at].map_or_else(String::new, |n| numeral(n, form))
            };
            filled(own, number)
        })
    }
}

/// The pattern with its numbers.
fn filled(level: &Level, number: impl Fn(usize) -> String) -> String {
    if level.form == Form::None {
        return String::new();
    }
    let mut out = String::new();
    let mut signs = level.pattern.chars().peekable();
    while let Some(sign) = signs.next() {
        let at = match sign {
            '%' => signs.peek().and_then(|d| d.to_digit(10)),
            _ => None,
        };
        match at.filter(|n| *n > 0) {
            Some(at) => {
                signs.next();
                out.push_str(&number(at as usize - 1));
            }
            None => out.push(sign),
        }
    }
    out
}

#[derive(Debug, Default)]
struct Reader {
    out: Lists,
    pattern: Option<String>,
    list: Option<String>,
    level: usize,
}

impl Reader {
    fn open(&mut self, element: &Element) {
        let level = || {
            let at = element.attribute("ilvl").and_then(|l| l.parse().ok());
            at.unwrap_or(0usize).min(LEVELS - 1)
        };
        match (element.name(), &self.pattern, &self.list) {
            ("abstractNum", ..) => self.pattern = element.attribute("abstractNumId"),
            ("num", ..) => {
                self.list = element.attribute("numId");
                if let Some(id) = &self.list {
                    self.out.lists.entry(id.clone()).or_default();
                }
            }
            ("lvl" | "lvlOverride", ..) => self.level = level(),
            ("abstractNumId", None, Some(list)) => {
                let list = self.out.lists.entry(list.clone()).or_default();
                list.0 = element.value();
            }
            ("startOverride", None, Some(list)) => {
                let start = element.value().parse().unwrap_or(1);
                let list = self.out.lists.entry(list.clone()).or_default();
                list.1.insert(self.level, start);
            }
            ("start" | "numFmt" | "lvlText", Some(pattern), _) => {
                let levels = self.out.patterns.entry(pattern.clone()).or_default();
                let level = levels.entry(self.level).or_insert_with(|| Level {
                    form: Form::Decimal,
                    pattern: String::new(),
                    start: 1,
                });
                match element.name() {
                    "start" => level.start = element.value().parse().unwrap_or(1),
                    "numFmt" => level.form = Form::of_word(&element.value()),
                    _ => level.pattern = element.value(),
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_counted_by_level() {
        let text = "<w:numbering xmlns:w=\"w\"><w:abstractNum w:abstractNumId=\"7\">\
            <w:lvl w:ilvl=\"0\"><w:start w:val=\"2\"/><w:numFmt w:val=\"decimal\"/><w:lvlText w:val=\"%1)\"/></w:lvl>\
            <w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"russianLower\"/><w:lvlText w:val=\"%2)\"/></w:lvl>\
            <w:lvl w:ilvl=\"2\"><w:numFmt w:val=\"bullet\"/><w:lvlText w:val=\"*\"/></w:lvl></w:abstractNum>\
            <w:num w:numId=\"1\"><w:abstractNumId w:val=\"7\"/></w:num></w:numbering>";
        let mut lists = Lists::read(text).unwrap();
        let mut next = |level| {
            lists.next(&ListPlace {
                list: Some("1".into()),
                level: Some(level),
            })
        };
        let got = [next(0), next(1), next(1), next(2), next(0), next(1)];
        assert_eq!(got, ["2)", "а)", "б)", "", "3)", "а)"]);
        assert_eq!(lists.next(&ListPlace::default()), "");
    }
}

//! styles.xml of Word: names of styles, and what they say about raised and hidden text.

use std::collections::HashMap;

use crate::knowledge::office::fault::OfficeFault;
use crate::knowledge::office::line::{Align, Letters};
use crate::knowledge::office::xml::{Element, Node, Xml};

/// A style is based on a few others; a file may claim a ring.
const CHAIN_LIMIT: usize = 16;

/// Takes what an element of `w:rPr` says about letters.
pub(super) fn take_letters(letters: &mut Letters, element: &Element) {
    match element.name() {
        "vertAlign" => letters.superscript = Some(element.value() == "superscript"),
        "vanish" => letters.hidden = Some(is_on(&element.value())),
        // Some converters raise the letters instead of calling them superscript; 3 points and more is no fine tuning.
        "position" if element.value().parse::<i32>().is_ok_and(|half| half >= 6) => {
            letters.superscript = letters.superscript.or(Some(true));
        }
        _ => {}
    }
}

/// A toggle without a value is on.
fn is_on(value: &str) -> bool {
    !matches!(value, "0" | "false" | "off")
}

/// A place in a numbered list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct ListPlace {
    pub list: Option<String>,
    pub level: Option<usize>,
}

#[derive(Debug, Default)]
struct Style {
    name: String,
    based_on: String,
    letters: Letters,
    align: Option<Align>,
    has_level: bool,
    list: ListPlace,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
}

impl Styles {
    /// Reads `word/styles.xml`. Fails where it is no XML. One pass.
    pub(super) fn read(text: &str) -> Result<Styles, OfficeFault> {
        let mut xml = Xml::new(text, "word/styles.xml");
        let mut styles = Styles::default();
        let mut open: Option<(String, Style)> = None;
        while let Some(node) = xml.next()? {
            match (node, &mut open) {
                (Node::Open(e), _) if e.name() == "style" => {
                    let id = e.attribute("styleId").unwrap_or_default();
                    open = Some((id, Style::default()));
                }
                (Node::Open(e), Some((_, style))) => style.take(&e),
                (Node::Close(name), _) if name == "style" => styles.by_id.extend(open.take()),
                _ => {}
            }
        }
        Ok(styles)
    }

    /// Returns the name of a style in small letters; an unknown style is called by its id.
    pub(super) fn name(&self, id: &str) -> String {
        let name = self.by_id.get(id).map_or(id, |s| s.name.as_str());
        name.to_lowercase()
    }

    /// Returns what a style and those below it say about letters.
    pub(super) fn letters(&self, id: &str) -> Letters {
        self.chain(id)
            .fold(Letters::default(), |got, s| got.over(s.letters))
    }

    /// Returns where a style sets its paragraphs, where it says so.
    pub(super) fn align(&self, id: &str) -> Option<Align> {
        self.chain(id).find_map(|s| s.align)
    }

    /// Returns whether a style is a heading, by a level of its own or by its name.
    pub(super) fn is_heading(&self, id: &str) -> bool {
        self.chain(id).any(|s| {
            let name = s.name.to_lowercase();
            s.has_level || name.starts_with("heading ") || name.starts_with("заголовок")
        })
    }

    /// Returns the list that a style numbers its paragraphs by.
    pub(super) fn list(&self, id: &str) -> ListPlace {
        let found = self.chain(id).find(|s| s.list.list.is_some());
        found.map(|s| s.list.clone()).unwrap_or_default()
    }

    /// The style and those it is based on.
    fn chain(&self, id: &str) -> impl Iterator<Item = &Style> {
        std::iter::successors(self.by_id.get(id), |s| self.by_id.get(&s.based_on)).take(CHAIN_LIMIT)
    }
}

impl Style {
    fn take(&mut self, element: &Element) {
        match element.name() {
            "name" => self.name = element.value(),
            "basedOn" => self.based_on = element.value(),
            "jc" => self.align = Some(align_of(&element.value())),
            "outlineLvl" => self.has_level = is_level(&element.value()),
            "numId" => self.list.list = Some(element.value()),
            "ilvl" => self.list.level = element.value().parse().ok(),
            _ => take_letters(&mut self.letters, element),
        }
    }
}

/// Returns where `w:jc` sets a paragraph.
pub(super) fn align_of(value: &str) -> Align {
    match value {
        "center" => Align::Center,
        "right" | "end" => Align::End,
        _ => Align::Start,
    }
}

/// Level 9 means body text.
pub(super) fn is_level(value: &str) -> bool {
    value.parse::<u8>().is_ok_and(|level| level < 9)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_says_what_those_below_it_say() {
        let text = "<w:styles xmlns:w=\"w\">\
            <w:style w:styleId=\"a\"><w:name w:val=\"Раз\"/><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style>\
            <w:style w:styleId=\"b\"><w:name w:val=\"Heading 2\"/><w:basedOn w:val=\"a\"/><w:pPr><w:jc w:val=\"center\"/></w:pPr></w:style>\
            <w:style w:styleId=\"c\"><w:basedOn w:val=\"c\"/><w:rPr><w:vanish/></w:rPr></w:style></w:styles>";
        let styles = Styles::read(text).unwrap();
        assert_eq!(styles.letters("b").superscript, Some(true));
        assert_eq!(styles.align("b"), Some(Align::Center));
        assert!(styles.is_heading("b") && !styles.is_heading("a"));
        assert_eq!(styles.letters("c").hidden, Some(true));
        assert_eq!(styles.name("b"), "heading 2");
        assert_eq!(styles.name("нет"), "нет");
    }
}

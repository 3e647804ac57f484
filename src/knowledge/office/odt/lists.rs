//! Numbered lists of OpenDocument.

use std::collections::HashMap;

use crate::knowledge::office::fault::OfficeFault;
use crate::knowledge::office::numerals::{Form, numeral};
use crate::knowledge::office::xml::{Element, Node, Xml};

#[derive(Debug, Clone)]
struct Level {
    form: Form,
    before: String,
    after: String,
    start: u32,
    /// How many levels the number shows.
    shown: usize,
}

/// A list that is open.
#[derive(Debug)]
struct Open {
    style: String,
    count: u32,
}

/// The styles of lists, and the lists that are open.
#[derive(Debug, Default)]
pub(super) struct Lists {
    styles: HashMap<String, HashMap<usize, Level>>,
    open: Vec<Open>,
    /// How far the lists of a style counted, for those that go on.
    counted: HashMap<String, u32>,
    /// Whether the next paragraph begins an item.
    at_item: bool,
}

impl Lists {
    /// Adds the list styles of a part. Fails where it is no XML. One pass.
    pub(super) fn add(&mut self, text: &str, part: &str) -> Result<(), OfficeFault> {
        let mut xml = Xml::new(text, part);
        let mut style = None;
        while let Some(node) = xml.next()? {
            match node {
                Node::Open(e) if e.name() == "list-style" => style = e.attribute("name"),
                Node::Open(e) if e.name().starts_with("list-level-style") => {
                    if let Some(style) = &style {
                        let (at, level) = level(&e);
                        let levels = self.styles.entry(style.clone()).or_default();
                        levels.insert(at, level);
                    }
                }
                Node::Close(name) if name == "list-style" => style = None,
                Node::Open(_) | Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    /// Notes that an element of a list begins.
    pub(super) fn begin(&mut self, element: &Element) {
        match element.name() {
            "list" => {
                let own = element.attribute("style-name");
                let above = self.open.last().map(|o| o.style.clone());
                let style = own.or(above).unwrap_or_default();
                let goes_on = element.attribute("continue-numbering").as_deref() == Some("true")
                    || element.attribute("continue-list").is_some();
                let depth = self.open.len();
                let start = self.level(&style, depth).map_or(1, |l| l.start);
                let before = start.saturating_sub(1);
                let counted = self.counted.get(&style).copied().filter(|_| goes_on);
                self.open.push(Open {
                    count: counted.unwrap_or(before),
                    style,
                });
            }
            "list-item" => {
                let start = element.attribute("start-value");
                if let Some(open) = self.open.last_mut() {
                    let next = start.and_then(|s| s.parse().ok());
                    open.count = next.unwrap_or(open.count.saturating_add(1));
                    self.at_item = true;
                }
            }
            _ => {}
        }
    }

    /// Notes that an element of a list ends.
    pub(super) fn end(&mut self, name: &str) {
        match name {
            "list" => {
                if let Some(open) = self.open.pop() {
                    self.counted.insert(open.style, open.count);
                }
            }
            "list-item" => self.at_item = false,
            _ => {}
        }
    }

    /// Returns what stands before the next paragraph with text: «3)»; nothing outside lists, for bullets and inside an item.
    pub(super) fn next(&mut self) -> String {
        if !std::mem::take(&mut self.at_item) {
            return String::new();
        }
        let depth = self.open.len().saturating_sub(1);
        let style = self.open.last().map_or("", |o| o.style.as_str());
        let Some(own) = self.level(style, depth).filter(|l| l.form != Form::None) else {
            return String::new();
        };
        let first = (depth + 1).saturating_sub(own.shown);
        let numbers = self.open[first..].iter().enumerate().map(|(i, open)| {
            let form = self
                .level(style, first + i)
                .map_or(Form::Decimal, |l| l.form);
            numeral(open.count, form)
        });
        let numbers = numbers.collect::<Vec<_>>().join(".");
        format!("{}{numbers}{}", own.before, own.after)
    }

    fn level(&self, style: &str, depth: usize) -> Option<&Level> {
        self.styles.get(style)?.get(&depth)
    }
}

fn level(element: &Element) -> (usize, Level) {
    let number = |name: &str| element.attribute(name).and_then(|n| n.parse::<u32>().ok());
    let text = |name: &str| element.attribute(name).unwrap_or_default();
    let form = match element.name() {
        "list-level-style-number" => Form::of_open_document(&text("num-format")),
        _ => Form::None,
    };
    let at = number("level").unwrap_or(1).clamp(1, 10) as usize - 1;
    let level = Level {
        form,
        before: text("num-prefix"),
        after: text("num-suffix"),
        start: number("start-value").unwrap_or(1),
        shown: number("display-levels").unwrap_or(1).clamp(1, 10) as usize,
    };
    (at, level)
}

//! Styles of OpenDocument: the document's own, and the automatic ones that stand for direct formatting.

use std::collections::HashMap;

use crate::knowledge::office::fault::OfficeFault;
use crate::knowledge::office::line::{Align, Letters};
use crate::knowledge::office::xml::{Element, Node, Xml};

const CHAIN_LIMIT: usize = 16;

#[derive(Debug, Default)]
struct Style {
    name: String,
    parent: String,
    /// Direct formatting, without a name of its own.
    is_automatic: bool,
    letters: Letters,
    align: Option<Align>,
    has_level: bool,
}

/// The styles of a document.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
}

impl Styles {
    /// Adds the styles of `styles.xml` or `content.xml`. Fails where it is no XML. One pass.
    pub(super) fn add(&mut self, text: &str, part: &str) -> Result<(), OfficeFault> {
        let mut xml = Xml::new(text, part);
        let mut is_automatic = false;
        let mut open: Option<(String, Style)> = None;
        while let Some(node) = xml.next()? {
            match node {
                Node::Open(e) if e.name() == "automatic-styles" => is_automatic = true,
                Node::Open(e) if e.name() == "style" => {
                    let (id, mut style) = begin(&e);
                    style.is_automatic = is_automatic;
                    open = Some((id, style));
                }
                Node::Open(e) => {
                    if let Some((_, style)) = &mut open {
                        style.take(&e);
                    }
                }
                Node::Close(name) if name == "style" => self.by_id.extend(open.take()),
                Node::Close(name) if name == "automatic-styles" => is_automatic = false,
                Node::Close(_) | Node::Text(_) => {}
            }
        }
        Ok(())
    }

    /// Returns the name of the style that people see, in small letters.
    pub(super) fn name(&self, id: &str) -> String {
        let named = self.chain(id).find(|s| !s.is_automatic);
        let of_parent = || self.chain(id).last().map(|s| plain_name(&s.parent));
        let name = named.map(|s| s.name.clone()).or_else(of_parent);
        name.unwrap_or_else(|| plain_name(id)).to_lowercase()
    }

    /// Returns what a style and those below it say about letters.
    pub(super) fn letters(&self, id: &str) -> Letters {
        self.chain(id)
            .fold(Letters::default(), |got, s| got.over(s.letters))
    }

    /// Returns where a style sets its paragraphs.
    pub(super) fn align(&self, id: &str) -> Align {
        self.chain(id).find_map(|s| s.align).unwrap_or_default()
    }

    /// Returns whether a style is a heading, by a level of its own or by its name.
    pub(super) fn is_heading(&self, id: &str) -> bool {
        let name = self.name(id);
        name.starts_with("heading ")
            || name.starts_with("заголовок")
            || self.chain(id).any(|s| s.has_level)
    }

    fn chain(&self, id: &str) -> impl Iterator<Item = &Style> {
        std::iter::successors(self.by_id.get(id), |s| self.by_id.get(&s.parent)).take(CHAIN_LIMIT)
    }
}

fn begin(element: &Element) -> (String, Style) {
    let get = |name: &str| element.attribute(name).unwrap_or_default();
    let id = get("name");
    let shown = element.attribute("display-name");
    let style = Style {
        name: shown.unwrap_or_else(|| plain_name(&id)),
        parent: get("parent-style-name"),
        has_level: element
            .attribute("default-outline-level")
            .is_some_and(|l| !l.is_empty()),
        ..Style::default()
    };
    (id, style)
}

impl Style {
    fn take(&mut self, element: &Element) {
        match element.name() {
            "paragraph-properties" => {
                self.align = match element.attribute("text-align").as_deref() {
                    Some("center") => Some(Align::Center),
                    Some("end" | "right") => Some(Align::End),
                    Some(_) => Some(Align::Start),
                    None => self.align,
                };
            }
            "text-properties" => {
                let position = element.attribute("text-position");
                self.letters.superscript = position.as_deref().map(is_raised);
                let display = element.attribute("display");
                self.letters.hidden = display.map(|d| d == "none");
            }
            _ => {}
        }
    }
}

/// «super 58%», «33% 58%».
fn is_raised(position: &str) -> bool {
    let first = position.split_whitespace().next().unwrap_or("");
    let share = first.strip_suffix('%').and_then(|n| n.parse::<f32>().ok());
    first == "super" || share.is_some_and(|s| s > 0.0)
}

/// «Заголовок_20_статьи»: signs that XML names cannot hold stand as their hexadecimal number.
fn plain_name(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    let mut rest = id;
    while let Some(at) = rest.find('_') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let sign = tail.find('_').and_then(|end| {
            let number = u32::from_str_radix(&tail[..end], 16).ok()?;
            Some((char::from_u32(number)?, end))
        });
        match sign {
            Some((sign, end)) => {
                out.push(sign);
                rest = &tail[end + 1..];
            }
            None => {
                out.push('_');
                rest = tail;
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_decoded() {
        assert_eq!(plain_name("Раз_20_два_5f_три_x"), "Раз два_три_x");
    }

    #[test]
    fn raised_letters_are_told_from_lowered_ones() {
        assert!(is_raised("super 58%") && is_raised("33% 60%"));
        assert!(!is_raised("sub 58%") && !is_raised("-33% 60%") && !is_raised("0% 100%"));
    }
}

//! XML as a stream of opened and closed elements, with a bound on the depth.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::fault::OfficeFault;
use crate::knowledge::charset;

/// Word nests about 30 elements; tables in tables add a dozen each.
const DEPTH_LIMIT: usize = 256;

/// The longest attribute that is read, in bytes.
const VALUE_LIMIT: usize = 256;

/// What the stream gives.
pub(super) enum Node<'a> {
    /// An element begins.
    Open(Element<'a>),
    /// An element of this local name ends.
    Close(String),
    /// Characters; an entity comes on its own.
    Text(Cow<'a, str>),
}

/// The beginning of an element.
pub(super) struct Element<'a>(BytesStart<'a>);

impl Element<'_> {
    /// Returns the name without its prefix: files may choose other prefixes.
    pub(super) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// Returns the attribute of this local name, at most 256 bytes of it: names of styles and the like are copied to every
    /// paragraph, so a long one would be a bomb. Walks the attributes once.
    pub(super) fn attribute(&self, local: &str) -> Option<String> {
        let mut all = self.0.attributes();
        // The check for doubles is quadratic in the number of attributes.
        all.with_checks(false);
        all.filter_map(Result::ok)
            .find(|a| a.key.local_name().into_inner() == local)
            .map(|a| decode(&a.value[..a.value.floor_char_boundary(VALUE_LIMIT)]))
    }

    /// Returns the attribute `val`, where Word keeps nearly everything.
    pub(super) fn value(&self) -> String {
        self.attribute("val").unwrap_or_default()
    }
}

/// A part of a document that is being read.
pub(super) struct Xml<'a> {
    reader: Reader<&'a [u8]>,
    depth: usize,
    part: &'a str,
}

impl<'a> Xml<'a> {
    /// Begins to read `text`, the part called `part`.
    pub(super) fn new(text: &'a str, part: &'a str) -> Xml<'a> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Xml {
            reader,
            depth: 0,
            part,
        }
    }

    /// Returns how many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Returns the next node, or nothing at the end. Fails on text that is no XML, breaks off, or nests too deep.
    pub(super) fn next(&mut self) -> Result<Option<Node<'a>>, OfficeFault> {
        loop {
            let event = self.reader.read_event().map_err(|e| self.broken(&e))?;
            match event {
                Event::Start(start) => {
                    self.depth += 1;
                    if self.depth > DEPTH_LIMIT {
                        return Err(OfficeFault::TooDeep {
                            part: self.part.to_owned(),
                        });
                    }
                    return Ok(Some(Node::Open(Element(start))));
                }
                Event::End(end) => {
                    self.depth = self.depth.saturating_sub(1);
                    let name = end.local_name().into_inner().to_owned();
                    return Ok(Some(Node::Close(name)));
                }
                Event::Text(text) => return Ok(Some(Node::Text(text.xml10_content()))),
                Event::CData(text) => return Ok(Some(Node::Text(text.xml10_content()))),
                Event::GeneralRef(name) => {
                    return Ok(Some(Node::Text(Cow::Owned(entity(&name)))));
                }
                Event::Eof if self.depth > 0 => return Err(self.broken(&"обрыв")),
                Event::Eof => return Ok(None),
                Event::Empty(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_) => {}
            }
        }
    }

    fn broken(&self, what: &dyn std::fmt::Display) -> OfficeFault {
        OfficeFault::Broken {
            part: self.part.to_owned(),
            what: what.to_string(),
        }
    }
}

/// Returns the text of a part in whatever charset it is written. Fails on bytes that are no text.
pub(super) fn text_of(bytes: &[u8], part: &str) -> Result<String, OfficeFault> {
    charset::decode(bytes).ok_or_else(|| OfficeFault::Broken {
        part: part.to_owned(),
        what: "не текст".to_owned(),
    })
}

/// An entity's character. Entities that the file declares itself stay unexpanded: expanding them is a known bomb.
fn entity(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|code| {
        let number = match code.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => code.parse().ok()?,
        };
        char::from_u32(number)
    });
    match (number, name) {
        (Some(c), _) => c.to_string(),
        (None, "lt") => "<".to_owned(),
        (None, "gt") => ">".to_owned(),
        (None, "amp") => "&".to_owned(),
        (None, "quot") => "\"".to_owned(),
        (None, "apos") => "'".to_owned(),
        (None, other) => format!("&{other};"),
    }
}

/// An attribute's value with its entities resolved.
fn decode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.find(';').filter(|end| *end <= 10) {
            Some(end) => {
                out.push_str(&entity(&rest[1..end]));
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
#[path = "xml_tests.rs"]
mod tests;

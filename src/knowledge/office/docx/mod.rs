//! Word documents (docx): the paragraphs of the body, with what Word generates itself.

mod body;
mod lists;
mod paragraph;
mod styles;
mod text;

use std::collections::HashMap;

use lists::Lists;
use styles::Styles;

use super::document::Document;
use super::fault::OfficeFault;
use super::line::{Line, collapse};
use super::unzip::Archive;
use super::xml::{Node, Xml, text_of};
use crate::knowledge::laid::{Removed, RemovedWhy};

/// Reads a Word document. Fails on a damaged part and on one over the limits. Costs a pass over each part.
pub(super) fn read(archive: &mut Archive) -> Result<Document, OfficeFault> {
    let main = main_part(archive)?;
    let styles = match text_part(archive, "word/styles.xml")? {
        Some(text) => Styles::read(&text)?,
        None => Styles::default(),
    };
    let lists = match text_part(archive, "word/numbering.xml")? {
        Some(text) => Lists::read(&text)?,
        None => Lists::default(),
    };
    let mut aside = Document::default();
    let mut notes = footnotes(archive, &styles, &mut aside)?;
    let Some(text) = text_part(archive, &main)? else {
        return Err(OfficeFault::NotDocument);
    };
    let read = body::read(&text, &main, &styles, lists, &mut notes)?;
    let mut document = Document {
        lines: read.lines,
        removed: read.removed,
        margins: Vec::new(),
        read: read.read,
    };
    document.removed.append(&mut aside.removed);
    document.read.push_str(&aside.read);
    // A footnote without a place in the text is left over from an older version of it.
    let left = notes.into_values().map(|text| Removed {
        why: RemovedWhy::Markup,
        text,
    });
    document.removed.extend(left);
    for part in margin_parts(archive) {
        let Some(text) = text_part(archive, &part)? else {
            continue;
        };
        let margin = body::read(&text, &part, &styles, Lists::default(), &mut HashMap::new())?;
        document.removed.extend(margin.removed);
        document.read.push_str(&margin.read);
        let words = joined(&margin.lines);
        if !words.is_empty() {
            document.removed.push(Removed {
                why: RemovedWhy::PageFurniture,
                text: words.clone(),
            });
            document.margins.push(words);
        }
    }
    Ok(document)
}

fn joined(lines: &[Line]) -> String {
    let texts = lines.iter().map(|l| l.text.as_str());
    collapse(&texts.collect::<Vec<_>>().join(" "))
}

/// The package says which part is the document; most programs call it word/document.xml.
fn main_part(archive: &mut Archive) -> Result<String, OfficeFault> {
    if let Some(text) = text_part(archive, "_rels/.rels")? {
        let mut xml = Xml::new(&text, "_rels/.rels");
        while let Some(node) = xml.next()? {
            let Node::Open(element) = node else { continue };
            let kind = element.attribute("Type").unwrap_or_default();
            if kind.ends_with("/officeDocument") {
                let target = element.attribute("Target").unwrap_or_default();
                return Ok(target.trim_start_matches('/').to_owned());
            }
        }
    }
    Ok("word/document.xml".to_owned())
}

fn text_part(archive: &mut Archive, part: &str) -> Result<Option<String>, OfficeFault> {
    match archive.part(part)? {
        Some(bytes) => text_of(&bytes, part).map(Some),
        None => Ok(None),
    }
}

fn margin_parts(archive: &Archive) -> Vec<String> {
    let mut parts = archive.names("word/header", ".xml");
    parts.extend(archive.names("word/footer", ".xml"));
    parts
}

/// The texts of footnotes and endnotes by kind and id; what is no footnote goes to `aside`.
fn footnotes(
    archive: &mut Archive,
    styles: &Styles,
    aside: &mut Document,
) -> Result<HashMap<String, String>, OfficeFault> {
    let mut out = HashMap::new();
    for (part, kind) in [
        ("word/footnotes.xml", "footnote"),
        ("word/endnotes.xml", "endnote"),
    ] {
        let Some(text) = text_part(archive, part)? else {
            continue;
        };
        let read = body::read(&text, part, styles, Lists::default(), &mut HashMap::new())?;
        aside.read.push_str(&read.read);
        aside.removed.extend(read.removed);
        let stray = read.lines.into_iter().map(|l| l.text);
        let stray = stray.filter(|t| !t.is_empty());
        aside
            .removed
            .extend(stray.map(|t| Removed::new(RemovedWhy::Markup, t)));
        for (id, lines) in read.by_note {
            let words = joined(&lines);
            if words.is_empty() {
                continue;
            }
            // Of two notes with one id the later is shown.
            let before = out.insert(format!("{kind} {id}"), words).into_iter();
            aside
                .removed
                .extend(before.map(|t| Removed::new(RemovedWhy::Markup, t)));
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests;

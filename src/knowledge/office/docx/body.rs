//! The text of one part of a Word document, paragraph by paragraph.

use std::collections::HashMap;

use super::lists::Lists;
use super::paragraph::Paragraph;
use super::styles::{Styles, take_letters};
use super::text::symbol;
use crate::knowledge::laid::Removed;
use crate::knowledge::office::document::check_count;
use crate::knowledge::office::fault::OfficeFault;
use crate::knowledge::office::line::Line;
use crate::knowledge::office::xml::{Element, Node, Xml};

/// What a part holds.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub lines: Vec<Line>,
    pub removed: Vec<Removed>,
    /// Every character, with generated numbers; paragraphs parted by line ends.
    pub read: String,
    /// The paragraphs of footnotes with the note's id, in a part that holds footnotes.
    pub by_note: Vec<(String, Vec<Line>)>,
}

/// Reads a part; footnotes that it refers to are taken out of `notes`.
///
/// Fails where it is no XML, breaks off, nests too deep or has too many paragraphs. One pass; the paragraphs are held in memory.
pub(super) fn read(
    text: &str,
    part: &str,
    styles: &Styles,
    lists: Lists,
    notes: &mut HashMap<String, String>,
) -> Result<Read, OfficeFault> {
    let mut xml = Xml::new(text, part);
    let mut body = Body {
        styles,
        lists,
        notes,
        out: Read::default(),
        paragraphs: Vec::new(),
        tables: Vec::new(),
        table_count: 0,
        deleted: 0,
        in_text: false,
    };
    let mut skipped: Option<usize> = None;
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(_) if skipped.is_some() => {}
            Node::Open(element) if is_skipped(element.name()) => {
                skipped = Some(xml.depth() - 1);
            }
            Node::Open(element) => body.open(&element),
            Node::Close(name) => match skipped {
                Some(depth) if xml.depth() > depth => {}
                Some(_) => skipped = None,
                None => {
                    body.close(&name);
                    check_count(body.out.lines.len(), part)?;
                }
            },
            Node::Text(_) if skipped.is_some() => {}
            Node::Text(text) => body.text(&text),
        }
    }
    Ok(body.out)
}

/// Subtrees without text of the act: old versions of properties, field codes, and the second copy of a drawing.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "instrText"
            | "delInstrText"
            | "pPrChange"
            | "rPrChange"
            | "sectPr"
            | "Fallback"
            | "tblPr"
            | "tblGrid"
            | "trPr"
            | "tcPr"
            | "rubyPr"
    )
}

/// A table that is open: the place of the cell that is being read.
pub(super) struct Table {
    pub number: usize,
    pub row: usize,
    pub column: usize,
}

/// A part that is being read.
pub(super) struct Body<'s> {
    pub styles: &'s Styles,
    pub lists: Lists,
    /// Footnotes that nothing referred to yet.
    notes: &'s mut HashMap<String, String>,
    pub out: Read,
    /// Open paragraphs; text boxes hold paragraphs inside one.
    pub paragraphs: Vec<Paragraph>,
    pub tables: Vec<Table>,
    table_count: usize,
    /// Open elements whose text was deleted or moved away.
    pub deleted: usize,
    pub in_text: bool,
}

impl Body<'_> {
    fn open(&mut self, element: &Element) {
        match element.name() {
            "p" => self.paragraphs.push(Paragraph::default()),
            "tbl" => {
                self.table_count += 1;
                self.tables.push(Table {
                    number: self.table_count,
                    row: 0,
                    column: 0,
                });
            }
            "footnote" | "endnote" => {
                let id = element.attribute("id").unwrap_or_default();
                self.out.by_note.push((id, Vec::new()));
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    (table.row, table.column) = (table.row + 1, 0);
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    table.column += 1;
                }
            }
            "t" | "delText" => self.in_text = true,
            _ => self.open_inside(element),
        }
    }

    /// An element inside a paragraph.
    fn open_inside(&mut self, element: &Element) {
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        match (element.name(), paragraph.in_properties, paragraph.in_run) {
            ("pPr", ..) => paragraph.in_properties = true,
            (_, true, _) => paragraph.take(element),
            ("del" | "moveFrom", ..) => self.deleted += 1,
            ("r", ..) => paragraph.begin_run(),
            ("rStyle", _, true) => {
                paragraph.run_style = self.styles.letters(&element.value());
            }
            ("tab" | "br" | "cr" | "ptab", _, true) => self.push(" "),
            ("noBreakHyphen", _, true) => self.push("-"),
            ("sym", _, true) => {
                let symbol = symbol(&element.attribute("char").unwrap_or_default());
                self.push(&symbol);
            }
            ("footnoteReference" | "endnoteReference", _, true) => {
                let kind = element.name().trim_end_matches("Reference");
                let id = element.attribute("id").unwrap_or_default();
                let note = self.notes.remove(&format!("{kind} {id}"));
                paragraph.footnotes.extend(note);
            }
            (_, _, true) => take_letters(&mut paragraph.run, element),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => self.end_paragraph(),
            "tbl" => {
                self.tables.pop();
            }
            "t" | "delText" => self.in_text = false,
            _ => {}
        }
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        match (name, paragraph.in_properties) {
            ("pPr", _) => paragraph.in_properties = false,
            ("del" | "moveFrom", false) => self.deleted = self.deleted.saturating_sub(1),
            ("r", false) => paragraph.in_run = false,
            _ => {}
        }
    }
}

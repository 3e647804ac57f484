//! The text of one part of an OpenDocument, paragraph by paragraph.

use super::lists::Lists;
use super::styles::Styles;
use crate::knowledge::laid::{Removed, RemovedWhy};
use crate::knowledge::office::document::{Document, check_count};
use crate::knowledge::office::fault::OfficeFault;
use crate::knowledge::office::line::{Cell, Letters, Line, TextBuilder, collapse};
use crate::knowledge::office::xml::{Element, Node, Xml};

/// Reads a part.
///
/// Fails where it is no XML, breaks off, nests too deep or has too many paragraphs. One pass; the paragraphs are held in memory.
pub(super) fn read(
    text: &str,
    part: &str,
    styles: &Styles,
    lists: Lists,
) -> Result<Document, OfficeFault> {
    let mut xml = Xml::new(text, part);
    let mut body = Body {
        styles,
        lists,
        out: Document::default(),
        paragraphs: Vec::new(),
        tables: Vec::new(),
        table_count: 0,
        aside: Vec::new(),
    };
    while let Some(node) = xml.next()? {
        match node {
            Node::Open(element) => body.open(&element),
            Node::Close(name) => {
                body.close(&name);
                check_count(body.out.lines.len(), part)?;
            }
            Node::Text(text) => body.push(&text),
        }
    }
    Ok(body.out)
}

#[derive(Default)]
struct Paragraph {
    text: TextBuilder,
    gone: String,
    style: String,
    is_heading: bool,
    /// Styles of the open spans.
    spans: Vec<Letters>,
    footnotes: Vec<String>,
}

/// Something whose paragraphs are no paragraphs of the text.
struct Aside {
    is_note: bool,
    text: String,
    /// How many paragraphs were open around it.
    outside: usize,
}

struct Body<'s> {
    styles: &'s Styles,
    lists: Lists,
    out: Document,
    paragraphs: Vec<Paragraph>,
    /// Number of the open table, row, column.
    tables: Vec<Cell>,
    table_count: usize,
    aside: Vec<Aside>,
}

impl Body<'_> {
    fn open(&mut self, element: &Element) {
        let get = |name: &str| element.attribute(name).unwrap_or_default();
        match element.name() {
            "p" | "h" => self.paragraphs.push(Paragraph {
                style: get("style-name"),
                is_heading: element.name() == "h",
                ..Paragraph::default()
            }),
            "note" | "annotation" | "tracked-changes" => self.aside.push(Aside {
                is_note: element.name() == "note",
                text: String::new(),
                outside: self.paragraphs.len(),
            }),
            "table" => {
                self.table_count += 1;
                self.tables.push(Cell {
                    table: self.table_count,
                    row: 0,
                    column: 0,
                });
            }
            "table-row" => {
                if let Some(cell) = self.tables.last_mut() {
                    (cell.row, cell.column) = (cell.row + 1, 0);
                }
            }
            "table-cell" | "covered-table-cell" => {
                if let Some(cell) = self.tables.last_mut() {
                    cell.column += 1;
                }
            }
            "span" => {
                let letters = self.styles.letters(&get("style-name"));
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.spans.push(letters);
                }
            }
            "s" | "tab" | "line-break" => self.push(" "),
            _ => self.lists.begin(element),
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" | "h" => self.end_paragraph(),
            "span" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.spans.pop();
                }
            }
            "table" => {
                self.tables.pop();
            }
            "note" | "annotation" | "tracked-changes" => self.end_aside(),
            _ => self.lists.end(name),
        }
    }

    fn push(&mut self, text: &str) {
        // The number of a footnote stands outside its paragraphs.
        let outside = self.aside.last().map_or(0, |a| a.outside);
        let is_citation = !self.aside.is_empty() && self.paragraphs.len() == outside;
        let styles = self.styles;
        if is_citation {
            self.out.read.push_str(text);
            return self.remove(text);
        }
        // Outside of paragraphs stand the names of styles and the like.
        let Some(paragraph) = self.paragraphs.last_mut() else {
            return;
        };
        self.out.read.push_str(text);
        let base = styles.letters(&paragraph.style);
        let spans = paragraph.spans.iter();
        let letters = spans.fold(base, |below, own| own.over(below));
        if letters.hidden == Some(true) {
            paragraph.gone.push_str(text);
        } else {
            let raised = letters.superscript == Some(true);
            paragraph.text.push(text, raised);
        }
    }

    fn end_paragraph(&mut self) {
        let Some(paragraph) = self.paragraphs.pop() else {
            return;
        };
        self.remove(&paragraph.gone);
        let text = paragraph.text.finish();
        self.out.read.push('\n');
        if let Some(aside) = self.aside.last_mut() {
            for piece in std::iter::once(&text).chain(&paragraph.footnotes) {
                aside.text.push(' ');
                aside.text.push_str(piece);
            }
            return;
        }
        let label = match text.is_empty() {
            true => String::new(),
            false => self.lists.next(),
        };
        self.out.read.push_str(&label);
        self.out.lines.push(Line {
            text: collapse(&format!("{label} {text}")),
            style: self.styles.name(&paragraph.style),
            align: self.styles.align(&paragraph.style),
            is_heading: paragraph.is_heading || self.styles.is_heading(&paragraph.style),
            cell: self.tables.first().copied(),
            footnotes: paragraph.footnotes,
        });
    }

    fn end_aside(&mut self) {
        let Some(aside) = self.aside.pop() else {
            return;
        };
        match self.paragraphs.last_mut().filter(|_| aside.is_note) {
            Some(paragraph) => paragraph.footnotes.push(collapse(&aside.text)),
            None => self.remove(&aside.text),
        }
    }

    fn remove(&mut self, text: &str) {
        let text = collapse(text);
        if !text.is_empty() {
            self.out.removed.push(Removed {
                why: RemovedWhy::Markup,
                text,
            });
        }
    }
}

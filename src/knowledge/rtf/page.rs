//! Text of an RTF file → paragraphs; tables become lines.

use crate::knowledge::plain::{Paragraph, clean};

/// Paragraphs as they grow.
#[derive(Debug, Default)]
pub(super) struct Page {
    out: Vec<Paragraph>,
    open: String,
    /// Whether the open text was raised when its last letter came.
    raised: bool,
    /// Cells of the open row; each is its paragraphs.
    row: Vec<Vec<String>>,
    cell: Vec<String>,
    in_table: bool,
    cells: usize,
}

impl Page {
    /// Adds a letter. A raised digit behind a digit is an index: «312» and «1» are 312.1.
    pub fn push(&mut self, letter: char, raised: bool) {
        let starts = raised && !self.raised && letter.is_ascii_digit();
        if starts {
            let kept = self.open.trim_end().len();
            if self.open[..kept].ends_with(|c: char| c.is_ascii_digit()) {
                self.open.truncate(kept);
                self.open.push('.');
            }
        }
        if !letter.is_whitespace() {
            self.raised = raised;
        }
        self.open.push(letter);
    }

    /// `\intbl` or `\pard`: whether the open paragraph stands in a table.
    pub fn table(&mut self, inside: bool) {
        if !inside && self.open.trim().is_empty() && !(self.row.is_empty() && self.cell.is_empty())
        {
            // A new paragraph outside: the row before had no end of its own.
            self.end_row();
        }
        self.in_table = inside;
    }

    /// The end of a paragraph.
    pub fn end_paragraph(&mut self) {
        let text = clean(&std::mem::take(&mut self.open));
        self.raised = false;
        if text.is_empty() {
            return;
        }
        if self.in_table {
            self.cell.push(text);
        } else {
            self.out.push(Paragraph { text, cell: 0 });
        }
    }

    /// The end of a cell.
    pub fn end_cell(&mut self) {
        self.in_table = true;
        self.end_paragraph();
        self.row.push(std::mem::take(&mut self.cell));
    }

    /// The end of a row: a box with one cell gives its paragraphs, a row of several gives one line.
    pub fn end_row(&mut self) {
        if !self.cell.is_empty() {
            self.row.push(std::mem::take(&mut self.cell));
        }
        let row = std::mem::take(&mut self.row);
        let full = row
            .into_iter()
            .filter(|c| !c.is_empty())
            .collect::<Vec<_>>();
        self.in_table = false;
        match full.as_slice() {
            [] => {}
            [one] => {
                self.cells += 1;
                let cell = self.cells;
                let paragraphs = one.iter().map(|t| Paragraph {
                    text: t.clone(),
                    cell,
                });
                self.out.extend(paragraphs);
            }
            several => {
                self.cells += 1;
                let line = several.iter().map(|c| c.join(" ")).collect::<Vec<_>>();
                self.out.push(Paragraph {
                    text: line.join(" | "),
                    cell: self.cells,
                });
            }
        }
    }

    /// Returns the paragraphs; what was open ends here.
    pub fn finish(mut self) -> Vec<Paragraph> {
        self.end_paragraph();
        self.end_row();
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(page: &mut Page, text: &str, raised: bool) {
        text.chars().for_each(|c| page.push(c, raised));
    }

    #[test]
    fn boxes_give_paragraphs_and_rows_give_lines() {
        let mut page = Page::default();
        write(&mut page, "Статья 312 ", false);
        write(&mut page, "1", true);
        write(&mut page, ". Сад", false);
        page.end_paragraph();
        page.end_cell();
        page.table(true);
        write(&mut page, "Заметка.", false);
        page.end_paragraph();
        write(&mut page, "О садах.", false);
        page.end_cell();
        page.end_row();
        write(&mut page, "груши", false);
        page.end_cell();
        write(&mut page, "5", false);
        page.end_cell();
        page.end_row();
        let found = page.finish();
        let texts = found.iter().map(|p| (p.text.as_str(), p.cell));
        assert_eq!(
            texts.collect::<Vec<_>>(),
            [
                ("Статья 312.1. Сад", 0),
                ("Заметка.", 1),
                ("О садах.", 1),
                ("груши | 5", 2)
            ]
        );
    }
}

//! Where the characters of a Word part go.

use super::body::Body;
use crate::knowledge::laid::{Removed, RemovedWhy};
use crate::knowledge::office::line::{Cell, Letters, collapse};

impl Body<'_> {
    /// Takes characters; only those of `w:t` and its like are text.
    pub(super) fn text(&mut self, text: &str) {
        if self.in_text {
            self.push(text);
        }
    }

    /// Adds text to the open paragraph, or to what was deleted and hidden in it.
    pub(super) fn push(&mut self, text: &str) {
        let styles = self.styles;
        self.out.read.push_str(text);
        let Some(paragraph) = self.paragraphs.last_mut() else {
            self.out
                .removed
                .push(Removed::new(RemovedWhy::Markup, text));
            return;
        };
        let base = styles.letters(&paragraph.style);
        let letters: Letters = paragraph.run.over(paragraph.run_style).over(base);
        if self.deleted > 0 || letters.hidden == Some(true) {
            paragraph.gone.push_str(text);
        } else {
            paragraph.text.push(text, letters.superscript == Some(true));
        }
    }

    /// Ends the innermost paragraph.
    pub(super) fn end_paragraph(&mut self) {
        let Some(mut paragraph) = self.paragraphs.pop() else {
            return;
        };
        let gone = collapse(&paragraph.gone);
        if !gone.is_empty() {
            self.out.removed.push(Removed {
                why: RemovedWhy::Markup,
                text: gone,
            });
        }
        let cell = self.tables.first().map(|t| Cell {
            table: t.number,
            row: t.row,
            column: t.column,
        });
        let own = std::mem::take(&mut paragraph.text).finish();
        let length = own.len();
        let line = paragraph.line(own, cell, self.styles, &mut self.lists);
        self.out
            .read
            .push_str(&line.text[..line.text.len() - length]);
        self.out.read.push('\n');
        match self.out.by_note.last_mut() {
            Some((_, lines)) => lines.push(line),
            None => self.out.lines.push(line),
        }
    }
}

/// Returns a sign of a symbol font; Word shifts such fonts into the private area.
pub(super) fn symbol(code: &str) -> String {
    let number = u32::from_str_radix(code, 16).unwrap_or(0xfffd);
    let number = match number {
        0xf020..=0xf0ff => number - 0xf000,
        other => other,
    };
    char::from_u32(number).unwrap_or('\u{fffd}').to_string()
}

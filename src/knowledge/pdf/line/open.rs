//! The line that is being built.

use super::{Glyph, Line};

/// The line that is being built.
#[derive(Debug)]
pub(super) struct Open {
    line: Line,
    direction: u8,
    /// A space was drawn after the last letter.
    space: bool,
    /// The last glyph was raised or lowered.
    shifted: bool,
    letters: usize,
    bold_letters: usize,
    first_word: bool,
    last: (f32, f32),
}

/// How a glyph stands to the open line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    OnBase,
    Raised,
    Lowered,
    /// The line began with raised glyphs; this one stands on the true base.
    NewBase,
    Elsewhere,
}

impl Open {
    /// A line that begins with a glyph.
    pub fn new(page: usize, glyph: &Glyph) -> Open {
        Open {
            line: Line {
                page,
                left: glyph.x,
                right: glyph.x + glyph.width,
                first_word_right: glyph.x + glyph.width,
                y: glyph.y,
                size: glyph.size,
                bold: false,
                starts_bold: glyph.bold,
                begins: false,
                text: glyph.text.to_owned(),
            },
            direction: glyph.direction,
            space: false,
            shifted: false,
            letters: 1,
            bold_letters: usize::from(glyph.bold),
            first_word: true,
            last: (glyph.x, glyph.y),
        }
    }

    /// Notes that a space was drawn.
    pub fn space(&mut self) {
        self.space = true;
    }

    /// Where a glyph stands to this line.
    pub fn place(&self, glyph: &Glyph) -> Place {
        let line = &self.line;
        let size = line.size.max(glyph.size);
        let gap = glyph.x - line.right;
        // Back by more than a letter is another line or another column.
        if glyph.direction != self.direction || gap < -size * 0.6 {
            return Place::Elsewhere;
        }
        let up = (glyph.y - line.y) / size;
        let near = gap < size * 0.6;
        if up.abs() < 0.12 {
            Place::OnBase
        } else if near && glyph.size < line.size * 0.88 && (0.12..0.75).contains(&up) {
            Place::Raised
        } else if near && glyph.size < line.size * 0.88 && (-0.4..-0.12).contains(&up) {
            Place::Lowered
        } else if near
            && line.text.len() < 8
            && line.size < glyph.size * 0.88
            && (-0.75..-0.12).contains(&up)
        {
            Place::NewBase
        } else {
            Place::Elsewhere
        }
    }

    /// Adds a glyph that belongs to this line.
    pub fn add(&mut self, glyph: &Glyph, place: Place) {
        let line = &mut self.line;
        let size = line.size.max(glyph.size);
        // Some writers draw a letter twice to make it bold.
        let drawn_again = (glyph.x - self.last.0).abs() < size * 0.08
            && line.text.ends_with(glyph.text)
            && (glyph.y - self.last.1).abs() < size * 0.08;
        if drawn_again {
            return;
        }
        let gap = glyph.x - line.right;
        let raised = place == Place::Raised;
        let index = raised
            && !self.shifted
            && line.text.ends_with(|c: char| c.is_ascii_digit())
            && glyph.text.starts_with(|c: char| c.is_ascii_digit());
        if index {
            line.text.push('.');
        } else if (self.space || gap > size * 0.17) && !line.text.ends_with(' ') {
            line.text.push(' ');
            if self.first_word {
                line.first_word_right = line.right;
                self.first_word = false;
            }
        }
        if place == Place::NewBase {
            line.y = glyph.y;
            line.size = glyph.size;
        }
        line.text.push_str(glyph.text);
        line.right = line.right.max(glyph.x + glyph.width);
        self.space = false;
        self.shifted = raised || place == Place::Lowered;
        self.letters += 1;
        self.bold_letters += usize::from(glyph.bold);
        self.last = (glyph.x, glyph.y);
    }

    /// The line as it stands.
    pub fn finish(self) -> Line {
        let mut line = self.line;
        line.bold = self.bold_letters * 2 > self.letters;
        if self.first_word {
            line.first_word_right = line.right;
        }
        line
    }
}

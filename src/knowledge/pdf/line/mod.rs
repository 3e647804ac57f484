//! Glyphs → lines of text, with raised indexes told from plain digits.

mod open;

use super::fault::PdfFault;
use super::font::UNKNOWN;
use open::{Open, Place};

/// The most glyphs of a file; the longest code has four million.
const MAX_GLYPHS: usize = 16_000_000;
/// The most lines of a file.
const MAX_LINES: usize = 400_000;

/// No page reaches further; places beyond are those of a broken file.
const FAR: f32 = 1e5;

/// A glyph at its place; y grows upwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph<'t> {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub size: f32,
    /// The quarter that its line runs to: 0 right, 1 up, 2 left, 3 down.
    pub direction: u8,
    pub bold: bool,
    pub text: &'t str,
}

/// A line of text at its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Line {
    pub page: usize,
    /// Where its first glyph begins.
    pub left: f32,
    /// Where its last glyph ends.
    pub right: f32,
    /// Where its first word ends.
    pub first_word_right: f32,
    /// The height of its base.
    pub y: f32,
    /// The font size of its letters.
    pub size: f32,
    /// Whether most of its letters are bold.
    pub bold: bool,
    /// Whether its first letter is bold.
    pub starts_bold: bool,
    /// Something was taken out between the line before it and this one.
    pub begins: bool,
    pub text: String,
}

/// Builds lines from glyphs in the order in which they are drawn.
#[derive(Debug, Default)]
pub(super) struct LineBuilder {
    lines: Vec<Line>,
    page: usize,
    open: Option<Open>,
    /// Glyphs seen, and those without a letter.
    pub glyphs: usize,
    pub unknown: usize,
}

impl LineBuilder {
    /// Begins a page.
    pub fn begin_page(&mut self, page: usize) {
        self.close();
        self.page = page;
    }

    /// Takes the lines of the whole file.
    pub fn finish(mut self) -> Vec<Line> {
        self.close();
        self.lines
    }

    fn close(&mut self) {
        self.lines.extend(self.open.take().map(Open::finish));
    }

    /// Adds a glyph. Fails where a limit is reached.
    pub fn glyph(&mut self, glyph: &Glyph) -> Result<(), PdfFault> {
        self.glyphs += 1;
        if self.glyphs > MAX_GLYPHS || self.lines.len() > MAX_LINES {
            return Err(PdfFault::TooLarge {
                what: "в файле слишком много знаков",
            });
        }
        if glyph.text == UNKNOWN {
            self.unknown += 1;
        }
        let glyph = upright(glyph);
        if glyph.text.chars().all(char::is_whitespace) {
            if let Some(open) = &mut self.open {
                open.space();
            }
            return Ok(());
        }
        let place = self
            .open
            .as_ref()
            .map_or(Place::Elsewhere, |open| open.place(&glyph));
        if place == Place::Elsewhere {
            self.close();
            self.open = Some(Open::new(self.page, &glyph));
        } else if let Some(open) = &mut self.open {
            open.add(&glyph, place);
        }
        Ok(())
    }
}

/// Turns a glyph so that its line runs to the right; a place that is no number is the corner.
fn upright<'t>(glyph: &Glyph<'t>) -> Glyph<'t> {
    let finite = |v: f32| {
        if v.is_finite() {
            v.clamp(-FAR, FAR)
        } else {
            0.0
        }
    };
    let (x, y) = (finite(glyph.x), finite(glyph.y));
    let (x, y) = match glyph.direction {
        1 => (y, -x),
        2 => (-x, -y),
        3 => (-y, x),
        _ => (x, y),
    };
    Glyph {
        x,
        y,
        width: finite(glyph.width),
        size: finite(glyph.size).max(0.1),
        ..*glyph
    }
}

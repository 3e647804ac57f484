//! What the drawing commands have set.

use std::rc::Rc;

use super::super::font::Font;
use super::matrix::Matrix;

/// The state that `q` keeps and `Q` brings back.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// From the current space to the page.
    pub space: Matrix,
    pub font: Option<Rc<Font>>,
    pub size: f64,
    pub letter_spacing: f64,
    pub word_spacing: f64,
    /// Width of the letters, 1 for their own.
    pub stretch: f64,
    pub leading: f64,
    pub rise: f64,
}

impl State {
    pub fn new(space: Matrix) -> State {
        State {
            space,
            font: None,
            size: 0.0,
            letter_spacing: 0.0,
            word_spacing: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
        }
    }
}

/// Where the next glyph of a text object goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pen {
    pub glyph: Matrix,
    pub line: Matrix,
}

impl Pen {
    pub const START: Pen = Pen {
        glyph: Matrix::IDENTITY,
        line: Matrix::IDENTITY,
    };

    /// Goes to a new line at (x, y) from the begin of the last one.
    pub fn new_line(&mut self, x: f64, y: f64) {
        self.set(self.line.moved(x, y));
    }

    /// Goes to a place of the text space.
    pub fn set(&mut self, line: Matrix) {
        self.line = line;
        self.glyph = line;
    }

    /// Moves along the line.
    pub fn advance(&mut self, x: f64) {
        self.glyph = self.glyph.moved(x, 0.0);
    }
}

//! Drawing commands of a page → its glyphs with their places.

mod fonts;
mod matrix;
mod state;
mod text;

use std::collections::HashMap;
use std::rc::Rc;

use super::fault::PdfFault;
use super::file::{Dictionary, File, Lexer, Object, Token};
use super::font::Font;
use super::line::LineBuilder;
use super::pages::{Page, commands};
use matrix::Matrix;
use state::{Pen, State};

/// How deep drawings may lie in drawings.
const MAX_FORMS: u32 = 12;
/// How many states may be kept at once.
const MAX_STATES: usize = 512;
/// The most operands of a command.
const MAX_OPERANDS: usize = 64;

/// Reads pages one after another; fonts are kept between them.
pub(super) struct Reader<'f> {
    file: &'f File<'f>,
    fonts: HashMap<u32, Rc<Font>>,
    fonts_read: usize,
    /// Pictures drawn on the current page.
    pub images: usize,
}

/// What is being drawn.
struct Drawing<'f> {
    state: State,
    kept: Vec<State>,
    pen: Pen,
    resources: Option<&'f Dictionary>,
    depth: u32,
}

impl<'f> Reader<'f> {
    pub fn new(file: &'f File<'f>) -> Self {
        Reader {
            file,
            fonts: HashMap::new(),
            fonts_read: 0,
            images: 0,
        }
    }

    /// Puts the glyphs of a page into `lines`. Costs a pass over its commands.
    ///
    /// Fails where a stream of the page is lost or a limit is reached; commands that make no sense are passed over.
    pub fn page(&mut self, page: &Page<'f>, lines: &mut LineBuilder) -> Result<(), PdfFault> {
        self.images = 0;
        let bytes = commands(self.file, page)?;
        let mut drawing = Drawing {
            state: State::new(Matrix::of_page(page.area, page.turns)),
            kept: Vec::new(),
            pen: Pen::START,
            resources: page.resources,
            depth: 0,
        };
        self.run(&bytes, &mut drawing, lines)
    }

    fn run(
        &mut self,
        bytes: &[u8],
        drawing: &mut Drawing<'f>,
        lines: &mut LineBuilder,
    ) -> Result<(), PdfFault> {
        let mut lexer = Lexer::new(bytes, false, bytes.len() + 1);
        let mut operands: Vec<Object> = Vec::new();
        loop {
            match lexer.next() {
                Token::Value(value) if operands.len() < MAX_OPERANDS => operands.push(value),
                Token::Value(_) => {}
                Token::Keyword(b"BI") => {
                    self.images += 1;
                    skip_image(&mut lexer);
                    operands.clear();
                }
                Token::Keyword(name) => {
                    self.command(name, &operands, drawing, lines)?;
                    operands.clear();
                }
                Token::Close => operands.clear(),
                // The rest of the page cannot be told apart from a broken value.
                Token::Malformed => return Err(PdfFault::damaged("команды страницы обрываются")),
                Token::End => return Ok(()),
            }
        }
    }

    fn command(
        &mut self,
        name: &[u8],
        operands: &[Object],
        drawing: &mut Drawing<'f>,
        lines: &mut LineBuilder,
    ) -> Result<(), PdfFault> {
        match name {
            b"q" if drawing.kept.len() < MAX_STATES => drawing.kept.push(drawing.state.clone()),
            b"Q" => {
                if let Some(state) = drawing.kept.pop() {
                    drawing.state = state;
                }
            }
            b"cm" => {
                if let Some(matrix) = Matrix::read(operands.iter().map(Object::number)) {
                    drawing.state.space = matrix.then(&drawing.state.space);
                }
            }
            b"Do" => {
                let name = operands.last().and_then(Object::name);
                self.drawn(name.unwrap_or(b""), drawing, lines)?;
            }
            b"Tf" => self.choose_font(operands, drawing)?,
            _ => text::command(name, operands, drawing, lines)?,
        }
        Ok(())
    }

    /// A picture is counted; a drawing is drawn.
    fn drawn(
        &mut self,
        name: &[u8],
        drawing: &Drawing<'f>,
        lines: &mut LineBuilder,
    ) -> Result<(), PdfFault> {
        let file = self.file;
        let object = drawing
            .resources
            .and_then(|r| file.entry(r, b"XObject"))
            .and_then(|x| x.get(name));
        let Some(object) = object else {
            return Ok(());
        };
        let Some(dictionary) = file.dictionary(object) else {
            return Err(PdfFault::damaged("потерян рисунок"));
        };
        if file.get(dictionary, b"Subtype").and_then(Object::name) != Some(b"Form") {
            self.images += 1;
            return Ok(());
        }
        if drawing.depth >= MAX_FORMS {
            return Ok(());
        }
        let bytes = file.unpacked(object)?;
        let matrix = file
            .get(dictionary, b"Matrix")
            .and_then(Object::array)
            .and_then(|m| Matrix::read(m.iter().map(|n| file.resolve(n).number())))
            .unwrap_or(Matrix::IDENTITY);
        let mut inner = Drawing {
            state: State {
                space: matrix.then(&drawing.state.space),
                ..drawing.state.clone()
            },
            kept: Vec::new(),
            pen: Pen::START,
            resources: file.entry(dictionary, b"Resources").or(drawing.resources),
            depth: drawing.depth + 1,
        };
        self.run(&bytes, &mut inner, lines)
    }
}

/// Passes over a picture that stands among the commands: up to `EI` with white space on both sides.
fn skip_image(lexer: &mut Lexer) {
    let rest = &lexer.bytes[lexer.at..];
    let space = |b: Option<&u8>| b.is_none_or(u8::is_ascii_whitespace);
    let end = rest.windows(3).enumerate().position(|(i, w)| {
        w[0].is_ascii_whitespace() && &w[1..] == b"EI" && space(rest.get(i + 3))
    });
    lexer.at = end.map_or(lexer.bytes.len(), |i| lexer.at + i + 3);
}

//! Commands that set and show text.

use super::super::fault::PdfFault;
use super::super::file::Object;
use super::super::line::{Glyph, LineBuilder};
use super::Drawing;
use super::matrix::Matrix;
use super::state::Pen;

/// Does a text command; others are passed over.
pub(super) fn command(
    name: &[u8],
    operands: &[Object],
    drawing: &mut Drawing,
    lines: &mut LineBuilder,
) -> Result<(), PdfFault> {
    let number = |i: usize| operands.get(i).and_then(Object::number).unwrap_or(0.0);
    match name {
        b"BT" | b"ET" => drawing.pen = Pen::START,
        b"Tc" => drawing.state.letter_spacing = number(0),
        b"Tw" => drawing.state.word_spacing = number(0),
        b"Tz" => drawing.state.stretch = number(0) / 100.0,
        b"TL" => drawing.state.leading = number(0),
        b"Ts" => drawing.state.rise = number(0),
        b"Td" => drawing.pen.new_line(number(0), number(1)),
        b"TD" => {
            drawing.state.leading = -number(1);
            drawing.pen.new_line(number(0), number(1));
        }
        b"Tm" => {
            if let Some(matrix) = Matrix::read(operands.iter().map(Object::number)) {
                drawing.pen.set(matrix);
            }
        }
        b"T*" => next_line(drawing),
        b"Tj" => show_all(operands, drawing, lines)?,
        b"'" => {
            next_line(drawing);
            show_all(operands, drawing, lines)?;
        }
        b"\"" => {
            drawing.state.word_spacing = number(0);
            drawing.state.letter_spacing = number(1);
            next_line(drawing);
            show_all(operands.get(2..).unwrap_or(&[]), drawing, lines)?;
        }
        b"TJ" => {
            if let Some(items) = operands.first().and_then(Object::array) {
                show_all(items, drawing, lines)?;
            }
        }
        _ => {}
    }
    Ok(())
}

fn next_line(drawing: &mut Drawing) {
    drawing.pen.new_line(0.0, -drawing.state.leading);
}

/// Shows strings; numbers between them move the pen.
fn show_all(
    items: &[Object],
    drawing: &mut Drawing,
    lines: &mut LineBuilder,
) -> Result<(), PdfFault> {
    for item in items {
        match item {
            Object::Text(bytes) => show(bytes, drawing, lines)?,
            Object::Number(back) => {
                let state = &drawing.state;
                drawing
                    .pen
                    .advance(-back / 1000.0 * state.size * state.stretch);
            }
            _ => {}
        }
    }
    Ok(())
}

fn show(bytes: &[u8], drawing: &mut Drawing, lines: &mut LineBuilder) -> Result<(), PdfFault> {
    let state = &drawing.state;
    let Some(font) = state.font.clone() else {
        // Without its font a text would be lost unseen.
        return match bytes.is_empty() {
            true => Ok(()),
            false => Err(PdfFault::damaged("потерян шрифт")),
        };
    };
    let to_page = drawing.pen.glyph.then(&state.space);
    let [a, b, c, d, ..] = to_page.0;
    let origin = to_page.moved(0.0, state.rise).0;
    let (along, up) = (a.hypot(b), c.hypot(d));
    let mut gone = 0.0;
    for shown in font.shown(bytes) {
        let width = f64::from(shown.width) * state.size * state.stretch;
        lines.glyph(&Glyph {
            x: (origin[4] + gone * a) as f32,
            y: (origin[5] + gone * b) as f32,
            width: (width * along) as f32,
            size: (state.size.abs() * up) as f32,
            direction: direction(a, b),
            bold: font.bold,
            text: shown.text,
        })?;
        let spacing = if shown.is_space_code {
            state.letter_spacing + state.word_spacing
        } else {
            state.letter_spacing
        };
        gone += width + spacing * state.stretch;
    }
    drawing.pen.advance(gone);
    Ok(())
}

/// The quarter that a line runs to: 0 right, 1 up, 2 left, 3 down.
fn direction(a: f64, b: f64) -> u8 {
    match (a.abs() >= b.abs(), a >= 0.0, b >= 0.0) {
        (true, true, _) => 0,
        (true, false, _) => 2,
        (false, _, true) => 1,
        (false, _, false) => 3,
    }
}

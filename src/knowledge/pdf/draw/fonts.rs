//! The fonts of the pages, each read once.

use std::rc::Rc;

use super::super::fault::PdfFault;
use super::super::file::Object;
use super::super::font::Font;
use super::{Drawing, Reader};

/// The most fonts that a file may make us read.
const MAX_FONTS: usize = 5_000;

impl<'f> Reader<'f> {
    /// Does the command `Tf`.
    pub(super) fn choose_font(
        &mut self,
        operands: &[Object],
        drawing: &mut Drawing<'f>,
    ) -> Result<(), PdfFault> {
        let [Object::Name(name), size] = operands else {
            return Ok(());
        };
        drawing.state.size = size.number().unwrap_or(0.0);
        let object = drawing
            .resources
            .and_then(|r| self.file.entry(r, b"Font"))
            .and_then(|f| f.get(name));
        drawing.state.font = match object {
            Some(object) => self.font(object)?,
            None => None,
        };
        Ok(())
    }

    fn font(&mut self, object: &'f Object) -> Result<Option<Rc<Font>>, PdfFault> {
        let number = match object {
            Object::Reference(number) => Some(*number),
            _ => None,
        };
        if let Some(font) = number.and_then(|n| self.fonts.get(&n)) {
            return Ok(Some(font.clone()));
        }
        let Some(dictionary) = self.file.dictionary(object) else {
            return Ok(None);
        };
        self.fonts_read += 1;
        if self.fonts_read > MAX_FONTS {
            return Err(PdfFault::TooLarge {
                what: "больше 5000 шрифтов",
            });
        }
        let font = Rc::new(Font::read(self.file, dictionary)?);
        if let Some(number) = number {
            self.fonts.insert(number, font.clone());
        }
        Ok(Some(font))
    }
}

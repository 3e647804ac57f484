//! Fonts: codes of a string → letters and widths.

mod cmap;
mod names;
mod simple;
mod widths;

use std::collections::HashMap;

use cmap::CharacterMap;

use super::fault::PdfFault;
use super::file::{Dictionary, File, Object};

/// A letter that a font does not name.
pub(super) const UNKNOWN: &str = "\u{fffd}";

/// A font of the file.
#[derive(Debug)]
pub(super) struct Font {
    letters: Letters,
    widths: HashMap<u32, f32>,
    default_width: f32,
    /// Bytes of a code.
    code_length: usize,
    /// Whether its name says that it is bold.
    pub bold: bool,
    /// Whether its name says that it is slanted.
    pub italic: bool,
}

#[derive(Debug)]
enum Letters {
    /// What the map says; codes outside it stand for what the table has.
    Mapped(CharacterMap, Vec<Option<String>>),
    /// A letter for each of 256 codes.
    Table(Vec<Option<String>>),
}

/// A glyph of a string.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'t> {
    /// What it stands for.
    pub text: &'t str,
    /// Its width for a font size of one.
    pub width: f32,
    /// Whether word spacing counts for it.
    pub is_space_code: bool,
}

impl Font {
    /// Reads a font. Fails where its map cannot be unpacked.
    pub fn read(file: &File, font: &Dictionary) -> Result<Font, PdfFault> {
        let name = file.get(font, b"BaseFont").and_then(Object::name);
        let name = String::from_utf8_lossy(name.unwrap_or(b"")).to_lowercase();
        let map = match font.get(&b"ToUnicode"[..]) {
            Some(object) if file.dictionary(object).is_some() => {
                CharacterMap::read(&file.unpacked(object)?)
            }
            _ => CharacterMap::default(),
        };
        let composite = file.get(font, b"Subtype").and_then(Object::name) == Some(b"Type0");
        let mut read = if composite {
            composite_font(file, font, map)
        } else {
            simple_font(file, font, map)
        };
        read.bold = name.contains("bold") || name.contains("black") || name.contains("heavy");
        read.italic = name.contains("italic") || name.contains("oblique");
        Ok(read)
    }

    /// The glyphs of a string, one after another.
    pub fn shown<'t>(&'t self, bytes: &'t [u8]) -> impl Iterator<Item = Shown<'t>> {
        bytes.chunks(self.code_length).map(move |code| {
            let number = code.iter().fold(0u32, |n, b| n << 8 | u32::from(*b));
            Shown {
                text: self.letter(number),
                width: self
                    .widths
                    .get(&number)
                    .copied()
                    .unwrap_or(self.default_width),
                is_space_code: self.code_length == 1 && number == 32,
            }
        })
    }

    fn letter(&self, code: u32) -> &str {
        let (map, table) = match &self.letters {
            Letters::Mapped(map, table) => (Some(map), table),
            Letters::Table(table) => (None, table),
        };
        map.and_then(|m| m.get(code))
            .or_else(|| table.get(code as usize).and_then(|l| l.as_deref()))
            .unwrap_or(UNKNOWN)
    }
}

/// A font with codes of two bytes, whose widths lie in its descendant.
fn composite_font(file: &File, font: &Dictionary, map: CharacterMap) -> Font {
    let descendant = file
        .get(font, b"DescendantFonts")
        .and_then(Object::array)
        .and_then(|items| items.first())
        .and_then(|first| file.dictionary(first));
    let default_width = descendant
        .and_then(|d| file.get(d, b"DW"))
        .and_then(Object::number)
        .unwrap_or(1000.0);
    let list = descendant
        .and_then(|d| file.get(d, b"W"))
        .and_then(Object::array);
    Font {
        code_length: 2,
        letters: Letters::Mapped(map, Vec::new()),
        widths: widths::of_codes(file, list.unwrap_or(&[])),
        default_width: (default_width / 1000.0) as f32,
        bold: false,
        italic: false,
    }
}

/// A font with codes of one byte.
fn simple_font(file: &File, font: &Dictionary, map: CharacterMap) -> Font {
    let first = file
        .get(font, b"FirstChar")
        .and_then(Object::count)
        .unwrap_or(0);
    let list = file.get(font, b"Widths").and_then(Object::array);
    // Widths of fonts that draw their glyphs by commands have a scale of their own.
    let scale = file
        .get(font, b"FontMatrix")
        .and_then(Object::array)
        .and_then(|m| m.first())
        .and_then(|a| file.resolve(a).number())
        .unwrap_or(0.001);
    let widths = list.unwrap_or(&[]).iter().take(256).enumerate();
    let widths = widths
        .filter_map(|(i, w)| {
            let width = file.resolve(w).number()? * scale;
            Some(((first + i) as u32, width as f32))
        })
        .collect::<HashMap<_, _>>();
    let missing = file
        .entry(font, b"FontDescriptor")
        .and_then(|d| file.get(d, b"MissingWidth"))
        .and_then(Object::number);
    // The fonts that every viewer has need no widths: half of the size is near enough to tell words apart.
    let default_width = match (missing, widths.is_empty()) {
        (Some(width), false) => (width / 1000.0) as f32,
        (None, false) => 0.0,
        (_, true) => 0.5,
    };
    let mut table = simple::table(file, font);
    if !map.is_empty() && !font.contains_key(&b"Encoding"[..]) {
        // Beyond the plain letters nothing says what a code outside the map may be.
        table.truncate(128);
    }
    Font {
        code_length: 1,
        letters: if map.is_empty() {
            Letters::Table(table)
        } else {
            Letters::Mapped(map, table)
        },
        widths,
        default_width,
        bold: false,
        italic: false,
    }
}

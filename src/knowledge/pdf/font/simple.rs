//! The letters of fonts with one byte a code.

use encoding_rs::{MACINTOSH, WINDOWS_1252};

use super::super::file::{Dictionary, File, Object};
use super::names::letter_of_name;

/// Returns the letter of each of 256 codes, as the font's encoding says.
pub(super) fn table(file: &File, font: &Dictionary) -> Vec<Option<String>> {
    let encoding = file.get(font, b"Encoding");
    let dictionary = encoding.and_then(Object::dictionary);
    let base = match (encoding.and_then(Object::name), dictionary) {
        (Some(name), _) => Some(name),
        (None, Some(d)) => file.get(d, b"BaseEncoding").and_then(Object::name),
        (None, None) => None,
    };
    let name = file.get(font, b"BaseFont").and_then(Object::name);
    let name = String::from_utf8_lossy(name.unwrap_or(b""));
    let mut table = match base {
        Some(b"MacRomanEncoding") => decoded(MACINTOSH),
        None if name.ends_with("Symbol") => symbols(),
        _ => decoded(WINDOWS_1252),
    };
    let differences = dictionary
        .and_then(|d| file.get(d, b"Differences"))
        .and_then(Object::array);
    let mut code = 0;
    for item in differences.unwrap_or(&[]) {
        match file.resolve(item) {
            Object::Number(value) => code = *value as usize,
            Object::Name(name) => {
                if let Some(slot) = table.get_mut(code) {
                    *slot = letter_of_name(name);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    table
}

/// The letters of the font Symbol that every viewer has.
fn symbols() -> Vec<Option<String>> {
    const CAPITALS: &str = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ";
    const SMALL: &str = "αβχδεφγηιϕκλμνοπθρστυϖωξψζ";
    #[rustfmt::skip]
    const SIGNS: [(usize, &str); 24] = [
        (0x2a, "∗"), (0x2d, "−"), (0xa3, "≤"), (0xa5, "∞"), (0xab, "↔"), (0xac, "←"), (0xad, "↑"), (0xae, "→"),
        (0xaf, "↓"), (0xb0, "°"), (0xb1, "±"), (0xb3, "≥"), (0xb4, "×"), (0xb6, "∂"), (0xb7, "•"), (0xb8, "÷"),
        (0xb9, "≠"), (0xba, "≡"), (0xbb, "≈"), (0xbc, "…"), (0xce, "∈"), (0xd6, "√"), (0xe5, "∑"), (0xf2, "∫"),
    ];
    let mut table = decoded(WINDOWS_1252);
    table.iter_mut().skip(0xa0).for_each(|slot| *slot = None);
    let letters = (0x41..)
        .zip(CAPITALS.chars())
        .chain((0x61..).zip(SMALL.chars()));
    let letters = letters.map(|(code, letter): (usize, char)| (code, letter.to_string()));
    let signs = SIGNS.iter().map(|(code, sign)| (*code, (*sign).to_owned()));
    for (code, letter) in letters.chain(signs) {
        if let Some(slot) = table.get_mut(code) {
            *slot = Some(letter);
        }
    }
    table
}

fn decoded(encoding: &'static encoding_rs::Encoding) -> Vec<Option<String>> {
    (0..=255u8)
        .map(|byte| {
            let text = encoding.decode_without_bom_handling(&[byte]).0.into_owned();
            let known = byte >= 32 && byte != 127;
            // A no-break space is a space; a soft hyphen is told from a hyphen by its code only.
            let text = match text.as_str() {
                "\u{a0}" => " ".to_owned(),
                "\u{ad}" => "-".to_owned(),
                _ => text,
            };
            known.then_some(text)
        })
        .collect()
}

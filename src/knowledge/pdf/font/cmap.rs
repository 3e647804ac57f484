//! The map from codes to letters that a font carries.

use std::collections::HashMap;

use super::super::file::{Lexer, Object, Token};

/// The most entries of a map.
const MAX_ENTRIES: usize = 70_000;
/// The most letters that one code may stand for.
const MAX_LETTERS: usize = 8;

/// Codes and the letters they stand for.
#[derive(Debug, Default)]
pub(super) struct CharacterMap {
    letters: HashMap<u32, String>,
    /// Entries written so far: one code may be written many times.
    written: usize,
}

impl CharacterMap {
    /// Reads a map; what is not understood is left out.
    pub fn read(bytes: &[u8]) -> CharacterMap {
        let mut map = CharacterMap::default();
        let mut lexer = Lexer::new(bytes, false, bytes.len() + 1);
        let mut values = Vec::new();
        loop {
            match lexer.next() {
                Token::Value(value) => values.push(value),
                Token::Keyword(b"endbfchar") => {
                    for pair in values.chunks_exact(2) {
                        map.one(&pair[0], &pair[1]);
                    }
                    values.clear();
                }
                Token::Keyword(b"endbfrange") => {
                    for triple in values.chunks_exact(3) {
                        map.range(triple);
                    }
                    values.clear();
                }
                Token::Keyword(_) => values.clear(),
                Token::End => return map,
                Token::Close | Token::Malformed => {
                    // The lexer may stand still at a malformed place.
                    lexer.at += 1;
                }
            }
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.letters.is_empty()
    }

    /// The letters of a code.
    pub fn get(&self, code: u32) -> Option<&str> {
        self.letters.get(&code).map(String::as_str)
    }

    fn put(&mut self, code: u32, units: &[u16]) {
        if self.written >= MAX_ENTRIES {
            return;
        }
        self.written += 1;
        let letters = char::decode_utf16(units.iter().copied())
            .filter_map(Result::ok)
            .take(MAX_LETTERS)
            .map(|c| if c == '\u{a0}' { ' ' } else { c })
            .collect::<String>();
        // Zero is what writers put where they do not know the letter.
        if !letters.is_empty() && !letters.contains(['\0', '\u{fffd}']) {
            self.letters.insert(code, letters);
        }
    }

    fn one(&mut self, code: &Object, letters: &Object) {
        if let (Some(code), Some(units)) = (code_of(code), units_of(letters)) {
            self.put(code, &units);
        }
    }

    fn range(&mut self, triple: &[Object]) {
        let [first, last, letters] = triple else {
            return;
        };
        let (Some(first), Some(last)) = (code_of(first), code_of(last)) else {
            return;
        };
        let length = (last.saturating_sub(first) as usize).min(MAX_ENTRIES) + 1;
        if let Object::Array(items) = letters {
            for (i, item) in items.iter().take(length).enumerate() {
                if let Some(units) = units_of(item) {
                    self.put(first.saturating_add(i as u32), &units);
                }
            }
            return;
        }
        let Some(mut units) = units_of(letters) else {
            return;
        };
        for i in 0..length {
            self.put(first.saturating_add(i as u32), &units);
            match units.last_mut() {
                Some(unit) if self.written < MAX_ENTRIES => *unit = unit.wrapping_add(1),
                _ => return,
            }
        }
    }
}

fn code_of(object: &Object) -> Option<u32> {
    match object {
        Object::Text(bytes) if bytes.len() <= 4 => {
            Some(bytes.iter().fold(0, |n, b| n << 8 | u32::from(*b)))
        }
        _ => None,
    }
}

fn units_of(object: &Object) -> Option<Vec<u16>> {
    match object {
        Object::Text(bytes) if bytes.len() == 1 => Some(vec![u16::from(bytes[0])]),
        Object::Text(bytes) => Some(
            bytes
                .chunks_exact(2)
                .take(MAX_LETTERS * 2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]))
                .collect(),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_codes_and_ranges_are_read() {
        let map = CharacterMap::read(
            b"1 beginbfchar <0003> <0020> endbfchar 2 beginbfrange <0041> <0043> <0410> <0050> <0051> [<0031> <00320033>] endbfrange",
        );
        assert_eq!(map.get(3), Some(" "));
        assert_eq!(map.get(0x42), Some("Б"));
        assert_eq!(map.get(0x51), Some("23"));
        assert_eq!(map.get(0x52), None);
    }

    #[test]
    fn endless_ranges_end() {
        let bytes = b"<00000000> <ffffffff> <0041> endbfrange ".repeat(500);
        assert!(CharacterMap::read(&bytes).letters.len() <= MAX_ENTRIES);
    }
}

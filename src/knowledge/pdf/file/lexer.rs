//! Bytes → values and keywords, for the file itself and for the drawing commands of its pages.

use super::object::{Dictionary, Object};
use super::words::number;

/// How deep arrays and dictionaries may nest.
const MAX_DEPTH: u32 = 40;

/// What stands at a place of the file.
#[derive(Debug, PartialEq)]
pub(in crate::knowledge::pdf) enum Token<'a> {
    Value(Object),
    Keyword(&'a [u8]),
    /// `]` or `>>`.
    Close,
    /// A value that is not closed, nests too deep or needs more values than are left.
    Malformed,
    End,
}

/// Reads values one after another. Every call takes time for the bytes it passes over.
pub(in crate::knowledge::pdf) struct Lexer<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
    /// Whether `5 0 R` is a reference; drawing commands have none.
    pub references: bool,
    /// How many more values may be made.
    pub values_left: usize,
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte)
        && !matches!(
            byte,
            b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
        )
}

impl<'a> Lexer<'a> {
    /// A lexer that begins at the first of `bytes`.
    pub fn new(bytes: &'a [u8], references: bool, values_left: usize) -> Self {
        Lexer {
            bytes,
            at: 0,
            references,
            values_left,
        }
    }

    /// The next value or keyword.
    pub fn next(&mut self) -> Token<'a> {
        self.nested(0)
    }

    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(b' ')
    }

    /// Passes over white space and comments.
    pub fn skip_space(&mut self) {
        while let Some(byte) = self.bytes.get(self.at) {
            if *byte == b'%' {
                while self
                    .bytes
                    .get(self.at)
                    .is_some_and(|b| !matches!(b, b'\n' | b'\r'))
                {
                    self.at += 1;
                }
            } else if is_space(*byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn nested(&mut self, depth: u32) -> Token<'a> {
        self.skip_space();
        let Some(byte) = self.bytes.get(self.at).copied() else {
            return Token::End;
        };
        if depth > MAX_DEPTH || self.values_left == 0 {
            return Token::Malformed;
        }
        self.values_left -= 1;
        match byte {
            b'/' => Token::Value(Object::Name(self.name())),
            b'(' => self
                .literal()
                .map_or(Token::Malformed, |t| Token::Value(Object::Text(t))),
            b'<' if self.peek(1) == b'<' => self.dictionary(depth),
            b'<' => self
                .hexadecimal()
                .map_or(Token::Malformed, |t| Token::Value(Object::Text(t))),
            b'[' => self.array(depth),
            b']' | b'}' | b')' => {
                self.at += 1;
                Token::Close
            }
            b'>' => {
                self.at += 1 + usize::from(self.peek(1) == b'>');
                Token::Close
            }
            b'{' => {
                self.at += 1;
                Token::Keyword(b"{")
            }
            _ => self.word(),
        }
    }

    /// The bytes up to the next space or bracket.
    pub(super) fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|b| is_regular(*b)) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    fn word(&mut self) -> Token<'a> {
        let word = self.regular();
        match word {
            b"null" => Token::Value(Object::Null),
            b"true" => Token::Value(Object::Boolean(true)),
            b"false" => Token::Value(Object::Boolean(false)),
            _ => match number(word) {
                Some(value) => Token::Value(self.reference(value, word)),
                None => Token::Keyword(word),
            },
        }
    }

    /// «12 0 R» where references are read, else the number.
    fn reference(&mut self, value: f64, word: &[u8]) -> Object {
        if !self.references || !word.iter().all(u8::is_ascii_digit) || value > f64::from(u32::MAX) {
            return Object::Number(value);
        }
        let back = self.at;
        self.skip_space();
        let generation = self.regular();
        if !generation.is_empty() && generation.iter().all(u8::is_ascii_digit) {
            self.skip_space();
            if self.regular() == b"R" {
                return Object::Reference(value as u32);
            }
        }
        self.at = back;
        Object::Number(value)
    }

    fn array(&mut self, depth: u32) -> Token<'a> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            match self.nested(depth + 1) {
                Token::Value(value) => items.push(value),
                Token::Close => return Token::Value(Object::Array(items)),
                // A keyword has no place here: the array was never closed.
                _ => return Token::Malformed,
            }
        }
    }

    fn dictionary(&mut self, depth: u32) -> Token<'a> {
        self.at += 2;
        let mut entries = Dictionary::new();
        loop {
            match self.nested(depth + 1) {
                Token::Value(Object::Name(key)) => match self.nested(depth + 1) {
                    Token::Value(value) => {
                        entries.insert(key, value);
                    }
                    Token::Close => return Token::Value(Object::Dictionary(entries)),
                    _ => return Token::Malformed,
                },
                Token::Value(_) => {}
                Token::Close => return Token::Value(Object::Dictionary(entries)),
                _ => return Token::Malformed,
            }
        }
    }
}

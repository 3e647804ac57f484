//! RTF cut into tokens.

/// A token of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Open,
    Close,
    /// `\name123`: a control word with its number.
    Word(&'a str, Option<i32>),
    /// `\'e0`, or a plain byte above ASCII.
    Byte(u8),
    /// `\~`, `\*` and their like.
    Sign(u8),
    /// Plain ASCII text.
    Text(&'a str),
}

/// Reads tokens one after another; never looks behind. Each byte is read once.
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    /// Returns a reader of the file's bytes.
    pub fn new(bytes: &'a [u8]) -> Tokens<'a> {
        Tokens { bytes, at: 0 }
    }

    /// Leaves out binary data.
    pub fn leave_out(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.bytes.len());
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let first = *self.bytes.get(self.at)?;
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            if first == b'\'' {
                return Some(Token::Byte(self.hex()));
            }
            return Some(match first {
                // A backslash at the line's end is a paragraph's end.
                b'\r' | b'\n' => Token::Word("par", None),
                b'\\' | b'{' | b'}' => Token::Byte(first),
                other => Token::Sign(other),
            });
        }
        let from = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) {
            self.at += 1;
        }
        let name = std::str::from_utf8(&self.bytes[from..self.at]).unwrap_or_default();
        let digits = self.at;
        if self.bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        let number = std::str::from_utf8(&self.bytes[digits..self.at]).unwrap_or_default();
        if self.bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        Some(Token::Word(name, number.parse().ok()))
    }

    /// Two hexadecimal digits; a space where they are broken.
    fn hex(&mut self) -> u8 {
        let digits = self.bytes.get(self.at..self.at + 2);
        let value = digits
            .and_then(|d| std::str::from_utf8(d).ok())
            .and_then(|d| u8::from_str_radix(d, 16).ok());
        if value.is_some() {
            self.at += 2;
        }
        value.unwrap_or(b' ')
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            match byte {
                b'{' | b'}' | b'\\' => {
                    self.at += 1;
                    return match byte {
                        b'{' => Some(Token::Open),
                        b'}' => Some(Token::Close),
                        _ => self.control(),
                    };
                }
                // Line ends of the file mean nothing.
                b'\r' | b'\n' | 0 => self.at += 1,
                0x80.. => {
                    self.at += 1;
                    return Some(Token::Byte(byte));
                }
                _ => {
                    let from = self.at;
                    let plain = |b: &u8| *b < 0x80 && !b"{}\\\r\n\0".contains(b);
                    while self.bytes.get(self.at).is_some_and(plain) {
                        self.at += 1;
                    }
                    let text = std::str::from_utf8(&self.bytes[from..self.at]);
                    return Some(Token::Text(text.unwrap_or_default()));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_signs_bytes_and_text_are_told_apart() {
        let found = Tokens::new(b"{\\rtf1\\u-5 ?\\'e0\\~ab\r\nc\\\\}\\'zz\\").collect::<Vec<_>>();
        assert_eq!(
            found,
            [
                Token::Open,
                Token::Word("rtf", Some(1)),
                Token::Word("u", Some(-5)),
                Token::Text("?"),
                Token::Byte(0xe0),
                Token::Sign(b'~'),
                Token::Text("ab"),
                Token::Text("c"),
                Token::Byte(b'\\'),
                Token::Close,
                Token::Byte(b' '),
                Token::Text("zz"),
            ]
        );
    }
}

//! Names, strings and numbers.

use super::lexer::Lexer;

impl Lexer<'_> {
    pub(super) fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let raw = self.regular();
        if !raw.contains(&b'#') {
            return raw.to_vec();
        }
        let mut out = Vec::with_capacity(raw.len());
        let mut i = 0;
        while i < raw.len() {
            let escaped = (raw[i] == b'#')
                .then(|| Some(hex(*raw.get(i + 1)?)? << 4 | hex(*raw.get(i + 2)?)?))
                .flatten();
            out.push(escaped.unwrap_or(raw[i]));
            i += if escaped.is_some() { 3 } else { 1 };
        }
        out
    }

    /// `(text)` with its brackets and escapes; nothing if it is not closed.
    pub(super) fn literal(&mut self) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut open = 1u32;
        self.at += 1;
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'(' => open += 1,
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Some(out);
                    }
                }
                b'\\' => {
                    self.escape(&mut out)?;
                    continue;
                }
                _ => {}
            }
            out.push(byte);
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Option<()> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        match byte {
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'\r' => self.at += usize::from(self.peek(0) == b'\n'),
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    if !matches!(self.peek(0), b'0'..=b'7') {
                        break;
                    }
                    code = code * 8 + u32::from(self.peek(0) - b'0');
                    self.at += 1;
                }
                out.push((code & 0xff) as u8);
            }
            other => out.push(other),
        }
        Some(())
    }

    pub(super) fn hexadecimal(&mut self) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut high = None;
        self.at += 1;
        loop {
            let byte = *self.bytes.get(self.at)?;
            self.at += 1;
            match (byte, hex(byte), high) {
                (b'>', _, rest) => {
                    out.extend(rest.map(|h: u8| h << 4));
                    return Some(out);
                }
                (_, Some(digit), None) => high = Some(digit),
                (_, Some(digit), Some(h)) => {
                    out.push(h << 4 | digit);
                    high = None;
                }
                _ => {}
            }
        }
    }
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).map(|d| d as u8)
}

/// Numbers have a sign, digits and one point, and no exponent.
pub(super) fn number(word: &[u8]) -> Option<f64> {
    let (negative, digits) = match word {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    // Some writers put a second minus sign.
    let digits = digits.strip_prefix(b"-").unwrap_or(digits);
    let mut value = 0.0;
    let mut scale = 0.0;
    for byte in digits {
        match byte {
            b'0'..=b'9' if scale == 0.0 => value = value * 10.0 + f64::from(byte - b'0'),
            b'0'..=b'9' => {
                value += f64::from(byte - b'0') * scale;
                scale /= 10.0;
            }
            b'.' if scale == 0.0 => scale = 0.1,
            _ => return None,
        }
    }
    let seen = digits.iter().any(u8::is_ascii_digit);
    (seen && value.is_finite()).then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::super::lexer::Token;
    use super::super::object::Object;
    use super::*;

    fn first(bytes: &[u8]) -> Token<'_> {
        Lexer::new(bytes, true, 1000).next()
    }

    #[test]
    fn values_of_every_kind_are_read() {
        assert_eq!(first(b" -.5 "), Token::Value(Object::Number(-0.5)));
        assert_eq!(first(b"12 0 R"), Token::Value(Object::Reference(12)));
        assert_eq!(first(b"12 0 obj"), Token::Value(Object::Number(12.0)));
        assert_eq!(
            first(b"(a\\(b\\051(c)\\\nd)"),
            Token::Value(Object::Text(b"a(b)(c)d".to_vec()))
        );
        assert_eq!(first(b"<41 4>"), Token::Value(Object::Text(b"A@".to_vec())));
        assert_eq!(
            first(b"/A#42c"),
            Token::Value(Object::Name(b"ABc".to_vec()))
        );
        let Token::Value(Object::Dictionary(found)) = first(b"<</K[1 <</L null>>]/M/N>>") else {
            panic!("no dictionary");
        };
        assert_eq!(found.len(), 2);
        assert_eq!(first(b"Tj"), Token::Keyword(b"Tj"));
    }

    #[test]
    fn unclosed_and_bottomless_values_end() {
        assert_eq!(first(b"(abc"), Token::Malformed);
        assert_eq!(first(&b"[".repeat(100_000)), Token::Malformed);
        assert_eq!(first(&b"<</A".repeat(100_000)), Token::Malformed);
        assert_eq!(Lexer::new(b"[1 2 3 4]", true, 3).next(), Token::Malformed);
    }
}

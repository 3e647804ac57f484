//! Tokens of the reference parser: words, article-like numbers and single signs.

use crate::law::text::word_form;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// Digits with inner dots and at most one hyphen before digits; superscripts are written with a dot.
    Number,
    Sign,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    pub norm: String,
    pub start: usize,
    pub end: usize,
}

impl Token {
    pub fn is(&self, norm: &str) -> bool {
        self.norm == norm
    }
}

fn superscript(c: char) -> Option<char> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹"
        .chars()
        .position(|s| s == c)
        .and_then(|d| char::from_digit(d as u32, 10))
}

/// Cuts a text into tokens; spaces are dropped. One pass.
pub(super) fn tokens(chars: &[char]) -> Vec<Token> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        let c = chars[i];
        let start = i;
        if c.is_ascii_digit() {
            let norm = number(chars, &mut i);
            out.push(Token {
                kind: Kind::Number,
                norm,
                start,
                end: i,
            });
        } else if c.is_alphabetic() {
            while i < chars.len()
                && (chars[i].is_alphabetic()
                    || ('\u{300}'..='\u{36f}').contains(&chars[i])
                    || chars[i] == '\u{ad}')
            {
                i += 1;
            }
            let raw = chars[start..i]
                .iter()
                .filter(|c| **c != '\u{ad}')
                .collect::<String>();
            out.push(Token {
                kind: Kind::Word,
                norm: word_form(&raw),
                start,
                end: i,
            });
        } else {
            i += 1;
            if !c.is_whitespace() {
                out.push(Token {
                    kind: Kind::Sign,
                    norm: c.to_string(),
                    start,
                    end: i,
                });
            }
        }
    }
    out
}

fn number(chars: &[char], i: &mut usize) -> String {
    let mut norm = String::new();
    let mut hyphens = 0;
    let digit_after = |k: usize| chars.get(k + 1).is_some_and(char::is_ascii_digit);
    while let Some(&c) = chars.get(*i) {
        if c.is_ascii_digit() {
            norm.push(c);
        } else if let Some(d) = superscript(c) {
            let goes_on = *i > 0 && superscript(chars[*i - 1]).is_some();
            if !goes_on {
                norm.push('.');
            }
            norm.push(d);
        } else if c == '.' && digit_after(*i) {
            norm.push('.');
        } else if matches!(c, '-' | '‑') && digit_after(*i) && hyphens == 0 {
            hyphens += 1;
            norm.push('-');
        } else {
            break;
        }
        *i += 1;
    }
    norm
}

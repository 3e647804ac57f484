//! What a form or a query string says.

use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use jiff::civil::Date;

/// The most characters that a question, a reply or an answer may have: what a search reads, too.
pub const MOST_CHARACTERS: usize = 10_000;
/// The most bytes of a form: a text of the greatest length, every letter percent-encoded, and room to refuse a longer one kindly.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;

/// Names and values in the order of the form; put there by the guard.
#[derive(Debug, Clone, Default)]
pub struct Fields(pub Vec<(String, String)>);

/// Why a text can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    Empty,
    TooLong,
    NotText,
}

impl TextFault {
    /// The key of the message.
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "fault-empty",
            Self::TooLong => "fault-long",
            Self::NotText => "fault-binary",
        }
    }
}

impl Fields {
    /// The first value of `name`, trimmed; empty when absent.
    pub fn get(&self, name: &str) -> &str {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.trim())
    }

    /// The first value of `name`, or `None` when absent or blank.
    pub fn some(&self, name: &str) -> Option<String> {
        let value = self.get(name);
        (!value.is_empty()).then(|| value.to_owned())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.0
            .iter()
            .filter(|(key, value)| key == name && !value.trim().is_empty())
            .map(|(_, value)| value.trim().to_owned())
            .collect()
    }

    /// The text of `name` with plain line ends.
    pub fn lines(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n").replace('\r', "\n")
    }

    /// The text of `name`, fit to be kept.
    pub fn text(&self, name: &str) -> Result<String, TextFault> {
        let text = self.lines(name);
        if text.chars().count() > MOST_CHARACTERS {
            return Err(TextFault::TooLong);
        }
        // U+FFFD stands where the bytes were no UTF-8.
        let odd = |c: char| (c.is_control() && c != '\n' && c != '\t') || c == '\u{fffd}';
        if text.chars().any(odd) {
            return Err(TextFault::NotText);
        }
        if !text.chars().any(char::is_alphanumeric) {
            return Err(TextFault::Empty);
        }
        Ok(text)
    }

    /// The day in `name`: `Ok(None)` when it was left empty.
    pub fn day(&self, name: &str) -> Result<Option<Date>, ()> {
        match self.get(name) {
            "" => Ok(None),
            text => text
                .parse::<Date>()
                .ok()
                .filter(|day| (1900..=2200).contains(&day.year()))
                .map(Some)
                .ok_or(()),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Fields {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(value: &str) -> Fields {
        Fields(vec![("text".into(), value.into())])
    }

    #[test]
    fn a_text_that_is_empty_too_long_or_no_text_is_refused() {
        assert_eq!(with(" \r\n ").text("text"), Err(TextFault::Empty));
        assert_eq!(with("?!…").text("text"), Err(TextFault::Empty));
        assert_eq!(with("a\0b").text("text"), Err(TextFault::NotText));
        assert_eq!(with("\u{fffd}PNG").text("text"), Err(TextFault::NotText));
        let long = "я".repeat(MOST_CHARACTERS + 1);
        assert_eq!(with(&long).text("text"), Err(TextFault::TooLong));
        assert_eq!(with("а\r\nб").text("text").as_deref(), Ok("а\nб"));
    }

    #[test]
    fn a_day_is_read_or_refused() {
        let day = |text: &str| Fields(vec![("d".into(), text.into())]).day("d");
        assert_eq!(day(""), Ok(None));
        assert!(day("2026-02-28").is_ok_and(|day| day.is_some()));
        assert_eq!(day("2026-02-30"), Err(()));
        assert_eq!(day("0026-02-03"), Err(()));
    }
}

//! Russian text: normal form, words, stems, numerals and dates.
//!
//! The index and the questions go through the same functions, so what was indexed is what is found.

mod asides;
mod dates;
mod numerals;
mod pieces;
mod stems;

use unicode_normalization::UnicodeNormalization;

pub use asides::without_asides;
pub use dates::{FoundDate, dates_in, month_of};
pub use numerals::{Number, numbers_in, ordinal};
pub use pieces::{asked_things, pieces};
pub use stems::{stem_text, stems};

/// A word or number of a text with its place in Unicode characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Normal form: lower case, ё→е, Latin look-alikes inside Cyrillic words made Cyrillic.
    pub norm: String,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// Returns the text in NFC, with plain spaces, in lower case and with ё as е.
///
/// The number of characters may differ from the input's; use [`words`] where places matter.
pub fn normalise(text: &str) -> String {
    text.nfc()
        .flat_map(|c| plain(c).to_lowercase())
        .map(|c| if c == 'ё' { 'е' } else { c })
        .collect()
}

fn plain(c: char) -> char {
    match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' => ' ',
        other => other,
    }
}

/// Returns the words of the text (runs of letters or digits) in normal form with their places.
pub fn words(text: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut run = String::new();
    let mut start = 0;
    let mut len = 0;
    for (i, c) in text.chars().chain([' ']).enumerate() {
        let joins = c.is_alphanumeric() || is_combining(c) || c == '\u{ad}';
        let breaks = !joins
            || run
                .chars()
                .last()
                .is_some_and(|l| l.is_numeric() != c.is_numeric() && !is_combining(c));
        if breaks && !run.is_empty() {
            out.push(Word {
                norm: word_form(&run),
                start,
                end: start + len,
            });
            run.clear();
        }
        if joins {
            if run.is_empty() {
                start = i;
                len = 0;
            }
            len += 1;
            if c != '\u{ad}' {
                run.push(c);
            }
        }
    }
    out
}

fn is_combining(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// Returns one word in normal form: lower case, ё→е, stress marks dropped, look-alikes fixed.
pub fn word_form(word: &str) -> String {
    let lower = normalise(word)
        .chars()
        .filter(|c| !is_combining(*c))
        .collect::<String>();
    fix_look_alikes(&lower)
}

/// A word with any Cyrillic letter takes Cyrillic for every Latin letter that looks the same: «cтатья» with a Latin «c».
fn fix_look_alikes(lower: &str) -> String {
    let cyrillic = |c: char| ('а'..='я').contains(&c);
    if !lower.chars().any(cyrillic) || !lower.chars().any(|c| c.is_ascii_lowercase()) {
        return lower.to_owned();
    }
    let twin = |c: char| match c {
        'a' => 'а',
        'b' => 'в',
        'c' => 'с',
        'e' => 'е',
        'h' => 'н',
        'k' => 'к',
        'm' => 'м',
        'o' => 'о',
        'p' => 'р',
        't' => 'т',
        'x' => 'х',
        'y' => 'у',
        other => other,
    };
    lower.chars().map(twin).collect()
}

/// Returns whether most letters of the text are Cyrillic; false where there are no letters.
pub fn is_mostly_russian(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let russian = text
        .chars()
        .filter(|c| ('а'..='я').contains(c) || ('А'..='Я').contains(c) || matches!(c, 'ё' | 'Ё'))
        .count();
    russian > 0 && russian * 2 > letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_form_is_one_for_all_spellings() {
        assert_eq!(normalise("Ещё\u{a0}РАЗ"), "еще раз");
        assert_eq!(normalise("и\u{306}"), "й");
        assert_eq!(word_form("cтaтья"), "статья");
        assert_eq!(word_form("Сле́довать"), "следовать");
        assert_eq!(word_form("pdf"), "pdf");
    }

    #[test]
    fn words_know_their_places_in_characters() {
        let found = words("Ст.81 ТК");
        let seen = found
            .iter()
            .map(|w| (w.norm.as_str(), w.start, w.end))
            .collect::<Vec<_>>();
        assert_eq!(seen, [("ст", 0, 2), ("81", 3, 5), ("тк", 6, 8)]);
    }

    #[test]
    fn foreign_questions_are_told_apart() {
        assert!(is_mostly_russian("Меня уволили по TK"));
        assert!(!is_mostly_russian("How do I quit?"));
        assert!(!is_mostly_russian("12345"));
    }
}

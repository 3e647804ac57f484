//! Two pieces of a paragraph → one, with the hyphen between them understood.

use std::collections::HashSet;

use super::super::line::Line;

/// The words of a file in lower case; words at the ends of lines may be torn and are left out.
#[derive(Debug, Default)]
pub(in crate::knowledge::pdf) struct Vocabulary(HashSet<String>);

impl Vocabulary {
    /// Collects the words. Costs one pass.
    pub fn of(lines: &[Line]) -> Vocabulary {
        let mut words = HashSet::new();
        for line in lines {
            let pieces = line.text.split(' ').collect::<Vec<_>>();
            let inner = pieces.get(1..pieces.len() - 1).unwrap_or(&[]);
            words.extend(inner.iter().map(|w| plain(w).to_lowercase()));
        }
        Vocabulary(words)
    }

    /// Adds the next line to a paragraph. Returns whether a hyphen was taken out; a soft one is no character.
    pub fn join(&self, text: &mut String, next: &str) -> bool {
        if text.ends_with('\u{ad}') {
            text.pop();
            text.push_str(next);
            return false;
        }
        let torn = text
            .strip_suffix('-')
            .is_some_and(|t| t.ends_with(char::is_alphanumeric));
        if !torn || !next.starts_with(char::is_alphanumeric) {
            let tight = text.ends_with(['(', '«']) || next.starts_with([')', '»', ',', ';']);
            if !tight {
                text.push(' ');
            }
            text.push_str(next);
            return false;
        }
        let tail = plain(next.split(' ').next().unwrap_or(next));
        // «аудио- и видеозаписи»: the hyphen stands for the rest of the word.
        if matches!(tail, "и" | "или" | "либо" | "а") {
            text.push(' ');
            text.push_str(next);
            return false;
        }
        let head = plain(text.rsplit(' ').next().unwrap_or(text)).to_lowercase();
        let whole = format!("{}{}", head.trim_end_matches('-'), tail.to_lowercase());
        let hyphened = format!("{head}{}", tail.to_lowercase());
        let soft = self.0.contains(&whole) && !self.0.contains(&hyphened);
        if soft {
            text.pop();
        }
        text.push_str(next);
        soft
    }
}

/// A word without the signs around it; a hyphen at its end stays.
fn plain(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hyphens_at_line_ends_are_kept_or_dropped() {
        let words = ["переносом", "кое-как"].map(str::to_owned);
        let vocabulary = Vocabulary(words.into_iter().collect());
        let join = |a: &str, b: &str| {
            let mut text = a.to_owned();
            vocabulary.join(&mut text, b);
            text
        };
        assert_eq!(join("с пере-", "носом, да"), "с переносом, да");
        assert_eq!(join("всё кое-", "как вышло"), "всё кое-как вышло");
        assert_eq!(join("закон № 24-", "ФЗ"), "закон № 24-ФЗ");
        assert_eq!(join("видео-", "и аудио"), "видео- и аудио");
        assert_eq!(join("слово -", "дело"), "слово - дело");
        assert_eq!(join("мяг\u{ad}", "кий"), "мягкий");
    }
}

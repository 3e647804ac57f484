//! Which lines of a law that changes others are quoted from those others.

use super::heading::article;
use super::label::{point_number, subpoint_letter};
use crate::law::citation::cyrillic_letter;

/// Follows the quotations of one law.
///
/// A quotation opens with a line that begins with its sign and closes where a line ends with one. Signs inside are counted; where
/// one sign closes two quotations (`… закона "О труде";`), the next own label (6 behind 5, «б» behind «а») tells.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    open: bool,
    /// Straight signs since the quotation opened, modulo two.
    odd: bool,
    /// Angled signs that are open.
    depth: i32,
    /// The last own article, point and subpoint.
    article: Option<u32>,
    point: Option<u32>,
    letter: Option<char>,
}

impl Quotes {
    /// Takes in the next line, knowing the one behind it; `is_heading` says that it looks like the heading of an article.
    /// Returns whether the line is quoted.
    pub fn takes(&mut self, text: &str, next: &str, is_heading: bool) -> bool {
        if is_heading && self.is_own(text) {
            let number = article(text).and_then(|(n, _)| whole(&n));
            *self = Quotes {
                article: number.or(self.article),
                ..Quotes::default()
            };
            return false;
        }
        let begins = text.starts_with(['"', '«', '“', '„']) && !is_balanced_start(text);
        if !self.open && !begins {
            self.remember(text);
            // A heading that is not the law's own is quoted even where its sign is missing.
            return is_heading;
        }
        if !self.open {
            self.open = true;
            (self.odd, self.depth) = (false, 0);
        }
        self.count(text);
        let ends = text.trim_end_matches([';', '.', ',', ' ']);
        let ends = ends.ends_with(['"', '»', '”', '“']);
        let settled = !self.odd && self.depth <= 0;
        if ends && (settled || self.is_next_own(next)) {
            self.open = false;
        }
        true
    }

    /// An own heading goes on counting; inside a quotation it must be bare, as headings of laws that change others are.
    fn is_own(&self, text: &str) -> bool {
        let Some((number, title)) = article(text) else {
            return false;
        };
        let goes_on = match (self.article, whole(&number)) {
            (None, Some(number)) => number == 1,
            (Some(last), Some(number)) => number == last + 1,
            (_, None) => false,
        };
        goes_on && (title.is_empty() || !self.open)
    }

    fn is_next_own(&self, next: &str) -> bool {
        let point = point_number(next).and_then(|n| whole(&n));
        let letter = subpoint_letter(next).and_then(cyrillic_letter);
        let point = point.is_some_and(|n| self.point.map_or(n == 1, |last| n == last + 1));
        let letter = letter.is_some_and(|c| self.letter.is_some_and(|last| follows(last, c)));
        next.is_empty() || point || letter || self.is_own(next)
    }

    fn remember(&mut self, text: &str) {
        if let Some(number) = point_number(text).and_then(|n| whole(&n)) {
            self.point = Some(number);
            self.letter = None;
        } else if let Some(letter) = subpoint_letter(text).and_then(cyrillic_letter) {
            self.letter = Some(letter);
        }
    }

    fn count(&mut self, text: &str) {
        for sign in text.chars() {
            match sign {
                '"' => self.odd = !self.odd,
                '«' => self.depth += 1,
                '»' => self.depth -= 1,
                _ => {}
            }
        }
    }
}

/// «"О труде" и далее»: the line begins with a name in signs and quotes nothing beyond it.
fn is_balanced_start(text: &str) -> bool {
    let straight = text.matches('"').count().is_multiple_of(2);
    let angled = text.matches('«').count() == text.matches('»').count();
    let ends = text.trim_end_matches([';', '.', ',', ' ']);
    straight && angled && !ends.ends_with(['"', '»', '”'])
}

fn follows(last: char, next: char) -> bool {
    const RUSSIAN: &str = "абвгдежзиклмнопрстуфхцчшщэюя";
    let place = |c: char| RUSSIAN.chars().position(|r| r == c);
    matches!((place(last), place(next)), (Some(a), Some(b)) if b == a + 1)
}

fn whole(number: &str) -> Option<u32> {
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mark for every line: whether it is quoted.
    fn quoted(lines: &[&str]) -> Vec<bool> {
        let mut quotes = Quotes::default();
        (0..lines.len())
            .map(|i| {
                let next = lines.get(i + 1).copied().unwrap_or("");
                quotes.takes(lines[i], next, article(lines[i]).is_some())
            })
            .collect()
    }

    #[test]
    fn a_quotation_goes_over_lines_and_articles() {
        let lines = [
            "Статья 1",
            "Внести в Садовый кодекс изменения:",
            "1) статью 7 изложить так:",
            "\"Статья 7. Груши",
            "1. Груши растут.",
            "Статья 8. Сливы",
            "2) Сливы.\";",
            "2) слово \"сад\" исключить;",
            "Статья 2",
            "1. Закон в силе.",
        ];
        let wanted = [
            false, false, false, true, true, true, true, false, false, false,
        ];
        assert_eq!(quoted(&lines), wanted);
    }

    #[test]
    fn one_sign_may_close_two_quotations() {
        let lines = [
            "Статья 1",
            "5) дополнить абзацем:",
            "\"вишни по закону \"О садах\";",
            "6) пункт убрать.",
            "\"Сады\" в статье 3 заменить.",
        ];
        assert_eq!(quoted(&lines), [false, false, true, false, false]);
    }
}

//! Dates as people write them.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

use super::{Word, words};

/// A date found in a text, with its place in Unicode characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundDate {
    /// The day.
    pub date: Date,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр",
];

/// Returns the month a word names in any case, 1–12.
pub fn month_of(word: &str) -> Option<i8> {
    let at = MONTHS.iter().position(|stem| {
        word.strip_prefix(stem).is_some_and(|rest| match *stem {
            "ма" => matches!(rest, "й" | "я" | "е" | "ю" | "ем"),
            "март" | "август" => matches!(rest, "" | "а" | "е" | "у" | "ом"),
            _ => matches!(rest, "ь" | "я" | "е" | "ю" | "ем"),
        })
    })?;
    i8::try_from(at + 1).ok()
}

/// Returns the dates of a text in order: `12.05.2024`, `12.05.24`, `2025-03-05`, «5 марта 2025 года», «5 марта» (the most
/// recent such day not after `today`), «вчера», «позавчера», «сегодня». Impossible dates are left out.
pub fn dates_in(text: &str, today: Date) -> Vec<FoundDate> {
    let chars = text.chars().collect::<Vec<_>>();
    let words = words(text);
    let mut out = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let found = numeric(&words[i..], &chars)
            .or_else(|| spoken(&words[i..], today))
            .or_else(|| relative(&words[i], today));
        match found {
            Some((date, taken)) => {
                out.push(FoundDate {
                    date,
                    start: words[i].start,
                    end: words[i + taken - 1].end,
                });
                i += taken;
            }
            None => i += 1,
        }
    }
    out
}

fn number(word: &Word, lengths: std::ops::RangeInclusive<usize>) -> Option<i16> {
    lengths
        .contains(&word.norm.len())
        .then(|| word.norm.parse().ok())
        .flatten()
}

fn full_year(short: i16) -> i16 {
    match short {
        0..=49 => 2000 + short,
        50..=99 => 1900 + short,
        _ => short,
    }
}

fn day(year: i16, month: i16, day: i16) -> Option<Date> {
    if !(1900..=2100).contains(&year) {
        return None;
    }
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `12.05.2024`, `12.05.24`, `12/05/2024`, `2025-03-05`.
fn numeric(words: &[Word], chars: &[char]) -> Option<(Date, usize)> {
    let [a, b, c, ..] = words else { return None };
    let gap = |x: &Word, y: &Word| match chars[x.end..y.start] {
        [c] => Some(c),
        _ => None,
    };
    let sep = gap(a, b).filter(|s| gap(b, c) == Some(*s))?;
    let glued_before = a
        .start
        .checked_sub(1)
        .and_then(|i| chars.get(i))
        .is_some_and(|c| *c == '.' || c.is_ascii_digit());
    if glued_before && sep == '.' {
        return None;
    }
    let found = match sep {
        '.' | '/' => {
            let year = number(c, 4..=4).or_else(|| number(c, 2..=2).map(full_year))?;
            day(year, number(b, 1..=2)?, number(a, 1..=2)?)
        }
        '-' => day(number(a, 4..=4)?, number(b, 1..=2)?, number(c, 1..=2)?),
        _ => None,
    };
    found.map(|date| (date, 3))
}

/// «5 марта 2025 года», «5 марта».
fn spoken(words: &[Word], today: Date) -> Option<(Date, usize)> {
    let [d, m, rest @ ..] = words else {
        return None;
    };
    let month = month_of(&m.norm)?;
    let of_month = number(d, 1..=2)?;
    match rest {
        [y, after @ ..] if number(y, 4..=4).is_some() => {
            let date = day(number(y, 4..=4)?, i16::from(month), of_month)?;
            let with_word = after
                .first()
                .is_some_and(|w| matches!(w.norm.as_str(), "года" | "г" | "году"));
            Some((date, if with_word { 4 } else { 3 }))
        }
        _ => {
            // A 29 February may be up to eight years back.
            let past = (0..=8)
                .filter_map(|back| day(today.year() - back, i16::from(month), of_month))
                .find(|d| *d <= today)?;
            Some((past, 2))
        }
    }
}

fn relative(word: &Word, today: Date) -> Option<(Date, usize)> {
    let back: Span = match word.norm.as_str() {
        "сегодня" => 0.days(),
        "вчера" => 1.days(),
        "позавчера" => 2.days(),
        _ => return None,
    };
    today.checked_sub(back).ok().map(|date| (date, 1))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn found(text: &str) -> Vec<Date> {
        dates_in(text, date(2026, 3, 1))
            .into_iter()
            .map(|f| f.date)
            .collect()
    }

    #[test]
    fn every_usual_form_is_read() {
        assert_eq!(found("уволен 12.05.2024"), [date(2024, 5, 12)]);
        assert_eq!(
            found("с 12.05.24 по 2025-03-05"),
            [date(2024, 5, 12), date(2025, 3, 5)]
        );
        assert_eq!(
            found("приказ от 5 марта 2025 года и 1 мая 2025 г."),
            [date(2025, 3, 5), date(2025, 5, 1)]
        );
        assert_eq!(
            found("вчера, позавчера"),
            [date(2026, 2, 28), date(2026, 2, 27)]
        );
    }

    #[test]
    fn a_day_without_a_year_is_the_most_recent_past_one() {
        assert_eq!(found("уволили 5 марта"), [date(2025, 3, 5)]);
        assert_eq!(found("уволили 5 февраля"), [date(2026, 2, 5)]);
        assert_eq!(found("уволили 29 февраля"), [date(2024, 2, 29)]);
    }

    #[test]
    fn what_is_no_date_is_left() {
        assert!(found("31.02.2024, ст. 312.1, 10.5.1 и 5 марок, 99.99.99").is_empty());
    }

    #[test]
    fn the_place_covers_the_whole_date() {
        let f = dates_in("с 5 марта 2025 года.", date(2026, 1, 1))[0];
        assert_eq!((f.start, f.end), (2, 19));
    }
}

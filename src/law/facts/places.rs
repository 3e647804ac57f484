//! Places of a sentence that hold numbers but no quantities: days, references, numbers of acts.

use jiff::civil::Date;

use crate::law::citation::ActId;
use crate::law::reference::find_references;
use crate::law::text::{Word, dates_in, month_of, words};

/// Returns the places that hold numbers but no facts: dates, years, references, numbers of acts and chapters.
pub(super) fn skipped(text: &str) -> Vec<(usize, usize)> {
    let any_day = Date::constant(2026, 1, 1);
    let mut out = dates_in(text, any_day)
        .into_iter()
        .map(|d| (d.start, d.end))
        .collect::<Vec<_>>();
    out.extend(
        find_references(text, &ActId::tk())
            .into_iter()
            .map(|r| (r.start, r.end)),
    );
    let words = words(text);
    let chars = text.chars().collect::<Vec<_>>();
    for (i, word) in words.iter().enumerate() {
        let year = word
            .norm
            .parse::<u32>()
            .is_ok_and(|y| (1900..2100).contains(&y))
            && word.norm.len() == 4;
        let before = chars[..word.start]
            .iter()
            .rev()
            .find(|c| !c.is_whitespace());
        let law = words
            .get(i + 1)
            .is_some_and(|w| matches!(w.norm.as_str(), "фз" | "фкз"));
        let chapter = i > 0
            && matches!(
                words[i - 1].norm.as_str(),
                "глава" | "главы" | "главе" | "главой" | "раздел" | "раздела" | "разделе"
            );
        let day = month_of(&word.norm).is_some();
        if let Some(first) = Some(i).filter(|_| day).and_then(|i| days_before(&words, i)) {
            out.push((words[first].start, word.start));
        }
        if year || law || chapter || before == Some(&'№') {
            out.push((word.start, word.end));
        }
    }
    out
}

/// The first of the numbers that lead to a month: «1, 2 и 8 января».
fn days_before(words: &[Word], month: usize) -> Option<usize> {
    (0..month)
        .rev()
        .take_while(|k| day(&words[*k]).is_some() || joins(&words[*k]))
        .last()
}

fn day(word: &Word) -> Option<u32> {
    word.norm.parse().ok().filter(|d| (1..=31).contains(d))
}

fn joins(word: &Word) -> bool {
    matches!(word.norm.as_str(), "и" | "по" | "до" | "или")
}

/// A day of a month, with or without a year.
struct MonthDay {
    day: u32,
    month: i8,
    has_year: bool,
    place: (usize, usize),
}

/// Returns the places of days without a year («8 марта») that the norms do not name; days with a year say when, not what.
pub(super) fn unknown_days(sentence: &str, norms: &str) -> Vec<(usize, usize)> {
    let known = month_days(norms);
    let is_known = |said: &MonthDay| {
        known
            .iter()
            .any(|k| k.day == said.day && k.month == said.month)
    };
    month_days(sentence)
        .into_iter()
        .filter(|said| !said.has_year && !is_known(said))
        .map(|said| said.place)
        .collect()
}

/// Every day of «1, 2 и 8 января», «с 1 по 8 января».
fn month_days(text: &str) -> Vec<MonthDay> {
    let words = words(text);
    let mut out = Vec::new();
    for (i, word) in words.iter().enumerate() {
        let Some(month) = month_of(&word.norm) else {
            continue;
        };
        let has_year = words
            .get(i + 1)
            .is_some_and(|w| w.norm.len() == 4 && w.norm.parse::<u32>().is_ok());
        for before in words[..i].iter().rev() {
            if let Some(day) = day(before) {
                out.push(MonthDay {
                    day,
                    month,
                    has_year,
                    place: (before.start, word.end),
                });
            } else if !joins(before) {
                break;
            }
        }
    }
    out
}

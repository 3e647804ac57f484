//! Amendment notes inside paragraphs, brought to the official portal's form.

use jiff::civil::Date;

use crate::knowledge::laid::{Removed, RemovedWhy};
use crate::law::text::month_of;

/// How a note begins, in lower case.
const OPENINGS: [&str; 26] = [
    "в ред",
    "дополн",
    "введен",
    "введён",
    "утратил",
    "часть ",
    "части ",
    "п. ",
    "пп. ",
    "пункт",
    "подпункт",
    "абзац",
    "статья ",
    "наименование",
    "глава ",
    "раздел ",
    "с учетом",
    "нумерация",
    "положени",
    "признан",
    "приостанов",
    "действ",
    "изменен",
    "преамбула",
    "в редакции",
    "ред. ",
];

/// Takes the notes out of a paragraph: brackets that name an act by the day in figures, at the end or in the portal's form.
///
/// Returns the text without them, and the notes in order; what was taken off goes to `removed` as it stood. Costs one pass.
pub(super) fn take_marks(text: &str, removed: &mut Vec<Removed>) -> (String, Vec<String>) {
    let mut kept = String::with_capacity(text.len());
    let mut marks = Vec::new();
    let mut take = |piece: &str| removed.push(Removed::new(RemovedWhy::AmendmentNote, piece));
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let Some(close) = closing(&rest[open..]) else {
            break;
        };
        let inner = &rest[open + 1..open + close];
        let after = &rest[open + close + 1..];
        if is_note(inner) && (starts_upper(inner) || ends_paragraph(after)) {
            kept.push_str(rest[..open].trim_end());
            marks.push(normal(&rest[open..=open + close]));
            take(&rest[open..=open + close]);
            // The mark of the sentence stands behind a note where it stood before it in the portal's form.
            let sign = after.trim_start().starts_with(['.', ';', ',', ':']);
            if !sign && !after.is_empty() && !kept.is_empty() {
                kept.push(' ');
            }
            rest = after.trim_start();
        } else {
            kept.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
        }
    }
    kept.push_str(rest);
    let doubled = [".", ";"].iter().any(|s| kept.ends_with(&s.repeat(2)));
    if doubled
        && !marks.is_empty()
        && let Some(sign) = kept.pop()
    {
        take(&sign.to_string());
    }
    (kept.trim().to_owned(), marks)
}

/// The place of the bracket that closes the first one; nothing if it is far away.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

fn is_note(inner: &str) -> bool {
    let lower = inner.to_lowercase();
    OPENINGS.iter().any(|o| lower.starts_with(o)) && names_an_act(inner)
}

/// «от 30.06.2006 № 90-ФЗ».
fn names_an_act(text: &str) -> bool {
    let words = text.split_whitespace().collect::<Vec<_>>();
    words.windows(3).any(|w| {
        w[0].trim_start_matches('(').ends_with("от") && is_day(w[1]) && matches!(w[2], "№" | "N")
    })
}

fn is_day(word: &str) -> bool {
    let mut pieces = word.split('.');
    let digits = |p: Option<&str>, n: usize| {
        p.is_some_and(|p| p.len() == n && p.bytes().all(|b| b.is_ascii_digit()))
    };
    digits(pieces.next(), 2) && digits(pieces.next(), 2) && digits(pieces.next(), 4)
}

fn starts_upper(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
}

/// Only signs and other notes follow.
fn ends_paragraph(after: &str) -> bool {
    let after = after.trim_start_matches(['.', ';', ',', ':', ' ']);
    after.is_empty() || after.starts_with('(')
}

/// A note with «№» and days in figures.
pub(super) fn normal(note: &str) -> String {
    let words = note.split_whitespace().collect::<Vec<_>>();
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let follows_from = out.last().is_some_and(|w| w.ends_with("от"));
        if let Some((day, used)) = follows_from.then(|| day_in_words(&words[at..])).flatten() {
            out.push(day);
            at += used;
        } else {
            let is_sign = words[at] == "N" && words.get(at + 1).is_some_and(|w| begins_number(w));
            out.push(if is_sign { "№" } else { words[at] }.to_owned());
            at += 1;
        }
    }
    out.join(" ")
}

fn begins_number(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// «22 ноября 2021 г.»: the day in figures and how many words it took.
fn day_in_words(words: &[&str]) -> Option<(String, usize)> {
    let [day, month, year, ..] = words else {
        return None;
    };
    let month = month_of(&month.to_lowercase())?;
    let date = Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let unit = words.get(3).is_some_and(|w| matches!(*w, "г." | "года"));
    let text = format!("{:02}.{:02}.{}", date.day(), date.month(), date.year());
    Some((text, 3 + usize::from(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks_of(text: &str) -> (String, Vec<String>) {
        take_marks(text, &mut Vec::new())
    }

    #[test]
    fn notes_leave_the_text() {
        let (text, marks) =
            marks_of("2) первое дело; (В редакции Федерального закона от 01.02.2003 N 4-ФЗ)");
        assert_eq!(text, "2) первое дело;");
        assert_eq!(
            marks,
            ["(В редакции Федерального закона от 01.02.2003 № 4-ФЗ)"]
        );
        let (text, marks) = marks_of("дело (п. 3 в ред. Закона от 01.02.2003 N 4-ФЗ).");
        assert_eq!((text.as_str(), marks.len()), ("дело.", 1));
    }

    #[test]
    fn brackets_of_the_text_stay() {
        for text in [
            "по закону (в редакции настоящего закона) дело идёт",
            "по делу (в ред. закона от 01.02.2003 N 4-ФЗ) и дальше",
            "скобка (не закрыта",
        ] {
            assert_eq!(marks_of(text), (text.to_owned(), vec![]));
        }
    }

    #[test]
    fn days_in_words_become_figures() {
        assert_eq!(
            normal("(Закон от 5 мая 2014 г. N 116-ФЗ)"),
            "(Закон от 05.05.2014 № 116-ФЗ)"
        );
    }
}

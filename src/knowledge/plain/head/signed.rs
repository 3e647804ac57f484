//! Lines of the head that name the act by its day and number.

use crate::knowledge::plain::{amend, cue};
use crate::law::text::dates_in;

/// Returns the line without «(ред. от 29.11.2024)», and what was taken out.
pub(in crate::knowledge::plain) fn edition(text: &str) -> (String, Vec<String>) {
    let found = text.find("(ред. от ").and_then(|at| {
        let end = at + text[at..].find(')')? + 1;
        Some((at, end))
    });
    match found {
        Some((at, end)) => {
            let rest = format!("{} {}", text[..at].trim_end(), text[end..].trim_start());
            (rest.trim().to_owned(), vec![text[at..end].to_owned()])
        }
        None => (text.to_owned(), Vec::new()),
    }
}

/// Returns whether a line is a day: «29 мая 2018 г.».
pub(in crate::knowledge::plain) fn is_day(text: &str) -> bool {
    text.chars().count() <= 20 && !dates_in(text, jiff::civil::Date::MAX).is_empty()
}

/// Takes apart «Кодекс садов от 30 декабря 2001 г. N 4-ФЗ (КС РФ)», «Закон от 27.11.2018 N 9-ФЗ "О прудах"»: a title before the day, what
/// names the act by day and number, a title in quotes behind.
pub(in crate::knowledge::plain) fn signed(text: &str) -> Option<(&str, String, &str)> {
    const KINDS: [&str; 6] = [
        "Федеральный",
        "Закон",
        "Указ",
        "Постановлени",
        "Приказ",
        "Распоряжени",
    ];
    let day = *dates_in(text, jiff::civil::Date::MAX).first()?;
    let byte = |at: usize| text.char_indices().nth(at).map_or(text.len(), |(b, _)| b);
    let (start, end) = (byte(day.start), byte(day.end));
    let after = text[end..].trim_start_matches([' ', '.', 'г', 'о', 'д', 'а']);
    let number = after
        .strip_prefix("N ")
        .or_else(|| after.strip_prefix("№ "))?;
    let behind = number.split_once(' ').map_or("", |(_, behind)| behind);
    let quoted = behind.starts_with(['"', '«']);
    if cue::ends(text) || !quoted && behind.len() > 200 {
        return None;
    }
    let head = &text[..text.len() - if quoted { behind.len() } else { 0 }];
    let title = head[..start].trim_end();
    let title = title.strip_suffix("от").unwrap_or(title).trim_end();
    let kind = title.is_empty() || KINDS.iter().any(|k| title.starts_with(k));
    let title = if kind || quoted { "" } else { title };
    let behind = if quoted { behind } else { "" };
    Some((title, amend::normal(&head[title.len()..]), behind))
}

//! Amendment notes of publishers, brought to the official form: «(в ред. Федерального закона от 30.06.2006 № 90-ФЗ)».

use crate::knowledge::notes::laws;
use crate::law::text::month_of;

/// How a note begins, behind its bracket, in small letters.
#[rustfmt::skip]
const BEGINNINGS: [&str; 28] = [
    "в ред", "введен", "с изм", "часть", "части", "п. ", "пп. ", "п.п. ", "пункт", "подпункт", "абзац", "абз. ", "ст. ",
    "статья", "глава", "раздел", "наименование", "название", "преамбула", "примечани", "сноска", "дополнен", "утратил",
    "исключен", "ред. ", "позиция", "строка", "приложение",
];

/// The longest note at a paragraph's end, in bytes; without a bound a paragraph of brackets would cost their square.
const TRAILING_LIMIT: usize = 4000;

/// What a note says about its norm.
#[rustfmt::skip]
const CHANGES: [&str; 9] = [
    "в ред", "введен", "дополнен", "с изм", "исключен", "утратил", "изложен", "изменен", "учетом",
];

/// Returns whether a text begins as an amendment note does; its closing bracket may stand on a later line.
pub(super) fn begins(text: &str) -> bool {
    let Some(inner) = text.strip_prefix('(') else {
        return false;
    };
    let head = inner.chars().take(200).collect::<String>().to_lowercase();
    BEGINNINGS.iter().any(|b| head.starts_with(b)) && CHANGES.iter().any(|c| head.contains(c))
}

/// Returns whether a text is an amendment note from bracket to bracket, and names the act that made the change.
pub(super) fn is_note(text: &str) -> bool {
    let body = text.trim_end_matches(['.', ';', ',', ' ']);
    begins(text) && body.ends_with(')') && closes_at_end(body) && names_act(body)
}

fn names_act(text: &str) -> bool {
    let lower = text.to_lowercase();
    let has_act = [
        "закон",
        "фз",
        "фкз",
        "постановлен",
        "указ",
        "приказ",
        "определен",
    ];
    lower.contains("от ") && has_act.iter().any(|a| lower.contains(a))
}

/// Whether the first bracket is closed by the last character.
fn closes_at_end(text: &str) -> bool {
    let mut open = 0usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' => {
                open = open.saturating_sub(1);
                if open == 0 {
                    return at + 1 == text.len();
                }
            }
            _ => {}
        }
    }
    false
}

/// Returns how many brackets are still open at the end.
pub(super) fn open_brackets(text: &str) -> usize {
    text.chars().fold(0usize, |open, c| match c {
        '(' => open + 1,
        ')' => open.saturating_sub(1),
        _ => open,
    })
}

/// Splits a note off the end of a paragraph: «Текст. (в ред. …)».
pub(super) fn split_trailing(text: &str) -> Option<(&str, &str)> {
    let from = text.ceil_char_boundary(text.len().saturating_sub(TRAILING_LIMIT));
    let mut starts = text[from..].match_indices(" (").map(|(at, _)| from + at);
    let at = starts.find(|at| is_note(&text[at + 1..]))?;
    Some((&text[..at], &text[at + 1..]))
}

/// Returns a note in the official form: the sign № for the letter N, days as 30.06.2006 behind «от».
pub(super) fn normal(text: &str) -> String {
    let words = text.split(' ').collect::<Vec<_>>();
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        let before = out.last().map_or("", String::as_str);
        if before.ends_with("от")
            && let Some((date, taken)) = spoken_date(&words[at..])
        {
            out.push(date);
            at += taken;
            continue;
        }
        let numbered = words
            .get(at + 1)
            .is_some_and(|next| next.starts_with(|c: char| c.is_ascii_digit()));
        out.push(match words[at] {
            "N" if numbered => "№".to_owned(),
            word => word.to_owned(),
        });
        at += 1;
    }
    out.join(" ")
}

/// «30 июня 2006 г.», «30 июня 2006 года»: the day in digits and the number of words.
fn spoken_date(words: &[&str]) -> Option<(String, usize)> {
    let [day, month, year, rest @ ..] = words else {
        return None;
    };
    let month = month_of(&month.to_lowercase())?;
    let day = day.parse::<u8>().ok().filter(|d| (1..=31).contains(d))?;
    let year_number = year.trim_end_matches([',', ';', ')']);
    let is_year = year_number.len() == 4 && year_number.bytes().all(|b| b.is_ascii_digit());
    if !is_year {
        return None;
    }
    let tail = &year[year_number.len()..];
    let date = format!("{day:02}.{month:02}.{year_number}{tail}");
    let with_word = tail.is_empty()
        && rest
            .first()
            .is_some_and(|w| matches!(*w, "г." | "г" | "года"));
    Some((date, if with_word { 4 } else { 3 }))
}

/// Returns what a remark of ГАРАНТ about a version says, as official notes: one for every amending law that it names.
pub(super) fn of_version(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let (what, is_genitive) = if lower.contains("утрат") {
        ("Утратила силу -", false)
    } else if lower.contains("дополн") {
        ("Дополнение -", false)
    } else {
        ("В редакции", true)
    };
    let kind = |law: &str| match (law, is_genitive) {
        (law, false) if law.ends_with("-ФКЗ") => Some("Федеральный конституционный закон"),
        (law, true) if law.ends_with("-ФКЗ") => Some("Федерального конституционного закона"),
        (law, false) if law.ends_with("-ФЗ") => Some("Федеральный закон"),
        (law, true) if law.ends_with("-ФЗ") => Some("Федерального закона"),
        _ => None,
    };
    laws(&normal(text))
        .into_iter()
        .filter_map(|(date, law)| {
            let kind = kind(&law)?;
            let day = date.strftime("%d.%m.%Y");
            Some(format!("({what} {kind} от {day} № {law})"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_told_from_text_in_brackets() {
        assert!(is_note("(в ред. Федерального закона от 01.02.2003 N 4-ФЗ)"));
        assert!(is_note(
            "(п. 3 введен Федеральным законом от 01.02.2003 N 4-ФЗ; в ред. Закона от 02.03.2004 N 5-ФЗ (ред. 03.04.2005))"
        ));
        assert!(!is_note("(часть работ) и (введена законом от 1 мая)"));
        assert!(!is_note("(часть дохода от сдачи внаём)"));
    }

    #[test]
    fn a_note_is_split_off_the_end() {
        let text = "Срок (день) велик. (в ред. Указа от 01.02.2003 N 4)";
        let split = split_trailing(text);
        assert_eq!(
            split,
            Some(("Срок (день) велик.", "(в ред. Указа от 01.02.2003 N 4)"))
        );
        assert_eq!(split_trailing("Срок (день)"), None);
    }

    #[test]
    fn the_official_form_has_digits_and_the_sign_of_number() {
        assert_eq!(
            normal("закон от 3 мая 2004 г. N 5-ФЗ, N 7 и с 1 июня 2005 г."),
            "закон от 03.05.2004 № 5-ФЗ, № 7 и с 1 июня 2005 г."
        );
        assert_eq!(
            of_version(
                "Глава 2 дополнена с 1 июня 2005 г. - Федеральный закон от 3 мая 2004 г. N 5-ФЗ"
            ),
            ["(Дополнение - Федеральный закон от 03.05.2004 № 5-ФЗ)"]
        );
    }
}

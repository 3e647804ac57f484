//! How days, citations and texts look on a page.

use super::page::Lang;
use crate::law::Citation;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// «14 марта 2026», with spaces that don't break.
pub fn day(day: Date, lang: Lang) -> String {
    let names = match lang {
        Lang::Ru => MONTHS,
        Lang::En => MONTHS_EN,
    };
    let month = names[usize::try_from(day.month() - 1).unwrap_or(0) % 12];
    format!("{}\u{a0}{month}\u{a0}{}", day.day(), day.year())
}

/// «14 марта 2026, 09:05», in the time zone of the machine.
pub fn moment(ms: i64, lang: Lang) -> String {
    let Ok(at) = Timestamp::from_millisecond(ms) else {
        return String::new();
    };
    let at = at.to_zoned_datetime(TimeZone::system());
    format!(
        "{}, {:02}:{:02}",
        day(at.date(), lang),
        at.hour(),
        at.minute()
    )
}

/// The value of a `datetime` attribute.
pub fn machine_moment(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |at| at.to_string())
}

/// Days from `from` to `to`, negative when `to` has passed.
pub fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

/// «ч. 2 ст. 142 ТК РФ»; what is no citation stays as it is.
pub fn citation(text: &str) -> String {
    match text.parse::<Citation>() {
        Ok(citation) => typography(&citation.russian()),
        Err(_) => text.to_owned(),
    }
}

/// `/law/tk/81?on=2024-06-01#1-6-v`; what is no citation of an article leads to the contents.
pub fn law_link(text: &str, on: &str) -> String {
    let Ok(citation) = text.parse::<Citation>() else {
        return "/law".to_owned();
    };
    let act = citation.act.as_str();
    // Where an act has no articles, its points have the pages.
    let Some(article) = citation.article.as_ref().or(citation.point.as_ref()) else {
        return format!("/law/{act}?on={on}");
    };
    let fragment = citation.fragment();
    let mark = if fragment.is_empty() { "" } else { "#" };
    format!("/law/{act}/{article}?on={on}{mark}{fragment}")
}

/// The start of a text, cut between words; «…» tells that it goes on.
pub fn short(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_owned();
    };
    let cut = text[..end].trim_end();
    let words = match cut.rfind(' ') {
        Some(space) if space > 0 => &cut[..space],
        _ => cut,
    };
    format!("{}…", words.trim_end_matches([' ', ',', ';', '(']))
}

/// The id of a citation inside a page.
pub fn fragment(text: &str) -> String {
    text.parse::<Citation>()
        .map(|citation| citation.fragment())
        .unwrap_or_default()
}

/// Our own words with the spaces that must not break: «ст. 81», «ТК РФ», «14 марта».
///
/// Never for verbatim law or an approved text: those are shown as they were hashed.
pub fn typography(text: &str) -> String {
    let mut out = text.to_owned();
    for mark in ["ст.", "ч.", "п.", "пп.", "абз.", "№"] {
        out = out.replace(&format!("{mark} "), &format!("{mark}\u{a0}"));
    }
    for mark in ["ТК РФ", "ГК РФ", "ГПК РФ"] {
        out = out
            .replace(&format!(" {mark}"), &format!("\u{a0}{mark}"))
            .replace(mark, &mark.replace(' ', "\u{a0}"));
    }
    for mark in [" — ", " – "] {
        out = out.replace(mark, &mark.replacen(' ', "\u{a0}", 1));
    }
    glue_numbers(&out)
}

/// A number and the word after it stay on one line.
fn glue_numbers(text: &str) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    for (i, c) in characters.iter().enumerate() {
        let after_digit = i > 0 && characters[i - 1].is_ascii_digit();
        let before_letter = characters.get(i + 1).is_some_and(|c| c.is_alphabetic());
        if *c == ' ' && after_digit && before_letter {
            out.push('\u{a0}');
        } else {
            out.push(*c);
        }
    }
    out
}

/// Paragraphs: what empty lines part.
pub fn paragraphs(text: &str) -> Vec<&str> {
    text.split("\n\n")
        .map(str::trim)
        .filter(|paragraph| !paragraph.is_empty())
        .collect()
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub marked: bool,
}

/// Cuts `text` at `spans` (offsets in characters, sorted or not; what lies outside or overlaps is left out).
pub fn mark(text: &str, spans: &[(usize, usize)]) -> Vec<Piece> {
    let characters: Vec<char> = text.chars().collect();
    let mut spans = spans.to_vec();
    spans.sort_unstable();
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut push = |from: usize, to: usize, marked: bool| {
        if from < to {
            pieces.push(Piece {
                text: characters[from..to].iter().collect(),
                marked,
            });
        }
    };
    for (start, end) in spans {
        if start < at || end > characters.len() || start >= end {
            continue;
        }
        push(at, start, false);
        push(start, end, true);
        at = end;
    }
    push(at, characters.len(), false);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_citation_leads_to_its_paragraph_on_its_day() {
        assert_eq!(
            law_link("tk:81:1:6:v", "2024-06-01"),
            "/law/tk/81?on=2024-06-01#1-6-v"
        );
        assert_eq!(law_link("tk:81", "2024-06-01"), "/law/tk/81?on=2024-06-01");
        assert_eq!(law_link("<script>", "x"), "/law");
        assert!(law_link("pvs-2-2004:60", "2024-06-01").starts_with("/law/pvs-2-2004/60?"));
    }

    #[test]
    fn a_long_title_is_cut_between_words() {
        assert_eq!(short("Труд", 4), "Труд");
        assert_eq!(short("Оплата труда, отпуск", 15), "Оплата труда…");
        assert_eq!(short("Оплатаоплата", 6), "Оплата…");
    }

    #[test]
    fn numbers_and_marks_keep_their_words() {
        assert_eq!(
            typography("по ст. 81 ТК РФ за 14 марта"),
            "по ст.\u{a0}81\u{a0}ТК\u{a0}РФ за 14\u{a0}марта"
        );
    }

    proptest! {
        #[test]
        fn marking_loses_no_character(text in ".{0,40}", spans in prop::collection::vec((0usize..50, 0usize..50), 0..6)) {
            let joined: String = mark(&text, &spans).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}

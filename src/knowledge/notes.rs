//! Amendment notes: «(В редакции Федерального закона от 30.06.2006 № 90-ФЗ)».

use jiff::civil::Date;

use super::act::AmendmentNote;
use crate::law::Citation;
use crate::law::text::month_of;

/// Returns a note for every law that a mark names; a mark without a law gives none.
pub(super) fn notes_of(mark: &str, citation: Option<&Citation>) -> Vec<AmendmentNote> {
    let what = what(mark);
    laws(mark)
        .into_iter()
        .map(|(date, law)| AmendmentNote {
            date,
            law,
            citation: citation.cloned(),
            what: what.clone(),
        })
        .collect()
}

/// What is said before the law: «Дополнение частью», «Утратила силу».
fn what(mark: &str) -> String {
    let from = mark.find('(').map_or(0, |at| at + 1);
    let rest = &mark[from..];
    let end = [
        "Федеральн",
        "федеральн",
        "Закон",
        "закон",
        "Указ",
        "указ",
        "Постановлен",
        "постановлен",
        " от ",
    ]
    .iter()
    .filter_map(|w| rest.find(w))
    .min()
    .unwrap_or(rest.len());
    rest[..end]
        .trim_matches([' ', '-', '–', '(', ')', ',', '.'])
        .to_owned()
}

/// Every «от 30.06.2006 № 90-ФЗ», also «от 30.06.2006 г. № …» and «от 30 июня 2006 г. № …».
pub(super) fn laws(text: &str) -> Vec<(Date, String)> {
    let words = text.split_whitespace().collect::<Vec<_>>();
    let mut out = Vec::new();
    for (at, _) in words.iter().enumerate().filter(|(_, w)| w.ends_with("от")) {
        let after = &words[at + 1..];
        let Some((date, taken)) = day(after) else {
            continue;
        };
        let rest = &after[taken..];
        let rest = match rest {
            ["г." | "года", tail @ ..] => tail,
            _ => rest,
        };
        if let ["№", number, ..] = rest {
            let law = number.trim_matches(|c: char| !c.is_alphanumeric());
            out.push((date, law.to_owned()));
        }
    }
    out
}

/// The day at the start of the words, and how many words it takes.
fn day(words: &[&str]) -> Option<(Date, usize)> {
    if let Some(date) = words.first().and_then(|w| dotted(w)) {
        return Some((date, 1));
    }
    let [day, month, year, ..] = words else {
        return None;
    };
    let month = month_of(&month.to_lowercase())?;
    let date = Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    Some((date, 3))
}

fn dotted(text: &str) -> Option<Date> {
    let mut pieces = text.split('.');
    let (day, month, year) = (pieces.next()?, pieces.next()?, pieces.next()?);
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Whether a law's number is that of an amending law, and not of a court's ruling or a government's resolution.
pub(super) fn amends(law: &str) -> bool {
    law.ends_with("-ФЗ") || law.ends_with("-ФКЗ") || law.ends_with("-I") || law.ends_with("-1")
}

/// The same for decrees, orders and resolutions, which acts of their own kind change: «63», «237н»; rulings of courts are left out.
pub(super) fn amends_points(number: &str) -> bool {
    !["АКПИ", "ГКПИ", "-П", "-О"]
        .iter()
        .any(|c| number.contains(c))
}

/// Whether a mark says that its norm is no longer in force.
pub(super) fn repeals(mark: &str) -> bool {
    let lower = mark.to_lowercase();
    lower.contains("утратил") || lower.contains("исключен")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_note_names_its_laws_and_what_they_did() {
        let found = notes_of(
            "(В редакции федеральных законов от 30.06.2006 № 90-ФЗ; от 25.11.2013 № 317-ФЗ)",
            None,
        );
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].date, date(2013, 11, 25));
        assert_eq!(found[1].law, "317-ФЗ");
        assert_eq!(found[0].what, "В редакции");
        assert_eq!(
            notes_of(
                "Часть. (Утратила силу - Федеральный закон от 30.06.2006 № 90-ФЗ)",
                None
            )[0]
            .what,
            "Утратила силу"
        );
    }

    #[test]
    fn days_are_read_in_digits_and_in_words() {
        let wanted = (date(2006, 6, 30), "90-ФЗ".to_owned());
        for text in [
            "закон от 30.06.2006 г. № 90-ФЗ;",
            "закон от 30 июня 2006 г. № 90-ФЗ)",
            "закон от 30 июня 2006 года № 90-ФЗ",
        ] {
            assert_eq!(laws(text), std::slice::from_ref(&wanted), "{text}");
        }
    }

    #[test]
    fn rulings_of_the_court_do_not_make_an_edition() {
        assert!(amends("90-ФЗ"));
        assert!(!amends("32-П"));
        assert!(!amends("2571"));
    }
}

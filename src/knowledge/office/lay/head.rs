//! The head of an act: title, day, number, and what publishers say about the edition.

use jiff::civil::Date;

use crate::law::text::{dates_in, month_of};

/// «30 декабря 2001 года N 197-ФЗ», «от 17 марта 2004 г. N 2».
pub(super) fn is_date_and_number(text: &str) -> bool {
    let rest = text.strip_prefix("от ").unwrap_or(text);
    let mut words = rest.split(' ');
    let day = words.next().is_some_and(|w| w.parse::<u8>().is_ok());
    let month = words
        .next()
        .is_some_and(|w| month_of(&w.to_lowercase()).is_some());
    let year = words.next().is_some_and(|w| w.parse::<u16>().is_ok());
    day && month && year && text.chars().count() <= 60
}

/// «Принят Государственной Думой …», «Одобрен Советом Федерации …».
pub(super) fn is_adoption(text: &str) -> bool {
    let known = ["Принят ", "Принята ", "Одобрен ", "Одобрена "];
    known.iter().any(|k| text.starts_with(k)) && text.chars().count() <= 100
}

/// Splits ГАРАНТ's title: the act's name, and its day and number behind it.
pub(super) fn split_title(text: &str) -> (&str, &str) {
    let cut = text.match_indices(" от ").map(|(at, _)| at).find(|at| {
        let rest = &text[at + 1..];
        let head = rest.chars().take(24).collect::<String>();
        !dates_in(&head, Date::MAX).is_empty() && rest.contains(" N ")
    });
    match cut {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    }
}

/// The day in «(ред. от 29.09.2025)».
pub(super) fn stated_edition(text: &str) -> Option<Date> {
    let at = text.find("(ред. от ")?;
    let rest = text.get(at + "(ред. от ".len()..)?;
    let head = rest.chars().take(20).collect::<String>();
    dates_in(&head, Date::MAX).first().map(|d| d.date)
}

/// The day that ГАРАНТ prints on every page: on it the text was in force as it stands.
pub(super) fn day_of_export(margin: &str) -> Option<Date> {
    if !margin.contains("ГАРАНТ") {
        return None;
    }
    dates_in(margin, Date::MAX).first().map(|d| d.date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn heads_are_read() {
        assert!(is_date_and_number("3 мая 2004 года N 5-ФЗ"));
        assert!(!is_date_and_number("3 мая закрыто."));
        assert_eq!(
            split_title("Лесной кодекс от 3 мая 2004 г. N 5-ФЗ (ЛК)"),
            ("Лесной кодекс", "от 3 мая 2004 г. N 5-ФЗ (ЛК)")
        );
        assert_eq!(
            stated_edition("\"Кодекс\" от 03.05.2004 N 5-ФЗ (ред. от 06.07.2008)"),
            Some(date(2008, 7, 6))
        );
        assert_eq!(
            day_of_export("09.10.2011 Система ГАРАНТ 1/2"),
            Some(date(2011, 10, 9))
        );
    }
}

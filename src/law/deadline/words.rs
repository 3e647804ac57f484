//! Days and lengths in words.

use jiff::civil::Date;

use super::rule::TermUnit;

#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
];

/// Returns the day as people write it: «5 марта 2025 года».
pub fn spoken(day: Date) -> String {
    let month = usize::try_from(day.month() - 1)
        .ok()
        .and_then(|m| MONTHS.get(m))
        .copied()
        .unwrap_or_default();
    format!("{} {month} {} года", day.day(), day.year())
}

/// Returns a length in words: «3 месяца», «2 недели», «3 рабочих дня».
pub fn length_words(n: u16, unit: TermUnit) -> String {
    let forms = match unit {
        TermUnit::Hour => ["час", "часа", "часов"],
        TermUnit::Day => ["день", "дня", "дней"],
        TermUnit::WorkingDay => ["рабочий день", "рабочих дня", "рабочих дней"],
        TermUnit::Week => ["неделя", "недели", "недель"],
        TermUnit::Month => ["месяц", "месяца", "месяцев"],
        TermUnit::Year => ["год", "года", "лет"],
    };
    let form = match (n % 10, n % 100) {
        (_, 11..=14) => 2,
        (1, _) => 0,
        (2..=4, _) => 1,
        _ => 2,
    };
    format!("{n} {}", forms[form])
}

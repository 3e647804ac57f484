//! The title of an act as people read it: no capitals throughout, no number and day behind it.

/// Names that keep their capital letters, in the forms that titles have.
const NAMES: [(&str, &str); 22] = [
    ("российской федерации", "Российской Федерации"),
    ("российская федерация", "Российская Федерация"),
    ("рсфср", "РСФСР"),
    ("ссср", "СССР"),
    ("рф", "РФ"),
    ("трудовой кодекс", "Трудовой кодекс"),
    ("трудового кодекса", "Трудового кодекса"),
    ("гражданский кодекс", "Гражданский кодекс"),
    ("гражданского кодекса", "Гражданского кодекса"),
    (
        "гражданского процессуального кодекса",
        "Гражданского процессуального кодекса",
    ),
    ("уголовный кодекс", "Уголовный кодекс"),
    ("уголовного кодекса", "Уголовного кодекса"),
    ("налогового кодекса", "Налогового кодекса"),
    ("кодекса российской", "Кодекса Российской"),
    ("федеральный закон", "Федеральный закон"),
    ("федерального закона", "Федерального закона"),
    ("верховного суда", "Верховного Суда"),
    ("конституции российской", "Конституции Российской"),
    ("правительства российской", "Правительства Российской"),
    ("президента российской", "Президента Российской"),
    ("министерства", "Министерства"),
    ("мрот", "МРОТ"),
];

/// What heads of copies say before the title.
const BEFORE: [&str; 2] = [
    "Федеральный закон Российской Федерации ",
    "ФЕДЕРАЛЬНЫЙ ЗАКОН РОССИЙСКОЙ ФЕДЕРАЦИИ ",
];

/// Returns the title without the act's own number and day, remarks and quotation marks around it, and in small letters where
/// the copy has none. `number` is the act's own, `197-ФЗ`.
pub(super) fn tidied(title: &str, number: &str) -> String {
    let mut title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    for before in BEFORE {
        if let Some(rest) = title.strip_prefix(before).filter(|rest| !rest.is_empty()) {
            title = rest.to_owned();
        }
    }
    title.truncate(end(&title, number));
    let bare = unquoted(title.trim());
    match bare.chars().any(char::is_lowercase) {
        true => bare.to_owned(),
        false => lowered(bare),
    }
}

/// Where the number and day begin that some copies write behind the title: «от 14 ноября 2002 г. N 138-ФЗ (ГПК РФ)».
fn end(title: &str, number: &str) -> usize {
    let Some(at) = ["N", "№"].iter().find_map(|sign| own(title, sign, number)) else {
        return title.find(" (с изм").unwrap_or(title.len());
    };
    let day = title[..at].rfind(" от ");
    day.filter(|from| title[*from..at].contains(|c: char| c.is_ascii_digit()))
        .filter(|from| title[*from..at].chars().count() <= 26)
        .unwrap_or(at)
}

/// Where the act's own number begins with nothing behind it but its day or remarks; other acts that a title names have titles.
fn own(title: &str, sign: &str, number: &str) -> Option<usize> {
    let named = format!(" {sign} {number}");
    let at = title.rfind(&named).filter(|_| !number.is_empty())?;
    let behind = &title[at + named.len()..];
    let alone = behind.is_empty() || behind.starts_with(" (") || behind.starts_with(" от ");
    alone.then_some(at)
}

/// The text within quotation marks that stand around all of it.
fn unquoted(title: &str) -> &str {
    for (open, close) in [('"', '"'), ('«', '»')] {
        let inner = title.strip_prefix(open).and_then(|t| t.strip_suffix(close));
        if let Some(inner) = inner {
            // One mark may close both an inner quotation and the outer one.
            let is_open = inner.matches(open).count() % 2 == 1 && open == close
                || open != close && inner.matches(open).count() > inner.matches(close).count();
            return match is_open {
                true => &title[open.len_utf8()..],
                false => inner,
            };
        }
    }
    title
}

fn lowered(title: &str) -> String {
    let mut low = title.to_lowercase();
    for (low_name, name) in NAMES {
        low = replaced(&low, low_name, name);
    }
    low = low.replace(
        " Российской Федерации часть ",
        " Российской Федерации, часть ",
    );
    let mut chars = low.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => low,
    }
}

/// Replaces whole words.
fn replaced(text: &str, from: &str, to: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(from) {
        let (before, after) = (&rest[..at], &rest[at + from.len()..]);
        let inside =
            before.ends_with(char::is_alphabetic) || after.starts_with(char::is_alphabetic);
        out.push_str(before);
        out.push_str(if inside { from } else { to });
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::tidied;

    #[test]
    fn a_title_is_read_without_capitals_numbers_and_marks() {
        for (copy, number, title) in [
            ("О САДАХ И ПАРКАХ", "1-ФЗ", "О садах и парках"),
            (
                "О САДАХ РОССИЙСКОЙ ФЕДЕРАЦИИ В СВЯЗИ С ТРУДОВЫМ ДОГОВОРОМ В РСФСР",
                "",
                "О садах Российской Федерации в связи с трудовым договором в РСФСР",
            ),
            (
                "САДОВЫЙ КОДЕКС РОССИЙСКОЙ ФЕДЕРАЦИИ ЧАСТЬ ПЕРВАЯ",
                "51-ФЗ",
                "Садовый кодекс Российской Федерации, часть первая",
            ),
            (
                "Садовый кодекс Российской Федерации от 14 ноября 2002 г. N 138-ФЗ (СК РФ) (с изменениями и дополнениями)",
                "138-ФЗ",
                "Садовый кодекс Российской Федерации",
            ),
            (
                "Федеральный закон Российской Федерации О садах \"О грядках\" № 421-ФЗ от 28 декабря 2013 г.",
                "421-ФЗ",
                "О садах \"О грядках\"",
            ),
            (
                "О внесении изменений в Федеральный закон от 12 января 1996 г. N 10-ФЗ \"О садах\"",
                "90-ФЗ",
                "О внесении изменений в Федеральный закон от 12 января 1996 г. N 10-ФЗ \"О садах\"",
            ),
            (
                "Об изменении постановления от 1 мая 2020 г. N 25",
                "2",
                "Об изменении постановления от 1 мая 2020 г. N 25",
            ),
            (
                "Об изменении закона от 1 мая 2020 г. N 90-ФЗ \"О садах\"",
                "90-ФЗ",
                "Об изменении закона от 1 мая 2020 г. N 90-ФЗ \"О садах\"",
            ),
            ("\"О налоге \"На сады\"\"", "", "О налоге \"На сады\""),
            ("\"О налоге \"На сады\"", "", "О налоге \"На сады\""),
            ("«О налоге «На сады»", "", "О налоге «На сады»"),
            ("«О садах»", "", "О садах"),
            ("О графе «Сады»", "", "О графе «Сады»"),
            ("О  садах (с изм. и доп.)", "1-ФЗ", "О садах"),
            ("", "", ""),
        ] {
            assert_eq!(tidied(copy, number), title);
        }
    }
}

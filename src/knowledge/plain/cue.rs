//! What a line is by its first words: headings, numbered items, publishers' marks.

use crate::knowledge::heading;
use crate::law::citation::is_number;
use crate::law::text::ordinal;

/// Reads «Статья 81. Название», «Статья 7 - Утратила силу»: number and rest. «Статья 5 изменена …» is none.
pub(super) fn article(text: &str) -> Option<(String, String)> {
    let (number, rest) = heading::article(text).or_else(|| lost_index(text))?;
    let after = text.split_once(' ')?.1.strip_prefix(number.as_str())?;
    let headed = after.is_empty() || after.starts_with('.') || dashed(after);
    headed.then_some((number, rest))
}

/// «Статья 34810. Название»: no act counts so far, but 348.10 without its dot does.
fn lost_index(text: &str) -> Option<(String, String)> {
    let (number, rest) = text.strip_prefix("Статья ")?.split_once('.')?;
    let digits = number.split_once('-').map_or(number, |(whole, _)| whole);
    let long = (5..=6).contains(&digits.len()) && number.len() <= 9;
    let counts = number.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    (long && counts).then(|| (number.to_owned(), rest.trim_start().to_owned()))
}

fn dashed(after: &str) -> bool {
    let rest = after.trim_start();
    let apart = rest.strip_prefix(['-', '–', '—']).map(str::trim_start);
    apart.is_some_and(|r| r.starts_with(char::is_uppercase))
}

/// Returns the class of a heading above the articles: `T` for a part or section, `H` for a chapter.
pub(super) fn division(text: &str) -> Option<&'static str> {
    let (word, rest) = text.split_once(' ')?;
    let class = match word.to_lowercase().as_str() {
        "раздел" | "подраздел" | "часть" => "T",
        "глава" => "H",
        _ => return None,
    };
    let (number, title) = rest.split_once(' ').unwrap_or((rest, ""));
    let bare = number.trim_end_matches('.');
    let title = title.trim();
    // «Глава 5 настоящего Кодекса …» is a sentence; «Часть первая статьи …» too.
    let alone = title.is_empty() || number.ends_with('.') || is_capitals(title);
    let counted = (is_number(bare) || is_roman(bare)) && word.to_lowercase() != "часть";
    let ordered = ordinal(&bare.to_lowercase()).is_some() && !number.ends_with('.');
    let big = word.starts_with(char::is_uppercase);
    (big && alone && (counted || ordered)).then_some(class)
}

/// «Принят Государственной Думой …», «Одобрен Советом Федерации …».
pub(super) fn passed(text: &str) -> bool {
    ["Принят Г", "Одобрен С"]
        .iter()
        .any(|w| text.starts_with(w))
}

fn is_roman(text: &str) -> bool {
    let base = text.split(['.', '-']).next().unwrap_or(text);
    let roman = |c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'C' | 'Х' | 'І');
    !base.is_empty() && base.chars().all(roman)
}

/// Whether every letter is a capital, and there are some.
pub(super) fn is_capitals(text: &str) -> bool {
    let mut letters = text.chars().filter(|c| c.is_alphabetic()).peekable();
    letters.peek().is_some() && letters.all(char::is_uppercase)
}

/// Whether the line begins a numbered piece: «3) », «2. », «1.1.», «а) ».
pub(super) fn item(text: &str) -> bool {
    point(text) || part(text) || subpoint(text)
}

/// «3) », «7.1)».
pub(super) fn point(text: &str) -> bool {
    label(text).is_some_and(|(number, rest)| is_number(number) && rest.starts_with(')'))
}

/// «2. », «1.1. », «3.Слово».
pub(super) fn part(text: &str) -> bool {
    label(text).is_some_and(|(number, rest)| {
        let number = number.strip_suffix('.').unwrap_or_default();
        let apart = rest.is_empty() || rest.starts_with(|c: char| c == ' ' || c.is_alphabetic());
        is_number(number) && apart
    })
}

/// «а) ».
pub(super) fn subpoint(text: &str) -> bool {
    let mut chars = text.chars();
    let letter = chars.next().is_some_and(|c| c.is_lowercase());
    letter && chars.next() == Some(')')
}

/// The digits, dots and hyphens at the start, and the rest.
pub(super) fn label(text: &str) -> Option<(&str, &str)> {
    let end = text
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .unwrap_or(text.len());
    (end > 0 && text.starts_with(|c: char| c.is_ascii_digit())).then(|| text.split_at(end))
}

/// Whether a line may be the end of a sentence or of an item. An abbreviation («2016 г.») is none.
pub(super) fn ends(text: &str) -> bool {
    let bare = text.trim_end_matches(['"', '»', '”', ')', '\'']);
    let abbreviated = [" г.", " гг.", " ст.", " см.", " т.е."]
        .iter()
        .any(|a| bare.ends_with(a) || bare == "См.");
    bare.ends_with(['.', ';', ':', '!', '?']) && !abbreviated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_told_from_sentences() {
        assert_eq!(article("Статья 3. Сад").unwrap().0, "3");
        assert_eq!(article("Статья 7 - Утратила силу.").unwrap().0, "7");
        assert_eq!(article("Статья 5 изменена с 1 мая"), None);
        assert_eq!(division("Глава 5. Сады"), Some("H"));
        assert_eq!(division("Глава 5"), Some("H"));
        assert_eq!(division("Глава 5 настоящего Кодекса"), None);
        assert_eq!(division("Раздел IV. САДЫ"), Some("T"));
        assert_eq!(division("ЧАСТЬ ПЕРВАЯ"), Some("T"));
        assert_eq!(division("Часть вторая"), Some("T"));
        assert_eq!(division("Часть вторая утратила силу."), None);
        assert_eq!(division("Часть 2"), None);
    }

    #[test]
    fn items_begin_with_numbers_or_letters() {
        assert!(item("3) яблоки;") && item("7.1)груши") && item("2.Сад") && item("б) сливы"));
        assert!(!item("2016 год") && !item("12.05.2024") && !item("в саду"));
        assert!(ends("сад.") && ends("сад»;") && !ends("в 2016 г.") && !ends("сад"));
    }
}

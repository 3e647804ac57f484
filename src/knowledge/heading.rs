//! Headings: «Статья 312.1. …», «Глава I. …», «РАЗДЕЛ IX. …».

use crate::law::citation::is_number;
use crate::law::text::ordinal;

/// A heading line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heading {
    /// Number and what stands behind it on the line.
    Article(String, String),
    Chapter(String, String),
    Section(String, String),
    Division(String, String),
}

/// Where an act writes its article headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArticleStyle {
    /// Class `H`, as in the codes.
    Headed,
    /// Class `T`, number alone, as in the Constitution.
    Titled,
    /// At the start of the body, as in short laws.
    Inline,
}

/// Reads a heading, or nothing if the line is none in an act of this style.
pub(super) fn heading(class: &str, text: &str, style: ArticleStyle) -> Option<Heading> {
    let article_class = match style {
        ArticleStyle::Headed => class == "H",
        ArticleStyle::Titled => class == "T",
        ArticleStyle::Inline => class.is_empty(),
    };
    if article_class && let Some((number, rest)) = article(text) {
        return Some(Heading::Article(number, rest));
    }
    if !matches!(class, "H" | "T" | "C") {
        return None;
    }
    if let Some(number) = division(text).filter(|_| class == "T") {
        return Some(Heading::Division(number, String::new()));
    }
    let (word, rest) = text.split_once(' ')?;
    let lower = word.to_lowercase();
    let (number, title) = numbered(rest)?;
    match lower.as_str() {
        "раздел" => Some(Heading::Section(number, title)),
        "глава" => Some(Heading::Chapter(number, title)),
        "подраздел" => Some(Heading::Division(number, title)),
        "часть" if class == "T" => Some(Heading::Division(number, title)),
        _ => None,
    }
}

/// Reads «Часть первая», «ОБЩАЯ ЧАСТЬ»: the word that tells one part of a code from the others, in capitals.
fn division(text: &str) -> Option<String> {
    let lower = text.to_lowercase();
    let number = match lower.split_once(' ')? {
        ("часть", number) if ordinal(number).is_some() => number,
        (name @ ("общая" | "особенная"), "часть") => name,
        _ => return None,
    };
    Some(number.to_uppercase())
}

/// Reads «Статья 81. Название»: the number and the rest. Lines such as «Статья в редакции» are none.
pub(super) fn article(text: &str) -> Option<(String, String)> {
    let rest = text
        .strip_prefix("Статья ")
        .or_else(|| text.strip_prefix("СТАТЬЯ "))?;
    let end = rest
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | '-')))
        .unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches(['.', '-']);
    let tail = rest[number.len()..].trim_start_matches(['.', ' ']);
    // Between the number and the title stands a dot, a space, or nothing at the line's end.
    let bounded = rest[number.len()..].is_empty() || rest[number.len()..].starts_with(['.', ' ']);
    (is_number(number) && bounded).then(|| (number.to_owned(), tail.to_owned()))
}

/// Reads the number of a chapter or section: Arabic with an index, Roman, or a word.
fn numbered(rest: &str) -> Option<(String, String)> {
    let end = rest.find(' ').unwrap_or(rest.len());
    let number = rest[..end].trim_end_matches('.');
    let roman = !number.is_empty()
        && number.chars().all(|c| {
            matches!(
                c,
                'I' | 'V' | 'X' | 'L' | 'C' | '.' | '-' | '0'..='9' | 'Х' | 'І'
            )
        });
    let word = !number.is_empty() && number.chars().all(|c| c.is_uppercase());
    (is_number(number) || roman || word).then(|| (number.to_owned(), rest[end..].trim().to_owned()))
}

/// Reads «§ 1. Заём», a heading between chapter and article: «§ 1» and the title.
pub(super) fn paragraph_sign(text: &str) -> Option<(String, String)> {
    let (number, title) = inner_heading(text.strip_prefix('§')?.trim_start())?;
    Some((format!("§ {number}"), title))
}

/// Reads «1. Общие положения»: number and title.
pub(super) fn inner_heading(text: &str) -> Option<(String, String)> {
    let (number, title) = text.split_once(' ')?;
    let number = number.strip_suffix('.')?;
    let short = title.chars().count() <= 200;
    (is_number(number) && short).then(|| (number.to_owned(), title.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_are_told_from_notes() {
        assert_eq!(
            article("Статья 312.1. Общие положения"),
            Some(("312.1".into(), "Общие положения".into()))
        );
        assert_eq!(
            article("Статья 348.11-1. Особенности"),
            Some(("348.11-1".into(), "Особенности".into()))
        );
        assert_eq!(article("Статья 7."), Some(("7".into(), String::new())));
        assert_eq!(article("Статья в редакции"), None);
    }

    #[test]
    fn chapters_are_numbered_in_both_scripts() {
        let read = |text: &str| heading("H", text, ArticleStyle::Headed);
        assert_eq!(
            read("ГЛАВА 36.1. РАССЛЕДОВАНИЕ"),
            Some(Heading::Chapter("36.1".into(), "РАССЛЕДОВАНИЕ".into()))
        );
        assert_eq!(
            read("Глава IV. ЗАЩИТА"),
            Some(Heading::Chapter("IV".into(), "ЗАЩИТА".into()))
        );
        assert_eq!(
            heading("T", "ЧАСТЬ ПЕРВАЯ", ArticleStyle::Headed),
            Some(Heading::Division("ПЕРВАЯ".into(), String::new()))
        );
        assert_eq!(
            heading("T", "Часть вторая", ArticleStyle::Headed),
            Some(Heading::Division("ВТОРАЯ".into(), String::new()))
        );
        assert_eq!(
            heading("T", "ОБЩАЯ ЧАСТЬ", ArticleStyle::Headed),
            Some(Heading::Division("ОБЩАЯ".into(), String::new()))
        );
        assert_eq!(
            heading("", "Глава 5 настоящего Кодекса", ArticleStyle::Headed),
            None
        );
    }
}

//! Publishers' notes that carry no mark: found by comparison with another copy of the same edition.

use std::collections::HashSet;

use super::amend;
use crate::law::text::normalise;

/// Returns which paragraphs of `a` look like a publisher's note and are missing in `other`, another copy of the same edition.
///
/// Both are paragraphs of the act in order. What is compared are letters and digits only, so that quotes, dashes, `N` and `№`, and
/// amendment notes at the end do not matter. Looking like a note alone proves nothing: the other copy must lack the paragraph.
/// Costs one pass over both.
pub fn unmarked(a: &[String], other: &[String]) -> Vec<usize> {
    let known = other.iter().map(|p| key(p)).collect::<HashSet<_>>();
    let missing = |p: &str| !known.contains(&key(p));
    (0..a.len())
        .filter(|i| looks_like_note(&a[*i]) && missing(&a[*i]))
        .collect()
}

/// Letters and digits of the text without its amendment notes.
fn key(paragraph: &str) -> String {
    let (text, _) = amend::peel(paragraph);
    normalise(&text)
        .replace('№', "n")
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// Whether a paragraph speaks about the act from outside: it names a piece of an article by the article's number, and says of it
/// that a court judged it, from when it acts, or to what it applies.
fn looks_like_note(paragraph: &str) -> bool {
    const BEGINS: [&str; 14] = [
        "действие част",
        "действие пункт",
        "действие стать",
        "действие абзац",
        "положени",
        "часть ",
        "части ",
        "пункт ",
        "абзац ",
        "статья ",
        "норм",
        "взаимосвязанн",
        "о ",
        "об ",
    ];
    const SAYS: [&str; 11] = [
        "не соответствующ",
        "не противоречащ",
        "конституционн",
        "распространяется на правоотношения",
        "распространяются на правоотношения",
        "применя",
        "не являются основанием",
        "вступает в силу",
        "вступают в силу",
        " см. ",
        "приостановлен",
    ];
    let text = normalise(paragraph);
    let begins = BEGINS.iter().any(|b| text.starts_with(b));
    let says = SAYS.iter().any(|s| text.contains(s));
    // A law calls itself «настоящий Кодекс», a publisher «данный документ»; a law writes its dates in words.
    let (plain, _) = amend::peel(&text);
    let outside = text.contains("данного документа") || amend::has_date(&plain);
    names_an_article(&text) && (begins && says || outside)
}

/// «статьи 135», «ст. 4» without «настоящего» behind.
fn names_an_article(text: &str) -> bool {
    ["статьи ", "статей ", "статья ", "ст. "]
        .iter()
        .any(|word| {
            text.match_indices(word).any(|(at, _)| {
                let rest = &text[at + word.len()..];
                let number = rest.split(' ').next().unwrap_or_default();
                let behind = rest[number.len()..].trim_start();
                number.starts_with(|c: char| c.is_ascii_digit()) && !behind.starts_with("настоящ")
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn a_note_is_what_the_other_copy_lacks() {
        let a = lines(&[
            "Сад принадлежит садовнику (в ред. Закона от 01.02.2003 N 4-ФЗ)",
            "Часть вторая статьи 5 признана не соответствующей Конституции.",
            "Положения статьи 6 настоящего Закона применяются весной.",
            "Действие части первой статьи 7 распространяется на правоотношения с 1 мая.",
            "Новый абзац, которого нет в другой копии.",
            "Садовники, которые сажают до 01.03.2023, указаны в части 4 статьи 12 (в редакции закона).",
        ]);
        let other = lines(&[
            "Сад принадлежит садовнику",
            "Положения статьи 6 настоящего Закона применяются весной.",
        ]);
        assert_eq!(unmarked(&a, &other), [1, 3, 5]);
        assert!(unmarked(&a, &a).is_empty());
    }
}

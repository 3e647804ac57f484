//! The numbers that lines of a local act begin with: «5.», «5.4.», «V.», «Раздел 5.».

use crate::knowledge::heading::{ArticleStyle, Heading, heading};
use crate::law::citation::is_number;

/// Longer lines are no headings.
const LONGEST_HEADING: usize = 200;
/// How many numbers may be missing between two points.
const MOST_MISSING: u32 = 5;

/// The number of a point, level by level, and the words behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Label<'t> {
    pub levels: Vec<u32>,
    pub number: String,
    pub rest: &'t str,
}

/// Reads «5. Текст», «5.4. Текст», «5.4 Текст»; «5 дней» and «5.4 процента» are none.
pub(super) fn label(text: &str) -> Option<Label<'_>> {
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    let number = text[..end].trim_end_matches('.');
    if !is_number(number) {
        return None;
    }
    let dotted = end > number.len();
    let rest = text[end..].trim_start();
    let spaced = rest.len() < text.len() - end;
    let begins = rest.starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '"'));
    let is_label = match number.contains('.') {
        _ if dotted => spaced || begins,
        true => spaced && begins,
        false => false,
    };
    let levels = number.split('.').map(|n| n.parse().ok());
    Some(Label {
        levels: levels.collect::<Option<Vec<u32>>>()?,
        number: number.to_owned(),
        rest,
    })
    .filter(|_| is_label && !rest.is_empty())
}

/// Whether `next` goes on counting behind `last`: the next one on some level, or the first one below.
pub(super) fn follows(last: &[u32], next: &[u32]) -> bool {
    let shared = last.iter().zip(next).take_while(|(a, b)| a == b).count();
    let first_ones = |levels: &[u32]| levels.iter().all(|n| *n == 1);
    let Some(differs) = next.get(shared) else {
        return false;
    };
    let before = last.get(shared).copied().unwrap_or(0);
    let near = *differs > before && differs - before <= MOST_MISSING;
    near && first_ones(&next[shared + 1..])
}

/// Whether `next` begins to count: in a section of number `section`, its own points do.
pub(super) fn begins(next: &[u32], section: Option<u32>) -> bool {
    let first_ones = |levels: &[u32]| levels.iter().all(|n| *n == 1);
    match next {
        [one] => *one == 1,
        [top, below @ ..] => (section == Some(*top) || *top == 1) && first_ones(below),
        [] => false,
    }
}

/// The heading of a section: its number as it stands, as a figure, and its title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Titled {
    pub number: String,
    pub figure: Option<u32>,
    pub title: String,
}

/// Reads «Раздел 5. Оплата труда», «Глава II», «V. ОПЛАТА ТРУДА».
pub(super) fn section(text: &str) -> Option<Titled> {
    if text.chars().count() > LONGEST_HEADING || text.ends_with([';', ':', ',']) {
        return None;
    }
    let found = |number: &str, title: &str| Titled {
        figure: number.parse().ok().or_else(|| roman(number)),
        number: number.to_owned(),
        title: title.trim_end_matches('.').to_owned(),
    };
    if let Some((number, title)) = text.split_once('.')
        && roman(number).is_some()
        && title
            .trim_start()
            .starts_with(|c: char| c.is_uppercase() || c == '«')
    {
        return Some(found(number, title.trim_start()));
    }
    // «Раздел 5 настоящего договора не действует.» is a sentence.
    let sentence = text.ends_with('.') && text.split(' ').nth(1).is_some_and(|n| !n.contains('.'));
    match heading("H", text, ArticleStyle::Titled).filter(|_| !sentence)? {
        Heading::Section(number, title) | Heading::Chapter(number, title) => {
            Some(found(&number, &title))
        }
        Heading::Article(..) | Heading::Division(..) => None,
    }
}

/// Whether the words behind a section's number read as a title: short, and no sentence.
pub(super) fn is_title(words: &str) -> bool {
    words.chars().count() <= LONGEST_HEADING
        && !words.ends_with(['.', ';', ':', ','])
        && words.starts_with(|c: char| c.is_uppercase() || c == '«')
}

/// The figure of a Roman number below 40, in Latin letters or the Cyrillic ones that look like them.
fn roman(number: &str) -> Option<u32> {
    let value = |c: char| match c {
        'I' | 'І' => Some(1),
        'V' => Some(5),
        'X' | 'Х' => Some(10),
        _ => None,
    };
    let figures = number.chars().map(value).collect::<Option<Vec<u32>>>()?;
    if figures.is_empty() || figures.len() > 7 {
        return None;
    }
    let mut sum = 0;
    for (at, figure) in figures.iter().enumerate() {
        // A smaller one before a greater one is taken off: IX.
        let next = figures.get(at + 1).copied().unwrap_or(0);
        sum += i64::from(*figure) * if next > *figure { -1 } else { 1 };
    }
    u32::try_from(sum).ok().filter(|n| *n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_told_from_figures() {
        let number = |text| label(text).map(|l| l.number);
        assert_eq!(number("5. Оплата труда"), Some("5".into()));
        assert_eq!(number("5.4. Текст"), Some("5.4".into()));
        assert_eq!(number("5.4.Текст"), Some("5.4".into()));
        assert_eq!(number("2.3.1 Текст"), Some("2.3.1".into()));
        for text in [
            "5 дней",
            "5.4 процента",
            "2026 год",
            "01.02.2026 г.",
            "1) пункт",
            "5.",
            "",
        ] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn counting_goes_on_or_begins() {
        for (last, next, goes_on) in [
            (&[5][..], &[5, 1][..], true),
            (&[5, 1], &[5, 2], true),
            (&[5, 1], &[5, 4], true),
            (&[5, 3], &[6], true),
            (&[5, 3], &[6, 1], true),
            (&[5, 3, 2], &[5, 4], true),
            (&[5, 3], &[5, 3, 1], true),
            (&[5, 3], &[5, 2], false),
            (&[5, 3], &[1], false),
            (&[5, 3], &[12], false),
            (&[5, 3], &[5, 3], false),
        ] {
            assert_eq!(follows(last, next), goes_on, "{last:?} {next:?}");
        }
        assert!(begins(&[4, 1], Some(4)) && begins(&[1], Some(4)));
        assert!(!begins(&[3], None) && !begins(&[5, 1], Some(4)));
    }

    #[test]
    fn headings_are_told_from_sentences() {
        let read = |text| section(text).map(|s| (s.figure, s.title));
        let paid = Some((Some(5), "Оплата труда".to_owned()));
        assert_eq!(read("V. Оплата труда"), paid);
        assert_eq!(read("Раздел 5. Оплата труда"), paid);
        assert_eq!(read("РАЗДЕЛ V. Оплата труда."), paid);
        assert_eq!(read("IX. Отпуска").map(|s| s.0), Some(Some(9)));
        assert_eq!(read("Раздел 5 договора не действует."), None);
        assert_eq!(read("В. Сидоров"), None);
    }
}

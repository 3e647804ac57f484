//! Parts, points and paragraphs of which only the word stands that they are repealed.

use super::count::count;
use super::marks::normal;

/// What is left of repealed norms: for each one the text that stays and the note.
pub(super) type Left = Vec<(String, String)>;

/// Reads a line such as «Часть вторая утратила силу.», «5) утратил силу;», «Утратила силу с 1 мая 2005 г.».
///
/// Returns one item for every norm it speaks of, in the form in which the official portal leaves them; nothing for other lines.
pub(super) fn read(text: &str) -> Option<Left> {
    let at = verb(text)?;
    let (subject, rest) = (text[..at].trim(), text[at..].trim());
    let rest = without_stop(rest);
    if !ends_note(rest) {
        return None;
    }
    let note = |label: &str| normal(&format!("{label}({})", capital(rest)));
    if subject.is_empty() {
        let label = if rest.to_lowercase().starts_with("утратил силу") {
            "Абзац. "
        } else {
            "Часть. "
        };
        return starts_upper(text).then(|| vec![(String::new(), note(label))]);
    }
    if is_bare_number(subject) {
        return Some(vec![(subject.to_owned(), note(""))]);
    }
    let (word, which) = subject.split_once(' ').unwrap_or((subject, ""));
    let label = match word.to_lowercase().as_str() {
        "часть" | "части" => "Часть. ",
        "абзац" | "абзацы" => "абзац. ",
        "наименование" | "примечание" | "примечание." => {
            let whole = without_stop(text);
            return Some(vec![(String::new(), normal(&format!("({whole})")))]);
        }
        _ => return None,
    };
    let count = count(which)?;
    let first = note(&format!("{subject}. "));
    let rest = (1..count).map(|_| (String::new(), note(label)));
    Some(
        std::iter::once((String::new(), first))
            .chain(rest)
            .collect(),
    )
}

/// Splits «Статья 7. Утратила силу. - …» into heading and note.
pub(super) fn of_heading(text: &str) -> Option<(String, String)> {
    let at = verb(text)?;
    let head = text[..at].trim_end();
    let rest = without_stop(&text[at..]);
    (starts_upper(rest) && ends_note(rest)).then(|| (head.to_owned(), normal(&format!("({rest})"))))
}

/// A line without the sign at its end; the dot of «г.» stays.
fn without_stop(text: &str) -> &str {
    let text = text.trim_end().trim_end_matches(';');
    match text.ends_with("г.") {
        true => text,
        false => text.trim_end_matches('.'),
    }
}

/// Where «утратил силу» or «исключена» begins.
fn verb(text: &str) -> Option<usize> {
    // Only the first words can be the subject of such a line.
    let mut at = 0;
    for word in text.split_inclusive(' ').take(8) {
        let lower = word.trim().to_lowercase();
        let next = text[at + word.len()..].trim_start();
        let lost = lower.starts_with("утратил") && next.starts_with("силу");
        let out = ["исключен", "исключена", "исключены", "исключено"]
            .contains(&lower.trim_end_matches(['.', ';']));
        if lost || out {
            return Some(at);
        }
        at += word.len();
    }
    None
}

/// After the verb stands nothing, the day, or the law.
fn ends_note(rest: &str) -> bool {
    let words = rest
        .strip_prefix("утратил")
        .or_else(|| rest.strip_prefix("Утратил"))
        .map(|r| r.split_once(' ').map_or("", |(_, r)| r));
    let tail = match words {
        Some(words) => words.strip_prefix("силу").unwrap_or(words),
        None => rest.split_once(' ').map_or("", |(_, r)| r),
    };
    let tail = tail.trim_start_matches(['.', ',', ' ']);
    tail.is_empty()
        || (tail.starts_with("с ") || tail.starts_with("по истечении "))
            && tail.chars().count() < 200
        || tail.starts_with(['-', '–', '—', '('])
}

/// «5)», «2.1.», «в)».
fn is_bare_number(subject: &str) -> bool {
    let Some(number) = subject.strip_suffix([')', '.']) else {
        return false;
    };
    let digits = number.starts_with(|c: char| c.is_ascii_digit())
        && number
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    digits || number.chars().count() == 1 && number.starts_with(char::is_lowercase)
}

fn starts_upper(text: &str) -> bool {
    text.starts_with(char::is_uppercase)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(text: &str) -> Vec<String> {
        read(text)
            .unwrap_or_default()
            .into_iter()
            .map(|(text, note)| format!("{text}|{note}"))
            .collect()
    }

    #[test]
    fn repealed_norms_are_left_as_notes() {
        assert_eq!(
            notes("Часть вторая утратила силу."),
            ["|Часть вторая. (Утратила силу)"]
        );
        assert_eq!(
            notes("Части вторая - третья утратили силу. - Закон от 01.02.2003 N 4-ФЗ.").len(),
            2
        );
        assert_eq!(
            notes("Части 12 - 15 утратили силу с 1 мая 2020 г.").len(),
            4
        );
        assert_eq!(
            notes("абзац утратил силу. - Закон от 01.02.2003 N 4-ФЗ;"),
            ["|абзац. (Утратил силу. - Закон от 01.02.2003 № 4-ФЗ)"]
        );
        assert_eq!(notes("12) утратил силу;"), ["12)|(Утратил силу)"]);
        assert_eq!(
            notes("Утратила силу с 5 мая 2021 г."),
            ["|Часть. (Утратила силу с 5 мая 2021 г.)"]
        );
    }

    #[test]
    fn sentences_are_no_notes() {
        for text in [
            "Закон утратил силу давно",
            "документ, который утратил силу, не нужен",
            "Часть дела исключена",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
        assert_eq!(
            of_heading("Статья 7. Утратила силу. - Закон от 01.02.2003 N 4-ФЗ."),
            Some((
                "Статья 7.".to_owned(),
                "(Утратила силу. - Закон от 01.02.2003 № 4-ФЗ)".to_owned()
            ))
        );
    }
}

//! Lines that only say that a norm is no longer in force: «Часть вторая утратила силу. - Федеральный закон от …».

use super::amendment::normal;
use super::labels::{RANGE_LIMIT, labels, numbers};
use crate::knowledge::html::Block;
use crate::law::text::numbers_in;

/// The longest line that says a repeal, in bytes.
const LINE_LIMIT: usize = 1200;

/// Returns what stands for a line that says nothing but a repeal: one block for every norm it names, numbered as if the norm were
/// there; nothing for any other line.
pub(super) fn placeholders(text: &str) -> Option<Vec<Block>> {
    let (subject, what) = split(text)?;
    let note = format!("({what})");
    let first = subject.split([' ', '.']).next().unwrap_or("");
    let lower = first.to_lowercase();
    let blocks = match lower.as_str() {
        // ГАРАНТ leaves out what it is where the place says it: a feminine verb is about a part.
        "" if what.starts_with("Утратила") => counted("", "Часть", '.', &note),
        "" => return None,
        "часть" | "части" => counted(subject, "Часть", '.', &note),
        "абзац" | "абзацы" => counted(subject, first, ';', &note),
        "статья" | "статьи" => {
            let numbers = numbers(subject.get(first.len()..)?)?;
            let line = |n: String| block("H", format!("Статья {n}."), vec![note.clone()]);
            numbers.into_iter().map(line).collect()
        }
        "примечание" | "примечания" | "сноска" | "наименование" =>
        {
            vec![block("", String::new(), vec![format!("{subject} {note}")])]
        }
        _ => {
            let line = |n: String| block("", n, vec![note.clone()]);
            labels(subject)?.into_iter().map(line).collect()
        }
    };
    Some(blocks)
}

/// What is repealed, and the words about it in the official form.
fn split(text: &str) -> Option<(&str, String)> {
    let lower = text
        .get(..text.floor_char_boundary(LINE_LIMIT + 1))?
        .to_lowercase();
    // Lower-casing may change lengths in other scripts. The note is copied to every norm of a range.
    if lower.len() != text.len() || text.len() > LINE_LIMIT {
        return None;
    }
    let words = ["утратил", "исключен", "не применяется"];
    let at = words.iter().filter_map(|w| lower.find(w)).min()?;
    let subject = text.get(..at)?.trim();
    let said = text.get(at..)?.trim_end_matches(['.', ';', ',', ' ']);
    let ends = [
        "силу",
        "исключен",
        "исключена",
        "исключено",
        "исключены",
        "применяется",
    ];
    let spoken = said.split(['.', ' ']).take(2).collect::<Vec<_>>();
    let verb = spoken
        .iter()
        .rev()
        .find(|w| ends.contains(&w.to_lowercase().as_str()))?;
    let after = said.find(verb)? + verb.len();
    let rest = said.get(after..)?;
    let dated =
        rest.starts_with(" с ") && rest[" с ".len()..].starts_with(|c: char| c.is_ascii_digit());
    let by_law = rest
        .trim_start_matches('.')
        .trim_start()
        .starts_with(['-', '–', '—']);
    let is_bare = subject.chars().count() <= 80 && (rest.is_empty() || dated || by_law);
    is_bare.then(|| (subject, official(said)))
}

/// «утратила силу. - Федеральный …» → «Утратила силу - Федеральный …».
fn official(said: &str) -> String {
    let joined = [". - ", ". – ", ". — "]
        .iter()
        .fold(said.to_owned(), |text, gap| text.replacen(gap, " - ", 1));
    let mut chars = joined.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string());
    normal(&format!("{}{}", first.unwrap_or_default(), chars.as_str()))
}

/// «Часть вторая», «Части третья - пятая»: the counter knows them by the word at the note's beginning.
fn counted(subject: &str, word: &str, stop: char, note: &str) -> Vec<Block> {
    let values = numbers_in(subject)
        .into_iter()
        .map(|n| n.value as u32)
        .collect::<Vec<_>>();
    let count = match (values.first(), values.last()) {
        (Some(a), Some(b)) if is_range(subject) && b > a => {
            (b - a).saturating_add(1).min(RANGE_LIMIT) as usize
        }
        _ => values.len().clamp(1, RANGE_LIMIT as usize),
    };
    let mark = if subject.is_empty() {
        format!("{word}{stop} {note}")
    } else if subject.starts_with(word) {
        format!("{subject}{stop} {note}")
    } else {
        format!("{word}{stop} ({subject}) {note}")
    };
    let mut out = vec![block("", String::new(), vec![mark])];
    let more = block("", String::new(), vec![format!("{word}{stop} {note}")]);
    out.resize(count, more);
    out
}

fn is_range(text: &str) -> bool {
    [" - ", " – ", " — ", "-"].iter().any(|d| text.contains(d))
}

/// What is said about a norm that the line above names: «Утратил силу с 1 мая 2004 года. - Федеральный закон от …».
pub(super) fn of_line_above(text: &str) -> Option<String> {
    let (subject, what) = split(text)?;
    subject.is_empty().then(|| format!("({what})"))
}

fn block(class: &str, text: String, marks: Vec<String>) -> Block {
    Block {
        class: class.to_owned(),
        text,
        marks,
    }
}

#[cfg(test)]
#[path = "repeal_tests.rs"]
mod tests;

//! Markdown signs: heading marks, emphasis, list marks, escapes.

use super::lines::Line;
use crate::knowledge::laid::{Removed, RemovedWhy};

/// Takes the signs out of the lines of a Markdown text and puts them to `removed`; other texts stay as they are. Two passes.
pub(super) fn take_out(lines: Vec<Line>, removed: &mut Vec<Removed>) -> Vec<Line> {
    if !is_markdown(&lines) {
        return lines;
    }
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let (text, signs) = strip(&line.text);
        if !signs.is_empty() {
            removed.push(Removed {
                why: RemovedWhy::Markup,
                text: signs,
            });
        }
        if !text.is_empty() {
            out.push(Line { text, ..line });
        }
    }
    out
}

/// A heading mark, bold text, a link or a table's rule.
fn is_markdown(lines: &[Line]) -> bool {
    lines.iter().any(|l| {
        let text = l.text.as_str();
        let heading = text.trim_start_matches('#');
        let headed = heading.len() < text.len() && heading.starts_with(' ');
        headed || text.matches("**").count() >= 2 || text.contains("](") || text.starts_with("|--")
    })
}

/// The line without signs, and the signs.
fn strip(text: &str) -> (String, String) {
    let mut signs = String::new();
    if text.len() >= 3
        && text
            .chars()
            .all(|c| matches!(c, '-' | '=' | '*' | '|' | ':' | ' ' | '`'))
    {
        return (String::new(), text.to_owned());
    }
    let mut rest = text;
    for mark in [
        "> ", "###### ", "##### ", "#### ", "### ", "## ", "# ", "- ", "* ", "+ ",
    ] {
        if let Some(after) = rest.strip_prefix(mark) {
            signs.push_str(mark.trim());
            rest = after;
        }
    }
    let plain = unescape(&cells(rest, &mut signs), &mut signs);
    let bold = emphasis(&emphasis(&plain, "**", &mut signs), "__", &mut signs);
    (bold.trim().to_owned(), signs)
}

/// «| а | б |» → «а | б».
fn cells(text: &str, signs: &mut String) -> String {
    match text.strip_prefix('|').and_then(|t| t.strip_suffix('|')) {
        Some(inner) => {
            signs.push_str("||");
            inner.trim().to_owned()
        }
        None => text.to_owned(),
    }
}

/// «1\.» → «1.».
fn unescape(text: &str, signs: &mut String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation) {
            signs.push(c);
            out.extend(chars.next());
        } else {
            out.push(c);
        }
    }
    out
}

/// Pairs of a mark; one that stands alone is a footnote's star and stays.
fn emphasis(text: &str, mark: &str, signs: &mut String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(mark) {
        let Some((inner, tail)) = after.split_once(mark) else {
            break;
        };
        out.push_str(before);
        out.push_str(inner);
        signs.push_str(mark);
        signs.push_str(mark);
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    #[test]
    fn signs_go_and_the_text_stays() {
        let text = "# Указ\n1\\. **Важный** сад.\n- груши*\n---\n| а | б |";
        let mut removed = Vec::new();
        let lines = take_out(split(text), &mut removed);
        let texts = lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>();
        assert_eq!(texts, ["Указ", "1. Важный сад.", "груши*", "а | б"]);
        assert_eq!(removed.len(), 5);
    }

    #[test]
    fn a_text_without_signs_is_left_alone() {
        let mut removed = Vec::new();
        let lines = take_out(split("- тире в тексте\n* звёздочка"), &mut removed);
        assert_eq!(lines[0].text, "- тире в тексте");
        assert!(removed.is_empty());
    }
}

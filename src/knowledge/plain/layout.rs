//! Lines → paragraphs.

use super::lines::Line;
use super::wall::{Wall, goes_on};
use super::{cue, indented, wrapped};

/// Returns the paragraphs of a text. How its lines hang together is decided from the lines themselves: one paragraph a line, lines
/// wrapped at a margin, or paragraphs told by their indents. A few passes.
pub(super) fn paragraphs(lines: Vec<Line>) -> Vec<String> {
    let broken = lines
        .windows(2)
        .filter(|w| goes_on(&w[0].text, &w[1].text))
        .count();
    if broken * 8 < lines.len() {
        return whole(lines);
    }
    if is_indented(&lines) {
        return indented::paragraphs(&lines);
    }
    match Wall::find(&lines) {
        Some(wall) => wrapped::paragraphs(lines, &wall),
        None => whole(lines),
    }
}

/// Most lines at the margin, and a good share of them clearly inside.
fn is_indented(lines: &[Line]) -> bool {
    let inside = lines.iter().filter(|l| l.indent >= 2).count();
    let outside = lines.iter().filter(|l| l.indent == 0).count();
    inside * 20 > lines.len() && outside * 3 > lines.len()
}

/// One paragraph a line; a page's end may have cut one in two (items begin small too, but only behind a sign), and a label may
/// stand alone.
fn whole(lines: Vec<Line>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(lines.len());
    for line in lines {
        let joins = out.last().is_some_and(|last| {
            let small = line.text.starts_with(char::is_lowercase) && !cue::item(&line.text);
            let cut = small && !last.ends_with([')', ',']) && !cue::ends(last);
            let listed = is_open(last) && last.ends_with(',') && line.text.starts_with("от ");
            let begins = cue::point(&line.text) && !last.ends_with('-')
                || cue::article(&line.text).is_some()
                || cue::division(&line.text).is_some();
            cut || listed || is_label(last) && !begins
        });
        match out.last_mut().filter(|_| joins) {
            Some(last) => append(last, &line.text),
            None => out.push(line.text),
        }
    }
    out
}

/// «5)», «3-»: a label whose text stands on the next line.
fn is_label(text: &str) -> bool {
    cue::label(text).is_some_and(|(label, rest)| {
        let open = rest.is_empty() && label.ends_with('-');
        open || rest == ")"
    })
}

/// Appends a line to its paragraph; a word that was cut at its hyphen is put together.
pub(super) fn append(paragraph: &mut String, line: &str) {
    let mut tail = paragraph.chars().rev();
    let hyphen = tail.next() == Some('-') && tail.next().is_some_and(char::is_alphanumeric);
    let compound = hyphen && line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit());
    if !compound {
        paragraph.push(' ');
    }
    paragraph.push_str(line);
}

/// Whether a paragraph that began with a bracket is still in it.
pub(super) fn is_open(paragraph: &str) -> bool {
    paragraph.starts_with('(') && is_inside(paragraph)
}

/// Whether a paragraph has a bracket that is not closed yet; one too long for a law's is not looked at.
pub(super) fn is_inside(paragraph: &str) -> bool {
    let count = |sign| paragraph.matches(sign).count();
    paragraph.len() < 20_000 && count('(') > count(')')
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    #[test]
    fn whole_lines_stay_and_labels_find_their_text() {
        let lines = split("Статья 1. Сад\n1-\n6)\nпункты убраны.\nДругое.");
        assert_eq!(
            paragraphs(lines),
            ["Статья 1. Сад", "1-6) пункты убраны.", "Другое."]
        );
    }

    #[test]
    fn compounds_keep_their_hyphen() {
        let mut text = "садово-".to_owned();
        append(&mut text, "парковый (далее -");
        append(&mut text, "парк)");
        assert_eq!(text, "садово-парковый (далее - парк)");
    }
}

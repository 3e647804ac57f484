//! Where one paragraph ends and the next begins.

use super::super::line::Line;
use super::join::Vocabulary;
use super::measure::{Measure, Measures, near};

/// A paragraph and how it stands on the page.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::knowledge::pdf) struct Paragraph {
    pub text: String,
    /// Whether all its lines stand in the middle.
    pub centred: bool,
    /// Whether most of its first line is bold.
    pub bold: bool,
    /// Whether its first letter is bold.
    pub starts_bold: bool,
    /// Whether its letters are larger than those of the text.
    pub large: bool,
    /// Where its first line begins.
    pub left: f32,
}

/// Returns the paragraphs of the lines, and how many hyphens of torn words were taken out. Costs one pass.
pub(in crate::knowledge::pdf) fn paragraphs(
    lines: &[Line],
    measures: &Measures,
    vocabulary: &Vocabulary,
) -> (Vec<Paragraph>, usize) {
    let mut out: Vec<Paragraph> = Vec::new();
    let mut hyphens = 0;
    let mut before: Option<&Line> = None;
    for line in lines {
        let measure = measures.at(line);
        let goes_on = before.is_some_and(|b| belongs(b, line, measure));
        before = Some(line);
        if let Some(open) = out.last_mut().filter(|_| goes_on) {
            hyphens += usize::from(vocabulary.join(&mut open.text, &line.text));
            open.centred &= measure.is_centred(line);
            continue;
        }
        out.push(Paragraph {
            text: line.text.clone(),
            centred: measure.is_centred(line),
            bold: line.bold,
            starts_bold: line.starts_bold,
            large: line.size > measure.size + 0.8,
            left: line.left,
        });
    }
    (out, hyphens)
}

/// Words that begin a paragraph wherever they stand at the begin of a line.
fn begins_paragraph(line: &Line) -> bool {
    let text = line.text.as_str();
    let heading = ["Статья ", "Глава ", "ГЛАВА ", "Раздел ", "РАЗДЕЛ "]
        .iter()
        .any(|word| text.starts_with(word));
    heading && line.starts_bold || is_note_start(text)
}

/// Whether a line begins a publisher's note whose lines hang.
pub(in crate::knowledge::pdf) fn is_note_start(text: &str) -> bool {
    text.starts_with("ГАРАНТ:") || text.starts_with("Информация об изменениях:")
}

/// Whether a line goes on the paragraph of the line before it.
fn belongs(before: &Line, line: &Line, measure: &Measure) -> bool {
    let (a, b) = (before, line);
    let same_page = a.page == b.page;
    let step = a.y - b.y;
    let usual = measure.step * (a.size.max(b.size) / measure.size).max(1.0);
    let other_size = (a.size - b.size).abs() > measure.size * 0.12;
    if other_size
        || begins_paragraph(b)
        || same_page && (step < a.size * 0.3 || step > usual * 1.45)
    {
        return false;
    }
    let loose = same_page && step > usual * 1.2;
    match (measure.is_centred(a), measure.is_centred(b)) {
        (true, true) => {
            let title = is_heading(a) && !is_heading(b) && a.bold;
            return (same_page || goes_on(a, b) || title) && !loose && a.bold == b.bold;
        }
        (true, false) | (false, true) if a.bold != b.bold || loose => return false,
        _ => {}
    }
    if measure.is_indented(b) || b.begins {
        return false;
    }
    if measure.is_left(b) {
        return in_main_column(a, b, loose, measure);
    }
    in_other_column(a, b, loose, measure)
}

fn is_heading(line: &Line) -> bool {
    ["Статья ", "Глава ", "ГЛАВА ", "Раздел ", "РАЗДЕЛ "]
        .iter()
        .any(|word| line.text.starts_with(word))
}

/// The line begins at the left margin.
fn in_main_column(a: &Line, b: &Line, loose: bool, measure: &Measure) -> bool {
    if !(measure.is_left(a) || measure.is_indented(a)) {
        return false;
    }
    if goes_on(a, b) {
        return !loose || measure.indent.is_some();
    }
    if measure.had_room(a, b) {
        return false;
    }
    match measure.indent {
        Some(_) => true,
        None if loose => false,
        // Without indents the gap between pages says nothing: a full line that ends a sentence may end a paragraph too.
        None => a.page == b.page || !ends_sentence(&a.text),
    }
}

/// Hanging headings, notes, cells of tables.
fn in_other_column(a: &Line, b: &Line, loose: bool, measure: &Measure) -> bool {
    if loose {
        return false;
    }
    let same_page = a.page == b.page;
    let middle = (measure.left + measure.right) / 2.0;
    let right_aligned = same_page && near(a.right, b.right) && a.left > middle;
    if near(a.left, b.left) || right_aligned {
        let open_end = !ends_sentence(&a.text) || !measure.had_room(a, b);
        return goes_on(a, b) || same_page && open_end;
    }
    // The second line of a heading or a note hangs to the right of its first.
    let hangs = b.left > a.left;
    hangs && (is_heading(a) || is_note_start(&a.text) || !measure.had_room(a, b))
}

/// The sentence surely goes on.
fn goes_on(a: &Line, b: &Line) -> bool {
    !ends_sentence(&a.text) && b.text.starts_with(char::is_lowercase)
}

fn ends_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '»', '”', ')'])
        .ends_with(['.', ';', ':', '!', '?'])
        || text.ends_with(" -")
        || text.ends_with(" –")
}

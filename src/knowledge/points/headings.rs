//! Headings inside an act of points: «II. Порядок», «Раздел 2. Порядок», and those without a number.

use super::is_capitals;
use super::numbering::Numbering;
use crate::knowledge::act::NodeKind;
use crate::knowledge::heading::{ArticleStyle, Heading, heading};
use crate::knowledge::html::Block;

/// Longer lines are sentences.
const LONGEST: usize = 400;

/// A heading: kind, number (empty where it has none), title.
pub(super) type Found = (NodeKind, String, String);

/// Reads a numbered heading.
pub(super) fn numbered(block: &Block) -> Option<Found> {
    let text = block.text.as_str();
    let is_line = text.chars().count() <= LONGEST
        && !text.contains("....")
        && !text.ends_with(['.', ';', ':', ',']);
    if !is_line {
        return None;
    }
    if let Some((number, title)) = text.split_once(". ")
        && is_roman(number)
        && title.starts_with(|c: char| c.is_uppercase() || c == '"')
    {
        return Some((NodeKind::Section, number.to_owned(), title.to_owned()));
    }
    match heading("H", text, ArticleStyle::Titled)? {
        Heading::Chapter(number, title) => Some((NodeKind::Chapter, number, title)),
        Heading::Section(number, title) => Some((NodeKind::Section, number, title)),
        Heading::Article(..) | Heading::Division(..) => None,
    }
}

/// Reads a heading without a number at `at`: a line set as a title behind which the points go on, or one in capitals.
///
/// Returns the title and how many blocks it takes. Looks a few blocks ahead.
pub(super) fn unnumbered(
    blocks: &[Block],
    at: usize,
    numbering: &Numbering,
) -> Option<(String, usize)> {
    let first = &blocks[at];
    let titled = |b: &Block| matches!(b.class.as_str(), "T" | "H" | "C") && !b.text.is_empty();
    if !titled(first) || !is_title(&first.text) {
        return None;
    }
    let mut title = first.text.clone();
    for (taken, block) in blocks[at + 1..].iter().take(4).enumerate() {
        let text = block.text.as_str();
        if numbering.accepts(text).is_some() {
            return Some((title, taken + 1));
        }
        // Titles of several lines: the second goes on small, in brackets, or as a title too.
        let goes_on = titled(block)
            || text.chars().count() <= 300
                && text.starts_with(|c: char| c.is_lowercase() || c == '(')
                && text.contains(' ');
        if !goes_on {
            break;
        }
        title.push(' ');
        title.push_str(text);
    }
    let alone = first.class == "T" && is_capitals(&first.text) && first.text.contains(' ');
    alone.then(|| (first.text.clone(), 1))
}

/// Words that may be a title, and no formula, row of a table or beginning of a sentence.
fn is_title(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let word = text
        .split(' ')
        .any(|w| w.chars().filter(|c| c.is_alphabetic()).count() >= 4);
    text.starts_with(|c: char| c.is_uppercase() || c == '"')
        && word
        && letters >= 8
        && text.chars().count() <= LONGEST
        && !text.ends_with([',', ';', ':'])
}

/// Returns how many of these blocks are the title of an annex: set as titles or in capitals, up to the first heading of its own.
pub(super) fn title_of_annex(blocks: &[Block]) -> usize {
    // A title in capitals does not go on in small letters.
    let capitals = blocks.first().is_some_and(|b| is_capitals(&b.text));
    let belongs = |b: &Block| {
        let text = b.text.as_str();
        let titled = b.class == "T" || b.class == "H" || is_capitals(text);
        let second = text.split(' ').nth(1).unwrap_or("");
        let counted = second.starts_with(|c: char| c.is_ascii_digit()) || second == "N";
        let same = !capitals || is_capitals(text);
        titled && same && is_title(text) && !counted && numbered(b).is_none()
    };
    blocks.iter().take(6).take_while(|b| belongs(b)).count()
}

fn is_roman(number: &str) -> bool {
    !number.is_empty()
        && number.chars().count() <= 7
        && number
            .chars()
            .all(|c| matches!(c, 'I' | 'V' | 'X' | 'L' | 'Х' | 'І'))
}

//! The head of an act: titles, who passed it, what amended it.

mod signed;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use super::chatter::Kept;
use super::{amend, cue, layout, tail};
use crate::knowledge::html::Block;
use crate::knowledge::laid::{Removed, RemovedWhy};
use crate::law::text::{dates_in, normalise};
use signed::{edition, is_day, signed};

/// Lines that a list of amending laws may take.
const MOST_LINES: usize = 120;
/// ГАРАНТ's words behind a title.
const AMENDED: &str = "(с изменениями и дополнениями)";
const AMENDED_FROM: &str = "С изменениями и дополнениями от";

/// Returns how many paragraphs belong to the head: all before the first heading; in an act without articles, before its first point.
pub(super) fn length(kept: &[Kept]) -> usize {
    let heading = |k: &Kept| cue::article(&k.text).is_some() || cue::division(&k.text).is_some();
    let point = |k: &Kept| cue::part(&k.text) || cue::ends(&k.text) && k.text.len() > 300;
    let first = kept.iter().position(heading);
    first.or_else(|| kept.iter().position(point)).unwrap_or(0)
}

/// Returns the blocks of the head; titles that stand twice go to `removed`. One pass.
pub(super) fn blocks(kept: &[Kept], removed: &mut Vec<Removed>) -> Vec<Block> {
    let mut out = Vec::new();
    let mut seen = HashSet::new();
    let mut at = 0;
    while at < kept.len() {
        let text = kept[at].text.as_str();
        let rest = &kept[at..];
        let taken = passed(rest)
            .or_else(|| listed(rest))
            .or_else(|| bracket(rest));
        if let Some((block, count)) = taken {
            let lines = rest[..count].iter().map(|k| k.text.as_str());
            if !seen.insert(format!("{}{}", block.text, block.marks.concat())) {
                removed.extend(lines.map(twice));
            } else {
                // What became a mark is no text.
                if block.text.is_empty() {
                    removed.extend(lines.map(|l| Removed::new(RemovedWhy::AmendmentNote, l)));
                }
                out.push(block);
            }
            at += count;
            continue;
        }
        at += 1;
        if !seen.insert(normalise(text)) {
            removed.push(twice(text));
            continue;
        }
        if text == "Список изменяющих документов" {
            removed.push(Removed {
                why: RemovedWhy::EditorsNote,
                text: text.to_owned(),
            });
            continue;
        }
        let text = match text.strip_suffix(AMENDED) {
            Some(title) => {
                removed.push(Removed {
                    why: RemovedWhy::EditorsNote,
                    text: AMENDED.to_owned(),
                });
                title.trim_end()
            }
            None => text,
        };
        line(text, &mut out, removed);
    }
    out
}

fn twice(text: &str) -> Removed {
    Removed {
        why: RemovedWhy::PageFurniture,
        text: text.to_owned(),
    }
}

fn block(class: &str, text: &str) -> Block {
    Block {
        class: class.to_owned(),
        text: text.to_owned(),
        marks: Vec::new(),
    }
}

/// «Принят / Государственной Думой / 21 декабря 2001 года»: one line, up to its day.
fn passed(kept: &[Kept]) -> Option<(Block, usize)> {
    let first = kept.first()?.text.as_str();
    if !["Принят", "Одобрен", "Утвержден"]
        .iter()
        .any(|w| first.starts_with(w))
        || cue::ends(first)
    {
        return None;
    }
    let mut text = String::new();
    for (at, piece) in kept.iter().take(4).enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(&piece.text);
        if !dates_in(&piece.text, jiff::civil::Date::MAX).is_empty() {
            return Some((block("I", &text), at + 1));
        }
    }
    None
}

/// «С изменениями и дополнениями от: …» with its days on the lines below.
fn listed(kept: &[Kept]) -> Option<(Block, usize)> {
    if !kept.first()?.text.starts_with(AMENDED_FROM) {
        return None;
    }
    let days = |k: &&Kept| {
        k.text.starts_with(|c: char| c.is_ascii_digit()) || k.text.starts_with(AMENDED_FROM)
    };
    let count = 1 + kept[1..].iter().take_while(days).count();
    let mut mark = String::new();
    for piece in &kept[..count] {
        // The line stands twice in exports.
        if piece.text.starts_with(AMENDED_FROM) && !mark.is_empty() {
            continue;
        }
        if !mark.is_empty() {
            mark.push(' ');
        }
        mark.push_str(&piece.text);
    }
    let mut out = block("C", "");
    out.marks.push(format!("({mark})"));
    Some((out, count))
}

/// «(в ред. …», a list of laws on several lines, up to its closing bracket.
fn bracket(kept: &[Kept]) -> Option<(Block, usize)> {
    let mut text = String::new();
    for (at, piece) in kept.iter().take(MOST_LINES).enumerate() {
        if at > 0 {
            text.push(' ');
        }
        text.push_str(&piece.text);
        if !layout::is_open(&text) {
            let (rest, marks) = amend::peel(&text);
            let noted = rest.is_empty() && !marks.is_empty();
            let block = Block {
                marks,
                ..block("C", "")
            };
            return noted.then_some((block, at + 1));
        }
    }
    None
}

/// Any other line of the head.
fn line(text: &str, out: &mut Vec<Block>, removed: &mut Vec<Removed>) {
    let (text, stated) = edition(text);
    let text = text.as_str();
    let stated_pieces = stated.iter();
    removed.extend(stated_pieces.map(|s| Removed::new(RemovedWhy::AmendmentNote, s)));
    let (rest, mut marks) = amend::peel_into(text, removed);
    marks.splice(0..0, stated);
    if rest.is_empty() && !marks.is_empty() {
        let mut noted = block("C", "");
        noted.marks = marks;
        out.push(noted);
        return;
    }
    if let Some((title, signed, behind)) = signed(&rest) {
        let pieces = [("T", title), ("P", signed.as_str()), ("T", behind)];
        out.extend(
            pieces
                .into_iter()
                .filter(|(_, t)| !t.is_empty())
                .map(|(c, t)| block(c, t)),
        );
    } else if tail::is_number(&rest) {
        out.push(block("P", &amend::normal(&rest)));
    } else if is_day(&rest)
        || text.starts_with("По состоянию на")
        || text.starts_with('№')
        || text.starts_with("г. ")
    {
        out.push(block("P", &rest));
    } else {
        let title = rest.chars().count() <= 500 && (!cue::ends(&rest) || cue::is_capitals(&rest));
        out.push(block(if title { "T" } else { "" }, &rest));
    }
    if let Some(last) = out.last_mut() {
        last.marks.extend(marks);
    }
}

//! Plain text and Markdown: paragraphs of a law with their class, text and amendment notes.
//!
//! The way: lines → without page furniture and signs of Markdown → paragraphs → without publishers' notes → blocks → indexes
//! put right.

mod amend;
mod body;
mod chatter;
mod cue;
mod editors;
mod furniture;
mod head;
mod indented;
mod indexes;
mod layout;
mod lines;
mod markdown;
mod merged;
mod repeal;
mod tail;
mod unmarked;
mod wall;
mod wrapped;

pub(super) use lines::clean;
pub use unmarked::unmarked;

use super::html::Block;
use super::laid::{Laid, Removed, RemovedWhy};
use super::unreadable::Unreadable;

/// Texts larger than this are no acts; the largest code has an eighth of it.
const MOST_BYTES: usize = 16 << 20;
/// Lines and paragraphs that an act may have; the largest has a thirtieth of it.
const MOST_LINES: usize = 1_000_000;

/// A paragraph as a reader found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Paragraph {
    pub text: String,
    /// The table cell it stands in, counted from 1; 0 outside tables.
    pub cell: usize,
}

impl Paragraph {
    #[cfg(test)]
    /// Returns a paragraph outside tables.
    pub fn plain(text: &str) -> Paragraph {
        Paragraph {
            text: text.to_owned(),
            cell: 0,
        }
    }
}

/// Returns the blocks of a text.
///
/// Fails on files of more than 16 MB or a million lines, and on numbers whose lost index cannot be told. A few passes.
pub(super) fn of_text(text: &str) -> Result<Laid, Unreadable> {
    if text.len() > MOST_BYTES * 2 {
        return Err(Unreadable::TooLarge);
    }
    let mut removed = Vec::new();
    if text.matches(['\n', '\r']).count() > MOST_LINES * 2 {
        return Err(Unreadable::TooLarge);
    }
    let lines = furniture::take_out(lines::split(text), &mut removed);
    let lines = markdown::take_out(lines, &mut removed);
    let texts = layout::paragraphs(lines);
    let paragraphs = texts.into_iter().map(|text| Paragraph { text, cell: 0 });
    let laid = of_paragraphs(paragraphs.collect(), removed)?;
    Ok(Laid {
        read: text.to_owned(),
        ..laid
    })
}

/// Returns the lines of any text as paragraphs, without signs of Markdown: for texts that nobody laid out as a law. A line that
/// goes on small behind one without an end is put together with it.
///
/// Fails on files of more than 32 MB or two million lines. One pass.
pub(super) fn of_any_text(text: &str) -> Result<Laid, Unreadable> {
    if text.len() > MOST_BYTES * 2 || text.matches(['\n', '\r']).count() > MOST_LINES * 2 {
        return Err(Unreadable::TooLarge);
    }
    let mut removed = Vec::new();
    let lines = markdown::take_out(lines::split(text), &mut removed);
    let mut blocks: Vec<Block> = Vec::new();
    for line in lines {
        let small = line.text.starts_with(char::is_lowercase) && !cue::item(&line.text);
        let open = |above: &&mut Block| small && !cue::ends(&above.text) && line.gap == 0;
        match blocks.last_mut().filter(open) {
            Some(above) => layout::append(&mut above.text, &line.text),
            None => blocks.push(Block {
                class: String::new(),
                text: line.text,
                marks: Vec::new(),
            }),
        }
    }
    Ok(Laid {
        blocks,
        removed,
        read: text.to_owned(),
    })
}

/// Returns the blocks of paragraphs that another reader found; `removed` is what it left out; what it read is for it to tell. Fails as [`blocks`] does.
pub(super) fn of_paragraphs(
    paragraphs: Vec<Paragraph>,
    removed: Vec<Removed>,
) -> Result<Laid, Unreadable> {
    if paragraphs.len() > MOST_LINES {
        return Err(Unreadable::TooLarge);
    }
    let mut removed = removed;
    let (stamps, paragraphs): (Vec<_>, Vec<_>) = paragraphs
        .into_iter()
        .partition(|p| furniture::is_database(&p.text));
    removed.extend(stamps.into_iter().map(|p| Removed {
        why: RemovedWhy::PageFurniture,
        text: p.text,
    }));
    let kept = chatter::take_out(paragraphs, &mut removed);
    let start = head::length(&kept);
    let (end, stop) = tail::place(&kept, start);
    let articles = kept.iter().any(|k| cue::article(&k.text).is_some());
    let mut blocks = head::blocks(&kept[..start], &mut removed);
    blocks.extend(body::blocks(&kept[start..end], articles, &mut removed));
    blocks.extend(tail::blocks(&kept[end..stop]));
    // What is approved by an act stands behind its signature.
    blocks.extend(body::blocks(&kept[stop..], articles, &mut removed));
    indexes::repair(&mut blocks, &mut removed)?;
    Ok(Laid {
        blocks,
        removed,
        read: String::new(),
    })
}

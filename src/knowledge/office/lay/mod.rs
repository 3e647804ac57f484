//! Lines of a document → the paragraphs that the portal's HTML gives.

mod amendment;
mod blocks;
mod editor;
mod head;
mod heading_line;
mod labels;
mod notes;
mod repeal;
mod table;

use super::document::Document;
use super::line::{Align, Line};
use crate::knowledge::html::Block;
use crate::knowledge::laid::{Laid, Removed, RemovedWhy};
use editor::{Aside, aside};
use heading_line::{class_of_heading, is_titled, portal_class};

/// The most norms that ranges of repeals may name in a document; the code of offences, the longest, has a few hundred.
const RANGE_TOTAL: usize = 20_000;

/// A note may go over several lines, but not over a page.
const NOTE_LINES: usize = 80;

/// Lays a document out: headings, body, notes at the block they stand at, remarks taken out. One pass; never fails, and keeps every
/// character in a block's text, in its marks, or in what was removed.
pub(super) fn lay(document: Document) -> Laid {
    let mut removed = document.removed;
    let lines = table::unfold(document.lines, &mut removed);
    let has_articles = lines
        .iter()
        .any(|l| l.text.starts_with("Статья ") && class_of_heading(l).is_some());
    let mut layer = Layer {
        out: Laid {
            blocks: Vec::new(),
            removed,
            read: document.read,
        },
        has_articles,
        in_head: true,
        last: Last::Blank,
        aside: None,
        version: Vec::new(),
        pending: Vec::new(),
        days: Vec::new(),
        note: None,
        knows_versions: false,
        in_ranges: 0,
        footnotes: Vec::new(),
    };
    for mut line in lines {
        layer.footnotes.append(&mut line.footnotes);
        layer.line(line);
        layer.add_footnotes();
    }
    layer.finish(&document.margins)
}

/// What the line above was, as far as the next one may go on with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Blank,
    /// A heading whose title may go on.
    Heading,
    /// A line set at the right, or the beginning of a signature.
    Right,
    Other,
}

/// A note whose bracket is still open.
struct OpenNote {
    text: String,
    lines: usize,
}

struct Layer {
    out: Laid,
    has_articles: bool,
    /// Whether no heading and no body was seen yet.
    in_head: bool,
    last: Last,
    aside: Option<Aside>,
    /// Lines of information on the version of what follows.
    version: Vec<String>,
    /// Notes for the next block.
    pending: Vec<String>,
    /// The days of changes at the head, in ГАРАНТ's form.
    days: Vec<String>,
    note: Option<OpenNote>,
    knows_versions: bool,
    /// Norms that ranges of repeals named so far.
    in_ranges: usize,
    /// Footnotes of the line that is being laid.
    footnotes: Vec<String>,
}

impl Layer {
    fn line(&mut self, line: Line) {
        if line.text.is_empty() {
            // Blank lines part a remark from what follows, but not its first words from the rest.
            self.aside = self.aside.filter(|a| *a == Aside::RemarkBegins);
            self.last = Last::Blank;
            return;
        }
        if self.goes_on_with_note(&line.text) {
            return;
        }
        self.aside = aside(&line, self.aside);
        if self.aside != Some(Aside::Version) {
            self.end_version();
        }
        if let Some(kind) = self.aside {
            return self.set_aside(kind, line.text);
        }
        if amendment::begins(&line.text) && self.take_note(&line.text) {
            return;
        }
        self.text(line);
    }

    /// A line of the act itself.
    fn text(&mut self, line: Line) {
        let above_is_title = self.out.blocks.last().is_some_and(|b| b.class == "T");
        if let Some(mark) = repeal::of_line_above(&line.text).filter(|_| above_is_title)
            && let Some(block) = self.out.blocks.last_mut()
        {
            block.marks.push(mark);
            self.remove(RemovedWhy::AmendmentNote, line.text);
            return;
        }
        if let Some(blocks) = repeal::placeholders(&line.text)
            .filter(|b| b.len() == 1 || self.in_ranges + b.len() <= RANGE_TOTAL)
        {
            self.in_ranges += if blocks.len() > 1 { blocks.len() } else { 0 };
            self.in_head = false;
            self.remove(RemovedWhy::AmendmentNote, line.text);
            for block in blocks {
                if !block.text.is_empty() {
                    self.remove(RemovedWhy::Written, block.text.clone());
                }
                self.push(block);
            }
            self.last = Last::Other;
            return;
        }
        if self.is_title_of_part(&line) || self.goes_on_with_title(&line) {
            self.extend(&line.text);
            return;
        }
        if let Some(class) = class_of_heading(&line) {
            self.in_head = false;
            self.add(class, line, Last::Heading);
            return;
        }
        if line.align == Align::End || self.is_signature(&line) {
            match self.last {
                Last::Right => self.extend(&line.text),
                _ => self.add("I", line, Last::Right),
            }
            return;
        }
        if let Some(class) = portal_class(&line.style) {
            self.in_head &= class != "H";
            return self.add(class, line, Last::Other);
        }
        if self.in_head {
            return self.head_line(line);
        }
        match is_titled(&line) || line.align == Align::Center && line.is_heading {
            true if self.has_articles => self.add("T", line, Last::Heading),
            true => self.add("H", line, Last::Heading),
            false => self.add("", line, Last::Other),
        }
    }

    fn head_line(&mut self, line: Line) {
        if head::is_date_and_number(&line.text) || head::is_adoption(&line.text) {
            return self.add("I", line, Last::Other);
        }
        if !heading_line::looks_like_heading(&line) {
            self.in_head = false;
            return self.add("", line, Last::Other);
        }
        let (title, rest) = head::split_title(&line.text);
        let (title, rest) = (title.to_owned(), rest.to_owned());
        self.push(Block {
            class: "T".to_owned(),
            text: title,
            marks: Vec::new(),
        });
        if !rest.is_empty() {
            self.push(Block {
                class: "I".to_owned(),
                text: rest,
                marks: Vec::new(),
            });
        }
        self.last = Last::Other;
    }
}

#[cfg(test)]
mod tests;

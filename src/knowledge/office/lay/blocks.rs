//! Which block a line goes to.

use super::heading_line::{class_of_heading, ends_with_name, is_titled};
use super::{Align, Block, Last, Layer, Line, Removed, RemovedWhy, amendment};

impl Layer {
    /// «ГРАЖДАНСКИЙ КОДЕКС …» and «ЧАСТЬ ПЕРВАЯ» below it are one title.
    pub(super) fn is_title_of_part(&self, line: &Line) -> bool {
        let after_code = self
            .out
            .blocks
            .last()
            .is_some_and(|b| b.class == "T" && b.text.to_lowercase().contains("кодекс"));
        self.in_head && after_code && line.text.to_lowercase().starts_with("часть ")
    }

    pub(super) fn goes_on_with_title(&self, line: &Line) -> bool {
        let same_look = is_titled(line) || line.align == Align::Center;
        let above = self.out.blocks.last().map_or("", |b| b.text.as_str());
        // An article's title is one paragraph everywhere; a chapter's is set line by line.
        let of_article = above.starts_with("Статья ");
        self.last == Last::Heading && same_look && !of_article && class_of_heading(line).is_none()
    }

    /// «Президент Российской Федерации В.Путин», «Президент», and the name below it.
    pub(super) fn is_signature(&self, line: &Line) -> bool {
        let text = line.text.as_str();
        let starts = text.starts_with("Президент ") || text == "Президент";
        let alone = matches!(text, "Президент" | "Президент Российской Федерации");
        let short = text.chars().count() <= 80;
        let goes_on =
            self.last == Last::Right && (text == "Российской Федерации" || ends_with_name(text));
        !self.in_head && short && (starts && (alone || ends_with_name(text)) || goes_on)
    }

    pub(super) fn add(&mut self, class: &str, line: Line, last: Last) {
        self.push(Block {
            class: class.to_owned(),
            text: line.text,
            marks: Vec::new(),
        });
        self.add_footnotes();
        self.last = last;
    }

    /// Lists what was taken out of the text, or was written into it.
    pub(super) fn remove(&mut self, why: RemovedWhy, text: String) {
        self.out.removed.push(Removed { why, text });
    }

    /// Adds the footnotes of the line.
    pub(super) fn add_footnotes(&mut self) {
        for note in std::mem::take(&mut self.footnotes) {
            self.remove(RemovedWhy::Written, "сноска:".to_owned());
            // The small letter makes it a paragraph of the part above, so that parts keep their numbers.
            self.push(Block {
                class: String::new(),
                text: format!("сноска: {note}"),
                marks: Vec::new(),
            });
        }
    }

    pub(super) fn push(&mut self, mut block: Block) {
        if let Some((text, note)) = amendment::split_trailing(&block.text) {
            let (text, note) = (text.to_owned(), note.to_owned());
            block.text = text;
            block.marks.push(amendment::normal(&note));
            self.remove(RemovedWhy::AmendmentNote, note);
        }
        block.marks.append(&mut self.pending);
        self.out.blocks.push(block);
    }

    pub(super) fn extend(&mut self, text: &str) {
        if let Some(block) = self.out.blocks.last_mut() {
            block.text.push(' ');
            block.text.push_str(text);
        }
    }
}

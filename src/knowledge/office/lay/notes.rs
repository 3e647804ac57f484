//! Notes and remarks between the lines of the act.

use super::{Aside, Laid, Last, Layer, NOTE_LINES, OpenNote, Removed, RemovedWhy, amendment, head};
use crate::knowledge::html::Block;

impl Layer {
    /// Takes a line that belongs to a note whose bracket is open.
    pub(super) fn goes_on_with_note(&mut self, text: &str) -> bool {
        let Some(mut note) = self.note.take() else {
            return false;
        };
        note.text.push(' ');
        note.text.push_str(text);
        note.lines += 1;
        match amendment::open_brackets(&note.text) {
            0 => self.mark(&note.text),
            _ if note.lines >= NOTE_LINES => self.give_up(&note.text),
            _ => self.note = Some(note),
        }
        true
    }

    /// Takes a line that begins a note; refuses text in brackets that is none.
    pub(super) fn take_note(&mut self, text: &str) -> bool {
        if amendment::is_note(text) {
            self.mark(text);
            return true;
        }
        let is_open = amendment::open_brackets(text) > 0 && text.contains(" от ")
            || text.ends_with(',') && amendment::open_brackets(text) > 0;
        if is_open {
            self.note = Some(OpenNote {
                text: text.to_owned(),
                lines: 1,
            });
        }
        is_open
    }

    /// Puts a note to the block it stands at; at the head it is a block of its own.
    fn mark(&mut self, text: &str) {
        let mark = amendment::normal(text);
        self.remove(RemovedWhy::AmendmentNote, text.to_owned());
        match self.out.blocks.last_mut().filter(|_| !self.in_head) {
            Some(block) => block.marks.push(mark),
            None => self.out.blocks.push(head_mark(mark)),
        }
        // A heading's title does not go on behind its note.
        self.last = Last::Other;
    }

    /// A bracket that was never closed was no note.
    fn give_up(&mut self, text: &str) {
        self.push(Block {
            class: String::new(),
            text: text.to_owned(),
            marks: Vec::new(),
        });
        self.last = Last::Other;
    }

    pub(super) fn set_aside(&mut self, kind: Aside, text: String) {
        match kind {
            Aside::Version => self.version.push(text.clone()),
            Aside::Days => {
                self.days.push(text.clone());
                return self.remove(RemovedWhy::AmendmentNote, text);
            }
            Aside::Furniture | Aside::Remark | Aside::RemarkBegins => {}
        }
        self.out.removed.push(Removed {
            why: kind.why(),
            text,
        });
    }

    /// Information on versions names the laws that changed what follows; a law that is still to enter into force changed nothing.
    pub(super) fn end_version(&mut self) {
        let version = std::mem::take(&mut self.version);
        self.knows_versions |= !version.is_empty();
        if !version.iter().any(|l| l.contains("будущую редакцию")) {
            let notes = version.iter().flat_map(|l| amendment::of_version(l));
            self.pending.extend(notes);
        }
    }

    /// Adds what the margins and the title page say about the edition.
    pub(super) fn finish(mut self, margins: &[String]) -> Laid {
        if let Some(note) = self.note.take() {
            self.give_up(&note.text);
        }
        self.end_version();
        let mut marks = Vec::new();
        if !self.days.is_empty() {
            marks.push(format!("({})", self.days.join(" ")));
        }
        let furniture = self
            .out
            .removed
            .iter()
            .filter(|r| r.why == RemovedWhy::PageFurniture);
        if let Some(day) = furniture
            .filter_map(|r| head::stated_edition(&r.text))
            .max()
        {
            marks.push(format!("(Редакция от {})", day.strftime("%d.%m.%Y")));
        } else if self.days.is_empty() && !self.knows_versions {
            let days = margins.iter().filter_map(|m| head::day_of_export(m));
            marks.extend(
                days.max()
                    .map(|d| format!("(По состоянию на {})", d.strftime("%d.%m.%Y"))),
            );
        }
        if let Some(last) = self.out.blocks.last_mut() {
            last.marks.append(&mut self.pending);
        }
        let marks = marks.into_iter().map(head_mark);
        self.out.blocks.splice(0..0, marks);
        self.out
    }
}

fn head_mark(mark: String) -> Block {
    Block {
        class: "C".to_owned(),
        text: String::new(),
        marks: vec![mark],
    }
}

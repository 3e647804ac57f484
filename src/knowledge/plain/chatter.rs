//! Takes the publishers' notes out of the paragraphs; the laws they name stay as facts.

use super::editors::{Mark, is_pointer, mark, sounds_like_news, sounds_like_note};
use super::{Paragraph, cue, repeal};
use crate::knowledge::laid::{Removed, RemovedWhy};
use crate::knowledge::notes::{amends, laws};

/// A paragraph of the act, and what a publisher told about its changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Kept {
    pub text: String,
    /// Amendment notes in our words: «(Изменение - Федеральный закон от 01.02.2003 № 4-ФЗ)».
    pub news: Vec<String>,
}

/// Returns the paragraphs without notes and puts the notes to `removed`. One pass.
pub(super) fn take_out(paragraphs: Vec<Paragraph>, removed: &mut Vec<Removed>) -> Vec<Kept> {
    let mut sieve = Sieve {
        mode: None,
        taken: 0,
        cell: 0,
        news: Vec::new(),
    };
    let mut out = Vec::with_capacity(paragraphs.len());
    for paragraph in paragraphs {
        if sieve.drops(&paragraph) {
            removed.push(Removed {
                why: RemovedWhy::EditorsNote,
                text: paragraph.text,
            });
            continue;
        }
        sieve.mode = None;
        out.push(Kept {
            text: paragraph.text,
            news: std::mem::take(&mut sieve.news),
        });
    }
    out
}

struct Sieve {
    /// What the last mark announced, while it lasts.
    mode: Option<Mark>,
    /// Paragraphs taken since.
    taken: usize,
    /// The table cell of the mark.
    cell: usize,
    /// Facts for the next paragraph that stays.
    news: Vec<String>,
}

impl Sieve {
    fn drops(&mut self, paragraph: &Paragraph) -> bool {
        let text = paragraph.text.as_str();
        if let Some((mark, behind)) = mark(text) {
            self.mode = Some(mark);
            self.taken = usize::from(!behind.is_empty());
            self.cell = paragraph.cell;
            self.learn(behind);
            return true;
        }
        if is_pointer(text) {
            if text.contains("будущую") {
                // What was told is not in this text yet.
                self.news.clear();
            }
            self.taken += 1;
            return true;
        }
        if cue::article(text).is_some() || cue::division(text).is_some() {
            return false;
        }
        if repeal::gone(text, true).is_some() || repeal::title_gone(text).is_some() {
            return false;
        }
        let drops = match self.mode {
            None => false,
            // A note in a box ends with the box.
            Some(_) if self.cell != 0 => paragraph.cell == self.cell,
            Some(Mark::Note) => self.taken == 0 || note_goes_on(text),
            Some(Mark::News) => sounds_like_news(text) && (self.taken == 0 || !cue::ends(text)),
        };
        if drops {
            self.taken += 1;
            self.learn(text);
        }
        drops
    }

    fn learn(&mut self, text: &str) {
        if self.mode == Some(Mark::News) {
            self.news.extend(fact(text));
        }
    }
}

fn note_goes_on(text: &str) -> bool {
    !cue::item(text) && (!cue::ends(text) || sounds_like_note(text))
}

/// The laws that a piece of news names, as an amendment note.
fn fact(text: &str) -> Option<String> {
    if text.contains("будет ") || text.contains("будут ") {
        return None;
    }
    let signed = text.replace(" N ", " № ");
    let named = laws(&signed)
        .into_iter()
        .filter(|(_, law)| amends(law))
        .map(|(date, law)| format!("от {} № {law}", date.strftime("%d.%m.%Y")))
        .collect::<Vec<_>>();
    let verb = if text.contains("дополн") {
        "Дополнение"
    } else if text.contains("новой редакции") {
        "Новая редакция"
    } else {
        "Изменение"
    };
    let law = match named.len() {
        0 => return None,
        1 => "Федеральный закон",
        _ => "Федеральные законы",
    };
    Some(format!("({verb} - {law} {})", named.join("; ")))
}

#[cfg(test)]
mod tests;

//! The body of an act: headings, paragraphs, amendment notes, repealed pieces.

use super::chatter::Kept;
use super::{amend, cue, repeal};
use crate::knowledge::html::Block;
use crate::knowledge::laid::{Removed, RemovedWhy};
use crate::knowledge::notes::repeals;

/// Returns the blocks of the body. `articles` tells whether the act has articles: without them a short line without a full stop is a
/// title; notes taken off go to `removed`. One pass; for every article one look ahead at its first paragraphs.
pub(super) fn blocks(kept: &[Kept], articles: bool, removed: &mut Vec<Removed>) -> Vec<Block> {
    let mut body = Body {
        out: Vec::with_capacity(kept.len()),
        removed,
        articles,
        numbered: !articles,
    };
    for (at, piece) in kept.iter().enumerate() {
        let from = body.out.len();
        body.paragraph(&piece.text, &kept[at + 1..]);
        let place = from.min(body.out.len().saturating_sub(1));
        if let Some(block) = body.out.get_mut(place) {
            block.marks.extend(piece.news.iter().cloned());
        }
    }
    body.out
}

struct Body<'r> {
    out: Vec<Block>,
    removed: &'r mut Vec<Removed>,
    articles: bool,
    /// Whether the open article numbers its parts.
    numbered: bool,
}

impl Body<'_> {
    fn paragraph(&mut self, text: &str, rest: &[Kept]) {
        let text = &tidy(text);
        if let Some((number, title)) = cue::article(text) {
            self.numbered = is_numbered(rest);
            return self.article(text, &number, &title);
        }
        let before = self.removed.len();
        let (plain, marks) = amend::peel_into(text, self.removed);
        if let Some(class) = cue::division(&plain) {
            return self.push(class, &plain, marks);
        }
        if plain.is_empty() {
            return self.note(marks);
        }
        if let Some(mark) = repeal::title_gone(text) {
            self.gone(text, before);
            return self.push("H", "", vec![mark]);
        }
        if self.title_goes_on(&plain) {
            if let Some(heading) = self.out.last_mut() {
                heading.text.push(' ');
                heading.text.push_str(&plain);
                heading.marks.extend(marks);
            }
            return;
        }
        if let Some(gone) = repeal::gone(text, self.numbered) {
            self.gone(text, before);
            for piece in gone {
                self.wrote(&piece.text);
                self.push("", &piece.text, vec![piece.mark]);
            }
            return;
        }
        if is_empty_piece(&plain) && marks.iter().any(|m| repeals(m)) {
            self.gone(text, before);
            return self.push("", "", vec![format!("{plain} {}", marks.join(" "))]);
        }
        let short = plain.chars().count() <= 300 && plain.starts_with(char::is_uppercase);
        let titled = !self.articles && short && !cue::ends(&plain) && !cue::item(&plain);
        self.push(if titled { "T" } else { "" }, &spaced(&plain), marks);
    }

    fn article(&mut self, text: &str, number: &str, title: &str) {
        if let Some(mark) = repeal::of_article(title) {
            let heading = format!("Статья {number}.");
            self.gone(text, self.removed.len());
            self.wrote(&heading);
            return self.push("H", &heading, vec![mark]);
        }
        let (plain, marks) = amend::peel_into(text, self.removed);
        self.push("H", &plain, marks);
    }

    /// The whole paragraph is a note; what was listed of it since `before` is not listed twice.
    fn gone(&mut self, text: &str, before: usize) {
        self.removed.truncate(before);
        self.removed
            .push(Removed::new(RemovedWhy::AmendmentNote, text));
    }

    /// Of a paragraph that was listed whole this much stays in the text.
    fn wrote(&mut self, text: &str) {
        if !text.is_empty() {
            self.removed.push(Removed::new(RemovedWhy::Written, text));
        }
    }

    /// A note alone is about what stands above it.
    fn note(&mut self, marks: Vec<String>) {
        match self.out.last_mut() {
            Some(above) => above.marks.extend(marks),
            None => self.push("C", "", marks),
        }
    }

    /// Chapters' titles in capitals may stand on several lines.
    fn title_goes_on(&self, text: &str) -> bool {
        self.out.last().is_some_and(|b| {
            let open = b.marks.is_empty() && cue::division(&b.text).is_some();
            let capitals = cue::is_capitals(b.text.splitn(3, ' ').nth(2).unwrap_or("А"));
            let part = b.text.starts_with("ЧАСТЬ ");
            open && capitals && !part && cue::is_capitals(text)
        })
    }

    fn push(&mut self, class: &str, text: &str, marks: Vec<String>) {
        self.out.push(Block {
            class: class.to_owned(),
            text: text.to_owned(),
            marks,
        });
    }
}

/// Whether the article that these paragraphs begin with numbers its parts.
fn is_numbered(rest: &[Kept]) -> bool {
    rest.iter()
        .take_while(|k| cue::article(&k.text).is_none())
        .find(|k| !amend::peel(&k.text).0.is_empty() && repeal::gone(&k.text, true).is_none())
        .is_some_and(|k| cue::part(&k.text))
}

/// «Часть.», «абзац;»: what the official text leaves of a repealed piece.
fn is_empty_piece(text: &str) -> bool {
    let word = text.trim_end_matches(['.', ';', ',']);
    matches!(word, "Часть" | "абзац" | "Абзац")
}

/// Spaces that links leave inside brackets and before signs.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split(' ') {
        let sign = word.starts_with([',', ';', ':', ')']) || word == ".";
        if !out.is_empty() && !out.ends_with('(') && !sign {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// «1.Текст» → «1. Текст».
fn spaced(text: &str) -> String {
    if !cue::part(text) && !cue::point(text) && !cue::subpoint(text) {
        return text.to_owned();
    }
    let end = text
        .find(|c: char| c.is_alphabetic() && !cue::subpoint(text))
        .or_else(|| text.find(')').map(|at| at + 1))
        .unwrap_or(text.len());
    let (label, rest) = text.split_at(end);
    match label.ends_with([')', '.']) && !rest.is_empty() && !rest.starts_with(' ') {
        true => format!("{label} {rest}"),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests;

//! What notes of one edition say about the newest change of a norm.

use super::{Certainty, LastChange, TermChanges};
use crate::law::Citation;
use jiff::civil::Date;

/// An amendment note of an edition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noted {
    /// What the note stands at.
    pub citation: Citation,
    pub signed: Date,
    pub law: String,
    /// «Дополнение частью».
    pub what: String,
}

/// What of a norm's text a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The norm's own words.
    Own,
    /// The norm with all that is in it.
    Whole,
    /// The heading of an article.
    Heading,
}

impl Noted {
    /// The norm that the note is about, and how much of it.
    ///
    /// Official texts put «Дополнение статьей» behind the last part of the article, and «Часть в редакции» behind the last line of
    /// the part.
    pub(super) fn scope(&self) -> (Citation, About) {
        let what = self.what.to_lowercase();
        let article = self.citation.article();
        if what.contains("наименован") {
            return (article, About::Heading);
        }
        if what.contains("стать") {
            return (article, About::Whole);
        }
        let part = Citation {
            part: self.citation.part.clone(),
            ..article
        };
        if what.contains("част") && part.part.is_some() {
            return (part, About::Whole);
        }
        let about = match what.contains("дополн") || what.contains("введен") {
            true => About::Whole,
            false => About::Own,
        };
        (self.citation.clone(), about)
    }
}

impl LastChange {
    pub(super) fn of(note: &Noted, facts: &TermChanges) -> Self {
        let known = facts.day(&note.law, note.signed, &note.citation);
        Self {
            law: note.law.clone(),
            signed: note.signed,
            day: known.unwrap_or(note.signed),
            certainty: match known {
                Some(_) => Certainty::Known,
                None => Certainty::NotBefore,
            },
        }
    }
}

/// The newest law that notes name at a norm's own words: what stands at the norm, or set anew what it lies in.
pub(super) fn of_own_words(
    norm: &Citation,
    notes: &[Noted],
    facts: &TermChanges,
) -> Option<LastChange> {
    let speaks = |note: &&Noted| {
        let (scope, about) = note.scope();
        match about {
            About::Whole => scope.contains(norm),
            About::Own | About::Heading => scope == *norm,
        }
    };
    let noted = notes.iter().filter(speaks);
    let newest = noted.max_by_key(|note| note.signed)?;
    Some(LastChange::of(newest, facts))
}

/// The change that a norm reads as it does since, for telling people why: the newest at it or in it that began by `since`.
pub fn last_change(
    norm: &Citation,
    notes: &[Noted],
    facts: &TermChanges,
    since: Date,
) -> Option<LastChange> {
    let inside = notes.iter().filter(|note| {
        let (scope, about) = note.scope();
        norm.contains(&scope) || about == About::Whole && scope.contains(norm)
    });
    let whole = facts.whole(norm).map(|change| LastChange {
        law: change.law.clone(),
        signed: change.signed,
        day: change.from,
        certainty: Certainty::Known,
    });
    inside
        .map(|note| LastChange::of(note, facts))
        .chain(whole)
        .filter(|change| change.day == since)
        .max_by_key(|change| change.signed)
}

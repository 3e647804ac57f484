//! From which day to which day a norm reads as it does: amendment notes of editions, and days that are known of laws.
//!
//! A note names the day of the amending law, and that day only bounds the beginning from below. Where the day on which the
//! change came into force is known, it stands in [`TermChanges`].

mod editions;
mod notes;

pub use editions::{DatedEdition, DatedNorm, spans, words};
pub use notes::{Noted, last_change};

use super::Citation;
use jiff::civil::Date;

/// Which texts a law's change dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Norms at which an edition notes the law.
    Noted,
    /// These norms and all in them, noted or not: the law set them anew.
    Whole,
}

/// The day on which a law's change to some norms came, or will come, into force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermChange {
    /// «91-ФЗ».
    pub law: String,
    pub signed: Date,
    pub from: Date,
    pub norms: Vec<Citation>,
    pub reach: Reach,
}

/// Days of laws that are known. Only what may compute is in here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TermChanges(Vec<TermChange>);

impl TermChanges {
    pub fn new(changes: Vec<TermChange>) -> Self {
        Self(changes)
    }

    pub fn all(&self) -> &[TermChange] {
        &self.0
    }

    /// The day on which a law's change to a norm came into force; nothing where none is known, or several are.
    pub fn day(&self, law: &str, signed: Date, norm: &Citation) -> Option<Date> {
        let mut found = None;
        for change in &self.0 {
            let here = change.law == law && change.signed == signed && touches(change, norm);
            if here && found.is_some_and(|day| day != change.from) {
                return None;
            }
            if here {
                found = Some(change.from);
            }
        }
        found
    }

    /// The changes that set a norm, or what it lies in, anew.
    pub fn whole(&self, norm: &Citation) -> impl Iterator<Item = &TermChange> {
        self.0.iter().filter(move |change| {
            change.reach == Reach::Whole && change.norms.iter().any(|one| one.contains(norm))
        })
    }
}

fn touches(change: &TermChange, norm: &Citation) -> bool {
    let mut norms = change.norms.iter();
    norms.any(|one| one.contains(norm) || norm.contains(one))
}

/// Whether a day is the one on which a text came into force, or only not later than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    Known,
    /// The law was signed on it; it acts since that day or a later one.
    NotBefore,
}

/// The newest change of a norm's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    pub law: String,
    pub signed: Date,
    pub day: Date,
    pub certainty: Certainty,
}

/// What says from which day a version is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// The day of the law is known: [`TermChanges`].
    TermChange,
    /// A note names the law: not before its day.
    AmendmentNote,
    /// Only the edition is known to have it.
    Edition,
    /// It changed somewhere between two editions that are held.
    BetweenEditions,
}

/// The days of a version as one edition has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: Option<Date>,
    pub basis: Basis,
    /// The day from which another text stands: of the next edition, or a known day before or after it.
    pub until: Option<Date>,
}

//! Local acts: whose they are, when they hold, and how they come in.

use crate::case::OrganisationId;
use crate::law::LocalKind;
use jiff::civil::Date;

/// What marks a norm as the union's own agreement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalMark {
    pub kind: LocalKind,
    /// The act as it is titled.
    pub title: String,
    pub from: Option<Date>,
    /// The last day in force; `None`: nobody knows of an end.
    pub last: Option<Date>,
}

/// A local act that is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalActLine {
    pub id: String,
    pub kind: LocalKind,
    pub title: String,
    pub owner: OrganisationId,
    pub owner_name: String,
    pub owner_path: String,
    pub signed: Option<Date>,
    /// First days of its editions, oldest first.
    pub editions: Vec<Date>,
    /// The last day in force; `None`: nobody knows of an end.
    pub last: Option<Date>,
    pub passages: i64,
}

impl LocalActLine {
    /// Whether it is over on `day`.
    pub fn is_over(&self, day: &Date) -> bool {
        self.last.is_some_and(|last| last < *day)
    }
}

/// A local act as somebody hands it in, beside its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLocalAct {
    pub owner: OrganisationId,
    pub kind: LocalKind,
    pub title: String,
    pub from: Date,
    pub last: Option<Date>,
    pub signed: Option<Date>,
}

use crate::case::{Actor, OrganisationId, PersonId, Role};

/// Somebody's open session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub actor: Actor,
    pub name: String,
    /// The token that every form of this session carries.
    pub csrf: String,
}

/// How long a session lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTerms {
    /// Without a page in between.
    pub idle_ms: i64,
    /// In any case.
    pub valid_ms: i64,
}

/// What a log-in needs of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub actor: Actor,
    pub password_hash: Option<String>,
}

/// Whose one-time link it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkOwner {
    pub actor: Actor,
    pub name: String,
    pub password: Password,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Password {
    Set,
    Missing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Throttle {
    Go,
    Wait { seconds: u64 },
}

/// A person as an administrator sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    pub id: PersonId,
    pub name: String,
    pub email: Option<String>,
    /// Roles with the name of the node each holds for.
    pub roles: Vec<(Role, String)>,
    pub password: Password,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    pub name: String,
    pub email: Option<String>,
    pub role: Role,
    pub organisation: OrganisationId,
}

/// What the check of the journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalState {
    pub rows: i64,
    /// Hash of the last row.
    pub head: String,
    /// The first row whose hash does not fit, if any.
    pub first_bad: Option<i64>,
    /// The latest rows: number, time, action, id of the subject.
    pub latest: Vec<(i64, i64, String, String)>,
}

/// Whether the desk can do its work, part by part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readiness {
    /// Parts without which pages can't be served.
    pub ready: bool,
    /// `name: state` lines.
    pub parts: Vec<(String, String)>,
}

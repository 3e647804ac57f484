use crate::case::OrganisationId;
use jiff::civil::Date;

/// Whose search it is: a member sees approved statements only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readers {
    /// Statements approved by a lawyer of this node or of one above it.
    Members {
        organisation: OrganisationId,
    },
    Lawyers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    pub text: String,
    pub on: Date,
    pub readers: Readers,
    pub limit: usize,
}

/// What a search brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Verbatim law.
    pub norms: Vec<Hit>,
    /// General notes in plain words.
    pub statements: Vec<Hit>,
    /// Clarifications, for those who answer and search; never for members.
    pub clarifications: Vec<PracticeHit>,
    /// Court acts, likewise.
    pub court_acts: Vec<PracticeHit>,
    /// Why the search is poorer than it should be, in words for people.
    pub trouble: Option<String>,
}

/// A clarification or court act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeHit {
    pub title: String,
    pub issuer: String,
    pub day: Option<Date>,
    pub number: Option<String>,
    pub url: Option<String>,
    /// The piece of it that fits best.
    pub text: String,
    /// Citations in canonical form.
    pub cites: Vec<String>,
    /// Those of them that read otherwise now than on its day.
    pub changed: Vec<String>,
    /// Whether that can't be told of some of them.
    pub unsure: bool,
}

/// A norm or a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Canonical citation of the norm, or id of the statement.
    pub id: String,
    pub title: String,
    pub text: String,
    /// Citations in canonical form; of a norm, its own.
    pub cites: Vec<String>,
    pub edition: Option<Date>,
    /// Up to which day the edition is known to be current.
    pub current_to: Option<Date>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActLine {
    pub id: String,
    pub title: String,
    pub edition: Date,
    pub current_to: Date,
}

/// The contents of an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActPage {
    pub line: ActLine,
    pub chapters: Vec<Chapter>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    pub title: String,
    pub articles: Vec<ArticleLine>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleLine {
    pub number: String,
    pub title: String,
    pub repealed: bool,
}

/// An article on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticlePage {
    pub act: String,
    pub act_title: String,
    pub number: String,
    pub title: String,
    pub on: Date,
    pub edition: Date,
    pub current_to: Date,
    pub parts: Vec<NormPart>,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// What is not known about this day, in words.
    pub doubt: Option<String>,
}

/// A part, point, subpoint or paragraph with its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormPart {
    pub citation: String,
    /// Inner norms that begin at the same place: each is an anchor too.
    pub also: Vec<String>,
    /// 1 for a part, 2 for a point, 3 for a subpoint.
    pub depth: u8,
    pub text: String,
    pub repealed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestChapter {
    pub title: String,
    pub articles: Vec<DigestArticle>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestArticle {
    /// `tk:80`.
    pub id: String,
    pub title: String,
    pub statements: usize,
    pub approved: usize,
}

/// A statement with the hash that an approval binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    pub id: String,
    pub sha256: String,
    pub article: String,
    pub text: String,
    pub cites: Vec<String>,
    pub conditions: Vec<String>,
    pub exceptions: Vec<String>,
    /// For this node, by a lawyer of it or of one above.
    pub approved: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementPick {
    pub id: String,
    pub sha256: String,
}

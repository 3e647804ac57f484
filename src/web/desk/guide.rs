//! What the pages of situations, everyday words, terms and sums need.

use super::{Readers, StatementLine, WordRun};
use crate::law::calc::{CalcError, Calculation};
use crate::law::deadline::Computed;
use jiff::civil::Date;

/// A kind of general note that a lawyer approves for members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteKind {
    Situations,
    Words,
    Terms,
    Sums,
}

impl NoteKind {
    pub const ALL: [Self; 4] = [Self::Situations, Self::Words, Self::Terms, Self::Sums];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Situations => "situations",
            Self::Words => "words",
            Self::Terms => "terms",
            Self::Sums => "sums",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Who looks at notes: those who work with them see all that stand, others what a lawyer approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Viewer {
    /// Nobody known: what any lawyer of the desk approved.
    Anyone,
    Known(Readers),
}

/// A note as a lawyer decides on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteLine {
    pub id: String,
    pub sha256: String,
    pub title: String,
    pub lines: Vec<CitedLine>,
    pub approved: bool,
}

/// How many notes of a kind stand, and how many are approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoteCount {
    pub kind: NoteKind,
    pub all: usize,
    pub approved: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitedLine {
    pub text: String,
    pub cites: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SituationLine {
    pub id: String,
    pub title: String,
    pub about: String,
    /// What it is about, `pay`.
    pub topic: &'static str,
}

/// A question to ask first, with what each answer changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLine {
    pub ask: String,
    pub answers: Vec<(String, CitedLine)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SituationPage {
    pub line: SituationLine,
    /// What the law says, in the order in which to tell it: only what the reader may see.
    pub statements: Vec<StatementLine>,
    pub facts: Vec<FactLine>,
    /// Lists by the word of their heading, `steps`, `keep` …
    pub lists: Vec<(&'static str, Vec<CitedLine>)>,
    pub terms: Vec<TermLine>,
    /// Names and titles in Russian and English.
    pub sums: Vec<SumLine>,
    pub related: Vec<SituationLine>,
    pub approved: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordLine {
    pub said: Vec<String>,
    pub legal: Vec<String>,
    pub meaning: String,
    pub cites: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermLine {
    pub rule: String,
    pub title: String,
    /// The event that it runs from.
    pub start: String,
    /// «3 месяца».
    pub length: String,
    /// Whether it lies before the event.
    pub before: bool,
    pub norm: String,
    pub notes: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SumLine {
    pub name: &'static str,
    pub title: (&'static str, &'static str),
    pub about: (&'static str, &'static str),
    pub norm: &'static str,
}

/// What came of a sum: the steps, or what to write otherwise.
pub type Summed = Result<Calculation, CalcError>;

/// A term to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermAsked {
    pub rule: String,
    pub from: Date,
}

/// A counted term with its rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedTerm {
    pub line: TermLine,
    pub computed: Computed,
}

/// A statement whose norm changed, with what changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedStatement {
    pub line: StatementLine,
    pub covers: Vec<String>,
    /// The edition that it was read against, and the newest one.
    pub written: Date,
    pub newest: Option<Date>,
    /// Each norm with its words before and now.
    pub norms: Vec<(String, Vec<WordRun>)>,
}

/// What a lawyer says in the place of a statement, or that it stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reworded {
    pub id: String,
    /// The hash of the wording that was on the page.
    pub sha256: String,
    pub text: String,
    pub conditions: Vec<String>,
    pub exceptions: Vec<String>,
    pub covers: Vec<String>,
}

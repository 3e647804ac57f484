use super::amendments::AmendmentWarning;
use super::guide::{SituationLine, TermLine};
use super::local::LocalMark;
use crate::case::policy::Shared;
use crate::case::{
    AnswerId, CaseId, MessageKind, OrganisationId, PersonId, Reason, Rendering, Status,
};
use jiff::civil::Date;

/// A question as a member typed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    pub organisation: OrganisationId,
    pub text: String,
    pub topic: Option<String>,
    /// The day when it happened, where the member said one.
    pub event_date: Option<Date>,
    /// Made with the form: a double submit is one case.
    pub key: String,
}

/// What the guard needs of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseHead {
    pub id: CaseId,
    pub path: String,
    pub member: PersonId,
    pub shared: Shared,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseLine {
    pub id: CaseId,
    pub number: i64,
    pub subject: String,
    pub status: Status,
    pub reason: Option<Reason>,
    pub topic: Option<String>,
    /// The node's name.
    pub organisation: String,
    pub lawyer: Option<String>,
    /// The last day of a term that a lawyer confirmed.
    pub deadline: Option<Date>,
    pub created_ms: i64,
    pub updated_ms: i64,
}

/// What was written in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    pub author: String,
    pub kind: MessageKind,
    pub text: String,
    pub at_ms: i64,
}

/// A case as its member sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberCase {
    pub line: CaseLine,
    pub event_date: Option<Date>,
    pub shared: Shared,
    pub letters: Vec<Letter>,
    /// Answers that were approved and delivered, oldest first.
    pub answers: Vec<Published>,
    /// Terms whose first day a lawyer confirmed, and no other.
    pub deadlines: Vec<DeadlineView>,
    pub events: Vec<Event>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    pub rendering: Rendering,
    pub approver: String,
    pub approved_ms: i64,
    pub sent_ms: i64,
}

/// A step that a case took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub at_ms: i64,
    /// A person's name; `None`: the machine.
    pub actor: Option<String>,
    pub to: Status,
    pub from: Status,
    pub reason: Option<Reason>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadlineView {
    pub rule: String,
    pub title: String,
    pub norms: Vec<String>,
    pub from: Option<Date>,
    pub due: Option<Date>,
    /// How it was counted, step by step.
    pub counted: Vec<String>,
    /// Who confirmed the first day.
    pub confirmed_by: Option<String>,
}

/// What a lawyer looks for in the queue; empty means everything that waits for a lawyer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueFilter {
    /// Empty: every state that waits for a lawyer.
    pub statuses: Vec<Status>,
    pub topic: Option<String>,
    pub text: Option<String>,
    pub organisation: Option<OrganisationId>,
    pub limit: usize,
}

/// A case as its lawyer sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskCase {
    pub line: CaseLine,
    pub member: String,
    pub event_date: Option<Date>,
    /// The day whose law was searched.
    pub on: Date,
    pub shared: Shared,
    pub letters: Vec<Letter>,
    pub facts: Vec<FactView>,
    pub draft: DraftView,
    pub sources: Vec<Source>,
    pub deadlines: Vec<DeadlineView>,
    /// Situations that are told like this, and the terms that a lawyer may confirm a first day for.
    pub situations: Vec<SituationLine>,
    pub more_terms: Vec<TermLine>,
    pub warnings: Vec<Warning>,
    /// Amendments without text that may touch what the answer quotes.
    pub amendments: Vec<AmendmentWarning>,
    pub answer: Option<Answer>,
    pub approval: Option<Approval>,
    pub answers: Vec<Published>,
    pub events: Vec<Event>,
}

/// A fact with its words in the question that was drafted last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactView {
    /// Offsets in Unicode characters of the question's text.
    pub start: usize,
    pub end: usize,
}

/// The draft (проект ответа), or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DraftView {
    /// The machine is at it.
    Coming,
    None {
        reason: Reason,
    },
    Ready {
        sentences: Vec<Sentence>,
        /// What wrote it: model and mode, or that code chose alone.
        made_by: String,
        note: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    pub text: String,
    pub norms: Vec<String>,
    pub flag: SentenceFlag,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SentenceFlag {
    Supported,
    Struck,
    Conflict,
    Unsupported,
}

/// A passage that was retrieved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    pub norm: String,
    pub title: String,
    pub text: String,
    pub edition: Date,
    pub current_to: Date,
    pub state: SourceState,
    /// Set where it is no law, but the union's own agreement.
    pub local: Option<LocalMark>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceState {
    InForce,
    Repealed,
    /// An amendment whose text is not held may touch it.
    Doubtful,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    pub kind: WarningKind,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WarningKind {
    Block,
    Warn,
    Info,
}

/// The answer (ответ) under a lawyer's hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub id: AnswerId,
    pub version: i64,
    pub rendering: Rendering,
    /// Hash of the rendering: what an approval binds.
    pub sha256: String,
    /// `None`: nobody touched the machine's draft.
    pub updated_by: Option<String>,
    pub updated_ms: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    pub by: String,
    pub approved_ms: i64,
    /// Until then it can be taken back.
    pub sends_at_ms: i64,
}

/// What a lawyer typed; quotes are named by their norms, the words come from the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedAnswer {
    /// The version that the lawyer had before them, 0 where there was no answer.
    pub expected_version: i64,
    pub text: String,
    pub norms: Vec<String>,
    pub on: Date,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedApproval {
    pub answer: AnswerId,
    /// Hash of what was on the lawyer's screen.
    pub sha256: String,
}

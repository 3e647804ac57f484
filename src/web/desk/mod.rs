//! What the pages need of the desk behind them, and nothing else: the app fulfils it.

mod alignments;
mod amendments;
mod cases;
mod editions;
mod guide;
mod law;
mod local;
mod people;

pub use alignments::{
    AlignmentAnswer, AlignmentArticle, AlignmentChoice, AlignmentPage, AlignmentQuestion,
    AlignmentSide, AlignmentsDecided,
};
pub use amendments::{
    ActAmendments, AmendmentReach, AmendmentWarning, ClearedWarning, Decided, UnheldAmendment,
};
pub use cases::{
    Answer, Approval, AskedApproval, CaseHead, CaseLine, DeadlineView, DeskCase, DraftView, Event,
    FactView, Letter, MemberCase, Published, Question, QueueFilter, SavedAnswer, Sentence,
    SentenceFlag, Source, SourceState, Warning, WarningKind,
};
pub use editions::{
    ChangeCounts, ChangeKind, ChangedArticle, ChangedChapter, ChangedNorm, CompareAsked,
    ComparePage, ComparedEditions, FileOutcome, HeldAct, HeldEdition, HeldPractice, Only,
    PracticeAsked, PracticeKind, RunMark, TakenEdition, TakenPractice, TakenState, ToldFile,
    WordRun,
};
pub use guide::{
    ChangedStatement, CitedLine, CountedTerm, FactLine, NoteCount, NoteKind, NoteLine, Reworded,
    SituationLine, SituationPage, SumLine, Summed, TermAsked, TermLine, Viewer, WordLine,
};
pub use law::{
    ActLine, ActPage, ActSearch, AmendmentLine, ArticleAsked, ArticleLine, ArticlePage,
    ArticleText, CitedBy, CitingNorm, ComingNorm, ComingShown, ContentsLine, DayStanding,
    DigestArticle, DigestChapter, EditionChange, EditionDay, Found, FoundArticle, FoundPlace, Hit,
    NormPart, PracticeHit, Readers, SearchQuery, SinceIs, StatementLine, StatementPick, TextPiece,
    TextSince,
};
pub use local::{LocalActLine, LocalMark, NewLocalAct};
pub use people::{
    Account, JournalState, LinkOwner, NewPerson, Password, PersonLine, Readiness, Session,
    SessionTerms, Throttle,
};

use crate::case::{Actor, CaseId, OrganisationId, PersonId};
use jiff::civil::Date;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;

/// What a method of the desk comes back with.
pub type Reply<'a, T> = Pin<Box<dyn Future<Output = Result<T, DeskError>> + Send + 'a>>;

/// Why the desk did not do what a page asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError {
    #[error("не найдено")]
    NotFound,
    /// Not for this person.
    #[error("{message}")]
    Forbidden { message: String },
    /// Somebody was faster, or the case moved on.
    #[error("{message}")]
    Conflict { message: String },
    /// A lawyer must clear the warnings of the case first; says which.
    #[error("{message}")]
    Warned { message: String },
    /// What was typed can't be taken as it is; says what to change.
    #[error("{message}")]
    Wrong { message: String },
    /// Too much at once: try again after so many seconds.
    #[error("занято")]
    Busy { retry_after_s: u64 },
    /// The database or the disk does not answer; the message is for the log.
    #[error("{reason}")]
    Unavailable { reason: String },
}

/// The desk as pages see it. Who may do what is decided before any of this is called, in `web::guard`.
///
/// Each method that changes something is one transaction.
pub trait Desk: Send + Sync + 'static {
    // Who is there.
    /// The session of a cookie's token, touched; `None` when unknown, idle too long or over.
    fn session<'a>(&'a self, token: &'a str) -> Reply<'a, Option<Session>>;
    /// A new session's token.
    fn open_session<'a>(&'a self, person: &'a PersonId, terms: SessionTerms) -> Reply<'a, String>;
    fn close_session<'a>(&'a self, token: &'a str) -> Reply<'a, ()>;
    fn account<'a>(&'a self, email: &'a str) -> Reply<'a, Option<Account>>;
    /// Counts a try of a password before it is checked, and says whether it may be made.
    fn try_login<'a>(&'a self, email: &'a str) -> Reply<'a, Throttle>;
    /// Forgets the tries: the password was right.
    fn login_passed<'a>(&'a self, email: &'a str) -> Reply<'a, ()>;
    /// Whose one-time link this is; `None` when unknown, used or too old. Does not use it up.
    fn link<'a>(&'a self, token: &'a str) -> Reply<'a, Option<LinkOwner>>;
    /// Uses the link up and keeps the new password's hash. Fails with `Conflict` when it was used meanwhile.
    fn use_link<'a>(&'a self, token: &'a str, password_hash: Option<String>)
    -> Reply<'a, PersonId>;

    // The law.
    fn search<'a>(&'a self, query: &'a SearchQuery) -> Reply<'a, Found>;
    fn acts(&self) -> Reply<'_, Vec<ActLine>>;
    fn act<'a>(&'a self, act: &'a str, on: Date) -> Reply<'a, ActPage>;
    /// The article on the day; `NotFound` where no edition that is held has it.
    fn article<'a>(&'a self, asked: &'a ArticleAsked) -> Reply<'a, ArticlePage>;
    /// The places of an act that share words with `words`, on a day.
    fn search_act<'a>(&'a self, act: &'a str, words: &'a str, on: Date) -> Reply<'a, ActSearch>;
    fn compare<'a>(&'a self, asked: &'a CompareAsked) -> Reply<'a, ComparePage>;
    fn held_law(&self) -> Reply<'_, Vec<HeldAct>>;
    fn held_practice<'a>(&'a self, asked: &'a PracticeAsked) -> Reply<'a, HeldPractice>;
    /// Reads a file of law, a clarification or a court act, or an archive of some, and keeps what is whole; a refusal
    /// is an outcome, no error.
    ///
    /// `Busy` while another file is being read. Half a minute at most for each file.
    fn take_law<'a>(
        &'a self,
        by: &'a PersonId,
        file: &'a Path,
        told: &'a ToldFile,
    ) -> Reply<'a, Vec<FileOutcome>>;
    /// A local act, whoever may read it; `None` where there is none of this id.
    fn local_act<'a>(&'a self, act: &'a str) -> Reply<'a, Option<LocalActLine>>;
    /// The local acts of the nodes that the actor administers, by node and title.
    fn local_acts<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<LocalActLine>>;
    /// The local acts that the actor may read, by node and title.
    fn readable_local_acts<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<LocalActLine>>;
    /// Reads a file as an edition of a local act; a refusal is an outcome, no error. `Busy` as [`Desk::take_law`].
    fn take_local<'a>(
        &'a self,
        by: &'a PersonId,
        new: &'a NewLocalAct,
        file: &'a Path,
    ) -> Reply<'a, FileOutcome>;
    /// Sets the last day of a local act: search and drafts know it when this returns. `Wrong` where it begins later.
    fn end_local_act<'a>(&'a self, by: &'a PersonId, act: &'a str, last: Date) -> Reply<'a, ()>;
    /// What is unclear between the editions of an act: whole articles, until `most` questions are reached.
    fn alignments<'a>(&'a self, act: &'a str, most: usize) -> Reply<'a, AlignmentPage>;
    /// Decides them in turn; pages show the norms' history accordingly when this returns. What is open no more is passed over.
    /// `NotFound`: one is about an act of another branch; nothing is decided then.
    fn decide_alignments<'a>(
        &'a self,
        by: &'a PersonId,
        answers: &'a [(String, AlignmentAnswer)],
    ) -> Reply<'a, AlignmentsDecided>;

    /// Amendments without text, and those that were put aside, by act.
    fn unheld_amendments(&self) -> Reply<'_, Vec<ActAmendments>>;
    /// Puts an amendment aside for its whole act: it brings no more warnings.
    fn put_amendment_aside<'a>(
        &'a self,
        by: &'a PersonId,
        id: &'a str,
        reason: &'a str,
    ) -> Reply<'a, ()>;
    /// Takes that back: the amendment brings warnings again.
    fn reopen_amendment<'a>(&'a self, by: &'a PersonId, id: &'a str) -> Reply<'a, ()>;

    // Statements of the digest, and their approval.
    fn digest<'a>(&'a self, organisation: &'a OrganisationId) -> Reply<'a, Vec<DigestChapter>>;
    /// The statements of these articles (`tk:80`), with whether each is approved there.
    fn statements<'a>(
        &'a self,
        organisation: &'a OrganisationId,
        articles: &'a [String],
    ) -> Reply<'a, Vec<StatementLine>>;
    fn approve_statements<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        picks: &'a [StatementPick],
    ) -> Reply<'a, usize>;
    fn revoke_statements<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        picks: &'a [StatementPick],
    ) -> Reply<'a, usize>;

    // General notes: situations, everyday words, terms, sums. Each reader sees what they may.
    fn situations<'a>(&'a self, viewer: &'a Viewer) -> Reply<'a, Vec<SituationLine>>;
    fn situation<'a>(&'a self, id: &'a str, viewer: &'a Viewer) -> Reply<'a, SituationPage>;
    /// The everyday words that share words with `words`; all where it is empty.
    fn words<'a>(&'a self, words: &'a str, viewer: &'a Viewer) -> Reply<'a, Vec<WordLine>>;
    fn terms<'a>(&'a self, viewer: &'a Viewer) -> Reply<'a, Vec<TermLine>>;
    /// A term counted from a day; `Wrong` where the day can't be counted from.
    fn count_term<'a>(&'a self, asked: &'a TermAsked) -> Reply<'a, CountedTerm>;
    fn sums<'a>(&'a self, viewer: &'a Viewer) -> Reply<'a, Vec<SumLine>>;
    /// A sum by its name and what was written into its fields.
    fn sum<'a>(&'a self, name: &'a str, given: &'a [(String, String)]) -> Reply<'a, Summed>;
    fn note_counts<'a>(&'a self, organisation: &'a OrganisationId) -> Reply<'a, Vec<NoteCount>>;
    /// The statements that left drafts and pages because a norm of theirs changed.
    fn changed_statements(&self) -> Reply<'_, Vec<ChangedStatement>>;
    /// Keeps the union's own wording of a statement, read against the newest text, and approves it there.
    ///
    /// `Conflict` where the statement is another one by now, `Wrong` where it says nothing.
    fn reword<'a>(
        &'a self,
        by: &'a PersonId,
        organisation: &'a OrganisationId,
        reworded: &'a Reworded,
    ) -> Reply<'a, ()>;
    /// The notes of a kind that stand, with whether each is approved there.
    fn notes<'a>(
        &'a self,
        organisation: &'a OrganisationId,
        kind: NoteKind,
    ) -> Reply<'a, Vec<NoteLine>>;

    // The member's side of a case.
    /// Where the case belongs, for the guard; `None` when there is none.
    fn case_head<'a>(&'a self, case: &'a CaseId) -> Reply<'a, Option<CaseHead>>;
    /// Takes a question in. A second call with the same member and key gives the first case.
    fn ask<'a>(&'a self, member: &'a PersonId, question: &'a Question) -> Reply<'a, CaseId>;
    fn cases_of<'a>(&'a self, member: &'a PersonId) -> Reply<'a, Vec<CaseLine>>;
    /// Cases that members shared with the steward of these nodes.
    fn cases_shared_with<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<CaseLine>>;
    /// What the member may see of a case: never a draft.
    fn member_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, MemberCase>;
    /// Verbatim law and approved statements for a case's question, at once.
    fn law_for_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, Found>;
    /// A reply to the lawyer where the case waits for one, else a follow-up question.
    fn write<'a>(&'a self, case: &'a CaseId, by: &'a PersonId, text: &'a str) -> Reply<'a, ()>;
    fn share_with_steward<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        shared: crate::case::policy::Shared,
    ) -> Reply<'a, ()>;

    // The lawyer's side.
    fn queue<'a>(&'a self, actor: &'a Actor, filter: &'a QueueFilter) -> Reply<'a, Vec<CaseLine>>;
    fn desk_case<'a>(&'a self, case: &'a CaseId) -> Reply<'a, DeskCase>;
    /// The lawyer takes the case.
    fn assign<'a>(&'a self, case: &'a CaseId, lawyer: &'a PersonId) -> Reply<'a, ()>;
    /// Keeps the text and resolves its citations into verbatim quotes. `Conflict` when `expected_version`
    /// is not the newest; `Wrong` names a citation that does not resolve on that day.
    fn save_answer<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        answer: &'a SavedAnswer,
    ) -> Reply<'a, Answer>;
    /// Clears a warning for every case that quotes the provision; `NotFound` where the case bears it no more.
    fn clear_warning<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        cleared: &'a ClearedWarning,
    ) -> Reply<'a, ()>;
    /// Approves the rendering with that hash; `Conflict` says who changed or approved it before, `Warned` which
    /// warnings are open.
    fn approve<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        asked: &'a AskedApproval,
    ) -> Reply<'a, ()>;
    /// Takes the approval back while the answer is held; `Conflict` when it has gone out.
    fn undo_approval<'a>(&'a self, case: &'a CaseId, by: &'a PersonId) -> Reply<'a, ()>;
    fn ask_member<'a>(&'a self, case: &'a CaseId, by: &'a PersonId, text: &'a str)
    -> Reply<'a, ()>;
    fn close_case<'a>(&'a self, case: &'a CaseId, by: &'a PersonId) -> Reply<'a, ()>;
    /// Confirms the day that a term runs from: only then the member sees its last day.
    fn confirm_deadline<'a>(
        &'a self,
        case: &'a CaseId,
        by: &'a PersonId,
        rule: &'a str,
        from: Date,
    ) -> Reply<'a, ()>;

    // People and the state of the desk.
    fn people<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<PersonLine>>;
    fn organisations<'a>(&'a self, actor: &'a Actor) -> Reply<'a, Vec<crate::case::Organisation>>;
    /// A person's nodes, for the guard of what is done to them; empty when there is no such person.
    fn person_paths<'a>(&'a self, person: &'a PersonId) -> Reply<'a, Vec<String>>;
    fn add_person<'a>(&'a self, by: &'a PersonId, person: &'a NewPerson) -> Reply<'a, PersonId>;
    /// The token of a new one-time link, shown once.
    fn make_link<'a>(&'a self, by: &'a PersonId, person: &'a PersonId) -> Reply<'a, String>;
    fn journal(&self) -> Reply<'_, JournalState>;
    fn readiness(&self) -> Reply<'_, Readiness>;
}

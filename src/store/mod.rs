//! The truth: cases, people, acts, approvals, jobs and the journal, on SQLite or PostgreSQL.
//!
//! Each method of [`Store`] is one SQL transaction. What must never happen (an answer that reaches a member without
//! approval) is a rule of the schema itself, in `migrations/`.

mod act_add;
mod act_links;
mod act_read;
mod act_rows;
mod alignment;
mod amendments;
mod answers;
mod audit;
mod backup;
mod case_read;
mod case_rows;
mod case_steps;
mod case_talk;
mod clarifications;
mod dates;
mod db;
mod edits;
mod error;
mod jobs;
mod local_acts;
mod logins;
mod outbox;
mod norm_news;
mod people;
mod rates;
mod sources;
mod sql;
mod standing;
mod statements;
mod tasks;
mod warnings;

pub use act_rows::{
    Act, ActStatus, Alignment, ArticleRow, EditionOutcome, EditionReport, EditionRow, FromBasis,
    NewEdition, NewNote, NewPassage, NewVersion, NoteRow, PassageRow, Standing, VersionOn,
    VersionRow,
};
pub use alignment::{
    AlignmentDecision, AlignmentReview, Asked, ReviewReason, ReviewState, ReviewedNorm,
};
pub use amendments::{AmendmentReach, KnownAmendment, NewAmendment};
pub use answers::Approve;
pub use audit::{AuditHead, AuditRow, AuditVerdict, SYSTEM};
pub use backup::BackupReport;
pub use case_read::{CaseView, QueueFilter};
pub use case_rows::{
    AnswerRow, ApprovalRow, CaseRow, DraftRow, EventRow, MessageRow, NewCase, NewDraft,
    NewRetrieval, PublishedRow, RetrievalRow,
};
pub use case_steps::Stepped;
pub use clarifications::{
    ClarificationKind, ClarificationReport, ClarificationRow, NewClarification,
};
pub use dates::innermost;
pub use db::{Dialect, Store};
pub use edits::StatementEdit;
pub use error::StoreError;
pub use jobs::{Failed, JobCounts, JobKind, Lease, LeasedJob, MAX_ATTEMPTS};
pub use local_acts::LocalAct;
pub use logins::{NewSession, Session, TRIES_BEFORE_PAUSE, Try};
pub use norm_news::NormNews;
pub use outbox::{Delivered, MailNotice};
pub use people::{NewOrganisation, NewPerson, Person};
pub use rates::OwnRate;
pub use sources::SourceCopy;
pub use statements::StatementStamp;
pub use tasks::Task;
pub use warnings::{AmendmentWarning, Clearance};

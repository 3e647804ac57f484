//! Knowledge: files of law → acts, passages; the digest; the official portal.

mod account;
mod act;
mod asked;
mod charset;
pub mod digest;
mod edition;
mod error;
mod fault;
mod given;
pub mod guide;
mod heading;
mod html;
mod identity;
mod label;
mod laid;
mod lay;
mod local;
mod notes;
mod office;
mod outside;
mod pdf;
mod plain;
mod points;
mod polite;
pub mod portal;
mod portal_pages;
mod practice;
pub mod publication;
mod quotes;
mod read;
mod rtf;
mod shipped;
mod split;
mod structure;
mod term_changes;
mod tree;
mod unreadable;

pub use account::{Account, RemovedPiece};
pub use act::{AmendmentNote, EditionBasis, NodeKind, ParsedAct, ParsedNode};
pub use asked::{Asked, asked, parse_asked};
pub use charset::decode;
pub use error::KnowledgeError;
pub use given::Given;
pub use laid::RemovedWhy;
pub use local::read_local;
pub use office::{Member, OfficeFault, is_archive, members};
pub use outside::{OutsideKind, OutsideTopic, outside_topics, parse_outside};
pub use pdf::PdfFault;
pub use plain::unmarked;
pub use practice::{ParsedPractice, PracticeKind, Told, read_practice};
pub use read::{read, read_as};
pub use split::{MAX_CHARS, Passage, PassageKind, SPLITTER_VERSION, spans, split};
pub use term_changes::{
    TermChangeEntry, TermChangeState, parse_term_changes, term_change_entries, term_changes,
};

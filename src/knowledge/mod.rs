//! Knowledge: files of law → acts, passages; the digest; the official portal.

mod account;
mod act;
mod charset;
pub mod digest;
mod edition;
mod error;
mod fault;
mod heading;
mod html;
mod identity;
mod label;
mod laid;
mod lay;
mod notes;
mod office;
mod outside;
mod pdf;
mod plain;
pub mod portal;
mod read;
mod rtf;
mod split;
mod structure;
mod unreadable;

pub use account::{Account, RemovedPiece};
pub use act::{AmendmentNote, EditionBasis, NodeKind, ParsedAct, ParsedNode};
pub use charset::decode;
pub use error::KnowledgeError;
pub use laid::RemovedWhy;
pub use office::{Member, OfficeFault, is_archive, members};
pub use outside::{OutsideKind, OutsideTopic, outside_topics, parse_outside};
pub use pdf::PdfFault;
pub use plain::unmarked;
pub use read::read;
pub use split::{MAX_CHARS, Passage, PassageKind, SPLITTER_VERSION, spans, split};

//! Knowledge: files of law → acts, passages; the digest; the official portal.

mod act;
mod charset;
pub mod digest;
mod error;
mod fault;
mod heading;
mod html;
mod identity;
mod label;
mod notes;
mod outside;
pub mod portal;
mod read;
mod split;
mod structure;

pub use act::{AmendmentNote, EditionBasis, NodeKind, ParsedAct, ParsedNode};
pub use charset::decode;
pub use error::KnowledgeError;
pub use outside::{OutsideKind, OutsideTopic, outside_topics, parse_outside};
pub use read::read;
pub use split::{MAX_CHARS, Passage, PassageKind, SPLITTER_VERSION, spans, split};

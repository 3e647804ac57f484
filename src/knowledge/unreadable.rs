//! Why a reader refuses a file before its structure is known.

use super::error::KnowledgeError;

/// What is wrong with the bytes; the file's name is added by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Bytes that are no text.
    Binary,
    /// Larger than any act.
    TooLarge,
    /// Groups nested deeper than any editor writes them.
    TooDeep,
    /// A number whose lost index the neighbours do not settle: the number, and the one before it.
    Numbering { number: String, before: String },
}

impl Unreadable {
    /// Returns the error for a file.
    pub fn of(self, name: &str) -> KnowledgeError {
        let name = name.to_owned();
        match self {
            Unreadable::Binary => KnowledgeError::Binary { name },
            Unreadable::TooLarge => KnowledgeError::TooLarge { name },
            Unreadable::TooDeep => KnowledgeError::TooDeep { name },
            Unreadable::Numbering { number, before } => KnowledgeError::Numbering {
                name,
                number,
                before,
            },
        }
    }
}

//! What goes into the check and what comes out.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::law::Citation;

/// A retrieved passage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourcePassage {
    /// The id that sentences carry.
    pub id: String,
    /// The norm.
    pub citation: Citation,
    /// The words of the law.
    pub text: String,
    /// The edition they come from.
    pub edition: String,
    /// The last day on which that edition is known to be current.
    pub current_to: Date,
    /// The first day in force.
    pub from: Option<Date>,
    /// The first day no longer in force.
    pub until: Option<Date>,
}

/// What kind of sentence it is, and so what is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SentenceKind {
    /// A statement of the digest.
    Statement,
    /// Words of the law.
    Quote,
    /// Words of the asker's own agreement, beside the law.
    Local,
    /// A computed day.
    Deadline,
    /// Words of a model.
    Free,
    /// Greeting, heading, warning: says nothing about the law.
    Frame,
}

/// A sentence of a draft before the check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    /// Its words.
    pub text: String,
    /// The passages it rests on.
    pub passage_ids: Vec<String>,
    /// Its kind.
    pub kind: SentenceKind,
}

/// Why a sentence may not stand as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Its source does not resolve, was not in force, or is not what it says.
    Struck,
    /// The norm says another number.
    Conflict,
    /// The norm does not bear it out.
    Unsupported,
}

/// The words of the law behind a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The norm.
    pub norm: Citation,
    /// Its words, verbatim.
    pub text: String,
    /// The edition.
    pub edition: String,
    /// The last day on which the edition is known to be current.
    pub current_to: Date,
}

impl Quote {
    /// Returns the quote of a passage.
    pub fn of(passage: &SourcePassage) -> Quote {
        Quote {
            norm: passage.citation.clone(),
            text: passage.text.clone(),
            edition: passage.edition.clone(),
            current_to: passage.current_to,
        }
    }
}

/// A sentence after the check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckedSentence {
    /// Its words.
    pub text: String,
    /// The norms its ids resolved to.
    pub norms: Vec<Citation>,
    /// Its kind.
    pub kind: SentenceKind,
    /// What is wrong with it.
    pub flag: Option<Flag>,
    /// The words of the law behind it.
    pub quotes: Vec<Quote>,
}

//! Situations: the lives behind the questions, told as people tell them.

use super::{files_of, fingerprint};
use crate::knowledge::KnowledgeError;
use crate::knowledge::digest::StatementState;
use crate::law::Citation;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::path::Path;

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/situations.rs"));

/// A line of advice with the norms behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuideLine {
    /// In plain words.
    pub text: String,
    /// The norms that say so; empty for practical advice.
    pub cites: Vec<Citation>,
}

/// A question to ask first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactToAsk {
    /// What to ask.
    pub ask: String,
    /// What each answer changes.
    pub answers: Vec<FactAnswer>,
}

/// An answer and what it changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactAnswer {
    /// What the person says.
    pub answer: String,
    /// What follows.
    pub means: String,
    /// The norms that say so.
    pub cites: Vec<Citation>,
}

/// What a situation is about, in the order in which the guide tells them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Hiring,
    Pay,
    Hours,
    Leave,
    Change,
    Dismissal,
    Duty,
    Health,
    Family,
    Special,
    Union,
    Disputes,
}

impl Topic {
    /// The word in files and addresses.
    pub fn code(self) -> &'static str {
        match self {
            Self::Hiring => "hiring",
            Self::Pay => "pay",
            Self::Hours => "hours",
            Self::Leave => "leave",
            Self::Change => "change",
            Self::Dismissal => "dismissal",
            Self::Duty => "duty",
            Self::Health => "health",
            Self::Family => "family",
            Self::Special => "special",
            Self::Union => "union",
            Self::Disputes => "disputes",
        }
    }
}

/// A situation of working life (жизненная ситуация).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// Stable id, `salary-delayed`.
    pub id: String,
    /// Plain words.
    pub title: String,
    /// One line.
    pub about: String,
    /// Where the guide lists it; no part of what is read or approved.
    #[serde(skip_serializing)]
    pub topic: Topic,
    /// The edition whose labels the citations use.
    pub edition: Date,
    /// How people tell it.
    pub told: Vec<String>,
    /// Statements of the digest in the order in which to tell them.
    pub statements: Vec<String>,
    /// Ids of terms that run.
    pub terms: Vec<String>,
    /// Sums that help.
    pub calculators: Vec<String>,
    /// Other situations to look at.
    pub related: Vec<String>,
    /// What to ask first.
    pub facts: Vec<FactToAsk>,
    /// What to do, in order.
    pub steps: Vec<GuideLine>,
    /// Papers and evidence to keep.
    pub keep: Vec<GuideLine>,
    /// Where to turn.
    pub turn_to: Vec<GuideLine>,
    /// What the union can do.
    pub union: Vec<GuideLine>,
    /// What not to do.
    pub avoid: Vec<GuideLine>,
    /// Typical mistakes.
    pub mistakes: Vec<GuideLine>,
    /// When a lawyer must see it at once.
    pub lawyer_now: Vec<GuideLine>,
    /// How far it has come; no part of what is read or approved.
    #[serde(skip_serializing)]
    pub state: StatementState,
}

impl Situation {
    /// The id under which it is read and approved.
    pub fn note_id(&self) -> String {
        format!("situation:{}", self.id)
    }

    /// What reads and approvals are bound to: the hash of all fields but the state.
    pub fn sha256(&self) -> String {
        fingerprint(self)
    }

    /// Its lines by the name of their list, in the order of the page.
    pub fn lists(&self) -> [(&'static str, &[GuideLine]); 7] {
        [
            ("steps", &self.steps),
            ("keep", &self.keep),
            ("turn_to", &self.turn_to),
            ("union", &self.union),
            ("avoid", &self.avoid),
            ("mistakes", &self.mistakes),
            ("lawyer_now", &self.lawyer_now),
        ]
    }

    /// Every norm that it leans on, each once.
    pub fn cites(&self) -> Vec<&Citation> {
        let answers = self.facts.iter().flat_map(|fact| &fact.answers);
        let of_lines = self.lists().into_iter().flat_map(|(_, lines)| lines);
        let all = answers
            .flat_map(|answer| &answer.cites)
            .chain(of_lines.flat_map(|line| &line.cites));
        let mut cites: Vec<&Citation> = all.collect();
        cites.sort();
        cites.dedup();
        cites
    }
}

/// Returns the situation of one file. Fails on unknown fields, an empty list and a file name that is not its id.
pub fn parse_situation(file: &str, toml: &str) -> Result<Situation, KnowledgeError> {
    let refuse = |message: String| KnowledgeError::Malformed {
        file: file.to_owned(),
        message,
    };
    let one: Situation = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
    let stem = Path::new(file).file_stem();
    let stem = stem.map(|stem| stem.to_string_lossy()).unwrap_or_default();
    if stem != one.id {
        return Err(refuse(format!(
            "файл назван {stem}, а ситуация в нём {}",
            one.id
        )));
    }
    if one.told.is_empty() || one.statements.is_empty() || one.facts.is_empty() {
        return Err(refuse("пусто told, statements или facts".to_owned()));
    }
    if let Some((name, _)) = one.lists().into_iter().find(|(_, lines)| lines.is_empty()) {
        return Err(refuse(format!("пуст список {name}")));
    }
    Ok(one)
}

/// The situations that the binary carries, each replaced by the one of its id in `situations/` of the folder.
pub fn situations(folder: Option<&Path>) -> Result<Vec<Situation>, KnowledgeError> {
    let mut all: std::collections::BTreeMap<String, Situation> = EMBEDDED
        .iter()
        .map(|(name, text)| parse_situation(name, text).map(|one| (one.id.clone(), one)))
        .collect::<Result<_, _>>()?;
    for (name, text) in files_of(folder, "situations")? {
        let one = parse_situation(&name, &text)?;
        all.insert(one.id.clone(), one);
    }
    Ok(all.into_values().collect())
}

//! Everyday words of working life and what the law calls them.

use super::{files_of, fingerprint};
use crate::knowledge::KnowledgeError;
use crate::knowledge::digest::StatementState;
use crate::law::Citation;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/glossary.rs"));

/// An everyday word (обиходное слово) and its meaning in law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlossaryEntry {
    /// Stable id, `otrabotka`.
    pub id: String,
    /// How people say it.
    pub said: Vec<String>,
    /// What the law calls it; search adds these words.
    pub legal: Vec<String>,
    /// What it means in law, in one or two sentences.
    pub meaning: String,
    /// The norms that the meaning leans on.
    pub cites: Vec<Citation>,
    /// How far it has come; no part of what is read or approved.
    #[serde(skip_serializing)]
    pub state: StatementState,
    /// The edition whose labels the citations use, from the head of its file.
    #[serde(skip)]
    pub edition: Date,
}

impl GlossaryEntry {
    /// The id under which it is read and approved.
    pub fn note_id(&self) -> String {
        format!("glossary:{}", self.id)
    }

    /// What reads and approvals are bound to: the hash of all fields but the state.
    pub fn sha256(&self) -> String {
        fingerprint(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GlossaryFile {
    edition: Date,
    entry: Vec<GlossaryEntry>,
}

/// Returns the entries of one file. Fails on unknown fields and on an entry without forms, meaning or norm.
pub fn parse_glossary(file: &str, toml: &str) -> Result<Vec<GlossaryEntry>, KnowledgeError> {
    let refuse = |message: String| KnowledgeError::Malformed {
        file: file.to_owned(),
        message,
    };
    let parsed: GlossaryFile = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
    let empty = |entry: &&GlossaryEntry| {
        entry.said.iter().all(|said| said.trim().is_empty())
            || entry.meaning.trim().is_empty()
            || entry.cites.is_empty()
    };
    match parsed.entry.iter().find(empty) {
        Some(entry) => Err(refuse(format!(
            "у слова {} нет форм, смысла или нормы",
            entry.id
        ))),
        None => {
            let edition = parsed.edition;
            let dated = |entry| GlossaryEntry { edition, ..entry };
            Ok(parsed.entry.into_iter().map(dated).collect())
        }
    }
}

/// The entries that the binary carries, each replaced by the one of its id in `glossary/` of the folder.
///
/// Fails where two shipped entries share an id or a form.
pub fn glossary(folder: Option<&Path>) -> Result<Vec<GlossaryEntry>, KnowledgeError> {
    let mut all: BTreeMap<String, GlossaryEntry> = BTreeMap::new();
    let mut forms: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in EMBEDDED {
        for entry in parse_glossary(name, text)? {
            let refuse = |message: String| KnowledgeError::Malformed {
                file: (*name).to_owned(),
                message,
            };
            for said in &entry.said {
                if let Some(other) = forms.insert(said.to_lowercase(), entry.id.clone()) {
                    return Err(refuse(format!(
                        "«{said}» есть и в {other}, и в {}",
                        entry.id
                    )));
                }
            }
            if let Some(twice) = all.insert(entry.id.clone(), entry) {
                return Err(refuse(format!("слово {} уже есть", twice.id)));
            }
        }
    }
    for (name, text) in files_of(folder, "glossary")? {
        for entry in parse_glossary(&name, &text)? {
            all.insert(entry.id.clone(), entry);
        }
    }
    Ok(all.into_values().collect())
}

//! Notes for people: situations of working life, and everyday words with what the law calls them.

mod check;
mod glossary;
mod situation;

pub use check::{Against, check};
pub use glossary::{GlossaryEntry, glossary, parse_glossary};
pub use situation::{FactAnswer, FactToAsk, GuideLine, Situation, parse_situation, situations};

use super::KnowledgeError;
use std::path::{Path, PathBuf};

/// Hex SHA-256 of the compact JSON of a note's fields: what reads and approvals are bound to.
fn fingerprint(fields: &impl serde::Serialize) -> String {
    use sha2::{Digest as _, Sha256};
    // Strings and lists always serialise; an empty text could match no read.
    let json = serde_json::to_string(fields).unwrap_or_default();
    super::read::hex(&Sha256::digest(json.as_bytes()))
}

/// The files of `name` in the knowledge folder, in order of their names; none where it has no such folder.
fn files_of(folder: Option<&Path>, name: &str) -> Result<Vec<(String, String)>, KnowledgeError> {
    let Some(folder) = folder.map(|folder| folder.join(name)) else {
        return Ok(Vec::new());
    };
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let io = |path: &Path| {
        let path = path.to_owned();
        move |source| KnowledgeError::Io { path, source }
    };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(io(&folder))? {
        let path = entry.map_err(io(&folder))?.path();
        if path.extension().is_some_and(|end| end == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).map_err(io(&path))?;
        Ok((path.to_string_lossy().into_owned(), text))
    };
    paths.into_iter().map(read).collect()
}

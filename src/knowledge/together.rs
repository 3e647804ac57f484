//! Which statements of the digest belong together in an answer.

use super::KnowledgeError;
use super::shipped::of_folder;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const EMBEDDED: &str = include!(concat!(env!("OUT_DIR"), "/together.rs"));

/// What a lawyer says in the same breath, by the id of the statement that is said: the main rule, the limit, what
/// follows from a breach; more important first.
///
/// Only statements that may speak are ever brought in, so an id that is gone does no harm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Together {
    #[serde(default)]
    together: BTreeMap<String, Vec<String>>,
}

impl Together {
    /// The ids of the statements that are to stand with this one; none for most.
    pub fn with(&self, statement: &str) -> &[String] {
        self.together.get(statement).map_or(&[], Vec::as_slice)
    }

    /// Every statement that has companions, with them.
    pub fn all(&self) -> impl Iterator<Item = (&str, &[String])> {
        let all = self.together.iter();
        all.map(|(id, with)| (id.as_str(), with.as_slice()))
    }
}

/// Returns the companions of one file. Fails on unknown fields, an empty list, and a statement that stands with itself, naming it.
pub fn parse_together(file: &str, toml: &str) -> Result<Together, KnowledgeError> {
    let refuse = |message: String| KnowledgeError::Malformed {
        file: file.to_owned(),
        message,
    };
    let parsed: Together = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
    for (statement, with) in parsed.all() {
        if with.is_empty() || with.iter().any(|one| one == statement) {
            return Err(refuse(format!(
                "у {statement} нет соседнего положения или названо оно само"
            )));
        }
    }
    Ok(parsed)
}

/// The companions that the binary carries, or those of `together.toml` in `folder` in their place.
pub fn together(folder: Option<&Path>) -> Result<Together, KnowledgeError> {
    of_folder(folder, "together.toml", EMBEDDED, parse_together)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::digest::{self, Statement, StatementState};
    use std::collections::HashMap;

    #[test]
    fn every_companion_is_a_statement_that_drafts_may_use() {
        let digest = digest::load_embedded().unwrap();
        let known: HashMap<&str, &Statement> = digest
            .iter()
            .flat_map(|article| &article.statements)
            .map(|statement| (statement.id.as_str(), statement))
            .collect();
        let together = together(None).unwrap();
        for (id, with) in together.all() {
            assert!(known.contains_key(id), "{id}");
            for one in with {
                let companion = known.get(one.as_str());
                let verified = companion.is_some_and(|s| s.state == StatementState::Verified);
                assert!(verified, "{id}: {one}");
            }
        }
        assert!(together.all().count() > 300);
    }

    #[test]
    fn a_broken_file_is_named_with_the_statement() {
        for broken in ["\"tk-1-01\" = []", "\"tk-1-01\" = [\"tk-1-01\"]"] {
            let refused = parse_together("together.toml", &format!("[together]\n{broken}"));
            let refused = refused.unwrap_err().to_string();
            assert!(refused.contains("tk-1-01"), "{refused}");
        }
        assert!(parse_together("together.toml", "[other]\nx = 1").is_err());
        let empty = parse_together("together.toml", "").unwrap();
        assert!(empty.with("tk-1-01").is_empty());
    }
}

//! Which statement of the digest answers which question, as people ask it.

use super::KnowledgeError;
use super::shipped::of_folder;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

const EMBEDDED: &str = include!(concat!(env!("OUT_DIR"), "/asked.rs"));

/// Questions by the id of the statement that a lawyer would quote to answer them.
///
/// They only help to find and to choose: nothing of them is ever said. So a question that a digest file no
/// longer holds, or an id that is gone, does no harm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    asked: BTreeMap<String, Vec<String>>,
}

impl Asked {
    /// The questions that the statement answers; none where nobody has written any.
    pub fn of(&self, statement: &str) -> &[String] {
        self.asked.get(statement).map_or(&[], Vec::as_slice)
    }

    /// Every statement id that has questions.
    pub fn statements(&self) -> impl Iterator<Item = &str> {
        self.asked.keys().map(String::as_str)
    }
}

/// Returns the questions of one file. Fails on unknown fields and an empty question, naming its statement.
pub fn parse_asked(file: &str, toml: &str) -> Result<Asked, KnowledgeError> {
    let refuse = |message: String| KnowledgeError::Malformed {
        file: file.to_owned(),
        message,
    };
    let parsed: Asked = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
    for (statement, questions) in &parsed.asked {
        if questions.is_empty() || questions.iter().any(|one| one.trim().is_empty()) {
            return Err(refuse(format!("у {statement} нет вопроса или он пуст")));
        }
    }
    Ok(parsed)
}

/// The questions that the binary carries, or those of `asked.toml` in `folder` in their place.
pub fn asked(folder: Option<&Path>) -> Result<Asked, KnowledgeError> {
    of_folder(folder, "asked.toml", EMBEDDED, parse_asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::digest;
    use crate::law::ActId;

    #[test]
    fn every_question_belongs_to_a_statement_of_the_digest() {
        let asked = asked(None).unwrap();
        let digest = digest::load_embedded().unwrap();
        let known: std::collections::HashSet<&str> = digest
            .iter()
            .flat_map(|article| &article.statements)
            .map(|statement| statement.id.as_str())
            .collect();
        let strange: Vec<&str> = asked
            .statements()
            .filter(|id| !known.contains(id))
            .collect();
        assert!(strange.is_empty(), "{strange:?}");
        // Of the Code's present rules nearly all have some.
        let code = digest.iter().filter(|article| article.act == ActId::tk());
        let present = code.flat_map(|article| &article.statements);
        let present = present.filter(|one| one.until.is_none()).count();
        assert!(asked.statements().count() * 10 >= present * 9);
    }

    #[test]
    fn a_broken_file_is_named_with_the_statement() {
        let refused = parse_asked("asked.toml", "[asked]\n\"tk-1-01\" = [\" \"]").unwrap_err();
        assert!(refused.to_string().contains("tk-1-01"), "{refused}");
        assert!(parse_asked("asked.toml", "[other]\nx = 1").is_err());
        assert!(
            parse_asked("asked.toml", "")
                .unwrap()
                .of("tk-1-01")
                .is_empty()
        );
    }
}

//! A union's own wording of shipped statements.

use super::{DigestArticle, Statement, StatementState};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// What a union says in the place of a statement. Its norms and kind stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// The editions that the words were read against, by act.
    pub editions: BTreeMap<String, Date>,
    /// The fact.
    pub text: String,
    /// When it holds.
    #[serde(default)]
    pub conditions: Vec<String>,
    /// When it does not.
    #[serde(default)]
    pub exceptions: Vec<String>,
    /// Whom it is about.
    #[serde(default)]
    pub covers: Vec<String>,
}

/// An edit of one statement, bound to the hash of the shipped one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The statement's id.
    pub statement: String,
    /// The shipped wording that it replaces: an upgrade that changes it puts the edit up for a look.
    pub shipped_sha256: String,
    /// What the union says instead.
    #[serde(flatten)]
    pub wording: Wording,
}

/// A file of edits, for another desk.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditFile {
    /// The edits.
    #[serde(default, rename = "edit")]
    pub edits: Vec<Edit>,
}

impl Wording {
    /// The statement with these words.
    pub fn of(&self, shipped: &Statement) -> Statement {
        Statement {
            text: self.text.clone(),
            conditions: self.conditions.clone(),
            exceptions: self.exceptions.clone(),
            covers: self.covers.clone(),
            state: StatementState::Verified,
            ..shipped.clone()
        }
    }
}

/// What became of edits that were laid over a digest.
#[derive(Debug, Default)]
pub struct Edited {
    /// The editions that each edited statement was read against, by act, by its id.
    pub written: HashMap<String, BTreeMap<String, Date>>,
    /// Ids and hashes of the union's wordings: its lawyer is their second reader.
    pub agreed: Vec<(String, String)>,
}

/// Puts edits in the place of the statements that they replace; those of other wordings are passed over.
pub fn apply(edits: &[Edit], articles: &mut [DigestArticle]) -> Edited {
    let by_id: HashMap<&str, &Edit> = edits
        .iter()
        .map(|edit| (edit.statement.as_str(), edit))
        .collect();
    let mut edited = Edited::default();
    for statement in articles.iter_mut().flat_map(|one| &mut one.statements) {
        let Some(edit) = by_id.get(statement.id.as_str()) else {
            continue;
        };
        if statement.sha256() != edit.shipped_sha256 {
            continue;
        }
        *statement = edit.wording.of(statement);
        let stamp = (statement.id.clone(), statement.sha256());
        let editions = edit.wording.editions.clone();
        edited.written.insert(stamp.0.clone(), editions);
        edited.agreed.push(stamp);
    }
    edited
}

#[cfg(test)]
mod tests {
    use super::super::{parse_article, tests::FILE};
    use super::*;

    fn edit(sha256: &str) -> Edit {
        Edit {
            statement: "tk-80-01".into(),
            shipped_sha256: sha256.into(),
            wording: Wording {
                editions: [("tk".to_owned(), jiff::civil::date(2026, 2, 1))].into(),
                text: "Работник предупреждает работодателя за 3 недели.".into(),
                conditions: Vec::new(),
                exceptions: Vec::new(),
                covers: Vec::new(),
            },
        }
    }

    #[test]
    fn an_edit_stands_in_the_place_of_the_wording_it_was_made_for() {
        let mut articles = [parse_article("80.toml", FILE).unwrap()];
        let shipped = articles[0].statements[0].sha256();
        assert!(apply(&[edit("other")], &mut articles).agreed.is_empty());
        let edited = apply(&[edit(&shipped)], &mut articles);
        let now = &articles[0].statements[0];
        assert!(now.text.contains("3 недели") && now.state == StatementState::Verified);
        assert_eq!(edited.agreed, [(now.id.clone(), now.sha256())]);
        assert_eq!(edited.written.len(), 1);
    }

    #[test]
    fn a_file_of_edits_is_written_and_read() {
        let file = EditFile {
            edits: vec![edit("abc")],
        };
        let text = toml::to_string(&file).unwrap();
        assert_eq!(toml::from_str::<EditFile>(&text).unwrap(), file);
    }
}

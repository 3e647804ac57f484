//! What the index holds of the catalog: entries and their ids.

use super::catalog::LawPassage;
use crate::case::types::sha256_hex;
use crate::index::{Entry, EntryKind};
use crate::knowledge::digest::Statement;
use crate::law::text::stems;

/// Stands for the act in entries of topics that no act of the desk answers.
pub(super) const OUTSIDE: &str = "outside";

/// The index id of a statement: its own id and the hash of its fields, so that an edit is another entry.
pub fn statement_entry(statement: &Statement) -> String {
    statement_key(&statement.id, &statement.sha256())
}

pub(super) fn statement_key(id: &str, sha256: &str) -> String {
    format!("s:{id}:{}", sha256.get(..12).unwrap_or(sha256))
}

pub(super) fn question_entry(article: &str, question: &str) -> String {
    format!("q:{article}:{}", &sha256_hex(question.as_bytes())[..16])
}

pub(super) fn passage_as_entry(passage: &LawPassage) -> Entry {
    Entry {
        id: passage.id.clone(),
        kind: passage.kind,
        citation: passage.citation.clone(),
        article: passage.article.clone(),
        act: passage.act.clone(),
        organisation_path: passage.organisation_path.clone(),
        from: passage.from,
        until: passage.until,
        stems: stems(&passage.text),
        title_stems: stems(&passage.title),
        dense: None,
    }
}

pub(super) fn statement_as_entry(id: &str, article: &str, statement: &Statement) -> Entry {
    Entry {
        citation: statement
            .cites
            .first()
            .map_or(article.to_owned(), |cite| cite.to_string()),
        from: statement.from,
        until: statement.until,
        kind: EntryKind::Statement,
        ..question_as_entry(id, article, &statement.text)
    }
}

pub(super) fn question_as_entry(id: &str, article: &str, text: &str) -> Entry {
    Entry {
        id: id.to_owned(),
        kind: EntryKind::Question,
        citation: article.to_owned(),
        article: article.to_owned(),
        act: article.split(':').next().unwrap_or_default().to_owned(),
        organisation_path: None,
        from: None,
        until: None,
        stems: stems(text),
        title_stems: Vec::new(),
        dense: None,
    }
}

/// A question that no act answers: compared by meaning alone, so that its words find nothing.
pub(super) fn outside_as_entry(id: &str, topic: &str, text: &str) -> Entry {
    Entry {
        stems: Vec::new(),
        ..question_as_entry(id, &format!("{OUTSIDE}:{topic}"), text)
    }
}

//! Everything that can be searched and quoted, gathered from the store and the knowledge base.

use super::IngestError;
use crate::config::Config;
use crate::index::EntryKind;
use crate::knowledge::digest::{self, DigestArticle, Edit, Verdict};
use crate::knowledge::{self, KnowledgeError, PracticeKind};
use crate::law::ActId;
use crate::retrieve::{Catalog, LawPassage, Practice};
use crate::store::{
    ClarificationKind, ClarificationRow, FromBasis, PassageRow, StatementEdit, Store, VersionRow,
};
use std::collections::HashMap;
use std::path::Path;

/// Everything that can be searched and quoted: the acts of the store, and the digest.
///
/// Fails on a digest file that is not of the strict form, naming it.
pub async fn catalog(store: &Store, config: &Config) -> Result<Catalog, IngestError> {
    super::keep_dates(store, &super::term_changes(config)?).await?;
    let folder = Some(config.knowledge_dir.as_str()).filter(|path| !path.is_empty());
    let mut articles = digest_articles(folder.map(Path::new))?;
    let held = store.acts().await?;
    // Notes on an act whose text is not here could not be quoted; the Code's serve search even so.
    articles
        .retain(|one| one.act == ActId::tk() || held.iter().any(|act| act.id == one.act.as_str()));
    let edited = digest::apply(&edits(store).await?, &mut articles);
    let agreed = digest::embedded_reads()?
        .into_iter()
        .filter(|read| read.verdict == Verdict::Agree)
        .map(|read| (read.statement, read.sha256))
        .chain(edited.agreed)
        .collect();
    let paths: HashMap<String, String> = store
        .organisations()
        .await?
        .into_iter()
        .map(|node| (node.id.to_string(), node.path))
        .collect();
    let passages = store
        .passages(None)
        .await?
        .into_iter()
        .map(|row| law_passage(row, &paths))
        .collect();
    let mut norms = Vec::new();
    for act in held {
        for edition in store.editions(&act.id).await? {
            let versions = store.versions_of_edition(&edition.id).await?;
            let whose = act.owner.as_ref().and_then(|id| paths.get(id.as_str()));
            let held = versions.into_iter().filter(|v| !v.repealed);
            norms.extend(held.map(|row| norm(row, whose.cloned())));
        }
    }
    let outside = knowledge::outside_topics(folder.map(Path::new))?;
    let asked = knowledge::asked(folder.map(Path::new))?;
    let together = knowledge::together(folder.map(Path::new))?;
    let practice = store.clarifications().await?;
    Ok(Catalog::new(passages, norms, articles, agreed)
        .with_written(edited.written)
        .with_outside(outside)
        .with_asked(&asked)
        .with_together(together)
        .with_guide(
            knowledge::guide::situations(folder.map(Path::new))?,
            knowledge::guide::glossary(folder.map(Path::new))?,
        )
        .with_practice(practice.into_iter().map(practice_text).collect()))
}

/// The union's own wordings.
///
/// Fails on one that is of another form than this program writes.
pub async fn edits(store: &Store) -> Result<Vec<Edit>, IngestError> {
    let read = |edit: StatementEdit| {
        let wording =
            serde_json::from_value(edit.fields).map_err(|e| KnowledgeError::Malformed {
                file: format!("правка {}", edit.statement),
                message: e.to_string(),
            })?;
        Ok(Edit {
            statement: edit.statement,
            shipped_sha256: edit.shipped_sha256,
            wording,
        })
    };
    store.edits().await?.into_iter().map(read).collect()
}

/// The shipped digest, each article replaced by the file of its name in `folder`.
pub fn digest_articles(folder: Option<&Path>) -> Result<Vec<DigestArticle>, KnowledgeError> {
    let shipped = digest::load_embedded()?;
    match folder {
        Some(folder) => Ok(digest::overlay(shipped, digest::load_dir(folder)?)),
        None => Ok(shipped),
    }
}

fn practice_text(row: ClarificationRow) -> Practice {
    Practice {
        id: row.id,
        kind: match row.kind {
            ClarificationKind::Clarification => PracticeKind::Clarification,
            ClarificationKind::Court => PracticeKind::Court,
        },
        title: row.title,
        text: row.text,
    }
}

fn law_passage(row: PassageRow, paths: &HashMap<String, String>) -> LawPassage {
    LawPassage {
        organisation_path: row
            .owner
            .as_ref()
            .and_then(|id| paths.get(id.as_str()).cloned()),
        id: row.id,
        kind: if row.kind == "article" {
            EntryKind::Article
        } else {
            EntryKind::Part
        },
        act: row.act,
        act_title: row.act_title,
        citation: row.citation,
        article: row.article,
        title: row.title.unwrap_or_default(),
        text: row.text,
        edition: row.edition_date,
        current_to: row.current_to,
        from: row.in_force_from,
        until: row.in_force_until,
        path: Vec::new(),
    }
}

fn norm(row: VersionRow, organisation_path: Option<String>) -> LawPassage {
    LawPassage {
        id: format!("n:{}", row.id),
        kind: EntryKind::Part,
        act: row.act,
        act_title: row.act_title,
        citation: row.citation,
        article: row.article,
        title: row.title.unwrap_or_default(),
        text: row.text,
        edition: row.edition_date,
        current_to: row.current_to,
        // A day that only bounds the beginning keeps no text from speaking.
        from: row
            .in_force_from
            .filter(|day| row.from_basis == FromBasis::TermChange || *day > row.edition_date),
        until: row.in_force_until,
        organisation_path,
        path: serde_json::from_value(row.path).unwrap_or_default(),
    }
}

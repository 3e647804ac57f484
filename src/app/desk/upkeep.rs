//! Statements whose norms changed: what changed, and the union's own wording in their place.

use super::compare::word_runs;
use super::{App, Done};
use crate::case::{OrganisationId, PersonId};
use crate::knowledge::digest::{self, Wording};
use crate::law::compare::runs;
use crate::store::{StatementEdit, StatementStamp};
use crate::web::desk::{ChangedStatement, DeskError, Reworded, StatementLine};
use std::path::Path;

impl App {
    pub(super) fn changed_lines(&self) -> Vec<ChangedStatement> {
        let catalog = self.catalog();
        let changed = catalog.changed_statements().into_iter();
        let line = changed.map(|(statement, written)| {
            let cites: Vec<String> = statement.cites.iter().map(ToString::to_string).collect();
            let norms = statement.cites.iter().map(|cite| {
                let read_in = catalog.read_in(statement, written, cite);
                let (then, now) = catalog.then_and_now(&cite.to_string(), read_in);
                (cite.to_string(), word_runs(&runs(&then, &now)))
            });
            ChangedStatement {
                norms: norms.collect(),
                newest: statement
                    .cites
                    .first()
                    .and_then(|cite| catalog.newest_edition(cite.act.as_str())),
                written: statement
                    .cites
                    .first()
                    .map_or(written, |cite| catalog.read_in(statement, written, cite)),
                covers: statement.covers.clone(),
                line: StatementLine {
                    id: statement.id.clone(),
                    sha256: statement.sha256(),
                    article: cites.first().cloned().unwrap_or_default(),
                    text: statement.text.clone(),
                    cites,
                    conditions: statement.conditions.clone(),
                    exceptions: statement.exceptions.clone(),
                    approved: false,
                },
            }
        });
        line.collect()
    }

    pub(super) async fn keep_wording(
        &self,
        by: &PersonId,
        organisation: &OrganisationId,
        reworded: &Reworded,
    ) -> Done<()> {
        let catalog = self.catalog();
        let (now, _) = catalog
            .statement_by_id(&reworded.id)
            .ok_or(DeskError::NotFound)?;
        if now.sha256() != reworded.sha256 {
            return Err(DeskError::Conflict {
                message: "Тезис изменился, пока вы читали. Откройте страницу заново.".into(),
            });
        }
        if reworded.text.trim().is_empty() {
            return Err(DeskError::Wrong {
                message: "Напишите, что теперь говорит закон.".into(),
            });
        }
        let acts = now.cites.iter().map(|cite| cite.act.as_str());
        let newest = acts.filter_map(|act| Some((act.to_owned(), catalog.newest_edition(act)?)));
        let wording = Wording {
            editions: newest.collect(),
            text: reworded.text.trim().to_owned(),
            conditions: reworded.conditions.clone(),
            exceptions: reworded.exceptions.clone(),
            covers: reworded.covers.clone(),
        };
        let stamp = StatementStamp {
            statement: reworded.id.clone(),
            sha256: wording.of(now).sha256(),
        };
        let edit = StatementEdit {
            shipped_sha256: self.shipped_sha256(&reworded.id)?,
            statement: reworded.id.clone(),
            fields: serde_json::to_value(&wording).map_err(|error| DeskError::Unavailable {
                reason: error.to_string(),
            })?,
        };
        // Whoever may not approve here may not word anything here either.
        self.store
            .approve_statements(&[stamp], by, organisation)
            .await?;
        self.store.keep_edit(&edit, by.as_str()).await?;
        self.reload_knowledge().await.map_err(super::unavailable)
    }

    /// The hash of the wording that the program carries.
    fn shipped_sha256(&self, id: &str) -> Done<String> {
        let folder = Some(self.config.knowledge_dir.as_str()).filter(|path| !path.is_empty());
        let shipped = crate::ingest::digest_articles(folder.map(Path::new));
        let shipped = shipped.map_err(|error| DeskError::Unavailable {
            reason: error.to_string(),
        })?;
        let mut statements = shipped.iter().flat_map(|article| &article.statements);
        statements
            .find(|one| one.id == id)
            .map(digest::Statement::sha256)
            .ok_or(DeskError::NotFound)
    }
}

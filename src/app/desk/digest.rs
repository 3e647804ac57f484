//! The digest as a lawyer approves it: chapters, statements, a yes and its withdrawal.

use super::law::order;
use super::{App, Done};
use crate::app::today;
use crate::case::{OrganisationId, PersonId};
use crate::knowledge::digest::{DigestArticle, Statement};
use crate::retrieve::Catalog;
use crate::store::StatementStamp;
use crate::web::desk::{self, DeskError, DigestChapter, StatementLine, StatementPick};
use std::collections::BTreeSet;

impl App {
    pub(super) async fn digest_chapters(
        &self,
        organisation: &OrganisationId,
    ) -> Done<Vec<DigestChapter>> {
        let path = self.store.organisation(organisation).await?.path;
        let approved = self.store.approvals_for(&path).await?;
        let catalog = self.catalog();
        let mut chapters: Vec<DigestChapter> = Vec::new();
        let mut digests: Vec<&DigestArticle> = catalog.digested().collect();
        digests.sort_by_key(|digest| order(&digest.article));
        let titles = self.chapter_titles().await?;
        for digest in digests {
            let id = digest.citation().to_string();
            let title = titles.iter().find(|(article, _)| *article == id);
            let title = title.map_or("Трудовой кодекс", |(_, title)| title.as_str());
            let statements = agreed(&catalog, digest);
            if statements.is_empty() {
                continue;
            }
            let line = desk::DigestArticle {
                id,
                title: digest.title.clone(),
                statements: statements.len(),
                approved: statements
                    .iter()
                    .filter(|one| approved.contains(&stamp(one)))
                    .count(),
            };
            match chapters.last_mut().filter(|chapter| chapter.title == title) {
                Some(chapter) => chapter.articles.push(line),
                None => chapters.push(DigestChapter {
                    title: title.to_owned(),
                    articles: vec![line],
                }),
            }
        }
        Ok(chapters)
    }

    /// The chapter of each article of the acts that are held.
    async fn chapter_titles(&self) -> Done<Vec<(String, String)>> {
        let mut titles = Vec::new();
        for act in self.store.acts().await? {
            for row in self.store.articles(&act.id, today()).await? {
                let above = row.path.as_array().and_then(|path| path.last());
                let title = above.and_then(|name| name.as_str()).unwrap_or_default();
                titles.push((row.article, title.to_owned()));
            }
        }
        Ok(titles)
    }

    pub(super) async fn statement_lines(
        &self,
        organisation: &OrganisationId,
        articles: &[String],
    ) -> Done<Vec<StatementLine>> {
        let path = self.store.organisation(organisation).await?.path;
        let approved = self.store.approvals_for(&path).await?;
        let catalog = self.catalog();
        let digests = articles.iter().filter_map(|id| catalog.digest(id));
        let lines = digests.flat_map(|digest| {
            let statements = agreed(&catalog, digest).into_iter();
            statements.map(|one| StatementLine {
                id: one.id.clone(),
                sha256: one.sha256(),
                article: digest.citation().to_string(),
                text: one.text.clone(),
                cites: one.cites.iter().map(ToString::to_string).collect(),
                conditions: one.conditions.clone(),
                exceptions: one.exceptions.clone(),
                approved: approved.contains(&stamp(one)),
            })
        });
        Ok(lines.collect())
    }

    /// Approves what was picked, as long as it still says what the lawyer read.
    pub(super) async fn approve_picks(
        &self,
        by: &PersonId,
        organisation: &OrganisationId,
        picks: &[StatementPick],
    ) -> Done<usize> {
        let catalog = self.catalog();
        let stamps = stamps(picks);
        let is_note = |stamp: &StatementStamp| stamp.statement.contains(':');
        let notes = match stamps.iter().any(is_note) {
            true => self.note_stamps(),
            false => BTreeSet::new(),
        };
        let stands = |stamp: &StatementStamp| {
            catalog.may_speak(&stamp.statement, &stamp.sha256) || notes.contains(stamp)
        };
        if !stamps.iter().all(stands) {
            return Err(DeskError::Conflict {
                message: "Тезис изменился, пока вы читали. Откройте страницу заново.".into(),
            });
        }
        let added = self.store.approve_statements(&stamps, by, organisation);
        Ok(added.await?)
    }

    pub(super) async fn revoke_picks(
        &self,
        by: &PersonId,
        organisation: &OrganisationId,
        picks: &[StatementPick],
    ) -> Done<usize> {
        let stamps = stamps(picks);
        let gone = self.store.revoke_statements(&stamps, by, organisation);
        Ok(usize::try_from(gone.await?).unwrap_or(usize::MAX))
    }
}

fn stamp(statement: &Statement) -> StatementStamp {
    StatementStamp {
        statement: statement.id.clone(),
        sha256: statement.sha256(),
    }
}

fn stamps(picks: &[StatementPick]) -> Vec<StatementStamp> {
    let stamp = |pick: &StatementPick| StatementStamp {
        statement: pick.id.clone(),
        sha256: pick.sha256.clone(),
    };
    picks.iter().map(stamp).collect()
}

/// The statements of an article that a second reader agreed to.
fn agreed<'a>(catalog: &Catalog, digest: &'a DigestArticle) -> Vec<&'a Statement> {
    let all = digest.statements.iter();
    all.filter(|one| catalog.may_speak(&one.id, &one.sha256()))
        .collect()
}

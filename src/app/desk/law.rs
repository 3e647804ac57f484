//! Law, search and digest, as the pages show them.

use super::failed;
use crate::app::{App, AppError, today};
use crate::case::types::RenderedQuote;
use crate::case::{CaseId, OrganisationId, Rendering};
use crate::law::citation::Citation;
use crate::retrieve::{Hit as FoundHit, RetrieveError, Scope};
use crate::store::{StatementStamp, VersionRow};
use crate::web::desk::{
    ActLine, ActPage, ArticleLine, ArticlePage, Chapter, DeskError, DigestArticle, DigestChapter,
    Found, Hit, NormPart, Readers, SavedAnswer, SearchQuery, StatementLine,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Norms shown to a member at once.
const MEMBER_HITS: usize = 4;

pub async fn search(app: &App, query: &SearchQuery) -> Result<Found, DeskError> {
    let (path, approved) = match &query.readers {
        Readers::Lawyers => (None, None),
        Readers::Members { organisation } => {
            let node = app.store.organisation(organisation).await.map_err(failed)?;
            let stamps = app.store.approvals_for(&node.path).await.map_err(failed)?;
            (Some(node.path), Some(stamps))
        }
    };
    let scope = Scope {
        on: query.on,
        organisation_path: path,
        limit: query.limit,
    };
    let found = app.search(&query.text, &scope).await.map_err(|error| match error {
        RetrieveError::Index(error) => DeskError::Unavailable {
            reason: AppError::from(error).code().into(),
        },
        other => DeskError::Wrong {
            message: other.to_string(),
        },
    })?;
    Ok(shown(app, found.hits, approved.as_ref(), found.searched.by_meaning))
}

fn shown(
    app: &App,
    hits: Vec<FoundHit>,
    approved: Option<&BTreeSet<StatementStamp>>,
    by_meaning: bool,
) -> Found {
    let catalog = app.catalog();
    let mut found = Found::default();
    for hit in hits {
        let mut page_hit = Hit {
            id: hit.norm.clone(),
            title: hit.title,
            text: hit.text,
            cites: vec![hit.norm],
            edition: hit.edition,
            current_to: hit.current_to,
        };
        if hit.kind != "statement" {
            found.norms.push(page_hit);
            continue;
        }
        let Some((statement, _)) = catalog.statement(&hit.id) else {
            continue;
        };
        let stamp = StatementStamp {
            statement: statement.id.clone(),
            sha256: statement.sha256(),
        };
        if approved.is_none_or(|approved| approved.contains(&stamp)) {
            page_hit.id = stamp.statement;
            page_hit.cites = statement.cites.iter().map(ToString::to_string).collect();
            found.statements.push(page_hit);
        }
    }
    if !by_meaning {
        found.trouble = Some("Поиск по смыслу сейчас не работает, искали по словам.".into());
    }
    found
}

/// What a member sees at once beside their own case.
pub async fn for_case(app: &App, case: &CaseId) -> Result<Found, DeskError> {
    let view = app.view(case).await?;
    let node = &view.case.organisation_path;
    let approved = app.store.approvals_for(node).await.map_err(failed)?;
    let kept = view.retrieval.and_then(|row| serde_json::from_value(row.hits).ok());
    if let Some(kept) = kept {
        let kept: crate::retrieve::Retrieval = kept;
        let by_meaning = kept.searched.by_meaning;
        let mut found = shown(app, kept.hits, Some(&approved), by_meaning);
        found.norms.truncate(MEMBER_HITS);
        return Ok(found);
    }
    let text = view.messages.first().map(|message| message.text.clone()).unwrap_or_default();
    let query = SearchQuery {
        text,
        on: view.case.event_date.unwrap_or_else(today),
        readers: Readers::Members {
            organisation: view.case.organisation,
        },
        limit: MEMBER_HITS,
    };
    search(app, &query).await
}

pub async fn acts(app: &App) -> Result<Vec<ActLine>, DeskError> {
    let statuses = app.store.act_statuses().await.map_err(failed)?;
    Ok(statuses
        .into_iter()
        .filter_map(|act| {
            Some(ActLine {
                id: act.act,
                title: act.title,
                edition: act.newest?,
                current_to: act.current_to?,
            })
        })
        .collect())
}

async fn line(app: &App, act: &str, on: Date) -> Result<ActLine, DeskError> {
    let edition = app.store.edition_on(act, on).await.map_err(failed)?;
    let edition = edition.ok_or(DeskError::NotFound)?;
    let title = acts(app)
        .await?
        .into_iter()
        .find(|line| line.id == act)
        .map(|line| line.title)
        .unwrap_or_default();
    Ok(ActLine {
        id: act.to_owned(),
        title,
        edition: edition.edition_date,
        current_to: edition.current_to,
    })
}

pub async fn act(app: &App, act: &str, on: Date) -> Result<ActPage, DeskError> {
    let line = line(app, act, on).await?;
    let mut chapters: Vec<Chapter> = Vec::new();
    for row in app.store.articles(act, on).await.map_err(failed)? {
        let title = row.path.as_array().and_then(|path| path.last()?.as_str()).unwrap_or_default();
        if chapters.last().is_none_or(|chapter| chapter.title != title) {
            chapters.push(Chapter {
                title: title.to_owned(),
                articles: Vec::new(),
            });
        }
        if let Some(chapter) = chapters.last_mut() {
            chapter.articles.push(ArticleLine {
                number: number(&row.citation),
                title: row.title.unwrap_or_default(),
                repealed: row.repealed,
            });
        }
    }
    Ok(ActPage { line, chapters })
}

fn number(citation: &str) -> String {
    citation.split(':').nth(1).unwrap_or_default().to_owned()
}

pub async fn article(
    app: &App,
    act: &str,
    wanted: &str,
    on: Date,
) -> Result<ArticlePage, DeskError> {
    let line = line(app, act, on).await?;
    let article = format!("{act}:{wanted}");
    let rows = app.store.versions_of_article(act, &article, on).await.map_err(failed)?;
    let head = rows.iter().find(|row| row.kind == "article").ok_or(DeskError::NotFound)?;
    let order: Vec<String> = app
        .store
        .articles(act, on)
        .await
        .map_err(failed)?
        .iter()
        .map(|row| number(&row.citation))
        .collect();
    let place = order.iter().position(|one| one == wanted);
    let known = app.store.version(&article, on).await.map_err(failed)?;
    Ok(ArticlePage {
        act: act.to_owned(),
        act_title: line.title,
        number: wanted.to_owned(),
        title: head.title.clone().unwrap_or_default(),
        on,
        edition: line.edition,
        current_to: line.current_to,
        parts: parts(&rows),
        previous: place.and_then(|at| order.get(at.checked_sub(1)?).cloned()),
        next: place.and_then(|at| order.get(at + 1).cloned()),
        doubt: known.and_then(|known| doubt(&known.standing, line.current_to)),
    })
}

fn doubt(standing: &crate::store::Standing, current_to: Date) -> Option<String> {
    use crate::store::Standing;
    match standing {
        Standing::Known => None,
        Standing::AfterCurrent => Some(format!(
            "Текст известен по {current_to}. Менялся ли он после, здесь не проверено."
        )),
        Standing::Between => Some(
            "Между двумя известными редакциями текст изменился; с какого дня, здесь не известно.".into(),
        ),
    }
}

/// Each norm with its own words: what its parts say is shown with them.
fn parts(rows: &[VersionRow]) -> Vec<NormPart> {
    let mut parts = Vec::new();
    let bodies: Vec<&VersionRow> = rows.iter().filter(|row| row.kind != "article").collect();
    for (at, row) in bodies.iter().enumerate() {
        let own_end = bodies
            .get(at + 1)
            .filter(|next| next.start_char < row.end_char)
            .map_or(row.end_char, |next| next.start_char);
        let length = usize::try_from(own_end - row.start_char).unwrap_or_default();
        let text: String = row.text.chars().take(length).collect();
        let text = text.trim().to_owned();
        if text.is_empty() && !row.repealed {
            continue;
        }
        parts.push(NormPart {
            citation: row.citation.clone(),
            also: Vec::new(),
            depth: match row.kind.as_str() {
                "part" => 1,
                "point" => 2,
                _ => 3,
            },
            text,
            repealed: row.repealed,
        });
    }
    parts
}

pub async fn digest(app: &App, organisation: &OrganisationId) -> Result<Vec<DigestChapter>, DeskError> {
    let lines = statements(app, organisation, &[]).await?;
    let catalog = app.catalog();
    let mut articles: Vec<&crate::knowledge::digest::DigestArticle> = catalog.digested().collect();
    articles.sort_by_key(|article| sort_key(&article.article));
    let mut chapters: Vec<DigestChapter> = Vec::new();
    for article in articles {
        let id = article.citation().to_string();
        let own: Vec<&StatementLine> = lines.iter().filter(|line| line.article == id).collect();
        let title = chapter_of(app, &id).unwrap_or_else(|| "Трудовой кодекс".to_owned());
        if chapters.last().is_none_or(|chapter| chapter.title != title) {
            chapters.push(DigestChapter {
                title,
                articles: Vec::new(),
            });
        }
        if let Some(chapter) = chapters.last_mut() {
            chapter.articles.push(DigestArticle {
                id,
                title: article.title.clone(),
                statements: own.len(),
                approved: own.iter().filter(|line| line.approved).count(),
            });
        }
    }
    Ok(chapters)
}

/// The chapter that the held law puts an article in.
fn chapter_of(app: &App, article: &str) -> Option<String> {
    app.catalog().chapter(article)
}

/// Articles in the order of the law: 312.1 after 312, 348.11-1 after 348.11.
fn sort_key(article: &str) -> Vec<u32> {
    article
        .split(['.', '-'])
        .map(|part| part.parse().unwrap_or_default())
        .collect()
}

pub async fn statements(
    app: &App,
    organisation: &OrganisationId,
    articles: &[String],
) -> Result<Vec<StatementLine>, DeskError> {
    let node = app.store.organisation(organisation).await.map_err(failed)?;
    let stamps = app.store.approvals_for(&node.path).await.map_err(failed)?;
    let catalog = app.catalog();
    let mut digested: Vec<_> = catalog.digested().collect();
    digested.sort_by_key(|article| sort_key(&article.article));
    let mut lines = Vec::new();
    for article in digested {
        let id = article.citation().to_string();
        if !articles.is_empty() && !articles.contains(&id) {
            continue;
        }
        for statement in &article.statements {
            let stamp = StatementStamp {
                statement: statement.id.clone(),
                sha256: statement.sha256(),
            };
            lines.push(StatementLine {
                approved: stamps.contains(&stamp),
                id: stamp.statement,
                sha256: stamp.sha256,
                article: id.clone(),
                text: statement.text.clone(),
                cites: statement.cites.iter().map(ToString::to_string).collect(),
                conditions: statement.conditions.clone(),
                exceptions: statement.exceptions.clone(),
            });
        }
    }
    Ok(lines)
}

/// Code inserts the words of the law: a citation that does not resolve is refused by name.
pub fn rendering(app: &App, saved: &SavedAnswer) -> Result<Rendering, DeskError> {
    let catalog = app.catalog();
    let quotes = saved.norms.iter().map(|citation| {
        let norm = catalog.cited(citation, saved.on).ok_or_else(|| {
            let shown = citation
                .parse::<Citation>()
                .map_or_else(|_| citation.clone(), |citation| citation.russian());
            DeskError::Wrong {
                message: format!("Нормы «{shown}» на {} в базе нет. Исправьте ссылку.", saved.on),
            }
        })?;
        Ok(RenderedQuote {
            norm: citation.clone(),
            text: norm.text.clone(),
            edition: norm.edition.to_string(),
            current_to: norm.current_to.to_string(),
        })
    });
    Ok(Rendering {
        text: saved.text.clone(),
        quotes: quotes.collect::<Result<_, DeskError>>()?,
        on: saved.on.to_string(),
    })
}

use super::{App, Done};
use crate::knowledge::digest::Statement;
use crate::retrieve::{self, Catalog, Retrieval, RetrieveError, Scope};
use crate::store::{EditionRow, Standing, StatementStamp, VersionRow};
use crate::web::desk::{
    self, ActLine, ActPage, ArticleLine, ArticlePage, Chapter, DeskError, Found, NormPart, Readers,
    SearchQuery,
};
use jiff::civil::Date;
use std::collections::BTreeSet;

/// Which notes a reader sees.
pub(super) enum Notes {
    /// All that a second reader agreed to.
    Agreed,
    /// Those that a lawyer of the reader's union approved, in exactly these words, while their norms stand.
    Approved(BTreeSet<StatementStamp>),
}

impl Notes {
    fn shows(&self, catalog: &Catalog, statement: &Statement) -> bool {
        let sha256 = statement.sha256();
        match self {
            Self::Agreed => catalog.may_speak(&statement.id, &sha256),
            Self::Approved(stamps) => {
                catalog.may_be_shown(&statement.id, &sha256)
                    && stamps.contains(&StatementStamp {
                        statement: statement.id.clone(),
                        sha256,
                    })
            }
        }
    }
}

impl From<RetrieveError> for DeskError {
    fn from(error: RetrieveError) -> Self {
        match error {
            RetrieveError::Empty | RetrieveError::TooLong { .. } => Self::Wrong {
                message: error.to_string(),
            },
            RetrieveError::Index(error) => Self::Unavailable {
                reason: error.code().to_owned(),
            },
            RetrieveError::Stopped(_) => Self::Busy { retry_after_s: 5 },
        }
    }
}

impl App {
    pub(super) async fn find_for_page(&self, query: &SearchQuery) -> Done<Found> {
        let (notes, path) = match &query.readers {
            Readers::Lawyers => (Notes::Agreed, None),
            Readers::Members { organisation } => {
                let path = self.store.organisation(organisation).await?.path;
                (self.approved_for(&path).await?, Some(path))
            }
        };
        let scope = Scope {
            on: query.on,
            organisation_path: path,
            limit: query.limit,
        };
        let found = App::search(self, &query.text, &scope).await?;
        let mut page = self.as_found(&found, query.on, &notes);
        if query.readers == Readers::Lawyers {
            self.beside_the_law(query, &mut page).await?;
        }
        Ok(page)
    }

    pub(super) async fn approved_for(&self, path: &str) -> Done<Notes> {
        Ok(Notes::Approved(self.store.approvals_for(path).await?))
    }

    /// What a page shows of a search: verbatim norms, and the notes that its reader may see.
    pub(super) fn as_found(&self, found: &Retrieval, on: Date, notes: &Notes) -> Found {
        let catalog = self.catalog();
        let mut page = Found::default();
        for hit in &found.hits {
            if hit.kind == "statement" {
                let Some((statement, _)) = catalog.statement(&hit.id) else {
                    continue;
                };
                if statement.in_force().contains(on) && notes.shows(&catalog, statement) {
                    page.statements.push(note(hit, statement, &catalog, on));
                }
            } else {
                page.norms.push(norm(hit));
            }
        }
        if !found.searched.by_meaning {
            page.trouble = Some(
                "Сейчас поиск идёт только по словам, без смысла: часть норм может не найтись."
                    .into(),
            );
        }
        page
    }

    pub(super) async fn act_lines(&self) -> Done<Vec<ActLine>> {
        let mut lines = Vec::new();
        for act in self.store.acts().await? {
            if let Some(edition) = self.store.editions(&act.id).await?.pop() {
                lines.push(act_line(act.title, &edition));
            }
        }
        Ok(lines)
    }

    /// The act's title and the edition that speaks for a day.
    async fn edition_for(&self, act: &str, on: Date) -> Done<(String, EditionRow)> {
        let all = self.store.acts().await?.into_iter();
        let title = all.filter(|one| one.id == act).map(|one| one.title).next();
        let title = title.ok_or(DeskError::NotFound)?;
        match self.store.edition_on(act, on).await? {
            Some(edition) => Ok((title, edition)),
            None => Err(DeskError::Wrong {
                message: format!(
                    "Редакции на {on} у нас нет: самая старая из тех, что загружены, позже. Выберите другой день или попросите администратора добавить старую редакцию."
                ),
            }),
        }
    }

    pub(super) async fn act_page(&self, act: &str, on: Date) -> Done<ActPage> {
        let (title, edition) = self.edition_for(act, on).await?;
        let mut chapters: Vec<Chapter> = Vec::new();
        for row in self.store.articles(act, on).await? {
            let above = row.path.as_array().and_then(|path| path.last());
            let title = above.and_then(|name| name.as_str()).unwrap_or_default();
            if chapters.last().is_none_or(|chapter| chapter.title != title) {
                chapters.push(Chapter {
                    title: title.to_owned(),
                    articles: Vec::new(),
                });
            }
            let article = ArticleLine {
                number: number(&row.article).to_owned(),
                title: row.title.unwrap_or_default(),
                repealed: row.repealed,
            };
            if let Some(chapter) = chapters.last_mut() {
                chapter.articles.push(article);
            }
        }
        Ok(ActPage {
            line: act_line(title, &edition),
            chapters,
        })
    }

    pub(super) async fn article_page(
        &self,
        act: &str,
        wanted: &str,
        on: Date,
    ) -> Done<ArticlePage> {
        let (act_title, edition) = self.edition_for(act, on).await?;
        let citation = format!("{act}:{wanted}");
        let rows = self.store.versions_of_article(act, &citation, on).await?;
        let whole = rows.iter().find(|row| row.citation == citation);
        let whole = whole.ok_or(DeskError::NotFound)?;
        let standing = self.store.version(&citation, on).await?;
        let articles = self.store.articles(act, on).await?;
        let place = articles.iter().position(|row| row.article == citation);
        let beside = |place: Option<usize>| {
            let row = place.and_then(|place| articles.get(place));
            row.map(|row| number(&row.article).to_owned())
        };
        Ok(ArticlePage {
            act: act.to_owned(),
            act_title,
            number: wanted.to_owned(),
            title: whole.title.clone().unwrap_or_default(),
            on,
            edition: edition.edition_date,
            current_to: edition.current_to,
            parts: parts(whole, &rows),
            previous: beside(place.and_then(|place| place.checked_sub(1))),
            next: beside(place.map(|place| place + 1)),
            doubt: standing.and_then(|on_day| doubt(on_day.standing, edition.current_to)),
        })
    }
}

fn norm(hit: &retrieve::Hit) -> desk::Hit {
    desk::Hit {
        id: hit.norm.clone(),
        title: hit.title.clone(),
        text: hit.text.clone(),
        cites: vec![hit.norm.clone()],
        edition: hit.edition,
        current_to: hit.current_to,
    }
}

fn note(hit: &retrieve::Hit, statement: &Statement, catalog: &Catalog, on: Date) -> desk::Hit {
    let cites: Vec<String> = statement.cites.iter().map(ToString::to_string).collect();
    let cited = cites.first().and_then(|cite| catalog.cited(cite, on));
    desk::Hit {
        id: statement.id.clone(),
        title: hit.title.clone(),
        text: statement.text.clone(),
        edition: hit.edition,
        current_to: cited.map(|norm| norm.current_to),
        cites,
    }
}

fn act_line(title: String, edition: &EditionRow) -> ActLine {
    ActLine {
        id: edition.act.clone(),
        title,
        edition: edition.edition_date,
        current_to: edition.current_to,
    }
}

/// `81` of `tk:81`.
fn number(article: &str) -> &str {
    article
        .split_once(':')
        .map_or(article, |(_, number)| number)
}

/// Numbers in their order: 81, 81.1, 312.2, 348.11-1.
pub(super) fn order(article: &str) -> Vec<u32> {
    let digits = article.split(['.', '-']);
    digits
        .map(|part| part.parse().unwrap_or(u32::MAX))
        .collect()
}

fn doubt(standing: Standing, current_to: Date) -> Option<String> {
    match standing {
        Standing::Known => None,
        Standing::AfterCurrent => Some(format!(
            "Редакция проверена по {}. Были ли изменения после этого дня, у нас не отмечено.",
            crate::law::deadline::spoken(current_to)
        )),
        Standing::Between => Some(
            "Между двумя редакциями, которые у нас есть, текст изменился. Какой действовал в этот день, неизвестно: показан более ранний.".into(),
        ),
    }
}

/// The article line by line: each line with the norms that begin there.
fn parts(whole: &VersionRow, rows: &[VersionRow]) -> Vec<NormPart> {
    let mut at = whole.start_char;
    let mut parts: Vec<NormPart> = Vec::new();
    for (place, text) in whole.text.lines().enumerate() {
        let start = at;
        at += i64::try_from(text.chars().count()).unwrap_or(0) + 1;
        // The heading stands above already.
        if place == 0 || text.trim().is_empty() {
            continue;
        }
        let mut here: Vec<&VersionRow> = rows
            .iter()
            .filter(|row| row.start_char == start && row.citation != whole.citation)
            .collect();
        here.sort_by_key(|row| row.ordinal);
        let names = |row: &&VersionRow| row.citation.clone();
        parts.push(NormPart {
            citation: here.first().map(names).unwrap_or_default(),
            also: here.iter().skip(1).map(names).collect(),
            depth: here.last().map_or(1, |row| depth(&row.citation)),
            text: text.to_owned(),
            repealed: here.first().is_some_and(|row| row.repealed),
        });
    }
    parts
}

fn depth(citation: &str) -> u8 {
    match citation.parse::<crate::law::Citation>() {
        Ok(citation) if citation.subpoint.is_some() => 3,
        Ok(citation) if citation.point.is_some() => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn articles_stand_in_the_order_of_the_code() {
        let mut numbers = vec!["312.2", "81.1", "9", "81", "348.11-1", "348.2"];
        numbers.sort_by_key(|number| order(number));
        assert_eq!(numbers, ["9", "81", "81.1", "312.2", "348.2", "348.11-1"]);
    }
}

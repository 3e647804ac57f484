use super::{App, Done, local};
use crate::knowledge::digest::Statement;
use crate::retrieve::{self, Catalog, Retrieval, RetrieveError, Scope};
use crate::store::{EditionRow, StatementStamp};
use crate::web::desk::{self, ActLine, DeskError, Found, Readers, SearchQuery, Viewer};
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
    pub(super) fn shows(&self, catalog: &Catalog, statement: &Statement) -> bool {
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
        let (notes, path) = self.notes_for(&query.readers).await?;
        let scope = Scope {
            on: query.on,
            organisation_path: query.organisation_path.clone().or(path),
            limit: query.limit,
        };
        let found = App::search(self, &query.text, &scope).await?;
        let mut page = self.as_found(&found, query.on, &notes);
        let seen = self.seen_by(&Viewer::Known(query.readers.clone())).await?;
        self.beside_question(&query.text, &found, &seen, &mut page);
        if query.readers == Readers::Lawyers {
            self.beside_the_law(query, &mut page).await?;
        }
        Ok(page)
    }

    /// The notes that readers see, and where they belong.
    pub(super) async fn notes_for(&self, readers: &Readers) -> Done<(Notes, Option<String>)> {
        match readers {
            Readers::Lawyers => Ok((Notes::Agreed, None)),
            Readers::Members { organisation } => {
                let path = self.store.organisation(organisation).await?.path;
                Ok((self.approved_for(&path).await?, Some(path)))
            }
        }
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
                // On an older day the norm may have said something else than the note about it.
                let stands = hit
                    .edition
                    .is_none_or(|written| catalog.reads_as_written(statement, written, on));
                if stands && statement.in_force().contains(on) && notes.shows(&catalog, statement) {
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
}

fn norm(hit: &retrieve::Hit) -> desk::Hit {
    desk::Hit {
        id: hit.norm.clone(),
        title: hit.title.clone(),
        text: hit.text.clone(),
        cites: vec![hit.norm.clone()],
        edition: hit.edition,
        current_to: hit.current_to,
        local: local::mark(&hit.norm, &hit.act_title, (hit.edition, hit.until)),
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
        local: None,
        cites,
    }
}

pub(super) fn act_line(title: String, edition: &EditionRow) -> ActLine {
    ActLine {
        id: edition.act.clone(),
        title,
        edition: edition.edition_date,
        current_to: edition.current_to,
    }
}

/// `81` of `tk:81`.
pub(super) fn number(article: &str) -> &str {
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

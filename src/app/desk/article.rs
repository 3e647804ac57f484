//! The page of an article: its text on a day, its editions, what rests on it.

use super::contents::speaking;
use super::law::number;
use super::{App, Done};
use crate::app::editions;
use crate::law::Citation;
use crate::store::{EditionRow, Standing, VersionRow};
use crate::web::desk::{
    self, AmendmentLine, ArticleAsked, ArticlePage, DayStanding, DeskError, EditionChange,
    EditionDay, Readers,
};
use jiff::civil::Date;

/// Notes of amendments that a page shows.
const NOTES: usize = 60;

impl App {
    pub(super) async fn article_page(&self, asked: &ArticleAsked) -> Done<ArticlePage> {
        let act = self.act_held(&asked.act).await?;
        let held = self.store.editions(&act.id).await?;
        let on = asked.on;
        let edition = speaking(&held, on)?;
        let citation = format!("{}:{}", act.id, asked.number);
        let parsed: Citation = citation.parse().map_err(|_| DeskError::NotFound)?;
        let rows = self.store.versions_of_article(&act.id, &citation, on);
        let rows = rows.await?;
        let whole = rows.iter().find(|row| row.citation == citation);
        let through = match whole {
            Some(whole) => self.store.history(&whole.provision).await?,
            None => editions::history(&self.store, &parsed)
                .await
                .map_err(super::unavailable)?,
        };
        let any = whole.or(through.last()).ok_or(DeskError::NotFound)?;
        let standing = self
            .day_standing(whole, &through, (&held, edition), on)
            .await?;
        let editions_for_day = self.store.speaking_editions(on).await?;
        let shown = match whole {
            Some(whole) => Some(self.article_text(whole, &rows, &editions_for_day).await?),
            None => None,
        };
        let later = match standing {
            DayStanding::Between { next } => {
                let later = through.iter().find(|row| row.edition_date == next);
                self.later_text(later, &editions_for_day).await?
            }
            _ => None,
        };
        let (previous, next) = self.neighbours(whole).await?;
        let notes = self.store.notes(&any.edition, &any.citation).await?;
        Ok(ArticlePage {
            act: act.id,
            act_title: act.title,
            number: asked.number.clone(),
            on,
            path: serde_json::from_value(any.path.clone()).unwrap_or_default(),
            standing,
            shown,
            later,
            history: days(&through, &held),
            notes: notes.into_iter().take(NOTES).map(note).collect(),
            statements: self
                .resting_on(&citation, asked.readers.as_ref(), on)
                .await?,
            cited_by: self.cited_by(&citation, &editions_for_day),
            previous,
            next,
        })
    }

    async fn day_standing(
        &self,
        whole: Option<&VersionRow>,
        through: &[VersionRow],
        (held, edition): (&[EditionRow], &EditionRow),
        on: Date,
    ) -> Done<DayStanding> {
        let next = held
            .iter()
            .map(|other| other.edition_date)
            .find(|day| *day > edition.edition_date);
        let Some(whole) = whole else {
            let comes = next.filter(|next| through.iter().any(|row| row.edition_date == *next));
            return Ok(match comes {
                Some(next) if on > edition.current_to => DayStanding::Between { next },
                _ => DayStanding::Absent {
                    edition: edition.edition_date,
                },
            });
        };
        let found = self.store.version(&whole.citation, on).await?;
        Ok(match (found.map(|found| found.standing), next) {
            (Some(Standing::Between), Some(next)) => DayStanding::Between { next },
            (Some(Standing::Known), Some(next)) if on > edition.current_to => {
                DayStanding::SameInBoth { next }
            }
            (Some(Standing::AfterCurrent), _) => DayStanding::AfterCurrent,
            _ => DayStanding::Known,
        })
    }

    async fn later_text(
        &self,
        later: Option<&VersionRow>,
        speaking: &[(String, String)],
    ) -> Done<Option<desk::ArticleText>> {
        let Some(later) = later else {
            return Ok(None);
        };
        let (act, day) = (&later.act, later.edition_date);
        let rows = self.store.versions_of_article(act, &later.article, day);
        let text = self.article_text(later, &rows.await?, speaking).await?;
        Ok(Some(text))
    }

    /// Numbers of the articles before and after.
    async fn neighbours(
        &self,
        whole: Option<&VersionRow>,
    ) -> Done<(Option<String>, Option<String>)> {
        let Some(whole) = whole else {
            return Ok((None, None));
        };
        let found = self.store.neighbours(&whole.edition, whole.ordinal).await?;
        let plain = |article: String| number(&article).to_owned();
        Ok((found.0.map(plain), found.1.map(plain)))
    }

    /// Statements of the digest that rest on an article and that these readers may see.
    async fn resting_on(
        &self,
        article: &str,
        readers: Option<&Readers>,
        on: Date,
    ) -> Done<Vec<desk::Hit>> {
        let Some(readers) = readers else {
            return Ok(Vec::new());
        };
        let (notes, _) = self.notes_for(readers).await?;
        let catalog = self.catalog();
        let mut found = Vec::new();
        for digest in catalog.digested() {
            for statement in &digest.statements {
                let cites = &statement.cites;
                let rests = cites.iter().any(|one| one.article().to_string() == article);
                if rests && statement.in_force().contains(on) && notes.shows(&catalog, statement) {
                    found.push(desk::Hit {
                        id: statement.id.clone(),
                        title: digest.title.clone(),
                        text: statement.text.clone(),
                        cites: cites.iter().map(ToString::to_string).collect(),
                        edition: Some(digest.edition),
                        current_to: None,
                        local: None,
                    });
                }
            }
        }
        // The article's own first, then by id, whose numbers stand in the order of writing.
        let own = format!("{}-", article.replace(':', "-"));
        found.sort_by_key(|hit| (!hit.id.starts_with(&own), hit.id.clone()));
        Ok(found)
    }
}

/// The editions that have a provision, each with how it stands to the one before.
fn days(through: &[VersionRow], held: &[EditionRow]) -> Vec<EditionDay> {
    let mut days: Vec<EditionDay> = Vec::new();
    let mut before: Option<&VersionRow> = None;
    for row in through {
        let oldest = held.first().map(|edition| edition.edition_date);
        let change = match before {
            _ if row.repealed => EditionChange::Repealed,
            None if oldest == Some(row.edition_date) => EditionChange::Oldest,
            None => EditionChange::Inserted,
            Some(old) if old.text_sha256 == row.text_sha256 => EditionChange::Same,
            Some(old) => EditionChange::Changed {
                before: old.edition_date,
            },
        };
        days.push(EditionDay {
            edition: row.edition_date,
            current_to: row.current_to,
            number: number(&row.article).to_owned(),
            change,
        });
        before = Some(row);
    }
    days
}

fn note(row: crate::store::NoteRow) -> AmendmentLine {
    AmendmentLine {
        citation: row.citation,
        day: row.date,
        law: row.law,
        what: row.what,
    }
}

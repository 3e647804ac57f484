//! The page of an article: its text on a day, its editions, what rests on it.

use super::contents::speaking;
use super::law::number;
use super::{App, Done};
use crate::app::{dates, editions};
use crate::law::Citation;
use crate::law::dating::Certainty;
use crate::store::{EditionRow, Standing, Store, VersionOn, VersionRow};
use crate::web::desk::{
    self, AmendmentLine, ArticleAsked, ArticlePage, ComingNorm, ComingShown, DayStanding,
    DeskError, EditionChange, EditionDay, Readers, SinceIs, TextSince,
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
        if parsed.article() != parsed {
            return Err(DeskError::NotFound);
        }
        let found = self.store.version(&citation, on).await?;
        let rows = match &found {
            Some(found) => {
                self.store
                    .versions_in(&found.version.edition, &citation)
                    .await?
            }
            None => Vec::new(),
        };
        let not_yet = found
            .as_ref()
            .filter(|found| found.standing == Standing::NotYet);
        let not_yet = not_yet.map(|found| &found.version);
        let whole = rows
            .iter()
            .find(|row| row.citation == citation && not_yet.is_none());
        let through = match whole {
            Some(whole) => self.store.history(&whole.provision).await?,
            None => editions::history(&self.store, &parsed)
                .await
                .map_err(super::unavailable)?,
        };
        let any = whole
            .or(not_yet)
            .or(through.last())
            .ok_or(DeskError::NotFound)?;
        let partly = match not_yet {
            Some(version) => dates::is_partly_law(&self.store, version, on).await?,
            None => false,
        };
        let standing = match not_yet.and_then(|version| version.known_from()) {
            Some(_) if partly => DayStanding::PartlyNotYet,
            Some(from) => DayStanding::NotYet { from },
            None => day_standing(found.as_ref(), &through, (&held, edition), on),
        };
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
            DayStanding::NotYet { .. } | DayStanding::PartlyNotYet => {
                self.later_text(not_yet, &editions_for_day).await?
            }
            _ => {
                let coming = found.as_ref().and_then(|found| found.coming.as_ref());
                self.later_text(coming, &editions_for_day).await?
            }
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
            since: self.since_line(whole).await?,
            coming: match standing {
                DayStanding::NotYet { .. } => Vec::new(),
                _ => coming_lines(&self.store, found.as_ref(), on).await?,
            },
            shown,
            later,
            history: days(&through, &held),
            notes: notes.into_iter().take(NOTES).map(note).collect(),
            changed_since: self.changed_since(&citation),
            statements: self
                .resting_on(&citation, asked.readers.as_ref(), on)
                .await?,
            cited_by: self.cited_by(&citation, &editions_for_day),
            previous,
            next,
        })
    }

    async fn since_line(&self, whole: Option<&VersionRow>) -> Done<Option<TextSince>> {
        let Some(whole) = whole else {
            return Ok(None);
        };
        let since = dates::since(&self.store, &self.term_changes, whole).await?;
        Ok(since.map(|since| TextSince {
            day: since.day,
            is: match since.certainty {
                Certainty::Known => SinceIs::Known,
                Certainty::NotBefore => SinceIs::NotBefore,
            },
            law: since.law,
        }))
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

    /// What the law has changed since a point of a court's explanation was written.
    fn changed_since(&self, article: &str) -> Vec<desk::CitedLine> {
        let catalog = self.catalog();
        let changed = catalog.digest(article).map(|digest| &digest.changed_since);
        let line = |one: &crate::knowledge::digest::ChangedSince| desk::CitedLine {
            text: one.what.clone(),
            cites: vec![one.cite.to_string()],
        };
        changed.into_iter().flatten().map(line).collect()
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
                let rests = rests && catalog.reads_as_written(statement, digest.edition, on);
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

/// The norms in an article whose held text comes after the day.
async fn coming_lines(store: &Store, found: Option<&VersionOn>, on: Date) -> Done<Vec<ComingNorm>> {
    let Some(found) = found else {
        return Ok(Vec::new());
    };
    let shown = match found.coming {
        Some(_) => ComingShown::TextBefore,
        None => ComingShown::TextItself,
    };
    let rows = dates::coming_in(store, found, on).await?.into_iter();
    let lines = rows.filter_map(|row| {
        Some(ComingNorm {
            from: row.in_force_from?,
            citation: row.citation,
            shown,
        })
    });
    Ok(lines.collect())
}

/// What is known about a day, from what the store found for it.
fn day_standing(
    found: Option<&VersionOn>,
    through: &[VersionRow],
    (held, edition): (&[EditionRow], &EditionRow),
    on: Date,
) -> DayStanding {
    let mut days = held.iter().map(|other| other.edition_date);
    let next = days.find(|day| *day > edition.edition_date);
    let Some(found) = found else {
        let comes = next.filter(|next| through.iter().any(|row| row.edition_date == *next));
        return match comes {
            Some(next) if on > edition.current_to => DayStanding::Between { next },
            _ => DayStanding::Absent {
                edition: edition.edition_date,
            },
        };
    };
    // A text of another edition speaks for the day because its days are known.
    let by_edition = found.version.edition == edition.id && found.coming.is_none();
    match (found.standing, next) {
        (Standing::Between, Some(next)) => DayStanding::Between { next },
        (Standing::Known, Some(next)) if by_edition && on > edition.current_to => {
            DayStanding::SameInBoth { next }
        }
        (Standing::AfterCurrent, _) => DayStanding::AfterCurrent,
        _ => DayStanding::Known,
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

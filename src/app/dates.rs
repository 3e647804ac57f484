//! Since when a text stands, which texts come later, and which changes fall inside a dispute.

use super::App;
use crate::draft::{DayNote, DayNoteKind, Draft};
use crate::law::compare::reads_the_same;
use crate::law::dating::{Certainty, Noted, TermChanges, last_change};
use crate::law::{ActId, Citation, find_references};
use crate::retrieve::{Coming, Retrieval};
use crate::store::{Standing, Store, StoreError, VersionOn, VersionRow, innermost};
use jiff::civil::Date;

/// Since when a text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    pub day: Date,
    pub certainty: Certainty,
    /// «91-ФЗ от 2024-04-22», where the edition names it.
    pub law: Option<String>,
}

/// Since when a version stands, and by which law; nothing where no text tells.
pub async fn since(
    store: &Store,
    facts: &TermChanges,
    version: &VersionRow,
) -> Result<Option<Since>, StoreError> {
    let (Some(day), Ok(norm)) = (version.in_force_from, version.citation.parse::<Citation>())
    else {
        return Ok(None);
    };
    if norm.act.is_local() {
        return Ok(Some(Since {
            day: run_of_words(store, version).await?.unwrap_or(day),
            certainty: Certainty::Known,
            law: None,
        }));
    }
    let notes = store.notes(&version.edition, &version.article).await?;
    let notes: Vec<Noted> = notes
        .into_iter()
        .filter_map(|note| {
            Some(Noted {
                citation: note.citation.parse().ok()?,
                signed: note.date?,
                law: note.law,
                what: note.what,
            })
        })
        .collect();
    let change = last_change(&norm, &notes, facts, day);
    Ok(Some(Since {
        day,
        certainty: match version.known_from() {
            Some(_) => Certainty::Known,
            None => Certainty::NotBefore,
        },
        law: change.map(|change| format!("{} от {}", change.law, change.signed)),
    }))
}

/// The first day of the oldest edition from which on all editions up to the version's own have its words.
async fn run_of_words(store: &Store, version: &VersionRow) -> Result<Option<Date>, StoreError> {
    let history = store.history(&version.provision).await?;
    let older = history.iter().rev();
    Ok(older
        .skip_while(|row| row.edition_date > version.edition_date)
        .take_while(|row| reads_the_same(&row.text, &version.text))
        .last()
        .and_then(|row| row.in_force_from))
}

/// The day from which other words stand: over all editions that read the same. Nothing where none is held.
pub async fn end_of(store: &Store, version: &VersionRow) -> Result<Option<Date>, StoreError> {
    let history = store.history(&version.provision).await?;
    let mut until = version.in_force_until;
    let later = history
        .iter()
        .filter(|row| row.edition_date > version.edition_date);
    for row in later {
        if !reads_the_same(&row.text, &version.text) {
            break;
        }
        until = row.in_force_until;
    }
    Ok(until)
}

/// The texts at or in a norm that come into force after the day, the innermost ones.
pub async fn coming_in(
    store: &Store,
    found: &VersionOn,
    on: Date,
) -> Result<Vec<VersionRow>, StoreError> {
    let version = found.coming.as_ref().unwrap_or(&found.version);
    let Ok(norm) = version.citation.parse::<Citation>() else {
        return Ok(Vec::new());
    };
    let mut rows = store
        .versions_in(&version.edition, &version.article)
        .await?;
    rows.retain(|row| {
        let here = row.citation.parse::<Citation>();
        row.known_from().is_some_and(|from| from > on)
            && here.is_ok_and(|here| norm.contains(&here))
    });
    Ok(innermost(rows))
}

/// Whether some of a text that comes into force later is the law on the day already.
pub async fn is_partly_law(
    store: &Store,
    version: &VersionRow,
    on: Date,
) -> Result<bool, StoreError> {
    let Ok(norm) = version.citation.parse::<Citation>() else {
        return Ok(false);
    };
    let mut inside = store
        .versions_in(&version.edition, &version.article)
        .await?;
    inside.retain(|row| {
        let here = row.citation.parse::<Citation>();
        here.is_ok_and(|here| here != norm && norm.contains(&here))
    });
    let stands = |row: &VersionRow| !row.repealed && row.known_from().is_none_or(|from| from <= on);
    Ok(innermost(inside).iter().any(stands))
}

impl App {
    /// The texts that come into force later, of the articles that were found or that the question names.
    pub(super) async fn coming_of(
        &self,
        question: &str,
        found: &Retrieval,
        on: Date,
    ) -> Result<Vec<Coming>, StoreError> {
        let mut articles: Vec<String> = found.hits.iter().map(|hit| hit.article.clone()).collect();
        let named = find_references(question, &ActId::tk());
        articles.extend(named.iter().map(|one| one.citation.article().to_string()));
        let mut acts: Vec<String> = articles.iter().map(|one| act_of(one)).collect();
        acts.sort_unstable();
        acts.dedup();
        let mut coming = Vec::new();
        for act in acts {
            let rows = self.store.coming(&act, on).await?.into_iter();
            let here = rows.filter(|row| articles.contains(&row.article));
            coming.extend(here.filter_map(|row| {
                Some(Coming {
                    from: row.in_force_from?,
                    norm: row.citation,
                    text: row.text,
                })
            }));
        }
        Ok(coming)
    }

    /// Adds to a draft what else its norms said or will say: on days of the dispute, between editions, later.
    ///
    /// Of a norm that may have read otherwise on the day nothing is computed.
    pub(super) async fn add_days(&self, draft: &mut Draft, on: Date) -> Result<(), StoreError> {
        let quotes = draft.sentences.iter().flat_map(|sentence| &sentence.quotes);
        let mut norms: Vec<String> = quotes.map(|quote| quote.norm.to_string()).collect();
        norms.sort_unstable();
        norms.dedup();
        let mut days = draft.reading.dates.clone();
        days.sort_unstable();
        let dispute = [days.first().copied(), days.last().copied()];
        for norm in norms {
            let Some(found) = self.store.version(&norm, on).await? else {
                continue;
            };
            let told = draft.days.len();
            for day in dispute.into_iter().flatten().filter(|day| *day != on) {
                let other = self.store.version(&norm, day).await?;
                let change = other.and_then(|other| changed(&norm, &found, &other, day));
                draft.days.extend(change);
            }
            // What comes within the dispute is told already.
            let beside = beside(&norm, &found);
            let is_told = draft.days.len() > told;
            draft
                .days
                .extend(beside.filter(|note| note.kind == DayNoteKind::Between || !is_told));
        }
        draft.days.dedup();
        let unclear: Vec<String> = draft
            .days
            .iter()
            .filter(|note| note.kind == DayNoteKind::Between)
            .map(|note| note.norm.clone())
            .collect();
        let within =
            |outer: &str, inner: &str| outer == inner || inner.starts_with(&format!("{outer}:"));
        draft.deadlines.retain(|term| {
            let touched = |norm: &String| within(norm, &term.norm) || within(&term.norm, norm);
            !unclear.iter().any(touched)
        });
        Ok(())
    }
}

fn act_of(article: &str) -> String {
    article.split(':').next().unwrap_or_default().to_owned()
}

/// What stands beside a text on the very day: the other version of an unclear day, or the one that comes.
fn beside(norm: &str, found: &VersionOn) -> Option<DayNote> {
    let shown = found.version.edition_date;
    match found.standing {
        Standing::Between => Some(DayNote {
            norm: norm.to_owned(),
            kind: DayNoteKind::Between,
            from: None,
            day: None,
            shown,
            edition: found.later.as_ref().map(|later| later.edition_date),
            text: found
                .later
                .as_ref()
                .map(|later| later.text.clone())
                .unwrap_or_default(),
        }),
        _ => {
            let coming = found.coming.as_ref()?;
            Some(DayNote {
                norm: norm.to_owned(),
                kind: DayNoteKind::Coming,
                from: coming.known_from(),
                day: None,
                shown,
                edition: Some(coming.edition_date),
                text: coming.text.clone(),
            })
        }
    }
}

/// What the same norm said on another day of the dispute, where that differs.
fn changed(norm: &str, found: &VersionOn, other: &VersionOn, day: Date) -> Option<DayNote> {
    let (own, its) = (&found.version, &other.version);
    let same = crate::law::compare::reads_the_same(&own.text, &its.text);
    if same || own.provision != its.provision || other.standing == Standing::NotYet {
        return None;
    }
    let later = match own.edition_date < its.edition_date {
        true => its,
        false => own,
    };
    Some(DayNote {
        norm: norm.to_owned(),
        kind: DayNoteKind::Changed,
        from: later.known_from(),
        day: Some(day),
        shown: own.edition_date,
        edition: Some(its.edition_date),
        text: its.text.clone(),
    })
}

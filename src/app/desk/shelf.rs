//! What is worked out from held editions and kept in memory: who cites whom, and the last comparisons.

use super::{App, Done};
use crate::app::editions::{self, Compared};
use crate::law::reference::find_references;
use crate::law::{ActId, Citation};
use crate::store::{Store, VersionRow};
use crate::web::desk::{CitedBy, CitingNorm, DeskError};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Comparisons that are kept: a few readers go through one of them article by article.
const MOST_COMPARED: usize = 4;

/// Empty at first; filled as pages ask.
#[derive(Default)]
pub(in crate::app) struct Shelf {
    /// By the edition's id; an edition never changes.
    links: Arc<Mutex<HashMap<String, Arc<Links>>>>,
    gathering: Arc<AtomicBool>,
    compared: Mutex<Vec<Kept>>,
    /// Moves on when acts, editions or alignments may have changed.
    generation: AtomicU64,
    /// One file of law is read at a time: each may take a gigabyte.
    pub(super) reading: tokio::sync::Mutex<()>,
}

struct Kept {
    generation: u64,
    act: String,
    days: (Date, Date),
    compared: Arc<Compared>,
}

/// Norms of one edition that cite an article, by the article cited.
#[derive(Default)]
pub(super) struct Links {
    to: HashMap<String, Vec<CitingNorm>>,
}

impl Shelf {
    /// What was worked out from alignments is worked out anew.
    pub(in crate::app) fn renew(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }
}

impl Links {
    /// The references of an edition, its versions in the order of the text. Under a second for a code.
    fn of(rows: &[VersionRow]) -> Self {
        let mut links = Self::default();
        let mut at = 0;
        while at < rows.len() {
            let article = &rows[at].article;
            let count = rows[at..].iter().take_while(|row| row.article == *article);
            let end = at + count.count();
            links.add(&rows[at..end]);
            at = end;
        }
        links
    }

    fn add(&mut self, rows: &[VersionRow]) {
        let Some(whole) = rows.iter().find(|row| row.citation == row.article) else {
            return;
        };
        let Ok(act) = ActId::new(&whole.act) else {
            return;
        };
        for reference in find_references(&whole.text, &act) {
            let to = reference.citation.to_string();
            let article = reference.citation.article().to_string();
            if article == whole.citation || is_act(&reference.citation) {
                continue;
            }
            let place = whole.start_char + i64::try_from(reference.start).unwrap_or(i64::MAX);
            let inner = rows
                .iter()
                .filter(|row| row.start_char <= place && place < row.end_char)
                .min_by_key(|row| (row.end_char - row.start_char, -row.ordinal));
            let from = inner.unwrap_or(whole).citation.clone();
            let norm = CitingNorm { from, to };
            let known = self.to.entry(article).or_default();
            if !known.contains(&norm) {
                known.push(norm);
            }
        }
    }
}

fn is_act(citation: &Citation) -> bool {
    citation.article.is_none() && citation.point.is_none()
}

impl App {
    /// The norms of held acts that cite an article, in the editions that speak for a day.
    ///
    /// What is not known yet is gathered beside the pages.
    pub(super) fn cited_by(&self, article: &str, speaking: &[(String, String)]) -> CitedBy {
        let links = self.shelf.links.lock();
        let links = links.unwrap_or_else(PoisonError::into_inner);
        let mut norms = Vec::new();
        for (_, edition) in speaking {
            let Some(of_edition) = links.get(edition) else {
                drop(links);
                self.gather(speaking);
                return CitedBy::Gathering;
            };
            norms.extend(of_edition.to.get(article).into_iter().flatten().cloned());
        }
        CitedBy::Norms(norms)
    }

    /// Gathers the references of editions in the background, one edition at a time.
    pub(super) fn gather(&self, speaking: &[(String, String)]) {
        if self.shelf.gathering.swap(true, Ordering::SeqCst) {
            return;
        }
        let (store, links) = (self.store.clone(), Arc::clone(&self.shelf.links));
        let gathering = Arc::clone(&self.shelf.gathering);
        let wanted: Vec<String> = speaking.iter().map(|one| one.1.clone()).collect();
        tokio::spawn(async move {
            for edition in wanted {
                let known = links.lock().is_ok_and(|links| links.contains_key(&edition));
                if known {
                    continue;
                }
                let Some(found) = links_of(&store, &edition).await else {
                    break;
                };
                let mut links = links.lock().unwrap_or_else(PoisonError::into_inner);
                links.insert(edition, Arc::new(found));
            }
            gathering.store(false, Ordering::SeqCst);
        });
    }

    /// Two editions compared; the last few comparisons are kept.
    pub(super) async fn compared(&self, act: &str, days: (Date, Date)) -> Done<Arc<Compared>> {
        let generation = self.shelf.generation.load(Ordering::SeqCst);
        let fits =
            |kept: &&Kept| kept.generation == generation && kept.act == act && kept.days == days;
        let known = {
            let held = self.shelf.compared.lock();
            let held = held.unwrap_or_else(PoisonError::into_inner);
            held.iter()
                .find(fits)
                .map(|kept| Arc::clone(&kept.compared))
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let compared = editions::compare(&self.store, act, days.0, days.1).await;
        let compared = compared.map_err(super::unavailable)?;
        let compared = Arc::new(compared.ok_or(DeskError::NotFound)?);
        let held = self.shelf.compared.lock();
        let mut held = held.unwrap_or_else(PoisonError::into_inner);
        held.retain(|kept| kept.generation == generation);
        if held.len() >= MOST_COMPARED {
            held.remove(0);
        }
        held.push(Kept {
            generation,
            act: act.to_owned(),
            days,
            compared: Arc::clone(&compared),
        });
        Ok(compared)
    }
}

/// The references of an edition, or `None` where the store does not answer: the next page tries again.
async fn links_of(store: &Store, edition: &str) -> Option<Links> {
    let rows = match store.versions_of_edition(edition).await {
        Ok(rows) => rows,
        Err(error) => {
            tracing::warn!(code = error.code(), "references wait for the store");
            return None;
        }
    };
    tokio::task::spawn_blocking(move || Links::of(&rows))
        .await
        .ok()
}

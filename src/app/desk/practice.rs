//! Clarifications and court acts on the page of those who search.

use super::{App, Done};
use crate::app::{AppError, PracticeFound};
use crate::knowledge::PracticeKind;
use crate::store::NormNews;
use crate::web::desk::{
    self, DeskError, Found, HeldPractice, PracticeAsked, PracticeHit, SearchQuery,
};

/// How many of either are shown below the law.
const MOST: usize = 5;
/// How many of the norms that a text cites are shown.
const MOST_CITES: usize = 12;

impl App {
    /// Adds the lists beside the law to what a search found.
    pub(super) async fn beside_the_law(&self, query: &SearchQuery, page: &mut Found) -> Done<()> {
        let most = query.limit.min(MOST);
        let found = |kind| self.search_practice(&query.text, kind, most);
        page.clarifications = hits(found(PracticeKind::Clarification).await)?;
        page.court_acts = hits(found(PracticeKind::Court).await)?;
        Ok(())
    }
}

impl App {
    pub(super) async fn practice_held(&self, asked: &PracticeAsked) -> Done<HeldPractice> {
        let page = (asked.limit, asked.offset);
        let listed = self.list_practice(read_kind(asked.kind), page).await;
        let (total, found) = listed.map_err(super::unavailable)?;
        Ok(HeldPractice {
            total,
            hits: found.into_iter().map(hit).collect(),
        })
    }
}

pub(super) fn read_kind(kind: desk::PracticeKind) -> PracticeKind {
    match kind {
        desk::PracticeKind::Clarification => PracticeKind::Clarification,
        desk::PracticeKind::Court => PracticeKind::Court,
    }
}

fn hits(found: Result<Vec<PracticeFound>, AppError>) -> Done<Vec<PracticeHit>> {
    match found {
        Ok(found) => Ok(found.into_iter().map(hit).collect()),
        Err(AppError::Retrieve(error)) => Err(error.into()),
        Err(AppError::Store(error)) => Err(error.into()),
        Err(error) => Err(DeskError::Unavailable {
            reason: error.code().to_owned(),
        }),
    }
}

fn hit(found: PracticeFound) -> PracticeHit {
    let of = |wanted: NormNews| {
        let norms = found.norm_news.iter();
        norms
            .filter(move |(_, news)| *news == wanted)
            .map(|(norm, _)| norm.clone())
    };
    let is_address = |url: &String| url.starts_with("http://") || url.starts_with("https://");
    PracticeHit {
        changed: of(NormNews::Changed).collect(),
        unsure: found.news != NormNews::Same,
        cites: found.row.norms.iter().take(MOST_CITES).cloned().collect(),
        title: found.row.title,
        issuer: found.row.issuer,
        day: found.row.issued_on,
        number: found.row.number,
        url: found.row.url.filter(is_address),
        text: found.excerpt,
    }
}

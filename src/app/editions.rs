//! The law through its editions: two of them compared, one provision through all.

use super::AppError;
use crate::law::citation::Citation;
use crate::law::compare::{self, Comparison, Side};
use crate::store::{Store, VersionRow};
use jiff::civil::Date;

/// Two editions of an act and what changed.
pub struct Compared {
    pub act: String,
    /// Dates of the editions that speak for the two days.
    pub old: Date,
    pub new: Date,
    pub comparison: Comparison,
}

/// What changed in an act between two days; `None` where no edition speaks for one of them.
pub async fn compare(
    store: &Store,
    act: &str,
    from: Date,
    to: Date,
) -> Result<Option<Compared>, AppError> {
    let (Some(old), Some(new)) = (
        store.edition_on(act, from).await?,
        store.edition_on(act, to).await?,
    ) else {
        return Ok(None);
    };
    let (before, after) = (
        store.versions_of_edition(&old.id).await?,
        store.versions_of_edition(&new.id).await?,
    );
    // Up to a second for a whole code: not on a thread that pages wait for.
    let work = move || compare::compare(&sides(&before), &sides(&after));
    let comparison = tokio::task::spawn_blocking(work).await;
    Ok(Some(Compared {
        act: act.to_owned(),
        old: old.edition_date,
        new: new.edition_date,
        comparison: comparison.map_err(|e| AppError::Setup(e.to_string()))?,
    }))
}

fn sides(versions: &[VersionRow]) -> Vec<Side<'_>> {
    versions
        .iter()
        .map(|version| Side {
            provision: &version.provision,
            citation: &version.citation,
            start: version.start_char,
            end: version.end_char,
            text: &version.text,
            repealed: version.repealed,
        })
        .collect()
}

/// The provision that bears `citation` in the newest edition that has it, through all editions, oldest first.
pub async fn history(store: &Store, citation: &Citation) -> Result<Vec<VersionRow>, AppError> {
    let label = citation.to_string();
    for edition in store.editions(citation.act.as_str()).await?.iter().rev() {
        if let Some(found) = store.version(&label, edition.edition_date).await? {
            return Ok(store.history(&found.version.provision).await?);
        }
    }
    Ok(Vec::new())
}

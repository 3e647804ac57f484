//! What amended an act since the day up to which its text is known.

use super::IngestError;
use super::sources::{Mode, Sources};
use crate::knowledge::publication::{Amendment, Reach};
use crate::store::{AmendmentReach, NewAmendment, Store};
use jiff::civil::Date;

/// What the publication service knows of an act.
#[derive(Debug, Clone, serde::Serialize)]
pub struct AmendedReport {
    pub act: String,
    pub since: Date,
    /// What was asked, first pages.
    pub urls: Vec<String>,
    /// Laws that amend the act, or may, published since then.
    pub found: Vec<Amendment>,
    /// How many of them were not known before.
    pub fresh: usize,
    /// How many known amendments of the act are without text now.
    pub without_text: usize,
}

/// Asks the publication service for laws that amend an act, and keeps them as known amendments.
///
/// `since`: without it, the current-to day of the newest edition that is held. Fails where the service is away: then
/// nothing is known.
pub async fn amended(
    store: &Store,
    sources: &Sources,
    act: &str,
    since: Option<Date>,
) -> Result<AmendedReport, IngestError> {
    let source = sources.of(act)?;
    let newest = store.editions(act).await?.pop();
    let since = since.or(newest.map(|edition| edition.current_to));
    let since = since.ok_or_else(|| IngestError::NoDay {
        act: act.to_owned(),
    })?;
    let (urls, found) = sources
        .ask_publication(move |publication| {
            let found = publication.amendments(&source, since)?;
            Ok((publication.urls(&source, since), found))
        })
        .await?;
    let new: Vec<NewAmendment> = found.iter().map(kept).collect();
    let fresh = match sources.mode {
        Mode::Take => store.keep_amendments(act, &new).await?.len(),
        Mode::DryRun => {
            let known = store.amendments(act).await?;
            let is_new = |one: &&NewAmendment| {
                !known
                    .iter()
                    .any(|k| k.number == one.number && k.signed_on == one.signed_on)
            };
            new.iter().filter(is_new).count()
        }
    };
    Ok(AmendedReport {
        act: act.to_owned(),
        since,
        urls,
        found,
        fresh,
        without_text: store.known_amendments(act).await?.len(),
    })
}

fn kept(one: &Amendment) -> NewAmendment {
    NewAmendment {
        number: one.number.clone(),
        signed_on: one.signed_on,
        published_on: one.published_on,
        title: one.title.clone(),
        url: one.url.clone(),
        reach: match one.reach {
            Reach::Named => AmendmentReach::Named,
            Reach::Possible => AmendmentReach::Possible,
        },
    }
}

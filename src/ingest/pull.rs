//! Taking an act from the official portal: counts first, and the old stays until the new is whole.

use super::sources::{Fewer, Mode, Patience, Sources};
use super::watch::NEW_TEXT;
use super::{ACTOR, Added, IngestError, add_act};
use crate::config::Config;
use crate::knowledge::ParsedAct;
use crate::knowledge::portal::{Pulled, Validators};
use crate::store::{EditionRow, SourceCopy, Store};
use jiff::civil::Date;

/// What is compared of two texts of an act.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Counts {
    pub edition: Date,
    pub headings: i64,
    pub with_body: i64,
    /// Article numbers that are missing.
    pub gaps: usize,
    pub characters: usize,
}

/// What a pull found, and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PullOutcome {
    /// The server says that our copy is the newest; nothing came over.
    NotModified,
    /// What came is what is held.
    Same,
    /// It was taken.
    Added,
    /// A dry run: it would be taken.
    WouldAdd,
    /// A dry run: it would be refused as worse than what is held.
    WouldRefuse,
}

/// A pull, told.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PullReport {
    pub act: String,
    /// What was asked.
    pub url: String,
    pub outcome: PullOutcome,
    /// The newest edition that was held before.
    pub held: Option<Counts>,
    /// What the portal has.
    pub found: Option<Counts>,
    /// Why it would be refused.
    pub reason: Option<String>,
    pub added: Option<Added>,
}

/// The newest edition that is held of an act.
struct Held {
    row: EditionRow,
    text: String,
}

/// Takes an act from the official portal and adds it.
///
/// Asks for news only, where the portal once said how. Fails where the portal is away, answers with something that is no
/// law or another act, or has a text that is worse than the one held; then nothing is changed.
pub async fn pull(
    store: &Store,
    sources: &Sources,
    act: &str,
    fewer: Fewer,
) -> Result<PullReport, IngestError> {
    let source = sources.of(act)?;
    let held = held(store, act).await?;
    let copy = store.source_copy(act).await?;
    let asked = source.clone();
    let (url, seen) = sources
        .ask_portal({
            let source = source.clone();
            move |portal| Ok(portal.url(&source))
        })
        .await
        .map(|url| (url.clone(), validators(copy.filter(|copy| copy.url == url))))?;
    let pulled = sources
        .ask_portal(move |portal| portal.pull(&asked, &seen))
        .await?;
    let mut report = PullReport {
        act: act.to_owned(),
        url,
        outcome: PullOutcome::NotModified,
        held: held.as_ref().map(Held::counts),
        found: None,
        reason: None,
        added: None,
    };
    let Pulled::Taken {
        act: found,
        validators,
        ..
    } = pulled
    else {
        if sources.mode == Mode::Take {
            store.source_checked(act).await?;
        }
        return Ok(report);
    };
    report.found = Some(counts(&found));
    report.outcome = if is_held(store, &found).await? {
        PullOutcome::Same
    } else {
        match held.as_ref().and_then(|held| worse(held, &found)) {
            Some(reason) if fewer == Fewer::Refuse => {
                if sources.mode == Mode::Take {
                    return Err(IngestError::Worse {
                        act: act.to_owned(),
                        reason,
                    });
                }
                report.reason = Some(reason);
                PullOutcome::WouldRefuse
            }
            _ if sources.mode == Mode::DryRun => PullOutcome::WouldAdd,
            _ => {
                let place = format!("портал, nd {}", source.nd);
                let added = add_act(store, &found, place, Some(source.nd.to_string())).await?;
                report.added = Some(added);
                close_tasks(store, act).await?;
                PullOutcome::Added
            }
        }
    };
    if sources.mode == Mode::Take {
        let copy = SourceCopy {
            act: act.to_owned(),
            url: report.url.clone(),
            etag: validators.etag,
            last_modified: validators.last_modified,
            sha256: found.sha256.clone(),
            checked_ms: 0,
        };
        store.keep_source_copy(&copy).await?;
    }
    Ok(report)
}

/// The text is here: who was asked to take it need not.
async fn close_tasks(store: &Store, act: &str) -> Result<(), IngestError> {
    for task in store.open_tasks(i64::MAX).await? {
        if task.kind == NEW_TEXT && task.subject == act {
            store.finish_task(&task.id, ACTOR).await?;
        }
    }
    Ok(())
}

/// Takes an act in one quick try, for the demo. Fails as [`pull`] does.
pub async fn pull_quickly(
    store: &Store,
    config: &Config,
    act: &str,
) -> Result<Option<Added>, IngestError> {
    let sources = Sources::open(config, Patience::Short, Mode::Take)?;
    Ok(pull(store, &sources, act, Fewer::Refuse).await?.added)
}

fn validators(copy: Option<SourceCopy>) -> Validators {
    copy.map_or_else(Validators::default, |copy| Validators {
        etag: copy.etag,
        last_modified: copy.last_modified,
    })
}

async fn held(store: &Store, act: &str) -> Result<Option<Held>, IngestError> {
    let Some(row) = store.editions(act).await?.pop() else {
        return Ok(None);
    };
    let text = store.edition_text(&row.id).await?;
    Ok(Some(Held { row, text }))
}

/// Whether the same file, or the same text of the same day in the same form, is held.
async fn is_held(store: &Store, found: &ParsedAct) -> Result<bool, IngestError> {
    for row in store.editions(found.act.as_str()).await? {
        if row.sha256 == found.sha256 {
            return Ok(true);
        }
        let alike = row.edition_date == found.edition && row.format == found.format;
        if alike && store.edition_text(&row.id).await? == found.text {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Held {
    fn gaps(&self) -> usize {
        let gaps = self.row.counts.get("gaps").and_then(|gaps| gaps.as_array());
        gaps.map_or(0, Vec::len)
    }

    fn counts(&self) -> Counts {
        Counts {
            edition: self.row.edition_date,
            headings: self.row.headings,
            with_body: self.row.with_body,
            gaps: self.gaps(),
            characters: self.text.chars().count(),
        }
    }
}

fn counts(act: &ParsedAct) -> Counts {
    Counts {
        edition: act.edition,
        headings: i64::try_from(act.headings).unwrap_or(i64::MAX),
        with_body: i64::try_from(act.with_body).unwrap_or(i64::MAX),
        gaps: act.gaps.len(),
        characters: act.text.chars().count(),
    }
}

/// Why a text is worse than the one held.
///
/// A repealed article keeps its heading, so headings never get fewer; bodies get fewer by a few, and text by a little.
fn worse(held: &Held, found: &ParsedAct) -> Option<String> {
    let (old, new) = (held.counts(), counts(found));
    if new.edition < old.edition {
        return Some(format!(
            "редакция {}, а есть уже {}",
            new.edition, old.edition
        ));
    }
    if new.headings < old.headings {
        return Some(format!("статей {}, а было {}", new.headings, old.headings));
    }
    if new.with_body * 100 < old.with_body * 95 {
        return Some(format!(
            "статей с текстом {}, а было {}",
            new.with_body, old.with_body
        ));
    }
    if new.gaps > old.gaps {
        return Some(format!(
            "пропущено номеров {}, а было {}",
            new.gaps, old.gaps
        ));
    }
    (new.characters * 10 < old.characters * 9)
        .then(|| format!("знаков {}, а было {}", new.characters, old.characters))
}

//! Looks at all sources for news of the acts that are held, and asks a person to act on them.

use super::sources::{Fewer, Mode, Patience, Sources};
use super::{IngestError, PullOutcome, amended, pull};
use crate::config::Config;
use crate::store::Store;
use jiff::Timestamp;

/// What a task is about whose subject is an act: the portal has another text of it.
pub const NEW_TEXT: &str = "law-text";
/// What a task is about whose subject is an act: a law that amends it was published.
pub const NEW_AMENDMENT: &str = "law-amendment";
/// Where the time of the last look is kept, Unix ms.
const LOOKED: &str = "law.watched_ms";
const DAY_MS: i64 = 86_400_000;

/// What one look at the sources of an act brought.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Checked {
    pub act: String,
    /// Whether any text of the act is held: without one there is nothing to compare.
    pub held: bool,
    /// Whether the portal has another text.
    pub new_text: bool,
    /// Amendments that were not known before.
    pub new_amendments: usize,
    /// What went wrong, in words for people.
    pub trouble: Vec<String>,
}

/// What a look at all sources brought.
#[derive(Debug, Clone, serde::Serialize)]
pub struct WatchReport {
    pub acts: Vec<Checked>,
}

impl WatchReport {
    /// Whether no source of a held act could be asked.
    pub fn saw_nothing(&self) -> bool {
        let held: Vec<&Checked> = self.acts.iter().filter(|one| one.held).collect();
        !held.is_empty() && held.iter().all(|one| one.trouble.len() > 1)
    }
}

/// Whether the next look is due: the settings want one every so many days, and the last is as long ago.
pub async fn watch_is_due(store: &Store, config: &Config) -> Result<bool, IngestError> {
    let Ok(days @ 1..) = i64::try_from(config.law.watch_days) else {
        return Ok(false);
    };
    let last = store.setting(LOOKED).await?;
    let last = last.and_then(|ms| ms.parse::<i64>().ok()).unwrap_or(0);
    let now = Timestamp::now().as_millisecond();
    Ok(now.saturating_sub(last) >= days.saturating_mul(DAY_MS))
}

/// Looks at all sources of acts that are held; opens a task for each act of which something is new.
///
/// Takes no text: a person does, by `kb pull`. A portal that refuses is left alone for the rest of the look; what
/// went wrong stands in the report.
pub async fn watch(store: &Store, config: &Config) -> Result<WatchReport, IngestError> {
    let look = Sources::open(config, Patience::Normal, Mode::DryRun)?;
    let keep = Sources::open(config, Patience::Normal, Mode::Take)?;
    let mut acts = Vec::new();
    let (mut portal_away, mut list_away) = (None, None);
    for source in look.acts() {
        let act = source.act.as_str();
        let mut checked = Checked {
            act: act.to_owned(),
            held: !store.editions(act).await?.is_empty(),
            new_text: false,
            new_amendments: 0,
            trouble: Vec::new(),
        };
        if checked.held {
            look_at_text(store, &look, &mut checked, &mut portal_away).await?;
            look_at_list(store, &keep, &mut checked, &mut list_away).await?;
        }
        acts.push(checked);
    }
    let report = WatchReport { acts };
    if !report.saw_nothing() {
        let now = Timestamp::now().as_millisecond().to_string();
        store.set_setting(LOOKED, &now, super::ACTOR).await?;
    }
    Ok(report)
}

async fn look_at_text(
    store: &Store,
    sources: &Sources,
    checked: &mut Checked,
    away: &mut Option<String>,
) -> Result<(), IngestError> {
    if let Some(reason) = away {
        checked.trouble.push(reason.clone());
        return Ok(());
    }
    match pull(store, sources, &checked.act, Fewer::Refuse).await {
        Ok(report) => {
            checked.new_text = report.outcome == PullOutcome::WouldAdd;
            checked.trouble.extend(report.reason);
            if checked.new_text {
                store.open_task(NEW_TEXT, &checked.act).await?;
            }
            Ok(())
        }
        Err(error) => not_seen(error, checked, away),
    }
}

async fn look_at_list(
    store: &Store,
    sources: &Sources,
    checked: &mut Checked,
    away: &mut Option<String>,
) -> Result<(), IngestError> {
    if let Some(reason) = away {
        checked.trouble.push(reason.clone());
        return Ok(());
    }
    match amended(store, sources, &checked.act, None).await {
        Ok(report) => {
            checked.new_amendments = report.fresh;
            if report.fresh > 0 {
                store.open_task(NEW_AMENDMENT, &checked.act).await?;
            }
            Ok(())
        }
        Err(error) => not_seen(error, checked, away),
    }
}

/// A source that is away costs its look, a store that is away costs the whole.
fn not_seen(
    error: IngestError,
    checked: &mut Checked,
    away: &mut Option<String>,
) -> Result<(), IngestError> {
    match error {
        IngestError::Store(error) => Err(error.into()),
        IngestError::Knowledge(error) if error.is_remote() => {
            *away = Some(error.to_string());
            checked.trouble.push(error.to_string());
            Ok(())
        }
        error => {
            checked.trouble.push(error.to_string());
            Ok(())
        }
    }
}

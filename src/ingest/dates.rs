//! The days of versions: found when an edition comes in, and anew when more days of laws become known.

use super::IngestError;
use crate::config::Config;
use crate::knowledge;
use crate::law::dating::TermChanges;
use crate::store::Store;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Returns the known days of laws: the shipped ones, or those of the folder in the settings.
pub fn term_changes(config: &Config) -> Result<TermChanges, IngestError> {
    let folder = Some(config.knowledge_dir.as_str()).filter(|path| !path.is_empty());
    Ok(knowledge::term_changes(folder.map(Path::new))?)
}

/// Finds the days of versions anew in each act whose editions, alignment or known days are others than when it was last done.
///
/// Costs a look at each act where nothing is to be done.
pub async fn keep_dates(store: &Store, facts: &TermChanges) -> Result<(), IngestError> {
    // Who owns a local act says from when until when it holds.
    for act in store
        .acts()
        .await?
        .into_iter()
        .filter(|act| act.owner.is_none())
    {
        let key = format!("dates:{}", act.id);
        let stamp = stamp(store, &act.id, facts).await?;
        if store.setting(&key).await?.as_deref() == Some(stamp.as_str()) {
            continue;
        }
        store.date_versions(&act.id, facts).await?;
        store.set_setting(&key, &stamp, super::ACTOR).await?;
    }
    Ok(())
}

/// What the days of an act were found from.
async fn stamp(store: &Store, act: &str, facts: &TermChanges) -> Result<String, IngestError> {
    let mut hasher = DefaultHasher::new();
    for edition in store.editions(act).await? {
        edition.id.hash(&mut hasher);
    }
    store.newest_decision(act).await?.hash(&mut hasher);
    for change in facts.all() {
        let norms: Vec<String> = change.norms.iter().map(ToString::to_string).collect();
        let days = (&change.law, change.signed, change.from);
        (days, norms, format!("{:?}", change.reach)).hash(&mut hasher);
    }
    Ok(format!("2:{:016x}", hasher.finish()))
}

//! Passages of several editions that say the same: the encoder reads them once.

use super::LawPassage;
use crate::case::types::sha256_hex;
use crate::law::compare::plain;
use std::collections::HashMap;

/// Passages by what the encoder reads of them.
#[derive(Default)]
pub(super) struct Alike {
    groups: HashMap<String, Vec<String>>,
    group_of: HashMap<String, String>,
}

impl Alike {
    /// Groups passages by title and text; dashes, quotes and spaces don't count. Hashes every text once.
    pub(super) fn of<'a>(passages: impl Iterator<Item = &'a LawPassage>) -> Self {
        let mut alike = Self::default();
        for passage in passages {
            let read = format!("{}\n{}", plain(&passage.title), plain(&passage.text));
            let hash = sha256_hex(read.as_bytes());
            let group = alike.groups.entry(hash.clone()).or_default();
            group.push(passage.id.clone());
            alike.group_of.insert(passage.id.clone(), hash);
        }
        for group in alike.groups.values_mut() {
            group.sort();
        }
        alike
    }

    /// All passages that read as this one does, itself among them, in the order of their ids.
    pub(super) fn with(&self, id: &str) -> &[String] {
        let group = self.group_of.get(id).and_then(|hash| self.groups.get(hash));
        group.map_or(&[], Vec::as_slice)
    }
}

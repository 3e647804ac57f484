//! What one question brought back from the index, list by list.

use crate::index::{EntryKind, Scored};
use std::collections::{BTreeMap, HashMap, HashSet};

/// The lists that one question brought back from the index.
pub(crate) struct Lists {
    pub lexical: Vec<Scored>,
    pub dense: HashMap<EntryKind, Vec<Scored>>,
    /// The nearest question that the acts do not answer.
    pub outside: Option<Scored>,
    pub entries: usize,
    pub with_vector: usize,
    pub by_meaning: bool,
}

/// Articles whose cosines are kept for the draft.
pub const KEPT_ARTICLES: usize = 8;

impl Lists {
    pub fn cosines(&self, articles: &[(String, f32)]) -> BTreeMap<String, f32> {
        let kept: HashSet<&str> = articles
            .iter()
            .take(KEPT_ARTICLES)
            .map(|(article, _)| article.as_str())
            .collect();
        self.dense
            .values()
            .flatten()
            .filter(|scored| kept.contains(scored.article.as_str()))
            .map(|scored| (scored.id.clone(), scored.score))
            .collect()
    }

    /// Entries of a kind in an article, by meaning first, then by words.
    pub fn of<'a>(
        &'a self,
        kind: EntryKind,
        article: &'a str,
    ) -> impl Iterator<Item = Scored> + 'a {
        let dense = self.dense.get(&kind).into_iter().flatten();
        let lexical = self
            .lexical
            .iter()
            .filter(move |scored| scored.kind == kind);
        let mut seen = HashSet::new();
        dense
            .chain(lexical)
            .filter(move |scored| scored.article == article)
            .filter(move |scored| seen.insert(scored.id.clone()))
            .cloned()
    }
}

/// The highest cosine of each entry over several lists.
pub fn highest(pieces: &[Lists], articles: &[(String, f32)]) -> BTreeMap<String, f32> {
    let mut highest: BTreeMap<String, f32> = BTreeMap::new();
    for (id, cosine) in pieces.iter().flat_map(|lists| lists.cosines(articles)) {
        let best = highest.entry(id).or_insert(cosine);
        *best = best.max(cosine);
    }
    highest
}

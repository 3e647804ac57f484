//! Which old nodes a new node may continue.

use std::collections::BTreeSet;

use super::edition::Edition;
use super::likeness::Likeness;
use super::search::{Hit, Index, highest};

/// A new node and an old one that it may continue.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub old: usize,
    pub new: usize,
    pub likeness: Likeness,
}

/// All pairs that are worth a look.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    pub pairs: Vec<Pair>,
    seen: BTreeSet<(usize, usize)>,
}

/// How many old nodes are taken for their words.
const TAKEN: usize = 8;

impl Candidates {
    /// Returns the pairs that share rare words, the whole text or the label. Costs the lengths of the word lists of rare words.
    pub fn find(old: &Edition, new: &Edition) -> Candidates {
        let mut out = Candidates::default();
        let mut index = Index::new(old);
        for (n, entry) in new.entries.iter().enumerate() {
            if let Some(o) = old.by_citation.get(new.nodes[n].citation) {
                out.add(old, new, *o, n);
            }
            for hash in [entry.full().hash, entry.own.hash] {
                for o in index.twins(hash, 2 * TAKEN) {
                    out.add(old, new, *o, n);
                }
            }
            let mine = &entry.full().words;
            let mut hits = index.hits(mine);
            hits.retain(|h| old.entries[h.node].is_article() == entry.is_article());
            let likeness =
                |h: &Hit| h.shared / (mine.weight + old.entries[h.node].full().words.weight);
            for o in highest(&hits, TAKEN, likeness) {
                out.add(old, new, o, n);
            }
        }
        out
    }

    /// Adds a pair, unless it is there or cannot be: an article with a part, words with no words.
    pub fn add(&mut self, old: &Edition, new: &Edition, o: usize, n: usize) {
        let (a, b) = (&old.entries[o], &new.entries[n]);
        let level = a.kind == b.kind || !a.is_article() && !b.is_article();
        let fits = level && a.is_empty() == b.is_empty();
        if fits && self.seen.insert((n, o)) {
            let likeness = Likeness::of(a, b);
            self.pairs.push(Pair {
                old: o,
                new: n,
                likeness,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::editions;
    use super::super::tests::{BIRDS, PRUNE, WATER, node};
    use super::*;

    #[test]
    fn labels_and_words_make_pairs_but_not_across_levels() {
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", PRUNE),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", PRUNE),
            node("tk:1:2", BIRDS),
            node("tk:1:3", ""),
        ];
        let (old, new) = editions(&old, &new);
        let mut found = Candidates::find(&old, &new);
        let has = |found: &Candidates, o, n| found.pairs.iter().any(|p| (p.old, p.new) == (o, n));
        assert!(has(&found, 2, 1) && has(&found, 1, 1) && has(&found, 0, 0));
        let before = found.pairs.len();
        found.add(&old, &new, 0, 1);
        found.add(&old, &new, 2, 1);
        found.add(&old, &new, 2, 3);
        assert_eq!(found.pairs.len(), before);
    }
}

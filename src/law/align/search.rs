//! Finding nodes by their rarer words.

use std::collections::HashMap;

use super::bag::Bag;
use super::edition::Edition;

/// Words that stand in more nodes than this find nothing.
const COMMON: usize = 500;

/// The nodes of an edition by their words and by their whole texts.
pub(super) struct Index {
    words: HashMap<u64, Vec<(usize, f32)>>,
    twins: HashMap<u64, Vec<usize>>,
    shared: Vec<f32>,
    touched: Vec<usize>,
}

/// A node that shares rarer words with the text that was looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub node: usize,
    /// The weight of the rarer words that both have.
    pub shared: f32,
}

impl Index {
    /// Returns the index of an edition. One pass over its words.
    pub fn new(edition: &Edition) -> Index {
        let mut words: HashMap<u64, Vec<(usize, f32)>> = HashMap::new();
        let mut twins: HashMap<u64, Vec<usize>> = HashMap::new();
        for (node, entry) in edition.entries.iter().enumerate() {
            for (word, weight) in entry.full().words.entries() {
                words.entry(*word).or_default().push((node, *weight));
            }
            let hashes = [entry.own.hash, entry.full().hash];
            let both = hashes.len() - usize::from(hashes[0] == hashes[1]);
            for hash in hashes[..both].iter().filter(|h| **h != 0) {
                twins.entry(*hash).or_default().push(node);
            }
        }
        words.retain(|_, nodes| nodes.len() <= COMMON);
        Index {
            words,
            twins,
            shared: vec![0.0; edition.entries.len()],
            touched: Vec::new(),
        }
    }

    /// Returns the nodes of exactly this text; none where they are more than `most`.
    pub fn twins(&self, hash: u64, most: usize) -> &[usize] {
        let found = self.twins.get(&hash).map_or(&[][..], Vec::as_slice);
        if found.len() <= most { found } else { &[] }
    }

    /// Returns the nodes that share rarer words with the bag. Costs the lengths of the words' lists.
    pub fn hits(&mut self, bag: &Bag) -> Vec<Hit> {
        for (word, weight) in bag.entries() {
            for (node, theirs) in self.words.get(word).map_or(&[][..], Vec::as_slice) {
                if self.shared[*node] == 0.0 {
                    self.touched.push(*node);
                }
                self.shared[*node] += weight.min(*theirs);
            }
        }
        let touched = std::mem::take(&mut self.touched);
        let mut hit = |node: usize| Hit {
            node,
            shared: std::mem::take(&mut self.shared[node]),
        };
        touched.into_iter().map(&mut hit).collect()
    }
}

/// Returns the nodes of the `count` hits with the highest rank.
pub(super) fn highest(hits: &[Hit], count: usize, rank: impl Fn(&Hit) -> f32) -> Vec<usize> {
    let mut ranked = hits.iter().map(|h| (rank(h), h.node)).collect::<Vec<_>>();
    if ranked.len() > count {
        ranked.select_nth_unstable_by(count, |a, b| b.0.total_cmp(&a.0));
        ranked.truncate(count);
    }
    ranked.into_iter().map(|(_, node)| node).collect()
}

#[cfg(test)]
mod tests {
    use super::super::editions;
    use super::super::tests::{BIRDS, FROGS, WATER, node};
    use super::*;

    #[test]
    fn nodes_are_found_by_their_words_and_by_their_text() {
        let nodes = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", BIRDS),
            node("tk:1:3", FROGS),
        ];
        let (old, new) = editions(&nodes, &nodes);
        let mut index = Index::new(&old);
        let frogs = &new.entries[3].own;
        let hits = index.hits(&frogs.words);
        assert_eq!(
            highest(&hits, 1, |h| h.shared
                - old.entries[h.node].full().words.weight),
            [3]
        );
        assert_eq!(index.twins(frogs.hash, 4), [3]);
        assert!(index.twins(frogs.hash, 0).is_empty() && index.twins(1, 4).is_empty());
        // The sums do not stay from one search to the next.
        let again = index.hits(&frogs.words);
        assert_eq!(again.len(), hits.len());
        assert!(
            again
                .iter()
                .zip(&hits)
                .all(|(a, b)| (a.shared - b.shared).abs() < 1e-6)
        );
    }
}

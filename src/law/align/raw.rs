//! Nodes as stems and hashes, before the words of both editions are counted.

use super::lines::{own_line, parents};
use super::node::Node;
use super::vocabulary::{Vocabulary, plain_hash};

/// Words of a node before they are weighed.
pub(super) struct Raw {
    /// Stems of its own line.
    pub own: Vec<u32>,
    /// All its stems; nothing where it has no inner nodes.
    pub full: Option<Vec<u32>>,
    /// Equal for equal lines; 0 for no words.
    pub own_hash: u64,
    /// The same for all its text.
    pub full_hash: u64,
}

/// Returns the words of every node and counts them in the vocabulary. One pass over the text.
pub(super) fn read(nodes: &[Node], vocabulary: &mut Vocabulary) -> Vec<Raw> {
    let parents = parents(nodes);
    let mut raw = (0..nodes.len())
        .map(|i| {
            let line = own_line(nodes, &parents, i);
            let own = vocabulary.count(line);
            Raw {
                own,
                full: None,
                own_hash: plain_hash(line),
                full_hash: 0,
            }
        })
        .collect::<Vec<_>>();
    let mut inner: Vec<Option<Vec<u32>>> = vec![None; nodes.len()];
    let mut hashes = vec![Vec::new(); nodes.len()];
    for i in (0..nodes.len()).rev() {
        let mut all = raw[i].own.clone();
        let mut hash = raw[i].own_hash;
        if let Some(below) = inner[i].take() {
            all.extend(below);
            for part in std::mem::take(&mut hashes[i]).into_iter().rev() {
                hash = mix(hash, part);
            }
            raw[i].full = Some(all.clone());
        }
        raw[i].full_hash = hash;
        if let Some(parent) = parents[i].filter(|_| !nodes[i].kind.is_above_parts()) {
            hashes[parent].push(hash);
            let below = inner[parent].get_or_insert_default();
            all.append(below);
            *below = all;
        }
    }
    raw
}

fn mix(hash: u64, part: u64) -> u64 {
    match (hash, part) {
        (_, 0) => hash,
        (0, _) => part,
        _ => (hash.rotate_left(7) ^ part).wrapping_mul(0x0100_0000_01b3),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::node;
    use super::*;

    #[test]
    fn an_outer_node_holds_the_words_of_the_inner_ones_in_order() {
        let nodes = [
            node("tk:1", "Сад"),
            node("tk:1:1", "Растут:\n1) вишни;\n2) сливы."),
            node("tk:1:1:1", "1) вишни;"),
            node("tk:1:1:2", "2) сливы."),
        ];
        let raw = read(&nodes, &mut Vocabulary::default());
        let full = raw[1].full.clone().unwrap();
        assert_eq!(full, [raw[1].own[0], raw[2].own[0], raw[3].own[0]]);
        assert_eq!(raw[0].full.as_ref().map(Vec::len), Some(4));
        assert!(raw[2].full.is_none() && raw[2].own_hash == raw[2].full_hash);
        assert_ne!(raw[1].own_hash, raw[1].full_hash);
    }
}

//! An edition as a tree of nodes with their words.

use std::collections::HashMap;

use super::bag::Bag;
use super::lines::parents;
use super::node::{Kind, Node};
use super::raw::Raw;
use super::vocabulary::Vocabulary;

/// A node's place and words.
#[derive(Debug)]
pub(super) struct Entry {
    /// The node above it.
    pub parent: Option<usize>,
    /// The article that it lies in; itself for an article.
    pub article: usize,
    /// The nodes right below it.
    pub children: Vec<usize>,
    /// One past the last node inside it.
    pub end: usize,
    /// Its place among its siblings.
    pub place: usize,
    /// Kind of the node.
    pub kind: Kind,
    /// Its own line, without the lines of inner nodes.
    pub own: Words,
    /// All its words; nothing where these are its own line.
    pub full: Option<Words>,
    /// First words of its line.
    pub head: Bag,
    /// The last level of its label.
    pub number: String,
}

/// The words of a text.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub words: Bag,
    pub pairs: Bag,
    /// Equal for equal words; 0 for no words.
    pub hash: u64,
}

impl Entry {
    /// The words of a node that has no place yet.
    fn new(node: &Node, raw: Raw, vocabulary: &Vocabulary) -> Entry {
        let head = match &raw.full {
            Some(full) if raw.own.is_empty() => full,
            _ => &raw.own,
        };
        Entry {
            parent: None,
            article: 0,
            children: Vec::new(),
            end: 0,
            place: 0,
            kind: node.kind,
            head: vocabulary.words(&head[..head.len().min(HEAD)]),
            own: vocabulary.weigh(&raw.own, raw.own_hash),
            full: raw.full.map(|f| vocabulary.weigh(&f, raw.full_hash)),
            number: node.citation.rsplit(':').next().unwrap_or("").to_owned(),
        }
    }

    /// Returns all its words.
    pub fn full(&self) -> &Words {
        self.full.as_ref().unwrap_or(&self.own)
    }

    /// Returns whether it has no words at all.
    pub fn is_empty(&self) -> bool {
        self.full().hash == 0
    }

    /// Returns whether it is an article.
    pub fn is_article(&self) -> bool {
        self.kind <= Kind::Article
    }
}

/// All nodes of an edition.
#[derive(Debug)]
pub(super) struct Edition<'a> {
    pub nodes: &'a [Node<'a>],
    pub entries: Vec<Entry>,
    /// Nodes that nothing is above of.
    pub roots: Vec<usize>,
    /// Nodes by citation.
    pub by_citation: HashMap<&'a str, usize>,
}

impl<'a> Edition<'a> {
    /// Returns the tree of an edition. Sorts the words of each node.
    pub fn new(nodes: &'a [Node<'a>], raw: Vec<Raw>, vocabulary: &Vocabulary) -> Edition<'a> {
        let parents = parents(nodes);
        let mut entries: Vec<Entry> = Vec::with_capacity(nodes.len());
        let mut roots = Vec::new();
        for (i, raw) in raw.into_iter().enumerate() {
            let parent = parents[i];
            let family = match parent {
                Some(p) => &mut entries[p].children,
                None => &mut roots,
            };
            family.push(i);
            let place = family.len() - 1;
            let above = parent.filter(|_| !nodes[i].kind.is_above_parts());
            let article = above.map_or(i, |p| entries[p].article);
            let entry = Entry::new(&nodes[i], raw, vocabulary);
            entries.push(Entry {
                parent,
                article,
                place,
                end: i + 1,
                ..entry
            });
        }
        for entry in (0..entries.len()).rev() {
            let last = entries[entry]
                .children
                .last()
                .map_or(entry + 1, |c| entries[*c].end);
            entries[entry].end = last;
        }
        let by_citation = nodes
            .iter()
            .enumerate()
            .map(|(i, n)| (n.citation, i))
            .collect();
        Edition {
            nodes,
            entries,
            roots,
            by_citation,
        }
    }
}

impl Edition<'_> {
    /// Returns the nodes right below a node, or the outermost ones.
    pub fn family(&self, parent: Option<usize>) -> &[usize] {
        match parent {
            Some(parent) => &self.entries[parent].children,
            None => &self.roots,
        }
    }

    /// Returns one past the last node inside a node.
    pub fn end(&self, node: usize) -> usize {
        self.entries[node].end
    }
}

/// How many words make the head of a line.
const HEAD: usize = 6;

impl Kind {
    /// Whether such a node is an article or lies above one.
    pub(super) fn is_above_parts(self) -> bool {
        self <= Kind::Article
    }
}

#[cfg(test)]
mod tests {
    use super::super::editions;
    use super::super::tests::{BIRDS, WATER, node};

    #[test]
    fn the_tree_knows_places_articles_and_ends() {
        let nodes = [
            node("tk:1", "Сад"),
            node("tk:1:1", "Растут:\nвишни;"),
            node("tk:1:1:p2", "вишни;"),
            node("tk:1:2", WATER),
            node("tk:2", "Птицы"),
            node("tk:2:1", BIRDS),
        ];
        let (old, _) = editions(&nodes, &nodes);
        assert_eq!(old.roots, [0, 4]);
        assert_eq!(old.family(Some(0)), [1, 3]);
        assert_eq!((old.end(0), old.end(1), old.end(4)), (4, 3, 6));
        assert_eq!((old.entries[2].article, old.entries[3].place), (0, 1));
        assert!(old.entries[0].is_article() && !old.entries[1].is_article());
        assert_eq!(old.entries[2].number, "p2");
    }
}

//! Nodes without a partner whose words stand in a node nearby: no link, but a person should know.

use std::collections::{BTreeMap, BTreeSet};

use super::edition::{Edition, Entry};
use super::links::Links;
use super::share::Sides;

/// Where the words of a node without a partner stand in the other edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Echo {
    /// The node of the other edition.
    pub at: usize,
    /// Whether that one has no partner either; else its own partner may not be all that it goes with.
    pub free: bool,
}

/// All echoes.
#[derive(Debug, Default)]
pub(super) struct Echoes {
    of_new: Vec<Option<Echo>>,
    of_old: Vec<Option<Echo>>,
}

/// Likeness from which two nodes nearby, both without a partner, may be one.
const ALIKE: f32 = 0.25;
/// The same where one of them has a partner.
const ALIKE_TAKEN: f32 = 0.45;
/// The share of a node's words that a node nearby holds if it may have taken them.
const HELD: f32 = 0.7;
/// The same for neighbouring words.
const HELD_PAIRS: f32 = 0.45;
/// Weight of the words below which an echo says nothing.
const LEAST: f32 = 10.0;
/// Weight of the linked text that makes two articles near.
const BETWEEN: f32 = 15.0;

impl Echoes {
    /// Returns the echoes of the nodes without a partner. Costs a comparison with each node of the articles near each of them.
    pub fn find(old: &Edition, new: &Edition, links: &Links) -> Echoes {
        let mut text: BTreeMap<(usize, usize), f32> = BTreeMap::new();
        for (o, n) in links.pairs() {
            let (a, b) = (&old.entries[o], &new.entries[n]);
            let linked = match b.is_article() {
                true => BETWEEN,
                false => a.own.words.weight.min(b.own.words.weight),
            };
            *text.entry((a.article, b.article)).or_default() += linked;
        }
        for (n, node) in new.nodes.iter().enumerate() {
            let same = old.by_citation.get(node.citation).copied();
            if let Some(o) = same.filter(|_| new.entries[n].is_article()) {
                text.insert((o, n), BETWEEN);
            }
        }
        let near = text.iter().filter(|(_, linked)| **linked >= BETWEEN);
        let (mut of_new, mut of_old) = (Near::new(), Near::new());
        for ((o, n), _) in near {
            of_new.entry(*n).or_default().insert(*o);
            of_old.entry(*o).or_default().insert(*n);
        }
        let from_new = Sides {
            pieces: new,
            wholes: old,
            mine: &links.of_new,
            theirs: &links.of_old,
        };
        let from_old = Sides {
            pieces: old,
            wholes: new,
            mine: &links.of_old,
            theirs: &links.of_new,
        };
        Echoes {
            of_new: side(from_new, &of_new),
            of_old: side(from_old, &of_old),
        }
    }

    /// Returns the echo of a new node.
    pub fn of_new(&self, new: usize) -> Option<Echo> {
        self.of_new[new]
    }

    /// Returns the echo of an old node.
    pub fn of_old(&self, old: usize) -> Option<Echo> {
        self.of_old[old]
    }
}

/// The articles of the other edition that are near each article.
type Near = BTreeMap<usize, BTreeSet<usize>>;

fn side(sides: Sides, near: &Near) -> Vec<Option<Echo>> {
    let mut out = vec![None; sides.pieces.entries.len()];
    for (n, entry) in sides.pieces.entries.iter().enumerate() {
        let speaks = |e: &Entry| !e.is_article() && e.full().words.weight >= LEAST;
        if sides.mine[n].is_some() || !speaks(entry) {
            continue;
        }
        let articles = near.get(&entry.article).into_iter().flatten();
        let nodes = articles.flat_map(|a| a + 1..sides.wholes.end(*a));
        let mine = entry.full();
        let echo = |o: usize| {
            let other = &sides.wholes.entries[o];
            let theirs = other.full();
            let free = sides.theirs[o].is_none();
            let like = mine.words.likeness(&theirs.words);
            let echoes = match free {
                true => like >= ALIKE,
                false => {
                    like >= ALIKE_TAKEN
                        || mine.words.held_in(&theirs.words) >= HELD
                            && mine.pairs.held_in(&theirs.pairs) >= HELD_PAIRS
                }
            };
            (speaks(other) && echoes).then_some((Echo { at: o, free }, like))
        };
        let best = nodes.filter_map(echo).max_by(|a, b| a.1.total_cmp(&b.1));
        out[n] = best.map(|(echo, _)| echo);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::node::{Relation, Review};
    use super::super::tests::{BIRDS, FENCE, FROGS, WATER, amid, find, node};
    use super::super::{align, editions};
    use super::*;

    #[test]
    fn what_a_node_nearby_holds_is_an_echo_and_other_words_are_none() {
        let both = format!("{WATER} {FENCE}");
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", &both),
            node("tk:1:2", WATER),
            node("tk:1:3", FROGS),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", &both),
            node("tk:1:2", BIRDS),
        ];
        let (old, new) = (amid(&old), amid(&new));
        let (old, new) = editions(&old, &new);
        let mut links = Links::none(&old, &new);
        links.join(0, 0);
        links.join(1, 1);
        let echoes = Echoes::find(&old, &new, &links);
        let held = Echo { at: 1, free: false };
        assert_eq!(echoes.of_old(2), Some(held));
        assert_eq!((echoes.of_old(3), echoes.of_new(2)), (None, None));
        assert_eq!((echoes.of_old(1), echoes.of_new(0)), (None, None));
    }

    #[test]
    fn another_text_under_a_label_is_asked_about_whatever_stands_beside_it() {
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", FROGS),
        ];
        // What stood before it now stands behind it.
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", FENCE),
            node("tk:1:2", BIRDS),
            node("tk:1:3", WATER),
        ];
        let (old, new) = (amid(&old), amid(&new));
        let links = align(&old, &new);
        let review = |label| find(&links, &old, &new, label).1.review;
        assert_eq!(review("tk:1:2"), Some(Review::OtherSubject));
        assert_eq!(review("tk:1:3"), None);
    }

    #[test]
    fn one_of_two_equal_lines_that_is_gone_is_listed() {
        let item = "извещать соседей о поливе грядок письмом;";
        let list = |name: &str| format!("{name}:\n{item}");
        let (spring, summer) = (list("Весной садовник обязан"), list("Летом сторож обязан"));
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", &spring),
            node("tk:1:1:p2", item),
            node("tk:1:2", &summer),
            node("tk:1:2:p2", item),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", &spring),
            node("tk:1:1:p2", item),
        ];
        let (old, new) = (amid(&old), amid(&new));
        let links = align(&old, &new);
        let gone = links.iter().find(|l| l.new.is_none() && l.old == [4]);
        let gone = gone.unwrap();
        assert_eq!(gone.relation, Relation::Repealed);
        assert_eq!(gone.review, Some(Review::PossibleMerger));
        assert!(gone.rivals.iter().any(|rival| rival.node == 2));
        let (kept, _) = find(&links, &old, &new, "tk:1:1:p2");
        assert_eq!(kept, ["tk:1:1:p2"]);
    }
}

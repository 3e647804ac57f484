//! Provisions through editions: which node of the old edition each node of the new one continues.
//!
//! Pure: nothing is read or written here. The same editions always give the same links.

mod assign;
mod bag;
mod candidates;
mod context;
mod echo;
mod edition;
mod family;
mod likeness;
mod lines;
mod links;
mod margin;
mod model;
mod node;
mod notes;
mod pieces;
mod places;
mod raw;
mod reasons;
mod regroup;
mod rivals;
mod search;
mod share;
mod solve;
mod twins;
mod verdict;
mod vocabulary;
mod weights;

use edition::Edition;
use raw::read;
use vocabulary::Vocabulary;

pub use node::{Basis, Kind, Link, Node, Note, Relation, Review, Rival};

/// Returns how the nodes of the new edition continue those of the old one: one link for every new node, in order, then one for
/// every old node that ends.
///
/// The key of a provision goes with the link that names its node first in `old` and is not [`Relation::Split`]; that relation
/// marks each further piece of a divided node. Links with a `review` wait for a person. Both lists are in document order, outer
/// nodes before inner ones. Two Codes of ten thousand nodes take about a second.
pub fn align(old: &[Node], new: &[Node]) -> Vec<Link> {
    let (old, new) = editions(old, new);
    let solution = solve::solve(&old, &new);
    verdict::links(&old, &new, &solution)
}

fn editions<'a>(old: &'a [Node<'a>], new: &'a [Node<'a>]) -> (Edition<'a>, Edition<'a>) {
    let mut vocabulary = Vocabulary::default();
    let raw = (read(old, &mut vocabulary), read(new, &mut vocabulary));
    vocabulary.close();
    let old = Edition::new(old, raw.0, &vocabulary);
    let new = Edition::new(new, raw.1, &vocabulary);
    (old, new)
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_pieces;

//! Linked lists whose items went elsewhere or came from elsewhere.

use super::edition::Edition;
use super::node::Review;
use super::verdict::Judge;

/// The share of a list's words that lie in items of another node from which it may be divided or joined.
const REGROUPED: f32 = 0.4;

impl Judge<'_> {
    /// Returns why a person should look at two linked nodes whose items go together with those of others.
    pub(super) fn regrouped(&self, o: usize, n: usize) -> Option<Review> {
        let links = self.margins.links;
        let (out, come) = (
            astray(self.old, o, &links.of_old, n..self.new.end(n)),
            astray(self.new, n, &links.of_new, o..self.old.end(o)),
        );
        if come >= REGROUPED || piece_at(self.old, self.new, n, &links.of_old) {
            Some(Review::PossibleMerger)
        } else if out >= REGROUPED || piece_at(self.new, self.old, o, &links.of_new) {
            Some(Review::PossibleSplit)
        } else {
            None
        }
    }
}

/// Whether the label of a node of the second edition belongs, in the first one, to what was one of its inner nodes.
fn piece_at(edition: &Edition, whole: &Edition, node: usize, partners: &[Option<usize>]) -> bool {
    let same = edition.by_citation.get(whole.nodes[node].citation);
    let partner = same.and_then(|at| partners[*at]);
    !whole.entries[node].is_article() && partner.is_some_and(|p| node < p && p < whole.end(node))
}

/// The share of a node's words in those inner nodes whose partners lie outside of the range; articles have none.
fn astray(
    edition: &Edition,
    node: usize,
    partners: &[Option<usize>],
    inside: std::ops::Range<usize>,
) -> f32 {
    let entry = &edition.entries[node];
    if entry.is_article() {
        return 0.0;
    }
    let mut weight = 0.0;
    let mut inner = node + 1;
    while inner < entry.end {
        let within = &edition.entries[inner];
        let strays = partners[inner].is_some_and(|partner| !inside.contains(&partner));
        if strays {
            weight += within.full().words.weight;
        }
        // What lies in a node that strays is counted with it.
        inner = if strays { within.end } else { inner + 1 };
    }
    weight / entry.full().words.weight.max(1.0)
}

#[cfg(test)]
mod tests {
    use super::super::align;
    use super::super::node::Review;
    use super::super::tests::{BIRDS, FENCE, FROGS, PRUNE, WATER, amid, find, node};

    #[test]
    fn a_list_that_took_another_part_in_is_listed() {
        let opening = "Смотритель проверяет:";
        let list = |items: &[&str]| format!("{opening}\n{}", items.join("\n"));
        let (before, after) = (list(&[FROGS]), list(&[FROGS, WATER]));
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", &before),
            node("tk:1:1:p2", FROGS),
            node("tk:1:2", WATER),
            node("tk:1:3", FENCE),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", &after),
            node("tk:1:1:p2", FROGS),
            node("tk:1:1:p3", WATER),
            node("tk:1:2", FENCE),
            node("tk:1:3", BIRDS),
        ];
        let review = |old: &[_], new: &[_]| {
            let (old, new) = (amid(old), amid(new));
            let links = align(&old, &new);
            find(&links, &old, &new, "tk:1:1").1.review
        };
        assert_eq!(review(&old, &new), Some(Review::PossibleMerger));
        assert_eq!(review(&new, &old), Some(Review::PossibleSplit));
        // An item that is new or gone is no sign of either.
        let other = list(&[FROGS, PRUNE]);
        let grown = [
            node("tk:1", "Сад"),
            node("tk:1:1", &other),
            node("tk:1:1:p2", FROGS),
            node("tk:1:1:p3", PRUNE),
            node("tk:1:2", WATER),
            node("tk:1:3", FENCE),
        ];
        assert_eq!(review(&old, &grown), None);
    }
}

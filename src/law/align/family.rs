//! Siblings: whether the linked neighbours of two nodes agree.

use super::context::View;

impl View<'_> {
    /// Returns whether the nodes above are linked; the outermost nodes of both editions lie in one family.
    pub(super) fn is_family(&self, old: Option<usize>, new: Option<usize>) -> bool {
        match (old, new) {
            (Some(old), Some(new)) => self.links.has(old, new),
            (old, new) => old == new,
        }
    }

    /// Returns whether the nearest linked sibling on one side of the old node goes with that of the new one: from 1 where it does to
    /// -1 where its partner lies on the other side; 0 where nothing is known.
    pub(super) fn side(&self, o: usize, n: usize, after: bool) -> f32 {
        let (a, b) = (&self.old.entries[o], &self.new.entries[n]);
        if a.is_article() {
            return 0.0;
        }
        let (olds, news) = (self.old.family(a.parent), self.new.family(b.parent));
        let near_old = nearest(olds, a.place, after, |i| self.links.of_old[i].is_some());
        let near_new = nearest(news, b.place, after, |i| self.links.of_new[i].is_some());
        match (near_old, near_new) {
            (None, None) if self.is_family(a.parent, b.parent) => 0.7,
            (Some((i, near)), Some((j, close))) if self.links.has(i, j) => {
                if near == close {
                    1.0
                } else {
                    0.8
                }
            }
            (Some((i, _)), _) => self.partner(i, n, after),
            _ => 0.0,
        }
    }

    /// Whether the partner of the old neighbour lies on the right side at least.
    fn partner(&self, neighbour: usize, n: usize, after: bool) -> f32 {
        let Some(partner) = self.links.of_old[neighbour] else {
            return 0.0;
        };
        if self.new.entries[partner].parent != self.new.entries[n].parent || partner == n {
            return 0.0;
        }
        if (partner > n) == after { 0.2 } else { -1.0 }
    }
}

/// The nearest sibling that fits, and how far it is.
fn nearest(
    siblings: &[usize],
    place: usize,
    after: bool,
    fits: impl Fn(usize) -> bool,
) -> Option<(usize, usize)> {
    if after {
        let found = siblings
            .iter()
            .enumerate()
            .skip(place + 1)
            .find(|(_, i)| fits(**i));
        found.map(|(at, i)| (*i, at - place))
    } else {
        let found = siblings
            .iter()
            .enumerate()
            .take(place)
            .rev()
            .find(|(_, i)| fits(**i));
        found.map(|(at, i)| (*i, place - at))
    }
}

#[cfg(test)]
mod tests {
    use super::super::editions;
    use super::super::links::Links;
    use super::super::tests::{BIRDS, FENCE, FROGS, PRUNE, WATER, node};
    use super::*;

    #[test]
    fn neighbours_that_go_together_speak_for_what_lies_between() {
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", PRUNE),
            node("tk:1:3", BIRDS),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", FENCE),
            node("tk:1:3", BIRDS),
            node("tk:1:4", FROGS),
        ];
        let (old, new) = editions(&old, &new);
        let mut links = Links::none(&old, &new);
        for (o, n) in [(0, 0), (1, 1), (3, 3)] {
            links.join(o, n);
        }
        let view = View::new(&old, &new, &links);
        let between = view.of(2, 2);
        assert!(between.parent == 1.0 && between.left == 1.0 && between.right == 1.0);
        assert!(between.among > 0.9 && between.article);
        let behind = view.of(2, 4);
        assert!(behind.left > 0.0 && behind.right < 0.0);
    }

    #[test]
    fn outermost_nodes_are_one_family() {
        let nodes = [node("tk:1", "Сад")];
        let (old, new) = editions(&nodes, &nodes);
        let links = Links::none(&old, &new);
        let view = View::new(&old, &new, &links);
        assert!(view.is_family(None, None));
        assert!(!view.is_family(Some(0), Some(0)) && !view.is_family(None, Some(0)));
    }
}

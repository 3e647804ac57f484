//! What a person may choose between where a link is not clear.

use super::node::{Link, Relation, Rival};
use super::verdict::Judge;

/// How many nodes are offered.
const MOST: usize = 5;

impl Judge<'_> {
    /// Returns the nodes of the other edition that a link may have to do with, its own among them, the most alike first.
    pub(super) fn rivals(&self, link: &Link) -> Vec<Rival> {
        let mut found = match (link.new, link.old.first()) {
            (new, Some(old)) if link.relation == Relation::Repealed => self.after(*old, new),
            (Some(new), _) => self.before(new, &link.old),
            (None, _) => Vec::new(),
        };
        found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.node.cmp(&b.node)));
        found.truncate(MOST);
        found
    }

    /// The old nodes that a new one may continue.
    fn before(&self, new: usize, own: &[usize]) -> Vec<Rival> {
        let pairs = self.margins.of_new[new].iter();
        let mut nodes: Vec<usize> = pairs.map(|i| self.margins.solution.pairs[*i].old).collect();
        nodes.extend(self.pieces.divided(new).map(|piece| piece.whole));
        nodes.extend(self.echoes.of_new(new).map(|echo| echo.at));
        nodes.extend(own);
        rivals(nodes, |old| self.alike(old, new))
    }

    /// The new nodes that an old one may go on as.
    fn after(&self, old: usize, own: Option<usize>) -> Vec<Rival> {
        let pairs = self.margins.of_old[old].iter();
        let mut nodes: Vec<usize> = pairs.map(|i| self.margins.solution.pairs[*i].new).collect();
        nodes.extend(self.pieces.joined(old).map(|piece| piece.whole));
        nodes.extend(self.echoes.of_old(old).map(|echo| echo.at));
        nodes.extend(own);
        rivals(nodes, |new| self.alike(old, new))
    }

    /// How like the words of two nodes are, as a whole or by their lines.
    fn alike(&self, old: usize, new: usize) -> f32 {
        let (a, b) = (&self.old.entries[old], &self.new.entries[new]);
        let lines = a.own.words.likeness(&b.own.words);
        a.full().words.likeness(&b.full().words).max(lines)
    }
}

fn rivals(mut nodes: Vec<usize>, alike: impl Fn(usize) -> f32) -> Vec<Rival> {
    nodes.sort_unstable();
    nodes.dedup();
    let rival = |node| Rival {
        node,
        likeness: alike(node),
    };
    nodes.into_iter().map(rival).collect()
}

#[cfg(test)]
mod tests {
    use super::super::align;
    use super::super::tests::{BIRDS, FENCE, WATER, node};

    #[test]
    fn what_is_listed_offers_the_texts_that_it_may_continue() {
        let reworded =
            "Садовник поливает грядки вечером, а в школьном кружке развешивают скворечники.";
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", BIRDS),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", reworded),
            node("tk:1:2", FENCE),
        ];
        let links = align(&old, &new);
        let listed: Vec<_> = links.iter().filter(|link| link.review.is_some()).collect();
        assert!(!listed.is_empty());
        for link in &listed {
            assert!(link.rivals.is_sorted_by(|a, b| a.likeness >= b.likeness));
        }
        let offered = |at: usize| listed.iter().any(|l| l.rivals.iter().any(|r| r.node == at));
        assert!(offered(1));
        let clear = links.iter().filter(|link| link.review.is_none());
        assert!(clear.into_iter().all(|link| link.rivals.is_empty()));
    }
}

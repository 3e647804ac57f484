//! How like the words of two nodes are.

use super::edition::Entry;

/// How like two nodes are, each from 0 to 1.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Likeness {
    /// Words of the lines; of all inner lines too where only one of the nodes has any and that makes them more alike.
    pub words: f32,
    /// Neighbouring pairs of words of the same.
    pub pairs: f32,
    /// The share of the shorter text that the longer one holds.
    pub held: f32,
    /// First words.
    pub head: f32,
    /// All words.
    pub full: f32,
    /// Whether the lines are the same to the letter.
    pub exact: bool,
    /// How much text speaks for it.
    pub evidence: f32,
    /// Neither has any words.
    pub empty: bool,
}

impl Likeness {
    /// Returns how like two nodes are. Costs the lengths of their bags.
    pub fn of(old: &Entry, new: &Entry) -> Likeness {
        let (a, b) = (old.full(), new.full());
        if a.hash == 0 && b.hash == 0 {
            return Likeness {
                empty: true,
                ..Likeness::default()
            };
        }
        let full = a.words.likeness(&b.words);
        let lines = old.own.words.likeness(&new.own.words);
        let own = !old.own.words.is_empty() && !new.own.words.is_empty();
        // Two lists are told by their lines; a list and a plain text by whatever is more alike.
        let (x, y, words) = match (old.full.is_some(), new.full.is_some()) {
            (true, true) if own => (&old.own, &new.own, lines),
            (false, false) => (a, b, full),
            _ if lines > full => (&old.own, &new.own, lines),
            _ => (a, b, full),
        };
        let shared = x.words.shared(&y.words);
        let smaller = x.words.weight.min(y.words.weight).max(0.1);
        Likeness {
            words,
            pairs: x.pairs.likeness(&y.pairs),
            held: shared / smaller,
            head: old.head.likeness(&new.head),
            full,
            exact: x.hash == y.hash && x.hash != 0,
            evidence: words * (1.0 + shared).ln() / 4.0,
            empty: false,
        }
    }

    /// Returns one figure for the whole.
    pub fn strength(&self) -> f32 {
        0.35 * self.words + 0.25 * self.pairs + 0.15 * self.held + 0.25 * self.full
    }
}

#[cfg(test)]
mod tests {
    use super::super::editions;
    use super::super::tests::{BIRDS, WATER, node};
    use super::*;

    #[test]
    fn a_line_that_got_items_is_still_the_same_line() {
        let list = format!("{WATER}\nа также вечером.");
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", BIRDS),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", &list),
            node("tk:1:1:p2", "а также вечером."),
        ];
        let (old, new) = editions(&old, &new);
        let likeness = |o: usize, n: usize| Likeness::of(&old.entries[o], &new.entries[n]);
        assert!(likeness(1, 1).exact && likeness(1, 1).words > 0.99);
        assert!(likeness(1, 1).full < 1.0);
        assert!(likeness(2, 1).words < 0.2 && !likeness(2, 1).exact);
        assert!(likeness(1, 1).strength() > likeness(2, 1).strength());
    }

    #[test]
    fn nodes_without_words_are_empty_together_only() {
        let nodes = [node("tk:1", ""), node("tk:2", "Сад")];
        let (old, new) = editions(&nodes, &nodes);
        assert!(Likeness::of(&old.entries[0], &new.entries[0]).empty);
        let mixed = Likeness::of(&old.entries[0], &new.entries[1]);
        assert!(!mixed.empty && mixed.words == 0.0);
    }
}

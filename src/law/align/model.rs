//! What a pair is worth: its likeness and its surroundings, weighed.

use super::candidates::Pair;
use super::context::Context;
use super::weights::{ARTICLE, ARTICLE_BIAS, INNER, INNER_BIAS};

/// What is known of a pair, or what each of it weighs.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Figures {
    /// Likeness of the words.
    pub words: f32,
    /// Likeness of neighbouring words.
    pub pairs: f32,
    /// Share of the shorter text in the longer one.
    pub held: f32,
    /// Likeness of the first words.
    pub head: f32,
    /// Likeness with inner nodes.
    pub full: f32,
    /// The same to the letter.
    pub exact: f32,
    /// How much text is alike.
    pub evidence: f32,
    /// The nodes above are linked.
    pub parent: f32,
    /// The neighbours before agree.
    pub left: f32,
    /// The neighbours after agree.
    pub right: f32,
    /// The same label.
    pub label: f32,
    /// The same number of a point or letter of a subpoint.
    pub number: f32,
    /// Share of the articles' other words that is linked.
    pub affinity: f32,
    /// Articles of the same number.
    pub article: f32,
    /// A fresh note says that the node was added.
    pub added: f32,
    /// A fresh note says that the node of this label was reworded.
    pub reworded: f32,
    /// How much stronger the likeness is than that of the best rival.
    pub lead: f32,
    /// Share of inner nodes that are linked with each other.
    pub inner: f32,
    /// No text stands under the old label any more.
    pub dead: f32,
    /// Share of the siblings that are linked with siblings.
    pub among: f32,
    /// On how many sides the neighbours disagree.
    pub crossed: f32,
}

/// Likeness below which nothing is linked.
const UNLIKE: f32 = 0.06;

/// What the same first words under the same label are worth beyond either: a norm that gave most of its words to a
/// new one beside it is still the one that begins as it did. Set by hand: the marked cases hold too few of these.
const OPENING: f32 = 2.0;
/// Likeness of the first words from which they are the same.
const SAME_OPENING: f32 = 0.9;

/// What it is worth that most items of two lists go together, where the lists are alike as a whole: their opening lines may be
/// reworded, and their labels may differ. Set by hand.
const SAME_LIST: f32 = 3.0;
/// Share of the items from which most go together.
const SAME_ITEMS: f32 = 0.6;
/// Likeness with inner nodes from which lists are alike.
const ALIKE_LISTS: f32 = 0.5;

/// What labels and notes say about a pair.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Facts {
    pub label: bool,
    pub number: bool,
    pub added: bool,
    pub reworded: bool,
    pub dead: bool,
    pub lead: f32,
}

impl Figures {
    /// Returns the figures of a pair.
    pub fn of(pair: &Pair, context: &Context, facts: &Facts) -> Figures {
        let (likeness, flag) = (&pair.likeness, |yes: bool| f32::from(u8::from(yes)));
        Figures {
            words: likeness.words,
            pairs: likeness.pairs,
            held: likeness.held,
            head: likeness.head,
            full: likeness.full,
            exact: flag(likeness.exact),
            evidence: likeness.evidence,
            parent: context.parent,
            left: context.left.max(0.0),
            right: context.right.max(0.0),
            label: flag(facts.label),
            number: flag(facts.number),
            affinity: context.affinity,
            article: flag(context.article),
            added: flag(facts.added),
            reworded: flag(facts.reworded && facts.label),
            lead: facts.lead.clamp(-0.5, 0.5),
            inner: context.inner,
            dead: flag(facts.dead),
            among: context.among,
            crossed: flag(context.left < 0.0) + flag(context.right < 0.0),
        }
    }

    /// Returns the figures in order of their declaration.
    pub fn values(&self) -> [f32; 21] {
        [
            self.words,
            self.pairs,
            self.held,
            self.head,
            self.full,
            self.exact,
            self.evidence,
            self.parent,
            self.left,
            self.right,
            self.label,
            self.number,
            self.affinity,
            self.article,
            self.added,
            self.reworded,
            self.lead,
            self.inner,
            self.dead,
            self.among,
            self.crossed,
        ]
    }

    /// Returns what the pair is worth, as logarithmic odds that the new node continues the old one.
    pub fn worth(&self, article: bool) -> f32 {
        let (weights, bias) = match article {
            true => (&ARTICLE, ARTICLE_BIAS),
            false => (&INNER, INNER_BIAS),
        };
        let weighed = weights.values().into_iter().zip(self.values());
        let mut odds = bias + weighed.map(|(weight, figure)| weight * figure).sum::<f32>();
        if !article && self.label > 0.0 && self.head >= SAME_OPENING && self.exact == 0.0 {
            odds += OPENING;
        }
        if !article && self.inner >= SAME_ITEMS && self.full >= ALIKE_LISTS {
            odds += SAME_LIST;
        }
        // A place alone does not make two texts one provision.
        match self.words.max(self.full) < UNLIKE {
            true => odds.min(-0.5),
            false => odds,
        }
    }

    /// Returns the same for nodes without words: only their places speak.
    pub fn worth_empty(&self, article: bool) -> f32 {
        match article {
            true => 5.0 * self.article - 2.0,
            false => 1.5 * (self.parent + self.left + self.right) + self.label - 2.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_alone_do_not_make_a_link_but_words_in_place_do() {
        let alike = Figures {
            words: 0.5,
            pairs: 0.3,
            held: 0.6,
            full: 0.5,
            ..Figures::default()
        };
        assert!(alike.worth(false) < 0.0);
        let placed = Figures {
            parent: 1.0,
            left: 1.0,
            right: 1.0,
            label: 1.0,
            ..alike
        };
        assert!(placed.worth(false) > 2.0);
    }

    #[test]
    fn lists_whose_items_go_together_are_one_list_under_other_openings() {
        let lists = Figures {
            words: 0.2,
            full: 0.6,
            inner: 1.0,
            ..Figures::default()
        };
        let apart = Figures {
            inner: 0.5,
            ..lists
        };
        assert!(lists.worth(false) > apart.worth(false) + 3.0);
        assert!(
            lists.worth(true) < apart.worth(true) + 3.0,
            "articles have no items"
        );
    }

    #[test]
    fn empty_nodes_are_told_by_their_neighbours() {
        let between = Figures {
            parent: 1.0,
            left: 1.0,
            right: 1.0,
            ..Figures::default()
        };
        assert!(between.worth_empty(false) > 0.0);
        assert!(Figures::default().worth_empty(false) < 0.0);
    }
}

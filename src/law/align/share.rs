//! How much of a node's words another node of the other edition holds beyond what its own partner has.

use super::bag::Bag;
use super::edition::Edition;

/// How much of a piece a whole holds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Share {
    /// The share of the piece's words that the whole holds.
    pub words: f32,
    /// The same for neighbouring words.
    pub pairs: f32,
    /// The share of its words that the whole holds beyond what its own partner has.
    pub rest: f32,
    /// The same for neighbouring words.
    pub rest_pairs: f32,
    /// How like the two are.
    pub like: f32,
    /// The share of the whole's words that its own partner does not have.
    pub lost: f32,
    /// The share of those that the piece has.
    pub found: f32,
    /// How much text the piece has.
    pub weight: f32,
    /// Whether these are articles.
    pub article: bool,
    /// Whether the whole's partner or article goes with the piece's article.
    pub near: bool,
    /// Whether the whole's partner stands next to the piece, under the same node.
    pub beside: bool,
    /// Whether the piece is a copy that stands among others from around the whole.
    pub copied: bool,
}

/// The share of its words that a node has lost, from which a node beside its partner may have taken them.
const LOST_BESIDE: f32 = 0.1;
/// The share of the lost words that this one has.
const FOUND_BESIDE: f32 = 0.5;
/// Weight of the words that it has of them.
const TAKEN_BESIDE: f32 = 10.0;

/// Two editions seen from the one that has the pieces.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub pieces: &'a Edition<'a>,
    pub wholes: &'a Edition<'a>,
    /// The partners of the pieces' edition.
    pub mine: &'a [Option<usize>],
    /// The partners of the wholes' edition.
    pub theirs: &'a [Option<usize>],
}

impl Share {
    /// Returns what the whole `o` holds of the piece `n`. Costs the lengths of their texts.
    pub fn of(sides: Sides, n: usize, o: usize, near: bool) -> Share {
        let (piece, whole) = (&sides.pieces.entries[n], &sides.wholes.entries[o]);
        let mine = piece.full();
        let all = match piece.children.is_empty() {
            true => &whole.own,
            false => whole.full(),
        };
        let (rest, rest_pairs) = sides.rest(n, o);
        let like = mine.words.likeness(&all.words);
        let pairs = mine.pairs.held_in(&all.pairs);
        Share {
            words: mine.words.held_in(&all.words),
            pairs,
            rest: mine.words.held_in(&rest),
            rest_pairs: mine.pairs.held_in(&rest_pairs),
            like,
            lost: rest.weight / all.words.weight.max(1.0),
            found: rest.held_in(&mine.words),
            weight: mine.words.weight,
            article: piece.is_article(),
            near,
            beside: sides.beside(n).contains(&o),
            copied: like >= 0.9 && pairs >= 0.9 && sides.among(n, o),
        }
    }

    /// Returns a figure to choose the best whole by.
    pub fn rank(&self) -> f32 {
        let bonus = f32::from(u8::from(self.copied)) + 0.3 * f32::from(u8::from(self.near));
        self.rest + self.rest_pairs + 0.5 * self.like + bonus
    }

    /// Returns the same, with what is sure or listed before what is neither.
    pub fn order(&self) -> f32 {
        let speaks = self.is_sure() || self.is_listed();
        self.rank() + 10.0 * f32::from(u8::from(speaks))
    }

    /// Returns whether the piece surely has a part of its text from the whole.
    pub fn is_sure(&self) -> bool {
        let least = if self.weight < 60.0 { 0.45 } else { 0.3 };
        let taken = match (self.article, self.near) {
            (true, _) => self.rest >= 0.3 && self.rest_pairs >= 0.15,
            (false, true) => self.rest >= 0.45 && self.rest_pairs >= least,
            (false, false) => self.rest >= 0.5 && self.rest_pairs >= 0.6 && self.weight >= 40.0,
        };
        taken || self.copied
    }

    /// Returns whether a person should look.
    pub fn is_listed(&self) -> bool {
        if self.is_sure() && !self.copied {
            // Whether a new article goes on with another one, or with a part of it, is for a person to say.
            return self.article || self.rest_pairs < 0.6;
        }
        // What the whole lost stands in the piece.
        let moved = self.lost >= 0.05 && self.found >= 0.3;
        let close = self.rest >= 0.25 && self.rest_pairs >= 0.1 && self.weight >= 10.0
            || self.like >= 0.5 && moved
            || self.words >= 0.6 && self.pairs >= 0.45 && moved
            || self.lost >= 0.2 && self.found >= 0.4 && self.rest * self.weight >= 15.0;
        let beside = self.beside
            && self.lost >= LOST_BESIDE
            && self.found >= FOUND_BESIDE
            && self.rest * self.weight >= TAKEN_BESIDE;
        let far = self.rest >= 0.45 && self.rest_pairs >= 0.25 && self.weight >= 40.0;
        self.near && close || beside || far
    }
}

impl Sides<'_> {
    /// What the whole has beyond its partner: words of its line, and inner nodes that nobody has or that lie in the piece. Nothing
    /// for a whole without a partner: that one would have been linked with the piece itself.
    fn rest(&self, n: usize, o: usize) -> (Bag, Bag) {
        let Some(partner) = self.theirs[o] else {
            return (Bag::default(), Bag::default());
        };
        let whole = &self.wholes.entries[o];
        let inside = partner < n && n < self.pieces.end(partner);
        let used = match inside || !whole.children.is_empty() {
            true => &self.pieces.entries[partner].own,
            false => self.pieces.entries[partner].full(),
        };
        let words = whole.own.words.without(&used.words);
        let pairs = whole.own.pairs.without(&used.pairs);
        if self.pieces.entries[n].children.is_empty() {
            return (words, pairs);
        }
        let piece = n..self.pieces.end(n);
        let open = |i: &usize| self.theirs[*i].is_none_or(|p| piece.contains(&p));
        let inner = (o + 1..self.wholes.end(o)).filter(open);
        let inner = inner
            .map(|i| &self.wholes.entries[i].own)
            .collect::<Vec<_>>();
        (
            Bag::sum(inner.iter().map(|w| &w.words).chain([&words])),
            Bag::sum(inner.iter().map(|w| &w.pairs).chain([&pairs])),
        )
    }

    /// The partners of the nodes before and after a piece, under the same node.
    pub fn beside(self, n: usize) -> Vec<usize> {
        let piece = &self.pieces.entries[n];
        if piece.is_article() {
            return Vec::new();
        }
        let siblings = self.pieces.family(piece.parent);
        let places = [piece.place.checked_sub(1), Some(piece.place + 1)];
        let next = places
            .into_iter()
            .flatten()
            .filter_map(|at| siblings.get(at));
        next.filter_map(|sibling| self.mine[*sibling]).collect()
    }

    /// Whether a sibling of the piece goes with a sibling of the whole.
    fn among(&self, n: usize, o: usize) -> bool {
        let (parent, above) = (self.pieces.entries[n].parent, self.wholes.entries[o].parent);
        let (Some(parent), Some(above)) = (parent, above) else {
            return false;
        };
        let mut siblings = self.pieces.entries[parent].children.iter();
        siblings
            .any(|s| self.mine[*s].is_some_and(|p| self.wholes.entries[p].parent == Some(above)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_partner_lost_and_the_piece_has_makes_a_piece() {
        let share = Share {
            rest: 0.9,
            rest_pairs: 0.8,
            weight: 50.0,
            near: true,
            ..Share::default()
        };
        assert!(share.is_sure() && !share.is_listed());
        let weaker = Share {
            rest_pairs: 0.2,
            ..share
        };
        assert!(!weaker.is_sure() && weaker.is_listed());
        let elsewhere = Share {
            near: false,
            ..weaker
        };
        assert!(!elsewhere.is_sure() && !elsewhere.is_listed());
    }

    #[test]
    fn what_a_neighbour_lost_and_the_node_beside_it_has_is_asked_about() {
        let share = Share {
            rest: 0.2,
            rest_pairs: 0.02,
            lost: 0.12,
            found: 0.6,
            weight: 60.0,
            near: true,
            beside: true,
            ..Share::default()
        };
        assert!(share.is_listed() && !share.is_sure());
        for weaker in [
            Share {
                beside: false,
                ..share
            },
            Share {
                lost: 0.05,
                ..share
            },
            Share {
                found: 0.4,
                ..share
            },
            Share {
                weight: 30.0,
                ..share
            },
        ] {
            assert!(!weaker.is_listed(), "{weaker:?}");
        }
        // What speaks comes before what is only more alike.
        let alike = Share {
            like: 0.9,
            near: true,
            ..Share::default()
        };
        assert!(alike.rank() > share.rank() && alike.order() < share.order());
    }

    #[test]
    fn a_new_article_that_is_a_piece_is_always_asked_about() {
        let part = Share {
            rest: 0.9,
            rest_pairs: 0.9,
            weight: 80.0,
            near: true,
            ..Share::default()
        };
        let article = Share {
            article: true,
            ..part
        };
        assert!(part.is_sure() && !part.is_listed());
        assert!(article.is_sure() && article.is_listed());
    }
}

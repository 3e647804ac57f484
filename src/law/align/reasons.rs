//! How two linked nodes go together, what says so, and what speaks against it.

use super::margin::Loss;
use super::node::{Basis, Relation, Review};
use super::verdict::Judge;

/// Logarithmic odds below which a link is listed for a person.
const DOUBT: f32 = 2.2;

/// Likeness below which the same label alone holds a link: none of the texts may be most of the other either.
const OTHER: f32 = 0.34;

/// The share of the shorter text that makes it part of the longer one.
const PART: f32 = 0.65;

impl Judge<'_> {
    /// Returns whether both have the same label.
    pub(super) fn is_labelled(&self, o: usize, n: usize) -> bool {
        self.old.nodes[o].citation == self.new.nodes[n].citation
    }

    /// Returns whether all their words are the same.
    pub(super) fn is_whole(&self, o: usize, n: usize) -> bool {
        self.old.entries[o].full().hash == self.new.entries[n].full().hash
    }

    /// Returns how the new node goes on from the old one.
    pub(super) fn relation(&self, o: usize, n: usize) -> Relation {
        let (x, y) = (self.old.entries[o].article, self.new.entries[n].article);
        let articles = self.old.entries[x].is_article() || self.new.entries[y].is_article();
        match (self.is_labelled(o, n), articles && !self.is_labelled(x, y)) {
            (true, _) if self.is_whole(o, n) => Relation::Same,
            (true, _) => Relation::Edited,
            (false, false) => Relation::Moved,
            (false, true) => Relation::Renumbered,
        }
    }

    /// Returns what their link rests on most.
    pub(super) fn basis(&self, o: usize, n: usize) -> Basis {
        let (a, b) = (&self.old.entries[o], &self.new.entries[n]);
        let labelled = self.is_labelled(o, n);
        let exact =
            a.own.hash == b.own.hash && a.own.hash != 0 || self.is_whole(o, n) && !a.is_empty();
        if exact {
            Basis::ExactText
        } else if labelled && self.notes.reworded(&self.new.nodes[n]) {
            Basis::AmendmentNote
        } else if a.full().words.likeness(&b.full().words) >= 0.4 {
            Basis::Likeness
        } else if labelled {
            Basis::Label
        } else {
            Basis::Position
        }
    }

    /// Returns why a person should look at their link, or nothing where it is clear.
    pub(super) fn doubt(&self, o: usize, n: usize, loss: Loss) -> Option<Review> {
        let (a, b) = (&self.old.entries[o], &self.new.entries[n]);
        let labelled = self.is_labelled(o, n);
        if labelled && self.is_whole(o, n) {
            return None;
        }
        let lines = a.own.words.likeness(&b.own.words);
        let like = a.full().words.likeness(&b.full().words).max(lines);
        let (x, y) = (&a.full().words, &b.full().words);
        let part = x.held_in(y).max(y.held_in(x)) >= PART;
        if labelled && like < OTHER && !part && !a.is_empty() {
            return Some(Review::OtherSubject);
        }
        if self.margins.has_twin(o, n) {
            return Some(Review::Rivals);
        }
        match (loss.odds < DOUBT, loss.rival) {
            (false, _) => None,
            (true, true) => Some(Review::Rivals),
            (true, false) => Some(Review::WeakLikeness),
        }
    }
}

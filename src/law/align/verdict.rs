//! From assigned pairs to links with relation, margin and review.

use super::echo::Echoes;
use super::edition::Edition;
use super::margin::Margins;
use super::node::{Basis, Kind, Link, Relation, Review};
use super::notes::Notes;
use super::pieces::Pieces;
use super::places::{Ended, ended};
use super::solve::Solution;

/// Logarithmic odds below which a node without a partner is listed.
const ALONE: f32 = 2.3;

/// Returns the links of a solution, new nodes in order, then old nodes that end.
pub(super) fn links(old: &Edition, new: &Edition, solution: &Solution) -> Vec<Link> {
    let judge = Judge {
        old,
        new,
        margins: Margins::new(solution),
        pieces: Pieces::find(old, new, &solution.links),
        echoes: Echoes::find(old, new, &solution.links),
        notes: Notes::new(old.nodes),
    };
    let mut ends = vec![None; new.entries.len()];
    let mut gone = vec![false; old.entries.len()];
    for end in ended(old, new, &solution.links) {
        ends[end.new] = Some(end);
        gone[end.old] = true;
    }
    let mut out = Vec::with_capacity(new.entries.len() + 64);
    for (n, end) in ends.into_iter().enumerate() {
        out.push(match (solution.links.of_new[n], end) {
            (Some(o), _) => judge.linked(o, n),
            (None, Some(end)) => judge.ended(end),
            (None, None) => judge.inserted(n),
        });
    }
    let joined = |o: usize| {
        let piece = judge.pieces.joined(o).filter(|p| p.sure);
        piece.is_some_and(|p| solution.links.of_new[p.whole].is_some())
    };
    let alone = |o: &usize| solution.links.of_old[*o].is_none() && !gone[*o] && !joined(*o);
    out.extend(
        (0..old.entries.len())
            .filter(alone)
            .map(|o| judge.repealed(o)),
    );
    judge.ask_of_articles(&mut out);
    for link in out.iter_mut().filter(|link| link.review.is_some()) {
        link.rivals = judge.rivals(link);
    }
    out
}

/// Both editions with all that speaks for or against a link.
pub(super) struct Judge<'a> {
    pub(super) old: &'a Edition<'a>,
    pub(super) new: &'a Edition<'a>,
    pub(super) margins: Margins<'a>,
    pub(super) pieces: Pieces,
    pub(super) echoes: Echoes,
    pub(super) notes: Notes,
}

impl Judge<'_> {
    /// A new article whose parts may come from elsewhere may come from there itself.
    fn ask_of_articles(&self, links: &mut [Link]) {
        let open = |n: usize| {
            let inner = self.new.entries[n].children.iter();
            let mut inner = inner.map(|child| &links[*child]);
            inner.any(|link| link.relation == Relation::Inserted && link.review.is_some())
        };
        let asked: Vec<usize> = (0..self.new.entries.len())
            .filter(|n| self.new.entries[*n].kind == Kind::Article && open(*n))
            .collect();
        for n in asked {
            if links[n].relation == Relation::Inserted {
                links[n].review.get_or_insert(Review::PossiblyContinued);
            }
        }
    }

    fn linked(&self, o: usize, n: usize) -> Link {
        let loss = self.margins.linked(o, n);
        let joined = self.pieces.joined_in(n);
        // An inner node that went into its own outer one: the line may also have moved up alone.
        let folded = |p: &usize| o < *p && *p < self.old.end(o);
        let listed = |p: &usize| self.pieces.joined(*p).is_some_and(|j| j.listed);
        let doubtful = joined.iter().any(|p| folded(p) || listed(p));
        let mut old = vec![o];
        old.extend(joined);
        Link {
            new: Some(n),
            relation: match old.len() {
                1 => self.relation(o, n),
                _ => Relation::Merged,
            },
            old,
            margin: loss.margin(),
            basis: self.basis(o, n),
            review: self
                .doubt(o, n, loss)
                .or(doubtful.then_some(Review::PossibleMerger))
                .or_else(|| self.regrouped(o, n)),
            rivals: Vec::new(),
        }
    }

    fn ended(&self, end: Ended) -> Link {
        let loss = self.margins.old_alone(end.old);
        let listed = self.pieces.joined(end.old).is_some_and(|p| p.listed);
        Link {
            new: Some(end.new),
            old: vec![end.old],
            relation: Relation::Repealed,
            margin: loss.margin(),
            basis: if self.notes.repealed(&self.new.nodes[end.new]) {
                Basis::AmendmentNote
            } else if self.is_labelled(end.old, end.new) {
                Basis::Label
            } else {
                Basis::Position
            },
            review: match (listed || loss.odds < ALONE, end.clear) {
                (true, _) => Some(Review::PossiblyContinued),
                (false, true) => None,
                (false, false) => Some(Review::Rivals),
            },
            rivals: Vec::new(),
        }
    }

    fn inserted(&self, n: usize) -> Link {
        let loss = self.margins.new_alone(n);
        let piece = self.pieces.divided(n);
        let replaced = self.margins.same_label(n).is_some();
        let whole = piece.filter(|p| p.sure).map(|p| p.whole);
        Link {
            new: Some(n),
            relation: if whole.is_some() {
                Relation::Split
            } else {
                Relation::Inserted
            },
            old: whole.into_iter().collect(),
            margin: loss.margin(),
            basis: match self.notes.added(&self.new.nodes[n]) {
                true => Basis::AmendmentNote,
                false => Basis::Likeness,
            },
            review: if piece.is_some_and(|p| p.listed) {
                Some(Review::PossibleSplit)
            } else if replaced {
                // The old text is gone and another stands in its place: reworded beyond recognition, or replaced.
                Some(Review::OtherSubject)
            } else if loss.odds < ALONE {
                Some(Review::PossiblyContinued)
            } else {
                // What its law calls added is not asked about for like words alone.
                let told = whole.is_some() || self.notes.added(&self.new.nodes[n]);
                let echo = self.echoes.of_new(n).filter(|_| !told);
                echo.map(|echo| match echo.free {
                    true => Review::PossiblyContinued,
                    false => Review::PossibleSplit,
                })
            },
            rivals: Vec::new(),
        }
    }

    fn repealed(&self, o: usize) -> Link {
        let loss = self.margins.old_alone(o);
        let listed = self.pieces.joined(o).is_some_and(|p| p.listed);
        let open = loss.odds < ALONE && !self.old.entries[o].is_empty();
        Link {
            new: None,
            old: vec![o],
            relation: Relation::Repealed,
            margin: loss.margin(),
            basis: Basis::Likeness,
            review: match (listed, open) {
                (true, _) => Some(Review::PossibleMerger),
                (false, true) => Some(Review::PossiblyContinued),
                (false, false) => self.echoes.of_old(o).map(|echo| match echo.free {
                    true => Review::PossiblyContinued,
                    false => Review::PossibleMerger,
                }),
            },
            rivals: Vec::new(),
        }
    }
}

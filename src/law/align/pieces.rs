//! Nodes without a partner that may be pieces of nodes that have one: what was divided, and what was joined.

use super::edition::Edition;
use super::links::Links;
use super::search::{Hit, Index, highest};
use super::share::{Share, Sides};

/// A node without a partner and the node of the other edition that may hold its words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// The node without a partner.
    pub piece: usize,
    /// The node of the other edition.
    pub whole: usize,
    /// Whether the piece comes from the whole, or went into it.
    pub sure: bool,
    /// Whether a person should look.
    pub listed: bool,
}

/// All pieces.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// What each new node was divided from.
    divided: Vec<Option<Piece>>,
    /// What each old node was joined with.
    joined: Vec<Option<Piece>>,
    /// The old nodes joined in each new one.
    joined_in: Vec<Vec<usize>>,
}

impl Pieces {
    /// Returns the pieces among the nodes without a partner. Costs a search for each of them.
    pub fn find(old: &Edition, new: &Edition, links: &Links) -> Pieces {
        let divided = side(Sides {
            pieces: new,
            wholes: old,
            mine: &links.of_new,
            theirs: &links.of_old,
        });
        let joined = side(Sides {
            pieces: old,
            wholes: new,
            mine: &links.of_old,
            theirs: &links.of_new,
        });
        let mut joined_in = vec![Vec::new(); new.entries.len()];
        let linked = |p: &&Piece| p.sure && links.of_new[p.whole].is_some();
        for piece in joined.iter().flatten().filter(linked) {
            joined_in[piece.whole].push(piece.piece);
        }
        Pieces {
            divided,
            joined,
            joined_in,
        }
    }

    /// Returns what the new node without a partner comes from.
    pub fn divided(&self, new: usize) -> Option<Piece> {
        self.divided[new]
    }

    /// Returns where the old node without a partner went.
    pub fn joined(&self, old: usize) -> Option<Piece> {
        self.joined[old]
    }

    /// Returns the old nodes that surely went into the new node beside its partner.
    pub fn joined_in(&self, new: usize) -> &[usize] {
        &self.joined_in[new]
    }
}

/// How many wholes are tried for a piece.
const TRIED: usize = 4;

/// The best whole for each node without a partner, where it is good enough to be sure or to be listed.
fn side(sides: Sides) -> Vec<Option<Piece>> {
    let mut index = Index::new(sides.wholes);
    let mut out: Vec<Option<Piece>> = vec![None; sides.pieces.entries.len()];
    for (n, entry) in sides.pieces.entries.iter().enumerate() {
        if sides.mine[n].is_some() || entry.is_empty() {
            continue;
        }
        // The article that this article is a piece of is known by now: outer nodes come first.
        let kin = out[entry.article].filter(|p| p.sure).map(|p| p.whole);
        let near = |o: usize| {
            let article = sides.wholes.entries[o].article;
            let partner = sides.theirs[o].map(|m| sides.pieces.entries[m].article);
            kin == Some(article)
                || partner == Some(entry.article)
                || sides.theirs[article] == Some(entry.article)
        };
        let mut hits = index.hits(&entry.full().words);
        hits.retain(|h| sides.wholes.entries[h.node].is_article() == entry.is_article());
        let held = |h: &Hit| {
            let bonus = if near(h.node) { 1.2 } else { 1.0 };
            bonus * h.shared - 0.02 * sides.wholes.entries[h.node].full().words.weight
        };
        let mut tried = highest(&hits, TRIED, held);
        tried.extend(sides.beside(n));
        let shares = tried
            .into_iter()
            .map(|o| (o, Share::of(sides, n, o, near(o))));
        let best = shares.max_by(|a, b| a.1.order().total_cmp(&b.1.order()));
        let piece = best.map(|(whole, share)| Piece {
            piece: n,
            whole,
            sure: share.is_sure(),
            listed: share.is_listed(),
        });
        out[n] = piece.filter(|p| p.sure || p.listed);
    }
    out
}

//! What the links found so far say about a pair: nodes above, neighbours, articles.

use std::collections::HashMap;

use super::edition::{Edition, Entry};
use super::links::Links;

/// What surrounds a pair.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Context {
    /// 1 where the nodes above are linked.
    pub parent: f32,
    /// The share of the siblings that are linked with siblings.
    pub among: f32,
    /// From -1 to 1: whether the linked neighbours before agree.
    pub left: f32,
    /// From -1 to 1: whether the linked neighbours after agree.
    pub right: f32,
    /// The share of the articles' other words that is linked.
    pub affinity: f32,
    /// The articles have the same number.
    pub article: bool,
    /// The share of inner nodes that are linked with each other.
    pub inner: f32,
}

/// A round's view: links with the weights that are linked between articles.
pub(super) struct View<'a> {
    pub(super) old: &'a Edition<'a>,
    pub(super) new: &'a Edition<'a>,
    pub(super) links: &'a Links,
    between: HashMap<(usize, usize), f32>,
    siblings: HashMap<(Option<usize>, Option<usize>), u32>,
    old_weight: Vec<f32>,
    new_weight: Vec<f32>,
}

impl<'a> View<'a> {
    /// Returns the view of the links. One pass over the nodes.
    pub fn new(old: &'a Edition<'a>, new: &'a Edition<'a>, links: &'a Links) -> View<'a> {
        let mut between = HashMap::new();
        let mut siblings = HashMap::new();
        for (o, n) in links.pairs() {
            let (a, b) = (&old.entries[o], &new.entries[n]);
            if !b.is_article() {
                *between.entry((a.article, b.article)).or_insert(0.0) += linked(a, b);
                *siblings.entry((a.parent, b.parent)).or_insert(0) += 1;
            }
        }
        View {
            old,
            new,
            links,
            between,
            siblings,
            old_weight: article_weights(old),
            new_weight: article_weights(new),
        }
    }

    /// Returns what surrounds the pair, its own link left out.
    pub fn of(&self, o: usize, n: usize) -> Context {
        let (a, b) = (&self.old.entries[o], &self.new.entries[n]);
        let (x, y) = (a.article, b.article);
        let article = self.old.nodes[x].citation == self.new.nodes[y].citation;
        let parent = f32::from(!a.is_article() && self.is_family(a.parent, b.parent));
        Context {
            parent,
            among: self.among(o, n),
            left: self.side(o, n, false),
            right: self.side(o, n, true),
            affinity: self.affinity(o, n),
            article,
            inner: self.inner(o, n),
        }
    }

    /// The share of the smaller family that is linked with the other, the pair itself left out.
    fn among(&self, o: usize, n: usize) -> f32 {
        let (a, b) = (&self.old.entries[o], &self.new.entries[n]);
        if a.is_article() {
            return 0.0;
        }
        let all = self
            .siblings
            .get(&(a.parent, b.parent))
            .copied()
            .unwrap_or(0);
        let linked = all.saturating_sub(u32::from(self.links.has(o, n)));
        let families = [self.old.family(a.parent), self.new.family(b.parent)];
        match families.map(<[usize]>::len).into_iter().min() {
            Some(smaller) if smaller > 1 => (linked as f32 / (smaller - 1) as f32).min(1.0),
            _ => 0.0,
        }
    }

    fn affinity(&self, o: usize, n: usize) -> f32 {
        let (a, b) = (&self.old.entries[o], &self.new.entries[n]);
        let pair = (a.article, b.article);
        let mut sum = self.between.get(&pair).copied().unwrap_or(0.0);
        let (mut mine, mut theirs) = (self.old_weight[a.article], self.new_weight[b.article]);
        if !a.is_article() {
            if self.links.has(o, n) {
                sum -= linked(a, b);
            }
            mine -= a.own.words.weight;
            theirs -= b.own.words.weight;
        }
        let smaller = mine.min(theirs);
        if smaller <= 1.0 {
            0.0
        } else {
            (sum / smaller).clamp(0.0, 1.0)
        }
    }

    fn inner(&self, o: usize, n: usize) -> f32 {
        let (a, b) = (&self.old.entries[o], &self.new.entries[n]);
        if a.children.is_empty() || b.children.is_empty() {
            return 0.0;
        }
        let kept = b.children.iter().filter(|c| {
            let partner = self.links.of_new[**c];
            partner.is_some_and(|p| self.old.entries[p].parent == Some(o))
        });
        2.0 * kept.count() as f32 / (a.children.len() + b.children.len()) as f32
    }
}

/// The weight that a link puts between two articles.
fn linked(a: &Entry, b: &Entry) -> f32 {
    a.own.words.weight.min(b.own.words.weight)
}

fn article_weights(edition: &Edition) -> Vec<f32> {
    let mut out = vec![0.0; edition.entries.len()];
    for entry in edition.entries.iter().filter(|e| !e.is_article()) {
        out[entry.article] += entry.own.words.weight;
    }
    out
}

//! Rounds of assignment: each round's links are the surroundings of the next.

use super::assign::{Offer, assign};
use super::candidates::{Candidates, Pair};
use super::context::View;
use super::edition::Edition;
use super::links::Links;
use super::model::{Facts, Figures};
use super::node::Kind;
use super::notes::Notes;

/// The links of the last round, with what every pair was worth.
#[derive(Debug)]
pub(super) struct Solution {
    pub pairs: Vec<Pair>,
    pub figures: Vec<Figures>,
    pub worth: Vec<f32>,
    pub links: Links,
}

/// How often the links are found anew.
const ROUNDS: usize = 5;

/// Returns the best links. Costs some rounds over all candidates.
pub(super) fn solve(old: &Edition, new: &Edition) -> Solution {
    let notes = Notes::new(old.nodes);
    let mut candidates = Candidates::find(old, new);
    let mut links = anchors(old, new, &candidates.pairs);
    let mut round = Round::default();
    for _ in 0..ROUNDS {
        neighbours(old, new, &links, &mut candidates);
        round = Round::of(old, new, &links, &candidates.pairs, &notes);
        let next = round.links(old, new, &candidates.pairs);
        let settled = next == links;
        links = next;
        if settled {
            break;
        }
    }
    Solution {
        pairs: candidates.pairs,
        figures: round.figures,
        worth: round.worth,
        links,
    }
}

#[derive(Default)]
struct Round {
    figures: Vec<Figures>,
    worth: Vec<f32>,
}

impl Round {
    fn of(old: &Edition, new: &Edition, links: &Links, pairs: &[Pair], notes: &Notes) -> Round {
        let view = View::new(old, new, links);
        let leads = leads(old, new, pairs);
        let mut out = Round::default();
        for (pair, lead) in pairs.iter().zip(leads) {
            let (a, b) = (&old.entries[pair.old], &new.entries[pair.new]);
            let (x, y) = (&old.nodes[pair.old], &new.nodes[pair.new]);
            let numbered = matches!(b.kind, Kind::Point | Kind::Subpoint);
            let facts = Facts {
                label: x.citation == y.citation,
                number: numbered && a.kind == b.kind && a.number == b.number,
                added: notes.added(y),
                reworded: notes.reworded(y),
                lead,
                dead: is_free(new, x.citation),
            };
            let figures = Figures::of(pair, &view.of(pair.old, pair.new), &facts);
            out.worth.push(match pair.likeness.empty {
                true => figures.worth_empty(b.is_article()),
                false => figures.worth(b.is_article()),
            });
            out.figures.push(figures);
        }
        out
    }

    fn links(&self, old: &Edition, new: &Edition, pairs: &[Pair]) -> Links {
        let offers = pairs.iter().zip(&self.worth).map(|(pair, worth)| Offer {
            old: pair.old,
            new: pair.new,
            value: *worth,
        });
        let offers = offers.collect::<Vec<_>>();
        let mut links = Links::none(old, new);
        for i in assign(&offers, old.entries.len(), new.entries.len())
            .into_iter()
            .flatten()
        {
            links.join(offers[i].old, offers[i].new);
        }
        links
    }
}

/// Whether no text stands under the label.
fn is_free(edition: &Edition, citation: &str) -> bool {
    let found = edition.by_citation.get(citation);
    found.is_none_or(|i| edition.entries[*i].is_empty())
}

/// By how much the likeness of each pair is above the best other pair of either node.
fn leads(old: &Edition, new: &Edition, pairs: &[Pair]) -> Vec<f32> {
    let mut of_old = vec![(0.0_f32, 0.0_f32); old.entries.len()];
    let mut of_new = vec![(0.0_f32, 0.0_f32); new.entries.len()];
    let strength = pairs
        .iter()
        .map(|p| p.likeness.strength())
        .collect::<Vec<_>>();
    for (pair, s) in pairs.iter().zip(&strength) {
        for best in [&mut of_old[pair.old], &mut of_new[pair.new]] {
            if *s > best.0 {
                *best = (*s, best.0);
            } else if *s > best.1 {
                best.1 = *s;
            }
        }
    }
    let rival = |best: (f32, f32), s: f32| if s >= best.0 { best.1 } else { best.0 };
    let lead =
        |(pair, s): (&Pair, &f32)| s - rival(of_old[pair.old], *s).max(rival(of_new[pair.new], *s));
    pairs.iter().zip(&strength).map(lead).collect()
}

/// The links to begin with: the same text of some length that stands once in both editions, or under the same label.
fn anchors(old: &Edition, new: &Edition, pairs: &[Pair]) -> Links {
    let mut of_old = vec![0_u32; old.entries.len()];
    let mut of_new = vec![0_u32; new.entries.len()];
    let same = |p: &&Pair| p.likeness.exact && old.entries[p.old].own.words.weight > ANCHOR;
    for pair in pairs.iter().filter(same) {
        of_old[pair.old] += 1;
        of_new[pair.new] += 1;
    }
    let mut links = Links::none(old, new);
    let alone = |p: &&Pair| of_old[p.old] == 1 && of_new[p.new] == 1;
    let labelled = |p: &&Pair| old.nodes[p.old].citation == new.nodes[p.new].citation;
    for pair in pairs.iter().filter(same).filter(|p| labelled(p)) {
        links.join(pair.old, pair.new);
    }
    for pair in pairs
        .iter()
        .filter(same)
        .filter(alone)
        .filter(|p| !labelled(p))
    {
        links.join(pair.old, pair.new);
    }
    links
}

/// The least weight of a text that anchors.
const ANCHOR: f32 = 12.0;

/// Adds pairs that lie at the same place below linked nodes: between the same linked neighbours.
fn neighbours(old: &Edition, new: &Edition, links: &Links, candidates: &mut Candidates) {
    let families = links.pairs().map(|(p, q)| (Some(p), Some(q)));
    for (p, q) in families.chain([(None, None)]) {
        let (olds, news) = (old.family(p), new.family(q));
        let mut from = 0;
        for n in news.iter().filter(|n| !new.entries[**n].is_article()) {
            if let Some(o) = links.of_new[*n] {
                if old.entries[o].parent == p {
                    from = old.entries[o].place + 1;
                }
                continue;
            }
            let open = olds[from.min(olds.len())..].iter();
            for o in open.take_while(|o| links.of_old[**o].is_none()).take(NEAR) {
                candidates.add(old, new, *o, *n);
            }
        }
    }
}

/// How many open places are tried.
const NEAR: usize = 6;

//! How clear a link is: what the whole assignment would lose without it.

use super::links::Links;
use super::solve::Solution;

/// What an assignment would lose, and what the best other one would do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Loss {
    /// Logarithmic odds against the best other assignment.
    pub odds: f32,
    /// Whether another node would be taken instead, and not none.
    pub rival: bool,
}

impl Loss {
    /// Returns the margin, from 0 to 1.
    pub fn margin(&self) -> f32 {
        (self.odds / 2.0).tanh().max(0.0)
    }

    fn less(self, odds: f32, rival: bool) -> Loss {
        if odds < self.odds {
            Loss { odds, rival }
        } else {
            self
        }
    }
}

/// The pairs of a solution by their nodes.
pub(super) struct Margins<'a> {
    pub(super) solution: &'a Solution,
    pub(super) links: &'a Links,
    pub(super) of_old: Vec<Vec<usize>>,
    pub(super) of_new: Vec<Vec<usize>>,
    taken: Vec<f32>,
}

/// No loss is counted above this.
const CLEAR: f32 = 12.0;

impl<'a> Margins<'a> {
    /// Returns the margins of a solution. One pass over its pairs.
    pub fn new(solution: &'a Solution) -> Margins<'a> {
        let links = &solution.links;
        let mut out = Margins {
            solution,
            links,
            of_old: vec![Vec::new(); links.of_old.len()],
            of_new: vec![Vec::new(); links.of_new.len()],
            taken: vec![0.0; links.of_new.len()],
        };
        for (i, pair) in solution.pairs.iter().enumerate() {
            out.of_old[pair.old].push(i);
            out.of_new[pair.new].push(i);
            if links.has(pair.old, pair.new) {
                out.taken[pair.new] = solution.worth[i];
            }
        }
        out
    }

    /// Returns what is lost without the link of a new node that has one.
    pub fn linked(&self, old: usize, new: usize) -> Loss {
        let worth = self.taken[new];
        let (free_new, free_old) = (self.free_for_new(new, old), self.free_for_old(old, new));
        let mut loss = Loss {
            odds: CLEAR,
            rival: false,
        };
        loss = loss.less(
            worth - free_new.max(0.0) - free_old.max(0.0),
            free_new > 0.0 || free_old > 0.0,
        );
        for i in &self.of_new[new] {
            let other = self.solution.pairs[*i].old;
            let Some(loser) = self.links.of_old[other].filter(|l| *l != new) else {
                continue;
            };
            let rest = self.worth_of(old, loser).max(free_old).max(0.0);
            let gain = self.solution.worth[*i]
                + rest.max(self.free_for_new(loser, other).max(0.0) + free_old.max(0.0));
            loss = loss.less(worth + self.taken[loser] - gain, true);
        }
        for i in &self.of_old[old] {
            let other = self.solution.pairs[*i].new;
            let Some(loser) = self.links.of_new[other].filter(|l| *l != old) else {
                continue;
            };
            let rest = self.worth_of(loser, new).max(free_new).max(0.0);
            loss = loss.less(
                worth + self.taken[other] - self.solution.worth[*i] - rest,
                true,
            );
        }
        loss
    }

    /// Returns what is lost if the new node without a link got the best one.
    pub fn new_alone(&self, new: usize) -> Loss {
        let pairs = self.of_new[new].iter();
        self.alone(pairs.map(|i| {
            let old = self.solution.pairs[*i].old;
            let loser = self.links.of_old[old];
            let cost = loser.map_or(0.0, |l| self.taken[l] - self.free_for_new(l, old).max(0.0));
            (self.solution.worth[*i] - cost, loser.is_some())
        }))
    }

    /// Returns what is lost if the old node without a link got the best one.
    pub fn old_alone(&self, old: usize) -> Loss {
        let pairs = self.of_old[old].iter();
        self.alone(pairs.map(|i| {
            let new = self.solution.pairs[*i].new;
            let loser = self.links.of_new[new];
            let cost = loser.map_or(0.0, |l| {
                self.taken[new] - self.free_for_old(l, new).max(0.0)
            });
            (self.solution.worth[*i] - cost, loser.is_some())
        }))
    }

    fn alone(&self, gains: impl Iterator<Item = (f32, bool)>) -> Loss {
        let clear = Loss {
            odds: CLEAR,
            rival: false,
        };
        gains.fold(clear, |loss, (gain, rival)| loss.less(-gain, rival))
    }

    /// The best worth of a new node with an old one that nobody has.
    fn free_for_new(&self, new: usize, except: usize) -> f32 {
        let pairs = self.of_new[new].iter();
        let free = pairs.filter(|i| {
            let old = self.solution.pairs[**i].old;
            old != except && self.links.of_old[old].is_none()
        });
        free.map(|i| self.solution.worth[*i]).fold(-CLEAR, f32::max)
    }

    fn free_for_old(&self, old: usize, except: usize) -> f32 {
        let pairs = self.of_old[old].iter();
        let free = pairs.filter(|i| {
            let new = self.solution.pairs[**i].new;
            new != except && self.links.of_new[new].is_none()
        });
        free.map(|i| self.solution.worth[*i]).fold(-CLEAR, f32::max)
    }

    fn worth_of(&self, old: usize, new: usize) -> f32 {
        let mut pairs = self.of_new[new].iter();
        let found = pairs.find(|i| self.solution.pairs[**i].old == old);
        found.map_or(-CLEAR, |i| self.solution.worth[*i])
    }
}

#[cfg(test)]
mod tests {
    use super::super::editions;
    use super::super::solve::solve;
    use super::super::tests::{PRUNE, WATER, node};
    use super::*;

    #[test]
    fn a_copy_is_clear() {
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", PRUNE),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", PRUNE),
        ];
        let (old, new) = editions(&old, &new);
        let solution = solve(&old, &new);
        let margins = Margins::new(&solution);
        assert!(margins.linked(1, 1).odds > 5.0 && margins.linked(1, 1).margin() > 0.9);
    }

    #[test]
    fn a_loss_grows_with_the_odds() {
        let margin = |odds| Loss { odds, rival: false }.margin();
        assert!(margin(-1.0) == 0.0 && margin(1.0) < margin(3.0) && margin(12.0) > 0.99);
    }
}

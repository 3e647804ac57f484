//! The assignment of greatest value: every new node gets at most one old node and the other way round.

use std::collections::VecDeque;

/// A possible link with its value; only values above 0 are ever taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Offer {
    pub old: usize,
    pub new: usize,
    pub value: f32,
}

/// The smallest step of a bid.
const STEP: f32 = 0.02;

/// Returns for every new node the index of its offer, such that the sum of values is within a step for each link of the greatest.
///
/// An auction: a new node bids for the old node that is worth most to it beyond the price, by as much as the second best is
/// worth less. Costs the offers times the value of the closest contests; prices only rise, so it ends.
pub(super) fn assign(offers: &[Offer], olds: usize, news: usize) -> Vec<Option<usize>> {
    let mut by_new: Vec<Vec<usize>> = vec![Vec::new(); news];
    for (i, offer) in offers.iter().enumerate().filter(|(_, o)| o.value > 0.0) {
        by_new[offer.new].push(i);
    }
    let mut price = vec![0.0_f32; olds];
    let mut owner: Vec<Option<usize>> = vec![None; olds];
    let mut taken: Vec<Option<usize>> = vec![None; news];
    let mut waiting = (0..news)
        .filter(|n| !by_new[*n].is_empty())
        .collect::<VecDeque<_>>();
    while let Some(n) = waiting.pop_front() {
        let (mut best, mut first, mut second) = (None, 0.0_f32, 0.0_f32);
        for i in &by_new[n] {
            let gain = offers[*i].value - price[offers[*i].old];
            if gain > first {
                second = first;
                first = gain;
                best = Some(*i);
            } else if gain > second {
                second = gain;
            }
        }
        let Some(best) = best else { continue };
        let old = offers[best].old;
        price[old] += first - second + STEP;
        taken[n] = Some(best);
        if let Some(loser) = owner[old].replace(n) {
            taken[loser] = None;
            waiting.push_back(loser);
        }
    }
    taken
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solve(offers: &[(usize, usize, f32)], size: usize) -> Vec<Option<usize>> {
        let offers = offers.iter().map(|(old, new, value)| Offer {
            old: *old,
            new: *new,
            value: *value,
        });
        let offers = offers.collect::<Vec<_>>();
        let taken = assign(&offers, size, size);
        taken
            .into_iter()
            .map(|t| t.map(|i| offers[i].old))
            .collect()
    }

    #[test]
    fn the_sum_counts_and_not_the_best_single_link() {
        let offers = [(0, 0, 3.0), (1, 0, 2.8), (0, 1, 2.9)];
        assert_eq!(solve(&offers, 2), [Some(1), Some(0)]);
    }

    #[test]
    fn worthless_offers_stay_open() {
        assert_eq!(solve(&[(0, 0, -1.0), (1, 1, 0.5)], 2), [None, Some(1)]);
    }
}

//! Choosing the next token.

/// Candidates that a constraint may look at before the text counts as stuck.
pub(super) const CANDIDATES: usize = 200;

/// Returns the most likely tokens, best first, at most `count`; values that are not numbers are never chosen.
pub(super) fn best(logits: &[f32], count: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0u32..)
        .zip(logits)
        .filter(|(_, v)| v.is_finite())
        .map(|(i, _)| i)
        .collect();
    let by_logit = |a: &u32, b: &u32| {
        logits[*b as usize]
            .total_cmp(&logits[*a as usize])
            .then(a.cmp(b))
    };
    if order.len() > count {
        order.select_nth_unstable_by(count, by_logit);
        order.truncate(count);
    }
    order.sort_unstable_by(by_logit);
    order
}

/// A small generator of random numbers: the same seed gives the same text.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Dice(seed)
    }

    /// Returns a number from 0 up to 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Returns one of the candidates, by their likelihood at this temperature; `None` when there are none.
    pub(super) fn draw(
        &mut self,
        candidates: &[u32],
        logits: &[f32],
        temperature: f32,
    ) -> Option<u32> {
        let most = candidates
            .iter()
            .map(|i| logits[*i as usize])
            .fold(f32::NEG_INFINITY, f32::max);
        let weight = |i: &u32| f64::from((logits[*i as usize] - most) / temperature).exp();
        let mut rest = self.next() * candidates.iter().map(weight).sum::<f64>();
        for candidate in candidates {
            rest -= weight(candidate);
            if rest < 0.0 {
                return Some(*candidate);
            }
        }
        candidates.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_come_first_and_what_is_not_a_number_never() {
        let logits = [0.5, f32::NAN, 3.0, -1.0, 3.0, f32::INFINITY];
        assert_eq!(best(&logits, 3), [2, 4, 0]);
        assert_eq!(best(&logits, 99), [2, 4, 0, 3]);
    }

    #[test]
    fn likely_tokens_are_drawn_more_often_and_a_seed_repeats() {
        let logits = [0.0, 2.0];
        let draws = |seed| {
            let mut dice = Dice::new(seed);
            (0..1000)
                .filter_map(|_| dice.draw(&[1, 0], &logits, 1.0))
                .collect::<Vec<_>>()
        };
        let ones = draws(7).iter().filter(|i| **i == 1).count();
        assert!((830..930).contains(&ones), "{ones}");
        assert_eq!(draws(7), draws(7));
    }
}

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::Serialize;

/// A mean with its 95 % bootstrap interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    pub mean: f64,
    pub low: f64,
    pub high: f64,
}

const ROUNDS: usize = 2000;

/// The mean of `values` and its percentile bootstrap interval, from a fixed seed; zeros when empty.
pub fn bootstrap(values: &[f64]) -> Interval {
    if values.is_empty() {
        return Interval {
            mean: 0.0,
            low: 0.0,
            high: 0.0,
        };
    }
    let mut random = StdRng::seed_from_u64(20260115);
    let n = values.len();
    let mut means: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let sum: f64 = (0..n).map(|_| values[random.random_range(0..n)]).sum();
            sum / n as f64
        })
        .collect();
    means.sort_by(f64::total_cmp);
    Interval {
        mean: values.iter().sum::<f64>() / n as f64,
        low: means[ROUNDS / 40],
        high: means[ROUNDS - 1 - ROUNDS / 40],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_holds_the_mean_and_shrinks_with_more_values() {
        let few: Vec<f64> = (0..10).map(|i| f64::from(i % 2)).collect();
        let many: Vec<f64> = (0..1000).map(|i| f64::from(i % 2)).collect();
        let (few, many) = (bootstrap(&few), bootstrap(&many));
        assert!(few.low <= few.mean && few.mean <= few.high);
        assert!(many.high - many.low < few.high - few.low);
    }
}

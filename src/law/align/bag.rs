//! Weighted bags of words and of word pairs.

/// Keys with weights, sorted by key, each key once.
#[derive(Debug, Clone, Default)]
pub(super) struct Bag {
    entries: Vec<(u64, f32)>,
    /// The sum of the weights.
    pub weight: f32,
}

impl Bag {
    /// Returns the bag of the keys; a key that comes twice weighs twice. Sorts once.
    pub fn new(keys: impl Iterator<Item = (u64, f32)>) -> Bag {
        let mut all = keys.collect::<Vec<_>>();
        all.sort_unstable_by_key(|(key, _)| *key);
        let mut entries: Vec<(u64, f32)> = Vec::with_capacity(all.len());
        for (key, weight) in all {
            match entries.last_mut() {
                Some(last) if last.0 == key => last.1 += weight,
                _ => entries.push((key, weight)),
            }
        }
        let weight = entries.iter().map(|(_, w)| w).sum();
        Bag { entries, weight }
    }

    /// Returns everything that the bags hold.
    pub fn sum<'a>(bags: impl Iterator<Item = &'a Bag>) -> Bag {
        Bag::new(bags.flat_map(|b| b.entries.iter().copied()))
    }

    /// Returns whether nothing is in the bag.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the keys with their weights, in order.
    pub fn entries(&self) -> &[(u64, f32)] {
        &self.entries
    }

    /// Returns the weight that both bags hold. Costs the sum of their lengths.
    pub fn shared(&self, other: &Bag) -> f32 {
        let (mut i, mut j, mut sum) = (0, 0, 0.0);
        while let (Some(a), Some(b)) = (self.entries.get(i), other.entries.get(j)) {
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    sum += a.1.min(b.1);
                    i += 1;
                    j += 1;
                }
            }
        }
        sum
    }

    /// Returns what is left of this bag when `other` is taken out.
    pub fn without(&self, other: &Bag) -> Bag {
        let mut left = Vec::new();
        let mut j = 0;
        for (key, weight) in &self.entries {
            while other.entries.get(j).is_some_and(|b| b.0 < *key) {
                j += 1;
            }
            let taken = other
                .entries
                .get(j)
                .filter(|b| b.0 == *key)
                .map_or(0.0, |b| b.1);
            if *weight > taken + 1e-4 {
                left.push((*key, weight - taken));
            }
        }
        Bag::new(left.into_iter())
    }

    /// Returns how like the bags are, from 0 to 1; empty bags are not like anything.
    pub fn likeness(&self, other: &Bag) -> f32 {
        let both = self.weight + other.weight;
        match both > 0.0 {
            true => 2.0 * self.shared(other) / both,
            false => 0.0,
        }
    }

    /// Returns the share of this bag that the other holds, from 0 to 1.
    pub fn held_in(&self, other: &Bag) -> f32 {
        match self.weight > 0.0 {
            true => self.shared(other) / self.weight,
            false => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bag(keys: &[u64]) -> Bag {
        Bag::new(keys.iter().map(|k| (*k, 1.0)))
    }

    #[test]
    fn likeness_counts_what_both_hold() {
        let (a, b) = (bag(&[1, 2, 2, 3]), bag(&[2, 2, 4, 5]));
        assert!((a.shared(&b) - 2.0).abs() < 1e-6);
        assert!((a.likeness(&b) - 0.5).abs() < 1e-6);
        assert!((bag(&[2]).held_in(&a) - 1.0).abs() < 1e-6);
        assert!(bag(&[]).likeness(&bag(&[])) == 0.0);
    }

    #[test]
    fn taking_out_leaves_the_rest() {
        let left = bag(&[1, 2, 2, 3]).without(&bag(&[2, 3, 9]));
        assert_eq!(left.entries(), [(1, 1.0), (2, 1.0)]);
        assert!(!left.is_empty());
    }
}

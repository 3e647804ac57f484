//! The local index finds what comparing with every vector finds.

use super::*;
use proptest::prelude::*;
use soyuznik::index;
use std::collections::BTreeMap;

const DIMENSION: usize = 24;

fn vector(seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut numbers: Vec<f32> = (0..DIMENSION)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        })
        .collect();
    let length = numbers.iter().map(|n| n * n).sum::<f32>().sqrt();
    numbers.iter_mut().for_each(|n| *n /= length);
    numbers
}

/// One thing done to the index: an entry written under a number, or removed.
#[derive(Debug, Clone)]
enum Step {
    Write(u16, u64, bool),
    Remove(u16),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0u16..400, any::<u64>(), prop::bool::weighted(0.8))
            .prop_map(|(id, seed, has_vector)| Step::Write(id, seed, has_vector)),
        1 => (0u16..400).prop_map(Step::Remove),
    ]
}

fn best(
    held: &BTreeMap<String, Entry>,
    query: &[f32],
    kinds: &[EntryKind],
    limit: usize,
) -> Vec<f32> {
    let mut scores: Vec<f32> = held
        .values()
        .filter(|entry| kinds.is_empty() || kinds.contains(&entry.kind))
        .filter_map(|entry| entry.dense.as_ref())
        .map(|row| row.iter().zip(query).map(|(a, b)| a * b).sum())
        .collect();
    scores.sort_by(|a: &f32, b| b.total_cmp(a));
    scores.truncate(limit);
    scores
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn after_any_writes_and_removals_the_nearest_are_those_of_brute_force(
        steps in prop::collection::vec(step(), 1..1500),
        query in any::<u64>(),
        limit in 1usize..60,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let spec = spec(DIMENSION, "exact");
        let index = index::open(&local(folder.path()), spec.clone()).unwrap();
        let mut held: BTreeMap<String, Entry> = BTreeMap::new();
        for batch in steps.chunks(200) {
            for step in batch {
                match step {
                    Step::Write(id, seed, has_vector) => {
                        let kind = EntryKind::ALL[usize::from(*id) % EntryKind::ALL.len()];
                        let dense = has_vector.then(|| vector(*seed));
                        let made = Entry { kind, dense, ..entry(&id.to_string()) };
                        held.insert(made.id.clone(), made);
                    }
                    Step::Remove(id) => { held.remove(&id.to_string()); }
                }
            }
            let gone: Vec<String> = index.ids().unwrap().into_iter().filter(|id| !held.contains_key(id)).collect();
            index.remove(&gone).unwrap();
            index.upsert(&held.values().cloned().collect::<Vec<_>>()).unwrap();
        }
        let query = vector(query);
        let check = |index: &dyn index::VectorIndex| {
            for kinds in [vec![], vec![EntryKind::Part, EntryKind::Local]] {
                let filter = Filter { kinds: kinds.clone(), ..all() };
                let found = index.dense(&query, &filter, limit).unwrap();
                let wanted = best(&held, &query, &kinds, limit);
                assert_eq!(found.len(), wanted.len());
                for (hit, score) in found.iter().zip(wanted) {
                    assert!((hit.score - score).abs() < 1e-5, "{} and {score}", hit.score);
                }
            }
        };
        check(&*index);
        // Memory and file say the same.
        drop(index);
        let again = index::open(&local(folder.path()), spec).unwrap();
        assert_eq!(again.health(), index::Health::Ready);
        check(&*again);
    }
}

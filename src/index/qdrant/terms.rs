//! Words as a sparse vector: the half of BM25 that belongs to the entry; the server adds the inverse frequency.

use super::super::types::words;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const TITLE_WEIGHT: f32 = 0.3;
/// How fast repetition stops counting, as in FTS5.
const K1: f32 = 1.2;
/// How much the length counts, as in FTS5.
const B: f32 = 0.75;
/// The length that counts as usual: the server knows no average, a part of an article has some 50 stems.
const USUAL_STEMS: f32 = 50.0;

/// Returns the sparse vector of an entry: numbers of stems, ascending, and their weights.
pub fn of_entry(stems: &[String], title_stems: &[String]) -> (Vec<u32>, Vec<f32>) {
    let mut counts: BTreeMap<u32, f32> = BTreeMap::new();
    let mut length = 0.0f32;
    for (field, weight) in [(stems, 1.0), (title_stems, TITLE_WEIGHT)] {
        for word in field.iter().flat_map(|stem| words(stem)) {
            *counts.entry(number(word)).or_default() += weight;
            length += 1.0;
        }
    }
    let long = K1 * (1.0 - B + B * length / USUAL_STEMS);
    counts
        .into_iter()
        .map(|(number, count)| (number, count * (K1 + 1.0) / (count + long)))
        .unzip()
}

/// Returns the sparse vector of a question, every stem alike.
pub fn of_query(stems: &[&str]) -> (Vec<u32>, Vec<f32>) {
    let numbers: std::collections::BTreeSet<u32> = stems.iter().map(|stem| number(stem)).collect();
    let weights = vec![1.0; numbers.len()];
    (numbers.into_iter().collect(), weights)
}

/// Returns the stem's place in the sparse vector: the first 4 bytes of its SHA-256.
///
/// Of a language's 60,000 stems about one shares its number with another.
fn number(stem: &str) -> u32 {
    let hash = Sha256::digest(stem.as_bytes());
    u32::from_le_bytes([hash[0], hash[1], hash[2], hash[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stems(text: &str) -> Vec<String> {
        text.split(' ').map(str::to_owned).collect()
    }

    fn weight(vector: &(Vec<u32>, Vec<f32>), stem: &str) -> f32 {
        let at = vector.0.iter().position(|found| *found == number(stem));
        at.map_or(0.0, |at| vector.1[at])
    }

    #[test]
    fn a_word_weighs_more_repeated_and_less_in_the_title_or_in_a_long_text() {
        let once = weight(&of_entry(&stems("отпуск дн"), &[]), "отпуск");
        let twice = weight(&of_entry(&stems("отпуск отпуск"), &[]), "отпуск");
        let title = weight(&of_entry(&stems("дн"), &stems("отпуск")), "отпуск");
        let long = weight(
            &of_entry(&stems(&"дн ".repeat(90)), &stems("отпуск")),
            "отпуск",
        );
        assert!(twice > once && once > title && title > long && long > 0.0);
    }

    #[test]
    fn the_numbers_of_a_vector_ascend_without_repetition() {
        let (numbers, weights) = of_entry(&stems("а б в а б г д"), &stems("а е"));
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!((numbers.len(), weights.len()), (6, 6));
        assert_eq!(of_query(&["а", "б", "а"]).0.len(), 2);
    }
}

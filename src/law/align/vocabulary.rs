//! The words of both editions and what they weigh: rare words weigh more.

use std::collections::HashMap;

use super::bag::Bag;
use super::edition::Words;
use crate::law::text::stems;

/// Every word of both editions.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    /// Stems of words as they are written: looking up is much cheaper than stemming.
    written: HashMap<String, Vec<u32>>,
    stems: HashMap<String, u32>,
    /// In how many lines a stem stands, and the last line it was seen in.
    lines: Vec<(u32, u32)>,
    line: u32,
    weights: Vec<f32>,
    /// In how many lines a pair of neighbouring stems stands.
    pairs: HashMap<u64, u32>,
}

/// The key of two neighbouring words.
fn pair(first: u32, second: u32) -> u64 {
    (u64::from(first) << 32) | u64::from(second)
}

/// Whether the character goes on a word: letters, digits, stress marks and soft hyphens.
fn joins(c: char) -> bool {
    is_letter(c) || ('\u{300}'..='\u{36f}').contains(&c) || c == '\u{ad}'
}

/// Whether the character is a letter or a digit; quick for the usual ones.
fn is_letter(c: char) -> bool {
    match c {
        'а'..='я' | 'А'..='Я' | '0'..='9' | 'a'..='z' | 'A'..='Z' => true,
        '\0'..='\u{7f}' => false,
        other => other.is_alphanumeric(),
    }
}

/// Feeds a letter to `out` in lower case, with ё as е.
fn plain(c: char, mut out: impl FnMut(char)) {
    match c {
        'а'..='я' | '0'..='9' | 'a'..='z' => out(c),
        'ё' | 'Ё' => out('е'),
        other => other.to_lowercase().for_each(out),
    }
}

impl Vocabulary {
    /// Returns the stems of a line and counts them. Costs one pass; each word is stemmed the first time it comes.
    pub fn count(&mut self, line: &str) -> Vec<u32> {
        self.line += 1;
        let mut out = Vec::new();
        for word in line.split(|c| !joins(c)).filter(|w| !w.is_empty()) {
            match self.written.get(word) {
                Some(known) => out.extend(known),
                None => {
                    let found = stems(word)
                        .into_iter()
                        .map(|s| self.id(s))
                        .collect::<Vec<_>>();
                    out.extend(&found);
                    self.written.insert(word.to_owned(), found);
                }
            }
        }
        for id in &out {
            let (lines, last) = &mut self.lines[*id as usize];
            if *last != self.line {
                *last = self.line;
                *lines += 1;
            }
        }
        for w in out.windows(2) {
            *self.pairs.entry(pair(w[0], w[1])).or_default() += 1;
        }
        out
    }

    fn id(&mut self, stem: String) -> u32 {
        let next = self.lines.len() as u32;
        let id = *self.stems.entry(stem).or_insert(next);
        if id == next {
            self.lines.push((0, 0));
        }
        id
    }

    /// Fixes the weights when every line has been counted.
    pub fn close(&mut self) {
        let all = self.line as f32;
        self.weights = self
            .lines
            .iter()
            .map(|(n, _)| (all / (*n as f32)).ln().clamp(0.5, 6.0))
            .collect();
        for (word, id) in &self.stems {
            // Numbers are mostly references, which change without the norm changing.
            if word.starts_with(|c: char| c.is_ascii_digit()) {
                self.weights[*id as usize] *= 0.4;
            }
        }
    }

    /// Returns the bag of words.
    pub fn words(&self, ids: &[u32]) -> Bag {
        Bag::new(
            ids.iter()
                .map(|id| (u64::from(*id), self.weights[*id as usize])),
        )
    }

    /// Returns the bags of words and of neighbouring pairs.
    pub fn weigh(&self, ids: &[u32], hash: u64) -> Words {
        let weight = |id: u32| self.weights[id as usize];
        let pairs = ids.windows(2).map(|w| {
            let key = pair(w[0], w[1]);
            let lines = self.pairs.get(&key).copied().unwrap_or(1);
            // Formulas that stand everywhere say little: two lines, one in each edition, weigh in full.
            let rare = (3.0 / lines.max(3) as f32).sqrt();
            (key, rare * (weight(w[0]) + weight(w[1])))
        });
        Words {
            words: self.words(ids),
            pairs: Bag::new(pairs),
            hash,
        }
    }
}

/// Returns a number that is equal for texts of the same letters and digits; 0 where there are none.
pub(super) fn plain_hash(text: &str) -> u64 {
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let mut hash = START;
    let mut gap = false;
    let mut feed = |c: char| hash = (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
    let mut any = false;
    for c in text.chars() {
        if !is_letter(c) {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) && any {
            feed(' ');
        }
        any = true;
        plain(c, &mut feed);
    }
    if any { hash } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_are_one_and_rare_words_weigh_more() {
        let mut vocabulary = Vocabulary::default();
        let first = vocabulary.count("Садовник поливает розы");
        let second = vocabulary.count("садовника не видно у розы");
        assert_eq!(first[0], second[0]);
        assert_eq!(first[2], second[3]);
        for _ in 0..8 {
            vocabulary.count("садовник");
        }
        vocabulary.close();
        let weight = |id: u32| vocabulary.words(&[id]).weight;
        assert!(weight(first[0]) < weight(first[2]) && weight(first[2]) < weight(first[1]));
    }

    #[test]
    fn references_weigh_less_than_words() {
        let mut vocabulary = Vocabulary::default();
        let ids = vocabulary.count("грядка 81");
        vocabulary.count("пруд");
        vocabulary.close();
        let weight = |id: u32| vocabulary.words(&[id]).weight;
        assert!(weight(ids[1]) < weight(ids[0]));
    }

    #[test]
    fn texts_of_the_same_letters_are_the_same() {
        assert_eq!(plain_hash("Ёлка — зелёная;"), plain_hash("ёлка зеленая."));
        assert_ne!(plain_hash("ёлка зелёная"), plain_hash("ёлказелёная"));
        assert_eq!(plain_hash(" — ;"), 0);
    }
}

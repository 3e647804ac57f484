//! The Unigram tokenizer of multilingual-e5, with its normaliser, as the E5S1 file stores it.

use std::collections::HashMap;
use tokenizers::{NormalizedString, Normalizer, normalizers::NFC};

const SPACE: char = '\u{2581}';
/// An unknown character costs this much more than the rarest piece.
const UNKNOWN_PENALTY: f32 = 10.0;

/// Pieces with log-probabilities; the best split of a text is the one of the highest sum.
pub(crate) struct Unigram {
    pieces: HashMap<Box<str>, u32>,
    scores: Vec<f32>,
    longest_bytes: usize,
    unknown_score: f32,
    normal: HashMap<char, Box<str>>,
    pub specials: Specials,
}

/// The tokens that frame a text, and the one for unknown characters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Specials {
    pub bos: u32,
    pub eos: u32,
    pub unknown: u32,
}

impl Unigram {
    /// Builds the tokenizer from its pieces in order of their numbers; `specials` are among them.
    pub(crate) fn new(
        pieces: Vec<(Box<str>, f32)>,
        normal: HashMap<char, Box<str>>,
        specials: Specials,
    ) -> Self {
        let scores: Vec<f32> = pieces.iter().map(|(_, score)| *score).collect();
        let lowest = scores.iter().copied().fold(f32::INFINITY, f32::min);
        let longest_bytes = pieces.iter().map(|(p, _)| p.len()).max().unwrap_or(0);
        let mut numbers = HashMap::with_capacity(pieces.len());
        for (id, (piece, _)) in (0u32..).zip(pieces) {
            if !piece.is_empty() {
                numbers.insert(piece, id);
            }
        }
        Unigram {
            pieces: numbers,
            scores,
            longest_bytes,
            unknown_score: lowest - UNKNOWN_PENALTY,
            normal,
            specials,
        }
    }

    fn normalise(&self, text: &str) -> String {
        let mut composed = NormalizedString::from(text);
        // NFC cannot fail; the trait's signature is for normalisers that can.
        let text = match NFC.normalize(&mut composed) {
            Ok(()) => composed.get(),
            Err(_) => text,
        };
        let mut mapped = String::with_capacity(text.len());
        for c in text.chars() {
            match self.normal.get(&c) {
                Some(replacement) => mapped.push_str(replacement),
                None => mapped.push(c),
            }
        }
        let mut out = String::with_capacity(mapped.len() + SPACE.len_utf8());
        if !mapped.starts_with(' ') {
            out.push(SPACE);
        }
        let mut after_space = false;
        for c in mapped.chars() {
            if !(c == ' ' && after_space) {
                out.push(if c == ' ' { SPACE } else { c });
            }
            after_space = c == ' ';
        }
        out
    }

    /// Returns the tokens of a text without the framing ones. Costs O(n × longest piece).
    pub(crate) fn encode(&self, text: &str) -> Vec<u32> {
        let text = self.normalise(text);
        let starts: Vec<usize> = text
            .char_indices()
            .map(|(i, _)| i)
            .chain([text.len()])
            .collect();
        let n = starts.len() - 1;
        let mut best = vec![f32::NEG_INFINITY; n + 1];
        let mut from = vec![(0usize, self.specials.unknown); n + 1];
        best[0] = 0.0;
        for i in 0..n {
            for e in i + 1..=n {
                if starts[e] - starts[i] > self.longest_bytes {
                    break;
                }
                let Some(&id) = self.pieces.get(&text[starts[i]..starts[e]]) else {
                    continue;
                };
                let score = best[i] + self.scores[id as usize];
                if id != self.specials.unknown && score > best[e] {
                    best[e] = score;
                    from[e] = (i, id);
                }
            }
            let score = best[i] + self.unknown_score;
            if score > best[i + 1] {
                best[i + 1] = score;
                from[i + 1] = (i, self.specials.unknown);
            }
        }
        let mut out = Vec::new();
        let mut at = n;
        while at > 0 {
            let (start, id) = from[at];
            out.push(id);
            at = start;
        }
        out.reverse();
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Unigram {
        let pieces = [
            ("<s>", 0.0),
            ("</s>", 0.0),
            ("<unk>", 0.0),
            ("\u{2581}", -3.0),
            ("а", -4.0),
            ("б", -4.0),
            ("\u{2581}аб", -5.0),
            ("й", -6.0),
        ];
        let pieces = pieces.map(|(p, s)| (p.into(), s)).to_vec();
        Unigram::new(
            pieces,
            HashMap::from([('Б', "б".into()), ('\u{a0}', " ".into())]),
            Specials {
                bos: 0,
                eos: 1,
                unknown: 2,
            },
        )
    }

    #[test]
    fn the_most_probable_split_wins_and_normalisation_comes_first() {
        let unigram = small();
        assert_eq!(unigram.encode("аб"), [6]);
        assert_eq!(unigram.encode("  аБ\u{a0} б"), [6, 3, 5]);
        assert_eq!(unigram.encode("и\u{306}"), [3, 7]);
        assert_eq!(unigram.encode("я"), [3, 2]);
        assert_eq!(unigram.encode(""), [3]);
    }
}

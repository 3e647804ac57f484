//! The texts that a question is searched by.

use crate::law::text::{asked_things, pieces, without_asides};

/// The texts that one question is searched by, each once: the whole, its pieces, and what it asks.
pub struct Plan {
    /// The whole without its asides, the pieces, and what the asked things add.
    pub texts: Vec<String>,
    /// How many pieces there are: they stand right behind the whole.
    pub pieces: usize,
    /// For each search of an asked thing its place among the things, whether the question stands alone, and its text.
    pub things: Vec<(usize, bool, usize)>,
}

impl Plan {
    pub fn of(question: &str) -> Self {
        let matter = without_asides(question);
        let mut texts = vec![matter.clone()];
        for piece in pieces(&matter) {
            place_in(&mut texts, piece);
        }
        let pieces = texts.len() - 1;
        let mut things = Vec::new();
        for (place, asked) in asked_things(&matter).into_iter().enumerate() {
            things.push((place, false, place_in(&mut texts, asked.told)));
            things.push((place, true, place_in(&mut texts, asked.alone)));
        }
        Self {
            texts,
            pieces,
            things,
        }
    }
}

/// The place of a text among the others, where it is added once.
fn place_in(texts: &mut Vec<String>, text: String) -> usize {
    let known = texts.iter().position(|one| *one == text);
    known.unwrap_or_else(|| {
        texts.push(text);
        texts.len() - 1
    })
}

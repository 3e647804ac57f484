//! Compares what a sentence says with the norms it cites: numbers with their units, and who may or must.
//!
//! Only hard facts are compared, so that a true sentence in other words passes.

mod modality;
mod places;
mod quantity;
#[cfg(test)]
mod tests;

use serde::Serialize;

pub use modality::modality_mismatch;
pub use quantity::number_mismatches;

/// A fact of a sentence that its norms do not bear out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Mismatch {
    /// A number or term that the norms do not contain, with its words: «31 календарный день».
    Number(String),
    /// The norms say the opposite of «вправе», «может», «обязан».
    Modality(String),
}

/// Returns every fact of `sentence` that the text of its norms does not bear out. One pass over both texts.
pub fn compare(sentence: &str, norms: &str) -> Vec<Mismatch> {
    let mut out = number_mismatches(sentence, norms);
    out.extend(modality_mismatch(sentence, norms));
    out
}

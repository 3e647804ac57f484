//! Text to token numbers, each as its model was trained.

pub(crate) mod byte_level;
pub(crate) mod spm;
pub(crate) mod unigram;

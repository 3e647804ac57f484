//! What a reader of files hands on: paragraphs, and what it took out of the text.

use super::html::Block;

/// A text laid out in paragraphs.
#[derive(Debug, Default)]
pub struct Laid {
    /// The paragraphs in order of place.
    pub blocks: Vec<Block>,
    /// Everything that was read and is no text of the act.
    pub removed: Vec<Removed>,
}

/// A piece that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Why.
    pub why: RemovedWhy,
    /// The words as they stood.
    pub text: String,
}

/// Why a piece is no text of the act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemovedWhy {
    /// A remark of the publisher.
    EditorsNote,
    /// Headers, footers, page numbers, title pages.
    PageFurniture,
    /// Hidden or deleted text, and signs of the format.
    Markup,
}

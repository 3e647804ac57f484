//! A document before it is laid out.

use super::fault::OfficeFault;
use super::line::Line;
use crate::knowledge::laid::Removed;

/// What a document gives before it is laid out.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub lines: Vec<Line>,
    pub removed: Vec<Removed>,
    /// The texts of headers and footers.
    pub margins: Vec<String>,
    /// Every character, with the numbers that the program generates; paragraphs parted by line ends.
    pub read: String,
}

/// The most paragraphs that are read: the longest code has 17 000.
pub(super) const PARAGRAPH_LIMIT: usize = 500_000;

/// Fails where a part has more paragraphs than the limit.
pub(super) fn check_count(count: usize, part: &str) -> Result<(), OfficeFault> {
    match count <= PARAGRAPH_LIMIT {
        true => Ok(()),
        false => Err(OfficeFault::TooMany {
            part: part.to_owned(),
            what: "абзацев",
            limit: PARAGRAPH_LIMIT,
        }),
    }
}

//! Lines of pages → paragraphs of the text.

mod furniture;
mod join;
mod measure;
mod order;
mod paragraph;

pub(super) use furniture::{PageSize, without_furniture};
pub(super) use join::Vocabulary;
pub(super) use measure::Measures;
pub(super) use order::in_order;
pub(super) use paragraph::{Paragraph, is_note_start, paragraphs};

//! Paragraphs → blocks of an act: headings, notes, signature.

mod compose;
mod count;
mod editor;
mod headings;
mod marks;
mod repair;
mod repealed;

pub(super) use compose::compose;
pub(super) use editor::without_notes;

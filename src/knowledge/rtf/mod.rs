//! RTF: paragraphs of a law. A small reader of ours: groups, charsets of document and fonts, raised indexes, tables as lines;
//! pictures, styles and headers are left out.

mod codepage;
mod page;
mod reader;
mod state;
mod token;

use super::laid::Laid;
use super::plain;
use super::unreadable::Unreadable;
use reader::Reader;
use token::{Token, Tokens};

/// Files larger than this are no acts.
const MOST_BYTES: usize = 64 << 20;
/// Word nests a few dozen groups.
const DEEPEST: usize = 1000;
/// Letters that an act may have; the largest code has a tenth of it.
const MOST_LETTERS: usize = 16 << 20;

/// Returns whether the bytes begin as RTF does.
pub(super) fn is_rtf(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{\\rtf")
}

/// Returns the blocks of an RTF file.
///
/// Fails on files of more than 64 MB, on groups nested deeper than a thousand, and as [`plain::blocks`] does on numbers. One pass
/// over the bytes; the stack of groups is the only thing that grows with nesting.
pub(super) fn blocks(bytes: &[u8]) -> Result<Laid, Unreadable> {
    if bytes.len() > MOST_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let mut reader = Reader::new();
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        if let Token::Word("bin", Some(count)) = token {
            tokens.leave_out(usize::try_from(count).unwrap_or(0));
            continue;
        }
        reader.token(token)?;
    }
    let found = reader.finish();
    let laid = plain::of_paragraphs(found.paragraphs, found.removed)?;
    Ok(Laid {
        read: found.read,
        ..laid
    })
}

#[cfg(test)]
mod tests;

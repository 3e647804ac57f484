//! Office documents: docx and odt → the paragraphs that the portal's HTML gives.

mod document;
mod docx;
mod fault;
mod lay;
mod line;
mod numerals;
mod odt;
mod unzip;
mod xml;

pub use fault::OfficeFault;
pub use unzip::{Member, members};

use super::laid::Laid;
use unzip::Archive;

/// What an office file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Word since 2007.
    Docx,
    /// OpenDocument text.
    Odt,
}

/// Returns whether bytes begin as an office document, a zip archive or an old Word document does.
pub(super) fn is_office(bytes: &[u8]) -> bool {
    is_zip(bytes) || is_old_word(bytes)
}

/// Returns what kind of document the bytes are.
///
/// Fails on anything else: `NotDocument` for another zip archive (see [`members`]), `OldWord` for a doc or a document under a
/// password, `Broken` for a damaged archive. Reads the archive's list of parts only.
pub fn kind(bytes: &[u8]) -> Result<Kind, OfficeFault> {
    if is_old_word(bytes) {
        return Err(OfficeFault::OldWord);
    }
    if !is_zip(bytes) {
        return Err(OfficeFault::NotDocument);
    }
    let mut archive = Archive::open(bytes)?;
    if !archive.names("[Content_Types].xml", "").is_empty()
        && !archive.names("word/", ".xml").is_empty()
    {
        return Ok(Kind::Docx);
    }
    let mime = archive.part("mimetype")?.unwrap_or_default();
    match mime.starts_with(b"application/vnd.oasis.opendocument.text") {
        true => Ok(Kind::Odt),
        false => Err(OfficeFault::NotDocument),
    }
}

/// Returns whether the bytes are a zip archive of files, and no document.
pub fn is_archive(bytes: &[u8]) -> bool {
    is_zip(bytes) && matches!(kind(bytes), Err(OfficeFault::NotDocument))
}

/// Returns the paragraphs of a docx or odt, and what was taken out of the text.
///
/// Fails as [`kind`] does, and on damaged XML, nesting beyond 256 elements, parts over 64 MB or 256 MB in all. Costs a few passes over
/// the document; a code of 10 MB of XML takes about a second.
pub(super) fn blocks(bytes: &[u8]) -> Result<Laid, OfficeFault> {
    let document = match kind(bytes)? {
        Kind::Docx => docx::read(&mut Archive::open(bytes)?)?,
        Kind::Odt => odt::read(&mut Archive::open(bytes)?)?,
    };
    Ok(lay::lay(document))
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The compound file of Microsoft: doc, xls, and docx under a password.
fn is_old_word(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
}

#[cfg(test)]
mod corpus_tests;
#[cfg(test)]
mod damage_tests;
#[cfg(test)]
mod words_tests;

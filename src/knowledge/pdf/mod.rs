//! Law texts in pdf with a text layer.
//!
//! The file is read by our own code within fixed limits; the pages are read glyph by glyph, so that raised indexes, margins and
//! indents can be told; lines become paragraphs, paragraphs become blocks as from the official portal's pages.

mod act;
mod draw;
mod fault;
mod file;
mod font;
mod layout;
mod line;
mod pages;

pub use fault::PdfFault;

use super::laid::{Laid, Removed, RemovedWhy};
use layout::{Measures, PageSize, Vocabulary};
use line::{Line, LineBuilder};

/// A page with fewer letters than this and a picture on it is a scan.
const FEW_GLYPHS: usize = 30;

/// Whether the bytes are a pdf: its sign stands among the first of them.
pub(super) fn is_pdf(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(1024)];
    head.windows(5).any(|window| window == b"%PDF-")
}

/// Returns the paragraphs of a pdf as blocks.
///
/// Fails on a scan, an encrypted or damaged file, fonts that do not name their letters, and a file that passes the limits: 64 MB
/// a stream and 256 MB in all unpacked, 10 000 pages, 16 million glyphs. The Labour Code takes well under a second.
pub(super) fn blocks(bytes: &[u8]) -> Result<Laid, PdfFault> {
    let (lines, sizes) = lines(bytes)?;
    let read = lines.iter().map(|l| l.text.as_str()).collect::<Vec<_>>();
    let read = read.join("\n");
    let (lines, furniture) = layout::without_furniture(lines, &sizes);
    let lines = layout::in_order(lines);
    let measures = Measures::of(&lines, &sizes);
    let (lines, notes) = act::without_notes(lines, &measures);
    let vocabulary = Vocabulary::of(&lines);
    let (paragraphs, hyphens) = layout::paragraphs(&lines, &measures, &vocabulary);
    let mut laid = act::compose(paragraphs);
    laid.read = read;
    let removed = |why: RemovedWhy| {
        move |line: Line| Removed {
            why,
            text: line.text,
        }
    };
    laid.removed.extend(
        furniture
            .into_iter()
            .map(removed(RemovedWhy::PageFurniture)),
    );
    laid.removed
        .extend(notes.into_iter().map(removed(RemovedWhy::EditorsNote)));
    laid.removed.extend((0..hyphens).map(|_| Removed {
        why: RemovedWhy::Markup,
        text: "-".to_owned(),
    }));
    Ok(laid)
}

/// The lines of all pages, and the pages' sizes.
fn lines(bytes: &[u8]) -> Result<(Vec<Line>, Vec<PageSize>), PdfFault> {
    let file = file::File::open(bytes)?;
    let pages = pages::pages(&file)?;
    let mut reader = draw::Reader::new(&file);
    let mut lines = LineBuilder::default();
    let mut sizes = Vec::with_capacity(pages.len());
    let mut images = 0;
    for (number, page) in pages.iter().enumerate() {
        let before = lines.glyphs;
        lines.begin_page(number);
        reader.page(page, &mut lines)?;
        images += usize::from(reader.images > 0 && lines.glyphs - before < FEW_GLYPHS);
        let (width, height) = page.size();
        sizes.push(PageSize {
            width: width as f32,
            height: height as f32,
        });
    }
    // A picture or two among the pages of a text may be a coat of arms or a form.
    if images * 10 > pages.len() || lines.glyphs == 0 {
        return Err(PdfFault::NoTextLayer {
            images,
            pages: pages.len(),
        });
    }
    if lines.unknown * 50 > lines.glyphs {
        return Err(PdfFault::NoLetters {
            unknown: lines.unknown,
            glyphs: lines.glyphs,
        });
    }
    Ok((lines.finish(), sizes))
}

#[cfg(test)]
mod tests;

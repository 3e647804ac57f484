//! The pages of the document, in order.

use std::collections::HashSet;

use super::fault::PdfFault;
use super::file::{Dictionary, File, Object};

/// The most pages that a law text may have.
const MAX_PAGES: usize = 10_000;
/// The most nodes of the page tree.
const MAX_NODES: usize = 40_000;

/// A page and what it inherits.
#[derive(Debug, Clone)]
pub(super) struct Page<'f> {
    pub dictionary: &'f Dictionary,
    pub resources: Option<&'f Dictionary>,
    /// Left, bottom, right, top.
    pub area: [f64; 4],
    /// Quarter turns clockwise.
    pub turns: u8,
}

impl Page<'_> {
    /// How wide and how high the page stands when it is read.
    pub fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.area;
        match self.turns {
            1 | 3 => (top - bottom, right - left),
            _ => (right - left, top - bottom),
        }
    }
}

/// What a node of the tree hands down.
#[derive(Clone)]
struct Inherited<'f> {
    resources: Option<&'f Dictionary>,
    area: [f64; 4],
    turns: u8,
}

/// Returns the pages. Fails on a file without pages, one whose tree runs in a circle or has lost pages, and one with too many.
pub(super) fn pages<'f>(file: &'f File) -> Result<Vec<Page<'f>>, PdfFault> {
    let top = file.root().and_then(|r| r.get(&b"Pages"[..]));
    let Some(top) = top else {
        return Err(PdfFault::damaged("нет списка страниц"));
    };
    let start = Inherited {
        resources: None,
        area: [0.0, 0.0, 595.0, 842.0],
        turns: 0,
    };
    let mut out = Vec::new();
    let mut seen = HashSet::new();
    let mut nodes = 0;
    let mut open = vec![(top, start)];
    while let Some((object, above)) = open.pop() {
        nodes += 1;
        if nodes > MAX_NODES || out.len() > MAX_PAGES {
            return Err(PdfFault::TooLarge {
                what: "больше 10 000 страниц",
            });
        }
        let is_new = match object {
            Object::Reference(number) => seen.insert(*number),
            _ => true,
        };
        if !is_new {
            return Err(PdfFault::damaged("список страниц замкнут в круг"));
        }
        let Some(node) = file.dictionary(object) else {
            return Err(PdfFault::damaged(format!(
                "потеряна страница {}",
                out.len() + 1
            )));
        };
        let own = inherit(file, node, &above);
        match file.get(node, b"Kids").and_then(Object::array) {
            // The last one is taken first.
            Some(kids) => open.extend(kids.iter().rev().map(|k| (k, own.clone()))),
            None => out.push(Page {
                dictionary: node,
                resources: own.resources,
                area: own.area,
                turns: own.turns,
            }),
        }
    }
    let listed = file
        .dictionary(top)
        .and_then(|t| file.get(t, b"Count"))
        .and_then(Object::count);
    if out.is_empty() || listed.is_some_and(|n| n > out.len()) {
        return Err(PdfFault::damaged(format!(
            "страниц {} вместо {}",
            out.len(),
            listed.unwrap_or(1)
        )));
    }
    Ok(out)
}

fn inherit<'f>(file: &'f File, node: &'f Dictionary, above: &Inherited<'f>) -> Inherited<'f> {
    let area = file
        .get(node, b"MediaBox")
        .and_then(Object::array)
        .and_then(|items| {
            let mut sides = items.iter().map(|i| file.resolve(i).number());
            let (a, b) = (sides.next()??, sides.next()??);
            let (c, d) = (sides.next()??, sides.next()??);
            Some([a.min(c), b.min(d), a.max(c), b.max(d)])
        });
    let turns = file
        .get(node, b"Rotate")
        .and_then(Object::number)
        .map(|degrees| ((degrees / 90.0).round() as i64).rem_euclid(4) as u8);
    Inherited {
        resources: file.entry(node, b"Resources").or(above.resources),
        area: area.unwrap_or(above.area),
        turns: turns.unwrap_or(above.turns),
    }
}

/// Returns the drawing commands of a page: all its streams in order. Fails where one is lost or cannot be unpacked.
pub(super) fn commands(file: &File, page: &Page) -> Result<Vec<u8>, PdfFault> {
    let Some(contents) = page.dictionary.get(&b"Contents"[..]) else {
        return Ok(Vec::new());
    };
    match file.resolve(contents) {
        Object::Null if *contents == Object::Null => Ok(Vec::new()),
        Object::Array(pieces) => {
            let mut out = Vec::new();
            for piece in pieces {
                out.extend(file.unpacked(piece)?);
                out.push(b'\n');
            }
            Ok(out)
        }
        _ => file.unpacked(contents),
    }
}

//! Indexes that lost their place above the line: «Статья 3121» between 312 and 313 is article 312.1.

mod numbering;
mod references;

use std::collections::{BTreeMap, BTreeSet};

use super::cue;
use crate::knowledge::html::Block;
use crate::knowledge::laid::{Removed, RemovedWhy};
use crate::knowledge::unreadable::Unreadable;
use numbering::{Doubt, resolve};

/// Puts lost indexes right in the numbers of articles, chapters, parts and points, and in references to the articles; every repair
/// is told in `removed`.
///
/// Fails where the neighbours of an article's number say neither that it is whole nor that it has an index. A few passes.
pub(super) fn repair(blocks: &mut [Block], removed: &mut Vec<Removed>) -> Result<(), Unreadable> {
    let articles = places(blocks, "Статья ", |t| cue::article(t).map(|(n, _)| n));
    let mended = mend(blocks, &articles, removed).map_err(|doubt| Unreadable::Numbering {
        number: doubt.number,
        before: doubt.before,
    })?;
    let chapters = places(blocks, "Глава ", |t| {
        let number = t.split(' ').nth(1)?.trim_end_matches('.');
        cue::division(t).map(|_| number.to_owned())
    });
    // A chapter in doubt keeps its number: nobody cites by it.
    let _ = mend(blocks, &chapters, removed);
    items(blocks, removed);
    if !mended.is_empty() {
        let all = articles.iter().map(|p| p.number.clone());
        let whole = all
            .filter(|n| !mended.contains_key(n))
            .collect::<BTreeSet<_>>();
        references::repair(blocks, &mended, &whole, removed);
    }
    Ok(())
}

/// A number and where it stands.
struct Place {
    block: usize,
    /// Bytes before the number.
    at: usize,
    number: String,
}

fn places(blocks: &[Block], word: &str, number: impl Fn(&str) -> Option<String>) -> Vec<Place> {
    let headed = |b: &Block| matches!(b.class.as_str(), "H" | "T");
    let found = blocks.iter().enumerate().filter(|(_, b)| headed(b));
    found
        .filter(|(_, b)| b.text.to_lowercase().starts_with(&word.to_lowercase()))
        .filter_map(|(block, b)| {
            Some(Place {
                block,
                at: word.len(),
                number: number(&b.text)?,
            })
        })
        .collect()
}

/// Writes the repaired numbers; returns which number became which.
fn mend(
    blocks: &mut [Block],
    places: &[Place],
    removed: &mut Vec<Removed>,
) -> Result<BTreeMap<String, String>, Doubt> {
    let numbers = places.iter().map(|p| p.number.as_str()).collect::<Vec<_>>();
    let mut mended = BTreeMap::new();
    for (place, new) in places.iter().zip(resolve(&numbers)?) {
        let Some(new) = new else { continue };
        let text = &mut blocks[place.block].text;
        let end = place.at + place.number.len();
        if text.get(place.at..end) != Some(place.number.as_str()) {
            continue;
        }
        removed.push(Removed {
            why: RemovedWhy::Repaired,
            text: format!(
                "{}{}: индекс, читается {new}",
                &text[..place.at],
                place.number
            ),
        });
        // A dash before an index becomes a dot.
        let dashes = |n: &str| n.matches('-').count();
        let gone = dashes(&place.number).saturating_sub(dashes(&new));
        removed.extend((0..gone).map(|_| Removed::new(RemovedWhy::Markup, "-")));
        text.replace_range(place.at..end, &new);
        mended.insert(place.number.clone(), new);
    }
    Ok(mended)
}

/// Parts and points, article by article. What stays in doubt keeps its number.
fn items(blocks: &mut [Block], removed: &mut Vec<Removed>) {
    let mut starts = (0..blocks.len())
        .filter(|i| cue::article(&blocks[*i].text).is_some() && blocks[*i].class == "H")
        .collect::<Vec<_>>();
    starts.push(blocks.len());
    for bounds in starts.windows(2) {
        for sign in [')', '.'] {
            let places = (bounds[0]..bounds[1])
                .filter(|i| blocks[*i].class.is_empty())
                .filter_map(|block| {
                    let number = numbered(&blocks[block].text, sign)?;
                    Some(Place {
                        block,
                        at: 0,
                        number,
                    })
                })
                .collect::<Vec<_>>();
            let _ = mend(blocks, &places, removed);
        }
    }
}

/// The number of «7.1) …» or «2-1. …».
fn numbered(text: &str, sign: char) -> Option<String> {
    let (label, _) = cue::label(text)?;
    match sign {
        ')' if cue::point(text) => Some(label.to_owned()),
        '.' if cue::part(text) => label.strip_suffix('.').map(str::to_owned),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(class: &str, text: &str) -> Block {
        Block {
            class: class.to_owned(),
            text: text.to_owned(),
            marks: Vec::new(),
        }
    }

    #[test]
    fn headings_items_and_references_are_put_right() {
        let mut blocks = vec![
            block("H", "Статья 6. Сад"),
            block("", "1) груши;"),
            block("", "2) сливы;"),
            block("", "21) вишни;"),
            block("", "3) прочее по статье 61 настоящего Закона."),
            block("H", "Статья 61. Пруд"),
            block("", "2. Часть."),
            block("", "2-1. Часть."),
            block("H", "Статья 7. Поле"),
        ];
        let mut removed = Vec::new();
        repair(&mut blocks, &mut removed).unwrap();
        let texts = blocks.iter().map(|b| b.text.as_str()).collect::<Vec<_>>();
        assert_eq!(
            texts,
            [
                "Статья 6. Сад",
                "1) груши;",
                "2) сливы;",
                "2.1) вишни;",
                "3) прочее по статье 6.1 настоящего Закона.",
                "Статья 6.1. Пруд",
                "2. Часть.",
                "2.1. Часть.",
                "Статья 7. Поле"
            ]
        );
        let repaired = removed.iter().filter(|r| r.why == RemovedWhy::Repaired);
        assert_eq!(repaired.count(), 4);
    }
}

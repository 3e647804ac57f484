//! References to articles whose index lost its place: «статьи 661 настоящего Кодекса».

use std::collections::{BTreeMap, BTreeSet};

use crate::knowledge::html::Block;
use crate::knowledge::laid::{Removed, RemovedWhy};

/// No paragraph of a law is longer.
const MOST_BYTES: usize = 100_000;

/// Puts right the references whose number is no whole article of the act. A number that is both is only told of. One pass.
pub(super) fn repair(
    blocks: &mut [Block],
    mended: &BTreeMap<String, String>,
    whole: &BTreeSet<String>,
    removed: &mut Vec<Removed>,
) {
    let read = |b: &&mut Block| b.class.is_empty() && b.text.len() <= MOST_BYTES;
    for block in blocks.iter_mut().filter(read) {
        let places = places(&block.text);
        for (from, to) in places.into_iter().rev() {
            let number = block.text[from..to].to_owned();
            let Some(new) = mended.get(&number) else {
                continue;
            };
            let known = whole.contains(&number);
            let word = if known {
                "может быть"
            } else {
                "читается"
            };
            removed.push(Removed {
                why: RemovedWhy::Repaired,
                text: format!("ссылка на статью {number}: индекс, {word} {new}"),
            });
            if !known {
                block.text.replace_range(from..to, new);
            }
        }
    }
}

/// Where the numbers of articles of this act stand: behind «статья», «статьями …», before «настоящего».
fn places(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    for (at, _) in text.match_indices("стать") {
        let Some(space) = text[at..].find(' ') else {
            break;
        };
        let mut from = at + space + 1;
        let mut found = Vec::new();
        loop {
            let rest = &text[from..];
            let word = rest.split(' ').next().unwrap_or_default();
            let digits = word.trim_end_matches([',', ';', ')']);
            if !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit()) {
                found.push((from, from + digits.len()));
            } else if !matches!(word, "и" | "или" | "-" | "–") {
                if word.starts_with("настоящ") {
                    out.append(&mut found);
                }
                break;
            }
            from += word.len() + 1;
            if from > text.len() {
                break;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_numbers_are_found() {
        let text = "по статьям 22, 221 и 222 настоящего Закона и статье 661 другого закона";
        let found = places(text).into_iter().map(|(a, b)| &text[a..b]);
        assert_eq!(found.collect::<Vec<_>>(), ["22", "221", "222"]);
        assert!(places("статья").is_empty() && places("статье 5").is_empty());
    }
}

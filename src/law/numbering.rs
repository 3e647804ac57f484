//! How the norms of one edition are numbered: how many of each kind, what is missing between them, what stands twice.

use super::citation::{Citation, cyrillic_letter};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Letters of subpoints in their order.
const LETTERS: &str = "абвгдежзиклмнопрстуфхцчшщэюя";
/// The most numbers that one gap names; beyond that something else is wrong.
const MOST_MISSING: usize = 50;

/// The norms of an edition counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Numbering {
    pub articles: usize,
    pub parts: usize,
    pub points: usize,
    pub subpoints: usize,
    pub paragraphs: usize,
    /// Numbers that are missing inside an article.
    pub gaps_inside: Vec<Gap>,
    /// Labels that stand more than once, `tk:81:1`.
    pub duplicates: Vec<String>,
}

/// Numbers missing between the first and the last at one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// What they are missing in, `tk:81:1`.
    pub norm: String,
    /// `part`, `point` or `subpoint`.
    pub kind: &'static str,
    /// «4», «б».
    pub missing: Vec<String>,
}

/// Counts the norms of an edition, given with their kinds (`article`, `part` …) in the order of the text.
///
/// Inserted norms («7.1») count with the number that they follow. Labels that cannot be read are passed over. One pass.
pub fn numbering<'a>(norms: impl IntoIterator<Item = (&'a str, &'a str)>) -> Numbering {
    let mut found = Numbering::default();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut lists: BTreeMap<(usize, &'static str), (String, BTreeSet<usize>)> = BTreeMap::new();
    let mut order: HashMap<String, usize> = HashMap::new();
    for (kind, label) in norms {
        let times = seen.entry(label).or_default();
        *times += 1;
        if *times == 2 {
            found.duplicates.push(label.to_owned());
        }
        let kind = match kind {
            "article" => {
                found.articles += 1;
                continue;
            }
            "part" => ("part", &mut found.parts),
            "point" => ("point", &mut found.points),
            "subpoint" => ("subpoint", &mut found.subpoints),
            "paragraph" => {
                found.paragraphs += 1;
                continue;
            }
            _ => continue,
        };
        *kind.1 += 1;
        let Ok(citation) = label.parse::<Citation>() else {
            continue;
        };
        let (Some(above), Some(number)) = (citation.parent(), place(&citation, kind.0)) else {
            continue;
        };
        let above = above.to_string();
        let next = order.len();
        let at = *order.entry(above.clone()).or_insert(next);
        let list = lists
            .entry((at, kind.0))
            .or_insert((above, BTreeSet::new()));
        list.1.insert(number);
    }
    for ((_, kind), (norm, numbers)) in lists {
        let missing = missing(&numbers, kind);
        if !missing.is_empty() {
            found.gaps_inside.push(Gap {
                norm,
                kind,
                missing,
            });
        }
    }
    found
}

/// The number by which a norm is counted, from 1.
fn place(citation: &Citation, kind: &str) -> Option<usize> {
    let label = match kind {
        "part" => citation.part.as_deref(),
        "point" => citation.point.as_deref(),
        _ => citation.subpoint.as_deref(),
    }?;
    let whole = label.split(['.', '-']).next()?;
    whole.parse().ok().or_else(|| {
        let letter = cyrillic_letter(label)?;
        LETTERS.chars().position(|c| c == letter).map(|at| at + 1)
    })
}

fn missing(numbers: &BTreeSet<usize>, kind: &str) -> Vec<String> {
    let last = numbers.last().copied().unwrap_or(0);
    let name = |n: usize| match LETTERS.chars().nth(n - 1) {
        Some(letter) if kind == "subpoint" => letter.to_string(),
        _ => n.to_string(),
    };
    let gone = (1..last).filter(|n| !numbers.contains(n));
    gone.map(name).take(MOST_MISSING).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_and_doubles_are_told_by_place() {
        let norms = [
            ("article", "tk:1"),
            ("part", "tk:1:1"),
            ("point", "tk:1:1:1"),
            ("point", "tk:1:1:3"),
            ("subpoint", "tk:1:1:3:a"),
            ("subpoint", "tk:1:1:3:v"),
            ("point", "tk:1:1:3.1"),
            ("part", "tk:1:2"),
            ("part", "tk:1:2"),
            ("paragraph", "tk:1:2:p2"),
            ("section", "?"),
        ];
        let found = numbering(norms);
        let counts = (found.articles, found.parts, found.points, found.subpoints);
        assert_eq!(counts, (1, 3, 3, 2));
        assert_eq!(found.paragraphs, 1);
        assert_eq!(found.duplicates, ["tk:1:2"]);
        let gaps = found.gaps_inside.iter();
        let gaps = gaps.map(|g| (g.norm.as_str(), g.kind, g.missing.join(",")));
        assert_eq!(
            gaps.collect::<Vec<_>>(),
            [
                ("tk:1:1", "point", "2".to_owned()),
                ("tk:1:1:3", "subpoint", "б".to_owned())
            ]
        );
    }
}

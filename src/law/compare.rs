//! What changed between two editions of an act, provision by provision.

use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};
use std::collections::{BTreeMap, HashMap};

/// A provision as one edition has it.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// The key that stays the same through all editions.
    pub provision: &'a str,
    /// `tk:81:1:6:v`.
    pub citation: &'a str,
    /// Characters of the edition's text, `[start, end)`; an outer provision spans the inner ones.
    pub start: i64,
    pub end: i64,
    pub text: &'a str,
    pub repealed: bool,
}

/// A run of words of one provision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Run {
    pub mark: Mark,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    Kept,
    Added,
    Removed,
}

/// A provision that reads otherwise, came, went or bears another label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    pub provision: String,
    /// Its label in the old and in the new edition.
    pub old_norm: Option<String>,
    pub new_norm: Option<String>,
    pub old: Option<String>,
    pub new: Option<String>,
    pub added: Vec<String>,
    pub removed: Vec<String>,
    #[serde(skip)]
    pub runs: Vec<Run>,
}

/// All that changed, in the order of the new edition; what was repealed in the order of the old one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Comparison {
    pub changed: Vec<Change>,
    pub inserted: Vec<Change>,
    pub repealed: Vec<Change>,
    /// The same words under another label; one that was reworded too stands in `changed`.
    pub moved: Vec<Change>,
}

/// Compares two editions, each in the order of its text, outer provisions before inner ones.
///
/// Only a provision's own words count, without those of the provisions inside it, so that one changed point is one
/// change. Two whole codes take well under a second.
pub fn compare(old: &[Side<'_>], new: &[Side<'_>]) -> Comparison {
    let (old_own, new_own) = (own_texts(old), own_texts(new));
    let before: HashMap<&str, usize> = old
        .iter()
        .enumerate()
        .map(|(at, side)| (side.provision, at))
        .collect();
    let after: HashMap<&str, usize> = new
        .iter()
        .enumerate()
        .map(|(at, side)| (side.provision, at))
        .collect();
    let labelled: HashMap<&str, usize> = old
        .iter()
        .enumerate()
        .map(|(at, side)| (side.citation, at))
        .collect();
    let mut found = Comparison::default();
    for (at, side) in new.iter().enumerate() {
        let Some(was) = before.get(side.provision).copied() else {
            let came = change(None, Some((side, &new_own[at])));
            if side.repealed {
                // Came and went between the two editions, or its words live on elsewhere.
                found.repealed.push(came);
            } else if !new_own[at].is_empty() {
                found.inserted.push(came);
            }
            continue;
        };
        let (from, to) = ((&old[was], &old_own[was]), (side, &new_own[at]));
        let gone = to.1.is_empty() && !from.1.is_empty();
        if gone || (side.repealed && !old[was].repealed) {
            found.repealed.push(change(Some(from), Some(to)));
        } else if !reads_the_same(from.1, to.1) {
            found.changed.push(change(Some(from), Some(to)));
        } else if old[was].citation != side.citation
            && !moved_with_outer(&old[was], side, |outer| {
                let here = *labelled.get(outer)?;
                let there = *after.get(old[here].provision)?;
                Some(new[there].citation)
            })
        {
            found.moved.push(change(Some(from), Some(to)));
        }
    }
    for (at, side) in old.iter().enumerate() {
        if !after.contains_key(side.provision) && !old_own[at].is_empty() {
            found
                .repealed
                .push(change(Some((side, &old_own[at])), None));
        }
    }
    found
}

/// Whether a provision bears another label only because the one around it does, which is told there.
///
/// `renamed` returns what an outer label of the old edition became.
fn moved_with_outer<'a>(
    was: &Side<'_>,
    is: &Side<'_>,
    renamed: impl Fn(&str) -> Option<&'a str>,
) -> bool {
    let split = |side: &Side<'_>| {
        let (outer, last) = side.citation.rsplit_once(':')?;
        Some((outer.to_owned(), last.to_owned()))
    };
    let (Some((outer_was, last_was)), Some((outer_is, last_is))) = (split(was), split(is)) else {
        return false;
    };
    last_was == last_is && renamed(&outer_was).is_some_and(|outer| outer == outer_is)
}

/// The words of each provision that belong to no inner one.
fn own_texts(sides: &[Side<'_>]) -> Vec<String> {
    let mut own: Vec<String> = Vec::with_capacity(sides.len());
    for (at, side) in sides.iter().enumerate() {
        let inner = sides[at + 1..]
            .iter()
            .take_while(|next| next.start < side.end && next.end <= side.end)
            .find(|next| next.start < next.end);
        let kept = match inner {
            Some(inner) => usize::try_from(inner.start - side.start).unwrap_or(0),
            None => usize::MAX,
        };
        own.push(
            side.text
                .chars()
                .take(kept)
                .collect::<String>()
                .trim()
                .to_owned(),
        );
    }
    own
}

fn change(old: Option<(&Side<'_>, &String)>, new: Option<(&Side<'_>, &String)>) -> Change {
    let text = |side: Option<(&Side<'_>, &String)>| side.map(|(_, own)| own.clone());
    let norm = |side: Option<(&Side<'_>, &String)>| side.map(|(side, _)| side.citation.to_owned());
    let runs = runs(
        old.map_or("", |(_, own)| own.as_str()),
        new.map_or("", |(_, own)| own.as_str()),
    );
    let marked = |mark| {
        let of_mark = runs.iter().filter(|run| run.mark == mark);
        of_mark.map(|run| run.text.clone()).collect()
    };
    Change {
        provision: new
            .or(old)
            .map_or(String::new(), |(side, _)| side.provision.to_owned()),
        old_norm: norm(old),
        new_norm: norm(new),
        old: text(old),
        new: text(new),
        added: marked(Mark::Added),
        removed: marked(Mark::Removed),
        runs,
    }
}

/// Both texts word by word, as runs: what was taken out stands before what came in its place.
pub fn runs(old: &str, new: &str) -> Vec<Run> {
    let before: Vec<&str> = old.split_whitespace().collect();
    let after: Vec<&str> = new.split_whitespace().collect();
    let mut runs = Vec::new();
    for step in capture_diff_slices(Algorithm::Patience, &before, &after) {
        let (tag, from, to) = step.as_tag_tuple();
        let mut add = |mark, words: &[&str]| {
            if !words.is_empty() {
                runs.push(Run {
                    mark,
                    text: words.join(" "),
                });
            }
        };
        match tag {
            DiffTag::Equal => add(Mark::Kept, &before[from]),
            DiffTag::Delete | DiffTag::Insert | DiffTag::Replace => {
                add(Mark::Removed, &before[from]);
                add(Mark::Added, &after[to]);
            }
        }
    }
    runs
}

/// Whether two texts say the same words: copies of one text differ in dashes, quotes and spaces without any change of
/// the law.
pub fn reads_the_same(one: &str, other: &str) -> bool {
    one == other || plain(one) == plain(other)
}

/// A text with one form of dashes, quotes and spaces.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().map(|c| match c {
            '–' | '—' | '−' | '‑' => '-',
            '«' | '»' | '„' | '“' | '”' => '"',
            'ё' => 'е',
            'Ё' => 'Е',
            '№' => 'N',
            other => other,
        }));
    }
    out
}

/// How many provisions each article changed in, by `tk:81`: for a table of contents of a comparison.
pub fn per_article(comparison: &Comparison) -> BTreeMap<String, usize> {
    let lists = [
        &comparison.changed,
        &comparison.inserted,
        &comparison.repealed,
        &comparison.moved,
    ];
    let mut counts = BTreeMap::new();
    for change in lists.into_iter().flatten() {
        let norm = change.new_norm.as_ref().or(change.old_norm.as_ref());
        let article = norm.map(|norm| norm.split(':').take(2).collect::<Vec<_>>().join(":"));
        *counts.entry(article.unwrap_or_default()).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side<'a>(provision: &'a str, citation: &'a str, start: i64, text: &'a str) -> Side<'a> {
        Side {
            provision,
            citation,
            start,
            end: start + i64::try_from(text.chars().count()).unwrap(),
            text,
            repealed: false,
        }
    }

    #[test]
    fn one_changed_point_is_one_change_and_its_words_are_told() {
        let old = [
            side("a", "tk:1:1", 0, "Можно:\n1) ходить;\n2) петь"),
            side("b", "tk:1:1:1", 7, "1) ходить;"),
            side("c", "tk:1:1:2", 18, "2) петь"),
        ];
        let new = [
            side("a", "tk:1:1", 0, "Можно:\n1) ходить;\n2) петь тихо"),
            side("b", "tk:1:1:1", 7, "1) ходить;"),
            side("c", "tk:1:1:2", 18, "2) петь тихо"),
        ];
        let found = compare(&old, &new);
        assert_eq!(found.changed.len(), 1);
        assert_eq!(found.changed[0].provision, "c");
        assert_eq!(found.changed[0].added, ["тихо"]);
        assert!(found.inserted.is_empty() && found.repealed.is_empty() && found.moved.is_empty());
    }

    #[test]
    fn what_came_went_and_moved_is_told_apart() {
        let old = [
            side("a", "tk:1:1", 0, "Первая часть."),
            side("b", "tk:1:2", 14, "Вторая часть."),
        ];
        let new = [
            side("c", "tk:1:1", 0, "Новая часть."),
            side("a", "tk:1:2", 13, "Первая  часть."),
        ];
        let found = compare(&old, &new);
        assert_eq!(found.inserted[0].new_norm.as_deref(), Some("tk:1:1"));
        assert_eq!(found.moved[0].old_norm.as_deref(), Some("tk:1:1"));
        assert_eq!(found.moved[0].new_norm.as_deref(), Some("tk:1:2"));
        assert_eq!(found.repealed[0].provision, "b");
        assert!(found.changed.is_empty());
    }

    #[test]
    fn what_moves_with_its_outer_norm_is_told_once_and_what_leaves_it_by_itself() {
        let old = [
            side("a", "tk:1:1", 0, "Можно:\n1) ходить;\n2) петь"),
            side("b", "tk:1:1:1", 7, "1) ходить;"),
            side("c", "tk:1:1:2", 18, "2) петь"),
        ];
        let new = [
            side("a", "tk:1:2", 0, "Можно:\n1) ходить;"),
            side("b", "tk:1:2:1", 7, "1) ходить;"),
            side("d", "tk:1:3", 18, "Нельзя:\n2) петь"),
            side("c", "tk:1:3:2", 26, "2) петь"),
        ];
        let found = compare(&old, &new);
        let moved: Vec<_> = found
            .moved
            .iter()
            .map(|one| (one.old_norm.as_deref(), one.new_norm.as_deref()))
            .collect();
        assert_eq!(
            moved,
            [
                (Some("tk:1:1"), Some("tk:1:2")),
                (Some("tk:1:1:2"), Some("tk:1:3:2"))
            ]
        );
        assert!(found.changed.is_empty() && found.repealed.is_empty());
    }

    #[test]
    fn a_norm_that_came_and_went_between_two_editions_is_told() {
        let old = [side("a", "tk:1:1", 0, "Первая часть.")];
        let gone = Side {
            repealed: true,
            ..side("b", "tk:1:1", 0, "")
        };
        let new = [gone, side("a", "tk:2:1", 0, "Первая часть.")];
        let found = compare(&old, &new);
        assert_eq!(found.repealed.len(), 1);
        assert_eq!(found.repealed[0].new_norm.as_deref(), Some("tk:1:1"));
        assert_eq!(found.moved[0].new_norm.as_deref(), Some("tk:2:1"));
        assert!(found.inserted.is_empty());
    }

    #[test]
    fn other_dashes_and_quotes_are_no_change() {
        let old = [side("a", "tk:1:1", 0, "Совет — «дело» № 5")];
        let new = [side("a", "tk:1:1", 0, "Совет - \"дело\" N 5")];
        assert_eq!(compare(&old, &new), Comparison::default());
    }
}

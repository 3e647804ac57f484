//! Who bears which key: a provision keeps its key through all editions, and stands once in each.

use crate::law::align::{Link, Relation};
use std::collections::{HashMap, HashSet};

/// Makes keys, and remembers which it made.
#[derive(Default)]
pub(in crate::store) struct Mint {
    made: HashSet<String>,
}

impl Mint {
    pub fn fresh(&mut self) -> String {
        let key = uuid::Uuid::now_v7().to_string();
        self.made.insert(key.clone());
        key
    }

    pub fn made(&self, key: &str) -> bool {
        self.made.contains(key)
    }
}

/// A neighbouring edition: how the new one and it go together, and its keys.
#[derive(Clone, Copy)]
pub(in crate::store) struct Beside<'a> {
    pub links: &'a [Link],
    pub keys: &'a [String],
}

/// What a person decided: these two are one provision, or one of them goes with nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Pair {
    pub older: Option<String>,
    pub newer: Option<String>,
}

/// The norms that a link makes one provision, older first. Pieces of a divided norm get keys of their own.
pub(in crate::store) fn joined(link: &Link) -> Option<(usize, usize)> {
    match (link.old.first(), link.new) {
        (Some(old), Some(new)) if link.relation != Relation::Split => Some((*old, new)),
        _ => None,
    }
}

/// Keys of a new edition of `count` norms: from the edition before it, else from another copy of the same day, else from
/// the edition after it, else fresh ones.
pub(in crate::store) fn of_new(
    count: usize,
    before: Option<Beside<'_>>,
    copy: Option<Beside<'_>>,
    after: Option<Beside<'_>>,
    mint: &mut Mint,
) -> Vec<String> {
    let mut keys: Vec<Option<String>> = vec![None; count];
    let mut used: HashSet<&str> = HashSet::new();
    let pairs = |beside: Beside<'_>| beside.links.iter().filter_map(joined).collect::<Vec<_>>();
    for beside in [before, copy].into_iter().flatten() {
        for (old, new) in pairs(beside) {
            if keys[new].is_none() && used.insert(&beside.keys[old]) {
                keys[new] = Some(beside.keys[old].clone());
            }
        }
    }
    if let Some(beside) = after {
        for (new, later) in pairs(beside) {
            if keys[new].is_none() && used.insert(&beside.keys[later]) {
                keys[new] = Some(beside.keys[later].clone());
            }
        }
    }
    keys.into_iter()
        .map(|key| key.unwrap_or_else(|| mint.fresh()))
        .collect()
}

/// Keys of the edition after a new one: those of the norms that it continues; what continues none keeps its own key, or
/// gets a fresh one where the new edition gives that key to another norm.
pub(in crate::store) fn of_after(
    new: &[String],
    after: Beside<'_>,
    mint: &mut Mint,
) -> Vec<String> {
    let mut keys: Vec<Option<String>> = vec![None; after.keys.len()];
    for (from, to) in after.links.iter().filter_map(joined) {
        keys[to] = Some(new[from].clone());
    }
    let taken: HashSet<&str> = new.iter().map(String::as_str).collect();
    keys.into_iter()
        .zip(after.keys)
        .map(|(key, own)| match key {
            Some(key) => key,
            None if taken.contains(own.as_str()) => mint.fresh(),
            None => own.clone(),
        })
        .collect()
}

/// Gives the norms of the newer edition the keys that were decided; who bore such a key before gets a fresh one.
///
/// A decision about a norm that one of the editions does not have says nothing.
pub(in crate::store) fn enforce(
    pairs: &[Pair],
    older: (&[String], &[String]),
    newer: (&[String], &mut [String]),
    mint: &mut Mint,
) {
    let (older_labels, older_keys) = (places(older.0), older.1);
    let (newer_labels, keys) = (places(newer.0), newer.1);
    for pair in pairs {
        let old = pair.older.as_deref().map(|label| older_labels.get(label));
        let new = pair.newer.as_deref().map(|label| newer_labels.get(label));
        match (old, new) {
            (Some(Some(old)), Some(Some(new))) => {
                let key = &older_keys[*old];
                match keys.iter().position(|one| one == key) {
                    Some(other) if other == *new => continue,
                    Some(other) => keys[other] = mint.fresh(),
                    None => {}
                }
                keys[*new] = key.clone();
            }
            (None, Some(Some(new))) if older_keys.contains(&keys[*new]) => {
                keys[*new] = mint.fresh();
            }
            (Some(Some(old)), None) => {
                if let Some(other) = keys.iter().position(|key| *key == older_keys[*old]) {
                    keys[other] = mint.fresh();
                }
            }
            _ => {}
        }
    }
}

fn places(labels: &[String]) -> HashMap<&str, usize> {
    let labels = labels.iter().enumerate();
    labels.map(|(at, label)| (label.as_str(), at)).collect()
}

/// Which keys became which, from the keys of an edition before and after.
pub(in crate::store) fn changes(before: &[String], after: &[String]) -> Vec<(String, String)> {
    let both = before.iter().zip(after);
    both.filter(|(old, new)| old != new)
        .map(|(old, new)| (old.clone(), new.clone()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::align::Basis;

    fn link(old: &[usize], new: usize, relation: Relation) -> Link {
        Link {
            new: Some(new),
            old: old.to_vec(),
            relation,
            margin: 1.0,
            basis: Basis::Likeness,
            review: None,
            rivals: Vec::new(),
        }
    }

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn the_main_piece_takes_the_key_and_the_others_get_fresh_ones() {
        let mut mint = Mint::default();
        let links = [
            link(&[0], 0, Relation::Edited),
            link(&[0], 1, Relation::Split),
            link(&[1, 2], 2, Relation::Merged),
        ];
        let keys = strings(&["a", "b", "c"]);
        let before = Beside {
            links: &links,
            keys: &keys,
        };
        let found = of_new(4, Some(before), None, None, &mut mint);
        assert_eq!((found[0].as_str(), found[2].as_str()), ("a", "b"));
        assert!(mint.made(&found[1]) && mint.made(&found[3]) && !mint.made("a"));
    }

    #[test]
    fn an_edition_between_two_joins_what_the_outer_ones_could_not_tell() {
        let mut mint = Mint::default();
        // Between `a` and `x` nobody saw a likeness; the new edition shows it.
        let (first, last) = (strings(&["a", "b"]), strings(&["x", "b", "y"]));
        let to_new = [
            link(&[0], 0, Relation::Edited),
            link(&[1], 1, Relation::Same),
        ];
        let from_new = [
            link(&[0], 0, Relation::Edited),
            link(&[2], 2, Relation::Same),
        ];
        let before = Beside {
            links: &to_new,
            keys: &first,
        };
        let after = Beside {
            links: &from_new,
            keys: &last,
        };
        let new = of_new(3, Some(before), None, Some(after), &mut mint);
        assert_eq!(new, ["a", "b", "y"]);
        let later = of_after(&new, after, &mut mint);
        // The last edition's `b` continues nothing that stands between: it is another norm.
        assert_eq!((later[0].as_str(), later[2].as_str()), ("a", "y"));
        assert!(mint.made(&later[1]));
        assert_eq!(changes(&last, &later).len(), 2);
    }

    #[test]
    fn what_was_decided_holds_and_no_key_stands_twice() {
        let mut mint = Mint::default();
        let (labels, old) = (strings(&["1", "2", "3"]), strings(&["a", "b", "c"]));
        let mut keys = strings(&["a", "b", "z"]);
        let pair = |older: Option<&str>, newer: Option<&str>| Pair {
            older: older.map(str::to_owned),
            newer: newer.map(str::to_owned),
        };
        let decided = [
            pair(Some("1"), Some("2")),
            pair(None, Some("2#2")),
            pair(Some("3"), None),
        ];
        enforce(&decided, (&labels, &old), (&labels, &mut keys), &mut mint);
        assert!(mint.made(&keys[0]));
        assert_eq!(keys[1..], ["a", "z"]);
        let again = keys.clone();
        enforce(&decided, (&labels, &old), (&labels, &mut keys), &mut mint);
        assert_eq!(keys[1..], again[1..]);
        enforce(
            &[pair(None, Some("2"))],
            (&labels, &old),
            (&labels, &mut keys),
            &mut mint,
        );
        assert!(mint.made(&keys[1]));
    }
}

//! Empty nodes: where a text ended and only a note is left in its place.

use super::edition::Edition;
use super::links::Links;

/// An old text that goes on as an empty node of the new edition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ended {
    pub old: usize,
    pub new: usize,
    /// Whether label and neighbours leave no doubt.
    pub clear: bool,
}

/// Returns the old texts without a partner whose place in the new edition is empty. One pass over the new nodes.
pub(super) fn ended(old: &Edition, new: &Edition, links: &Links) -> Vec<Ended> {
    let mut out: Vec<Ended> = Vec::new();
    let mut used = vec![false; old.entries.len()];
    for n in
        (0..new.entries.len()).filter(|n| new.entries[*n].is_empty() && links.of_new[*n].is_none())
    {
        let open =
            |o: &usize| links.of_old[*o].is_none() && !old.entries[*o].is_empty() && !used[*o];
        let gap = between(old, new, links, n);
        let labelled = old
            .by_citation
            .get(new.nodes[n].citation)
            .copied()
            .filter(open);
        let placed = gap.iter().copied().filter(open).collect::<Vec<_>>();
        let found = match (labelled, placed.first()) {
            (Some(o), _) => Some((o, placed.is_empty() || placed.contains(&o))),
            (None, Some(o)) => Some((*o, placed.len() == 1)),
            (None, None) => None,
        };
        if let Some((o, clear)) = found {
            used[o] = true;
            out.push(Ended {
                old: o,
                new: n,
                clear,
            });
        }
    }
    out
}

/// The old nodes between the partners of the neighbours of a new node.
fn between<'a>(old: &'a Edition, new: &Edition, links: &Links, n: usize) -> &'a [usize] {
    let entry = &new.entries[n];
    let above = match entry.parent {
        _ if entry.is_article() => return &[],
        Some(q) if links.of_new[q].is_none() => return &[],
        Some(q) => links.of_new[q],
        None => None,
    };
    let (news, olds) = (new.family(entry.parent), old.family(above));
    let partner = |i: &usize| links.of_new[*i].filter(|o| old.entries[*o].parent == above);
    let before = news[..entry.place].iter().rev().find_map(partner);
    let after = news[entry.place + 1..].iter().find_map(partner);
    let from = before.map_or(0, |o| old.entries[o].place + 1);
    let to = after.map_or(olds.len(), |o| old.entries[o].place);
    olds.get(from..to).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::super::editions;
    use super::super::tests::{BIRDS, FROGS, PRUNE, WATER, node};
    use super::*;

    #[test]
    fn an_empty_place_is_told_by_its_neighbours_where_labels_moved() {
        let old = [
            node("tk:1", "Сад"),
            node("tk:1:1", WATER),
            node("tk:1:2", PRUNE),
            node("tk:1:3", BIRDS),
        ];
        let new = [
            node("tk:1", "Сад"),
            node("tk:1:1", FROGS),
            node("tk:1:2", WATER),
            node("tk:1:3", ""),
            node("tk:1:4", BIRDS),
        ];
        let (old, new) = editions(&old, &new);
        let mut links = Links::none(&old, &new);
        for (o, n) in [(0, 0), (1, 2), (3, 4)] {
            links.join(o, n);
        }
        let found = ended(&old, &new, &links);
        assert_eq!(
            found,
            [Ended {
                old: 2,
                new: 3,
                clear: true
            }]
        );
    }
}

//! Links of one round, in both directions.

use super::edition::Edition;

/// Which nodes are linked with which.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Links {
    /// The old node of each new one.
    pub of_new: Vec<Option<usize>>,
    /// The new node of each old one.
    pub of_old: Vec<Option<usize>>,
}

impl Links {
    /// Returns no links.
    pub fn none(old: &Edition, new: &Edition) -> Links {
        Links {
            of_new: vec![None; new.entries.len()],
            of_old: vec![None; old.entries.len()],
        }
    }

    /// Links two nodes.
    pub fn join(&mut self, old: usize, new: usize) {
        self.of_new[new] = Some(old);
        self.of_old[old] = Some(new);
    }

    /// Returns whether the two are linked.
    pub fn has(&self, old: usize, new: usize) -> bool {
        self.of_new[new] == Some(old)
    }

    /// Returns all links, old node first.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let of_new = self.of_new.iter().enumerate();
        of_new.filter_map(|(new, old)| Some(((*old)?, new)))
    }
}

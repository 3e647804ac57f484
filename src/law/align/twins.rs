//! Nodes without a link that could stand where a linked one does.

use super::margin::Margins;

impl Margins<'_> {
    /// Returns whether a node without a link is as like one of the two as they are like each other, and their articles' numbers do
    /// not tell it apart: then the surroundings that speak for the link may follow from it.
    pub fn has_twin(&self, old: usize, new: usize) -> bool {
        let strength = |i: &usize| self.solution.pairs[*i].likeness.strength();
        let mut all = self.of_new[new].iter();
        let Some(mine) = all.find(|i| self.solution.pairs[**i].old == old) else {
            return false;
        };
        if self.solution.figures[*mine].article > 0.0 || self.solution.pairs[*mine].likeness.empty {
            return false;
        }
        let free = |i: &&usize| {
            let pair = &self.solution.pairs[**i];
            self.links.of_old[pair.old].is_none() && pair.old != old
                || self.links.of_new[pair.new].is_none() && pair.new != new
        };
        let others = self.of_new[new].iter().chain(&self.of_old[old]);
        let like = |i: &usize| strength(i) > strength(mine) - 0.02;
        others.filter(free).any(like)
    }

    /// Returns the old node without a link that has the label of a new one without a link.
    pub fn same_label(&self, new: usize) -> Option<usize> {
        let fits = |i: &&usize| {
            let figures = &self.solution.figures[**i];
            let free = self.links.of_old[self.solution.pairs[**i].old].is_none();
            free && figures.label > 0.0
        };
        let found = self.of_new[new].iter().find(fits)?;
        Some(self.solution.pairs[*found].old)
    }
}

#[cfg(test)]
mod tests {
    use super::super::editions;
    use super::super::solve::solve;
    use super::super::tests::{BIRDS, FROGS, node};
    use super::*;

    #[test]
    fn of_twins_in_two_articles_none_is_clear() {
        let old = [
            node("tk:5", "Пруд"),
            node("tk:5:1", FROGS),
            node("tk:6", "Лес"),
            node("tk:6:1", FROGS),
        ];
        let new = [
            node("tk:7", "Поле"),
            node("tk:7:1", FROGS),
            node("tk:7:2", BIRDS),
        ];
        let (old, new) = editions(&old, &new);
        let solution = solve(&old, &new);
        let margins = Margins::new(&solution);
        let taken = solution.links.of_new[1].unwrap();
        assert!(margins.has_twin(taken, 1));
        assert!(margins.same_label(2).is_none());
    }
}

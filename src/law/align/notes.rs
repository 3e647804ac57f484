//! What amendment notes of the new edition say about a node, as far as they are newer than the old edition.

use jiff::civil::Date;

use super::node::Node;

/// Fresh notes: those of laws later than every note of the old edition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Notes {
    horizon: Option<Date>,
}

/// An edition with fewer notes than this does not tell its age.
const ENOUGH: usize = 20;

impl Notes {
    /// Returns the reader of fresh notes; without notes in the old edition none is known to be fresh.
    pub fn new(old: &[Node]) -> Notes {
        let dates = old.iter().flat_map(|n| &n.notes).map(|n| n.date);
        let count = dates.clone().count();
        Notes {
            horizon: dates.max().filter(|_| count >= ENOUGH),
        }
    }

    /// Returns whether a fresh note says that the node was added.
    pub fn added(&self, node: &Node) -> bool {
        self.fresh(node, "дополнен")
    }

    /// Returns whether a fresh note says that the node was reworded.
    pub fn reworded(&self, node: &Node) -> bool {
        self.fresh(node, "редакци")
    }

    /// Returns whether a note says that the node is no longer in force, however old the note is.
    pub fn repealed(&self, node: &Node) -> bool {
        let says = |what: &str| what.contains("утратил") || what.contains("исключен");
        node.notes.iter().any(|n| says(&n.what.to_lowercase()))
    }

    fn fresh(&self, node: &Node, word: &str) -> bool {
        let Some(horizon) = self.horizon else {
            return false;
        };
        node.notes
            .iter()
            .any(|n| n.date > horizon && n.what.to_lowercase().contains(word))
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::{Kind, Note};
    use super::*;

    fn node(notes: Vec<Note<'static>>) -> Node<'static> {
        Node {
            citation: "tk:1:1",
            kind: Kind::Part,
            title: None,
            text: "Сад.",
            repealed: false,
            notes,
        }
    }

    #[test]
    fn only_later_laws_are_fresh() {
        let note = |year, what| Note {
            date: Date::constant(year, 5, 1),
            law: "1-ФЗ",
            what,
        };
        let old = vec![node(vec![note(2010, "В редакции"); ENOUGH])];
        let notes = Notes::new(&old);
        assert!(notes.added(&node(vec![note(2011, "Дополнение частью")])));
        assert!(!notes.added(&node(vec![note(2010, "Дополнение частью")])));
        assert!(!notes.added(&node(vec![note(2011, "В редакции")])));
        assert!(!Notes::new(&[]).added(&node(vec![note(2011, "Дополнение частью")])));
    }
}

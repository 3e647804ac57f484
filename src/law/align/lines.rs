//! The own line of a node: its words without those of its inner nodes.

use super::node::{Kind, Node};

/// Returns the node above each: the nearest one before it of an outer kind.
pub(super) fn parents(nodes: &[Node]) -> Vec<Option<usize>> {
    let mut open: Vec<usize> = Vec::new();
    let mut out = Vec::with_capacity(nodes.len());
    for (i, node) in nodes.iter().enumerate() {
        while open.last().is_some_and(|o| nodes[*o].kind >= node.kind) {
            open.pop();
        }
        out.push(open.last().copied());
        open.push(i);
    }
    out
}

/// Returns the node's text up to its first inner node, without its number; an article's is its title. Nothing for a node that is
/// repealed. Costs a search through the node's text.
pub(super) fn own_line<'a>(nodes: &[Node<'a>], parents: &[Option<usize>], i: usize) -> &'a str {
    let node = &nodes[i];
    if node.repealed {
        return "";
    }
    let below = nodes[i + 1..]
        .iter()
        .zip(&parents[i + 1..])
        .take_while(|(n, _)| n.kind > node.kind);
    let mut inner = below.filter(|(n, _)| !n.text.is_empty()).peekable();
    let has_inner = inner.peek().is_some();
    if node.kind.is_above_parts() {
        return match node.title {
            Some(title) => title,
            None if has_inner => "",
            None => node.text,
        };
    }
    let first = inner.next().and_then(|(n, _)| node.text.find(n.text));
    let line = first.map_or(node.text, |at| &node.text[..at]);
    unlabelled(node.kind, line)
}

/// The line without its own «1)», «а)» or «1. ».
fn unlabelled(kind: Kind, line: &str) -> &str {
    let rest = match kind {
        Kind::Point | Kind::Subpoint => line
            .split_once(')')
            .filter(|(label, _)| label.chars().count() < 8),
        Kind::Part => line.split_once(". ").filter(|(label, _)| {
            !label.is_empty()
                && label
                    .chars()
                    .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
        }),
        _ => None,
    };
    rest.map_or(line, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(kind: Kind, text: &'static str) -> Node<'static> {
        Node {
            citation: "tk:1",
            kind,
            title: None,
            text,
            repealed: false,
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_line_ends_where_its_first_inner_node_begins() {
        let nodes = [
            node(
                Kind::Article,
                "Статья 1. Сад\nВ саду растут:\n1) вишни;\nа) спелые;\nПруд.",
            ),
            node(Kind::Part, "В саду растут:\n1) вишни;\nа) спелые;"),
            node(Kind::Point, "1) вишни;\nа) спелые;"),
            node(Kind::Subpoint, "а) спелые;"),
            node(Kind::Part, "Пруд."),
        ];
        let parents = parents(&nodes);
        assert_eq!(parents, [None, Some(0), Some(1), Some(2), Some(0)]);
        let lines = (0..nodes.len())
            .map(|i| own_line(&nodes, &parents, i).trim())
            .collect::<Vec<_>>();
        assert_eq!(lines, ["", "В саду растут:", "вишни;", "спелые;", "Пруд."]);
    }

    #[test]
    fn numbers_of_parts_fall_off_and_dates_stay() {
        assert_eq!(unlabelled(Kind::Part, "2.1. Пруд."), "Пруд.");
        assert_eq!(
            unlabelled(Kind::Part, "5 мая - день сада."),
            "5 мая - день сада."
        );
        assert_eq!(
            unlabelled(Kind::Point, "7.1) вишни (спелые);"),
            " вишни (спелые);"
        );
    }

    #[test]
    fn a_repealed_node_has_no_words() {
        let gone = Node {
            repealed: true,
            ..node(Kind::Point, "12)")
        };
        assert_eq!(own_line(&[gone], &[None], 0), "");
    }
}

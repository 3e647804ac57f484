//! Passages of acts that have points in place of articles.

use super::{Passage, PassageKind, part_passages};
use crate::knowledge::act::{NodeKind, ParsedAct, ParsedNode};
use crate::law::LocalUnit;

/// Adds the passages of every point, and of the lines that annexes and forms hold outside their points. One pass.
pub(super) fn split(act: &ParsedAct, chars: &[char], out: &mut Vec<Passage>) {
    let mut at = 0;
    while at < act.nodes.len() {
        let node = &act.nodes[at];
        let inner = act.nodes[at + 1..].iter();
        let taken = match node.kind {
            NodeKind::Point => {
                let inner = inner
                    .take_while(|n| n.kind.is_inside_article() && n.kind != NodeKind::Point)
                    .collect::<Vec<_>>();
                point(node, &inner, chars, out);
                inner.len()
            }
            NodeKind::Paragraph | NodeKind::Footnote => {
                let lines = act.nodes[at..].iter();
                let lines = lines
                    .take_while(|n| matches!(n.kind, NodeKind::Paragraph | NodeKind::Footnote))
                    .collect::<Vec<_>>();
                loose(&lines, chars, out);
                lines.len() - 1
            }
            _ => 0,
        };
        at += 1 + taken;
    }
}

/// The pieces of a point, then the whole point.
fn point(node: &ParsedNode, inner: &[&ParsedNode], chars: &[char], out: &mut Vec<Passage>) {
    let Some(citation) = node.citation.clone() else {
        return;
    };
    let unit = match citation.act.local_unit() {
        Some(LocalUnit::Paragraph) => "Абзац",
        _ => "Пункт",
    };
    let title = match node.path.last() {
        Some(above) => format!("{unit} {}. {above}", node.number),
        None => format!("{unit} {}", node.number),
    };
    let mut nodes = vec![node];
    nodes.extend(inner.iter().filter(|n| n.start < n.end));
    part_passages(node, &nodes, &title, chars, out);
    out.push(Passage {
        citation,
        kind: PassageKind::Article,
        title,
        text: chars[node.start..node.end].iter().collect(),
        start: node.start,
        end: node.end,
    });
}

/// Lines of an annex outside its points, up to the next point or heading, in pieces.
fn loose(lines: &[&ParsedNode], chars: &[char], out: &mut Vec<Passage>) {
    let cited = lines.iter().find_map(|n| n.citation.as_ref());
    let (Some(first), Some(last), Some(cited)) = (lines.first(), lines.last(), cited) else {
        return;
    };
    let title = match first.path.last() {
        Some(above) => above.clone(),
        None => cited.article().russian(),
    };
    let whole = ParsedNode {
        citation: Some(cited.article()),
        start: first.start,
        end: last.end,
        ..(*first).clone()
    };
    part_passages(&whole, lines, &title, chars, out);
}

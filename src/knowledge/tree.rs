//! The nodes of an act while its lines come in: which are open, and where each begins and ends.

use super::act::{AmendmentNote, NodeKind, ParsedNode};
use super::notes::notes_of;
use crate::law::Citation;

/// The body of an act, taken apart.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub text: String,
    pub nodes: Vec<ParsedNode>,
    pub notes: Vec<AmendmentNote>,
    pub unparsed: Vec<String>,
}

/// A node that later lines may still extend.
struct Open {
    node: usize,
    rank: u8,
}

/// A structure that grows line by line.
#[derive(Default)]
pub(super) struct Tree {
    pub out: Structure,
    /// Characters of the cleaned text so far.
    chars: usize,
    open: Vec<Open>,
}

/// How deep a kind lies; what is below a rank closes when it comes.
pub(super) fn rank(kind: NodeKind) -> u8 {
    match kind {
        NodeKind::Annex => 0,
        NodeKind::Form => 2,
        NodeKind::Division => 3,
        NodeKind::Section => 4,
        NodeKind::Chapter => 6,
        NodeKind::Subchapter => 7,
        NodeKind::Article => 9,
        NodeKind::Part => 10,
        NodeKind::Point => 11,
        NodeKind::Subpoint => 12,
        NodeKind::Paragraph | NodeKind::Footnote => 13,
        NodeKind::Preamble => 14,
    }
}

/// An annex to an annex.
pub(super) const INNER_ANNEX: u8 = 1;
/// A subsection (подраздел): inside its section, above the chapters.
pub(super) const SUBSECTION: u8 = 5;
/// A numbered heading inside a «§».
pub(super) const INNER_HEADING: u8 = 8;

impl Tree {
    /// Returns whether nothing but lines of the head came yet.
    pub fn is_head(&self) -> bool {
        self.out.nodes.iter().all(|n| n.kind == NodeKind::Preamble)
    }

    /// Returns the innermost open node of a kind.
    pub fn open_of(&self, kind: NodeKind) -> Option<usize> {
        let nodes = self.open.iter().rev().map(|o| o.node);
        nodes.into_iter().find(|n| self.out.nodes[*n].kind == kind)
    }

    /// Returns the citation of the innermost open node.
    pub fn innermost(&self) -> Option<Citation> {
        let last = self.open.last()?;
        self.out.nodes[last.node].citation.clone()
    }

    /// Adds the laws that marks name, at a citation.
    pub fn note(&mut self, marks: &[String], citation: Option<Citation>) {
        for mark in marks {
            self.out.notes.extend(notes_of(mark, citation.as_ref()));
        }
    }

    /// Adds a line to the text and a node that begins with it, at the usual rank of its kind.
    pub fn add(
        &mut self,
        kind: NodeKind,
        citation: Option<Citation>,
        number: String,
        line: &str,
    ) -> usize {
        if !self.out.text.is_empty() {
            self.out.text.push('\n');
            self.chars += 1;
        }
        let start = self.chars;
        self.out.text.push_str(line);
        self.chars += line.chars().count();
        let node = self.push(kind, citation, number, start);
        self.stretch();
        node
    }

    /// Adds a node without a line of its own: a repealed part, or a part that begins with its first point.
    pub fn add_empty(&mut self, kind: NodeKind, citation: Citation, number: String) -> usize {
        self.push(kind, Some(citation), number, self.chars)
    }

    /// Appends words to the last line, behind a space.
    pub fn extend_line(&mut self, text: &str) {
        self.out.text.push(' ');
        self.out.text.push_str(text);
        self.chars += 1 + text.chars().count();
        self.stretch();
    }

    /// Gives the node that was opened last another rank than its kind has.
    pub fn set_rank(&mut self, rank: u8) {
        if let Some(open) = self.open.last_mut() {
            open.rank = rank;
        }
    }

    /// Closes every open node of this rank and below.
    pub fn close_to(&mut self, rank: u8) {
        self.open.retain(|o| o.rank < rank);
    }

    /// Cuts out the texts of the nodes.
    pub fn finish(mut self) -> Structure {
        let mut at = Vec::with_capacity(self.chars + 1);
        at.extend(self.out.text.char_indices().map(|(byte, _)| byte));
        at.push(self.out.text.len());
        for node in &mut self.out.nodes {
            node.text = self.out.text[at[node.start]..at[node.end]].to_owned();
        }
        self.out
    }

    fn push(
        &mut self,
        kind: NodeKind,
        citation: Option<Citation>,
        number: String,
        start: usize,
    ) -> usize {
        let path = self.path();
        let node = ParsedNode {
            citation,
            kind,
            number,
            title: None,
            path,
            start,
            end: self.chars,
            repealed: false,
            text: String::new(),
        };
        self.out.nodes.push(node);
        let index = self.out.nodes.len() - 1;
        if !matches!(kind, NodeKind::Preamble | NodeKind::Footnote) {
            self.open.push(Open {
                node: index,
                rank: rank(kind),
            });
        }
        index
    }

    /// Lets every open node reach to the end of the text.
    fn stretch(&mut self) {
        for open in &self.open {
            let node = &mut self.out.nodes[open.node];
            // A part that begins with its first point has no line of its own: it begins where the point does.
            if node.start == node.end && node.kind != NodeKind::Article && node.start < self.chars {
                let line = self
                    .out
                    .text
                    .rsplit('\n')
                    .next()
                    .map_or(0, |l| l.chars().count());
                node.start = self.chars - line;
            }
            node.end = self.chars;
        }
    }

    fn path(&self) -> Vec<String> {
        let above = self.open.iter().map(|o| &self.out.nodes[o.node]);
        above.filter_map(line_of).collect()
    }
}

/// How a heading stands in the path of what is below it; nothing for nodes that are no heading.
fn line_of(node: &ParsedNode) -> Option<String> {
    let title = node.title.as_deref();
    let named = |name: &str| match (title, node.number.is_empty()) {
        (Some(title), true) => title.to_owned(),
        (Some(title), false) => format!("{name} {}. {title}", node.number),
        (None, _) => format!("{name} {}", node.number),
    };
    Some(match node.kind {
        NodeKind::Section => named("Раздел"),
        NodeKind::Chapter => named("Глава"),
        NodeKind::Annex => named("Приложение"),
        NodeKind::Form => named("Форма"),
        NodeKind::Subchapter => match title {
            Some(title) => format!("{}. {title}", node.number),
            None => node.number.clone(),
        },
        NodeKind::Division => match title {
            Some(title) => format!("Подраздел {}. {title}", node.number),
            None => format!("Часть {}", node.number.to_lowercase()),
        },
        _ => return None,
    })
}

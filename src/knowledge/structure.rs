//! Paragraphs → sections, chapters, articles, parts, points, with their places in the cleaned text.

use super::act::{AmendmentNote, NodeKind, ParsedNode};
use super::heading::{ArticleStyle, Heading, article, heading};
use super::html::Block;
use super::label::{Labeller, Line};
use super::notes::{notes_of, repeals};
use crate::law::{ActId, Citation};

/// The body of an act, taken apart.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub text: String,
    pub nodes: Vec<ParsedNode>,
    pub notes: Vec<AmendmentNote>,
    pub unparsed: Vec<String>,
}

/// Returns where an act writes its article headings, or nothing if it has no articles.
pub(super) fn style_of(blocks: &[Block]) -> Option<ArticleStyle> {
    let has = |class: &str| {
        blocks
            .iter()
            .any(|b| b.class == class && article(&b.text).is_some())
    };
    if has("H") {
        Some(ArticleStyle::Headed)
    } else if has("T") {
        Some(ArticleStyle::Titled)
    } else {
        has("").then_some(ArticleStyle::Inline)
    }
}

/// Builds the nodes of an act from its paragraphs (signature cut off before). One pass over the text.
pub(super) fn build(blocks: &[Block], act: &ActId, style: ArticleStyle) -> Structure {
    let mut builder = Builder {
        act: act.clone(),
        out: Structure::default(),
        chars: 0,
        open: Vec::new(),
        labeller: Labeller::default(),
        untitled: None,
    };
    for block in blocks {
        builder.block(block, style);
    }
    builder.close_to(0);
    builder
        .out
        .nodes
        .iter_mut()
        .for_each(|n| n.repealed |= n.kind == NodeKind::Part && n.start == n.end);
    builder.finish()
}

/// A node that later lines may still extend.
struct Open {
    node: usize,
    rank: u8,
}

struct Builder {
    act: ActId,
    out: Structure,
    /// Characters of the cleaned text so far.
    chars: usize,
    open: Vec<Open>,
    labeller: Labeller,
    /// A chapter or section whose title stands on the next line.
    untitled: Option<usize>,
}

fn rank(kind: NodeKind) -> u8 {
    match kind {
        NodeKind::Division => 0,
        NodeKind::Section => 1,
        NodeKind::Chapter => 2,
        NodeKind::Article => 3,
        NodeKind::Part => 4,
        NodeKind::Point => 5,
        NodeKind::Subpoint => 6,
        NodeKind::Paragraph => 7,
        NodeKind::Preamble => 8,
    }
}

impl Builder {
    fn block(&mut self, block: &Block, style: ArticleStyle) {
        if let Some(found) = heading(&block.class, &block.text, style) {
            self.heading(found, block, style);
            return;
        }
        let title_line = matches!(block.class.as_str(), "T" | "C") && !block.text.is_empty();
        if let Some(node) = self.untitled.take_if(|_| title_line) {
            self.continue_title(node, &block.text);
            return;
        }
        let in_article = self
            .open
            .iter()
            .any(|o| self.out.nodes[o.node].kind == NodeKind::Article);
        match (in_article, block.text.is_empty()) {
            (true, _) if block.class != "T" => self.body(block),
            (_, true) => {}
            (_, false) => {
                if in_article {
                    self.close_to(rank(NodeKind::Article));
                }
                let is_head = self.out.nodes.iter().all(|n| n.kind == NodeKind::Preamble);
                if !is_head {
                    self.out.unparsed.push(block.text.clone());
                }
                self.add(NodeKind::Preamble, None, String::new(), &block.text);
            }
        }
        if !in_article {
            let citation = None;
            self.note(&block.marks, citation);
        }
    }

    fn heading(&mut self, found: Heading, block: &Block, style: ArticleStyle) {
        let (kind, number, title) = match found {
            Heading::Article(number, title) => return self.article(number, title, block, style),
            Heading::Chapter(number, title) => (NodeKind::Chapter, number, title),
            Heading::Section(number, title) => (NodeKind::Section, number, title),
            Heading::Division(number, title) => (NodeKind::Division, number, title),
        };
        // A subsection lies inside its section, a part of the code above it.
        let at = if kind == NodeKind::Division && block.text.to_lowercase().starts_with("подраздел")
        {
            rank(NodeKind::Chapter)
        } else {
            rank(kind)
        };
        self.close_to(at);
        let node = self.add(kind, None, number, &block.text);
        self.out.nodes[node].title = Some(title.clone()).filter(|t| !t.is_empty());
        self.untitled = title
            .is_empty()
            .then_some(node)
            .filter(|_| kind != NodeKind::Division);
        if let Some(open) = self.open.last_mut().filter(|_| kind == NodeKind::Division) {
            open.rank = at.saturating_sub(u8::from(at == rank(NodeKind::Chapter)));
        }
        self.note(&block.marks, None);
    }

    fn continue_title(&mut self, node: usize, text: &str) {
        self.out.text.push(' ');
        self.out.text.push_str(text);
        self.chars += 1 + text.chars().count();
        self.out.nodes[node].title = Some(text.to_owned());
        self.stretch();
    }

    fn article(&mut self, number: String, title: String, block: &Block, style: ArticleStyle) {
        self.untitled = None;
        self.close_to(rank(NodeKind::Article));
        let citation = Citation::of_article(self.act.clone(), number.clone());
        let inline = style == ArticleStyle::Inline;
        let line = if inline {
            format!("Статья {number}.")
        } else {
            block.text.clone()
        };
        let node = self.add(NodeKind::Article, Some(citation.clone()), number, &line);
        self.out.nodes[node].title = Some(title.clone()).filter(|t| !t.is_empty() && !inline);
        self.labeller = Labeller::default();
        if inline && !title.is_empty() {
            self.body(&Block {
                class: String::new(),
                text: title,
                marks: block.marks.clone(),
            });
        } else {
            self.note(&block.marks, Some(citation));
            self.out.nodes[node].repealed =
                block.marks.iter().any(|m| repeals(m)) && title.is_empty();
        }
    }

    /// A paragraph inside an article.
    fn body(&mut self, block: &Block) {
        let Some(article) = self
            .open
            .iter()
            .find(|o| self.out.nodes[o.node].kind == NodeKind::Article)
            .map(|o| o.node)
        else {
            return;
        };
        let base = self.out.nodes[article]
            .citation
            .clone()
            .unwrap_or_else(|| Citation::of_act(self.act.clone()));
        let marks = block.marks.join(" ");
        // A note of its own line, class H, I or P, is about the article.
        let of_article = block.text.is_empty()
            && matches!(block.class.as_str(), "H" | "I" | "P")
            && !marks.starts_with("Часть");
        if of_article {
            let untitled = self.out.nodes[article].title.is_none()
                && self.out.nodes[article].kind == NodeKind::Article;
            self.out.nodes[article].repealed |=
                untitled && repeals(&marks) && self.out.nodes.len() == article + 1;
            self.note(&block.marks, Some(base));
            return;
        }
        let Some(lines) = self.labeller.next(&base, &block.text, &marks) else {
            let citation = self
                .open
                .last()
                .and_then(|o| self.out.nodes[o.node].citation.clone());
            self.note(&block.marks, citation);
            return;
        };
        let mut last = None;
        for Line {
            kind,
            citation,
            number,
            text,
            repealed,
        } in lines
        {
            self.close_to(rank(kind));
            let node = match text {
                Some(text) => self.add(kind, Some(citation.clone()), number, &text),
                None => self.add_empty(kind, citation.clone(), number),
            };
            self.out.nodes[node].repealed = repealed;
            last = Some(citation);
        }
        self.note(&block.marks, last);
    }

    fn note(&mut self, marks: &[String], citation: Option<Citation>) {
        for mark in marks {
            self.out.notes.extend(notes_of(mark, citation.as_ref()));
        }
    }

    fn path(&self) -> Vec<String> {
        let above = self.open.iter().map(|o| &self.out.nodes[o.node]);
        above
            .filter(|n| {
                matches!(
                    n.kind,
                    NodeKind::Division | NodeKind::Section | NodeKind::Chapter
                )
            })
            .map(|n| self.line_of(n))
            .collect()
    }

    fn line_of(&self, node: &ParsedNode) -> String {
        let name = match node.kind {
            NodeKind::Section => "Раздел",
            NodeKind::Chapter => "Глава",
            _ => {
                return node.title.clone().map_or_else(
                    || format!("Часть {}", node.number.to_lowercase()),
                    |t| format!("Подраздел {}. {t}", node.number),
                );
            }
        };
        match &node.title {
            Some(title) => format!("{name} {}. {title}", node.number),
            None => format!("{name} {}", node.number),
        }
    }

    /// Adds a line to the text and a node that begins with it.
    fn add(
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
    fn add_empty(&mut self, kind: NodeKind, citation: Citation, number: String) -> usize {
        self.push(kind, Some(citation), number, self.chars)
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
        if kind != NodeKind::Preamble {
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

    fn close_to(&mut self, rank: u8) {
        self.open.retain(|o| o.rank < rank);
    }

    /// Cuts out the texts of the nodes.
    fn finish(mut self) -> Structure {
        let mut at = Vec::with_capacity(self.chars + 1);
        at.extend(self.out.text.char_indices().map(|(byte, _)| byte));
        at.push(self.out.text.len());
        for node in &mut self.out.nodes {
            node.text = self.out.text[at[node.start]..at[node.end]].to_owned();
        }
        self.out
    }
}

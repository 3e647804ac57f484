//! Paragraphs → sections, chapters, articles, parts, points, with their places in the cleaned text.

use super::act::NodeKind;
use super::heading::{ArticleStyle, Heading, article, heading, inner_heading, paragraph_sign};
use super::html::Block;
use super::label::{Labeller, Line};
use super::notes::repeals;
use super::quotes::Quotes;
use super::tree::{INNER_HEADING, SUBSECTION, Structure, Tree, rank};
use crate::law::{ActId, Citation};

/// Whose articles a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Own {
    /// All of them are its own.
    All,
    /// It changes other laws and quotes articles of theirs.
    Amending,
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
pub(super) fn build(blocks: &[Block], act: &ActId, style: ArticleStyle, own: Own) -> Structure {
    let mut builder = Builder {
        act: act.clone(),
        tree: Tree::default(),
        labeller: Labeller::default(),
        untitled: None,
        quotes: (own == Own::Amending).then(Quotes::default),
    };
    for (at, block) in blocks.iter().enumerate() {
        let next = blocks[at + 1..].iter().find(|b| !b.text.is_empty());
        builder.line(block, next.map_or("", |b| b.text.as_str()), style);
    }
    builder.tree.close_to(0);
    builder
        .tree
        .out
        .nodes
        .iter_mut()
        .for_each(|n| n.repealed |= n.kind == NodeKind::Part && n.start == n.end);
    builder.tree.finish()
}

struct Builder {
    act: ActId,
    tree: Tree,
    labeller: Labeller,
    /// A chapter or section whose title stands on the next line.
    untitled: Option<usize>,
    /// In a law that changes others: what it quotes.
    quotes: Option<Quotes>,
}

impl Builder {
    fn line(&mut self, block: &Block, next: &str, style: ArticleStyle) {
        let in_article = self.tree.open_of(NodeKind::Article).is_some();
        let quoted = match &mut self.quotes {
            Some(quotes) if !block.text.is_empty() => {
                let is_heading = matches!(
                    heading(&block.class, &block.text, style),
                    Some(Heading::Article(..))
                );
                quotes.takes(&block.text, next, is_heading) && in_article
            }
            _ => false,
        };
        match quoted {
            true => self.quoted(block),
            false => self.block(block, style),
        }
    }

    fn block(&mut self, block: &Block, style: ArticleStyle) {
        if let Some(found) = heading(&block.class, &block.text, style) {
            self.heading(found, block, style);
            return;
        }
        if self.subchapter(block) {
            return;
        }
        let title_line = matches!(block.class.as_str(), "T" | "C") && !block.text.is_empty();
        if let Some(node) = self.untitled.take_if(|_| title_line) {
            self.tree.extend_line(&block.text);
            self.tree.out.nodes[node].title = Some(block.text.clone());
            return;
        }
        let in_article = self.tree.open_of(NodeKind::Article).is_some();
        match (in_article, block.text.is_empty()) {
            (true, _) if block.class != "T" => self.body(block),
            (_, true) => {}
            (_, false) => {
                if in_article {
                    self.tree.close_to(rank(NodeKind::Article));
                }
                if !self.tree.is_head() {
                    self.tree.out.unparsed.push(block.text.clone());
                }
                self.tree
                    .add(NodeKind::Preamble, None, String::new(), &block.text);
            }
        }
        if !in_article {
            self.tree.note(&block.marks, None);
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
        let subsection =
            kind == NodeKind::Division && block.text.to_lowercase().starts_with("подраздел");
        let at = if subsection { SUBSECTION } else { rank(kind) };
        self.tree.close_to(at);
        let node = self.tree.add(kind, None, number, &block.text);
        self.tree.set_rank(at);
        self.tree.out.nodes[node].title = Some(title.clone()).filter(|t| !t.is_empty());
        self.untitled = title
            .is_empty()
            .then_some(node)
            .filter(|_| kind != NodeKind::Division);
        self.tree.note(&block.marks, None);
    }

    /// «§ 1. Заём», and below it «1. Общие положения»: levels between chapter and article.
    fn subchapter(&mut self, block: &Block) -> bool {
        let sign = paragraph_sign(&block.text);
        let inside = self.tree.open_of(NodeKind::Subchapter).is_some() && block.class == "T";
        let (at, number, title) = match (sign, inner_heading(&block.text)) {
            (Some((number, title)), _) => (rank(NodeKind::Subchapter), number, title),
            (None, Some((number, title))) if inside => (INNER_HEADING, number, title),
            _ => return false,
        };
        self.untitled = None;
        self.tree.close_to(at);
        let node = self
            .tree
            .add(NodeKind::Subchapter, None, number, &block.text);
        self.tree.set_rank(at);
        self.tree.out.nodes[node].title = Some(title).filter(|t| !t.is_empty());
        self.tree.note(&block.marks, None);
        true
    }

    fn article(&mut self, number: String, title: String, block: &Block, style: ArticleStyle) {
        self.untitled = None;
        self.tree.close_to(rank(NodeKind::Article));
        let citation = Citation::of_article(self.act.clone(), number.clone());
        let inline = style == ArticleStyle::Inline;
        let line = if inline {
            format!("Статья {number}.")
        } else {
            block.text.clone()
        };
        let node = self
            .tree
            .add(NodeKind::Article, Some(citation.clone()), number, &line);
        self.tree.out.nodes[node].title = Some(title.clone()).filter(|t| !t.is_empty() && !inline);
        self.labeller = Labeller::default();
        if inline && !title.is_empty() {
            self.body(&Block {
                class: String::new(),
                text: title,
                marks: block.marks.clone(),
            });
        } else {
            self.tree.note(&block.marks, Some(citation));
            self.tree.out.nodes[node].repealed =
                block.marks.iter().any(|m| repeals(m)) && title.is_empty();
        }
    }

    /// The open article and its citation.
    fn open_article(&self) -> Option<(usize, Citation)> {
        let article = self.tree.open_of(NodeKind::Article)?;
        let base = self.tree.out.nodes[article].citation.clone();
        Some((
            article,
            base.unwrap_or_else(|| Citation::of_act(self.act.clone())),
        ))
    }

    /// A line of what an article quotes: a paragraph of the point that quotes it, whatever the line begins with.
    fn quoted(&mut self, block: &Block) {
        if let Some((_, base)) = self.open_article() {
            let lines = self.labeller.quoted(&base, &block.text);
            self.lines(lines, &block.marks);
        }
    }

    /// A paragraph inside an article.
    fn body(&mut self, block: &Block) {
        let Some((article, base)) = self.open_article() else {
            return;
        };
        let marks = block.marks.join(" ");
        // A note of its own line, class H, I or P, is about the article.
        let of_article = block.text.is_empty()
            && matches!(block.class.as_str(), "H" | "I" | "P")
            && !marks.starts_with("Часть");
        let nodes = &mut self.tree.out.nodes;
        if of_article {
            let untitled = nodes[article].title.is_none();
            nodes[article].repealed |= untitled && repeals(&marks) && nodes.len() == article + 1;
            self.tree.note(&block.marks, Some(base));
            return;
        }
        match self.labeller.next(&base, &block.text, &marks) {
            Some(lines) => self.lines(lines, &block.marks),
            None => {
                let citation = self.tree.innermost();
                self.tree.note(&block.marks, citation);
            }
        }
    }

    fn lines(&mut self, lines: Vec<Line>, marks: &[String]) {
        let mut last = None;
        for line in lines {
            self.tree.close_to(rank(line.kind));
            let node = match line.text {
                Some(text) => {
                    self.tree
                        .add(line.kind, Some(line.citation.clone()), line.number, &text)
                }
                None => self
                    .tree
                    .add_empty(line.kind, line.citation.clone(), line.number),
            };
            self.tree.out.nodes[node].repealed = line.repealed;
            last = Some(line.citation);
        }
        self.tree.note(marks, last);
    }
}

#[cfg(test)]
mod tests;

//! Paragraphs → points, subpoints, annexes and forms, with their places in the cleaned text.

use std::collections::BTreeSet;

use super::annex::{Annex, To, annex, form, unglued};
use super::headings::{self, Found};
use super::is_signature;
use super::items::Items;
use super::numbering::Numbering;
use crate::knowledge::act::NodeKind;
use crate::knowledge::html::Block;
use crate::knowledge::label::point_number;
use crate::knowledge::notes::repeals;
use crate::knowledge::quotes::Quotes;
use crate::knowledge::tree::{INNER_ANNEX, Structure, Tree, rank};
use crate::law::{ActId, Citation};

/// Lines of a signature: place, day, number, a second name.
const SIGNATURE_LINES: usize = 6;

/// An act of points, taken apart.
#[derive(Debug)]
pub(in crate::knowledge) struct Points {
    pub structure: Structure,
    /// The numbering of every text in it, with the annexes above.
    pub texts: Vec<(Vec<String>, Numbering)>,
    /// Whether a signature closes the act itself.
    pub signed: bool,
    /// The lines of that signature: no text of the act.
    pub closing: Vec<String>,
    /// Whether the last text ends with a whole sentence, or is a table or form where that says nothing.
    pub ended: bool,
}

/// Builds the nodes of an act of points whose head takes `head` blocks. One pass, with a look at a few lines ahead.
pub(in crate::knowledge) fn build(blocks: &[Block], head: usize, act: &ActId) -> Points {
    let (head, body) = blocks.split_at(head);
    let blocks = unglued(body);
    let mut builder = Builder {
        base: Citation::of_act(act.clone()),
        tree: Tree::default(),
        numbering: Numbering::default(),
        items: None,
        loose: Items::of_annex(Citation::of_act(act.clone())),
        texts: Vec::new(),
        taken: BTreeSet::new(),
        signature: None,
        closing: Vec::new(),
        quotes: None,
    };
    for block in head {
        builder.outside(block);
    }
    let mut at = 0;
    while at < blocks.len() {
        at += builder.step(&blocks, at);
    }
    let annexed = !builder.base.annex.is_empty();
    let last = builder.tree.out.text.rsplit('\n').next().unwrap_or("");
    let ended = last
        .trim_end_matches(['"', '»', ')', '*', ' '])
        .ends_with(['.', '!', '?']);
    // Tables and forms end anyhow.
    let in_form = builder
        .base
        .annex
        .last()
        .is_some_and(|l| l.starts_with('f'));
    let counted = builder.items.is_some() && builder.numbering.has_points() && !in_form;
    builder.end_text();
    builder.tree.close_to(0);
    Points {
        structure: builder.tree.finish(),
        texts: builder.texts,
        signed: builder.signature.is_some(),
        closing: builder.closing,
        ended: ended || annexed && !counted,
    }
}

struct Builder {
    /// The act, annex or form that is open.
    base: Citation,
    tree: Tree,
    numbering: Numbering,
    /// Counts inside the open point.
    items: Option<Items>,
    /// Counts the paragraphs of an annex outside its points.
    loose: Items,
    texts: Vec<(Vec<String>, Numbering)>,
    /// Annexes and forms that were opened.
    taken: BTreeSet<Vec<String>>,
    /// Lines since the signature of the act itself.
    signature: Option<usize>,
    closing: Vec<String>,
    /// What the open point quotes from an act that it changes.
    quotes: Option<Quotes>,
}

impl Builder {
    /// Takes in the block at `at`; returns how many blocks it took.
    fn step(&mut self, blocks: &[Block], at: usize) -> usize {
        let block = &blocks[at];
        let text = block.text.as_str();
        if text.is_empty() {
            self.noted(block);
            return 1;
        }
        let next = blocks.get(at + 1).map_or("", |b| b.text.as_str());
        if let Some(taken) = self.opens_annex(blocks, at, next) {
            return taken;
        }
        let main = self.base.annex.is_empty();
        if main && self.closed_by_signature(text) {
            self.closing.push(text.to_owned());
            return 1;
        }
        if self.quoted(text, next) {
            self.item(block, true);
            return 1;
        }
        if let Some(number) = form(text).filter(|_| !main) {
            return self.form(number, block);
        }
        if let Some(number) = self.numbering.accepts(text) {
            self.point(number, block);
            return 1;
        }
        if let Some(taken) = self.heading(blocks, at) {
            return taken;
        }
        self.line(block);
        1
    }

    /// Behind the signature of the act itself only annexes follow.
    fn closed_by_signature(&mut self, text: &str) -> bool {
        match &mut self.signature {
            None if is_signature(text) => {
                self.signature = Some(0);
                self.close_point();
                true
            }
            None => false,
            Some(lines) => {
                *lines += 1;
                *lines <= SIGNATURE_LINES && text.chars().count() <= 160
            }
        }
    }

    fn opens_annex(&mut self, blocks: &[Block], at: usize, next: &str) -> Option<usize> {
        let found = annex(&blocks[at].text, next)?;
        let approved_twice = found.number.is_none()
            && self
                .tree
                .out
                .nodes
                .last()
                .is_some_and(|n| n.kind == NodeKind::Annex);
        if approved_twice {
            return None;
        }
        let path = self.place_of(&found)?;
        self.end_text();
        let inner = path.len() > 1;
        let at_rank = if inner {
            INNER_ANNEX
        } else {
            rank(NodeKind::Annex)
        };
        self.tree.close_to(at_rank);
        let number = path.last().map_or("", |l| &l[1..]).to_owned();
        self.begin_text(path);
        let citation = Some(self.base.clone());
        let node = self
            .tree
            .add(NodeKind::Annex, citation.clone(), number, &blocks[at].text);
        self.tree.set_rank(at_rank);
        self.tree.note(&blocks[at].marks, citation.clone());
        let mut taken = 1;
        if found.goes_on {
            self.tree.extend_line(next);
            taken += 1;
        }
        // Notes may stand between the heading and the title.
        while let Some(block) = blocks.get(at + taken).filter(|b| b.text.is_empty()) {
            self.tree.note(&block.marks, citation.clone());
            taken += 1;
        }
        let titles = headings::title_of_annex(&blocks[at + taken..]);
        let mut title = Vec::new();
        for block in &blocks[at + taken..at + taken + titles] {
            self.tree.extend_line(&block.text);
            self.tree.note(&block.marks, citation.clone());
            title.push(block.text.as_str());
        }
        self.tree.out.nodes[node].title = Some(title.join(" ")).filter(|t| !t.is_empty());
        Some(taken + titles)
    }

    /// The annexes above and the annex itself; nothing where it was there before.
    fn place_of(&self, found: &Annex) -> Option<Vec<String>> {
        let depth = self.base.annex.iter().filter(|l| l.starts_with('a'));
        let depth = depth.count();
        let inner = match found.to {
            To::Act => false,
            To::Annex => depth > 0,
            To::Unsaid => depth > 1,
        };
        let above: Vec<String> = match inner {
            true => self.base.annex[..1].to_vec(),
            false => Vec::new(),
        };
        let with = |number: String| {
            let mut path = above.clone();
            path.push(format!("a{number}"));
            path
        };
        match &found.number {
            Some(number) => {
                let path = with(number.clone());
                (!self.taken.contains(&path)).then_some(path)
            }
            None => (1..1000)
                .map(|n| with(n.to_string()))
                .find(|path| !self.taken.contains(path)),
        }
    }

    fn form(&mut self, number: String, block: &Block) -> usize {
        let annexes = self.base.annex.iter().filter(|l| l.starts_with('a'));
        let mut path = annexes.cloned().collect::<Vec<_>>();
        path.push(format!("f{number}"));
        if self.taken.contains(&path) {
            self.line(block);
            return 1;
        }
        self.end_text();
        self.tree.close_to(rank(NodeKind::Form));
        self.begin_text(path);
        let citation = Some(self.base.clone());
        self.tree
            .add(NodeKind::Form, citation.clone(), number, &block.text);
        self.tree.note(&block.marks, citation);
        1
    }

    fn begin_text(&mut self, path: Vec<String>) {
        self.taken.insert(path.clone());
        self.base.annex = path;
        self.loose = Items::of_annex(self.base.clone());
    }

    /// Keeps the numbering of the text that ends.
    fn end_text(&mut self) {
        self.close_point();
        let numbering = std::mem::take(&mut self.numbering);
        self.texts.push((self.base.annex.clone(), numbering));
    }

    fn close_point(&mut self) {
        self.items = None;
        self.quotes = None;
        self.tree.close_to(rank(NodeKind::Point));
    }

    fn heading(&mut self, blocks: &[Block], at: usize) -> Option<usize> {
        let block = &blocks[at];
        let (found, taken): (Found, usize) = match headings::numbered(block) {
            Some(found) => (found, 1),
            None => {
                let (title, taken) = headings::unnumbered(blocks, at, &self.numbering)?;
                ((NodeKind::Chapter, String::new(), title), taken)
            }
        };
        let (kind, number, title) = found;
        self.close_point();
        self.tree.close_to(rank(kind));
        let node = self.tree.add(kind, None, number, &block.text);
        self.tree.out.nodes[node].title = Some(title).filter(|t| !t.is_empty());
        for more in &blocks[at + 1..at + taken] {
            self.tree.extend_line(&more.text);
        }
        for block in &blocks[at..at + taken] {
            self.tree.note(&block.marks, None);
        }
        Some(taken)
    }

    fn point(&mut self, number: String, block: &Block) {
        self.close_point();
        self.numbering.take(&number);
        let citation = Citation {
            point: Some(number.clone()),
            ..self.base.clone()
        };
        let rest = block.text[number.len()..].trim_start_matches(['.', ' ']);
        let lower = rest.to_lowercase();
        let gone = ["утратил", "исключен"].iter().any(|w| lower.starts_with(w));
        let noted = rest.is_empty() && block.marks.iter().any(|m| repeals(m));
        let node = self
            .tree
            .add(NodeKind::Point, Some(citation.clone()), number, &block.text);
        self.tree.out.nodes[node].repealed = gone || noted;
        self.tree.note(&block.marks, Some(citation.clone()));
        self.items = Some(Items::of_point(citation));
        self.follow_quotes(&block.text);
    }

    /// Text of a point that rewords another act may quote points of that act.
    fn follow_quotes(&mut self, text: &str) {
        let lower = text.to_lowercase();
        let rewords = lower.ends_with("редакции:") || lower.ends_with("содержания:");
        if rewords && self.quotes.is_none() {
            self.quotes = Some(Quotes::default());
        }
    }

    fn quoted(&mut self, text: &str, next: &str) -> bool {
        let Some(quotes) = &mut self.quotes else {
            return false;
        };
        let quoted = quotes.takes(text, next, false);
        if !quoted {
            self.quotes = None;
        }
        quoted
    }

    /// A line that is no point: inside the open one, loose in an annex, or outside of all.
    fn line(&mut self, block: &Block) {
        if self.items.is_some() || !self.base.annex.is_empty() {
            self.item(block, false);
            self.follow_quotes(&block.text);
            return;
        }
        if !self.tree.is_head() {
            self.tree.out.unparsed.push(block.text.clone());
        }
        self.outside(block);
    }

    /// A line of the head, or one that belongs to no point.
    fn outside(&mut self, block: &Block) {
        if !block.text.is_empty() {
            self.tree
                .add(NodeKind::Preamble, None, String::new(), &block.text);
        }
        self.tree.note(&block.marks, None);
    }

    fn item(&mut self, block: &Block, is_quoted: bool) {
        let items = self.items.as_mut().unwrap_or(&mut self.loose);
        let item = match is_quoted {
            true => items.next_paragraph(),
            false => items.next(&block.text),
        };
        // A footnote leaves open what stands above it.
        if item.kind != NodeKind::Footnote {
            self.tree.close_to(rank(item.kind));
        }
        let bare = !block.text.chars().any(char::is_alphabetic);
        let node = self
            .tree
            .add(item.kind, item.citation.clone(), item.number, &block.text);
        self.tree.out.nodes[node].repealed = bare && block.marks.iter().any(|m| repeals(m));
        let citation = item.citation.or_else(|| self.tree.innermost());
        self.tree.note(&block.marks, citation);
    }

    /// A line of notes only: repealed paragraphs and subpoints still count.
    fn noted(&mut self, block: &Block) {
        let marks = block.marks.join(" ");
        let gone = repeals(&marks) && marks.to_lowercase().starts_with("абзац");
        let subpoint = repeals(&marks) && point_number(&marks).is_some();
        if let Some(items) = self.items.as_mut().filter(|_| gone || subpoint) {
            let item = match gone {
                true => items.next_paragraph(),
                false => items.next(&marks),
            };
            if let Some(citation) = item.citation {
                self.tree.close_to(rank(item.kind));
                let node = self
                    .tree
                    .add_empty(item.kind, citation.clone(), item.number);
                self.tree.out.nodes[node].repealed = true;
                self.tree.note(&block.marks, Some(citation));
                return;
            }
        }
        let citation = self.tree.innermost();
        self.tree.note(&block.marks, citation);
    }
}

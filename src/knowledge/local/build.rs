//! Lines → sections, points, subpoints, paragraphs and annexes.

use std::collections::BTreeSet;

use super::number::{self, Label, Titled};
use crate::knowledge::act::NodeKind;
use crate::knowledge::html::Block;
use crate::knowledge::points::{Items, annex, is_capitals};
use crate::knowledge::tree::{Structure, Tree, rank};
use crate::law::{ActId, Citation};

/// Fewer numbered points or sections are chance.
const LEAST_NUMBERED: usize = 2;
/// Characters of a point's own words that stand above its inner points.
const LEAD: usize = 200;

/// How points are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Labels {
    /// A number stands once in the whole act.
    Whole,
    /// Each section counts from 1: the section belongs to the citation.
    InSection,
}

/// Returns the nodes of an act that numbers its points or sections; nothing where hardly anything is numbered.
pub(super) fn points(blocks: &[Block], act: &ActId) -> Option<Structure> {
    let whole = Builder::new(act, Labels::Whole).build(blocks);
    if whole.numbered < LEAST_NUMBERED {
        return None;
    }
    let built = match whole.repeated {
        true => Builder::new(act, Labels::InSection).build(blocks),
        false => whole,
    };
    Some(built.structure)
}

/// Returns the nodes of an act in which nothing is numbered: every paragraph, counted; lines in capitals are headings.
pub(super) fn paragraphs(blocks: &[Block], act: &ActId) -> Structure {
    let mut tree = Tree::default();
    let mut counted = 0u32;
    for block in blocks.iter().filter(|b| !b.text.is_empty()) {
        if is_heading(&block.text) {
            tree.close_to(rank(NodeKind::Section));
            let node = tree.add(NodeKind::Section, None, String::new(), &block.text);
            tree.out.nodes[node].title = Some(block.text.clone());
            continue;
        }
        counted += 1;
        let number = counted.to_string();
        let citation = Citation {
            point: Some(number.clone()),
            ..Citation::of_act(act.clone())
        };
        tree.close_to(rank(NodeKind::Point));
        tree.add(NodeKind::Point, Some(citation), number, &block.text);
    }
    tree.close_to(0);
    tree.finish()
}

/// A short line in capitals.
fn is_heading(text: &str) -> bool {
    is_capitals(text) && number::is_title(text.trim_end_matches('.'))
}

struct Built {
    structure: Structure,
    /// Points and sections that bear a number.
    numbered: usize,
    /// Whether a point's number came twice.
    repeated: bool,
}

struct Builder {
    act: ActId,
    labels: Labels,
    tree: Tree,
    /// The annex that is open.
    annex: Option<String>,
    /// The open section's figure, and the label that stands for it in citations.
    section: Option<(Option<u32>, String)>,
    /// Labels of sections and annexes that were opened.
    taken: BTreeSet<String>,
    /// The number of the last point or numbered section.
    last: Vec<u32>,
    /// Whether a heading stands above, so that counting may begin anew.
    may_begin: bool,
    /// Points whose words end with a colon: number and words.
    leads: Vec<(Vec<u32>, String)>,
    /// Counts inside the open point.
    items: Option<Items>,
    /// Counts the lines of a section or annex outside its points.
    loose: Option<Items>,
    /// The open section's node and its citation, until a line of its own needs it.
    uncited: Option<(usize, Citation)>,
    seen: BTreeSet<Citation>,
    numbered: usize,
    repeated: bool,
}

impl Builder {
    fn new(act: &ActId, labels: Labels) -> Builder {
        Builder {
            act: act.clone(),
            labels,
            tree: Tree::default(),
            annex: None,
            section: None,
            taken: BTreeSet::new(),
            last: Vec::new(),
            may_begin: true,
            leads: Vec::new(),
            items: None,
            loose: None,
            uncited: None,
            seen: BTreeSet::new(),
            numbered: 0,
            repeated: false,
        }
    }

    fn build(mut self, blocks: &[Block]) -> Built {
        let lines: Vec<&str> = blocks
            .iter()
            .map(|b| b.text.as_str())
            .filter(|text| !text.is_empty())
            .collect();
        for at in 0..lines.len() {
            self.line(&lines, at);
        }
        self.tree.close_to(0);
        Built {
            structure: self.tree.finish(),
            numbered: self.numbered,
            repeated: self.repeated,
        }
    }

    fn line(&mut self, lines: &[&str], at: usize) {
        let text = lines[at];
        if self.opens_annex(text) {
            return;
        }
        if let Some(found) = number::section(text) {
            self.numbered += 1;
            return self.heading(text, found);
        }
        if let Some(label) = number::label(text).filter(|label| self.accepts(label)) {
            self.numbered += 1;
            if is_section(&label, &lines[at + 1..]) {
                let found = Titled {
                    figure: label.levels.first().copied(),
                    number: label.number,
                    title: label.rest.trim_end_matches('.').to_owned(),
                };
                self.heading(text, found);
                self.last = label.levels;
                return;
            }
            return self.point(text, label);
        }
        let begun = self.items.is_some() || self.loose.is_some();
        if begun && is_closing(text) && ends_here(&lines[at + 1..]) {
            // Signatures are no norms.
            (self.items, self.loose) = (None, None);
            self.tree.close_to(0);
        }
        if begun && is_heading(text) {
            return self.heading(
                text,
                Titled {
                    number: String::new(),
                    figure: None,
                    title: text.to_owned(),
                },
            );
        }
        self.inner(text);
    }

    fn accepts(&self, label: &Label<'_>) -> bool {
        let figure = self.section.as_ref().and_then(|(figure, _)| *figure);
        number::follows(&self.last, &label.levels)
            || self.may_begin && number::begins(&label.levels, figure)
    }

    fn opens_annex(&mut self, text: &str) -> bool {
        let is_sentence = text.ends_with('.') && text.chars().count() > 60;
        let Some(found) = annex(text, "").filter(|_| !is_sentence) else {
            return false;
        };
        let wanted = found.number.unwrap_or_else(|| "1".to_owned());
        let path = self.free('a', &wanted);
        self.close();
        self.tree.close_to(0);
        (self.annex, self.section) = (Some(path.clone()), None);
        self.uncited = None;
        self.begin_anew();
        let citation = self.place(&path);
        self.loose = Some(Items::of_annex(citation.clone()));
        let number = path[1..].to_owned();
        self.tree.add(NodeKind::Annex, Some(citation), number, text);
        true
    }

    fn heading(&mut self, text: &str, found: Titled) {
        self.close();
        self.tree.close_to(rank(NodeKind::Section));
        let node = self.tree.add(NodeKind::Section, None, found.number, text);
        self.tree.out.nodes[node].title = Some(found.title).filter(|t| !t.is_empty());
        if self.annex.is_some() {
            self.may_begin = true;
            return;
        }
        let wanted = found
            .figure
            .map_or_else(|| "1".to_owned(), |n| n.to_string());
        let label = self.free('s', &wanted);
        let citation = self.place(&label);
        self.loose = Some(Items::of_annex(citation.clone()));
        self.uncited = Some((node, citation));
        self.section = Some((found.figure, label));
        self.may_begin = true;
    }

    /// The label of a section or annex: the number it bears, or the next one that is not taken.
    fn free(&mut self, letter: char, wanted: &str) -> String {
        let whole = wanted.parse::<u32>().unwrap_or(1);
        let own = format!("{letter}{wanted}");
        let later = (whole + 1..).map(|n| format!("{letter}{n}"));
        let mut all = std::iter::once(own).chain(later);
        let label = all.find(|label| !self.taken.contains(label));
        let label = label.unwrap_or_default();
        self.taken.insert(label.clone());
        label
    }

    fn place(&self, label: &str) -> Citation {
        Citation {
            annex: vec![label.to_owned()],
            ..Citation::of_act(self.act.clone())
        }
    }

    fn begin_anew(&mut self) {
        self.last.clear();
        self.leads.clear();
        self.may_begin = true;
    }

    fn point(&mut self, text: &str, label: Label<'_>) {
        self.close();
        let above = match (&self.annex, &self.section, self.labels) {
            (Some(annex), ..) => vec![annex.clone()],
            (None, Some((_, section)), Labels::InSection) => vec![section.clone()],
            _ => Vec::new(),
        };
        let citation = Citation {
            annex: above,
            point: Some(label.number.clone()),
            ..Citation::of_act(self.act.clone())
        };
        self.repeated |= !self.seen.insert(citation.clone());
        let node = self
            .tree
            .add(NodeKind::Point, Some(citation.clone()), label.number, text);
        self.leads
            .retain(|(levels, _)| label.levels.starts_with(levels) && label.levels != *levels);
        if let Some((_, words)) = self.leads.last() {
            self.tree.out.nodes[node].path.push(words.clone());
        }
        if text.ends_with(':') {
            let words: String = label.rest.chars().take(LEAD).collect();
            let words = words.trim_end_matches(':').to_owned();
            self.leads.push((label.levels.clone(), words));
        }
        self.last = label.levels;
        self.may_begin = false;
        self.items = Some(Items::of_point(citation));
    }

    fn close(&mut self) {
        self.items = None;
        self.tree.close_to(rank(NodeKind::Point));
    }

    /// A line that opens nothing: inside the open point, loose in its section or annex, or in the head.
    fn inner(&mut self, text: &str) {
        let Some(items) = self.items.as_mut().or(self.loose.as_mut()) else {
            self.tree.add(NodeKind::Preamble, None, String::new(), text);
            return;
        };
        let item = items.next(text);
        if self.items.is_none()
            && let Some((node, citation)) = self.uncited.take()
        {
            self.tree.out.nodes[node].citation = Some(citation);
        }
        if item.kind != NodeKind::Footnote {
            self.tree.close_to(rank(item.kind));
        }
        self.tree.add(item.kind, item.citation, item.number, text);
    }
}

/// Whether «5. Оплата труда» is the heading of a section: its own points follow, or it is in capitals.
fn is_section(label: &Label<'_>, below: &[&str]) -> bool {
    let [top] = label.levels[..] else {
        return false;
    };
    let has_points = || {
        let next = below.iter().find_map(|line| number::label(line));
        next.is_some_and(|next| next.levels.len() > 1 && next.levels[0] == top)
    };
    is_heading(label.rest) || number::is_title(label.rest) && has_points()
}

/// Where those sign who agreed.
fn is_closing(text: &str) -> bool {
    const BEGIN: [&str; 7] = [
        "От работодателя",
        "От работников",
        "От имени работ",
        "Представитель работ",
        "Подписи сторон",
        "ПОДПИСИ СТОРОН",
        "М.П.",
    ];
    text.contains("____") || BEGIN.iter().any(|words| text.starts_with(words))
}

/// Whether no point follows before the next annex.
fn ends_here(below: &[&str]) -> bool {
    let own = below.iter().take_while(|line| annex(line, "").is_none());
    own.into_iter().all(|line| number::label(line).is_none())
}

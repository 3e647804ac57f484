//! Acts → passages for the index: every part, and every whole article.

mod points;

use serde::Serialize;

use super::act::{NodeKind, ParsedAct, ParsedNode};
use crate::law::Citation;

/// The splitter's version; an index of another version is rebuilt.
pub const SPLITTER_VERSION: u32 = 1;

/// The longest part passage, in characters.
pub const MAX_CHARS: usize = 700;

/// What a passage holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PassageKind {
    /// A part of an article, or a piece of a long part.
    Part,
    /// The whole body of an article.
    Article,
}

/// A piece of text that is found and quoted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Passage {
    /// The smallest norm that holds the whole passage.
    pub citation: Citation,
    /// What it holds.
    pub kind: PassageKind,
    /// «Статья N. Название»; for later pieces of a long part its first words follow.
    pub title: String,
    /// The words of the law.
    pub text: String,
    /// First character in the act's cleaned text.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

/// Returns the passages of an act in order: the parts of each article, then the article. The part passages of an article tile its
/// body but for white space between them. Costs one pass.
///
/// In an act of points a point stands for an article, and what an annex holds outside its points for another.
pub fn split(act: &ParsedAct) -> Vec<Passage> {
    let chars = act.text.chars().collect::<Vec<_>>();
    let mut out = Vec::new();
    if !act.act.has_articles() {
        points::split(act, &chars, &mut out);
        return out;
    }
    for (i, article) in act
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, n)| n.kind == NodeKind::Article)
    {
        let inner = act.nodes[i + 1..]
            .iter()
            .take_while(|n| n.kind.is_inside_article());
        let inner = inner.filter(|n| n.start < n.end).collect::<Vec<_>>();
        let (Some(first), Some(citation)) = (inner.first(), &article.citation) else {
            continue;
        };
        let title = match &article.title {
            Some(title) => format!("Статья {}. {title}", article.number),
            None => format!("Статья {}", article.number),
        };
        for (k, part) in inner
            .iter()
            .enumerate()
            .filter(|(_, n)| n.kind == NodeKind::Part)
        {
            let leaves = inner[k..]
                .iter()
                .enumerate()
                .take_while(|(j, n)| *j == 0 || n.kind != NodeKind::Part)
                .map(|(_, n)| *n);
            part_passages(part, &leaves.collect::<Vec<_>>(), &title, &chars, &mut out);
        }
        let (start, end) = (first.start, article.end);
        out.push(Passage {
            citation: citation.clone(),
            kind: PassageKind::Article,
            title,
            text: chars[start..end].iter().collect(),
            start,
            end,
        });
    }
    out
}

/// A stretch of a part that belongs to one norm.
struct Piece {
    citation: Citation,
    start: usize,
    end: usize,
}

fn part_passages(
    part: &ParsedNode,
    nodes: &[&ParsedNode],
    title: &str,
    chars: &[char],
    out: &mut Vec<Passage>,
) {
    let Some(citation) = part.citation.clone() else {
        return;
    };
    if part.end - part.start <= MAX_CHARS {
        out.push(passage(
            &citation,
            title.to_owned(),
            (part.start, part.end),
            chars,
        ));
        return;
    }
    let pieces = pieces(nodes, &citation, part.end, chars);
    let intro = intro(part, nodes, chars);
    let mut group: Option<Piece> = None;
    for piece in pieces {
        match &mut group {
            Some(open) if piece.end - open.start <= MAX_CHARS => {
                open.end = piece.end;
                open.citation = common(&open.citation, &piece.citation);
            }
            _ => {
                emit(group.replace(piece), part, title, &intro, (chars, out));
            }
        }
    }
    emit(group, part, title, &intro, (chars, out));
}

fn emit(
    piece: Option<Piece>,
    part: &ParsedNode,
    title: &str,
    intro: &str,
    (chars, out): (&[char], &mut Vec<Passage>),
) {
    let Some(piece) = piece else { return };
    let title = if piece.start == part.start || intro.is_empty() {
        title.to_owned()
    } else {
        format!("{title}. {intro}")
    };
    out.push(passage(
        &piece.citation,
        title,
        (piece.start, piece.end),
        chars,
    ));
}

fn passage(
    citation: &Citation,
    title: String,
    (start, end): (usize, usize),
    chars: &[char],
) -> Passage {
    Passage {
        citation: citation.clone(),
        kind: PassageKind::Part,
        title,
        text: chars[start..end].iter().collect(),
        start,
        end,
    }
}

/// The first words of a long part, as the title of its later pieces; nothing where the part is one line.
fn intro(part: &ParsedNode, nodes: &[&ParsedNode], chars: &[char]) -> String {
    let Some(second) = nodes.iter().find(|n| n.start > part.start) else {
        return String::new();
    };
    let line = chars[part.start..second.start].iter().collect::<String>();
    let line = line.trim().trim_end_matches(':');
    match line.char_indices().nth(200) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line.to_owned(),
    }
}

/// Lines of the part, cut at sentences where one is too long.
fn pieces(nodes: &[&ParsedNode], part: &Citation, end: usize, chars: &[char]) -> Vec<Piece> {
    let mut out = Vec::new();
    for (i, node) in nodes.iter().enumerate() {
        let next = nodes[i + 1..]
            .iter()
            .map(|n| n.start)
            .find(|s| *s > node.start)
            .unwrap_or(end);
        // A node that begins where its child does leaves the line to the child.
        let taken = nodes[i + 1..].iter().any(|n| n.start == node.start);
        if taken {
            continue;
        }
        // A footnote has no label of its own.
        let citation = node.citation.clone().unwrap_or_else(|| part.clone());
        let line_end = if next < end { next - 1 } else { end };
        for (a, b) in spans(&chars[node.start..line_end], MAX_CHARS) {
            out.push(Piece {
                citation: citation.clone(),
                start: node.start + a,
                end: node.start + b,
            });
        }
    }
    out
}

/// Returns spans of at most `max` characters that tile `text`, cut after a sentence, else after «;» or «,», else at a space, else anywhere.
pub fn spans(text: &[char], max: usize) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut start = 0;
    while text.len() - start > max {
        let window = &text[start..start + max];
        let after = |ends: &dyn Fn(char) -> bool| {
            (1..window.len())
                .rev()
                .find(|i| window[*i].is_whitespace() && ends(window[*i - 1]) && *i >= max / 3)
                .map(|i| i + 1)
        };
        let cut = after(&|c| matches!(c, '.' | '!' | '?'))
            .or_else(|| after(&|c| c == ';'))
            .or_else(|| after(&|c| c == ','))
            .or_else(|| after(&|_| true))
            .unwrap_or(max);
        out.push((start, start + cut));
        start += cut;
    }
    out.push((start, text.len()));
    out
}

/// The smallest norm that holds both.
fn common(a: &Citation, b: &Citation) -> Citation {
    let mut at = a.clone();
    while !at.contains(b) {
        match at.parent() {
            Some(up) => at = up,
            None => return a.article(),
        }
    }
    at
}

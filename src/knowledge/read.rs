//! Bytes of a file → a checked act.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::act::{EditionBasis, NodeKind, ParsedAct, ParsedNode};
use super::edition::edition;
use super::error::KnowledgeError;
use super::heading::{ArticleStyle, Heading, heading};
use super::html::Block;
use super::identity::{Identity, identify};
use super::lay::{is_ended, lay};
use super::notes::{amends, amends_points};
use super::points;
use super::structure::{Own, build};
use super::tree::Structure;
use crate::law::ActId;

/// Returns the act that a file holds: HTML of the official portal, docx, odt, plain text, Markdown, RTF or pdf, told apart by the bytes.
///
/// Fails on an empty or binary file, an error page, a page without articles and points, a text whose end or middle is missing, and
/// an act that has no known name. Costs one pass over the file; the Labour Code takes well under a second.
pub fn read(bytes: &[u8], name: &str) -> Result<ParsedAct, KnowledgeError> {
    let (blocks, style) = lay(bytes, name)?;
    let mut act = match style.articles {
        Some(articles) => of_articles(&blocks, articles, style.unsigned, name)?,
        None => of_points(&blocks, name)?,
    };
    style.format.clone_into(&mut act.format);
    act.sha256 = hex(&Sha256::digest(bytes));
    Ok(act)
}

/// An act that is divided into articles.
fn of_articles(
    blocks: &[Block],
    style: ArticleStyle,
    unsigned: bool,
    name: &str,
) -> Result<ParsedAct, KnowledgeError> {
    let first = blocks
        .iter()
        .position(|b| heading(&b.class, &b.text, style).is_some())
        .unwrap_or(blocks.len());
    let identity = identify(blocks, first);
    let end = identity.signature.unwrap_or(blocks.len());
    let last = last_article(&blocks[..end], style);
    check_end(&identity, &last, unsigned && is_ended(&blocks[..end]), name)?;
    let unknown = |title: &str| KnowledgeError::UnknownAct {
        name: name.to_owned(),
        title: title.to_owned(),
    };
    let Some(act) = identity.act.clone() else {
        return Err(unknown(&identity.title));
    };
    let own = match identity.amends {
        true => Own::Amending,
        false => Own::All,
    };
    let structure = build(&blocks[..end], &act, style, own);
    let (gaps, duplicates) = numbering(&structure, identity.first_article);
    check_gaps(&gaps, &structure, name)?;
    let Some(adopted) = identity.adopted else {
        return Err(unknown(&identity.title));
    };
    let edition = edition(&structure, &blocks[..first], adopted, amends);
    let (headings, with_body) = (count(&structure, NodeKind::Article), with_body(&structure));
    Ok(ParsedAct {
        headings,
        with_body,
        gaps,
        duplicates,
        ..parsed(
            act,
            (identity.title, identity.number, adopted),
            edition,
            structure,
        )
    })
}

/// An act that has points in place of articles.
fn of_points(blocks: &[Block], name: &str) -> Result<ParsedAct, KnowledgeError> {
    let head = points::head(blocks);
    let (Some(act), Some(adopted)) = (head.act, head.adopted) else {
        return Err(KnowledgeError::UnknownAct {
            name: name.to_owned(),
            title: head.title,
        });
    };
    let points = points::build(blocks, head.length, &act);
    points::check(&points, &act, name)?;
    let gaps = points::gaps(&points);
    let structure = points.structure;
    // Publishers note in the body what was struck out, and reword without a note: without their list the day is unknown.
    let is_listed = blocks[..head.length].iter().any(|b| !b.marks.is_empty());
    let is_changed = structure.notes.iter().any(|n| amends_points(&n.law));
    if is_changed && !is_listed {
        return Err(KnowledgeError::EditionUnknown {
            name: name.to_owned(),
        });
    }
    let edition = edition(&structure, &blocks[..head.length], adopted, amends_points);
    let kept = |n: &&ParsedNode| n.kind == NodeKind::Point && !n.repealed;
    Ok(ParsedAct {
        headings: count(&structure, NodeKind::Point),
        with_body: structure.nodes.iter().filter(kept).count(),
        gaps,
        ..parsed(act, (head.title, head.number, adopted), edition, structure)
    })
}

/// What both kinds of acts have; the counts of articles or points are still to be filled in.
fn parsed(
    act: ActId,
    (title, number, adopted): (String, String, Date),
    (edition, edition_basis): (Date, EditionBasis),
    structure: Structure,
) -> ParsedAct {
    ParsedAct {
        act,
        title,
        number,
        adopted,
        edition,
        edition_basis,
        headings: 0,
        with_body: 0,
        chapters: count(&structure, NodeKind::Chapter),
        sections: count(&structure, NodeKind::Section),
        annexes: count(&structure, NodeKind::Annex),
        forms: count(&structure, NodeKind::Form),
        gaps: Vec::new(),
        duplicates: Vec::new(),
        unparsed: structure.unparsed,
        format: String::new(),
        sha256: String::new(),
        text: structure.text,
        nodes: structure.nodes,
        notes: structure.notes,
    }
}

fn count(structure: &Structure, kind: NodeKind) -> usize {
    structure.nodes.iter().filter(|n| n.kind == kind).count()
}

/// Returns bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn last_article(blocks: &[Block], style: ArticleStyle) -> String {
    let mut articles = blocks
        .iter()
        .filter_map(|b| match heading(&b.class, &b.text, style) {
            Some(Heading::Article(number, _)) => Some(number),
            _ => None,
        });
    articles.next_back().unwrap_or_default()
}

/// A whole text ends with a signature; acts published without one, and copies saved without one, end with their last article.
fn check_end(
    identity: &Identity,
    last: &str,
    ended: bool,
    name: &str,
) -> Result<(), KnowledgeError> {
    let base = last
        .split('.')
        .next()
        .and_then(|b| b.parse::<u32>().ok())
        .unwrap_or(0);
    let reached = identity.last_article.map(|wanted| base >= wanted);
    let unsigned = matches!(
        identity.act.as_ref().map(|a| a.as_str()),
        Some("konst" | "kzot-1971")
    );
    let whole = match reached {
        Some(reached) => reached && (unsigned || ended || identity.signature.is_some()),
        None => identity.signature.is_some(),
    };
    match whole {
        true => Ok(()),
        false => Err(KnowledgeError::CutOff {
            name: name.to_owned(),
            last: format!("статьи {last}"),
        }),
    }
}

/// Whole numbers missing between the first and the last, and numbers that stand twice.
fn numbering(structure: &Structure, first: u32) -> (Vec<String>, Vec<String>) {
    let mut seen = BTreeSet::new();
    let mut duplicates = Vec::new();
    let mut bases = BTreeSet::new();
    for article in structure
        .nodes
        .iter()
        .filter(|n| n.kind == NodeKind::Article)
    {
        if !seen.insert(article.number.clone()) {
            duplicates.push(article.number.clone());
        }
        bases.extend(
            article
                .number
                .split(['.', '-'])
                .next()
                .and_then(|b| b.parse::<u32>().ok()),
        );
    }
    let last = bases.last().copied().unwrap_or(0);
    let gaps = (first..=last)
        .filter(|n| !bases.contains(n))
        .map(|n| n.to_string())
        .collect();
    (gaps, duplicates)
}

/// A few missing numbers happen in real acts; a piece of a page that was lost takes many in a row.
fn check_gaps(gaps: &[String], structure: &Structure, name: &str) -> Result<(), KnowledgeError> {
    let articles = structure
        .nodes
        .iter()
        .filter(|n| n.kind == NodeKind::Article)
        .count();
    let is_code = structure
        .nodes
        .iter()
        .any(|n| n.citation.as_ref().is_some_and(|c| c.act.as_str() == "tk"));
    let allowed = if is_code { 0 } else { articles / 5 + 1 };
    if gaps.len() <= allowed {
        return Ok(());
    }
    let mut missing = gaps.iter().take(8).cloned().collect::<Vec<_>>().join(", ");
    if gaps.len() > 8 {
        missing.push_str(" …");
    }
    Err(KnowledgeError::Gaps {
        name: name.to_owned(),
        what: "статей",
        missing,
    })
}

fn with_body(structure: &Structure) -> usize {
    let nodes = &structure.nodes;
    let has_text = |i: usize| {
        nodes[i + 1..]
            .iter()
            .take_while(|n| n.kind.is_inside_article())
            .any(|n| n.start < n.end)
    };
    (0..nodes.len())
        .filter(|i| nodes[*i].kind == NodeKind::Article && has_text(*i))
        .count()
}

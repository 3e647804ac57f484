//! Local acts: collective agreements, industry agreements, an employer's rules.
//!
//! They have no fixed form. What counts in them is told from the lines: articles as in a law; points («5.4.») under numbered
//! sections; or, where nothing is numbered, the paragraphs in their order.

mod build;
mod number;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::account;
use super::act::{EditionBasis, NodeKind, ParsedAct};
use super::error::KnowledgeError;
use super::heading::ArticleStyle;
use super::html::Block;
use super::lay::{Layout, Opened, open};
use super::read::{count, hex, parsed};
use super::structure::{Own, build as of_articles};
use super::tree::Structure;
use crate::law::{ActId, LocalUnit};

/// Fewer letters are no text of an agreement.
const LEAST_LETTERS: usize = 20;
/// So many headings «Статья N» make an act of articles.
const LEAST_ARTICLES: usize = 2;

/// Returns the local act in a file of any form that law is read from. `act` is its id, whatever it counts: the id that comes
/// back tells what the text counts. `from` is its first day in force; title and day of signing are for the caller to fill in.
///
/// Fails on a file that cannot be read, has no text (a scan), or whose id is one of the law. A few passes over the lines.
pub fn read_local(
    bytes: &[u8],
    name: &str,
    act: &ActId,
    from: Date,
) -> Result<ParsedAct, KnowledgeError> {
    let Opened { laid, format, .. } = open(bytes, name, Layout::Any)?;
    let letters = laid.blocks.iter().flat_map(|b| b.text.chars());
    if letters.filter(|c| c.is_alphabetic()).count() < LEAST_LETTERS {
        return Err(KnowledgeError::Empty {
            name: name.to_owned(),
        });
    }
    let (act, structure) =
        structured(&laid.blocks, act).ok_or_else(|| KnowledgeError::Contradiction {
            name: name.to_owned(),
            what: "обозначение локального акта",
            said: "local-…".to_owned(),
            given: act.to_string(),
        })?;
    let kind = match act.has_articles() {
        true => NodeKind::Article,
        false => NodeKind::Point,
    };
    let (headings, duplicates) = (count(&structure, kind), twice(&structure));
    let names = (String::new(), String::new(), from);
    let mut act = ParsedAct {
        headings,
        with_body: headings,
        duplicates,
        format: format.to_owned(),
        sha256: hex(&Sha256::digest(bytes)),
        ..parsed(act, names, (from, EditionBasis::Given), structure)
    };
    act.removed = account::place(laid.removed, &laid.read);
    act.account = account::account(&laid.read, &act.text, &act.removed);
    Ok(act)
}

/// What the lines count, and the nodes; nothing where the id is none of a local act.
fn structured(blocks: &[Block], act: &ActId) -> Option<(ActId, Structure)> {
    let articles = blocks
        .iter()
        .filter(|b| super::heading::article(&b.text).is_some());
    if articles.count() >= LEAST_ARTICLES {
        let act = act.counting(LocalUnit::Article)?;
        let blocks: Vec<Block> = blocks.iter().cloned().map(headed).collect();
        let structure = of_articles(&blocks, &act, ArticleStyle::Headed, Own::All);
        return Some((act, structure));
    }
    let of_points = act.counting(LocalUnit::Point)?;
    if let Some(structure) = build::points(blocks, &of_points) {
        return Some((of_points, structure));
    }
    let of_paragraphs = act.counting(LocalUnit::Paragraph)?;
    let structure = build::paragraphs(blocks, &of_paragraphs);
    Some((of_paragraphs, structure))
}

/// The heading of an article as the law's own readers mark it.
fn headed(block: Block) -> Block {
    match super::heading::article(&block.text) {
        Some(_) => Block {
            class: "H".to_owned(),
            ..block
        },
        None => block,
    }
}

/// Labels that two norms bear.
fn twice(structure: &Structure) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let cited = structure.nodes.iter().filter_map(|n| n.citation.as_ref());
    let labels = cited.map(ToString::to_string);
    labels.filter(|label| !seen.insert(label.clone())).collect()
}

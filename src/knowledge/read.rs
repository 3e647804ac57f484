//! Bytes of a file → a checked act.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::account;
use super::act::{NodeKind, ParsedAct};
use super::edition::edition;
use super::error::KnowledgeError;
use super::given::Given;
use super::heading::{ArticleStyle, Heading, heading};
use super::html::Block;
use super::identity::{Identity, identify};
use super::laid::{Laid, Removed, RemovedWhy};
use super::lay::{is_ended, lay};
use super::structure::{Structure, build};

/// Returns the act that a file holds: HTML of the official portal, docx, odt, plain text, Markdown or RTF, told apart by the bytes.
///
/// Fails on an empty or binary file, an error page, a page without articles, a text whose end or middle is missing, and an act
/// that has no known name. Costs one pass over the file; the Labour Code takes well under a second.
pub fn read(bytes: &[u8], name: &str) -> Result<ParsedAct, KnowledgeError> {
    read_as(bytes, name, &Given::default())
}

/// Returns the act that a file holds, as [`read`] does, with act and edition from `given` where the file does not say them.
///
/// Fails as `read` does, and where the file says another act or edition than was given.
pub fn read_as(bytes: &[u8], name: &str, given: &Given) -> Result<ParsedAct, KnowledgeError> {
    let name_owned = || name.to_owned();
    let (laid, style) = lay(bytes, name)?;
    let Laid {
        blocks,
        removed,
        read,
    } = laid;
    let first = blocks
        .iter()
        .position(|b| heading(&b.class, &b.text, style.articles).is_some())
        .unwrap_or(blocks.len());
    let mut identity = identify(&blocks, first);
    given.act(&mut identity, name)?;
    let end = identity.signature.unwrap_or(blocks.len());
    let last = last_article(&blocks[..end], style.articles);
    check_end(
        &identity,
        &last,
        style.unsigned && is_ended(&blocks[..end]),
        name,
    )?;
    let (style, format) = (style.articles, style.format);
    let Some(act) = identity.act.clone() else {
        return Err(KnowledgeError::UnknownAct {
            name: name_owned(),
            title: identity.title,
        });
    };
    let structure = build(&blocks[..end], &act, style);
    let (gaps, duplicates) = numbering(&structure, identity.first_article);
    check_gaps(&gaps, &structure, name)?;
    let Some(adopted) = identity.adopted.or(given.edition) else {
        return Err(KnowledgeError::UnknownEdition {
            name: name_owned(),
            act: act.to_string(),
        });
    };
    let said = edition(&structure, &blocks[..first], adopted);
    let (edition, edition_basis) = given.edition(said, name)?;
    let removed = account::place(with_signature(removed, &blocks[end..]), &read);
    let account = account::account(&read, &structure.text, &removed);
    let count = |kind: NodeKind| structure.nodes.iter().filter(|n| n.kind == kind).count();
    Ok(ParsedAct {
        act,
        title: identity.title,
        number: identity.number,
        adopted,
        edition,
        edition_basis,
        headings: count(NodeKind::Article),
        with_body: with_body(&structure),
        chapters: count(NodeKind::Chapter),
        sections: count(NodeKind::Section),
        gaps,
        duplicates,
        unparsed: structure.unparsed,
        format: format.to_owned(),
        sha256: hex(&Sha256::digest(bytes)),
        text: structure.text,
        nodes: structure.nodes,
        notes: structure.notes,
        removed,
        account,
    })
}

/// The most paragraphs of a signature: who signed, where, when and under which number.
const SIGNATURE: usize = 8;
/// The longest of them, in characters.
const SIGNATURE_LINE: usize = 120;

/// Lists the signature and what stands behind it.
fn with_signature(mut removed: Vec<Removed>, closing: &[Block]) -> Vec<Removed> {
    let signed = closing
        .iter()
        .take(SIGNATURE)
        .take_while(|b| b.text.chars().count() <= SIGNATURE_LINE)
        .count();
    for (at, block) in closing
        .iter()
        .enumerate()
        .filter(|(_, b)| !b.text.is_empty())
    {
        let why = match at < signed {
            true => RemovedWhy::Signature,
            false => RemovedWhy::BehindSignature,
        };
        removed.push(Removed::new(why, &block.text));
    }
    removed
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
            last: last.to_owned(),
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

//! Bytes of a file → a checked act.

use std::collections::BTreeSet;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::account;
use super::act::{EditionBasis, NodeKind, ParsedAct, ParsedNode};
use super::edition::edition;
use super::error::KnowledgeError;
use super::given::Given;
use super::heading::{ArticleStyle, Heading, heading};
use super::html::Block;
use super::identity::{Identity, identify};
use super::laid::{Laid, Removed, RemovedWhy};
use super::lay::{is_ended, lay};
use super::notes::{amends, amends_points};
use super::points;
use super::structure::{Own, build};
use super::title::tidied;
use super::tree::Structure;
use crate::law::ActId;

/// Returns the act that a file holds: HTML of the official portal, docx, odt, plain text, Markdown, RTF or pdf, told apart by the bytes.
///
/// Fails on an empty or binary file, an error page, a page without articles and points, a text whose end or middle is missing, and
/// an act that has no known name. Costs one pass over the file; the Labour Code takes well under a second.
pub fn read(bytes: &[u8], name: &str) -> Result<ParsedAct, KnowledgeError> {
    read_as(bytes, name, &Given::default())
}

/// Returns the act that a file holds, as [`read`] does, with act and edition from `given` where the file does not say them.
///
/// Fails as `read` does, and where the file says another act or edition than was given.
pub fn read_as(bytes: &[u8], name: &str, given: &Given) -> Result<ParsedAct, KnowledgeError> {
    let (laid, style) = lay(bytes, name)?;
    let Laid {
        blocks,
        mut removed,
        read,
    } = laid;
    let (remarks, blocks): (Vec<Block>, Vec<Block>) = blocks
        .into_iter()
        .partition(|block| given.takes_out(&block.text));
    let remarks = remarks.into_iter();
    removed.extend(remarks.map(|b| Removed::new(RemovedWhy::EditorsNote, b.text)));
    let (mut act, closing) = match style.articles {
        Some(articles) => of_articles(&blocks, articles, style.unsigned, given, name)?,
        None => of_points(&blocks, given, name)?,
    };
    style.format.clone_into(&mut act.format);
    act.sha256 = hex(&Sha256::digest(bytes));
    act.removed = account::place(with_signature(removed, &closing), &read);
    act.account = account::account(&read, &act.text, &act.removed);
    Ok(act)
}

/// An act, and the lines of its signature and behind it.
type Closed = (ParsedAct, Vec<String>);

/// An act that is divided into articles.
fn of_articles(
    blocks: &[Block],
    style: ArticleStyle,
    unsigned: bool,
    given: &Given,
    name: &str,
) -> Result<Closed, KnowledgeError> {
    let first = blocks
        .iter()
        .position(|b| heading(&b.class, &b.text, style).is_some())
        .unwrap_or(blocks.len());
    let mut identity = identify(blocks, first);
    given.act(&mut identity, name)?;
    let end = identity.signature.unwrap_or(blocks.len());
    let last = last_article(&blocks[..end], style);
    check_end(&identity, &last, unsigned && is_ended(&blocks[..end]), name)?;
    let Some(act) = identity.act.clone() else {
        return Err(KnowledgeError::UnknownAct {
            name: name.to_owned(),
            title: identity.title,
        });
    };
    let own = match identity.amends {
        true => Own::Amending,
        false => Own::All,
    };
    let structure = build(&blocks[..end], &act, style, own);
    let (gaps, duplicates) = numbering(&structure, identity.first_article);
    check_gaps(&gaps, &structure, name)?;
    let adopted = known_day(identity.adopted, &act, given, name)?;
    let said = edition(&structure, &blocks[..first], adopted, amends);
    let edition = given.edition(said, name)?;
    let (headings, with_body) = (count(&structure, NodeKind::Article), with_body(&structure));
    let title = tidied(&identity.title, &identity.number);
    let names = (title, identity.number, adopted);
    let act = ParsedAct {
        headings,
        with_body,
        gaps,
        duplicates,
        ..parsed(act, names, edition, structure)
    };
    let closing = blocks[end..].iter().map(|b| b.text.clone()).collect();
    Ok((act, closing))
}

/// The day of the act, or the one that was given where the file says none.
fn known_day(
    adopted: Option<Date>,
    act: &ActId,
    given: &Given,
    name: &str,
) -> Result<Date, KnowledgeError> {
    adopted
        .or(given.edition)
        .ok_or_else(|| KnowledgeError::UnknownEdition {
            name: name.to_owned(),
            act: act.to_string(),
        })
}

/// An act that has points in place of articles.
fn of_points(blocks: &[Block], given: &Given, name: &str) -> Result<Closed, KnowledgeError> {
    let head = points::head(blocks);
    let Some(act) = given.known_act(head.act, name)? else {
        return Err(KnowledgeError::UnknownAct {
            name: name.to_owned(),
            title: head.title,
        });
    };
    let adopted = known_day(head.adopted, &act, given, name)?;
    let points = points::build(blocks, head.length, &act);
    points::check(&points, &act, name)?;
    let gaps = points::gaps(&points);
    let (structure, closing) = (points.structure, points.closing);
    // Publishers note in the body what was struck out, and reword without a note: without their list the day is unknown.
    let is_listed = blocks[..head.length].iter().any(|b| !b.marks.is_empty());
    let is_changed = structure.notes.iter().any(|n| amends_points(&n.law));
    let edition = match given.edition {
        Some(day) if is_changed && !is_listed => (day, EditionBasis::Given),
        None if is_changed && !is_listed => {
            return Err(KnowledgeError::EditionUnknown {
                name: name.to_owned(),
            });
        }
        _ => {
            let said = edition(&structure, &blocks[..head.length], adopted, amends_points);
            given.edition(said, name)?
        }
    };
    let title = tidied(&head.title, &head.number);
    let kept = |n: &&ParsedNode| n.kind == NodeKind::Point && !n.repealed;
    let act = ParsedAct {
        headings: count(&structure, NodeKind::Point),
        with_body: structure.nodes.iter().filter(kept).count(),
        gaps,
        ..parsed(act, (title, head.number, adopted), edition, structure)
    };
    Ok((act, closing))
}

/// What all acts have; the counts of articles or points and the balance of characters are still to be filled in.
pub(super) fn parsed(
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
        removed: Vec::new(),
        account: account::Account::default(),
    }
}

pub(super) fn count(structure: &Structure, kind: NodeKind) -> usize {
    structure.nodes.iter().filter(|n| n.kind == kind).count()
}

/// The most paragraphs of a signature: who signed, where, when and under which number.
const SIGNATURE: usize = 8;
/// The longest of them, in characters.
const SIGNATURE_LINE: usize = 120;

/// Lists the signature and what stands behind it.
fn with_signature(mut removed: Vec<Removed>, closing: &[String]) -> Vec<Removed> {
    let signed = closing
        .iter()
        .take(SIGNATURE)
        .take_while(|line| line.chars().count() <= SIGNATURE_LINE)
        .count();
    for (at, line) in closing
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
    {
        let why = match at < signed {
            true => RemovedWhy::Signature,
            false => RemovedWhy::BehindSignature,
        };
        removed.push(Removed::new(why, line));
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

//! Checks every sentence of a draft against the passages that were retrieved: resolved, quoted, or struck.
//!
//! Whoever wrote a sentence, only code decides what it may cite.

mod types;

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

pub use types::{CheckedSentence, Flag, Quote, Sentence, SentenceKind, SourcePassage};

use crate::law::facts::{modality_mismatch, number_mismatches};
use crate::law::{ActId, Citation, InForce, find_references};

/// Returns the sentences with their norms, quotes and flags, in the same order. `on` is the day of the event.
///
/// Struck: an id that was not retrieved or was not in force on the day, no id at all where one is due, a quote that is not
/// verbatim, a reference in the words to an article that neither was retrieved nor is named by the norms themselves. Conflict: a statement with numbers that its norms do
/// not hold. Unsupported: free words that turn the norm round or bring numbers of their own. Costs one pass over each sentence
/// and its passages.
pub fn check(
    sentences: &[Sentence],
    passages: &HashMap<String, SourcePassage>,
    on: Date,
) -> Vec<CheckedSentence> {
    let retrieved = passages
        .values()
        .map(|p| p.citation.article())
        .collect::<HashSet<_>>();
    sentences
        .iter()
        .map(|s| check_one(s, passages, &retrieved, on))
        .collect()
}

fn check_one(
    sentence: &Sentence,
    passages: &HashMap<String, SourcePassage>,
    retrieved: &HashSet<Citation>,
    on: Date,
) -> CheckedSentence {
    let found = sentence
        .passage_ids
        .iter()
        .map(|id| passages.get(id).filter(|p| in_force(p, on)))
        .collect::<Vec<_>>();
    let resolved = found.iter().flatten().copied().collect::<Vec<_>>();
    let is_whole = resolved.len() == found.len()
        && (!resolved.is_empty() || sentence.kind == SentenceKind::Frame);
    let mut norms: Vec<Citation> = Vec::new();
    for passage in &resolved {
        if !norms.contains(&passage.citation) {
            norms.push(passage.citation.clone());
        }
    }
    let is_struck = !is_whole
        || !is_verbatim(sentence, &resolved)
        || names_other_articles(sentence, &resolved, retrieved);
    let flag = if is_struck {
        Some(Flag::Struck)
    } else {
        facts_flag(sentence, &resolved)
    };
    CheckedSentence {
        text: sentence.text.clone(),
        norms,
        kind: sentence.kind,
        flag,
        quotes: resolved.into_iter().map(Quote::of).collect(),
    }
}

fn in_force(passage: &SourcePassage, on: Date) -> bool {
    InForce {
        from: passage.from,
        until: passage.until,
    }
    .contains(on)
}

/// A quote stands in its passage word for word; only white space may differ.
fn is_verbatim(sentence: &Sentence, passages: &[&SourcePassage]) -> bool {
    if !matches!(sentence.kind, SentenceKind::Quote | SentenceKind::Local) {
        return true;
    }
    let plain = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = plain(&sentence.text);
    let said = said
        .strip_prefix('«')
        .and_then(|s| s.strip_suffix('»'))
        .unwrap_or(&said)
        .to_owned();
    !said.is_empty() && passages.iter().any(|p| plain(&p.text).contains(&said))
}

/// Whether the words name an article that nobody retrieved and no norm behind them names; the law's own words may.
fn names_other_articles(
    sentence: &Sentence,
    passages: &[&SourcePassage],
    retrieved: &HashSet<Citation>,
) -> bool {
    if matches!(sentence.kind, SentenceKind::Quote | SentenceKind::Local) {
        return false;
    }
    let act = passages
        .first()
        .map_or_else(ActId::tk, |p| p.citation.act.clone());
    let named_by_law = || {
        passages
            .iter()
            .flat_map(|p| find_references(&p.text, &p.citation.act))
            .map(|r| r.citation.article())
            .collect::<HashSet<_>>()
    };
    let strange = find_references(&sentence.text, &act)
        .into_iter()
        .map(|r| r.citation.article())
        .filter(|article| !retrieved.contains(article))
        .collect::<Vec<_>>();
    !strange.is_empty()
        && !strange
            .iter()
            .all(|article| named_by_law().contains(article))
}

fn facts_flag(sentence: &Sentence, passages: &[&SourcePassage]) -> Option<Flag> {
    let law = || {
        passages
            .iter()
            .map(|p| p.text.as_str())
            .collect::<Vec<_>>()
            .join("\n")
    };
    match sentence.kind {
        SentenceKind::Statement => {
            (!number_mismatches(&sentence.text, &law()).is_empty()).then_some(Flag::Conflict)
        }
        SentenceKind::Free => {
            let law = law();
            let wrong = !number_mismatches(&sentence.text, &law).is_empty()
                || modality_mismatch(&sentence.text, &law).is_some();
            wrong.then_some(Flag::Unsupported)
        }
        SentenceKind::Quote
        | SentenceKind::Local
        | SentenceKind::Deadline
        | SentenceKind::Frame => None,
    }
}

#[cfg(test)]
mod tests;

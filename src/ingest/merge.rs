//! Two copies of one edition: how they differ, and what only a publisher can have written.

use super::IngestError;
use crate::knowledge::{self, ParsedAct};
use crate::law::compare::{self, Change, Side};
use crate::store::{Store, VersionRow};
use std::collections::HashMap;
use std::fmt;

/// Differences that a line for people names; JSON names them all.
const SHOWN: usize = 20;

/// What a comparison with the copy that was held before found.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Merged {
    /// The form of the copy that was held: `docx`.
    pub held_format: String,
    pub differences: Differences,
    /// Paragraphs that look like a publisher's remark and stand in one copy only.
    pub unmarked: Vec<Note>,
    /// How many of them were taken out of the new copy before anything was compared or kept.
    pub dropped: usize,
}

/// Norms that the two copies of an edition word differently. `old` is the copy that was held.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct Differences {
    pub total: usize,
    pub changed: Vec<Change>,
    pub only_new: Vec<Change>,
    pub only_held: Vec<Change>,
}

/// A paragraph that looks like a remark.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    pub copy: WhichCopy,
    /// The norm it stands at or behind.
    pub norm: Option<String>,
    pub text: String,
}

/// One of two copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhichCopy {
    Held,
    New,
}

impl fmt::Display for Merged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = &self.differences;
        write!(
            f,
            "\n  сверено с копией ({}): норм с расхождениями {}",
            self.held_format, found.total
        )?;
        let lists = [
            ("иначе", &found.changed),
            ("только в новой копии", &found.only_new),
            ("только в прежней копии", &found.only_held),
        ];
        let all = lists
            .iter()
            .flat_map(|(what, list)| list.iter().map(move |one| (what, one)));
        for (what, one) in all.take(SHOWN) {
            let norm = one.new_norm.as_ref().or(one.old_norm.as_ref());
            write!(
                f,
                "\n    {} {what}: − {} + {}",
                norm.map_or("", |n| n.as_str()),
                shortened(&one.removed.join(" … ")),
                shortened(&one.added.join(" … "))
            )?;
        }
        if found.total > SHOWN {
            write!(f, "\n    … и ещё {}; все: --json", found.total - SHOWN)?;
        }
        for note in self.unmarked.iter().take(SHOWN) {
            let copy = match note.copy {
                WhichCopy::Held => "прежней",
                WhichCopy::New => "новой",
            };
            write!(
                f,
                "\n  похоже на примечание редактора, только в {copy} копии ({}){}: {}",
                note.norm.as_deref().unwrap_or("вне статей"),
                if self.dropped > 0 && note.copy == WhichCopy::New {
                    ", убрано"
                } else {
                    ""
                },
                shortened(&note.text)
            )?;
        }
        Ok(())
    }
}

fn shortened(text: &str) -> String {
    let mut short: String = text.chars().take(100).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// Compares an act with the copy of the same edition that is held; nothing where none is, or the very same file.
///
/// Labels pair the norms: in one edition they are the same. Costs one reading of the held edition.
pub(super) async fn with_held(
    store: &Store,
    act: &ParsedAct,
) -> Result<Option<Merged>, IngestError> {
    let held = store.edition_on(act.act.as_str(), act.edition).await?;
    let Some(held) = held.filter(|e| e.edition_date == act.edition && e.sha256 != act.sha256)
    else {
        return Ok(None);
    };
    let versions = store.versions_of_edition(&held.id).await?;
    let text = store.edition_text(&held.id).await?;
    let spans = spans_of(act);
    Ok(Some(Merged {
        held_format: held.format,
        differences: differences(&versions, act),
        unmarked: unmarked(&text, &spans_held(&versions), act, &spans),
        dropped: 0,
    }))
}

impl Merged {
    /// The paragraphs of the new copy that are a publisher's.
    pub(super) fn of_new(&self) -> Vec<String> {
        let new = self
            .unmarked
            .iter()
            .filter(|note| note.copy == WhichCopy::New);
        new.map(|note| note.text.clone()).collect()
    }

    /// What is told where the new copy was read again without its remarks: they stay listed.
    pub(super) fn after(mut self, first: Self) -> Self {
        self.dropped = first.of_new().len();
        self.unmarked = first.unmarked;
        self
    }
}

/// A label that stands twice is told apart by its turn.
fn keys<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    labels
        .map(|label| {
            let turn = seen.entry(label).or_default();
            *turn += 1;
            format!("{label}#{turn}")
        })
        .collect()
}

fn differences(held: &[VersionRow], act: &ParsedAct) -> Differences {
    let cited: Vec<(String, &knowledge::ParsedNode)> = act
        .nodes
        .iter()
        .filter_map(|node| Some((node.citation.as_ref()?.to_string(), node)))
        .collect();
    let old_keys = keys(held.iter().map(|v| v.citation.as_str()));
    let new_keys = keys(cited.iter().map(|(label, _)| label.as_str()));
    let old: Vec<Side<'_>> = held
        .iter()
        .zip(&old_keys)
        .map(|(version, key)| Side {
            provision: key,
            citation: &version.citation,
            start: version.start_char,
            end: version.end_char,
            text: &version.text,
            repealed: version.repealed,
        })
        .collect();
    let new: Vec<Side<'_>> = cited
        .iter()
        .zip(&new_keys)
        .map(|((label, node), key)| Side {
            provision: key,
            citation: label,
            start: super::count(node.start),
            end: super::count(node.end),
            text: &node.text,
            repealed: node.repealed,
        })
        .collect();
    let found = compare::compare(&old, &new);
    let mut differences = Differences {
        total: 0,
        changed: found.changed,
        only_new: found.inserted,
        only_held: found.repealed,
    };
    // Which copy says that a norm is repealed, and which leaves its words out, is no difference of words.
    differences
        .only_held
        .retain(|one| one.old.as_deref().is_some_and(has_words));
    differences
        .only_new
        .retain(|one| one.new.as_deref().is_some_and(has_words));
    differences.total =
        differences.changed.len() + differences.only_new.len() + differences.only_held.len();
    differences
}

/// Whether more than a label is left of a norm.
fn has_words(text: &str) -> bool {
    text.chars().filter(|c| c.is_alphabetic()).count() > 1
}

/// Where the norms of a text stand: characters from, until, label.
type Spans = Vec<(usize, usize, String)>;

fn spans_of(act: &ParsedAct) -> Spans {
    let cited = act.nodes.iter().filter_map(|node| {
        let label = node.citation.as_ref()?.to_string();
        Some((node.start, node.end, label))
    });
    cited.collect()
}

fn spans_held(versions: &[VersionRow]) -> Spans {
    let at = |n: i64| usize::try_from(n).unwrap_or(0);
    versions
        .iter()
        .map(|v| (at(v.start_char), at(v.end_char), v.citation.clone()))
        .collect()
}

/// Remarks without a mark of either copy: what looks like one and is missing in the other.
fn unmarked(held: &str, held_spans: &Spans, act: &ParsedAct, spans: &Spans) -> Vec<Note> {
    let lines = |text: &str| text.split('\n').map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(held), lines(&act.text));
    let mut found = notes(&new, &old, spans, WhichCopy::New);
    found.extend(notes(&old, &new, held_spans, WhichCopy::Held));
    found
}

fn notes(own: &[String], other: &[String], spans: &Spans, copy: WhichCopy) -> Vec<Note> {
    let mut starts = Vec::with_capacity(own.len());
    let mut at = 0;
    for line in own {
        starts.push(at);
        at += line.chars().count() + 1;
    }
    knowledge::unmarked(own, other)
        .into_iter()
        .map(|line| Note {
            copy,
            norm: spans
                .iter()
                .rfind(|(start, end, _)| *start <= starts[line] && starts[line] < *end)
                .map(|(_, _, label)| label.clone()),
            text: own[line].clone(),
        })
        .collect()
}

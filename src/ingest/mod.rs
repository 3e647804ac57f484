//! The step that takes texts of the law in: read, split, kept, ready to be indexed.

mod amended;
mod archive;
mod catalog;
pub mod child;
mod dates;
mod local;
mod files;
mod merge;
mod practice;
mod pull;
mod sources;
mod watch;

pub use amended::{AmendedReport, amended};
pub use archive::{Inside, Unpacked, unpack};
pub use catalog::{catalog, digest_articles, edits};
pub use child::Reading;
pub use dates::{keep_dates, term_changes};
pub use files::files;
pub use local::{LocalGiven, LocalOf, LocalRefusal, add_local};
pub use merge::{Differences, Merged, Note, WhichCopy};
pub use practice::{AddedFile, AddedPractice, Hints, Taken, add_any, read_any};
pub use pull::{Counts, PullOutcome, PullReport, pull, pull_quickly};
pub use sources::{Fewer, Mode, Patience, Sources};
pub use watch::{Checked, WatchReport, watch, watch_is_due};

pub use crate::knowledge::{Given, ParsedAct, RemovedWhy};

use crate::knowledge::{
    self, AmendmentNote, KnowledgeError, NodeKind, ParsedNode, Passage, PassageKind,
};
use crate::law::citation::{ActId, Citation};
use crate::store::{
    Act, EditionOutcome, EditionReport, FromBasis, NewEdition, NewNote, NewPassage, NewVersion,
    Store, StoreError,
};
use files::read_bytes;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::path::Path;

/// Who adds an edition when a command or the demo does.
const ACTOR: &str = "ingest";

#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    #[error("{path}: не удалось прочитать: {reason}. Проверьте путь и права.")]
    File { path: String, reason: String },
    #[error("{path}: файл больше 64 МБ; это не текст закона.")]
    TooLarge { path: String },
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(
        "Где брать акт «{act}», неизвестно: его нет в knowledge-base/sources.toml. Добавьте текст файлом: kb add ФАЙЛ."
    )]
    UnknownSource { act: String },
    /// The source has a text that must not stand in the place of ours.
    #[error(
        "{act}: портал отдал текст хуже того, что есть: {reason}. Оставлен прежний. Посмотрите страницу в браузере; если верна она, возьмите её: kb pull {act} --accept-fewer или kb add ФАЙЛ."
    )]
    Worse { act: String, reason: String },
    #[error(
        "{act}: акта нет, и неизвестно, с какого дня искать поправки. Назовите день: kb amended {act} --since ДЕНЬ."
    )]
    NoDay { act: String },
    #[error(transparent)]
    Local(#[from] LocalRefusal),
    #[error(
        "«{act}» — обозначение локального акта. Такой добавляют с владельцем и днями: soyuznik kb local add ФАЙЛ."
    )]
    IsLocal { act: ActId },
    #[error("Чтение прервалось: {0}")]
    Stopped(String),
    #[error("{path}: {reason}. Проверьте файл или сохраните текст в другом виде.")]
    Reader { path: String, reason: String },
    /// What a reader in a child process said.
    #[error("{message}")]
    Refused { message: String },
}

impl IngestError {
    /// The machine code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Reader { .. } => "reader",
            Self::Refused { .. } => "refused",
            Self::File { .. } => "file",
            Self::TooLarge { .. } => "too_large",
            Self::Knowledge(error) => error.code(),
            Self::Store(error) => error.code(),
            Self::UnknownSource { .. } => "not_found",
            Self::Worse { .. } => "worse",
            Self::NoDay { .. } => "no_day",
            Self::Local(refusal) => refusal.code(),
            Self::IsLocal { .. } => "local_act",
            Self::Stopped(_) => "stopped",
        }
    }
}

/// What became of one file.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Added {
    pub place: String,
    pub act: String,
    pub title: String,
    pub edition: Date,
    pub headings: usize,
    pub with_body: usize,
    pub annexes: usize,
    pub forms: usize,
    pub gaps: Vec<String>,
    pub unparsed: usize,
    /// Pieces that are no text of the act, by kind.
    pub removed: BTreeMap<RemovedWhy, usize>,
    pub report: EditionReport,
    /// How it differs from another copy of the same edition that was held before.
    pub merged: Option<Merged>,
    /// The last day of a local act, where nobody said one for this edition: that of the edition before.
    pub last_as_before: Option<Date>,
}

impl Added {
    fn of(act: &ParsedAct, place: String, report: EditionReport, merged: Option<Merged>) -> Self {
        Self {
            place,
            act: act.act.to_string(),
            title: act.title.clone(),
            edition: act.edition,
            headings: act.headings,
            with_body: act.with_body,
            annexes: act.annexes,
            forms: act.forms,
            gaps: act.gaps.clone(),
            unparsed: act.unparsed.len(),
            removed: removed(act),
            report,
            merged,
            last_as_before: None,
        }
    }
}

impl fmt::Display for Added {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let outcome = match self.report.outcome {
            EditionOutcome::Added => "добавлена",
            EditionOutcome::AlreadyHeld => "уже была",
            EditionOutcome::Replaced => "заменила другую копию",
            EditionOutcome::BetterHeld => "уже есть в лучшей копии и не взята",
        };
        let of_points = ActId::new(&self.act).is_ok_and(|act| !act.has_articles());
        let units = if of_points {
            "пунктов"
        } else {
            "статей"
        };
        write!(
            f,
            "{}: {}, редакция {} {outcome}; {units} {}, с текстом {}, фрагментов {}",
            self.act, self.title, self.edition, self.headings, self.with_body, self.report.passages
        )?;
        if self.annexes > 0 {
            write!(f, ", приложений {}", self.annexes)?;
        }
        let taken: usize = self
            .removed
            .iter()
            .filter(|(why, _)| why.is_taken_out())
            .map(|(_, n)| n)
            .sum();
        write!(f, ", убрано из текста кусков {taken}")?;
        if let Some(merged) = &self.merged {
            write!(f, "{merged}")?;
        }
        match self.last_as_before {
            Some(last) => write!(
                f,
                "\nДействует по {last}, как прежняя редакция. Если срок другой: soyuznik kb local end {} --on ДЕНЬ.",
                self.act
            ),
            None => Ok(()),
        }
    }
}

/// Adds one file of law to the store.
///
/// Fails, and keeps nothing of the file, where it is not a whole law; the message names the place and
/// the remedy. A file that is held already changes nothing. About 2 s for a code.
pub async fn add_file(store: &Store, path: &Path, reading: &Reading) -> Result<Added, IngestError> {
    add_file_as(store, path, reading, &Given::default()).await
}

/// As [`add_file`], with act and edition from `given` where the file does not say them.
///
/// Fails where the file says another act or edition than was given.
pub async fn add_file_as(
    store: &Store,
    path: &Path,
    reading: &Reading,
    given: &Given,
) -> Result<Added, IngestError> {
    let place = path.display().to_string();
    let hints = Hints {
        given: given.clone(),
        ..Hints::default()
    };
    match practice::take(path, reading, &hints).await? {
        Taken::Act(act) => practice::add_copy(store, act, path, reading, &hints).await,
        Taken::Practice(_) => Err(KnowledgeError::NotLaw { name: place }.into()),
    }
}

/// The act in a file of law; keeps nothing.
pub fn read_file(path: &Path) -> Result<ParsedAct, IngestError> {
    read_file_as(path, &Given::default())
}

/// The act in a file of law, with act and edition from `given` where the file does not say them; keeps nothing.
pub fn read_file_as(path: &Path, given: &Given) -> Result<ParsedAct, IngestError> {
    let place = path.display().to_string();
    Ok(knowledge::read_as(&read_bytes(path)?, &place, given)?)
}

async fn add_act(
    store: &Store,
    act: &ParsedAct,
    place: String,
    nd: Option<String>,
) -> Result<Added, IngestError> {
    let merged = merge::with_held(store, act).await?;
    keep_act(store, act, place, nd, merged).await
}

async fn keep_act(
    store: &Store,
    act: &ParsedAct,
    place: String,
    nd: Option<String>,
    merged: Option<Merged>,
) -> Result<Added, IngestError> {
    if act.act.is_local() {
        let act = act.act.clone();
        return Err(IngestError::IsLocal { act });
    }
    let edition = new_edition(act, nd);
    let report = store.add_edition(&edition, ACTOR).await?;
    Ok(Added::of(act, place, report, merged))
}

fn new_edition(act: &ParsedAct, nd: Option<String>) -> NewEdition {
    let since = newest_notes(&act.notes);
    let cited: Vec<(&ParsedNode, &Citation)> = act
        .nodes
        .iter()
        .filter_map(|node| Some((node, node.citation.as_ref()?)))
        .collect();
    let place: HashMap<&Citation, usize> = cited
        .iter()
        .enumerate()
        .map(|(at, (_, citation))| (*citation, at))
        .collect();
    NewEdition {
        act: Act {
            id: act.act.to_string(),
            title: act.title.clone(),
            number: Some(act.number.clone()),
            adopted: Some(act.adopted),
            nd,
            owner: None,
            priority: if act.act.as_str() == "tk" { 0 } else { 10 },
        },
        edition_date: act.edition,
        current_to: act.edition,
        until: None,
        basis: word(&act.edition_basis),
        format: act.format.clone(),
        sha256: act.sha256.clone(),
        text: act.text.clone(),
        counts: serde_json::json!({"chapters": act.chapters, "sections": act.sections,
            "annexes": act.annexes, "forms": act.forms, "gaps": act.gaps, "duplicates": act.duplicates,
            "unparsed": unparsed(act), "removed": removed(act), "amended_by": amended_by(&act.notes)}),
        headings: count(act.headings),
        with_body: count(act.with_body),
        versions: cited
            .iter()
            .map(|(node, citation)| new_version(node, citation, &since))
            .collect(),
        passages: knowledge::split(act)
            .into_iter()
            .map(|passage| new_passage(passage, &place))
            .collect(),
        notes: act.notes.iter().filter_map(new_note).collect(),
    }
}

/// How many pieces of each kind are no text of the act.
fn removed(act: &ParsedAct) -> BTreeMap<RemovedWhy, usize> {
    let mut counts = BTreeMap::new();
    for piece in &act.removed {
        *counts.entry(piece.why).or_default() += 1;
    }
    counts
}

/// Lines outside of every article with their place: the norm above them.
fn unparsed(act: &ParsedAct) -> Vec<serde_json::Value> {
    let mut above: Option<&Citation> = None;
    let mut in_head = true;
    let mut found = Vec::new();
    for node in &act.nodes {
        match node.kind {
            NodeKind::Preamble if !in_head => {
                let after = above.map(ToString::to_string);
                found.push(serde_json::json!({"after": after, "text": node.text}));
            }
            NodeKind::Preamble => {}
            _ => {
                in_head = false;
                above = node.citation.as_ref().or(above);
            }
        }
    }
    found
}

/// The laws that notes in the body and lists in the head name, «2025-11-17 419-ФЗ».
fn amended_by(notes: &[AmendmentNote]) -> BTreeSet<String> {
    let laws = notes
        .iter()
        .map(|note| format!("{} {}", note.date, note.law));
    laws.collect()
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn article_of(citation: &Citation) -> String {
    citation.article().to_string()
}

/// The newest amendment noted at each citation.
fn newest_notes(notes: &[AmendmentNote]) -> HashMap<&Citation, Date> {
    let mut newest: HashMap<&Citation, Date> = HashMap::new();
    for note in notes {
        if let Some(citation) = &note.citation {
            let entry = newest.entry(citation).or_insert(note.date);
            *entry = (*entry).max(note.date);
        }
    }
    newest
}

fn new_version(
    node: &ParsedNode,
    citation: &Citation,
    since: &HashMap<&Citation, Date>,
) -> NewVersion {
    let noted = since.get(citation).copied();
    NewVersion {
        citation: citation.to_string(),
        article: article_of(citation),
        kind: word(&node.kind),
        title: node.title.clone(),
        path: serde_json::json!(node.path),
        text: node.text.clone(),
        start_char: count(node.start),
        end_char: count(node.end),
        repealed: node.repealed,
        in_force_from: noted.filter(|_| node.kind != NodeKind::Article),
        from_basis: if noted.is_some() {
            FromBasis::AmendmentNote
        } else {
            FromBasis::Edition
        },
    }
}

fn new_passage(passage: Passage, place: &HashMap<&Citation, usize>) -> NewPassage {
    NewPassage {
        version: place.get(&passage.citation).copied(),
        citation: passage.citation.to_string(),
        article: article_of(&passage.citation),
        kind: match passage.kind {
            PassageKind::Part => "part".to_owned(),
            PassageKind::Article => "article".to_owned(),
        },
        title: Some(passage.title),
        text: passage.text,
        start_char: count(passage.start),
        end_char: count(passage.end),
    }
}

fn new_note(note: &AmendmentNote) -> Option<NewNote> {
    Some(NewNote {
        citation: note.citation.as_ref()?.to_string(),
        date: Some(note.date),
        law: note.law.clone(),
        what: note.what.clone(),
    })
}

//! A file that may be an act, a clarification or a court act.

use super::{ACTOR, Added, IngestError, Merged, Reading, child, keep_act, merge, read_bytes};
use crate::knowledge::{self, Given, ParsedAct, ParsedPractice, PracticeKind, Told, read_practice};
use crate::store::{ClarificationKind, NewClarification, Store};
use jiff::civil::Date;
use std::fmt;
use std::path::Path;

/// What a person says about a file: act and edition of a law, or what a clarification or court act is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hints {
    pub given: Given,
    pub told: Told,
}

/// What a file holds.
#[derive(Debug)]
pub enum Taken {
    Act(Box<ParsedAct>),
    Practice(Box<ParsedPractice>),
}

/// What became of a clarification or court act.
#[derive(Debug, Clone, serde::Serialize)]
pub struct AddedPractice {
    pub id: String,
    pub place: String,
    pub kind: ClarificationKind,
    pub issuer: String,
    pub date: Option<Date>,
    pub number: Option<String>,
    pub title: String,
    pub norms: usize,
    pub already_held: bool,
}

impl fmt::Display for AddedPractice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            ClarificationKind::Clarification => "разъяснение",
            ClarificationKind::Court => "судебный акт",
        };
        let date = self
            .date
            .map_or("без даты".to_owned(), |day| day.to_string());
        let outcome = if self.already_held {
            "уже было"
        } else {
            "добавлено"
        };
        write!(
            f,
            "{kind}, {}, {date}: {} — {outcome}; названо норм {}",
            self.issuer, self.title, self.norms
        )
    }
}

/// What became of one file of either sort.
pub enum AddedFile {
    Act(Box<Added>),
    Practice(AddedPractice),
}

/// Adds a file: an act, or a clarification or court act where its content or `hints` say so.
///
/// Fails, and keeps nothing of the file, where it is none of them; the message names the place and the remedy.
pub async fn add_any(
    store: &Store,
    path: &Path,
    reading: &Reading,
    hints: &Hints,
) -> Result<AddedFile, IngestError> {
    let place = path.display().to_string();
    match take(path, reading, hints).await? {
        Taken::Act(act) => add_copy(store, act, path, reading, hints)
            .await
            .map(|added| AddedFile::Act(Box::new(added))),
        Taken::Practice(practice) => add_practice(store, *practice, place)
            .await
            .map(AddedFile::Practice),
    }
}

/// Adds a file of law; a copy whose paragraphs another copy of the edition shows to be a publisher's is read again
/// without them first.
pub(super) async fn add_copy(
    store: &Store,
    act: Box<ParsedAct>,
    path: &Path,
    reading: &Reading,
    hints: &Hints,
) -> Result<Added, IngestError> {
    let place = path.display().to_string();
    let first = merge::with_held(store, &act).await?;
    let without = first.as_ref().map(Merged::of_new).unwrap_or_default();
    if without.is_empty() {
        return keep_act(store, &act, place, None, first).await;
    }
    let mut again = hints.clone();
    again.given.without = without;
    // The day and the act are those of the first reading, whoever named them.
    match take(path, reading, &again).await? {
        Taken::Act(clean) if clean.act == act.act && clean.edition == act.edition => {
            let second = merge::with_held(store, &clean).await?;
            let merged = second.zip(first).map(|(second, first)| second.after(first));
            keep_act(store, &clean, place, None, merged).await
        }
        _ => keep_act(store, &act, place, None, first).await,
    }
}

/// Reads a file where `reading` says; keeps nothing.
pub(super) async fn take(
    path: &Path,
    reading: &Reading,
    hints: &Hints,
) -> Result<Taken, IngestError> {
    let (path, reading, hints) = (path.to_owned(), reading.clone(), hints.clone());
    tokio::task::spawn_blocking(move || match reading {
        Reading::Here => read_any(&path, &hints),
        Reading::Child(program) => child::read(&program, &path, &hints),
    })
    .await
    .map_err(|e| IngestError::Stopped(e.to_string()))?
}

/// What a file holds; keeps nothing.
///
/// A text is looked through for the marks of practice first, which is cheap; a document is read as law first, and only
/// where it is none it may be a court act.
pub fn read_any(path: &Path, hints: &Hints) -> Result<Taken, IngestError> {
    let place = path.display().to_string();
    let bytes = read_bytes(path)?;
    if let Some(act) = hints.given.act.as_ref().filter(|act| act.is_local()) {
        let unknown = || knowledge::KnowledgeError::UnknownEdition {
            name: place.clone(),
            act: act.to_string(),
        };
        let from = hints.given.edition.ok_or_else(unknown)?;
        let act = knowledge::read_local(&bytes, &place, act, from)?;
        return Ok(Taken::Act(Box::new(act)));
    }
    let law = || knowledge::read_as(&bytes, &place, &hints.given);
    if hints.given != Given::default() {
        return Ok(Taken::Act(Box::new(law()?)));
    }
    let practice = || read_practice(&bytes, &place, &hints.told);
    if hints.told.kind.is_some() || knowledge::decode(&bytes).is_some() {
        if let Some(found) = practice()? {
            return Ok(Taken::Practice(Box::new(found)));
        }
        return Ok(Taken::Act(Box::new(law()?)));
    }
    match law() {
        Ok(act) => Ok(Taken::Act(Box::new(act))),
        Err(error) => match practice() {
            Ok(Some(found)) => Ok(Taken::Practice(Box::new(found))),
            Err(unsigned @ knowledge::KnowledgeError::Unsigned { .. }) => Err(unsigned.into()),
            _ => Err(error.into()),
        },
    }
}

async fn add_practice(
    store: &Store,
    practice: ParsedPractice,
    place: String,
) -> Result<AddedPractice, IngestError> {
    let new = NewClarification {
        kind: match practice.kind {
            PracticeKind::Clarification => ClarificationKind::Clarification,
            PracticeKind::Court => ClarificationKind::Court,
        },
        issuer: practice.issuer,
        issued_on: practice.issued_on,
        number: practice.number,
        title: practice.title,
        text: practice.text,
        url: practice.url,
        sha256: practice.sha256,
        norms: practice.norms,
    };
    let report = store.add_clarification(&new, ACTOR).await?;
    Ok(AddedPractice {
        id: report.id,
        place,
        kind: new.kind,
        issuer: new.issuer,
        date: new.issued_on,
        number: new.number,
        title: new.title,
        norms: new.norms.len(),
        already_held: report.already_held,
    })
}

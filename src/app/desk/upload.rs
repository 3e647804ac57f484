//! Editions that are held, for their administrator; and a file of law that comes in by a page.

use super::{App, Done};
use crate::case::PersonId;
use crate::ingest::{self, Added, IngestError, Inside, Reading, Unpacked};
use crate::store::EditionOutcome;
use crate::web::desk::{DeskError, FileOutcome, HeldAct, HeldEdition, TakenEdition, TakenState};
use std::collections::BTreeSet;
use std::path::Path;

/// When to come again while another file is being read.
const NEXT_S: u64 = 30;

impl App {
    pub(super) async fn law_held(&self) -> Done<Vec<HeldAct>> {
        let all = self.store.acts().await?.into_iter();
        let law: BTreeSet<String> = all
            .filter(|act| act.owner.is_none())
            .map(|act| act.id)
            .collect();
        let mut acts = Vec::new();
        for status in self.store.act_statuses().await? {
            if !law.contains(&status.act) {
                continue;
            }
            let editions = self.store.editions(&status.act).await?;
            let edition = |one: crate::store::EditionRow| HeldEdition {
                day: one.edition_date,
                current_to: one.current_to,
                format: one.format,
                headings: one.headings,
                with_body: one.with_body,
                added_ms: one.added_ms,
            };
            acts.push(HeldAct {
                id: status.act,
                title: status.title,
                current_to: status.current_to,
                passages: status.passages,
                to_look_at: status.to_look_at,
                editions: editions.into_iter().rev().map(edition).collect(),
            });
        }
        Ok(acts)
    }

    /// Reads a file as `kb add` does; pages and search know what it brought when this returns.
    pub(super) async fn take_file(&self, by: &PersonId, file: &Path) -> Done<Vec<FileOutcome>> {
        let _turn = self.reading_turn()?;
        let path = file.to_owned();
        let unpacked = tokio::task::spawn_blocking(move || ingest::unpack(&path));
        let unpacked = match unpacked.await {
            Ok(Ok(unpacked)) => unpacked,
            Ok(Err(error)) => return Ok(vec![refused(&error, file)]),
            Err(_) => return Err(stopped()),
        };
        let files = inside(unpacked.as_ref(), file);
        let mut outcomes = Vec::new();
        let mut failed = None;
        for one in &files {
            match ingest::add_file(&self.store, &one.path, &Reading::in_child()).await {
                Ok(added) => outcomes.push(self.taken(by, added).await?),
                Err(IngestError::Store(error)) => match DeskError::from(error) {
                    DeskError::Forbidden { message } | DeskError::Conflict { message } => {
                        outcomes.push(FileOutcome::Refused { message });
                    }
                    // The store is away: what came in before it went stays.
                    error => {
                        failed = Some(error);
                        break;
                    }
                },
                Err(error) => outcomes.push(refused(&error, &one.path)),
            }
        }
        let taken = |one: &FileOutcome| matches!(one, FileOutcome::Taken(_));
        if outcomes.iter().any(taken) {
            self.reload_knowledge().await.map_err(super::unavailable)?;
        }
        failed.map_or(Ok(outcomes), Err)
    }

    /// The turn to read a file: one at a time.
    pub(super) fn reading_turn(&self) -> Done<tokio::sync::MutexGuard<'_, ()>> {
        let turn = self.shelf.reading.try_lock();
        turn.map_err(|_| DeskError::Busy {
            retry_after_s: NEXT_S,
        })
    }

    pub(super) async fn taken(&self, by: &PersonId, added: Added) -> Done<FileOutcome> {
        let detail = serde_json::json!({"act": added.act, "edition": added.edition,
            "outcome": added.report.outcome});
        let subject = &added.report.edition;
        self.store
            .audit_note(by.as_str(), "edition.upload", subject, detail)
            .await?;
        let held = self.store.editions(&added.act).await?;
        let mut days = held.iter().map(|edition| edition.edition_date);
        Ok(FileOutcome::Taken(TakenEdition {
            before: days.rfind(|day| *day < added.edition),
            act: added.act,
            title: added.title,
            edition: added.edition,
            state: match added.report.outcome {
                EditionOutcome::Added => TakenState::Added,
                EditionOutcome::AlreadyHeld => TakenState::AlreadyHeld,
                EditionOutcome::Replaced => TakenState::Replaced,
                EditionOutcome::BetterHeld => TakenState::BetterHeld,
            },
            headings: added.headings,
            with_body: added.with_body,
            passages: added.report.passages,
            gaps: added.gaps,
        }))
    }
}

/// The files of an archive, or the file itself.
fn inside(unpacked: Option<&Unpacked>, file: &Path) -> Vec<Inside> {
    match unpacked {
        Some(archive) => archive.files.clone(),
        None => vec![Inside {
            path: file.to_owned(),
            shown: file.display().to_string(),
        }],
    }
}

/// A refusal in words that name the file as its owner knows it, and no folder of this machine.
pub(super) fn refused(error: &IngestError, file: &Path) -> FileOutcome {
    let folder = file.parent().map(|folder| format!("{}/", folder.display()));
    let message = error.to_string();
    FileOutcome::Refused {
        message: match folder {
            Some(folder) => message.replace(&folder, ""),
            None => message,
        },
    }
}

fn stopped() -> DeskError {
    DeskError::Unavailable {
        reason: "stopped".to_owned(),
    }
}

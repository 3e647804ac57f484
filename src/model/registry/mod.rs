//! The registry of models: what is known, what is here, and how it gets here.

mod convert;
mod files;
mod hub;
mod import;
mod manifest;
mod pieces;
mod pip;
mod pull;

pub use files::Verified;
pub use manifest::{
    Artefact, Assemble, Format, Licence, Manifest, ModelEntry, ModelPurpose, PipSource, Runs,
    Source, Template,
};
pub use pull::{Ask, Consent, Progress, Pulled, Stage};

use crate::config::Config;
use crate::model::ModelError;
use files::{Files, Trust, check_size, hash_file, unlike};
use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The models of one data folder.
pub struct Registry {
    manifest: Manifest,
    files: Files,
    folders: Vec<PathBuf>,
    hub_url: String,
    program_path: Option<OsString>,
}

/// A model and its file.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Listed {
    pub model: ModelEntry,
    #[serde(flatten)]
    pub state: FileState,
}

/// What lies on the disk.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum FileState {
    Ready {
        path: PathBuf,
        sha256: String,
    },
    /// Of the right size, not hashed yet.
    Unchecked {
        path: PathBuf,
    },
    Damaged {
        path: PathBuf,
        message: String,
    },
    /// A download stopped on the way.
    Partial {
        bytes: u64,
    },
    Missing,
    /// Runs on a server only.
    Server,
}

impl Registry {
    /// The registry of the data folder that `config` names. Fails with `Wrong` on a bad `models.toml`.
    pub fn open(config: &Config) -> Result<Self, ModelError> {
        Ok(Self::new(config, Manifest::load(&config.data_dir)?))
    }

    /// A registry over a manifest of one's own.
    pub fn new(config: &Config, manifest: Manifest) -> Self {
        Self {
            manifest,
            files: Files::new(config.models_dir()),
            folders: config.model.folders.clone(),
            hub_url: config.model.hub_url.trim_end_matches('/').to_owned(),
            program_path: None,
        }
    }

    /// The same registry, looking for pip clients in `path` instead of `PATH`.
    pub fn with_programs_in(mut self, path: impl Into<OsString>) -> Self {
        self.program_path = Some(path.into());
        self
    }

    /// What is known of the model `name`; `NotFound` otherwise.
    pub fn entry(&self, name: &str) -> Result<&ModelEntry, ModelError> {
        self.manifest.find(name)
    }

    /// Every model and the state of its file. Hashes nothing.
    pub fn list(&self) -> Vec<Listed> {
        self.manifest
            .models
            .iter()
            .map(|model| Listed {
                model: model.clone(),
                state: self.state(model),
            })
            .collect()
    }

    /// The whole file of the model `name`, ready to be loaded.
    ///
    /// Fails with `Missing` or `Damaged`, each with its remedy. Hashes a file that wasn't seen before,
    /// once; later calls look at its size and time.
    pub fn locate(&self, name: &str) -> Result<Verified, ModelError> {
        let model = self.manifest.find(name)?;
        self.find_file(model, Trust::Memory, None)?
            .ok_or_else(|| self.missing(model))
    }

    /// As [`Self::locate`], reading the file to its end whatever is remembered of it.
    pub fn verify(&self, name: &str) -> Result<Verified, ModelError> {
        let model = self.manifest.find(name)?;
        self.find_file(model, Trust::Nothing, None)?
            .ok_or_else(|| self.missing(model))
    }

    fn state(&self, model: &ModelEntry) -> FileState {
        if model.runs == Runs::Server {
            return FileState::Server;
        }
        for path in self.places(model).into_iter().filter(|path| path.is_file()) {
            let checked = if self.files.is_remembered(&path) {
                self.files.check(model, &path, Trust::Memory).map(|_| ())
            } else {
                let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
                check_size(model, &path, bytes)
            };
            return match (checked, self.files.is_remembered(&path)) {
                (Err(error), _) => FileState::Damaged {
                    path,
                    message: error.to_string(),
                },
                (Ok(()), false) => FileState::Unchecked { path },
                (Ok(()), true) => match self.files.check(model, &path, Trust::Memory) {
                    Ok(Some(file)) => FileState::Ready {
                        path,
                        sha256: file.sha256,
                    },
                    _ => FileState::Missing,
                },
            };
        }
        let parts = ["hub.part", "pip.part"].map(|kind| {
            let part = self.files.folder().join(format!("{}.{kind}", model.file));
            std::fs::metadata(part).map_or(0, |metadata| metadata.len())
        });
        match parts.into_iter().max() {
            Some(bytes) if bytes > 0 => FileState::Partial { bytes },
            _ => FileState::Missing,
        }
    }

    /// The first whole file of the model; a damaged one is told only when there is no whole one.
    ///
    /// With `ask`, a file whose checksum isn't known is taken when the person says so.
    fn find_file(
        &self,
        model: &ModelEntry,
        trust: Trust,
        ask: Option<&Ask<'_>>,
    ) -> Result<Option<Verified>, ModelError> {
        let mut damage = None;
        for path in self.places(model) {
            match self.files.check(model, &path, trust) {
                Ok(Some(file)) => return Ok(Some(file)),
                Ok(None) => {}
                Err(error) => match ask {
                    Some(ask) if model.has_unverified() && path.is_file() => {
                        return self.confirm(model, &path, ask).map(Some);
                    }
                    _ => damage = damage.or(Some(error)),
                },
            }
        }
        damage.map_or(Ok(None), Err)
    }

    fn confirm(
        &self,
        model: &ModelEntry,
        path: &Path,
        ask: &Ask<'_>,
    ) -> Result<Verified, ModelError> {
        let sha256 = hash_file(path)?;
        if !(ask.confirm_sha256)(&sha256) {
            return Err(unlike(model, path, &sha256));
        }
        self.files.accept(path, &sha256, true)?;
        let bytes = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        Ok(Verified {
            path: path.to_owned(),
            sha256,
            bytes,
        })
    }

    /// Where the model's file may lie, the models folder first.
    fn places(&self, model: &ModelEntry) -> Vec<PathBuf> {
        let mut places = vec![self.files.folder().join(&model.file)];
        for folder in &self.folders {
            places.extend(file_names(model).into_iter().map(|file| folder.join(file)));
        }
        places
    }

    /// Gives a checked file its name, so that it survives a power cut, and remembers it.
    fn put_in_place(
        &self,
        model: &ModelEntry,
        part: &Path,
        sha256: &str,
        confirmed: bool,
    ) -> Result<Verified, ModelError> {
        let path = self.files.folder().join(&model.file);
        File::open(part)
            .and_then(|file| file.sync_all())
            .and_then(|()| std::fs::rename(part, &path))
            .map_err(|e| ModelError::disk(&path, &e))?;
        self.files.accept(&path, sha256, confirmed)?;
        let bytes = std::fs::metadata(&path).map_or(0, |metadata| metadata.len());
        Ok(Verified {
            path,
            sha256: sha256.to_owned(),
            bytes,
        })
    }

    /// The models folder, made and held for one process; `Locked` when another holds it.
    fn lock(&self) -> Result<File, ModelError> {
        let folder = self.files.folder();
        let path = folder.join("pull.lock");
        let file = std::fs::create_dir_all(folder)
            .and_then(|()| File::create(&path))
            .map_err(|e| ModelError::disk(&path, &e))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(std::fs::TryLockError::WouldBlock) => Err(ModelError::Locked {
                place: folder.display().to_string(),
            }),
            Err(std::fs::TryLockError::Error(error)) => Err(ModelError::disk(&path, &error)),
        }
    }

    fn missing(&self, model: &ModelEntry) -> ModelError {
        let get = format!("soyuznik models pull {}", model.name);
        ModelError::Missing {
            name: model.name.clone(),
            remedy: format!(
                "Получите её: {get}; без сети принесите файл {} и выполните: soyuznik models import ФАЙЛ --name {}.",
                model.file, model.name
            ),
        }
    }
}

/// Names under which the model's file goes about.
fn file_names(model: &ModelEntry) -> Vec<&str> {
    let mut names = vec![model.file.as_str()];
    for source in &model.sources {
        if let Source::Hub { file, .. } = source
            && let Some(name) = file.rsplit('/').next()
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

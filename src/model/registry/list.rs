use super::Registry;
use super::files::{Trust, check_size};
use super::manifest::{ModelEntry, Runs};
use std::path::{Path, PathBuf};

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

    fn state(&self, model: &ModelEntry) -> FileState {
        if model.runs == Runs::Server {
            return FileState::Server;
        }
        let places = self.places(model).into_iter();
        let found: Vec<FileState> = places
            .filter(|path| path.is_file())
            .map(|path| self.state_of(model, path))
            .collect();
        let usable = found
            .iter()
            .find(|state| !matches!(state, FileState::Damaged { .. }));
        match usable.or(found.first()) {
            Some(state) => state.clone(),
            None => self.not_here(model),
        }
    }

    fn state_of(&self, model: &ModelEntry, path: PathBuf) -> FileState {
        if !self.files.is_remembered(&path) {
            return match check_size(model, &path, bytes_of(&path)) {
                Ok(()) => FileState::Unchecked { path },
                Err(error) => FileState::Damaged {
                    path,
                    message: error.to_string(),
                },
            };
        }
        match self.files.check(model, &path, Trust::Memory) {
            Ok(Some(file)) => FileState::Ready {
                path,
                sha256: file.sha256,
            },
            Ok(None) => FileState::Missing,
            Err(error) => FileState::Damaged {
                path,
                message: error.to_string(),
            },
        }
    }

    fn not_here(&self, model: &ModelEntry) -> FileState {
        let begun = ["hub.part", "pip.part"].map(|kind| {
            let part = format!("{}.{kind}", model.file);
            bytes_of(&self.files.folder().join(part))
        });
        match begun.into_iter().max() {
            Some(bytes) if bytes > 0 => FileState::Partial { bytes },
            _ => FileState::Missing,
        }
    }
}

fn bytes_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |metadata| metadata.len())
}

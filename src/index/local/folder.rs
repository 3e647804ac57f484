//! The index folder: who holds it, and what is set aside in it.

use super::super::IndexError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// How many damaged files are kept for whoever wants to look at them.
const DAMAGED_KEPT: usize = 2;

/// A folder held by this process alone, until the last clone of the `Arc` goes.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    // Holds the lock by being open.
    _lock: File,
    building: AtomicBool,
}

impl Folder {
    /// Makes the folder where it is missing and takes hold of it; fails when another process has it.
    pub fn hold(path: &Path) -> Result<Arc<Self>, IndexError> {
        std::fs::create_dir_all(path).map_err(|error| storage(path, &error))?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join("lock"))
            .map_err(|error| storage(path, &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(IndexError::Busy {
                    place: path.display().to_string(),
                    reason: "с этой папкой работает другой процесс".to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(storage(path, &error)),
        }
        Ok(Arc::new(Self {
            path: path.to_owned(),
            _lock: lock,
            building: AtomicBool::new(false),
        }))
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// Renames a file to `<name>.damaged-<time, ms>`, drops its journals and the oldest of such files.
    pub fn set_aside(&self, file: &Path) -> Result<(), IndexError> {
        let now_ms = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_millis();
        let mut target = file.as_os_str().to_owned();
        target.push(format!(".damaged-{now_ms}"));
        std::fs::rename(file, target).map_err(|error| storage(file, &error))?;
        delete(file)?;
        self.forget_old_damaged(file);
        Ok(())
    }

    /// Failing to tidy up is no reason not to open the index.
    fn forget_old_damaged(&self, file: &Path) {
        let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
            return;
        };
        let Ok(listed) = std::fs::read_dir(&self.path) else {
            return;
        };
        let prefix = format!("{name}.damaged-");
        let mut damaged: Vec<PathBuf> = listed
            .flatten()
            .filter(|found| found.file_name().to_string_lossy().starts_with(&prefix))
            .map(|found| found.path())
            .collect();
        damaged.sort();
        let surplus = damaged.len().saturating_sub(DAMAGED_KEPT);
        for old in &damaged[..surplus] {
            let _ = std::fs::remove_file(old);
        }
    }

    /// Marks that an index is being built beside the live one; fails when one already is.
    pub fn start_building(self: &Arc<Self>) -> Result<Building, IndexError> {
        if self.building.swap(true, Ordering::SeqCst) {
            return Err(IndexError::Busy {
                place: self.path.display().to_string(),
                reason: "индекс уже перестраивается".to_owned(),
            });
        }
        Ok(Building(Arc::clone(self)))
    }
}

/// The mark of [`Folder::start_building`], taken back when dropped.
#[derive(Debug)]
pub struct Building(Arc<Folder>);

impl Drop for Building {
    fn drop(&mut self) {
        self.0.building.store(false, Ordering::SeqCst);
    }
}

/// Deletes a file and its journals; what is not there is fine.
pub fn delete(file: &Path) -> Result<(), IndexError> {
    for part in with_journals(file) {
        match std::fs::remove_file(&part) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(storage(&part, &error));
            }
            _ => {}
        }
    }
    Ok(())
}

fn with_journals(file: &Path) -> [PathBuf; 4] {
    ["", "-journal", "-wal", "-shm"].map(|suffix| {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

pub fn storage(place: &Path, error: &std::io::Error) -> IndexError {
    IndexError::Storage {
        place: place.display().to_string(),
        reason: error.to_string(),
    }
}

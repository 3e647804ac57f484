//! The index of one machine: a file with FTS5, and all vectors in memory for an exact scan.

mod check;
mod failure;
mod file;
mod folder;
mod memory;
mod statements;
mod stored;

use super::types::{Counts, Entry, Filter, Health, IndexSpec, Scored, days_of, query_stems, wrong};
use super::{IndexError, VectorIndex};
use file::File;
use folder::{Building, Folder};
use memory::Memory;
use statements::Change;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use stored::Stored;

/// Entries of one transaction; between two of them searches get their turn.
const CHUNK: usize = 500;

/// One file, and in memory what a dense search needs of it.
pub struct LocalIndex {
    spec: IndexSpec,
    path: PathBuf,
    folder: Arc<Folder>,
    // Locked before `memory`, so that both change together. `None` only while switching or after a failed switch.
    file: Mutex<Option<File>>,
    memory: RwLock<Memory>,
    rebuild: Mutex<Option<String>>,
    /// Set on an index that is built beside another one.
    _building: Option<Building>,
}

impl LocalIndex {
    /// Opens the file of `spec` in `folder`, or sets it aside and makes an empty one.
    pub fn open(folder: &Path, spec: IndexSpec) -> Result<Self, IndexError> {
        let folder = Folder::hold(folder)?;
        let path = folder.join(&format!("{}.sqlite", spec.name()));
        let (file, memory, rebuild) = match existing(&path, &spec) {
            Ok(Some((file, memory))) => (file, memory, None),
            Ok(None) => {
                let file = File::create(&path, &spec)?;
                let reason = format!("индекса {} ещё нет", spec.name());
                (file, Memory::new(&spec), Some(reason))
            }
            Err(IndexError::Damaged { reason, .. }) => {
                folder.set_aside(&path)?;
                let file = File::create(&path, &spec)?;
                let reason = format!("прежний файл индекса отложен: {reason}");
                (file, Memory::new(&spec), Some(reason))
            }
            Err(error) => return Err(error),
        };
        Ok(Self {
            spec,
            path,
            folder,
            file: Mutex::new(Some(file)),
            memory: RwLock::new(memory),
            rebuild: Mutex::new(rebuild),
            _building: None,
        })
    }

    fn beside_path(&self) -> PathBuf {
        self.folder
            .join(&format!("{}.beside.sqlite", self.spec.name()))
    }

    fn file(&self) -> MutexGuard<'_, Option<File>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory(&self) -> RwLockReadGuard<'_, Memory> {
        self.memory.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn memory_mut(&self) -> RwLockWriteGuard<'_, Memory> {
        self.memory.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn want_rebuild(&self, reason: Option<String>) {
        *self.rebuild.lock().unwrap_or_else(PoisonError::into_inner) = reason;
    }

    /// Runs `work` on the open file; damage that shows only now is remembered for [`VectorIndex::health`].
    fn with_file<T>(
        &self,
        work: impl FnOnce(&mut File) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        let mut file = self.file();
        let Some(open) = file.as_mut() else {
            return Err(IndexError::Unavailable {
                place: self.place(),
                reason: "файл не открыт после неудачной замены".to_owned(),
            });
        };
        let result = work(open);
        if let Err(IndexError::Damaged { reason, .. }) = &result {
            self.want_rebuild(Some(reason.clone()));
        }
        result
    }

    /// Takes entries out and puts others in, in the file and then in memory.
    fn change(&self, entries: &[&Entry], removed: &[String]) -> Result<(), IndexError> {
        self.with_file(|file| {
            let change = plan(&self.memory(), entries, removed);
            file.write(&change)?;
            let mut memory = self.memory_mut();
            memory.remove(&change.gone);
            for stored in change.come {
                memory.add(stored);
            }
            Ok(())
        })
    }
}

/// Returns what has to be done to the file; a replaced entry keeps its number.
fn plan(memory: &Memory, entries: &[&Entry], removed: &[String]) -> Change {
    let numbers = removed.iter().filter_map(|id| memory.number(id));
    let mut gone_words: HashSet<i64> = numbers.collect();
    let mut gone: Vec<i64> = gone_words.iter().copied().collect();
    let mut come = Vec::with_capacity(entries.len());
    let mut next = memory.next_number();
    for entry in entries {
        let known = memory.number(&entry.id);
        let stored = Stored::new(entry, known.unwrap_or(next));
        match known {
            Some(number) => {
                gone.push(number);
                // Writing FTS5 anew is the dear part, and when a vector arrives the words are the same.
                if memory.words(number) != Some(stored.words()) {
                    gone_words.insert(number);
                }
            }
            None => next += 1,
        }
        come.push(stored);
    }
    let totals = memory.totals_with(&gone, &come);
    Change {
        gone,
        gone_words,
        come,
        totals,
    }
}

/// Returns the file with what it holds, or `None` when there is none.
fn existing(path: &Path, spec: &IndexSpec) -> Result<Option<(File, Memory)>, IndexError> {
    match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(folder::storage(path, &error)),
        Ok(_) => {}
    }
    let mut file = File::connect(path)?;
    match file.load(spec) {
        Ok(memory) => Ok(Some((file, memory))),
        Err(error) => {
            // Whatever closing says, the reason is the first error.
            let _ = file.close();
            Err(error)
        }
    }
}

impl VectorIndex for LocalIndex {
    fn spec(&self) -> &IndexSpec {
        &self.spec
    }

    fn health(&self) -> Health {
        let rebuild = self.rebuild.lock().unwrap_or_else(PoisonError::into_inner);
        match rebuild.clone() {
            Some(reason) => Health::Rebuild { reason },
            None => Health::Ready,
        }
    }

    fn counts(&self) -> Result<Counts, IndexError> {
        let totals = self.memory().totals();
        Ok(Counts {
            entries: totals.entries as usize,
            with_vector: totals.vectors as usize,
        })
    }

    fn upsert(&self, entries: &[Entry]) -> Result<(), IndexError> {
        for chunk in self.spec.admit(entries)?.chunks(CHUNK) {
            self.change(chunk, &[])?;
        }
        Ok(())
    }

    fn remove(&self, ids: &[String]) -> Result<(), IndexError> {
        ids.chunks(CHUNK)
            .try_for_each(|chunk| self.change(&[], chunk))
    }

    fn missing_vectors(&self, limit: usize) -> Result<Vec<String>, IndexError> {
        Ok(self.memory().without_vector(limit))
    }

    fn known(&self, ids: &[String]) -> Result<HashSet<String>, IndexError> {
        let memory = self.memory();
        let held = ids.iter().filter(|id| memory.number(id).is_some());
        Ok(held.cloned().collect())
    }

    fn vectors(&self, ids: &[String]) -> Result<HashMap<String, Vec<f32>>, IndexError> {
        let memory = self.memory();
        let held = ids.iter().filter_map(|id| {
            let vector = memory.vector(id)?;
            Some((id.clone(), vector.to_vec()))
        });
        Ok(held.collect())
    }

    fn outdated(&self, entries: &[Entry]) -> Result<Vec<String>, IndexError> {
        let memory = self.memory();
        let other = |entry: &&Entry| {
            memory
                .days(&entry.id)
                .is_some_and(|days| days != days_of(entry))
        };
        Ok(entries
            .iter()
            .filter(other)
            .map(|entry| entry.id.clone())
            .collect())
    }

    fn ids(&self) -> Result<HashSet<String>, IndexError> {
        Ok(self.memory().ids().cloned().collect())
    }

    fn dense(
        &self,
        query: &[f32],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Scored>, IndexError> {
        self.spec.check_vector(query, "запроса")?;
        Ok(self.memory().nearest(query, filter, limit))
    }

    fn lexical(
        &self,
        stems: &[String],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Scored>, IndexError> {
        let stems = query_stems(stems);
        if stems.is_empty() || limit == 0 {
            return Ok(Vec::new());
        }
        self.with_file(|file| file.matching(&stems, filter, limit))
    }

    fn rebuilt(&self) {
        self.want_rebuild(None);
    }

    fn build_beside(&self) -> Result<Box<dyn VectorIndex>, IndexError> {
        let building = self.folder.start_building()?;
        let path = self.beside_path();
        folder::delete(&path)?;
        let file = File::create(&path, &self.spec)?;
        Ok(Box::new(Self {
            spec: self.spec.clone(),
            path,
            folder: Arc::clone(&self.folder),
            file: Mutex::new(Some(file)),
            memory: RwLock::new(Memory::new(&self.spec)),
            rebuild: Mutex::new(None),
            _building: Some(building),
        }))
    }

    fn switch(&self, beside: Box<dyn VectorIndex>) -> Result<(), IndexError> {
        let path = self.beside_path();
        if beside.place() != path.display().to_string() {
            return Err(wrong(format!(
                "{} построен не рядом с этим",
                beside.place()
            )));
        }
        // Closes the file: it is opened again under its new name.
        drop(beside);
        let Some((checked, memory)) = existing(&path, &self.spec)? else {
            return Err(wrong(format!("файла {} нет", path.display())));
        };
        checked.close()?;
        let mut file = self.file();
        if let Some(live) = file.take() {
            live.close()?;
        }
        let renamed = std::fs::rename(&path, &self.path);
        *file = Some(File::connect(&self.path)?);
        renamed.map_err(|error| folder::storage(&self.path, &error))?;
        *self.memory_mut() = memory;
        self.want_rebuild(None);
        Ok(())
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }
}

impl Drop for LocalIndex {
    fn drop(&mut self) {
        let file = self.file.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = file.take() {
            // A file that fails to close is checked when it is opened again.
            let _ = open.close();
        }
    }
}

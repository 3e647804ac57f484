//! Keeps the index in step with the catalog: words first, vectors a little at a time.

use super::{App, AppError};
use crate::index::{self, Entry, IndexError, VectorIndex};
use crate::model::{EmbedText, Purpose};
use crate::retrieve::Catalog;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

/// Characters embedded in one go, about as many as the encoder takes at once: few enough that a
/// question waits for at most one of them, enough that short entries share a reading of the weights.
const BATCH_CHARS: usize = 4_000;

/// How long a part of the index took the encoder.
pub struct EncodingTime {
    pub entries: usize,
    /// The part of all characters that was encoded, over 0 and at most 1.
    pub share: f64,
    pub took_s: f64,
}

impl EncodingTime {
    /// Seconds that the whole index would take at this pace.
    pub fn whole_s(&self) -> f64 {
        self.took_s / self.share
    }
}

impl App {
    /// Encodes about `most` entries spread evenly over the catalog, and throws the vectors away.
    ///
    /// `None` without an encoder, without entries and where `most` is 0.
    pub async fn time_encoding(&self, most: usize) -> Result<Option<EncodingTime>, AppError> {
        let (Some(embedder), catalog) = (&self.embedder, self.catalog()) else {
            return Ok(None);
        };
        let mut ids: Vec<String> = catalog.entries().into_iter().map(|e| e.id).collect();
        // What several editions have is encoded once.
        ids.retain(|id| catalog.alike(id).first() == Some(id));
        ids.sort();
        let chars = |ids: &[String]| {
            let texts = ids.iter().filter_map(|id| catalog.embedding_text(id));
            texts.map(|(_, text)| text.chars().count()).sum::<usize>() as f64
        };
        let whole = chars(&ids);
        let step = ids.len().div_ceil(most.max(1)).max(1);
        let picked: Vec<String> = ids.into_iter().step_by(step).collect();
        let share = chars(&picked) / whole;
        if most == 0 || picked.is_empty() || share == 0.0 {
            return Ok(None);
        }
        let started = Instant::now();
        for batch in batches(&picked, &catalog) {
            let texts = batch.into_iter().map(|(_, text)| text).collect();
            embedder.embed_batch(texts).await?;
        }
        Ok(Some(EncodingTime {
            entries: picked.len(),
            share,
            took_s: started.elapsed().as_secs_f64(),
        }))
    }

    /// How many entries the index holds; the answer of a server is waited for beside the pages.
    pub async fn index_counts(&self) -> Result<index::Counts, AppError> {
        let index = Arc::clone(&self.index);
        blocking(move || index.counts()).await
    }

    /// Fills the index with the words that it lacks; costs nothing where it lacks none.
    pub async fn catch_up(&self) -> Result<(), AppError> {
        if !self.behind.load(Ordering::SeqCst) {
            return Ok(());
        }
        let _turn = self.filling.lock().await;
        if self.behind.load(Ordering::SeqCst) {
            let (index, catalog) = (Arc::clone(&self.index), self.catalog());
            blocking(move || sync_index(index.as_ref(), &catalog)).await?;
            self.behind.store(false, Ordering::SeqCst);
        }
        Ok(())
    }

    pub async fn index_health(&self) -> Result<index::Health, AppError> {
        let index = Arc::clone(&self.index);
        blocking(move || Ok(index.health())).await
    }

    /// Looks whether the index lost what it held, and fills it again.
    pub async fn tend_index(&self) -> Result<(), AppError> {
        if let index::Health::Rebuild { .. } = self.index_health().await? {
            let _turn = self.filling.lock().await;
            self.behind.store(true, Ordering::SeqCst);
        }
        self.catch_up().await
    }

    /// How many entries without a vector belong to the digest or to the articles in `first`.
    pub async fn urgent_missing(&self, first: &[String]) -> Result<usize, AppError> {
        let catalog = self.catalog();
        let index = Arc::clone(&self.index);
        let missing = blocking(move || index.missing_vectors(usize::MAX)).await?;
        let urgent = |id: &&String| {
            let (place, kind) = catalog.urgency(id, first);
            place < first.len() || kind < 2
        };
        Ok(missing.iter().filter(urgent).count())
    }

    /// Gives vectors to up to `most` entries that have none yet, the most urgent first, and to those that read the same;
    /// returns to how many. What was encoded once is not encoded again.
    ///
    /// `first` orders by article: what a waiting question needs comes before the rest.
    pub async fn embed_missing(&self, first: &[String], most: usize) -> Result<usize, AppError> {
        let Some(embedder) = &self.embedder else {
            return Ok(0);
        };
        let catalog = self.catalog();
        let index = Arc::clone(&self.index);
        let missing = blocking(move || index.missing_vectors(usize::MAX)).await?;
        let open: HashSet<String> = missing.iter().cloned().collect();
        let mut ids: Vec<String> = missing;
        ids.sort_by_key(|id| catalog.urgency(id, first));
        ids.truncate(most);
        let mut groups = Groups::new(&ids, &open, &catalog);
        let mut done = self.copy_vectors(&mut groups).await?;
        let wanted: Vec<String> = groups.0.keys().cloned().collect();
        for batch in batches(&wanted, &catalog) {
            let (ids, texts): (Vec<String>, Vec<EmbedText>) = batch.into_iter().unzip();
            let vectors = embedder.embed_batch(texts).await?;
            let read = ids.iter().zip(vectors);
            let entries: Vec<_> = read
                .flat_map(|(id, vector)| groups.entries(id, &vector, &catalog))
                .collect();
            done += entries.len();
            let index = Arc::clone(&self.index);
            blocking(move || index.upsert(&entries)).await?;
        }
        Ok(done)
    }

    /// Gives entries the vectors of others that read the same; takes them out of `groups`. Returns how many it gave.
    async fn copy_vectors(&self, groups: &mut Groups) -> Result<usize, AppError> {
        let catalog = self.catalog();
        let held: Vec<String> = groups
            .0
            .values()
            .flat_map(|group| group.held.clone())
            .collect();
        if held.is_empty() {
            return Ok(0);
        }
        let index = Arc::clone(&self.index);
        let vectors = blocking(move || index.vectors(&held)).await?;
        let mut entries = Vec::new();
        let ids: Vec<String> = groups.0.keys().cloned().collect();
        for id in ids {
            let vector = groups.0[&id].held.iter().find_map(|one| vectors.get(one));
            if let Some(vector) = vector {
                entries.extend(groups.entries(&id, vector, &catalog));
                groups.0.remove(&id);
            }
        }
        let index = Arc::clone(&self.index);
        let given = entries.len();
        blocking(move || index.upsert(&entries)).await?;
        Ok(given)
    }
}

/// Entries that the encoder reads alike.
struct Group {
    /// Without a vector.
    open: Vec<String>,
    /// With one.
    held: Vec<String>,
}

/// Groups of entries, by the first that wants a vector.
struct Groups(BTreeMap<String, Group>);

impl Groups {
    fn new(ids: &[String], missing: &HashSet<String>, catalog: &Catalog) -> Self {
        let mut groups = BTreeMap::new();
        let mut seen: HashSet<String> = HashSet::new();
        for id in ids {
            if seen.contains(id) {
                continue;
            }
            let (open, held): (Vec<String>, Vec<String>) = catalog
                .alike(id)
                .into_iter()
                .partition(|one| missing.contains(one));
            seen.extend(open.iter().cloned());
            groups.insert(id.clone(), Group { open, held });
        }
        Self(groups)
    }

    /// All entries of a group that want a vector, with this one.
    fn entries(&self, id: &str, vector: &[f32], catalog: &Catalog) -> Vec<Entry> {
        let open = self.0.get(id).map_or(&[][..], |group| &group.open);
        let mut entries = catalog.entries_of(open);
        for entry in &mut entries {
            entry.dense = Some(vector.to_vec());
        }
        entries
    }
}

/// Entries with what the encoder reads for them, parted so that each part is about one batch of its.
fn batches(ids: &[String], catalog: &Catalog) -> Vec<Vec<(String, EmbedText)>> {
    let mut batches: Vec<Vec<(String, EmbedText)>> = Vec::new();
    let mut room = 0;
    for id in ids {
        let Some((title, text)) = catalog.embedding_text(id) else {
            continue;
        };
        let chars = text.chars().count() + title.as_ref().map_or(0, |title| title.chars().count());
        let read = EmbedText {
            text,
            purpose: Purpose::Passage { title },
        };
        match batches.last_mut() {
            Some(batch) if chars <= room => {
                room -= chars;
                batch.push((id.clone(), read));
            }
            _ => {
                room = BATCH_CHARS.saturating_sub(chars);
                batches.push(vec![(id.clone(), read)]);
            }
        }
    }
    batches
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
) -> Result<T, AppError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| AppError::Setup(e.to_string()))?
        .map_err(AppError::from)
}

/// Entries that the index lacks are added with their words, entries that nothing stands behind go, and those whose days
/// have changed get the new ones.
fn sync_index(index: &dyn VectorIndex, catalog: &Catalog) -> Result<(), IndexError> {
    let wanted = catalog.entries();
    let held: HashSet<String> = index.ids()?.into_iter().collect();
    let names: HashSet<&str> = wanted.iter().map(|entry| entry.id.as_str()).collect();
    let gone: Vec<String> = held
        .iter()
        .filter(|id| !names.contains(id.as_str()))
        .cloned()
        .collect();
    if !gone.is_empty() {
        index.remove(&gone)?;
    }
    let outdated: HashSet<String> = index.outdated(&wanted)?.into_iter().collect();
    if !outdated.is_empty() {
        let ids: Vec<String> = outdated.iter().cloned().collect();
        let mut vectors = index.vectors(&ids)?;
        let changed = wanted.iter().filter(|entry| outdated.contains(&entry.id));
        let entries: Vec<Entry> = changed
            .map(|entry| Entry {
                dense: vectors.remove(&entry.id),
                ..entry.clone()
            })
            .collect();
        index.upsert(&entries)?;
    }
    let missing: Vec<_> = wanted
        .into_iter()
        .filter(|entry| !held.contains(&entry.id))
        .collect();
    if !missing.is_empty() {
        index.upsert(&missing)?;
    }
    index.rebuilt();
    Ok(())
}

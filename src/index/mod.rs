//! The vector index: derived from what the store and the knowledge base hold, never the truth itself.
//!
//! Two backends stand behind one trait: [`open`] gives a file on this machine or a Qdrant server, as the settings say.
//! Whatever is missing, damaged or made for another model is set aside, an empty index opens in its place, and
//! [`Health::Rebuild`] tells the caller to fill it again.

mod blocking;
mod error;
mod local;
mod qdrant;
mod types;

pub use error::IndexError;
pub use types::{Counts, Entry, EntryKind, Filter, Health, IndexSpec, Scored};

use crate::config::Config;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What both backends can do. Calls block: from async code call them on a blocking thread.
pub trait VectorIndex: Send + Sync {
    /// Returns what the index was made for.
    fn spec(&self) -> &IndexSpec;

    /// Returns whether the index can be searched and whether it wants filling; asks the server where there is one.
    fn health(&self) -> Health;

    /// Returns how many entries there are and how many of them have a vector.
    fn counts(&self) -> Result<Counts, IndexError>;

    /// Adds entries, or replaces whole those with a known id, vector included.
    ///
    /// All entries are checked first: fails with [`IndexError::Wrong`] and writes nothing when a vector has another
    /// dimension or a number that is not finite. An entry without a vector is found by words at once; its vector
    /// comes by upserting it again. Of two entries with one id the later one counts. Costs up to 2 s for 5,000 entries.
    fn upsert(&self, entries: &[Entry]) -> Result<(), IndexError>;

    /// Removes entries; unknown ids are passed over.
    fn remove(&self, ids: &[String]) -> Result<(), IndexError>;

    /// Returns at most `limit` ids of entries that have no vector yet.
    fn missing_vectors(&self, limit: usize) -> Result<Vec<String>, IndexError>;

    /// Returns those of `ids` that the index holds, with or without a vector.
    fn known(&self, ids: &[String]) -> Result<HashSet<String>, IndexError>;

    /// Returns the vectors (D numbers) of those of `ids` that have one.
    fn vectors(&self, ids: &[String]) -> Result<HashMap<String, Vec<f32>>, IndexError>;

    /// Returns the ids of those of `entries` that the index holds with other days than these.
    fn outdated(&self, entries: &[Entry]) -> Result<Vec<String>, IndexError>;

    /// Returns the ids of all entries, in no order.
    fn ids(&self) -> Result<HashSet<String>, IndexError>;

    /// Returns the `limit` entries whose vectors have the highest inner product with `query` (D numbers), best first.
    ///
    /// Fails with [`IndexError::Wrong`] for another dimension or a number that is not finite.
    fn dense(
        &self,
        query: &[f32],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Scored>, IndexError>;

    /// Returns the `limit` entries that share words with `stems`, by BM25 with titles at a weight of 0.3, best first.
    ///
    /// Only the first 256 different stems are looked at; without any the result is empty.
    fn lexical(
        &self,
        stems: &[String],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Scored>, IndexError>;

    /// Tells the index that the caller has filled it, so that [`Health::Rebuild`] ends.
    fn rebuilt(&self);

    /// Returns an empty index of the same spec beside this one, which goes on answering.
    ///
    /// Fails with [`IndexError::Busy`] while another one is being built by this process.
    fn build_beside(&self) -> Result<Box<dyn VectorIndex>, IndexError>;

    /// Puts what was built beside in the place of this index, for everybody who holds it, in one step.
    ///
    /// Fails and leaves this index as it was when `beside` is not its own or turns out damaged.
    fn switch(&self, beside: Box<dyn VectorIndex>) -> Result<(), IndexError>;

    /// Returns the file or collection where the index stands, for messages and for [`VectorIndex::switch`].
    fn place(&self) -> String;
}

/// Opens the index that the settings name, empty with [`Health::Rebuild`] where there was none or none that is whole.
///
/// An unreachable Qdrant server is not an error here: the index opens with [`Health::Unavailable`] and connects when the
/// server is back. Fails on a spec or a setting that can't be, on a folder that can't be written, and with
/// [`IndexError::Busy`] when another process holds the folder. Reads and checks the whole file: about 1 s for 20,000
/// entries of 768 numbers.
pub fn open(config: &Config, spec: IndexSpec) -> Result<Arc<dyn VectorIndex>, IndexError> {
    spec.check()?;
    match config.index.backend.as_str() {
        "local" => Ok(Arc::new(local::LocalIndex::open(
            &config.index_dir(),
            spec,
        )?)),
        "qdrant" => Ok(Arc::new(qdrant::QdrantIndex::open(&config.index, spec)?)),
        other => Err(IndexError::Wrong {
            reason: format!("настройка index.backend = «{other}»: бывает local или qdrant"),
        }),
    }
}

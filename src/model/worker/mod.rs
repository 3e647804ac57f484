//! Workers: a thread per model behind a bounded queue, with deadlines, replacement and health.
//!
//! A job that panics or hangs past its deadline costs its caller an error and the model a new
//! thread, never the process. Searching goes before embedding in bulk.

mod handles;
mod job;
mod state;
mod supervisor;

pub use handles::{EmbedderHandle, GeneratorHandle};

use crate::model::ModelError;
use std::time::Duration;

/// How a model is doing, for `/readyz`, the doctor and the pages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Health {
    Ready,
    Loading,
    /// The file is not there; the remedy says how to get it.
    Missing {
        remedy: String,
    },
    /// The file is there and can't be used.
    Damaged {
        remedy: String,
    },
    /// Switched off in the settings.
    Off,
}

impl Health {
    /// The health that a failed start leaves behind.
    fn after(error: &ModelError) -> Self {
        match error {
            ModelError::Off => Self::Off,
            ModelError::Missing { .. } | ModelError::NotFound { .. } => Self::Missing {
                remedy: error.to_string(),
            },
            _ => Self::Damaged {
                remedy: error.to_string(),
            },
        }
    }
}

/// How much may wait, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Jobs that may wait in the interactive lane.
    pub interactive: usize,
    /// Jobs that may wait in the batch lane.
    pub batch: usize,
    /// How long a search waits for its vector.
    pub interactive_deadline: Duration,
    /// How long one bite of a batch may wait and run.
    pub batch_deadline: Duration,
    /// How long after its deadline a job may take to notice that it was cancelled.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            interactive: 32,
            batch: 8,
            interactive_deadline: Duration::from_secs(10),
            batch_deadline: Duration::from_secs(180),
            grace: Duration::from_secs(1),
        }
    }
}

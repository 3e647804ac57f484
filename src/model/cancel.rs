use crate::model::ModelError;
use crate::model::engine::engine_error;
use soyuznik_engine::generator::Cancel as EngineCancel;
use std::time::{Duration, Instant};

/// A wish that a running model stop, and a moment after which nobody waits; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    inner: EngineCancel,
    deadline: Option<Instant>,
}

impl Cancel {
    /// One that nobody has asked to stop, without a deadline.
    pub fn new() -> Self {
        Self::default()
    }

    /// One that also stops at `deadline`.
    pub fn by(deadline: Instant) -> Self {
        Self {
            inner: EngineCancel::with_deadline(deadline),
            deadline: Some(deadline),
        }
    }

    /// Asks to stop; the model looks between layers, tokens or network reads.
    pub fn cancel(&self) {
        self.inner.cancel();
    }

    pub fn is_cancelled(&self) -> bool {
        self.inner.check().is_err()
    }

    /// Fails with `Cancelled` once somebody asked to stop, with `Deadline` once that has passed.
    pub fn check(&self) -> Result<(), ModelError> {
        self.inner.check().map_err(engine_error)
    }

    /// The time that is left; `None` without a deadline.
    pub fn left(&self) -> Option<Duration> {
        self.deadline
            .map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    pub(crate) fn engine(&self) -> &EngineCancel {
        &self.inner
    }
}

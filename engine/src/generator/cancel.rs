use crate::error::EngineError;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A wish to stop, shared with whoever may express it, and a point in time after which nobody waits any more.
#[derive(Clone, Debug, Default)]
pub struct Cancel {
    wished: Arc<AtomicBool>,
    deadline: Option<Instant>,
}

impl Cancel {
    /// Returns one that nobody has asked to stop, without deadline.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns one that also stops at `deadline`.
    pub fn with_deadline(deadline: Instant) -> Self {
        Cancel {
            deadline: Some(deadline),
            ..Self::default()
        }
    }

    /// Asks the work that holds this, or a clone of it, to stop; it does within about a second.
    pub fn cancel(&self) {
        self.wished.store(true, Ordering::Relaxed);
    }

    /// Fails with `Cancelled` or `Deadline` when the work is to stop.
    pub fn check(&self) -> Result<(), EngineError> {
        if self.wished.load(Ordering::Relaxed) {
            return Err(EngineError::Cancelled);
        }
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(EngineError::Deadline),
            _ => Ok(()),
        }
    }
}

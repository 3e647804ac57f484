//! The engine of this repository behind the room's traits.

mod chat;
mod embedder;
mod generator;
mod steer;

pub use embedder::EngineEmbedder;
pub use generator::EngineGenerator;

use crate::model::ModelError;
use soyuznik_engine::EngineError;

/// The same failure in this room's words.
pub(crate) fn engine_error(error: EngineError) -> ModelError {
    match error {
        EngineError::Cancelled => ModelError::Cancelled,
        EngineError::Deadline => ModelError::Deadline,
        EngineError::TooLong { tokens, limit } => ModelError::TooLong { tokens, limit },
        EngineError::Missing { path } => ModelError::Missing {
            name: path.display().to_string(),
            remedy: "Получите файл: soyuznik models pull.".into(),
        },
        EngineError::Damaged { path, what } => ModelError::Damaged {
            place: path.display().to_string(),
            what,
            remedy: "Удалите файл и получите заново: soyuznik models pull.".into(),
        },
        EngineError::Unsupported { what } => ModelError::Unsupported { what },
        EngineError::Io { path, source } => ModelError::disk(&path, &source),
        EngineError::Backend(reason) => ModelError::failed(reason),
    }
}

use std::path::{Path, PathBuf};

/// What can go wrong in the engine: the file's fault, the caller's, or the moment's.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The model file is not there.
    #[error("{}: no such model file", path.display())]
    Missing { path: PathBuf },
    /// The model file is cut short or holds something that cannot be.
    #[error("{} is damaged: {what}", path.display())]
    Damaged { path: PathBuf, what: String },
    /// The file is sound, but of a kind that this engine does not run.
    #[error("unsupported: {what}")]
    Unsupported { what: String },
    /// The tokens do not fit into the model's context.
    #[error("{tokens} tokens do not fit into a context of {limit}")]
    TooLong { tokens: usize, limit: usize },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// The deadline passed.
    #[error("the deadline passed")]
    Deadline,
    /// The operating system failed to read or write.
    #[error("{}: {source}", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    /// The tensor library failed; a fault of this engine, not of the input.
    #[error("tensor backend: {0}")]
    Backend(String),
}

impl From<candle_core::Error> for EngineError {
    fn from(error: candle_core::Error) -> Self {
        EngineError::Backend(error.to_string())
    }
}

/// Returns a function that makes [`EngineError::Damaged`] for this file.
pub(crate) fn damaged(path: &Path) -> impl Fn(String) -> EngineError + '_ {
    move |what| EngineError::Damaged {
        path: path.to_owned(),
        what,
    }
}

/// Returns [`EngineError::Missing`] for a file that is not there and [`EngineError::Io`] for any other failure.
pub(crate) fn io_error(path: &Path, source: std::io::Error) -> EngineError {
    let path = path.to_owned();
    match source.kind() {
        std::io::ErrorKind::NotFound => EngineError::Missing { path },
        std::io::ErrorKind::UnexpectedEof => EngineError::Damaged {
            path,
            what: "the file ends too early".into(),
        },
        _ => EngineError::Io { path, source },
    }
}

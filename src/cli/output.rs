use crate::config::ConfigError;
use serde::Serialize;
use std::io::Write;

/// Exit codes; they are part of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    Done = 0,
    /// Done with problems that the summary lists.
    Problems = 1,
    WrongUse = 2,
    NotFound = 3,
    /// Locked, or the port is in use.
    Busy = 4,
    Damaged = 5,
    Network = 6,
}

impl Exit {
    fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Problems => "problems",
            Self::WrongUse => "wrong_use",
            Self::NotFound => "not_found",
            Self::Busy => "busy",
            Self::Damaged => "damaged",
            Self::Network => "network",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

/// Why a command did not do what was asked: for people, and for scripts.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub message: String,
    pub remedy: String,
    pub place: String,
}

impl Failure {
    pub fn new(exit: Exit, place: &str, message: impl std::fmt::Display) -> Self {
        Self {
            exit,
            message: message.to_string(),
            remedy: String::new(),
            place: place.to_owned(),
        }
    }

    pub fn other(place: &str, message: impl std::fmt::Display) -> Self {
        Self::new(Exit::Problems, place, message)
    }

    pub fn wrong_use(place: &str, message: impl std::fmt::Display) -> Self {
        Self::new(Exit::WrongUse, place, message)
    }

    pub fn not_found(place: &str, message: impl std::fmt::Display) -> Self {
        Self::new(Exit::NotFound, place, message)
    }

    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = remedy.into();
        self
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::new(Exit::WrongUse, "config", error)
    }
}

/// Prints a failure: a line for people on standard error, or the JSON of `interfaces.md`.
pub fn report(failure: &Failure, format: Format) {
    match format {
        Format::Text => {
            eprintln!("{}", failure.message);
            if !failure.remedy.is_empty() {
                eprintln!("Что делать: {}", failure.remedy);
            }
        }
        Format::Json => print_json(&serde_json::json!({"error": {
            "code": failure.exit.code(),
            "message": failure.message,
            "remedy": failure.remedy,
            "place": failure.place,
        }})),
    }
}

/// Prints a value as one line of JSON; a closed pipe is the reader's right.
pub fn print_json(value: &impl Serialize) {
    if let Ok(text) = serde_json::to_string(value) {
        say(&text);
    }
}

/// Prints a line; a closed pipe is the reader's right.
pub fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

impl From<crate::app::AppError> for Failure {
    fn from(error: crate::app::AppError) -> Self {
        use crate::app::AppError;
        let exit = match &error {
            AppError::Store(inner) => Exit::from_code(inner.exit_code()),
            AppError::Model(inner) => Exit::from_code(inner.exit_code()),
            AppError::Index(inner) if inner.code() == "busy" => Exit::Busy,
            AppError::Setup(_) | AppError::Retrieve(_) => Exit::WrongUse,
            AppError::Index(_) | AppError::Ingest(_) => Exit::Problems,
        };
        Self::new(exit, error.code(), error)
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(error: crate::store::StoreError) -> Self {
        Self::new(Exit::from_code(error.exit_code()), error.code(), error)
    }
}

impl Exit {
    /// The exit with this number; anything unknown is [`Exit::Problems`].
    pub fn from_code(code: u8) -> Self {
        match code {
            0 => Self::Done,
            2 => Self::WrongUse,
            3 => Self::NotFound,
            4 => Self::Busy,
            5 => Self::Damaged,
            6 => Self::Network,
            _ => Self::Problems,
        }
    }
}

//! A file of law is read in a process of its own: a hostile one can kill that process, and nothing else.

use super::{Hints, IngestError, Taken};
use crate::knowledge::{Given, ParsedAct, ParsedPractice};
use serde::Deserialize;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How long one file may take.
pub const MOST_TIME: Duration = Duration::from_secs(30);
/// How much memory reading one file may take, in bytes.
pub const MOST_MEMORY: u64 = 1 << 30;
/// The most that a child may say: a code's tree has about 10 MB.
const MOST_SAID: u64 = 256 << 20;

/// Where files are read.
#[derive(Debug, Clone, Default)]
pub enum Reading {
    /// In this process: for texts that we wrote ourselves.
    #[default]
    Here,
    /// In a child, by this program.
    Child(PathBuf),
}

impl Reading {
    /// In a child by the program that runs now; in this process where the system does not name it.
    pub fn in_child() -> Self {
        std::env::current_exe().map_or(Self::Here, Self::Child)
    }
}

/// What a child says: the act or the text beside the law, or why there is none.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Act(Box<ParsedAct>),
    Practice(Box<ParsedPractice>),
    Refused { error: Refusal },
}

#[derive(Deserialize)]
struct Refusal {
    message: String,
}

/// Lets a child read `path`, and ends it when it takes too long. Blocks.
pub fn read(program: &Path, path: &Path, hints: &Hints) -> Result<Taken, IngestError> {
    let place = path.display().to_string();
    let stopped = |reason: String| IngestError::Reader {
        path: place.clone(),
        reason,
    };
    let mut child = Command::new(program)
        .args(["kb", "read", "--json"])
        .args(flags(&hints.given))
        .args(hints.told.words())
        .arg("--")
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| stopped(e.to_string()))?;
    let pipe = child.stdout.take();
    let said = std::thread::spawn(move || {
        let mut said = Vec::new();
        if let Some(pipe) = pipe {
            let _ = pipe.take(MOST_SAID).read_to_end(&mut said);
        }
        said
    });
    let begun = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) if begun.elapsed() < MOST_TIME => {
                std::thread::sleep(Duration::from_millis(10));
            }
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                break None;
            }
        }
    };
    let said = said.join().unwrap_or_default();
    match (serde_json::from_slice(&said), status) {
        (Ok(Said::Act(act)), Some(_)) => Ok(Taken::Act(act)),
        (Ok(Said::Practice(practice)), Some(_)) => Ok(Taken::Practice(practice)),
        (Ok(Said::Refused { error }), Some(_)) => Err(IngestError::Refused {
            message: error.message,
        }),
        (_, None) => Err(stopped(format!(
            "чтение заняло больше {} с",
            MOST_TIME.as_secs()
        ))),
        (Err(_), Some(_)) => Err(stopped(format!(
            "чтение прервалось: файлу мало {} МБ памяти или {} с, или он повреждён",
            MOST_MEMORY >> 20,
            MOST_TIME.as_secs()
        ))),
    }
}

/// What was given, as the child's flags.
fn flags(given: &Given) -> Vec<String> {
    let act = given.act.as_ref().map(|act| format!("--act={act}"));
    let edition = given.edition.map(|day| format!("--edition={day}"));
    let without = given.without.iter().map(|one| format!("--without={one}"));
    act.into_iter().chain(edition).chain(without).collect()
}

/// Bounds this process: what it may take and for how long. Called by the child before it opens the file.
pub fn bound_this_process() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        rlimit::setrlimit(rlimit::Resource::AS, MOST_MEMORY, MOST_MEMORY)?;
        let seconds = MOST_TIME.as_secs();
        rlimit::setrlimit(rlimit::Resource::CPU, seconds, seconds)?;
        rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?;
    }
    Ok(())
}

//! `bench knowledge`: how long reading, keeping and comparing take, and how much there is to embed.

use super::bench_pages::{self, PageTimes};
use super::output::{Exit, Failure, Format, print_json, say};
use super::people::open_store;
use crate::app::{App, editions};
use crate::config::Config;
use crate::ingest::{self, ParsedAct, Reading};
use crate::store::Store;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Each file is read so many times; the median counts.
const TIMES: usize = 3;

/// A file that was read, or refused.
#[derive(serde::Serialize)]
struct FileTime {
    file: String,
    format: String,
    s: f64,
    refused: bool,
}

/// What keeping the editions of one act took.
#[derive(serde::Serialize)]
struct Kept {
    act: &'static str,
    files: usize,
    editions: usize,
    read_and_keep_s: f64,
    /// Texts of the newest edition and of all of them, each text once, and their characters.
    texts_of_one: usize,
    texts_of_all: usize,
    /// Characters to embed of all editions over those of one: the time of an encoder goes with them.
    ratio: f64,
    /// Passages that are kept, each edition's its own.
    passages: usize,
    diff_s: f64,
    diff_from: Option<Date>,
    diff_to: Option<Date>,
    pages: Option<PageTimes>,
}

/// Measures on the files in `folder`; the data go to a folder of their own, which goes again.
pub async fn run(config: Config, folder: &Path, format: Format) -> Result<Exit, Failure> {
    let files = ingest::files(&[folder.to_owned()]);
    if files.is_empty() || !folder.exists() {
        let place = folder.display().to_string();
        return Err(
            Failure::not_found(&place, format!("{place}: файлов законов нет."))
                .remedy("Назовите папку с текстами: soyuznik bench knowledge ПАПКА."),
        );
    }
    let start_mb = memory_mb("VmRSS:");
    let mut times = Vec::new();
    let mut codes = Vec::new();
    for file in &files {
        let (time, is_code) = read(file);
        times.push(time);
        codes.extend(is_code.then(|| file.clone()));
    }
    let read_peak_mb = memory_mb("VmHWM:");
    let kept = keep(config, &codes).await?;
    let figures = serde_json::json!({
        "files": times,
        "slowest_s": slowest(&times),
        "code": kept,
        "memory_mb": {
            "start": start_mb,
            "reading_above_start": read_peak_mb.saturating_sub(start_mb),
            "peak_above_start": memory_mb("VmHWM:").saturating_sub(start_mb),
        },
        "kernel": crate::model::kernel_class(),
    });
    match format {
        Format::Json => print_json(&figures),
        Format::Text => say(&serde_json::to_string_pretty(&figures).unwrap_or_default()),
    }
    Ok(Exit::Done)
}

/// The median time of a file, and whether it is an edition of the Labour Code.
fn read(file: &Path) -> (FileTime, bool) {
    let mut seconds = Vec::new();
    let mut last: Option<ParsedAct> = None;
    for _ in 0..TIMES {
        last = None;
        let started = Instant::now();
        last = ingest::read_file(file).ok().or(last);
        seconds.push(started.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let ending = file.extension().map(|e| e.to_string_lossy().into_owned());
    let time = FileTime {
        file: file
            .file_name()
            .map_or(String::new(), |n| n.to_string_lossy().into_owned()),
        format: last
            .as_ref()
            .map_or(ending.unwrap_or_default(), |act| act.format.clone()),
        s: seconds[TIMES / 2],
        refused: last.is_none(),
    };
    (time, last.is_some_and(|act| act.act.as_str() == "tk"))
}

fn slowest(times: &[FileTime]) -> BTreeMap<&str, f64> {
    let mut slowest: BTreeMap<&str, f64> = BTreeMap::new();
    for time in times {
        let longest = slowest.entry(&time.format).or_default();
        *longest = longest.max(time.s);
    }
    slowest
}

/// Keeps the editions of the Code in a database of its own, without vectors, and compares the oldest with the newest.
async fn keep(config: Config, files: &[PathBuf]) -> Result<Kept, Failure> {
    let folder = Folder::new()?;
    let config = alone(config, &folder);
    let store = open_store(&config).await?;
    let started = Instant::now();
    for file in files {
        ingest::add_file(&store, file, &Reading::Here).await?;
    }
    let read_and_keep_s = started.elapsed().as_secs_f64();
    let held = store.editions("tk").await?;
    let (first, last) = (held.first(), held.last());
    let started = Instant::now();
    if let (Some(first), Some(last)) = (first, last) {
        editions::compare(&store, "tk", first.edition_date, last.edition_date).await?;
    }
    let diff_s = started.elapsed().as_secs_f64();
    let all = texts(&store, None).await?;
    let one = match last {
        Some(last) => texts(&store, Some(&last.id)).await?,
        None => Texts::default(),
    };
    store.close().await;
    // The folder is free once the store is gone.
    drop(store);
    let app = Arc::new(App::open(config.clone()).await?);
    let pages = bench_pages::measure(app, &config).await?;
    Ok(Kept {
        pages,
        act: "tk",
        files: files.len(),
        editions: held.len(),
        read_and_keep_s,
        texts_of_one: one.different,
        texts_of_all: all.different,
        ratio: all.chars as f64 / (one.chars.max(1)) as f64,
        passages: all.passages,
        diff_s,
        diff_from: first.map(|e| e.edition_date),
        diff_to: last.map(|e| e.edition_date),
    })
}

/// The same settings over a folder of its own: no database of the desk, no index elsewhere, no models.
fn alone(mut config: Config, folder: &Folder) -> Config {
    config.data_dir = folder.0.clone();
    config.database_url = String::new();
    config.index.backend = "local".into();
    config.model.encoder = "none".into();
    config.model.generator = "none".into();
    config
}

#[derive(Default)]
struct Texts {
    passages: usize,
    different: usize,
    chars: usize,
}

/// What an encoder reads of the passages: title and text, each pair once.
async fn texts(store: &Store, edition: Option<&str>) -> Result<Texts, Failure> {
    let passages = store.passages(edition).await?;
    let mut seen = HashSet::new();
    let mut found = Texts {
        passages: passages.len(),
        ..Texts::default()
    };
    for passage in &passages {
        if seen.insert((passage.title.as_deref(), passage.text.as_str())) {
            found.different += 1;
            found.chars += passage.text.chars().count();
        }
    }
    Ok(found)
}

/// A folder that goes when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("soyuznik-bench-{}", std::process::id()));
        std::fs::create_dir(&path).map_err(|e| Failure::other(&path.display().to_string(), e))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Memory of this process in MB, now or at its peak; 0 where the system does not tell.
fn memory_mb(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name));
    let kb = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    kb.unwrap_or_default() / 1024
}

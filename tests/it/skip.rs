//! What a test does when something it needs is not here: it says so where cargo can't swallow it.

use std::io::Write;
use std::path::PathBuf;

/// Says on the real standard error that `test` is skipped for want of `part`, or fails when
/// `SOYUZNIK_REQUIRE` names the part.
pub fn missing(part: &str, test: &str, reason: &str) {
    let required = std::env::var("SOYUZNIK_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|name| name.trim() == part),
        "{test} needs {part}, and SOYUZNIK_REQUIRE asks for it: {reason}"
    );
    let line = format!("SKIPPED {test}: no {part} ({reason})\n");
    // `eprint!` is captured by the test runner; the device is not.
    let direct = std::fs::OpenOptions::new()
        .append(true)
        .open("/proc/self/fd/2")
        .and_then(|mut stderr| stderr.write_all(line.as_bytes()));
    if direct.is_err() {
        eprint!("{line}");
    }
    if let Ok(list) = std::env::var("SOYUZNIK_SKIP_LIST") {
        let _ = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(list)
            .and_then(|mut file| file.write_all(line.as_bytes()));
    }
}

/// A path in the corpus of law texts, or `None` after saying that `test` is skipped.
pub fn corpus(test: &str, path: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let file = root.join(path);
    if file.exists() {
        return Some(file);
    }
    missing("corpus", test, "../shared/corpus is not beside the project");
    None
}

/// A model file in `SOYUZNIK_MODELS`, or `None` after saying that `test` is skipped.
pub fn model(test: &str, file: &str) -> Option<PathBuf> {
    let folder = std::env::var("SOYUZNIK_MODELS").unwrap_or_default();
    let path = PathBuf::from(&folder).join(file);
    if !folder.is_empty() && path.exists() {
        return Some(path);
    }
    missing("models", test, &format!("SOYUZNIK_MODELS holds no {file}"));
    None
}

/// The address of a PostgreSQL server to test on, or `None` after saying that `test` is skipped.
pub fn postgres(test: &str) -> Option<String> {
    match std::env::var("SOYUZNIK_TEST_POSTGRES_URL") {
        Ok(url) if !url.is_empty() => Some(url),
        _ => {
            missing("postgres", test, "SOYUZNIK_TEST_POSTGRES_URL is not set");
            None
        }
    }
}

/// The address of a Qdrant server to test on, or `None` after saying that `test` is skipped.
pub fn qdrant(test: &str) -> Option<String> {
    match std::env::var("SOYUZNIK_TEST_QDRANT_URL") {
        Ok(url) if !url.is_empty() => Some(url),
        _ => {
            missing("qdrant", test, "SOYUZNIK_TEST_QDRANT_URL is not set");
            None
        }
    }
}

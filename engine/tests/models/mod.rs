//! Where the tests find model files, and what they do without.
#![expect(dead_code, reason = "every test binary uses its own part of it")]

use std::io::Write;
use std::path::PathBuf;

pub const EMBEDDING_GEMMA: &str = "embeddinggemma-300m-q8_0.gguf";
pub const E5: &str = "multilingual-e5-small-q4.bin";
pub const QWEN: &str = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf";

/// Returns the model file in the folder `SOYUZNIK_MODELS`, or says on standard error that the test is skipped.
///
/// Panics instead when `SOYUZNIK_REQUIRE` contains `models`.
pub fn file(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("SOYUZNIK_MODELS").map(|folder| PathBuf::from(folder).join(name));
    let found = path.filter(|path| path.is_file());
    if found.is_none() {
        skip(&format!("{name} is not in the folder SOYUZNIK_MODELS"));
    }
    found
}

/// Returns the folder with the full-precision originals of EmbeddingGemma, which few machines have.
pub fn originals() -> Option<PathBuf> {
    let folder = std::env::var_os("SOYUZNIK_ORIGINALS").map(PathBuf::from);
    let found = folder.filter(|folder| folder.join("model.safetensors").is_file());
    if found.is_none() {
        say("EmbeddingGemma's originals are not in the folder SOYUZNIK_ORIGINALS");
    }
    found
}

fn skip(reason: &str) {
    let required = std::env::var("SOYUZNIK_REQUIRE").unwrap_or_default();
    assert!(
        !required.split(',').any(|part| part.trim() == "models"),
        "required: {reason}"
    );
    say(reason);
}

fn say(reason: &str) {
    // Past the test runner's capture, so that a skip is seen.
    let _ = writeln!(std::io::stderr(), "skipped: {reason}");
}

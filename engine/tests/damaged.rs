//! Model files cut short or changed: refused by name, never a panic.

mod models;

use soyuznik_engine::EngineError;
use soyuznik_engine::encoder::{Encoder, Purpose};
use std::path::{Path, PathBuf};

/// A copy that is removed at the end.
struct Copy(PathBuf);

impl Copy {
    fn of(original: &Path, name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("engine-{name}-{}", std::process::id()));
        std::fs::copy(original, &path).expect("a copy of the model");
        Copy(path)
    }

    fn cut(&self, length: u64) {
        let file = std::fs::File::options()
            .write(true)
            .open(&self.0)
            .expect("the copy opens");
        file.set_len(length).expect("the copy is cut");
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn check(result: Result<Encoder, EngineError>, path: &Path) {
    match result {
        Err(EngineError::Damaged { path: named, what }) => {
            assert_eq!(named, path);
            assert!(!what.is_empty());
        }
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("a damaged file was opened"),
    }
}

/// Lengths from nearly whole to empty, the largest first.
fn lengths(size: u64) -> Vec<u64> {
    vec![
        size - 1,
        size - 4096,
        size / 2,
        size / 10,
        8_000_000,
        1_000_000,
        5_000,
        100,
        60,
        9,
        4,
        0,
    ]
}

#[test]
fn a_cut_encoder_file_is_damaged() {
    for (name, open) in [
        (
            models::E5,
            Encoder::open_e5_small as fn(&Path) -> Result<Encoder, EngineError>,
        ),
        (models::EMBEDDING_GEMMA, Encoder::open_embedding_gemma),
    ] {
        let Some(original) = models::file(name) else {
            continue;
        };
        let copy = Copy::of(&original, "cut");
        let size = std::fs::metadata(&copy.0).expect("its size").len();
        for length in lengths(size) {
            copy.cut(length);
            check(open(&copy.0), &copy.0);
        }
    }
}

#[test]
fn a_changed_light_encoder_is_refused_or_runs_but_never_panics() {
    let Some(original) = models::file(models::E5) else {
        return;
    };
    let whole = std::fs::read(original).expect("the model");
    let copy = std::env::temp_dir().join(format!("engine-changed-{}", std::process::id()));
    let copy = Copy(copy);
    for at in [
        5usize, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 1_000_100,
        3_000_003,
    ] {
        for value in [0xFFu8, 0x7F] {
            let mut bytes = whole.clone();
            bytes[at] = value;
            bytes[at + 1] ^= 0x55;
            std::fs::write(&copy.0, &bytes).expect("the copy");
            if let Ok(encoder) = Encoder::open_e5_small(&copy.0) {
                let _ = encoder.embed(&[("отпуск", Purpose::Query)]);
            }
        }
    }
}

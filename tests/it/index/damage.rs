//! Row D3: a local index that is deleted, cut, altered or foreign is set aside, and after filling finds the same.

use super::*;
use soyuznik::index::{self, Health, IndexError, VectorIndex};
use std::path::{Path, PathBuf};
use std::sync::Arc;

const DIMENSION: usize = 16;
const ENTRIES: usize = 300;

/// A small repeatable source of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % below
    }
}

fn entries() -> Vec<Entry> {
    let mut dice = Dice(0x0123_4567_89AB_CDEF);
    (0..ENTRIES)
        .map(|i| {
            let stems: Vec<String> = (0..30)
                .map(|_| format!("слов{}", dice.roll(80).min(dice.roll(80))))
                .collect();
            let vector: Vec<f32> = (0..DIMENSION)
                .map(|_| dice.roll(2001) as f32 / 1000.0 - 1.0)
                .collect();
            Entry {
                citation: format!("tk:{i}:1"),
                article: format!("tk:{i}"),
                title_stems: stems[..2].to_vec(),
                stems,
                dense: (i % 10 != 0).then_some(vector),
                ..entry(&format!("e{i:03}"))
            }
        })
        .collect()
}

fn top_tens(index: &dyn VectorIndex) -> Vec<Vec<Scored>> {
    let mut dice = Dice(42);
    let mut found = Vec::new();
    for _ in 0..5 {
        let query: Vec<f32> = (0..DIMENSION)
            .map(|_| dice.roll(2001) as f32 / 1000.0 - 1.0)
            .collect();
        found.push(index.dense(&query, &all(), 10).unwrap());
        let stems: Vec<String> = (0..4).map(|_| format!("слов{}", dice.roll(80))).collect();
        found.push(index.lexical(&stems, &all(), 10).unwrap());
    }
    found
}

struct Fixture {
    folder: tempfile::TempDir,
    spec: index::IndexSpec,
    file: PathBuf,
    whole: Vec<u8>,
    found: Vec<Vec<Scored>>,
}

fn fixture() -> Fixture {
    let folder = tempfile::tempdir().unwrap();
    let spec = spec(DIMENSION, "damage");
    let index = index::open(&local(folder.path()), spec.clone()).unwrap();
    index.upsert(&entries()).unwrap();
    let found = top_tens(&*index);
    assert!(found.iter().all(|ten| ten.len() == 10));
    let file = PathBuf::from(index.place());
    drop(index);
    let whole = std::fs::read(&file).unwrap();
    Fixture {
        folder,
        spec,
        file,
        whole,
        found,
    }
}

impl Fixture {
    fn open(&self) -> Arc<dyn VectorIndex> {
        index::open(&local(self.folder.path()), self.spec.clone()).unwrap()
    }

    /// Opens what is there; says whether it had to be rebuilt, and sees to it that it finds the same afterwards.
    fn recovers(&self, what: &str) -> bool {
        let index = self.open();
        let rebuild = matches!(index.health(), Health::Rebuild { .. });
        if rebuild {
            assert_eq!(index.counts().unwrap().entries, 0, "{what}");
            index.upsert(&entries()).unwrap();
            index.rebuilt();
        }
        assert_eq!(index.health(), Health::Ready, "{what}");
        assert_eq!(top_tens(&*index), self.found, "{what}");
        rebuild
    }

    fn damaged(&self) -> usize {
        let listed = std::fs::read_dir(self.file.parent().unwrap()).unwrap();
        listed
            .flatten()
            .filter(|file| file.file_name().to_string_lossy().contains(".damaged-"))
            .count()
    }
}

#[test]
fn a_whole_file_opens_as_it_was() {
    let fixture = fixture();
    assert!(!fixture.recovers("untouched"));
    assert_eq!(fixture.damaged(), 0);
}

#[test]
fn a_deleted_file_is_built_again() {
    let fixture = fixture();
    std::fs::remove_file(&fixture.file).unwrap();
    assert!(fixture.recovers("deleted"));
}

#[test]
fn a_truncated_file_is_set_aside() {
    let fixture = fixture();
    for keep in [
        0,
        1,
        100,
        4096,
        fixture.whole.len() / 2,
        fixture.whole.len() - 4096,
        fixture.whole.len() - 1,
    ] {
        std::fs::write(&fixture.file, &fixture.whole[..keep]).unwrap();
        assert!(fixture.recovers(&format!("cut to {keep} bytes")));
        assert!((1..=2).contains(&fixture.damaged()), "old ones are dropped");
    }
}

#[test]
fn something_else_under_the_name_is_set_aside() {
    let fixture = fixture();
    std::fs::write(&fixture.file, "это не база данных\n".repeat(1000)).unwrap();
    assert!(fixture.recovers("a text"));
    std::fs::write(&fixture.file, vec![0u8; 100_000]).unwrap();
    assert!(fixture.recovers("zeros"));
}

#[test]
fn a_flipped_byte_is_found_out_or_does_no_harm() {
    let fixture = fixture();
    let mut dice = Dice(7);
    let mut set_aside = 0;
    for _ in 0..50 {
        let mut bytes = fixture.whole.clone();
        let at = dice.roll(bytes.len());
        let flip = dice.roll(255) as u8 + 1;
        bytes[at] ^= flip;
        std::fs::write(&fixture.file, &bytes).unwrap();
        set_aside += usize::from(fixture.recovers(&format!("byte {at} ^ {flip}")));
    }
    // The rest fell on bytes that no page uses.
    assert!(set_aside >= 30, "{set_aside} of 50");
}

#[test]
fn every_byte_of_the_header_may_be_flipped() {
    let fixture = fixture();
    for at in 0..100 {
        for flip in [0x01, 0x80, 0xFF] {
            let mut bytes = fixture.whole.clone();
            bytes[at] ^= flip;
            std::fs::write(&fixture.file, &bytes).unwrap();
            fixture.recovers(&format!("byte {at} ^ {flip}"));
        }
    }
}

#[test]
fn a_file_of_another_model_under_our_name_is_set_aside() {
    let fixture = fixture();
    for other in [
        index::IndexSpec {
            model_sha256: "0123456700000000".into(),
            ..fixture.spec.clone()
        },
        index::IndexSpec {
            splitter: "other".into(),
            ..fixture.spec.clone()
        },
        index::IndexSpec {
            dimension: 8,
            ..fixture.spec.clone()
        },
    ] {
        let folder = tempfile::tempdir().unwrap();
        let place = index::open(&local(folder.path()), other).unwrap().place();
        std::fs::copy(Path::new(&place), &fixture.file).unwrap();
        assert!(fixture.recovers("foreign"));
    }
}

#[test]
fn a_second_process_is_told_that_the_folder_is_held() {
    let fixture = fixture();
    let first = fixture.open();
    let second = index::open(&local(fixture.folder.path()), fixture.spec.clone());
    let error = second.err().unwrap();
    assert!(matches!(error, IndexError::Busy { .. }), "{error}");
    assert_eq!(error.code(), "index_busy");
    drop(first);
    assert!(!fixture.recovers("after the first has gone"));
}

#[test]
fn a_build_that_was_cut_off_is_forgotten() {
    let fixture = fixture();
    let index = fixture.open();
    let beside = index.build_beside().unwrap();
    beside.upsert(&entries()[..10]).unwrap();
    drop((beside, index));
    let index = fixture.open();
    assert_eq!(index.counts().unwrap().entries, ENTRIES);
    assert_eq!(index.build_beside().unwrap().counts().unwrap().entries, 0);
}

#[test]
fn a_build_that_is_damaged_is_not_switched_in() {
    let fixture = fixture();
    let index = fixture.open();
    let beside = index.build_beside().unwrap();
    beside.upsert(&entries()[..10]).unwrap();
    std::fs::write(beside.place(), b"gone").unwrap();
    assert!(matches!(
        index.switch(beside),
        Err(IndexError::Damaged { .. })
    ));
    assert_eq!(top_tens(&*index), fixture.found);
    drop(index);
    assert!(!fixture.recovers("after a failed switch"));
}

#[test]
fn an_unknown_backend_or_an_impossible_dimension_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = local(folder.path());
    let open =
        |config: &Config, dimension| index::open(config, spec(dimension, "x")).err().unwrap();
    assert!(matches!(open(&config, 0), IndexError::Wrong { .. }));
    config.index.backend = "milvus".into();
    let error = open(&config, 4).to_string();
    assert!(
        error.contains("milvus") && error.contains("qdrant"),
        "{error}"
    );
}

#[test]
fn removed_words_leave_no_trace_in_the_file() {
    let fixture = fixture();
    let index = fixture.open();
    index
        .upsert(&[with_words("person", "ивановскийтест неповторим")])
        .unwrap();
    index.upsert(&[with_words("person", "другой")]).unwrap();
    index.remove(&["person".into()]).unwrap();
    drop(index);
    let bytes = std::fs::read(&fixture.file).unwrap();
    let trace = "ивановскийтест".as_bytes();
    assert!(!bytes.windows(trace.len()).any(|window| window == trace));
}

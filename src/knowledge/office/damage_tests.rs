//! Real documents, cut and spoilt.

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use super::corpus_tests::acts;
use super::{Archive, blocks};

/// A docx around a main part.
fn packed(part: &[u8]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [
        ("[Content_Types].xml", &b"<Types/>"[..]),
        ("word/document.xml", part),
    ] {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn damaged_documents_are_refused_and_never_panic() {
    let Some(acts) = acts() else { return };
    let bytes =
        std::fs::read(acts.join("other/pvs_15_2018-05-29_red-2018-05-29_consultant.docx")).unwrap();
    for cut in (0..bytes.len()).step_by(997) {
        assert!(blocks(&bytes[..cut]).is_err(), "{cut}");
    }
    let mut seed = 1u64;
    for _ in 0..400 {
        let mut spoilt = bytes.clone();
        for _ in 0..4 {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            let at = (seed >> 33) as usize % spoilt.len();
            spoilt[at] = (seed >> 20) as u8;
        }
        let _ = blocks(&spoilt);
    }
    // The XML itself spoilt, in a sound archive.
    let part = Archive::open(&bytes)
        .unwrap()
        .part("word/document.xml")
        .unwrap()
        .unwrap();
    for _ in 0..200 {
        let mut spoilt = part.clone();
        for _ in 0..6 {
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            let at = (seed >> 33) as usize % spoilt.len();
            spoilt[at] = (seed >> 20) as u8;
        }
        let _ = blocks(&packed(&spoilt));
    }
}

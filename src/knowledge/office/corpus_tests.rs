//! The real documents, where the corpus is there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::knowledge::{NodeKind, ParsedAct, read};

/// The folder of acts, or nothing (and a word about it) where it is absent.
pub(super) fn acts() -> Option<PathBuf> {
    let found = Some(Path::new("../shared/corpus/acts")).filter(|path| path.is_dir());
    if found.is_none() {
        println!("SKIPPED knowledge::office: no corpus (../shared/corpus is not there)");
    }
    found.map(Path::to_path_buf)
}

fn parsed(acts: &Path, file: &str) -> ParsedAct {
    read(&std::fs::read(acts.join(file)).unwrap(), file).unwrap()
}

/// File, edition, articles, articles with text, chapters, sections.
#[rustfmt::skip]
const WANTED: [(&str, &str, usize, usize, usize, usize); 9] = [
    ("tk/tk_rf_red-2021-11-22_consultant.docx", "2021-11-22", 518, 512, 69, 14),
    ("tk/tk_rf_in-force-2024-05-28_garant.docx", "2024-05-28", 530, 524, 70, 14),
    ("tk/tk_rf_red-2025-09-29_saved-2025-11-29_consultant.docx", "2025-09-29", 537, 531, 70, 14),
    ("tk/tk_rf_in-force-2025-11-23_garant.docx", "2025-09-29", 537, 531, 70, 14),
    ("other/fz_229_2007-10-02_red-2025-07-31_consultant.docx", "2025-07-31", 159, 158, 20, 0),
    ("other/gk_rf_1_red-2025-07-31_consultant.docx", "2025-07-31", 594, 581, 32, 3),
    ("other/gk_rf_2_red-2025-06-24_consultant.docx", "2025-06-24", 685, 682, 32, 1),
    ("other/uk_rf_red-2025-11-17_consultant.docx", "2025-11-17", 534, 519, 36, 12),
    ("other/koap_rf_red-2025-11-04_consultant.docx", "2025-11-04", 1126, 1047, 33, 5),
];

#[test]
fn the_codes_are_whole() {
    let Some(acts) = acts() else { return };
    for (file, edition, headings, with_body, chapters, sections) in WANTED {
        let act = parsed(&acts, file);
        let got = (act.headings, act.with_body, act.chapters, act.sections);
        assert_eq!(got, (headings, with_body, chapters, sections), "{file}");
        assert_eq!(act.edition.to_string(), edition, "{file}");
        assert!(act.duplicates.is_empty(), "{file}: {:?}", act.duplicates);
    }
}

/// Number → title and the lines of the article, without differences of print.
fn articles(act: &ParsedAct) -> HashMap<String, String> {
    let plain = |text: &str| {
        let text = text.to_lowercase().replace('ё', "е").replace('№', "n");
        let text = text
            .replace(['«', '»', '„', '“', '”'], "\"")
            .replace(['–', '—'], "-");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let whole = act.nodes.iter().filter(|n| n.kind == NodeKind::Article);
    whole.map(|n| (n.number.clone(), plain(&n.text))).collect()
}

#[test]
fn the_code_reads_the_same_from_both_publishers_and_the_portal() {
    let Some(acts) = acts() else { return };
    let garant = articles(&parsed(&acts, "tk/tk_rf_in-force-2025-11-23_garant.docx"));
    let consultant = articles(&parsed(
        &acts,
        "tk/tk_rf_red-2025-09-29_saved-2025-11-29_consultant.docx",
    ));
    let portal = articles(&parsed(
        &acts,
        "tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ));
    let equal = |a: &HashMap<String, String>, b: &HashMap<String, String>| {
        a.iter()
            .filter(|(number, text)| b.get(*number) == Some(*text))
            .count()
    };
    // The rest are the publishers' own commas and, against the portal, a later edition.
    assert!(
        equal(&garant, &consultant) >= 522,
        "{}",
        equal(&garant, &consultant)
    );
    assert!(
        equal(&garant, &portal) >= 515,
        "{}",
        equal(&garant, &portal)
    );
    assert!(
        equal(&consultant, &portal) >= 511,
        "{}",
        equal(&consultant, &portal)
    );
}

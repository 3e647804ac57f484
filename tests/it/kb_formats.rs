//! Every form of file that the corpus has, in one command; and the right text on each of its days.

use crate::skip;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

fn soyuznik(data: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soyuznik"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOYUZNIK_")) {
        command.env_remove(name);
    }
    let run = command
        .args(words)
        .args(["--encoder", "none", "--generator", "none", "--json"])
        .arg("--data-dir")
        .arg(data);
    run.output().unwrap()
}

fn json(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

/// Cut off, an amending law that quotes whole articles, and acts that have points in place of articles.
const REFUSED: [(&str, &str); 11] = [
    ("damaged_tk_rf_red-2025-07-31_ends-at-art187.txt", "187"),
    ("fz_311_2021-07-02_izm_v_tk_ips.docx", "не хватает статей"),
    ("pp_rf_2464_2021-12-24_obuchenie_po_ot.pdf", "статей закона"),
    (
        "prikaz_mintrud_223n_2022-04-20_red-2024-04-25_consultant.pdf",
        "статей закона",
    ),
    (
        "prikaz_mintrud_33n_2014-01-24_sout_REPEALED.pdf",
        "статей закона",
    ),
    (
        "prikaz_mintrud_776n_2021-10-29_saved-2025-09-05_consultant.pdf",
        "статей закона",
    ),
    ("pvs_15_2018-05-29_red-2018-05-29.txt", "статей закона"),
    (
        "pvs_15_2018-05-29_red-2018-05-29_consultant.docx",
        "статей закона",
    ),
    (
        "pvs_2_2004-03-17_red-2015-11-24_consultant.docx",
        "статей закона",
    ),
    (
        "pvs_2_2004-03-17_red-2015-11-24_no-head.txt",
        "статей закона",
    ),
    (
        "ukaz_813_2005-07-18_komandirovki_gossluzhba_asof-2026-04-09.md",
        "статей закона",
    ),
];

/// Edition, article headings, articles with a text, of the Code as it ends up from thirteen files.
const CODE: [(&str, u64, u64); 8] = [
    ("2001-12-30", 424, 424),
    ("2013-12-28", 471, 467),
    ("2021-11-22", 518, 512),
    ("2023-08-04", 529, 524),
    ("2024-05-28", 530, 524),
    ("2024-12-28", 537, 531),
    ("2025-09-29", 537, 531),
    ("2025-12-29", 538, 533),
];

#[test]
fn every_form_of_file_is_read_and_each_day_has_its_text() {
    let name = "every_form_of_file_is_read_and_each_day_has_its_text";
    let (Some(acts), Some(cases)) = (
        skip::corpus(name, "acts"),
        skip::corpus(name, "reference/point_in_time_cases.json"),
    ) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let run = soyuznik(data, &["kb", "add", acts.to_str().unwrap(), "--no-vectors"]);
    assert_eq!(run.status.code(), Some(1));
    let found = json(&run);
    refused_as_expected(&found);
    read_as_expected(&found);
    let cases: Value = serde_json::from_str(&std::fs::read_to_string(cases).unwrap()).unwrap();
    for case in cases["cases"].as_array().unwrap() {
        right_on_each_day(data, case);
    }
}

fn refused_as_expected(found: &Value) {
    let refused = found["refused"].as_array().unwrap();
    let names: BTreeSet<&str> = refused
        .iter()
        .map(|one| one["place"].as_str().unwrap().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(names, REFUSED.iter().map(|(file, _)| *file).collect());
    for (file, why) in REFUSED {
        let of_file = |one: &&Value| one["place"].as_str().unwrap().ends_with(file);
        let message = refused.iter().find(of_file).unwrap()["message"]
            .as_str()
            .unwrap();
        assert!(message.contains(why) && message.contains(file), "{message}");
    }
}

fn read_as_expected(found: &Value) {
    let added = found["added"].as_array().unwrap();
    assert_eq!(added.len(), 33);
    for (edition, headings, with_body) in CODE {
        let last = added
            .iter()
            .filter(|one| one["act"] == "tk" && one["edition"] == edition)
            .rfind(|one| one["report"]["outcome"] != "better_held");
        let last = last.unwrap_or_else(|| panic!("{edition} is not there"));
        assert_eq!(last["headings"], headings, "{edition}");
        assert_eq!(last["with_body"], with_body, "{edition}");
        assert_eq!(last["gaps"].as_array().unwrap().len(), 0, "{edition}");
        assert_eq!(last["unparsed"], 0, "{edition}");
    }
}

/// On the day of each edition the article is there or not, and says the words or not, as was recorded.
fn right_on_each_day(data: &Path, case: &Value) {
    let article = format!("tk:{}", case["article"].as_str().unwrap());
    let markers: Vec<String> = case["marker"]
        .as_str()
        .unwrap()
        .split('|')
        .map(plain)
        .collect();
    for (day, wanted) in case["editions"].as_object().unwrap() {
        // The export of 2024-05-28 stands under the day of its newest amendment there.
        let on = if day == "2024-04-22" {
            "2024-05-28"
        } else {
            day
        };
        let run = soyuznik(data, &["kb", "show", &article, "--on", on]);
        let exists = run.status.success() && json(&run)["repealed"] == false;
        assert_eq!(exists, wanted["exists"] == true, "{article} on {day}");
        if exists {
            let shown = json(&run);
            let text = plain(shown["text"].as_str().unwrap());
            let says = markers.iter().any(|marker| text.contains(marker));
            assert_eq!(
                says,
                wanted["marker_present"] == true,
                "{article} on {day}: {text}"
            );
        }
    }
}

fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase().replace('ё', "е")
}

//! Every form of file that the corpus has, in one command; and the right text on each of its days.

use crate::program;
use crate::skip;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Output;

fn soyuznik(data: &Path, words: &[&str]) -> Output {
    let mut run = program::without_models(data, words);
    run.arg("--json").output().unwrap()
}

fn json(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

/// Cut off; and a text with notes of changes that does not say of which edition it is.
const REFUSED: [(&str, &str); 2] = [
    ("damaged_tk_rf_red-2025-07-31_ends-at-art187.txt", "187"),
    (
        "pvs_2_2004-03-17_red-2015-11-24_no-head.txt",
        "дата редакции неизвестна",
    ),
];

/// What acts of points and laws that change others have: points or own articles, those in force, annexes, forms, gaps.
struct Figures {
    file: &'static str,
    act: &'static str,
    edition: &'static str,
    headings: u64,
    with_body: u64,
    annexes: u64,
    forms: u64,
    gaps: &'static [&'static str],
}

const fn figures(
    (file, act, edition): (&'static str, &'static str, &'static str),
    (headings, with_body): (u64, u64),
    (annexes, forms): (u64, u64),
    gaps: &'static [&'static str],
) -> Figures {
    Figures {
        file,
        act,
        edition,
        headings,
        with_body,
        annexes,
        forms,
        gaps,
    }
}

#[rustfmt::skip]
const POINTS: [Figures; 10] = [
    figures(("fz_311_2021-07-02_izm_v_tk_ips.docx", "fz-311", "2021-07-02"), (2, 2), (0, 0), &[]),
    figures(("fz_421_2013-12-28_izm_v_tk.pdf", "fz-421", "2013-12-28"), (15, 15), (0, 0), &[]),
    figures(("pp_rf_2464_2021-12-24_obuchenie_po_ot.pdf", "pp-2464-2021", "2021-12-24"), (137, 137), (5, 0), &[]),
    figures(("prikaz_mintrud_223n_2022-04-20_red-2024-04-25_consultant.pdf", "order-mintrud-223n-2022", "2024-04-25"), (282, 282), (3, 11), &[]),
    // Points 4 to 7 of the form are cells of a table that the pdf draws in one line with point 3.
    figures(("prikaz_mintrud_33n_2014-01-24_sout_REPEALED.pdf", "order-mintrud-33n-2014", "2014-01-24"), (125, 125), (26, 0), &["a3:4", "a3:5", "a3:6", "a3:7"]),
    figures(("prikaz_mintrud_776n_2021-10-29_saved-2025-09-05_consultant.pdf", "order-mintrud-776n-2021", "2021-10-29"), (82, 82), (3, 0), &[]),
    figures(("pvs_15_2018-05-29_red-2018-05-29.txt", "pvs-15-2018", "2018-05-29"), (31, 31), (0, 0), &[]),
    figures(("pvs_15_2018-05-29_red-2018-05-29_consultant.docx", "pvs-15-2018", "2018-05-29"), (31, 31), (0, 0), &[]),
    figures(("pvs_2_2004-03-17_red-2015-11-24_consultant.docx", "pvs-2-2004", "2015-11-24"), (64, 64), (0, 0), &[]),
    figures(("ukaz_813_2005-07-18_komandirovki_gossluzhba_asof-2026-04-09.md", "ukaz-813-2005", "2022-10-17"), (44, 40), (1, 0), &[]),
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
    assert_eq!(added.len(), 42);
    points_as_expected(added);
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

fn points_as_expected(added: &[Value]) {
    for wanted in POINTS {
        let of_file = |one: &&Value| one["place"].as_str().unwrap().ends_with(wanted.file);
        let found = added.iter().find(of_file);
        let found = found.unwrap_or_else(|| panic!("{} is not there", wanted.file));
        let number = |name: &str| found[name].as_u64().unwrap();
        assert_eq!(found["act"], wanted.act);
        assert_eq!(found["edition"], wanted.edition, "{}", wanted.file);
        let figures = ["headings", "with_body", "annexes", "forms", "unparsed"].map(number);
        assert_eq!(
            figures,
            [
                wanted.headings,
                wanted.with_body,
                wanted.annexes,
                wanted.forms,
                0
            ],
            "{}",
            wanted.file
        );
        assert_eq!(
            found["gaps"],
            serde_json::json!(wanted.gaps),
            "{}",
            wanted.file
        );
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

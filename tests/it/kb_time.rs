//! The law through time from the command line: `kb diff`, `kb history`, `kb verify`.

use crate::skip;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

fn soyuznik(data: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soyuznik"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOYUZNIK_")) {
        command.env_remove(name);
    }
    let run = command
        .args(words)
        .args(["--encoder", "none", "--generator", "none"])
        .arg("--data-dir")
        .arg(data);
    run.output().unwrap()
}

fn json(data: &Path, words: &[&str]) -> Value {
    let run = soyuznik(data, words);
    let said = String::from_utf8_lossy(&run.stderr);
    serde_json::from_slice(&run.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

#[test]
fn two_editions_of_the_code_are_compared_and_a_norm_is_followed() {
    let name = "two_editions_of_the_code_are_compared_and_a_norm_is_followed";
    let files = [
        "acts/tk/tk_rf_red-2023-08-04_ips_nd102074279.html",
        "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ];
    let held: Vec<_> = files
        .iter()
        .filter_map(|file| skip::corpus(name, file))
        .collect();
    let [old, new] = &held[..] else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let added = soyuznik(
        data,
        &[
            "kb",
            "add",
            old.to_str().unwrap(),
            new.to_str().unwrap(),
            "--no-vectors",
        ],
    );
    assert!(
        added.status.success(),
        "{}",
        String::from_utf8_lossy(&added.stderr)
    );
    let days = ["--from", "2023-09-01", "--to", "2025-12-31"];
    let found = json(
        data,
        &[&["kb", "diff", "tk"][..], &days[..], &["--json"]].concat(),
    );
    let norms = |list: &str| -> Vec<String> {
        let changes = found[list].as_array().unwrap().iter();
        changes
            .map(|one| one["new_norm"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    // Overtime pay was worded anew in 2024; mentors got an article of their own in 2025.
    assert!(norms("changed").contains(&"tk:152:1".to_owned()));
    assert!(
        norms("inserted")
            .iter()
            .any(|norm| norm.starts_with("tk:351.8:"))
    );
    // Leave is as long as it was.
    assert!(!norms("changed").contains(&"tk:115:1".to_owned()));

    let page = data.join("diff.html");
    let html = ["--html", page.to_str().unwrap()];
    let run = soyuznik(
        data,
        &[&["kb", "diff", "tk"][..], &days[..], &html[..]].concat(),
    );
    assert!(run.status.success());
    let page = std::fs::read_to_string(page).unwrap();
    assert!(page.contains("<ins>") && page.contains("ч. 1 ст. 152 ТК РФ"));

    let history = json(data, &["kb", "history", "tk:152:1", "--json"]);
    let rows = history["history"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["provision"], rows[1]["provision"]);
    assert_ne!(rows[0]["text_sha256"], rows[1]["text_sha256"]);
    let show = |norm: &str, on: &str| json(data, &["kb", "show", norm, "--on", on, "--json"]);
    // Overtime pay: the law of April 2024 acts from September.
    let early = show("tk:152:1", "2024-08-31");
    assert_eq!(
        (&early["standing"], &early["edition"], &early["until"]),
        (&"known".into(), &"2023-08-04".into(), &"2024-09-01".into())
    );
    assert_eq!(early["coming"][0]["from"], "2024-09-01");
    let late = show("tk:152:1", "2024-09-01");
    assert_eq!(late["text"], early["coming"][0]["text"]);
    for (norm, on, from, basis, law) in [
        (
            "tk:152:1",
            "2024-09-01",
            "2024-09-01",
            "term_change",
            "91-ФЗ",
        ),
        ("tk:152", "2026-01-10", "2024-09-01", "term_change", "91-ФЗ"),
        ("tk:99", "2026-01-10", "2022-07-25", "term_change", "273-ФЗ"),
        ("tk:236", "2024-06-01", "2024-01-30", "term_change", "3-ФЗ"),
        (
            "tk:351.7",
            "2026-01-10",
            "2025-09-29",
            "term_change",
            "364-ФЗ",
        ),
        (
            "tk:112",
            "2026-01-10",
            "2012-04-23",
            "amendment_note",
            "35-ФЗ",
        ),
    ] {
        let shown = show(norm, on);
        assert_eq!(
            (&shown["from"], &shown["from_basis"]),
            (&from.into(), &basis.into()),
            "{norm}"
        );
        assert!(
            shown["from_law"].as_str().unwrap().starts_with(law),
            "{norm}"
        );
        assert_eq!(shown["from_known"], basis == "term_change", "{norm}");
    }
    // Sources name two days for the law of July 2025: none computes.
    assert_eq!(show("tk:178", "2025-08-20")["standing"], "between");

    let nobody = soyuznik(
        data,
        &[
            "kb",
            "diff",
            "tk",
            "--from",
            "2001-01-01",
            "--to",
            "2025-12-31",
        ],
    );
    assert_eq!(nobody.status.code(), Some(3));
    let early = soyuznik(data, &["kb", "verify", "tk", "--on", "2025-01-01"]);
    assert!(!early.status.success());
    assert!(
        soyuznik(data, &["kb", "verify", "tk", "--on", "2026-01-31"])
            .status
            .success()
    );
    let status = json(data, &["kb", "status", "--json"]);
    assert_eq!(status["acts"][0]["current_to"], "2026-01-31");
}

#[test]
fn unclear_norms_are_listed_and_decided_from_the_command_line() {
    let name = "unclear_norms_are_listed_and_decided_from_the_command_line";
    let files = [
        "acts/tk/tk_rf_red-2021-11-22_consultant.docx",
        "acts/tk/tk_rf_red-2023-08-04_ips_nd102074279.html",
    ];
    let held: Vec<_> = files
        .iter()
        .filter_map(|file| skip::corpus(name, file))
        .collect();
    let [old, new] = &held[..] else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let add = ["kb", "add", old.to_str().unwrap(), new.to_str().unwrap()];
    let added = json(data, &[&add[..], &["--no-vectors", "--json"]].concat());
    let to_review = added["added"][1]["report"]["to_review"].as_u64().unwrap();
    assert!(added["added"][1]["report"]["moved"].as_u64().unwrap() > 50);
    let status = json(data, &["kb", "status", "--json"]);
    assert_eq!(status["acts"][0]["to_look_at"], to_review);

    let listed = json(data, &["kb", "align", "--review", "tk", "--json"]);
    let open = listed["open"].as_array().unwrap();
    assert_eq!(open.len() as u64, to_review);
    assert!(
        json(data, &["kb", "align", "--review", "gk-1", "--json"])["open"] == Value::Array(vec![])
    );
    let of_newer = |one: &&Value| {
        one["asked"] == "newer" && !one["alternatives"].as_array().unwrap().is_empty()
    };
    let one = open.iter().find(of_newer).unwrap();
    for field in [
        "id", "act", "older", "newer", "norm", "text", "why", "state",
    ] {
        assert!(!one[field].as_str().unwrap().is_empty(), "{field}: {one}");
    }
    let text = soyuznik(data, &["kb", "align", "--review"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains(one["id"].as_str().unwrap()) && text.contains("сходство"));
    assert!(text.contains(&format!("Ждут решения: {to_review}.")));

    let id = one["id"].as_str().unwrap();
    let norm = one["alternatives"][0]["norm"].as_str().unwrap();
    let decided = json(data, &["kb", "align", "--to", id, norm, "--json"]);
    assert_eq!(decided["decided"][0]["chosen"], norm);
    let shown = |norm: &str, on: &str| {
        let norm = norm.split('#').next().unwrap().to_owned();
        json(data, &["kb", "show", &norm, "--on", on, "--json"])["provision"].clone()
    };
    let own = one["norm"].as_str().unwrap();
    assert_eq!(shown(own, "2023-08-04"), shown(norm, "2021-11-22"));
    let new = json(data, &["kb", "align", "--new", id, "--json"]);
    assert_eq!(new["decided"][0]["state"], "new");
    assert_ne!(shown(own, "2023-08-04"), shown(norm, "2021-11-22"));
    let rest = json(data, &["kb", "align", "--review", "--json"]);
    let ids: Vec<&str> = rest["open"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    assert!(!ids.contains(&id));
    let all = soyuznik(data, &[&["kb", "align", "--accept"][..], &ids[..]].concat());
    assert!(all.status.success());
    let none = json(data, &["kb", "align", "--review", "--json"]);
    assert_eq!(none["open"], Value::Array(vec![]));
    let nobody = soyuznik(data, &["kb", "align", "--accept", "no-such"]);
    assert_eq!(nobody.status.code(), Some(3));
    let both = soyuznik(data, &["kb", "align", "--review", "--new", id]);
    assert_eq!(both.status.code(), Some(2));
    assert_eq!(soyuznik(data, &["kb", "align"]).status.code(), Some(2));
}

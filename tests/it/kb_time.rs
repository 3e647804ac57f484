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
    let between = json(
        data,
        &["kb", "show", "tk:152:1", "--on", "2024-06-01", "--json"],
    );
    assert_eq!(between["standing"], "between");

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

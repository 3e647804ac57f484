//! Hostile files through the real program: each ends with a refusal, within its bounds, and the rest goes on.

mod files;

use crate::documents::{Law, zipped};
use crate::program::program;
use serde_json::Value;
use soyuznik::ingest::Hints;
use soyuznik::ingest::child;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

pub fn add(data: &Path, words: &[&str]) -> Output {
    let mut command = program();
    command
        .args([
            "kb",
            "add",
            "--no-vectors",
            "--json",
            "--encoder",
            "none",
            "--generator",
            "none",
        ])
        .arg("--data-dir")
        .arg(data)
        .args(words);
    command.output().unwrap()
}

pub fn json(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

pub fn held(data: &Path) -> Value {
    let run = program()
        .args([
            "kb",
            "list",
            "--json",
            "--encoder",
            "none",
            "--generator",
            "none",
        ])
        .arg("--data-dir")
        .arg(data)
        .output();
    json(&run.unwrap())["acts"].clone()
}

#[test]
fn hostile_files_are_refused_and_the_good_ones_beside_them_are_taken() {
    let folder = tempfile::tempdir().unwrap();
    let (bad, data) = (folder.path().join("bad"), folder.path().join("data"));
    std::fs::create_dir(&bad).unwrap();
    let paths = files::make(&bad);
    assert!(paths.len() >= 40, "{}", paths.len());
    let good = folder.path().join("good.html");
    std::fs::write(&good, Law::of(3).html()).unwrap();
    let middle = paths.len() / 2;
    let mut words: Vec<&str> = paths.iter().map(|p| p.to_str().unwrap()).collect();
    words.insert(middle, good.to_str().unwrap());
    let begun = Instant::now();
    let run = add(&data, &words);
    let took = begun.elapsed();
    assert_eq!(
        run.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let said = String::from_utf8_lossy(&run.stderr);
    assert!(!said.contains("panicked"), "{said}");
    let found = json(&run);
    let refused = found["refused"].as_array().unwrap();
    for path in &paths {
        let path = path.to_str().unwrap();
        let one = refused.iter().find(|one| one["place"] == path);
        let message = one.unwrap_or_else(|| panic!("{path} was taken"))["message"]
            .as_str()
            .unwrap();
        assert!(message.contains(path), "{path}: {message}");
        assert!(
            message.chars().count() > path.len() + 20,
            "{path}: no reason in {message}"
        );
        assert!(!message.contains("root:"), "{message}");
    }
    assert_eq!(refused.len(), paths.len());
    assert_eq!(found["added"].as_array().unwrap().len(), 1);
    let acts = held(&data);
    assert_eq!(acts.as_array().unwrap().len(), 1, "{acts}");
    assert_eq!(acts[0]["act"], "fz-999");
    let bound = child::MOST_TIME * u32::try_from(paths.len()).unwrap();
    assert!(took < bound / 4, "{} files took {took:?}", paths.len());
    // What was unpacked is gone, and nothing got out of an archive.
    assert!(!folder.path().join("evil.txt").exists() && !bad.join("evil.txt").exists());
}

#[test]
fn a_file_that_wants_too_much_memory_ends_its_own_reading_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory.html");
    std::fs::write(&path, "<p>щ</p>".repeat(6_500_000)).unwrap();
    let error = child::read(
        Path::new(env!("CARGO_BIN_EXE_soyuznik")),
        &path,
        &Hints::default(),
    )
    .unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("1024 МБ памяти") && message.contains("memory.html"),
        "{message}"
    );
}

#[test]
fn the_reading_process_is_bounded_in_memory_and_time_by_the_system() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.html");
    std::fs::write(&path, "<p>щ</p>".repeat(1_500_000)).unwrap();
    let mut reading = program()
        .args(["kb", "read", "--json"])
        .arg(&path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let limits = format!("/proc/{}/limits", reading.id());
    let begun = Instant::now();
    let mut bounded = false;
    while !bounded
        && begun.elapsed() < Duration::from_secs(60)
        && reading.try_wait().unwrap().is_none()
    {
        let text = std::fs::read_to_string(&limits).unwrap_or_default();
        let limit = |name: &str| {
            let line = text
                .lines()
                .find(|line| line.starts_with(name))
                .unwrap_or_default();
            line.split_whitespace()
                .filter_map(|w| w.parse::<u64>().ok())
                .collect::<Vec<_>>()
        };
        bounded = limit("Max cpu time") == [child::MOST_TIME.as_secs(); 2]
            && limit("Max address space") == [child::MOST_MEMORY; 2]
            && limit("Max core file size") == [0; 2];
        std::thread::sleep(Duration::from_millis(2));
    }
    let _ = reading.kill();
    let _ = reading.wait();
    assert!(bounded, "the limits were never set");
}

#[test]
fn a_reading_that_never_ends_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let sleeper = folder.path().join("sleeper");
    std::fs::write(&sleeper, "#!/bin/sh\nexec sleep 600\n").unwrap();
    std::fs::set_permissions(&sleeper, std::fs::Permissions::from_mode(0o700)).unwrap();
    let begun = Instant::now();
    let error = child::read(&sleeper, Path::new("law.txt"), &Hints::default()).unwrap_err();
    let took = begun.elapsed();
    assert!(error.to_string().contains("больше 30 с"), "{error}");
    assert!(
        took >= child::MOST_TIME && took < child::MOST_TIME * 2,
        "{took:?}"
    );
}

#[test]
fn an_archive_of_good_files_is_taken_and_its_bad_ones_are_named_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let law = Law::of(3);
    let other = law.text().replace("999-ФЗ", "998-ФЗ");
    let archive = folder.path().join("laws.zip");
    let (html, docx) = (law.html(), law.in_form("docx"));
    let files: [(&str, &[u8]); 4] = [
        ("законы/первый.html", html.as_bytes()),
        ("второй.docx", &docx),
        ("third.txt", other.as_bytes()),
        ("плохой.txt", b"\x00\x01\x02"),
    ];
    std::fs::write(&archive, zipped(&files)).unwrap();
    let run = add(&data, &[archive.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(1));
    let found = json(&run);
    let places: Vec<&str> = found["added"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| a["place"].as_str().unwrap())
        .collect();
    assert_eq!(places.len(), 3, "{found}");
    let whole = archive.display().to_string();
    assert_eq!(places[0], format!("{whole} → законы/первый.html"));
    let refused = found["refused"][0]["message"].as_str().unwrap();
    assert!(
        refused.starts_with(&format!("{whole} → плохой.txt: ")),
        "{refused}"
    );
    assert_eq!(held(&data).as_array().unwrap().len(), 2);
}

#[test]
fn folders_that_lead_round_are_searched_once() {
    let folder = tempfile::tempdir().unwrap();
    let laws = folder.path().join("laws");
    std::fs::create_dir(&laws).unwrap();
    std::fs::write(laws.join("law.html"), Law::of(3).html()).unwrap();
    std::os::unix::fs::symlink(&laws, laws.join("round")).unwrap();
    let run = add(&folder.path().join("data"), &[laws.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(0));
    assert_eq!(json(&run)["added"].as_array().unwrap().len(), 1);
}

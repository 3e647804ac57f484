//! The rules of the house: who may import whom, which crate stands behind which fence.

use std::path::{Path, PathBuf};

const PURE: [&str; 3] = ["case", "law", "citation"];
const ROOMS: [&str; 5] = ["knowledge", "model", "index", "store", "notify"];
const STEPS: [&str; 6] = ["ingest", "intake", "retrieve", "draft", "review", "deliver"];

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    found
}

/// The module at the top of `src` that a file belongs to.
fn home(path: &Path) -> String {
    let first = path.components().next().unwrap().as_os_str();
    first.to_string_lossy().trim_end_matches(".rs").to_owned()
}

fn imports(text: &str, module: &str) -> bool {
    let needle = format!("crate::{module}");
    text.match_indices(&needle).any(|(at, _)| {
        let after = text[at + needle.len()..].chars().next();
        after.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

fn assert_never(of: &str, forbidden: &[&str]) {
    for (path, text) in sources().iter().filter(|(path, _)| home(path) == of) {
        for module in forbidden {
            assert!(
                !imports(text, module),
                "{} imports {module}; {of} may not",
                path.display()
            );
        }
    }
}

#[test]
fn pure_modules_import_nothing_of_ours_but_citation_the_law() {
    let all: Vec<&str> = PURE.iter().chain(&ROOMS).chain(&STEPS).copied().collect();
    let others = |own: &[&str]| -> Vec<&str> {
        let outer = ["app", "jobs", "eval", "web", "cli", "config", "telemetry"];
        all.iter()
            .copied()
            .chain(outer)
            .filter(|m| !own.contains(m))
            .collect()
    };
    assert_never("case", &others(&["case"]));
    assert_never("law", &others(&["law"]));
    assert_never("citation", &others(&["citation", "law"]));
}

#[test]
fn rooms_never_import_each_other_nor_steps() {
    for room in ROOMS {
        let mut forbidden: Vec<&str> = ROOMS
            .iter()
            .copied()
            .filter(|other| *other != room)
            .collect();
        forbidden.extend(STEPS);
        forbidden.extend(["app", "jobs", "eval", "web", "cli"]);
        assert_never(room, &forbidden);
    }
}

#[test]
fn crates_stay_behind_their_fences() {
    let fences: [(&str, &[&str]); 6] = [
        ("sqlx", &["store", "index/local"]),
        ("soyuznik_engine", &["model", "index/local"]),
        ("qdrant_client", &["index/qdrant"]),
        ("axum", &["web"]),
        ("askama", &["web"]),
        ("lettre", &["notify"]),
    ];
    for (path, text) in sources() {
        let place = path.to_string_lossy().replace('\\', "/");
        for (name, allowed) in fences {
            let used = text.contains(&format!("{name}::")) || text.contains(&format!("use {name}"));
            assert!(
                !used || allowed.iter().any(|fence| place.starts_with(fence)),
                "{place} uses {name}, which is fenced to {allowed:?}"
            );
        }
    }
}

#[test]
fn only_the_engine_is_unsafe() {
    for (path, text) in sources() {
        assert!(!text.contains("unsafe {"), "{} is unsafe", path.display());
    }
}

#[test]
fn what_is_kept_is_text_but_for_pictures() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = std::process::Command::new("git")
        .args(["ls-files", "-z"])
        .current_dir(root)
        .output();
    let Some(listed) = listed.ok().filter(|listed| listed.status.success()) else {
        println!("skipped: no git here, or no checkout");
        return;
    };
    let listed = String::from_utf8(listed.stdout).unwrap();
    let files = listed.split('\0').filter(|file| !file.is_empty());
    let other: Vec<&str> = files
        .filter(|file| !file.starts_with("docs/pictures/"))
        .filter(|file| {
            let held = std::fs::read(root.join(file));
            held.is_ok_and(|held| {
                held.is_empty() || held.contains(&0) || std::str::from_utf8(&held).is_err()
            })
        })
        .collect();
    assert!(other.is_empty(), "empty or no text: {other:?}");
}

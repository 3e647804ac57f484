//! A union's own wordings of statements: a file takes them to another desk; an upgrade puts them up for a look.

use crate::program::run;
use soyuznik::knowledge::digest::{Edit, EditFile, Wording, load_embedded};
use std::path::Path;

fn edits() -> EditFile {
    let digest = load_embedded().unwrap();
    let mut statements = digest.iter().flat_map(|article| &article.statements);
    let one = statements.find(|one| one.id == "tk-80-01").unwrap();
    let edit = |statement: &str, sha256: String| Edit {
        statement: statement.into(),
        shipped_sha256: sha256,
        wording: Wording {
            editions: [("tk".to_owned(), "2025-12-29".parse().unwrap())].into(),
            text: "О своём уходе предупреждают письменно за две недели.".into(),
            conditions: vec!["нет другого срока в законе".into()],
            exceptions: Vec::new(),
            covers: Vec::new(),
        },
    };
    let stale = edit("tk-80-02", "0".repeat(64));
    EditFile {
        edits: vec![edit("tk-80-01", one.sha256()), stale],
    }
}

fn said(data: &Path, words: &[&str]) -> (Option<i32>, serde_json::Value) {
    let done = run(data, words);
    let text = String::from_utf8_lossy(&done.stdout).into_owned();
    let value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{text}"));
    (done.status.code(), value)
}

#[test]
fn wordings_go_out_and_come_in_as_files_and_one_of_another_shipment_is_told() {
    let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let file = here.path().join("edits.toml");
    std::fs::write(&file, toml::to_string(&edits()).unwrap()).unwrap();
    let path = file.to_string_lossy().into_owned();
    let (code, taken) = said(here.path(), &["kb", "digest", "import", &path, "--json"]);
    assert_eq!(code, Some(1), "{taken}");
    assert_eq!(taken["unused"], serde_json::json!(["tk-80-02"]));
    let out = there.path().join("out.toml");
    let path = out.to_string_lossy().into_owned();
    let (code, _) = said(here.path(), &["kb", "digest", "export", &path, "--json"]);
    assert_eq!(code, Some(0));
    let written: EditFile = toml::from_str(&std::fs::read_to_string(&out).unwrap()).unwrap();
    assert_eq!(written, edits());
    // The union's words are what is found.
    let (_, found) = said(
        here.path(),
        &["search", "предупреждают письменно за две недели", "--json"],
    );
    let texts = found["hits"].to_string();
    assert!(texts.contains("О своём уходе предупреждают"), "{texts}");
    std::fs::write(&out, "edit = 3").unwrap();
    let refused = run(there.path(), &["kb", "digest", "import", &path]);
    assert_eq!(refused.status.code(), Some(2));
}

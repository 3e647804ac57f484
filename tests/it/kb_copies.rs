//! `kb add` with act and day, two copies of one edition, and `kb check`.

use crate::documents::Law;
use crate::hostile::{add, held, json};
use crate::program::program;
use crate::skip;
use serde_json::Value;
use std::path::Path;

fn check(data: &Path, words: &[&str]) -> (Option<i32>, Value) {
    let mut command = program();
    let run = command
        .args([
            "kb",
            "check",
            "--json",
            "--encoder",
            "none",
            "--generator",
            "none",
        ])
        .arg("--data-dir")
        .arg(data)
        .args(words)
        .output()
        .unwrap();
    (run.status.code(), json(&run))
}

fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path.display().to_string()
}

fn refusal(found: &Value) -> &str {
    found["refused"][0]["message"]
        .as_str()
        .unwrap_or_else(|| panic!("{found}"))
}

#[test]
fn a_file_that_names_no_act_is_taken_with_the_act_and_day_that_are_given() {
    let folder = tempfile::tempdir().unwrap();
    let (at, data) = (folder.path(), folder.path().join("data"));
    let nameless = Law::of(3).text().replace("№ 999-ФЗ\n", "");
    let path = file(at, "law.txt", &nameless);
    let run = add(&data, &[&path]);
    assert_eq!(run.status.code(), Some(1));
    let found = json(&run);
    let message = refusal(&found);
    assert!(
        message.contains("--act") && message.contains("--edition"),
        "{message}"
    );
    let run = add(&data, &["--act", "fz-77", "--edition", "2021-02-03", &path]);
    let found = json(&run);
    assert_eq!(run.status.code(), Some(0), "{found}");
    assert_eq!(
        (&found["added"][0]["act"], &found["added"][0]["edition"]),
        (&"fz-77".into(), &"2021-02-03".into())
    );
    assert_eq!(held(&data)[0]["newest"], "2021-02-03");
}

#[test]
fn what_a_file_says_itself_wins_over_what_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let (at, data) = (folder.path(), folder.path().join("data"));
    let path = file(at, "law.html", Law::of(3).html());
    let run = add(&data, &["--act", "fz-5", &path]);
    let found = json(&run);
    let message = refusal(&found);
    assert!(
        message.contains("fz-999") && message.contains("fz-5"),
        "{message}"
    );
    let noted = Law::of(3).html().replace(
        "ночью.",
        "ночью. <span class=\"mark\">(В редакции Федерального закона от 07.08.2022 № 9-ФЗ)</span>",
    );
    let path = file(at, "noted.html", noted);
    let run = add(
        &data,
        &["--act", "fz-999", "--edition", "2021-01-01", &path],
    );
    assert_eq!(run.status.code(), Some(1));
    let found = json(&run);
    let message = refusal(&found);
    assert!(
        message.contains("2022-08-07") && message.contains("2021-01-01"),
        "{message}"
    );
    assert!(held(&data).as_array().unwrap().is_empty());
    let run = add(
        &data,
        &["--act", "fz-999", "--edition", "2022-08-07", &path],
    );
    assert_eq!(run.status.code(), Some(0));
    let run = add(&data, &["--act", "Трудовой", &path]);
    assert_eq!(run.status.code(), Some(2));
}

#[test]
fn two_copies_of_an_edition_are_compared_and_remarks_of_one_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let (at, data) = (folder.path(), folder.path().join("data"));
    let law = Law::of(3);
    let mut other = Law::of(3);
    other.lines[3] = "2) ночью и утром.".to_owned();
    other
        .lines
        .push("О применении статьи 2 Закона см. письмо.".to_owned());
    let text = file(at, "law.txt", other.text());
    let page = file(at, "law.html", law.html());
    assert_eq!(add(&data, &[&text]).status.code(), Some(0));
    let found = json(&add(&data, &[&page]));
    let added = &found["added"][0];
    assert_eq!(added["report"]["outcome"], "replaced");
    let merged = &added["merged"];
    assert_eq!(merged["held_format"], "text");
    let changed = merged["differences"]["changed"].as_array().unwrap();
    assert!(
        changed.iter().any(
            |c| c["new_norm"] == "fz-999:1:1:2" && c["removed"][0] == "и утром."
                || c["removed"] == serde_json::json!(["ночью и утром."])
        ),
        "{changed:?}"
    );
    let notes = merged["unmarked"].as_array().unwrap();
    assert_eq!(notes.len(), 1, "{notes:?}");
    assert_eq!(
        (
            &notes[0]["copy"],
            notes[0]["norm"].as_str().unwrap().starts_with("fz-999:3")
        ),
        (&"held".into(), true)
    );
    // The worse copy is not taken, and is compared all the same.
    let found = json(&add(&data, &[&text]));
    let added = &found["added"][0];
    assert_eq!(added["report"]["outcome"], "better_held");
    assert_eq!(added["merged"]["unmarked"][0]["copy"], "new");
    // The same file again differs in nothing.
    assert!(json(&add(&data, &[&page]))["added"][0]["merged"].is_null());
}

#[test]
fn the_remarks_without_a_mark_in_a_text_of_the_code_are_found_by_its_other_copy() {
    let name = "the_remarks_without_a_mark_in_a_text_of_the_code_are_found_by_its_other_copy";
    let files = [
        "acts/tk/tk_rf_red-2025-09-29_saved-2025-11-29_consultant.docx",
        "acts/tk/tk_rf_red-2025-09-29.txt",
    ];
    let held: Vec<_> = files
        .iter()
        .filter_map(|file| skip::corpus(name, file))
        .collect();
    let [docx, text] = &held[..] else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let run = add(data, &[docx.to_str().unwrap(), text.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(0));
    let found = json(&run);
    let merged = &found["added"][1]["merged"];
    let notes = merged["unmarked"].as_array().unwrap();
    let articles: std::collections::BTreeSet<&str> = notes
        .iter()
        .filter(|n| n["copy"] == "new")
        .filter_map(|n| n["norm"].as_str()?.split(':').nth(1))
        .collect();
    for article in ["121", "135", "152", "318", "392"] {
        assert!(articles.contains(article), "{article} not in {articles:?}");
    }
    // Without them the copies give one tree: what is left are signs in the list of repealed acts and in two lines.
    let total = merged["differences"]["total"].as_u64().unwrap();
    assert!((1..=15).contains(&total), "{total}");
    assert_eq!(merged["dropped"], 8);
    let norm = |one: &Value| one["new_norm"].as_str().unwrap_or_default().to_owned();
    let changed = merged["differences"]["changed"].as_array().unwrap();
    let elsewhere: Vec<String> = changed
        .iter()
        .map(norm)
        .filter(|norm| !norm.starts_with("tk:422") && !norm.starts_with("tk:423"))
        .collect();
    assert!(elsewhere.len() <= 2, "{elsewhere:?}");
    for list in ["only_new", "only_held"] {
        let here = merged["differences"][list].as_array().unwrap();
        assert!(here.is_empty(), "{list}: {here:?}");
    }
    let (code, found) = check(data, &["tk"]);
    let one = &found["acts"][0];
    assert_eq!(
        (code, &one["edition"], &one["headings"]),
        (Some(0), &"2025-09-29".into(), &537.into()),
        "{one}"
    );
    assert_eq!((&one["parts"], &one["points"]), (&1833.into(), &159.into()));
}

#[test]
fn an_edition_with_gaps_doubles_and_stray_lines_is_told_with_their_places() {
    let folder = tempfile::tempdir().unwrap();
    let (at, data) = (folder.path(), folder.path().join("data"));
    let good = file(at, "good.html", Law::of(3).html());
    assert_eq!(add(&data, &[&good]).status.code(), Some(0));
    let (code, found) = check(&data, &[]);
    let one = &found["acts"][0];
    assert_eq!(code, Some(0));
    assert_eq!(
        (&one["articles"], &one["parts"], &one["points"]),
        (&3.into(), &6.into(), &6.into())
    );
    let law = Law::of(4).html().replace("999-ФЗ", "998-ФЗ");
    let law = law
        .replacen("<p>1) днём;</p>", "<p>1) днём;</p><p>4) утром;</p>", 1)
        .replace("Статья 3. Проба", "Статья 2. Проба")
        .replace(
            "<p class=\"H\">Статья 4.",
            "<p class=\"T\">Лишняя строка</p><p class=\"H\">Статья 4.",
        );
    let bad = file(at, "bad.html", law);
    let run = add(&data, &[&bad]);
    assert_eq!(run.status.code(), Some(0), "{}", json(&run));
    let (code, found) = check(&data, &["fz-998"]);
    assert_eq!(code, Some(1));
    let one = &found["acts"][0];
    assert_eq!(one["gaps"], serde_json::json!(["3"]));
    assert_eq!(
        one["gaps_inside"][0],
        serde_json::json!({"norm": "fz-998:1:1", "kind": "point", "missing": ["3"]})
    );
    assert!(
        one["duplicates"]
            .as_array()
            .unwrap()
            .contains(&"fz-998:2".into()),
        "{one}"
    );
    let stray = &one["unparsed"][0];
    assert_eq!(stray["text"], "Лишняя строка");
    assert!(
        stray["after"].as_str().unwrap().starts_with("fz-998:2"),
        "{stray}"
    );
    assert_eq!(check(&data, &["fz-1"]).0, Some(3));
}

#[test]
fn a_remark_that_the_other_copy_lacks_is_taken_out_of_the_text_that_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (at, data) = (folder.path(), folder.path().join("data"));
    let clean = file(at, "law.txt", Law::of(3).text());
    let mut law = Law::of(3);
    law.lines
        .push("О применении статьи 2 Закона см. письмо.".to_owned());
    let page = file(at, "law.html", law.html());
    let first = json(&add(&data, &[&clean]));
    let found = json(&add(&data, &[&page]));
    let (first, added) = (&first["added"][0], &found["added"][0]);
    assert_eq!(added["report"]["outcome"], "replaced", "{added}");
    assert_eq!(added["merged"]["dropped"], 1);
    assert_eq!(added["merged"]["differences"]["total"], 0);
    assert_eq!(added["removed"]["editors_note"], 1);
    // The same tree as of the copy without the remark.
    assert_eq!(added["report"]["versions"], first["report"]["versions"]);
    assert_eq!(added["report"]["passages"], first["report"]["passages"]);
}

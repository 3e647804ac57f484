//! Clarifications and court acts: taken as files, searched in lists of their own, marked where the law moved on.

use crate::program::run as soyuznik;
use crate::replies::windows_1251;
use crate::skip;
use serde_json::Value;
use soyuznik::knowledge::{Told, read_practice};
use std::io::Write;
use std::path::Path;

fn json(data: &Path, words: &[&str]) -> Value {
    let run = soyuznik(data, &[words, &["--json"]].concat());
    let said = String::from_utf8_lossy(&run.stderr);
    serde_json::from_slice(&run.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

#[test]
fn a_hundred_answers_of_the_inspectorate_are_taken_and_found_beside_the_law() {
    let name = "a_hundred_answers_of_the_inspectorate_are_taken_and_found_beside_the_law";
    let Some(folder) = skip::corpus(name, "clarifications/rostrud_faq") else {
        return;
    };
    let code = "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html";
    let Some(code) = skip::corpus(name, code) else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let paths = [folder.to_str().unwrap(), code.to_str().unwrap()];
    let added = json(data, &["kb", "add", paths[0], paths[1], "--no-vectors"]);
    let practice = list(&added["practice"]);
    assert_eq!(practice.len(), 100);
    assert!(list(&added["refused"]).is_empty(), "{}", added["refused"]);
    assert_eq!(list(&added["added"]).len(), 1);
    for one in practice {
        assert_eq!(one["kind"], "clarification");
        assert_eq!(one["issuer"], "Роструд (Онлайнинспекция.рф)");
        assert!(!one["number"].as_str().unwrap().is_empty());
    }
    let citing = practice
        .iter()
        .filter(|one| one["norms"].as_u64() > Some(0))
        .count();
    assert!(citing >= 90, "only {citing} of 100 name a norm");

    let question = "меньшая зарплата на время испытательного срока";
    let found = json(data, &["search", "--kind", "clarification", question]);
    let first = &list(&found["hits"])[0];
    assert_eq!(first["number"], "905", "{found}");
    assert_eq!(first["kind"], "clarification");
    assert_eq!(first["norms"][0]["norm"], "tk:70:3");
    // The answers bear no day: whether the law moved on can't be told, and that is said.
    assert_eq!(first["news"], "unknown");
    assert!(list(&json(data, &["search", "--kind", "court", question])["hits"]).is_empty());

    let found = json(data, &["search", question]);
    let kinds: Vec<_> = list(&found["hits"])
        .iter()
        .map(|hit| hit["kind"].as_str().unwrap())
        .collect();
    assert!(
        !kinds.is_empty()
            && kinds
                .iter()
                .all(|kind| ["norm", "statement"].contains(kind))
    );
    assert_eq!(list(&found["clarifications"])[0]["number"], "905");
    assert!(list(&found["court"]).is_empty());

    let again = json(data, &["kb", "add", paths[0], "--no-vectors"]);
    assert!(
        list(&again["practice"])
            .iter()
            .all(|one| one["already_held"] == true)
    );
}

#[test]
fn no_act_of_the_corpus_is_taken_for_practice() {
    let name = "no_act_of_the_corpus_is_taken_for_practice";
    let Some(acts) = skip::corpus(name, "acts") else {
        return;
    };
    let files = soyuznik::ingest::files(&[acts]);
    assert!(files.len() > 30);
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        // A document is read as law first; a text is asked first.
        if soyuznik::knowledge::decode(&bytes).is_some() {
            let place = file.display().to_string();
            let found = read_practice(&bytes, &place, &Told::default()).unwrap();
            assert_eq!(found.map(|found| found.title), None, "{place}");
        }
    }
}

/// A decision in words of ours.
fn decision(day: &str) -> String {
    format!(
        "<html><head><title>Суд</title><style>p {{}}</style></head><body><p>Дело № 2-15/2023</p>\
         <p align=\"center\">Р Е Ш Е Н И Е</p><p>Именем Российской Федерации</p><p>{day} г. Примерск</p>\
         <p>Примерский районный суд в составе председательствующего судьи Н., рассмотрев дело по иску А. к ООО «Б» о взыскании доплаты за сверхурочную работу,</p>\
         <div>установил: истец работал сверх нормы. Порядок оплаты определяет часть 1 статьи 152 ТК РФ, отпуск часть 1 статьи 115 ТК РФ.</div>\
         <p>решил: иск удовлетворить.</p></body></html>"
    )
}

#[test]
fn a_court_act_is_known_by_its_words_and_marked_where_its_norm_changed() {
    let name = "a_court_act_is_known_by_its_words_and_marked_where_its_norm_changed";
    let editions = [
        "acts/tk/tk_rf_red-2023-08-04_ips_nd102074279.html",
        "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ];
    let held: Vec<_> = editions
        .iter()
        .filter_map(|file| skip::corpus(name, file))
        .collect();
    let [old, new] = &held[..] else { return };
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let file = data.join("sud.htm");
    std::fs::write(&file, windows_1251(&decision("4 августа 2023 года"))).unwrap();
    let paths = [old, new, &file].map(|path| path.to_str().unwrap().to_owned());
    let [old, new, file] = &paths;
    let added = json(data, &["kb", "add", old, new, file, "--no-vectors"]);
    let act = &added["practice"][0];
    assert_eq!(act["kind"], "court", "{}", added["refused"]);
    assert_eq!(act["issuer"], "Примерский районный суд");
    assert_eq!(
        (&act["date"], &act["number"]),
        (&Value::from("2023-08-04"), &Value::from("2-15/2023"))
    );
    let found = json(
        data,
        &[
            "search",
            "--kind",
            "court",
            "доплата за сверхурочную работу",
        ],
    );
    let hit = &list(&found["hits"])[0];
    // Overtime pay was worded anew in 2024; leave is as long as it was.
    assert_eq!(hit["news"], "changed");
    assert_eq!(hit["norms"][0]["norm"], "tk:152:1");
    assert_eq!(hit["norms"][0]["news"], "changed");
    assert_eq!(hit["norms"][1]["norm"], "tk:115:1");
    assert_eq!(hit["norms"][1]["news"], "same");
    let text = soyuznik(data, &["search", "--kind", "court", "сверхурочная работа"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(
        text.contains("НОРМА С ТЕХ ПОР ИЗМЕНИЛАСЬ: ч. 1 ст. 152 ТК РФ"),
        "{text}"
    );
}

/// A document with these paragraphs.
fn docx(paragraphs: &[&str]) -> Vec<u8> {
    let body: String = paragraphs
        .iter()
        .map(|text| format!("<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"))
        .collect();
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let files = [
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", document.as_str()),
    ];
    for (name, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn a_court_act_in_a_document_is_known_too() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("opredelenie.docx");
    let words = [
        "АПЕЛЛЯЦИОННОЕ ОПРЕДЕЛЕНИЕ",
        "1 июля 2025 года № 33-77/2025",
        "Судебная коллегия по гражданским делам Примерского областного суда в составе трёх судей",
        "рассмотрела дело № 33-77/2025 по иску А. к ООО «Б» об отпуске.",
        "Отпуск определяет статья 115 ТК РФ, расходы — статья 98 ГПК РФ.",
    ];
    std::fs::write(&file, docx(&words)).unwrap();
    let path = file.to_str().unwrap();
    let added = json(data.path(), &["kb", "add", path, "--no-vectors"]);
    let act = &added["practice"][0];
    assert_eq!(act["kind"], "court", "{}", added["refused"]);
    assert_eq!(
        act["issuer"],
        "Судебная коллегия по гражданским делам Примерского областного суда"
    );
    assert_eq!(
        (&act["date"], &act["norms"]),
        (&Value::from("2025-07-01"), &Value::from(2))
    );
    assert!(
        act["title"]
            .as_str()
            .unwrap()
            .starts_with("Апелляционное определение по делу № 33-77/2025")
    );
}

#[test]
fn a_file_that_does_not_tell_whose_it_is_is_taken_when_a_person_does() {
    let data = tempfile::tempdir().unwrap();
    let data = data.path();
    let file = data.join("obzor.txt");
    std::fs::write(
        &file,
        "О сроках расчёта\nРаботодатель платит в день увольнения: ст. 140 ТК РФ.\n",
    )
    .unwrap();
    let path = file.to_str().unwrap();
    let as_law = soyuznik(data, &["kb", "add", path]);
    assert_eq!(as_law.status.code(), Some(1));
    let unsigned = soyuznik(data, &["kb", "add", path, "--kind", "court"]);
    assert_eq!(unsigned.status.code(), Some(1));
    let said = String::from_utf8_lossy(&unsigned.stdout).into_owned();
    assert!(said.contains("--issuer КТО --date ДЕНЬ"), "{said}");
    let told = [
        "kb",
        "add",
        path,
        "--kind",
        "court",
        "--issuer",
        "Примерский суд",
        "--date",
        "2024-02-01",
        "--number",
        "2-1/2024",
    ];
    let added = json(data, &told);
    let act = &added["practice"][0];
    assert_eq!(
        (&act["issuer"], &act["number"]),
        (&Value::from("Примерский суд"), &Value::from("2-1/2024"))
    );
    assert_eq!(act["norms"], 1);
    let wrong = soyuznik(data, &["kb", "add", path, "--kind", "rumour"]);
    assert_eq!(wrong.status.code(), Some(2));
}

//! The program as people start it: its output, its exit codes, its messages.

use crate::program;
use crate::skip;
use std::path::Path;
use std::process::Output;

/// A run of the program, with the models of this machine where it has some.
fn soyuznik(data: &Path, words: &[&str]) -> Output {
    let mut command = program::over(data, words);
    if let Ok(models) = std::env::var("SOYUZNIK_MODELS") {
        command.env("SOYUZNIK_MODEL_FOLDERS", models);
    }
    command.output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const NO_MODELS: [&str; 4] = ["--encoder", "none", "--generator", "none"];

fn without_models<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().chain(&NO_MODELS).copied().collect()
}

#[test]
fn a_question_becomes_an_approved_and_delivered_answer_on_real_models() {
    let name = "a_question_becomes_an_approved_and_delivered_answer_on_real_models";
    let models = [
        "embeddinggemma-300m-q8_0.gguf",
        "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    ];
    if models.iter().any(|file| skip::model(name, file).is_none()) {
        return;
    }
    let Some(law) = skip::corpus(name, "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html") else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let run = soyuznik(
        data.path(),
        &["demo", "--once", "--law", law.to_str().unwrap()],
    );
    let text = out(&run);
    assert!(run.status.success(), "{text}\n{}", err(&run));
    for wanted in [
        "ПРОЕКТ ОТВЕТА",
        "ст. 142 ТК РФ",
        "Дословно:",
        "Режим: select",
        "на странице того, кто спросил",
    ] {
        assert!(text.contains(wanted), "no «{wanted}» in\n{text}");
    }
    assert_eq!(text.matches("/login/").count(), 4, "{text}");
    let journal = soyuznik(data.path(), &["audit", "verify"]);
    assert!(out(&journal).contains("Журнал цел"), "{}", err(&journal));
}

#[test]
fn without_models_and_law_the_demo_still_starts_and_says_what_is_missing() {
    let data = tempfile::tempdir().unwrap();
    let words = without_models(&["demo", "--once", "--law-portal-url", "http://127.0.0.1:9"]);
    let run = soyuznik(data.path(), &words);
    let text = out(&run);
    assert!(run.status.success(), "{text}\n{}", err(&run));
    assert!(text.contains("Дословных цитат не будет"), "{text}");
    assert_eq!(text.matches("/login/").count(), 4, "{text}");
}

#[test]
fn the_law_changed_in_a_copy_changes_the_quote_and_flags_the_statement() {
    let name = "the_law_changed_in_a_copy_changes_the_quote_and_flags_the_statement";
    let Some(law) = skip::corpus(name, "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html") else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let page = String::from_utf8_lossy(&std::fs::read(&law).unwrap()).len();
    assert!(page > 1_000_000);
    let bytes = std::fs::read(&law).unwrap();
    let changed = changed_article_115(&bytes);
    assert_ne!(bytes, changed);
    let copy = data.path().join("copy.html");
    std::fs::write(&copy, changed).unwrap();
    let add = soyuznik(
        data.path(),
        &without_models(&["kb", "add", copy.to_str().unwrap()]),
    );
    assert!(add.status.success(), "{}", err(&add));
    let ask = [
        "ask",
        "Сколько дней отпуска положено по статье 115?",
        "--on",
        "2026-01-15",
        "--json",
    ];
    let run = soyuznik(data.path(), &without_models(&ask));
    let answer: serde_json::Value = serde_json::from_str(&out(&run)).unwrap();
    assert_eq!(answer["status"], "answered", "{answer}");
    let sentences = answer["sentences"].as_array().unwrap();
    let conflict = sentences
        .iter()
        .find(|s| s["flag"] == "conflict")
        .expect("a flagged statement");
    assert!(conflict["text"].as_str().unwrap().contains("28"));
    assert!(
        answer["text"].as_str().unwrap().contains("31 календарн"),
        "{answer}"
    );
}

/// Article 115 with 31 days for 28, in windows-1251 as the portal serves it.
fn changed_article_115(bytes: &[u8]) -> Vec<u8> {
    let (words, _, _) = encoding_rs::WINDOWS_1251.encode("продолжительностью 28 календарных дней");
    let (other, _, _) = encoding_rs::WINDOWS_1251.encode("продолжительностью 31 календарных дней");
    let plain = |bytes: &[u8]| bytes.to_vec();
    for (from, to) in [(plain(&words), plain(&other)), (nbsp(&words), nbsp(&other))] {
        if let Some(at) = bytes.windows(from.len()).position(|window| window == from) {
            let mut changed = bytes.to_vec();
            changed[at..at + from.len()].copy_from_slice(&to);
            return changed;
        }
    }
    bytes.to_vec()
}

/// The same words with a no-break entity after the number.
fn nbsp(words: &[u8]) -> Vec<u8> {
    let digit = words.iter().rposition(u8::is_ascii_digit).unwrap();
    let mut out = words[..=digit].to_vec();
    out.extend(b"&nbsp;");
    out.extend(&words[digit + 2..]);
    out
}

#[test]
fn a_typo_in_the_settings_is_named_and_ends_with_2() {
    let data = tempfile::tempdir().unwrap();
    let file = data.path().join("config.toml");
    std::fs::write(&file, "[serve]\nlisen = \"127.0.0.1:1\"\n").unwrap();
    let run = soyuznik(data.path(), &["doctor", "--config", file.to_str().unwrap()]);
    assert_eq!(run.status.code(), Some(2));
    assert!(
        err(&run).contains("lisen") && err(&run).contains("config.toml"),
        "{}",
        err(&run)
    );
}

#[test]
fn what_is_no_law_is_refused_by_name_and_the_rest_goes_on() {
    let data = tempfile::tempdir().unwrap();
    let page = data.path().join("news.html");
    std::fs::write(&page, "<html><body><p>Погода на завтра</p></body></html>").unwrap();
    let empty = data.path().join("empty.html");
    std::fs::write(&empty, "").unwrap();
    let paths = [page.to_str().unwrap(), empty.to_str().unwrap()];
    let run = soyuznik(
        data.path(),
        &without_models(&["kb", "add", paths[0], paths[1]]),
    );
    assert_eq!(run.status.code(), Some(1), "{}", err(&run));
    let text = out(&run);
    assert!(
        text.contains("news.html") && text.contains("empty.html"),
        "{text}"
    );
}

#[test]
fn a_port_in_use_and_a_folder_in_use_end_with_4() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = tempfile::tempdir().unwrap();
    let words = without_models(&["serve", "--listen", &address]);
    let run = soyuznik(data.path(), &words);
    assert_eq!(run.status.code(), Some(4), "{}", err(&run));
    assert!(
        err(&run).contains(&address) && err(&run).contains("--listen"),
        "{}",
        err(&run)
    );
}

#[test]
fn questions_that_are_none_are_refused_with_words() {
    let data = tempfile::tempdir().unwrap();
    let long = "а ".repeat(12_000);
    for question in [" ", "?!", &long] {
        let run = soyuznik(data.path(), &without_models(&["ask", question]));
        assert_eq!(run.status.code(), Some(2), "{}", err(&run));
        assert!(!err(&run).contains("panicked"), "{}", err(&run));
    }
    let run = soyuznik(
        data.path(),
        &without_models(&["ask", "How many days of leave?", "--json"]),
    );
    assert!(run.status.success(), "{}", err(&run));
    assert!(!out(&run).contains("\"answered\""), "{}", out(&run));
}

#[test]
fn a_backup_is_restored_elsewhere_with_its_journal() {
    let data = tempfile::tempdir().unwrap();
    let words = ["org", "add", "--name", "Первичка", "--kind", "primary"];
    assert!(soyuznik(data.path(), &words).status.success());
    let file = data.path().join("copy.jsonl");
    let run = soyuznik(data.path(), &["backup", file.to_str().unwrap()]);
    assert!(run.status.success(), "{}", err(&run));
    let other = tempfile::tempdir().unwrap();
    let run = soyuznik(other.path(), &["restore", file.to_str().unwrap()]);
    assert!(run.status.success(), "{}", err(&run));
    assert!(out(&soyuznik(other.path(), &["org", "list"])).contains("Первичка"));
    assert!(out(&soyuznik(other.path(), &["audit", "verify"])).contains("Журнал цел"));
}

//! `kb pull`, `kb amended` and `kb watch` against a server that serves what the official ones do, with their faults.

use crate::knowledge::publication::{item, list};
use crate::knowledge::small_law;
use crate::program::program;
use crate::replies::{Reply, Seen, count, page, refusal, serve_by, windows_1251};
use crate::skip;
use serde_json::Value;
use soyuznik::app::App;
use soyuznik::config::Config;
use soyuznik::ingest::{self, Fewer, Mode, Patience, PullOutcome, Sources};
use soyuznik::jobs;
use std::path::Path;
use std::process::Output;

const LAW: &str = "82a8bf1c-3bc7-47ed-827f-7affd43a7f27";
const AMENDS: &str = "О внесении изменений в Федеральный закон \"О пробах\"";

/// A desk that knows one source, a small law of our own, at a server of ours.
struct Desk {
    folder: tempfile::TempDir,
    server: String,
}

impl Desk {
    fn new(server: &str) -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
            server: server.to_owned(),
        };
        std::fs::create_dir_all(desk.knowledge()).unwrap();
        let sources =
            "[[source]]\nact = \"fz-999\"\nnd = 42\ntitle = \"О пробах\"\nnamed = [\"О пробах\"]\n";
        std::fs::write(desk.knowledge().join("sources.toml"), sources).unwrap();
        desk
    }

    fn knowledge(&self) -> std::path::PathBuf {
        self.folder.path().join("knowledge")
    }

    fn run(&self, words: &[&str]) -> Output {
        let mut command = program();
        let data = self.folder.path().join("data");
        command
            .args(words)
            .args(["--encoder", "none", "--generator", "none"])
            .args(["--law-portal-url", &self.server])
            .args(["--law-publication-url", &self.server])
            .args(["--law-portal-pause-ms", "1"])
            .arg("--knowledge-dir")
            .arg(self.knowledge())
            .arg("--data-dir")
            .arg(data);
        command.output().unwrap()
    }

    fn json(&self, words: &[&str]) -> Value {
        let run = self.run(&[words, &["--json"]].concat());
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        serde_json::from_slice(&run.stdout).unwrap_or_else(|e| panic!("{e}: {said}"))
    }

    fn config(&self, watch_days: u64) -> Config {
        let mut config = Config {
            data_dir: self.folder.path().join("data"),
            knowledge_dir: self.knowledge().display().to_string(),
            ..Config::default()
        };
        config.model.encoder = "none".into();
        config.model.generator = "none".into();
        config.law.portal_url = self.server.clone();
        config.law.publication_url = self.server.clone();
        config.law.portal_pause_ms = 1;
        config.law.watch_days = watch_days;
        config
    }
}

fn out(run: &Output) -> String {
    String::from_utf8_lossy(&run.stdout).into_owned()
}

fn err(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

/// The law portal with one page and the publication service with one list, both at one address.
fn sources(law: Vec<u8>, laws: Vec<Value>) -> (String, Seen) {
    serve_by(move |request| {
        Some(if request.contains("/api/Documents") {
            page(list(laws.clone(), 1, 1))
        } else {
            page(law.clone())
        })
    })
}

/// The same law with one article more and a newer amendment.
fn newer_law(articles: usize) -> String {
    small_law(articles).replacen(
        "<p>2) ночью.</p>",
        "<p>2) ночью.<span class=\"mark\"> (В редакции Федерального закона от 01.02.2021 № 5-ФЗ)</span></p>",
        1,
    )
}

#[test]
fn the_code_is_pulled_once_and_then_asked_for_news_only() {
    let name = "the_code_is_pulled_once_and_then_asked_for_news_only";
    let file = "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html";
    let Some(file) = skip::corpus(name, file) else {
        return;
    };
    let bytes = std::fs::read(file).unwrap();
    let (server, seen) = serve_by(move |request| {
        if request.to_lowercase().contains("if-none-match: \"tk\"") {
            return Some(refusal("304 Not Modified", ""));
        }
        Some(Reply {
            headers: "ETag: \"tk\"\r\n".to_owned(),
            ..page(bytes.clone())
        })
    });
    let mut desk = Desk::new(&server);
    std::fs::remove_file(desk.knowledge().join("sources.toml")).unwrap();
    let dry = desk.json(&["kb", "pull", "tk", "--dry-run"]);
    assert_eq!(dry["outcome"], "would_add");
    assert_eq!(dry["found"]["headings"], 538);
    assert!(
        desk.json(&["kb", "status"])["acts"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let taken = desk.json(&["kb", "pull", "tk"]);
    assert_eq!(taken["outcome"], "added", "{taken}");
    assert_eq!(taken["found"]["edition"], "2025-12-29");
    let again = desk.json(&["kb", "pull", "tk"]);
    assert_eq!(again["outcome"], "not_modified");
    assert_eq!(again["held"]["headings"], 538);
    assert_eq!(count(&seen), 3);
    // At another address nothing is known of our copy; its text is the same all the same.
    desk.server = server.replace("127.0.0.1", "localhost");
    assert_eq!(desk.json(&["kb", "pull", "tk"])["outcome"], "same");
    let status = desk.json(&["kb", "status"]);
    assert_eq!(status["acts"][0]["editions"], 1);
}

#[test]
fn a_worse_text_never_stands_in_the_place_of_a_good_one() {
    let mut served = 0;
    let (server, _) = serve_by(move |_| {
        served += 1;
        let articles = if served == 1 { 20 } else { 10 };
        Some(page(windows_1251(&small_law(articles))))
    });
    let desk = Desk::new(&server);
    assert!(desk.run(&["kb", "pull", "fz-999"]).status.success());
    let refused = desk.run(&["kb", "pull", "fz-999"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = err(&refused);
    assert!(
        said.contains("статей 10, а было 20") && said.contains("Оставлен прежний"),
        "{said}"
    );
    let dry = desk.run(&["kb", "pull", "fz-999", "--dry-run"]);
    assert_eq!(dry.status.code(), Some(1));
    assert!(out(&dry).contains("не был бы взят"), "{}", out(&dry));
    let shown = desk.json(&["kb", "show", "fz-999:15"]);
    assert_eq!(shown["norm"], "fz-999:15");
    // A person may say that it is right so.
    let taken = desk.json(&["kb", "pull", "fz-999", "--accept-fewer"]);
    assert_eq!(taken["outcome"], "added", "{taken}");
    assert_eq!(
        desk.run(&["kb", "show", "fz-999:15"]).status.code(),
        Some(3)
    );
}

#[test]
fn what_is_no_law_changes_nothing_and_says_what_to_do() {
    for (fault, exit, word) in [
        ("<html>Введите код с картинки</html>", 6, "в браузере"),
        ("<html>Документ не найден</html>", 3, "номер документа"),
        ("", 1, "файл пуст"),
    ] {
        let mut served = 0;
        let (server, _) = serve_by(move |_| {
            served += 1;
            Some(page(windows_1251(&if served == 1 {
                small_law(5)
            } else {
                fault.to_owned()
            })))
        });
        let desk = Desk::new(&server);
        assert!(desk.run(&["kb", "pull", "fz-999"]).status.success());
        let refused = desk.run(&["kb", "pull", "fz-999"]);
        assert_eq!(refused.status.code(), Some(exit), "{}", err(&refused));
        assert!(err(&refused).contains(word), "{}", err(&refused));
        assert_eq!(desk.json(&["kb", "status"])["acts"][0]["editions"], 1);
    }
}

#[test]
fn an_amendment_without_text_stands_in_the_status_until_the_text_comes() {
    let laws = vec![
        item("5-ФЗ", "2021-02-01", "2021-02-01", AMENDS, LAW),
        item(
            "6-ФЗ",
            "2021-03-01",
            "2021-03-01",
            "О внесении изменений в отдельные законодательные акты Российской Федерации",
            LAW,
        ),
    ];
    let mut pulls = 0;
    let (server, _) = serve_by(move |request| {
        if request.contains("/api/Documents") {
            return Some(page(list(laws.clone(), 1, 1)));
        }
        pulls += 1;
        Some(page(windows_1251(&match pulls {
            1 => small_law(3),
            _ => newer_law(3),
        })))
    });
    let desk = Desk::new(&server);
    let lost = desk.run(&["kb", "amended", "fz-999"]);
    assert_eq!(lost.status.code(), Some(2), "{}", err(&lost));
    assert!(err(&lost).contains("--since"), "{}", err(&lost));
    desk.run(&["kb", "pull", "fz-999"]);
    let dry = desk.json(&["kb", "amended", "fz-999", "--dry-run"]);
    assert_eq!(
        (&dry["fresh"], &dry["since"]),
        (&Value::from(2), &Value::from("2020-05-05"))
    );
    assert!(
        desk.json(&["kb", "amended", "fz-999", "--known"])["amendments"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let kept = desk.json(&["kb", "amended", "fz-999"]);
    assert_eq!(
        (&kept["fresh"], &kept["without_text"]),
        (&Value::from(2), &Value::from(2))
    );
    let status = out(&desk.run(&["kb", "status"]));
    assert!(
        status.contains("ПОПРАВКИ БЕЗ ТЕКСТА: 1, и ещё 1"),
        "{status}"
    );
    let settle = ["--settle", "6-ФЗ", "--reason", "О другом"];
    let settle = || desk.run(&[&["kb", "amended", "fz-999"][..], &settle].concat());
    let aside = settle();
    assert!(aside.status.success(), "{}", err(&aside));
    let reopen = || desk.run(&["kb", "amended", "fz-999", "--reopen", "6-ФЗ"]);
    assert!(reopen().status.success());
    let known = desk.json(&["kb", "amended", "fz-999", "--known"]);
    assert!(known["amendments"][1]["settled"].is_null(), "{known}");
    let twice = reopen();
    assert!(!twice.status.success() && err(&twice).contains("6-ФЗ"));
    assert!(settle().status.success());
    let taken = desk.json(&["kb", "pull", "fz-999"]);
    assert_eq!(taken["found"]["edition"], "2021-02-01", "{taken}");
    let known = desk.json(&["kb", "amended", "fz-999", "--known"]);
    assert_eq!(known["amendments"][0]["held"], true);
    assert_eq!(known["amendments"][1]["settled"], "О другом");
    let status = out(&desk.run(&["kb", "status"]));
    assert!(!status.contains("ПОПРАВКИ"), "{status}");
}

async fn tasks(app: &App) -> Vec<(String, String)> {
    let open = app.store.open_tasks(10).await.unwrap();
    open.into_iter()
        .map(|task| (task.kind, task.subject))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_watch_that_is_switched_on_opens_one_task_for_each_thing_that_is_new() {
    let laws = vec![item("5-ФЗ", "2021-02-01", "2021-02-01", AMENDS, LAW)];
    let (server, seen) = sources(windows_1251(&newer_law(4)), laws);
    let desk = Desk::new(&server);
    let file = desk.folder.path().join("law.html");
    std::fs::write(&file, small_law(3)).unwrap();
    let added = desk.run(&["kb", "add", file.to_str().unwrap(), "--no-vectors"]);
    assert!(added.status.success(), "{}", err(&added));

    let off = App::open(desk.config(0)).await.unwrap();
    jobs::queue_watch(&off).await.unwrap();
    assert_eq!(jobs::drain(&off).await.unwrap(), 0);
    assert_eq!(count(&seen), 0);
    off.store.close().await;
    drop(off);

    let app = App::open(desk.config(7)).await.unwrap();
    jobs::queue_watch(&app).await.unwrap();
    assert_eq!(jobs::drain(&app).await.unwrap(), 1);
    let expected = [
        ("law-text".to_owned(), "fz-999".to_owned()),
        ("law-amendment".to_owned(), "fz-999".to_owned()),
    ];
    assert_eq!(tasks(&app).await, expected);
    // Nothing was taken: that is for a person to do.
    assert_eq!(app.store.editions("fz-999").await.unwrap().len(), 1);
    assert_eq!(app.store.known_amendments("fz-999").await.unwrap().len(), 1);
    // A week has not gone by; and a look out of turn opens nothing twice.
    jobs::queue_watch(&app).await.unwrap();
    assert_eq!(jobs::drain(&app).await.unwrap(), 0);
    ingest::watch(&app.store, &app.config).await.unwrap();
    assert_eq!(tasks(&app).await, expected);
    // Who takes the text has done the task.
    let take = Sources::open(&app.config, Patience::Normal, Mode::Take).unwrap();
    let taken = ingest::pull(&app.store, &take, "fz-999", Fewer::Refuse).await;
    assert_eq!(taken.unwrap().outcome, PullOutcome::Added);
    assert_eq!(tasks(&app).await, expected[1..]);
}

#[test]
fn a_watch_that_meets_a_captcha_says_so_and_asks_the_portal_no_more() {
    let (server, seen) = serve_by(|request| {
        Some(if request.contains("/api/Documents") {
            page(list(Vec::new(), 1, 1))
        } else {
            page("<html>Подтвердите, что вы не робот</html>")
        })
    });
    let desk = Desk::new(&server);
    let second =
        "\n[[source]]\nact = \"fz-998\"\nnd = 43\ntitle = \"О других\"\nnamed = [\"О других\"]\n";
    let path = desk.knowledge().join("sources.toml");
    let sources = std::fs::read_to_string(&path).unwrap() + second;
    std::fs::write(&path, sources).unwrap();
    for (name, number) in [("a.html", "999"), ("b.html", "998")] {
        let file = desk.folder.path().join(name);
        std::fs::write(
            &file,
            small_law(3).replace("999-ФЗ", &format!("{number}-ФЗ")),
        )
        .unwrap();
        let added = desk.run(&["kb", "add", file.to_str().unwrap(), "--no-vectors"]);
        assert!(added.status.success(), "{}", err(&added));
    }
    let run = desk.run(&["kb", "watch"]);
    assert_eq!(run.status.code(), Some(1), "{}", out(&run));
    assert_eq!(
        out(&run).matches("НЕ ПРОВЕРЕНО").count(),
        2,
        "{}",
        out(&run)
    );
    let asked = seen.lock().unwrap();
    let portal = asked
        .iter()
        .filter(|request| request.contains("/proxy/ips/"));
    assert_eq!(portal.count(), 1);
}

#[test]
fn a_server_that_is_away_is_a_network_error() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let desk = Desk::new(&address);
    let run = desk.run(&["kb", "pull", "fz-999"]);
    assert_eq!(run.status.code(), Some(6), "{}", err(&run));
    assert!(Path::new(&desk.knowledge()).exists());
}

//! Row X3: at the most talkative level neither the logs nor the figures hold anybody's words, names or keys.

use super::browser::{get, page, post};
use super::editor::Form;
use super::gate::Gate;
use super::house::House;
use super::mailbox::Mailbox;
use super::served::Served;
use super::stub;
use crate::web::{Visitor, encoded};
use axum::http::StatusCode;
use soyuznik::case::{CaseId, Status};

const QUESTION: &str = "Мне задержали отпускные на участке zheltopuz, положена ли компенсация?";
const ANSWER: &str = "Положена, так ответил krasnonos.";
const SEARCHED: &str = "отпускные и shirokokryl";
const PASSWORD: &str = "zelenoglaz едет на тракторе";
const NOWHERE: &str = "/cases/dlinnohvost/nigde?q=ostroklyuv";

/// Words that belong to people, and what may not be found for each.
#[derive(Default)]
struct Canaries(Vec<String>);

impl Canaries {
    fn add(&mut self, word: &str) {
        assert!(!word.is_empty());
        let percent = encoded(&[("", word)]).trim_start_matches('=').to_owned();
        let escaped: String = word.escape_unicode().to_string();
        let bytes: String = word.as_bytes().escape_ascii().to_string();
        self.0.extend([word.to_owned(), percent, escaped, bytes]);
    }

    fn keys_of(&mut self, visitor: &Visitor) {
        self.add(&visitor.csrf);
        for value in visitor.cookies.values() {
            self.add(value);
        }
    }

    fn are_not_in(&self, place: &str, text: &str) {
        for canary in &self.0 {
            if let Some(at) = text.find(canary.as_str()) {
                let line = text[..at].rfind('\n').map_or(0, |start| start + 1);
                let line: String = text[line..].chars().take(1500).collect();
                panic!("{place} holds {canary}: {line}");
            }
        }
    }
}

/// Comes in by a one-time link with a new password, goes, comes again by the password.
fn log_in(served: &Served, link: &str, canaries: &mut Canaries) -> Visitor {
    let mut visitor = Visitor::default();
    let shown = page(served.address, &visitor, link);
    visitor.keep(&shown);
    visitor.csrf = shown.hidden("csrf");
    canaries.keys_of(&visitor);
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    let entered = post(served.address, &visitor, link, &fields).whole();
    assert_eq!(entered.status, StatusCode::SEE_OTHER);
    visitor.keep(&entered);
    visitor.csrf = page(served.address, &visitor, "/ask").hidden("csrf");
    canaries.keys_of(&visitor);
    post(served.address, &visitor, "/logout", &[]);

    let mut visitor = Visitor::default();
    let shown = page(served.address, &visitor, "/login");
    visitor.keep(&shown);
    visitor.csrf = shown.hidden("csrf");
    for (password, status) in [("sinelapyj", 401), (PASSWORD, 303)] {
        let fields = [("email", "member@example.org"), ("password", password)];
        let entered = post(served.address, &visitor, "/login", &fields).whole();
        assert_eq!(entered.status.as_u16(), status);
        visitor.keep(&entered);
    }
    visitor.csrf = page(served.address, &visitor, "/ask").hidden("csrf");
    canaries.keys_of(&visitor);
    visitor
}

/// A question, a search, an address that leads nowhere, an edit, an approval, a mail.
fn flow(served: &Served, house: &House, member: &Visitor) {
    let at = served.address;
    let fields = [("text", QUESTION), ("topic", "zheltopuz"), ("key", "k")];
    let path = post(at, member, "/ask", &fields).accepted().unwrap();
    let case = CaseId::from(path.rsplit('/').next().unwrap());
    house.reaches(&case, &[Status::Drafted, Status::Abstained]);
    page(at, member, &path);
    let search = format!("/search?{}", encoded(&[("q", SEARCHED)]));
    page(at, &house.lawyer, &search);
    let lost = get(at, member, NOWHERE).whole();
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    let form = Form::shown(served, house, &case, ANSWER);
    assert!(form.send(at, house, &case, "answer").is_some());
    // A form that is none, and one from elsewhere.
    post(at, member, "/ask", &[("text", ""), ("day", "zheltopuz")]).whole();
    let forged = Visitor {
        csrf: "zheltopuz".into(),
        ..member.clone()
    };
    post(at, &forged, "/ask", &[("text", QUESTION)]).whole();
    let form = Form::shown(served, house, &case, ANSWER);
    assert!(form.send(at, house, &case, "approve").is_some());
    house.reaches(&case, &[Status::Sent]);
    house.no_job_is_left();
    assert!(page(at, member, &path).body.contains(ANSWER));
}

/// Every line is JSON, and the most talkative level was really on.
fn is_talkative(log: &str) {
    let lines = log.lines().filter(|line| line.starts_with('{'));
    let lines: Vec<serde_json::Value> = lines
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}")))
        .collect();
    let has = |name: &str, value: &str| lines.iter().any(|line| line[name] == value);
    assert!(has("level", "TRACE") && has("route", "/cases/{id}"));
    assert!(has("route", "/login/{token}") && has("route", "-"));
}

#[test]
fn the_most_talkative_log_and_the_figures_hold_nobodys_words_names_or_keys() {
    let mailbox = Mailbox::start(Gate::default());
    let server = stub::start("nobody", Gate::default(), stub::yes);
    let house = House::new().with_generator(&server.url).with(&[
        ("--log-filter", "trace"),
        ("--log-format", "json"),
        ("--encoder", "remote:stub"),
        ("--deliver-smtp-url", &mailbox.url),
        ("--deliver-mail-from", "desk@example.org"),
    ]);
    let made = house.run(&["user", "link", house.member_id.as_str(), "--json"]);
    let made: serde_json::Value = serde_json::from_slice(&made.stdout).unwrap();
    let link = made["login"].as_str().unwrap();
    let link = &link[link.find("/login/").unwrap()..];
    let mut canaries = Canaries::default();
    canaries.add(link.rsplit('/').next().unwrap());
    canaries.keys_of(&house.lawyer);
    for word in [
        "Членова",
        "Юристов",
        "Мария",
        "member@example.org",
        "lawyer@example.org",
        "zheltopuz",
        "krasnonos",
        "shirokokryl",
        "zelenoglaz",
        "sinelapyj",
        "dlinnohvost",
        "ostroklyuv",
        "отпускные",
        "Положена",
        "тракторе",
    ] {
        canaries.add(word);
    }
    let mut served = house.serve();
    let member = log_in(&served, link, &mut canaries);
    flow(&served, &house, &member);
    assert_eq!(mailbox.letters().len(), 1);
    let figures = page(served.address, &Visitor::default(), "/metrics").body;
    assert!(figures.contains("soyuznik_requests_total"));
    canaries.are_not_in("/metrics", &figures);
    served.terminate();
    served.ended();
    let said = house.said();
    is_talkative(&said);
    canaries.are_not_in("the log", &said);
}

//! Local acts from end to end: read from every form, found and quoted in their own branch only, kept by its administrator.

use crate::documents::{docx, odt, pdf};
use crate::store_law::{edition, version};
use crate::web::{Answered, Visitor, encoded};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, StatusCode};
use jiff::civil::{Date, date};
use soyuznik::app::App;
use soyuznik::case::{OrganisationId, OrganisationKind, PersonId, Role};
use soyuznik::config::Config;
use soyuznik::ingest::{self, LocalGiven, LocalOf, Reading};
use soyuznik::jobs;
use soyuznik::knowledge::read_local;
use soyuznik::law::{ActId, LocalKind, LocalUnit};
use soyuznik::retrieve::{Retrieval, Scope};
use soyuznik::store::{NewCase, NewOrganisation, NewPerson};
use soyuznik::web;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tower::ServiceExt;

const FROM: Date = date(2026, 1, 1);
const ON: Date = date(2026, 6, 1);
const TITLE: &str = "Коллективный договор завода «Луч» на 2026–2028 годы";
const EXTRA: &str = "2.1. Работникам литейного цеха дают дополнительный оплачиваемый отпуск в пять дней за горячую смену.";

/// Our own words, no agreement of anybody.
const AGREEMENT: [&str; 9] = [
    "Коллективный договор",
    "1. Общие положения",
    "1.1. Договор заключили завод и его работники на три года.",
    "2. Отпуска",
    EXTRA,
    "2.2. За свадьбу работника дают два оплачиваемых дня:",
    "а) в день свадьбы;",
    "б) на следующий день.",
    "2.3. График вывешивают у проходной в декабре.",
];

fn rtf(lines: &[&str]) -> Vec<u8> {
    let letter = |c: char| match c {
        ' '..='~' if !matches!(c, '\\' | '{' | '}') => c.to_string(),
        _ => format!("\\u{}?", c as u32),
    };
    let mut out =
        String::from("{\\rtf1\\ansi\\ansicpg1251\\uc1{\\fonttbl{\\f0\\fcharset204 Times;}}");
    for line in lines {
        let line: String = line.chars().map(letter).collect();
        out += &format!("\\pard {line}\\par\n");
    }
    (out + "}").into_bytes()
}

fn as_docx(lines: &[&str]) -> Vec<u8> {
    let paragraph = |line: &&str| format!("<w:p><w:r><w:t>{line}</w:t></w:r></w:p>");
    docx(&lines.iter().map(paragraph).collect::<String>(), &[])
}

fn in_form(form: &str, lines: &[&str]) -> Vec<u8> {
    let each = |tag: &str| {
        let line = |line: &&str| format!("<{tag}>{line}</{tag}>");
        lines.iter().map(line).collect::<String>()
    };
    match form {
        "txt" => lines.join("\n").into_bytes(),
        "md" => lines.join("\n\n").into_bytes(),
        "html" => format!("<html><body>{}</body></html>", each("div")).into_bytes(),
        "rtf" => rtf(lines),
        "docx" => as_docx(lines),
        "odt" => odt(&each("text:p")),
        _ => pdf(lines),
    }
}

#[test]
fn an_agreement_reads_the_same_in_every_form() {
    let id = ActId::of_local(LocalKind::CollectiveAgreement, "ab", LocalUnit::Point).unwrap();
    for form in ["txt", "md", "html", "rtf", "docx", "odt", "pdf"] {
        let bytes = in_form(form, &AGREEMENT);
        let act = read_local(&bytes, form, &id, FROM).unwrap();
        let cited = act
            .nodes
            .iter()
            .filter_map(|n| Some((n.citation.as_ref()?, n)));
        let norms: Vec<(String, &str)> = cited
            .map(|(citation, node)| (citation.to_string(), node.text.as_str()))
            .collect();
        let labels: Vec<&str> = norms
            .iter()
            .map(|(label, _)| label.trim_start_matches("local-agreement-ab:"))
            .collect();
        assert_eq!(
            labels,
            ["1.1", "2.1", "2.2", "2.2:a", "2.2:b", "2.3"],
            "{form}"
        );
        assert_eq!(norms[1].1, EXTRA, "{form}");
        assert!(act.account.lost.is_empty(), "{form}: {:?}", act.account);
    }
}

/// A federation with two branches, the app over it, and its pages.
struct Union {
    app: Arc<App>,
    router: Router,
    nodes: BTreeMap<&'static str, OrganisationId>,
    people: BTreeMap<&'static str, PersonId>,
    folder: tempfile::TempDir,
}

const NODES: [(&str, Option<&str>); 5] = [
    ("union", None),
    ("branch", Some("union")),
    ("shop", Some("branch")),
    ("other", Some("union")),
    ("factory", Some("other")),
];

const PEOPLE: [(&str, Role, &str); 9] = [
    ("member", Role::Member, "shop"),
    ("cousin", Role::Member, "factory"),
    ("upper", Role::Member, "union"),
    ("lawyer", Role::Lawyer, "branch"),
    ("stranger", Role::Lawyer, "other"),
    ("staff", Role::Staff, "union"),
    ("administrator", Role::Administrator, "branch"),
    ("foreman", Role::Administrator, "other"),
    ("root", Role::Administrator, "union"),
];

impl Union {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            data_dir: folder.path().join("data"),
            ..Config::default()
        };
        config.model.encoder = "none".into();
        config.model.generator = "none".into();
        let app = Arc::new(App::open(config).await.unwrap());
        let mut nodes: BTreeMap<&'static str, OrganisationId> = BTreeMap::new();
        let mut people = BTreeMap::new();
        for (key, parent) in NODES {
            let new = NewOrganisation {
                parent: parent.map(|parent: &str| nodes[parent].clone()),
                name: format!("Узел {key}"),
                kind: OrganisationKind::Branch,
                region: None,
                industry: None,
            };
            let node = app.store.add_organisation(&new, "test").await.unwrap();
            nodes.insert(key, node.id);
        }
        for (key, role, node) in PEOPLE {
            let new = NewPerson {
                name: format!("Человек {key}"),
                email: None,
                language: "ru".into(),
            };
            let id = app.store.add_person(&new, "test").await.unwrap().id;
            let granted = app.store.grant(&id, role, &nodes[node], "test").await;
            granted.unwrap();
            people.insert(key, id);
        }
        let router = web::router(app.clone(), &app.config);
        let union = Self {
            app,
            router,
            nodes,
            people,
            folder,
        };
        union.add_law().await;
        union
    }

    /// A code of two articles in our own words.
    async fn add_law(&self) {
        let article = |number: &str, title: &str, words: &str| {
            let whole = format!("Статья {number}. {title}\n{words}");
            let mut versions = vec![
                version(&format!("tk:{number}"), "article", &whole, None),
                version(&format!("tk:{number}:1"), "part", words, None),
            ];
            for one in &mut versions {
                one.title = Some(format!("Статья {number}. {title}"));
                one.article = format!("tk:{number}");
            }
            versions
        };
        let mut versions = article(
            "116",
            "О дополнительном отпуске",
            "Дополнительный оплачиваемый отпуск дают за вредную работу по учебному перечню.",
        );
        versions.extend(article(
            "130",
            "О столовой",
            "Столовая завода открыта весь день, обед готовят два повара.",
        ));
        let code = edition(date(2025, 1, 1), date(2026, 12, 31), versions);
        self.app.store.add_edition(&code, "test").await.unwrap();
        self.app.reload_knowledge().await.unwrap();
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn given(&self, owner: &str) -> LocalGiven {
        LocalGiven {
            of: LocalOf::Titled {
                owner: self.nodes[owner].clone(),
                kind: LocalKind::CollectiveAgreement,
                title: TITLE.into(),
            },
            from: FROM,
            last: None,
            signed: None,
        }
    }

    async fn add(&self, path: &Path, given: &LocalGiven) -> Result<String, String> {
        let who = ("test", ON);
        let added = ingest::add_local(&self.app.store, path, &Reading::Here, given, who).await;
        let added = added.map_err(|error| format!("{}: {error}", error.code()))?;
        self.app.reload_knowledge().await.unwrap();
        Ok(added.act)
    }

    async fn with_agreement(owner: &str) -> (Self, String) {
        let union = Self::new().await;
        let path = union.file("договор.docx", &as_docx(&AGREEMENT));
        let act = union.add(&path, &union.given(owner)).await.unwrap();
        (union, act)
    }

    async fn search(&self, question: &str, node: Option<&str>, on: Date) -> Retrieval {
        let path = match node {
            Some(node) => {
                let node = self.app.store.organisation(&self.nodes[node]).await;
                Some(node.unwrap().path)
            }
            None => None,
        };
        let scope = Scope {
            on,
            organisation_path: path,
            limit: 10,
        };
        self.app.search(question, &scope).await.unwrap()
    }

    async fn visitor(&self, who: &str) -> Visitor {
        let store = &self.app.store;
        let session = store.create_session(&self.people[who], 3_600_000, 3_600_000);
        let session = session.await.unwrap();
        Visitor {
            cookies: [("soyuznik".to_owned(), session.token)].into(),
            csrf: session.csrf_token,
        }
    }

    async fn send(&self, request: axum::http::Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answered {
            status,
            headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    async fn get(&self, visitor: &Visitor, path: &str) -> Answered {
        let request = visitor.request(Method::GET, path).body(Body::empty());
        self.send(request.unwrap()).await
    }

    async fn post(&self, visitor: &Visitor, path: &str, fields: &[(&str, &str)]) -> Answered {
        let mut fields = fields.to_vec();
        fields.insert(0, ("csrf", &visitor.csrf));
        let request = visitor
            .request(Method::POST, path)
            .header("origin", "http://desk.test")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(encoded(&fields)));
        self.send(request.unwrap()).await
    }

    async fn hand_in(
        &self,
        visitor: &Visitor,
        fields: &[(&str, &str)],
        (name, bytes): (&str, &[u8]),
    ) -> Answered {
        let part = |name: &str, file: &str, body: &[u8]| {
            let head =
                format!("--EDGE\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
            [head.as_bytes(), body, b"\r\n"].concat()
        };
        let mut body = part("csrf", "", visitor.csrf.as_bytes());
        for (name, value) in fields {
            body.extend(part(name, "", value.as_bytes()));
        }
        body.extend(part("file", &format!("; filename=\"{name}\""), bytes));
        body.extend(b"--EDGE--\r\n");
        let request = visitor
            .request(Method::POST, "/admin/law/local")
            .header("origin", "http://desk.test")
            .header("content-type", "multipart/form-data; boundary=EDGE")
            .body(Body::from(body));
        self.send(request.unwrap()).await
    }

    async fn ask(&self, who: &str, node: &str, text: &str) -> String {
        let new = NewCase {
            organisation: self.nodes[node].clone(),
            member: self.people[who].clone(),
            subject: text.into(),
            text: text.into(),
            topic: None,
            region: None,
            industry: None,
            event_date: Some(ON),
            deadline: None,
            idempotency_key: None,
        };
        let case = self.app.store.create_case(&new).await.unwrap().id;
        jobs::drain(&self.app).await.unwrap();
        case.to_string()
    }
}

const QUESTION: &str =
    "Положен ли мне по статье 116 ТК РФ дополнительный оплачиваемый отпуск за горячую смену?";

fn local(found: &Retrieval) -> Vec<&str> {
    let hits = found.hits.iter().filter(|hit| hit.is_local());
    hits.map(|hit| hit.norm.as_str()).collect()
}

#[tokio::test]
async fn a_local_act_is_found_in_its_own_branch_and_beside_the_law() {
    let (union, act) = Union::with_agreement("branch").await;
    let point = format!("{act}:2.1");
    for (node, seen) in [
        (Some("branch"), true),
        (Some("shop"), true),
        (Some("union"), false),
        (Some("other"), false),
        (Some("factory"), false),
        (None, false),
    ] {
        let found = union.search(QUESTION, node, ON).await;
        let expected: &[&str] = if seen { &[&point] } else { &[] };
        assert_eq!(local(&found), expected, "{node:?}");
        // The law is found as if there were no agreement.
        let law = union.search(QUESTION, None, ON).await;
        let articles = |found: &Retrieval| {
            let all = found.articles.iter().map(|(article, _)| article.clone());
            all.take(20).collect::<Vec<_>>()
        };
        assert_eq!(articles(&found)[0], "tk:116");
        assert_eq!(articles(&found), articles(&law));
        let norms = |found: &Retrieval| {
            let law = found.hits.iter().filter(|hit| !hit.is_local());
            law.map(|hit| hit.id.clone()).collect::<Vec<_>>()
        };
        assert_eq!(norms(&found), norms(&law), "{node:?}");
        assert_eq!(law.hits[0].norm, "tk:116:1");
    }
    // What the agreement does not speak of, it is not quoted on.
    let other = union.search("Сколько поваров в столовой завода?", Some("shop"), ON);
    assert!(local(&other.await).is_empty());
}

#[tokio::test]
async fn a_local_act_is_quoted_from_its_first_day_to_its_last() {
    let (union, act) = Union::with_agreement("branch").await;
    let store = &union.app.store;
    let seen = async |on| local(&union.search(QUESTION, Some("shop"), on).await).len();
    assert_eq!(seen(date(2025, 12, 31)).await, 0);
    assert_eq!(seen(FROM).await, 1);
    let early = store.end_local_act(&act, date(2025, 12, 31), "test").await;
    assert!(early.unwrap_err().to_string().contains("раньше первого"));
    let last = date(2026, 6, 30);
    store.end_local_act(&act, last, "test").await.unwrap();
    union.app.reload_knowledge().await.unwrap();
    assert_eq!(seen(last).await, 1);
    assert_eq!(seen(date(2026, 7, 1)).await, 0);
    let norm = format!("{act}:2.1");
    assert!(store.version(&norm, last).await.unwrap().is_some());
    assert!(
        store
            .version(&norm, date(2026, 7, 1))
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(store.local_acts().await.unwrap()[0].last_day(), Some(last));
    // The next agreement begins after a gap, and the gap stays one.
    let mut next = AGREEMENT;
    next[4] = "2.1. Работникам литейного цеха дают дополнительный оплачиваемый отпуск в семь дней за горячую смену.";
    let path = union.file("новый.txt", next.join("\n").as_bytes());
    let given = LocalGiven {
        of: LocalOf::Held { act: act.clone() },
        from: date(2026, 9, 1),
        last: Some(date(2028, 8, 31)),
        signed: Some(date(2026, 8, 15)),
    };
    assert_eq!(union.add(&path, &given).await.unwrap(), act);
    for (on, days) in [
        (date(2026, 6, 30), Some("пять")),
        (date(2026, 8, 1), None),
        (date(2026, 9, 1), Some("семь")),
        (date(2028, 8, 31), Some("семь")),
        (date(2028, 9, 1), None),
    ] {
        let found = union.search(QUESTION, Some("shop"), on).await;
        let hit = found.hits.iter().find(|hit| hit.is_local());
        assert_eq!(hit.is_some(), days.is_some(), "{on}");
        if let (Some(hit), Some(days)) = (hit, days) {
            assert!(hit.text.contains(days), "{on}: {}", hit.text);
        }
    }
    let now = store.version(&norm, date(2026, 9, 1)).await.unwrap();
    let provision = now.unwrap().version.provision;
    let through = store.history(&provision).await.unwrap();
    let days: Vec<Date> = through.iter().map(|row| row.edition_date).collect();
    assert_eq!(days, [FROM, date(2026, 9, 1)]);
    // What changes an agreement while it is in force does not make its term longer.
    next[4] = "2.1. Работникам литейного цеха дают дополнительный оплачиваемый отпуск в девять дней за горячую смену.";
    let path = union.file("изменён.txt", next.join("\n").as_bytes());
    let given = LocalGiven {
        from: date(2027, 1, 1),
        last: None,
        signed: None,
        ..given
    };
    let added = ingest::add_local(store, &path, &Reading::Here, &given, ("test", ON));
    let added = added.await.unwrap();
    assert_eq!(added.last_as_before, Some(date(2028, 8, 31)));
    let told = added.to_string();
    assert!(
        told.contains("Действует по 2028-08-31, как прежняя"),
        "{told}"
    );
    let until = store.local_acts().await.unwrap()[0].last_day();
    assert_eq!(until, Some(date(2028, 8, 31)));
    // One that begins after the end has an end of its own, or none.
    let path = union.file("другой.txt", AGREEMENT.join("\n").as_bytes());
    let given = LocalGiven {
        from: date(2028, 10, 1),
        ..given
    };
    union.add(&path, &given).await.unwrap();
    assert_eq!(store.local_acts().await.unwrap()[0].last_day(), None);
}

#[tokio::test]
async fn what_can_not_be_a_local_act_is_refused_with_a_remedy() {
    let (union, act) = Union::with_agreement("branch").await;
    let path = union.file("x.txt", AGREEMENT.join("\n").as_bytes());
    let given = union.given("branch");
    let held = |act: &str| LocalGiven {
        of: LocalOf::Held { act: act.into() },
        ..given.clone()
    };
    let titled = |owner: &str, title: &str| LocalGiven {
        of: LocalOf::Titled {
            owner: owner.into(),
            kind: LocalKind::InternalRules,
            title: title.into(),
        },
        ..given.clone()
    };
    let branch = union.nodes["branch"].to_string();
    for (wrong, code) in [
        (titled("nobody", "Правила"), "not_found"),
        (titled(&branch, "  "), "title"),
        (held("local-agreement-00"), "not_found"),
        (held("tk"), "act_of_law"),
        (
            LocalGiven {
                last: Some(date(2025, 12, 31)),
                ..given.clone()
            },
            "ends_before",
        ),
    ] {
        let refused = union.add(&path, &wrong).await.unwrap_err();
        assert!(refused.starts_with(code), "{refused}");
    }
    let empty = union.file("scan.txt", b"1. 2.\n");
    let refused = union.add(&empty, &titled(&branch, "Правила")).await;
    assert!(refused.unwrap_err().starts_with("empty"));
    let articles = "Статья 1. Общее\nДоговор для всех.\nСтатья 2. Отпуск\nОтпуск длинный.\n";
    let other = union.file("статьи.txt", articles.as_bytes());
    let later = LocalGiven {
        from: date(2027, 1, 1),
        ..held(&act)
    };
    let refused = union.add(&other, &later).await.unwrap_err();
    assert!(refused.starts_with("other_form"), "{refused}");
    // The same file under another first day is a slip, not an edition.
    let docx = union.file("ещё.docx", &as_docx(&AGREEMENT));
    let refused = union.add(&docx, &later).await.unwrap_err();
    assert!(refused.starts_with("same_file"), "{refused}");
    // By the way of the law no local act comes in.
    let law = ingest::Given {
        act: Some(act.parse().unwrap()),
        edition: Some(date(2027, 1, 1)),
        without: Vec::new(),
    };
    let by_law = ingest::add_file_as(&union.app.store, &path, &Reading::Here, &law).await;
    assert_eq!(by_law.unwrap_err().code(), "local_act");
    assert_eq!(union.app.store.editions(&act).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_member_sees_the_own_agreement_marked_and_the_draft_quotes_it_beside_the_code() {
    let (union, act) = Union::with_agreement("branch").await;
    let case = union.ask("member", "shop", QUESTION).await;
    let member = union.visitor("member").await;
    let page = union.get(&member, &format!("/cases/{case}")).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in [
        "Ваш коллективный договор",
        "действует с",
        "и пока не отменён",
        "дополнительный оплачиваемый отпуск в пять дней",
        "Дополнительный оплачиваемый отпуск дают за вредную работу",
        "лучше для работника",
    ] {
        assert!(page.body.contains(shown), "{shown}: {}", page.body);
    }
    let law = page.body.find("за вредную работу").unwrap();
    assert!(law < page.body.find("в пять дней").unwrap());

    let lawyer = union.visitor("lawyer").await;
    let page = union.get(&lawyer, &format!("/desk/cases/{case}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains("class=\"source local\""),
        "{}",
        page.body
    );
    assert!(page.body.contains("Ваш коллективный договор"));
    let view = union
        .app
        .store
        .case_for(&case.as_str().into())
        .await
        .unwrap();
    let draft = soyuznik::app::kept_draft(view.draft.as_ref().unwrap());
    let kinds: Vec<String> = draft
        .sentences
        .iter()
        .map(|one| serde_json::to_value(one.kind).unwrap().to_string())
        .collect();
    assert!(kinds.contains(&"\"local\"".to_owned()), "{kinds:?}");
    let quoted = draft
        .sentences
        .iter()
        .find(|one| one.text == EXTRA)
        .unwrap();
    assert!(quoted.flag.is_none());
    assert_eq!(quoted.quotes[0].norm.to_string(), format!("{act}:2.1"));
    assert!(
        draft
            .text
            .contains("Ваш коллективный договор, п. 2.1: «2.1. Работникам")
    );
    assert!(draft.text.contains("действует то, что лучше для работника"));
    // The Code speaks first, and whole.
    let code = draft.text.find("ст. 116 ТК РФ");
    let code = code.unwrap_or_else(|| panic!("{}", draft.text));
    assert!(code < draft.text.find("Ваш коллективный договор").unwrap());

    // The neighbours' member: the same question, the law alone.
    let case = union.ask("cousin", "factory", QUESTION).await;
    let cousin = union.visitor("cousin").await;
    let page = union.get(&cousin, &format!("/cases/{case}")).await;
    assert!(page.body.contains("за вредную работу"));
    assert!(!page.body.contains("коллективный договор") && !page.body.contains("пять дней"));
    let view = union
        .app
        .store
        .case_for(&case.as_str().into())
        .await
        .unwrap();
    let draft = soyuznik::app::kept_draft(view.draft.as_ref().unwrap());
    assert!(!draft.text.contains("пять дней"));
    // Nor can their lawyer put it into an answer.
    let stranger = union.visitor("stranger").await;
    let answer = view.answer.as_ref().map_or(0, |answer| answer.version);
    let sent = union
        .post(
            &stranger,
            &format!("/desk/cases/{case}/answer"),
            &[
                ("version", &answer.to_string()),
                ("text", "Ответ."),
                ("norm", &format!("{act}:2.1")),
                ("on", "2026-06-01"),
            ],
        )
        .await;
    assert!(sent.status.is_client_error(), "{}", sent.status);
    assert!(!sent.body.contains("в пять дней"));
}

#[tokio::test]
async fn the_pages_of_a_local_act_are_there_for_its_branch_alone() {
    let (union, act) = Union::with_agreement("branch").await;
    let norm = format!("/law/{act}/2.1");
    let paths = [
        format!("/law/{act}"),
        norm.clone(),
        format!("/law/{act}/compare"),
        format!("/law/{act}?q=отпуск"),
    ];
    for who in ["member", "lawyer", "staff", "administrator", "root"] {
        let visitor = union.visitor(who).await;
        for path in &paths {
            let page = union.get(&visitor, path).await;
            assert_eq!(page.status, StatusCode::OK, "{who} {path}");
        }
        let page = union.get(&visitor, &norm).await;
        assert!(page.body.contains("в пять дней"), "{who}");
        assert!(page.body.contains("действует с"));
        let contents = union.get(&visitor, &paths[0]).await;
        assert!(contents.body.contains("Работникам литейного цеха"));
        let found = union.get(&visitor, &paths[3]).await;
        assert!(found.body.contains("<mark>отпуск</mark>"), "{}", found.body);
        let list = union.get(&visitor, "/law").await;
        assert!(list.body.contains(&format!("href=\"/law/{act}\"")), "{who}");
    }
    let mut outside = vec![Visitor::default()];
    for who in ["cousin", "upper", "stranger", "foreman"] {
        outside.push(union.visitor(who).await);
    }
    for visitor in &outside {
        for path in &paths {
            let hidden = union.get(visitor, path).await;
            let none = path.replace(&act, "local-agreement-0000000000");
            let none = union.get(visitor, &none).await;
            assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{path}");
            let plain = |body: &str| {
                body.replace(&act, "")
                    .replace("local-agreement-0000000000", "")
            };
            assert_eq!(plain(&hidden.body), plain(&none.body), "{path}");
        }
        let list = union.get(visitor, "/law").await;
        assert!(!list.body.contains("Луч"));
    }
}

#[tokio::test]
async fn an_administrator_hands_in_and_ends_the_acts_of_their_nodes() {
    let union = Union::new().await;
    let administrator = union.visitor("administrator").await;
    let shop = union.nodes["shop"].to_string();
    let fields = |owner: &str, from: &str, last: &str| {
        [
            ("owner", owner.to_owned()),
            ("kind", "collective_agreement".into()),
            ("title", TITLE.into()),
            ("from", from.to_owned()),
            ("last", last.to_owned()),
            ("signed", String::new()),
        ]
    };
    let bytes = in_form("txt", &AGREEMENT);
    let hand_in = async |visitor: &Visitor, fields: &[(&str, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        union
            .hand_in(visitor, &fields, ("договор.txt", &bytes))
            .await
    };
    let late = fields(&shop, "2026-01-01", "2025-01-01");
    let page = hand_in(&administrator, &late).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("Последний день раньше первого"));
    assert!(page.body.contains("value=\"2026-01-01\""));
    // Not one's own node: as if it were not on the list.
    let other = fields(union.nodes["other"].as_str(), "2026-01-01", "");
    let page = hand_in(&administrator, &other).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(union.app.store.local_acts().await.unwrap().is_empty());
    for who in ["member", "lawyer", "staff"] {
        let visitor = union.visitor(who).await;
        let page = hand_in(&visitor, &fields(&shop, "2026-01-01", "")).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{who}");
    }
    // Taken by the same reader as the commands': what it says of itself is enough here.
    let path = union.file("договор.txt", &bytes);
    let act = union.add(&path, &union.given("shop")).await.unwrap();
    let page = union.get(&administrator, "/admin/law/local").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Луч") && page.body.contains("Узел shop"));
    let law = union.get(&administrator, "/admin/law").await;
    assert!(law.body.contains("/admin/law/local") && !law.body.contains("Луч"));
    let foreman = union.visitor("foreman").await;
    let page = union.get(&foreman, "/admin/law/local").await;
    assert!(!page.body.contains("Луч"));
    let end = async |visitor: &Visitor, last: &str| {
        let fields = [("act", act.as_str()), ("last", last)];
        union.post(visitor, "/admin/law/local/end", &fields).await
    };
    assert_eq!(
        end(&foreman, "2026-12-31").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        end(&administrator, "2025-01-01").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        end(&administrator, "").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let ended = end(&administrator, "2026-12-31").await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    let acts = union.app.store.local_acts().await.unwrap();
    assert_eq!(acts[0].last_day(), Some(date(2026, 12, 31)));
    let verdict = union.app.store.audit_verify(None).await.unwrap();
    assert!(format!("{verdict:?}").contains("Intact"));
    // What is unclear in a neighbour's act is nobody else's business.
    let asked = format!("/admin/law/alignments?act={act}");
    assert_eq!(
        union.get(&foreman, &asked).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        union.get(&administrator, &asked).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn what_is_unclear_in_a_local_act_is_decided_at_once_and_in_its_branch_alone() {
    let (union, act) = Union::with_agreement("shop").await;
    let mut next = AGREEMENT;
    next[4] = "2.1. Работникам литейного цеха дают дополнительный оплачиваемый отпуск в семь дней за горячую смену.";
    let given = LocalGiven {
        of: LocalOf::Held { act: act.clone() },
        from: date(2026, 9, 1),
        ..union.given("shop")
    };
    let path = union.file("новый.txt", next.join("\n").as_bytes());
    union.add(&path, &given).await.unwrap();
    let store = &union.app.store;
    for point in ["2.1", "2.3"] {
        let norm = format!("{act}:{point}").parse().unwrap();
        let asked = union.app.ask_alignment(&norm, date(2026, 9, 1), "test");
        asked.await.unwrap();
    }
    let open = store.open_alignments(Some(&act)).await.unwrap();
    let ids: Vec<&str> = open.iter().map(|review| review.id.as_str()).collect();
    assert_eq!(ids.len(), 2);
    let choices: Vec<String> = ids.iter().map(|id| format!("choice.{id}")).collect();
    let mut fields = vec![("act", act.as_str())];
    fields.extend(ids.iter().map(|id| ("id", *id)));
    let page = "/admin/law/alignments";
    let administrator = union.visitor("administrator").await;
    let foreman = union.visitor("foreman").await;
    let all = [&fields[..], &[("rest", "accept")]].concat();
    let foreign = union.post(&foreman, page, &all).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    // Nor does another act's name open the door.
    let under = [&[("act", "tk")], &all[1..]].concat();
    let foreign = union.post(&foreman, page, &under).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(store.open_alignments(Some(&act)).await.unwrap().len(), 2);
    let asked = format!("{page}?act={act}");
    let shown = union.get(&administrator, &asked).await;
    assert!(shown.body.contains("в семь дней") && shown.body.contains("в пять дней"));
    // A norm that the other edition does not have: what was decided before it stays, and the page says where it stopped.
    let wrong = [
        &fields[..],
        &[
            (choices[0].as_str(), "accept"),
            (choices[1].as_str(), "to:nothing"),
        ],
    ]
    .concat();
    let stopped = union.post(&administrator, page, &wrong).await;
    assert_eq!(stopped.status, StatusCode::CONFLICT);
    assert!(
        stopped
            .body
            .contains("такой нормы в другой редакции нет. Решённое до неё (1) осталось."),
        "{}",
        stopped.body
    );
    assert_eq!(store.open_alignments(Some(&act)).await.unwrap().len(), 1);
    let done = union.post(&administrator, page, &all).await;
    assert_eq!(done.location(), format!("{asked}&decided=1&passed=1"));
    assert!(store.open_alignments(Some(&act)).await.unwrap().is_empty());
    let again = union.post(&administrator, page, &all).await;
    assert_eq!(again.location(), format!("{asked}&decided=0&passed=2"));
    for review in store.decided_alignments(Some(&act)).await.unwrap() {
        assert_eq!(review.chosen.as_deref(), Some(review.norm.as_str()));
        assert_eq!(
            review.decided_by.as_deref(),
            Some(union.people["administrator"].as_str())
        );
    }
}

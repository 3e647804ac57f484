//! A desk with its pages, and actors that ask it for them.

use crate::web_desk::{StoreDesk, sample_hits};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use serde_json::json;
use soyuznik::case::types::RenderedQuote;
use soyuznik::case::{
    CaseId, DraftId, OrganisationId, OrganisationKind, PersonId, Rendering, Role,
};
use soyuznik::config::Config;
use soyuznik::store::{
    JobKind, NewCase, NewDraft, NewOrganisation, NewPerson, NewRetrieval, Store,
};
use soyuznik::web;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

pub const QUESTION: &str = "Мне вторую неделю не платят зарплату, срок прошёл 20 февраля. Могу ли я не выходить на работу, пока не заплатят?";
pub const PASSWORD: &str = "синий трактор едет";

/// A union with two branches, a person of each role, and the router over it.
pub struct Kit {
    pub desk: Arc<StoreDesk>,
    pub store: Store,
    pub router: Router,
    pub people: BTreeMap<&'static str, PersonId>,
    pub nodes: BTreeMap<&'static str, OrganisationId>,
    pub secure: bool,
    _folder: tempfile::TempDir,
}

/// Somebody with cookies.
#[derive(Clone, Default)]
pub struct Visitor {
    pub cookies: BTreeMap<String, String>,
    pub csrf: String,
}

pub struct Answered {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answered {
    pub fn location(&self) -> &str {
        self.headers
            .get("location")
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub fn cookies(&self) -> Vec<&str> {
        let all = self.headers.get_all("set-cookie").iter();
        all.filter_map(|value| value.to_str().ok()).collect()
    }

    /// The value of the first hidden field with that name.
    pub fn hidden(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.body.split(&mark).nth(1);
        let value = rest.and_then(|rest| rest.split('"').next());
        value.unwrap_or_default().to_owned()
    }
}

const PEOPLE: [(&str, &str, Role, &str); 9] = [
    ("member", "Мария Членова", Role::Member, "shop"),
    ("neighbour", "Пётр Соседов", Role::Member, "shop"),
    ("steward", "Ольга Профоргова", Role::Steward, "shop"),
    ("lawyer", "Лев Юристов", Role::Lawyer, "branch"),
    ("colleague", "Вера Законова", Role::Lawyer, "branch"),
    ("stranger", "Чужой Юрист", Role::Lawyer, "other"),
    ("staff", "Анна Специалист", Role::Staff, "branch"),
    (
        "administrator",
        "Иван Управляев",
        Role::Administrator,
        "branch",
    ),
    ("root", "Главный Управляев", Role::Administrator, "union"),
];

const NODES: [(&str, Option<&str>, &str, OrganisationKind); 4] = [
    (
        "union",
        None,
        "Учебная федерация",
        OrganisationKind::Federation,
    ),
    (
        "branch",
        Some("union"),
        "Первый профсоюз",
        OrganisationKind::Branch,
    ),
    (
        "shop",
        Some("branch"),
        "Первичка завода «Луч»",
        OrganisationKind::Primary,
    ),
    (
        "other",
        Some("union"),
        "Второй профсоюз",
        OrganisationKind::Branch,
    ),
];

impl Kit {
    pub async fn new(hold_ms: i64) -> Self {
        Self::with(hold_ms, Config::default()).await
    }

    pub async fn with(hold_ms: i64, config: Config) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/soyuznik.sqlite", folder.path().display());
        let store = Store::open(&url, folder.path()).await.unwrap();
        let mut nodes: BTreeMap<&'static str, OrganisationId> = BTreeMap::new();
        for (key, parent, name, kind) in NODES {
            let new = NewOrganisation {
                parent: parent.map(|parent: &str| nodes[parent].clone()),
                name: name.into(),
                kind,
                region: None,
                industry: None,
            };
            let node = store.add_organisation(&new, "test").await.unwrap();
            nodes.insert(key, node.id);
        }
        let mut people = BTreeMap::new();
        for (key, name, role, node) in PEOPLE {
            let new = NewPerson {
                name: name.into(),
                email: Some(format!("{key}@example.org")),
                language: "ru".into(),
            };
            let id = store.add_person(&new, "test").await.unwrap().id;
            store.grant(&id, role, &nodes[node], "test").await.unwrap();
            people.insert(key, id);
        }
        // A lawyer who also asks questions.
        let lawyer = &people["lawyer"];
        store
            .grant(lawyer, Role::Member, &nodes["shop"], "test")
            .await
            .unwrap();
        let desk = Arc::new(StoreDesk::new(store.clone(), hold_ms));
        Self {
            router: web::router(desk.clone(), &config),
            secure: !config.serve.tls_cert.is_empty(),
            desk,
            store,
            people,
            nodes,
            _folder: folder,
        }
    }

    /// Somebody with a session, made without the log-in page.
    pub async fn visitor(&self, who: &str) -> Visitor {
        let session = self
            .store
            .create_session(&self.people[who], 3_600_000, 3_600_000);
        let session = session.await.unwrap();
        let name = if self.secure {
            "__Host-soyuznik"
        } else {
            "soyuznik"
        };
        Visitor {
            cookies: [(name.to_owned(), session.token)].into(),
            csrf: session.csrf_token,
        }
    }

    pub async fn get(&self, visitor: &Visitor, path: &str) -> Answered {
        let request = visitor.request(Method::GET, path).body(Body::empty());
        self.send(request.unwrap()).await
    }

    /// A form sent from one of our own pages.
    pub async fn post(&self, visitor: &Visitor, path: &str, fields: &[(&str, &str)]) -> Answered {
        let scheme = if self.secure { "https" } else { "http" };
        let mut fields = fields.to_vec();
        fields.insert(0, ("csrf", &visitor.csrf));
        let request = visitor
            .request(Method::POST, path)
            .header("origin", format!("{scheme}://desk.test"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(encoded(&fields)));
        self.send(request.unwrap()).await
    }

    pub async fn send(&self, request: Request<Body>) -> Answered {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        Answered {
            status,
            headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// A question of `who`, as it lies before the machine.
    pub async fn case(&self, who: &str) -> CaseId {
        let new = NewCase {
            organisation: self.nodes["shop"].clone(),
            member: self.people[who].clone(),
            subject: "Не платят зарплату вторую неделю".into(),
            text: QUESTION.into(),
            topic: Some("зарплата".into()),
            region: None,
            industry: None,
            event_date: Some(jiff::civil::date(2026, 2, 20)),
            deadline: None,
            idempotency_key: None,
        };
        self.store.create_case(&new).await.unwrap().id
    }

    /// What the machine does with a case: a search and a draft.
    pub async fn draft(&self, case: &CaseId) {
        let found = NewRetrieval {
            on_date: jiff::civil::date(2026, 2, 20),
            hits: sample_hits(),
            searched: json!({}),
            timing: json!({}),
        };
        self.store
            .store_retrieval(case, &found, None)
            .await
            .unwrap();
        self.store
            .store_draft(case, &sample_draft(), None)
            .await
            .unwrap();
    }

    pub async fn deliver(&self) {
        let job = self.store.lease(&[JobKind::Deliver], "test", 60_000).await;
        let job = job.unwrap().expect("a delivery is queued");
        let outbox = job.payload["outbox"].as_str().unwrap();
        self.store
            .deliver_page(outbox, Some(&job.lease))
            .await
            .unwrap();
    }
}

impl Visitor {
    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let peer: SocketAddr = "203.0.113.9:4711".parse().unwrap();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "desk.test")
            .extension(ConnectInfo(peer));
        if cookies.is_empty() {
            request
        } else {
            request.header("cookie", cookies.join("; "))
        }
    }

    /// Takes the cookies that an answer sets.
    pub fn keep(&mut self, answered: &Answered) {
        for cookie in answered.cookies() {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap_or_default();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", percent(name), percent(value)))
        .collect();
    pairs.join("&")
}

fn percent(text: &str) -> String {
    let encode = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => (byte as char).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

fn sample_draft() -> NewDraft {
    let said = [
        (
            "Если зарплату задержали больше чем на 15 дней, можно приостановить работу, написав об этом работодателю.",
            "tk:142:2",
            None,
        ),
        (
            "За каждый день задержки положены проценты.",
            "tk:236:1",
            None,
        ),
        (
            "Работодатель заплатит двойной оклад.",
            "tk:142:1",
            Some("struck"),
        ),
        (
            "Ждать придётся не меньше 30 дней.",
            "tk:142:2",
            Some("conflict"),
        ),
    ];
    let sentences: Vec<_> = said
        .iter()
        .map(|(text, norm, flag)| json!({"text": text, "norms": [norm], "kind": "statement", "flag": flag}))
        .collect();
    let kept: Vec<_> = said
        .iter()
        .filter(|one| one.2.is_none())
        .map(|one| one.0)
        .collect();
    let quote = |norm: &crate::web_desk::Norm| RenderedQuote {
        norm: norm.citation.into(),
        text: norm.text.into(),
        edition: "2025-12-29".into(),
        current_to: "2025-12-29".into(),
    };
    let start = QUESTION
        .find("вторую")
        .map(|at| QUESTION[..at].chars().count())
        .unwrap();
    NewDraft {
        id: DraftId::fresh(),
        reason: None,
        mode: "select".into(),
        text: kept.join("\n\n"),
        sentences: sentences.into(),
        prompt_sha256: None,
        model_name: Some("учебная модель".into()),
        model_sha256: None,
        seed: Some(1),
        timing: json!({}),
        question_reading: json!({"facts": [{"text": "вторую неделю", "start": start, "end": start + 13}]}),
        rendering: Some(Rendering {
            text: kept.join("\n\n"),
            quotes: vec![
                quote(&crate::web_desk::LAW[1]),
                quote(&crate::web_desk::LAW[2]),
            ],
            on: "2026-02-20".into(),
        }),
    }
}

#[tokio::test]
async fn a_question_becomes_an_answer_that_the_member_reads() {
    let kit = Kit::new(0).await;
    let member = kit.visitor("member").await;
    let form = kit.get(&member, "/ask").await;
    let key = form.hidden("key");
    let fields = [
        ("text", QUESTION),
        ("day", "2026-02-20"),
        ("topic", "зарплата"),
        ("key", &key),
    ];
    let sent = kit.post(&member, "/ask", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let path = sent.location().to_owned();
    let again = kit.post(&member, "/ask", &fields).await;
    assert_eq!(again.location(), path, "a double submit is one case");

    let page = kit.get(&member, &path).await.body;
    assert!(page.contains("Общая информация, не ответ юриста"));
    assert!(
        page.contains("дольше пятнадцати дней"),
        "the law is there at once"
    );
    assert!(
        !page.contains("Задержка зарплаты"),
        "no note before a lawyer approved it"
    );

    let id = path.rsplit('/').next().unwrap();
    let case = CaseId::from(id);
    kit.draft(&case).await;
    let page = kit.get(&member, &path).await.body;
    assert!(
        !page.contains("положены проценты"),
        "a draft is not for members"
    );

    let lawyer = kit.visitor("lawyer").await;
    let desk = format!("/desk/cases/{id}");
    let shown = kit.get(&lawyer, &desk).await;
    assert!(shown.body.contains("<mark>вторую неделю</mark>"));
    assert!(
        shown
            .body
            .contains("<del>Работодатель заплатит двойной оклад.</del>")
    );
    let (answer, sha256) = (shown.hidden("answer"), shown.hidden("sha256"));
    let edited = "Да, можно. Сначала напишите работодателю.";
    let fields = [
        ("answer", answer.as_str()),
        ("sha256", &sha256),
        ("version", "1"),
        ("on", "2026-02-20"),
        ("text", edited),
        ("norm", "tk:142:2"),
        ("add", "ч. 1 ст. 236"),
    ];
    // Words that the lawyer has not seen as the member will are kept and shown, not approved.
    let checked = kit.post(&lawyer, &format!("{desk}/approve"), &fields).await;
    assert_eq!(checked.location(), format!("{desk}?done=check#answer"));
    let shown = kit.get(&lawyer, &desk).await;
    assert!(
        shown.body.contains("начисляют проценты"),
        "code brought the words of the added norm"
    );
    let (sha256, version) = (shown.hidden("sha256"), shown.hidden("version"));
    let fields = [
        ("answer", answer.as_str()),
        ("sha256", &sha256),
        ("version", &version),
        ("on", "2026-02-20"),
        ("text", edited),
        ("norm", "tk:142:2"),
        ("norm", "tk:236:1"),
    ];
    let approved = kit.post(&lawyer, &format!("{desk}/approve"), &fields).await;
    assert_eq!(
        approved.location(),
        format!("{desk}#answer"),
        "{}",
        approved.body
    );
    assert!(
        !kit.get(&member, &path).await.body.contains(edited),
        "not before delivery"
    );
    kit.deliver().await;
    let page = kit.get(&member, &path).await.body;
    assert!(page.contains(edited) && page.contains("Лев Юристов"));
    assert!(page.contains("Ответ юриста"));
}

#[tokio::test]
async fn the_lawyer_asks_the_member_replies_and_the_term_shows_once_confirmed() {
    let kit = Kit::new(0).await;
    let (member, lawyer) = (kit.visitor("member").await, kit.visitor("lawyer").await);
    let case = kit.case("member").await;
    kit.draft(&case).await;
    let (own, desk) = (format!("/cases/{case}"), format!("/desk/cases/{case}"));
    let asked = kit
        .post(
            &lawyer,
            &format!("{desk}/question"),
            &[("text", "Писали ли вы заявление?")],
        )
        .await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let page = kit.get(&member, &own).await.body;
    assert!(page.contains("Писали ли вы заявление?") && page.contains("Ответить"));
    assert!(
        !page.contains("осталось") && !page.contains("истёк"),
        "no day before it is confirmed"
    );
    let replied = kit
        .post(
            &member,
            &format!("{own}/messages"),
            &[("text", "Да, вчера.")],
        )
        .await;
    assert_eq!(replied.status, StatusCode::SEE_OTHER);
    let fields = [("rule", "court-wage"), ("from", "2026-02-20")];
    let confirmed = kit
        .post(&lawyer, &format!("{desk}/deadline"), &fields)
        .await;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER);
    assert!(
        kit.get(&member, &own)
            .await
            .body
            .contains("20\u{a0}февраля\u{a0}2027")
    );
    let closed = kit.post(&lawyer, &format!("{desk}/close"), &[]).await;
    assert_eq!(closed.location(), "/desk");
    let on = kit
        .post(
            &member,
            &format!("{own}/messages"),
            &[("text", "А если откажут?")],
        )
        .await;
    assert_eq!(on.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_is_slower_sees_both_texts_and_loses_neither() {
    let kit = Kit::new(60_000).await;
    let (lawyer, colleague) = (kit.visitor("lawyer").await, kit.visitor("colleague").await);
    let case = kit.case("member").await;
    kit.draft(&case).await;
    let desk = format!("/desk/cases/{case}");
    let shown = kit.get(&lawyer, &desk).await;
    let sha256 = shown.hidden("sha256");
    let answer = shown.hidden("answer");
    let form = |text: &'static str| {
        vec![
            ("version", "1"),
            ("on", "2026-02-20"),
            ("text", text),
            ("norm", "tk:142:2"),
        ]
    };
    let first = kit
        .post(
            &colleague,
            &format!("{desk}/answer"),
            &form("Текст коллеги."),
        )
        .await;
    assert_eq!(first.status, StatusCode::SEE_OTHER);
    let second = kit
        .post(&lawyer, &format!("{desk}/answer"), &form("Мой текст."))
        .await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    assert!(second.body.contains("Кто-то изменил ответ раньше"));
    assert!(second.body.contains("Текст коллеги.") && second.body.contains("Мой текст."));
    assert_eq!(
        second.hidden("version"),
        "2",
        "saving now is over the newest version"
    );
    // The hash that was on the screen no longer stands.
    let mut stale = form("Мой текст.");
    stale.extend([("sha256", sha256.as_str()), ("answer", &answer)]);
    let stale = kit.post(&lawyer, &format!("{desk}/approve"), &stale).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.body.contains("Мой текст."));
}

#[tokio::test]
async fn an_approval_is_taken_back_while_the_answer_is_held() {
    let kit = Kit::new(60_000).await;
    let lawyer = kit.visitor("lawyer").await;
    let case = kit.case("member").await;
    kit.draft(&case).await;
    let desk = format!("/desk/cases/{case}");
    let shown = kit.get(&lawyer, &desk).await;
    let text = shown
        .body
        .split("required>")
        .nth(2)
        .and_then(|rest| rest.split("</textarea>").next());
    let text = text.unwrap_or_default().to_owned();
    let fields = [
        ("answer", &*shown.hidden("answer")),
        ("sha256", &*shown.hidden("sha256")),
        ("version", "1"),
        ("on", "2026-02-20"),
        ("text", &text),
        ("norm", "tk:142:2"),
        ("norm", "tk:236:1"),
    ];
    let approved = kit.post(&lawyer, &format!("{desk}/approve"), &fields).await;
    assert_eq!(approved.location(), format!("{desk}#answer"));
    assert!(
        kit.get(&lawyer, &desk)
            .await
            .body
            .contains("Отменить утверждение")
    );
    let undone = kit.post(&lawyer, &format!("{desk}/undo"), &[]).await;
    assert_eq!(undone.location(), format!("{desk}?done=undone#answer"));
    assert!(kit.get(&lawyer, &desk).await.body.contains("Правка"));
}

#[tokio::test]
async fn a_citation_that_does_not_resolve_is_refused_and_the_text_stays() {
    let kit = Kit::new(0).await;
    let lawyer = kit.visitor("lawyer").await;
    let case = kit.case("member").await;
    kit.draft(&case).await;
    for add in ["ст. 999", "какая-то норма"] {
        let fields = [
            ("version", "1"),
            ("on", "2026-02-20"),
            ("text", "Мой текст."),
            ("add", add),
        ];
        let refused = kit
            .post(&lawyer, &format!("/desk/cases/{case}/answer"), &fields)
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("Мой текст.") && refused.body.contains("Ответ не сохранён"));
    }
}

#[tokio::test]
async fn statements_reach_members_once_a_lawyer_approved_them_and_leave_when_revoked() {
    let kit = Kit::new(0).await;
    let (member, lawyer) = (kit.visitor("member").await, kit.visitor("lawyer").await);
    let case = kit.case("member").await;
    let own = format!("/cases/{case}");
    let page = kit.get(&lawyer, "/approve?article=tk:142").await;
    let pick = page.hidden("pick");
    assert!(pick.starts_with("tk-142-01@"), "{}", page.body);
    let mut fields = vec![
        ("pick", pick.as_str()),
        ("by", "article"),
        ("value", "tk:142"),
    ];
    let done = kit.post(&lawyer, "/approve", &fields).await;
    assert_eq!(done.location(), "/approve?article=tk:142");
    assert!(
        kit.get(&member, &own)
            .await
            .body
            .contains("Задержка зарплаты")
    );
    fields.push(("decision", "revoke"));
    kit.post(&lawyer, "/approve", &fields).await;
    assert!(
        !kit.get(&member, &own)
            .await
            .body
            .contains("Задержка зарплаты")
    );
}

#[tokio::test]
async fn what_can_not_be_taken_is_given_back_with_a_reason() {
    let kit = Kit::new(0).await;
    let member = kit.visitor("member").await;
    let long = "ы".repeat(100_000);
    for (text, day, reason) in [
        ("  ", "", "поле пустое"),
        ("Ч\0", "", "служебные знаки"),
        (long.as_str(), "", "длиннее"),
        ("Когда отпуск?", "2026-02-31", "Не удалось понять дату"),
    ] {
        let fields = [("text", text), ("day", day), ("key", "k")];
        let refused = kit.post(&member, "/ask", &fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(reason), "{reason}");
    }
    let kept = kit
        .post(&member, "/ask", &[("text", &long), ("key", "k")])
        .await;
    assert!(
        kept.body.contains(&long),
        "the long text is still in the form"
    );
    let huge = "ы".repeat(400_000);
    let refused = kit
        .post(&member, "/ask", &[("text", &huge), ("key", "k")])
        .await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(
        kit.store
            .cases_of(&kit.people["member"])
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn markup_in_a_question_is_shown_and_never_runs() {
    let kit = Kit::new(0).await;
    let (member, lawyer) = (kit.visitor("member").await, kit.visitor("lawyer").await);
    let attacks = [
        "<script>alert(1)</script> не платят",
        "\"><img src=x onerror=alert(1)> не платят",
        "</textarea><svg onload=alert(1)> не платят",
        "<a href='javascript:alert(1)'>тут</a> не платят",
    ];
    for attack in attacks {
        let fields = [("text", attack), ("topic", attack), ("key", attack)];
        let sent = kit.post(&member, "/ask", &fields).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER);
        let id = CaseId::from(sent.location().rsplit('/').next().unwrap());
        kit.draft(&id).await;
        let pages = [
            kit.get(&member, sent.location()).await.body,
            kit.get(&member, "/cases").await.body,
            kit.get(&lawyer, "/desk").await.body,
            kit.get(&lawyer, &format!("/desk/cases/{id}")).await.body,
            kit.post(&member, "/ask", &[("text", attack), ("day", "x")])
                .await
                .body,
            kit.get(&lawyer, &format!("/search?q={}", percent(attack)))
                .await
                .body,
        ];
        for page in pages {
            for active in [
                "<script",
                "<img",
                "<svg onload",
                "<a href='java",
                "</textarea><svg",
            ] {
                assert!(!page.contains(active), "{active} from {attack}");
            }
            assert!(page.contains("не платят"), "the words are shown");
        }
    }
}

#[tokio::test]
async fn a_template_expression_in_a_question_is_shown_as_typed_and_never_evaluated() {
    let kit = Kit::new(0).await;
    let (member, lawyer) = (kit.visitor("member").await, kit.visitor("lawyer").await);
    let attack = "{{ 7191 * 7 }} {% raw %} ${7191*7} #{7191*7} не платят";
    let fields = [("text", attack), ("topic", attack), ("key", "k")];
    let sent = kit.post(&member, "/ask", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let id = CaseId::from(sent.location().rsplit('/').next().unwrap());
    kit.draft(&id).await;
    for page in [
        kit.get(&member, sent.location()).await.body,
        kit.get(&member, "/cases").await.body,
        kit.get(&lawyer, "/desk").await.body,
        kit.get(&lawyer, &format!("/desk/cases/{id}")).await.body,
        kit.post(&member, "/ask", &[("text", attack), ("day", "x")])
            .await
            .body,
        kit.get(&lawyer, &format!("/search?q={}", percent(attack)))
            .await
            .body,
    ] {
        assert!(page.contains(attack), "{page}");
        assert!(!page.contains("50337"), "{page}");
    }
}

#[tokio::test]
async fn texts_beside_the_law_stand_below_it_with_their_marks_and_never_before_members() {
    let kit = Kit::new(0).await;
    let (member, staff) = (kit.visitor("member").await, kit.visitor("staff").await);
    let page = kit.get(&staff, "/search?q=x").await.body;
    let place = |words: &str| {
        page.find(words)
            .unwrap_or_else(|| panic!("{words}: {page}"))
    };
    let law = place("Учебная норма");
    let (clarifications, court) = (
        place("<h2>Разъяснения</h2>"),
        place("<h2>Судебные акты</h2>"),
    );
    assert!(law < clarifications && clarifications < court);
    assert!(page.contains("Учебное &#60;b&#62;разъяснение"), "{page}");
    assert!(place("С тех пор норма изменилась") < court);
    assert!(court < place("по имеющимся редакциям не установить"));
    assert!(page.contains("href=\"https://example.invalid/7\""));
    let sent = kit
        .post(&member, "/ask", &[("text", "не платят"), ("key", "k")])
        .await;
    let own = kit.get(&member, sent.location()).await.body;
    assert!(!own.contains("Учебная инспекция"), "{own}");
}

#[tokio::test]
async fn a_busy_search_says_when_to_come_back_and_takes_no_case_away() {
    let kit = Kit::new(0).await;
    kit.desk
        .search_busy
        .store(true, std::sync::atomic::Ordering::SeqCst);
    let staff = kit.visitor("staff").await;
    let busy = kit
        .get(
            &staff,
            "/search?q=отпуск"
                .replace("отпуск", &percent("отпуск"))
                .as_str(),
        )
        .await;
    assert_eq!(busy.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(busy.headers["retry-after"], "3");
    let member = kit.visitor("member").await;
    let sent = kit
        .post(&member, "/ask", &[("text", QUESTION), ("key", "k")])
        .await;
    let page = kit.get(&member, sent.location()).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Поиск по законам сейчас недоступен"));
}

#[tokio::test]
async fn pages_speak_english_when_asked() {
    let kit = Kit::new(0).await;
    let mut visitor = Visitor::default();
    assert!(
        kit.get(&visitor, "/")
            .await
            .body
            .contains("<html lang=\"ru\">")
    );
    let english = kit.get(&visitor, "/?lang=en").await;
    assert!(english.body.contains("<html lang=\"en\">"));
    visitor.keep(&english);
    assert!(kit.get(&visitor, "/login").await.body.contains("Log in"));
}

#[tokio::test]
async fn an_article_opens_at_its_part_and_health_answers() {
    let kit = Kit::new(0).await;
    let nobody = Visitor::default();
    let page = kit.get(&nobody, "/law/tk/142?on=2026-02-20").await;
    assert!(page.body.contains("id=\"2\"") && page.body.contains("дольше пятнадцати дней"));
    assert_eq!(
        kit.get(&nobody, "/law/tk/999").await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        kit.get(&nobody, "/law/tk?article=142").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(kit.get(&nobody, "/livez").await.body, "ok\n");
    assert_eq!(kit.get(&nobody, "/readyz").await.body, "database: ok\n");
    let style = kit.get(&nobody, "/assets/app.css").await;
    assert_eq!(style.headers["content-type"], "text/css; charset=utf-8");
}

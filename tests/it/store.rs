//! A desk in a database of its own, for the store's tests: each runs on SQLite and on PostgreSQL.

use crate::skip;
use serde_json::json;
use soyuznik::case::types::RenderedQuote;
use soyuznik::case::{
    CaseId, DraftId, OrganisationId, OrganisationKind, PersonId, Reason, Rendering, Role, Status,
};
use soyuznik::store::{
    Approve, CaseRow, Delivered, JobKind, NewCase, NewDraft, NewOrganisation, NewPerson,
    NewRetrieval, Store, StoreError,
};
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;

/// A federation with one branch, a member and a lawyer of the branch, a lawyer of another branch.
pub struct Desk {
    pub store: Store,
    pub url: String,
    pub folder: tempfile::TempDir,
    pub branch: OrganisationId,
    pub branch_path: String,
    pub other: OrganisationId,
    pub member: PersonId,
    pub lawyer: PersonId,
    pub second_lawyer: PersonId,
    pub stranger: PersonId,
}

/// Runs a test on each database that is here.
pub fn on_both(test: &str, body: impl AsyncFn(Desk)) {
    on_sqlite(&body);
    if let Some(server) = skip::postgres(test) {
        on_postgres(&server, &body);
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

fn on_sqlite(body: &impl AsyncFn(Desk)) {
    let folder = tempfile::tempdir().unwrap();
    let url = sqlite_url(folder.path());
    runtime().block_on(async {
        body(Desk::new(&url, folder).await).await;
    });
}

pub fn sqlite_url(folder: &Path) -> String {
    format!("sqlite://{}/soyuznik.sqlite", folder.display())
}

fn on_postgres(server: &str, body: &impl AsyncFn(Desk)) {
    let runtime = runtime();
    let (name, url) = runtime.block_on(new_database(server));
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            body(Desk::new(&url, tempfile::tempdir().unwrap()).await).await;
        });
    }));
    runtime.block_on(drop_database(server, &name));
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

/// Makes a database of its own on the server; returns its name and address.
pub async fn new_database(server: &str) -> (String, String) {
    let name = format!("soyuznik_test_{}", uuid::Uuid::now_v7().simple());
    let mut admin = raw(server).await;
    admin
        .execute(AssertSqlSafe(format!("create database {name}")))
        .await
        .unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    (name.clone(), format!("{base}/{name}"))
}

pub async fn drop_database(server: &str, name: &str) {
    let mut admin = raw(server).await;
    admin
        .execute(AssertSqlSafe(format!("drop database {name} with (force)")))
        .await
        .unwrap();
}

/// A connection that goes round the store.
pub async fn raw(url: &str) -> AnyConnection {
    sqlx::any::install_default_drivers();
    AnyConnection::connect(url).await.unwrap()
}

/// Runs raw SQL, as somebody with the database's password would.
pub async fn try_sql(conn: &mut AnyConnection, sql: &str) -> Result<u64, String> {
    conn.execute(AssertSqlSafe(sql.to_owned()))
        .await
        .map(|done| done.rows_affected())
        .map_err(|error| error.to_string())
}

/// One text out of the database.
pub async fn one_text(conn: &mut AnyConnection, sql: &str) -> String {
    use sqlx::Row;
    let row = conn
        .fetch_one(AssertSqlSafe(sql.to_owned()))
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
    row.try_get::<String, _>(0)
        .or_else(|_| row.try_get::<i64, _>(0).map(|n| n.to_string()))
        .unwrap()
}

impl Desk {
    pub async fn new(url: &str, folder: tempfile::TempDir) -> Self {
        let store = Store::open(url, folder.path()).await.unwrap();
        let root = add_node(&store, None, "Федерация", OrganisationKind::Federation).await;
        let branch = add_node(
            &store,
            Some(&root.0),
            "Первый профсоюз",
            OrganisationKind::Branch,
        )
        .await;
        let other = add_node(
            &store,
            Some(&root.0),
            "Второй профсоюз",
            OrganisationKind::Branch,
        )
        .await;
        let member = add_with(
            &store,
            "Мария Членова",
            Some("Maria@example.org"),
            Role::Member,
            &branch.0,
        )
        .await;
        let lawyer = add_with(&store, "Лев Юристов", None, Role::Lawyer, &branch.0).await;
        let second_lawyer = add_with(&store, "Вера Законова", None, Role::Lawyer, &root.0).await;
        let stranger = add_with(&store, "Чужой Юрист", None, Role::Lawyer, &other.0).await;
        Self {
            store,
            url: url.to_owned(),
            folder,
            branch: branch.0,
            branch_path: branch.1,
            other: other.0,
            member,
            lawyer,
            second_lawyer,
            stranger,
        }
    }

    pub fn question(&self) -> NewCase {
        NewCase {
            organisation: self.branch.clone(),
            member: self.member.clone(),
            subject: "Отпуск".into(),
            text: "Сколько дней отпуска мне ПОЛОЖЕНО?".into(),
            topic: Some("leave".into()),
            region: Some("77".into()),
            industry: None,
            event_date: Some(jiff::civil::date(2026, 1, 15)),
            deadline: None,
            idempotency_key: None,
        }
    }

    pub async fn ask(&self) -> CaseRow {
        self.store.create_case(&self.question()).await.unwrap()
    }

    /// A case with a draft before the lawyer.
    pub async fn drafted(&self, text: &str) -> CaseId {
        let case = self.ask().await.id;
        self.draft(&case, text).await;
        case
    }

    /// Takes a received case through both of the machine's steps.
    pub async fn draft(&self, case: &CaseId, text: &str) {
        self.store
            .store_retrieval(case, &retrieval(), None)
            .await
            .unwrap();
        self.store
            .store_draft(case, &draft(None, Some(rendering(text))), None)
            .await
            .unwrap();
    }

    /// Approves what lies before the lawyer, held for `hold_ms`.
    pub async fn approve(&self, case: &CaseId, hold_ms: i64) {
        self.try_approve(case, hold_ms).await.unwrap();
    }

    pub async fn try_approve(&self, case: &CaseId, hold_ms: i64) -> Result<(), StoreError> {
        let answer = self.store.case_for(case).await.unwrap().answer.unwrap();
        let yes = Approve {
            case,
            answer: &answer.id,
            rendering_sha256: &answer.rendering_sha256,
            approver: &self.lawyer,
            hold_ms,
        };
        self.store.approve(yes).await.map(|_| ())
    }

    /// Leases the delivery of a case and does it.
    pub async fn deliver(&self) -> Option<Delivered> {
        let job = self
            .store
            .lease(&[JobKind::Deliver], "test", 60_000)
            .await
            .unwrap()?;
        let outbox = job.payload["outbox"].as_str().unwrap().to_owned();
        Some(
            self.store
                .deliver_page(&outbox, Some(&job.lease))
                .await
                .unwrap(),
        )
    }

    pub async fn status(&self, case: &CaseId) -> Status {
        self.store.case_row(case).await.unwrap().status
    }
}

async fn add_node(
    store: &Store,
    parent: Option<&OrganisationId>,
    name: &str,
    kind: OrganisationKind,
) -> (OrganisationId, String) {
    let new = NewOrganisation {
        parent: parent.cloned(),
        name: name.into(),
        kind,
        region: None,
        industry: None,
    };
    let node = store.add_organisation(&new, "test").await.unwrap();
    (node.id, node.path)
}

async fn add_with(
    store: &Store,
    name: &str,
    email: Option<&str>,
    role: Role,
    at: &OrganisationId,
) -> PersonId {
    let new = NewPerson {
        name: name.into(),
        email: email.map(str::to_owned),
        language: "ru".into(),
    };
    let person = store.add_person(&new, "test").await.unwrap().id;
    store.grant(&person, role, at, "test").await.unwrap();
    person
}

pub fn rendering(text: &str) -> Rendering {
    Rendering {
        text: text.into(),
        quotes: vec![RenderedQuote {
            norm: "tk:115:1".into(),
            text: "28 дней".into(),
            edition: "2025-12-29".into(),
            current_to: "2025-12-29".into(),
        }],
        on: "2026-01-15".into(),
    }
}

pub fn retrieval() -> NewRetrieval {
    NewRetrieval {
        on_date: jiff::civil::date(2026, 1, 15),
        hits: json!([{"norm": "tk:115:1"}]),
        searched: json!(["tk"]),
        timing: json!({}),
    }
}

pub fn draft(reason: Option<Reason>, rendering: Option<Rendering>) -> NewDraft {
    NewDraft {
        id: DraftId::fresh(),
        reason,
        mode: "select".into(),
        text: rendering
            .as_ref()
            .map(|r| r.text.clone())
            .unwrap_or_default(),
        sentences: json!([]),
        prompt_sha256: None,
        model_name: Some("none".into()),
        model_sha256: None,
        seed: Some(1),
        timing: json!({}),
        question_reading: json!({}),
        rendering,
    }
}

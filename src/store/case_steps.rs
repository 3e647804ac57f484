//! The steps the machine takes with a case: it comes in, sources are found, a draft is laid before a lawyer.

use super::audit::{self, Entry};
use super::case_rows::{CaseRow, NewCase, NewDraft, NewRetrieval};
use super::db::now_ms;
use super::jobs::{self, JobKind, Lease, NewJob};
use super::sql::{self, execute, insert, row};
use super::{Store, StoreError};
use crate::case::{
    AnswerId, CaseId, DraftId, MessageId, MessageKind, PersonId, Reason, Rendering, Status, Step,
    next,
};
use serde_json::json;
use sqlx::AnyConnection;

/// What a step did: a job that runs a second time finds that the case moved on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stepped {
    Done,
    AlreadyMoved,
}

/// One arrow of the flow.
pub(super) struct Move<'a> {
    pub case: &'a CaseId,
    pub step: Step,
    pub reason: Option<Reason>,
    pub actor: &'a str,
}

pub(super) struct State {
    pub status: Status,
    pub version: i64,
}

pub(super) async fn state(conn: &mut AnyConnection, case: &CaseId) -> Result<State, StoreError> {
    let row = row!(
        conn,
        "select state, version from case_ where id = $1",
        case.as_str()
    )?
    .ok_or_else(|| StoreError::not_found("обращение"))?;
    Ok(State {
        status: sql::code(&row, "state", Status::parse)?,
        version: sql::int(&row, "version")?,
    })
}

/// Moves a case by one step, with its event and its line in the journal. Returns the case's new version.
pub(super) async fn advance(conn: &mut AnyConnection, go: Move<'_>) -> Result<i64, StoreError> {
    let State { status, version } = state(conn, go.case).await?;
    let to = next(status, go.step).ok_or_else(|| moved_on(status))?;
    let now = now_ms();
    let moved = execute!(
        conn,
        "update case_ set state = $1, reason = $2, version = version + 1, updated_ms = $3
         where id = $4 and state = $5 and version = $6",
        to.code(),
        go.reason.map(Reason::code),
        now,
        go.case.as_str(),
        status.code(),
        version
    )?;
    if moved == 0 {
        return Err(moved_on(status));
    }
    let step = step_code(go.step);
    insert(
        conn,
        "case_event",
        [
            ("id", uuid::Uuid::now_v7().to_string().into()),
            ("case_id", go.case.as_str().into()),
            ("at_ms", now.into()),
            ("actor", go.actor.into()),
            ("step", step.into()),
            ("from_state", status.code().into()),
            ("to_state", to.code().into()),
            ("reason", go.reason.map(Reason::code).into()),
            ("case_version", (version + 1).into()),
        ],
    )
    .await?;
    audit::append(
        conn,
        Entry {
            actor: go.actor,
            action: &format!("case.{step}"),
            subject: go.case.as_str(),
            detail: json!({"from": status.code(), "to": to.code(), "reason": go.reason.map(Reason::code)}),
        },
    )
    .await?;
    Ok(version + 1)
}

fn moved_on(status: Status) -> StoreError {
    StoreError::conflict(format!(
        "Обращение уже в состоянии «{}»: обновите страницу.",
        in_words(status)
    ))
}

/// How people call a status.
pub(super) fn in_words(status: Status) -> &'static str {
    match status {
        Status::Received => "получено",
        Status::Retrieved => "источники найдены",
        Status::Drafted => "есть проект ответа",
        Status::Abstained => "без проекта",
        Status::Waiting => "ждём ответа члена профсоюза",
        Status::Approved => "ответ утверждён",
        Status::Sent => "ответ отправлен",
        Status::Closed => "закрыто",
    }
}

pub(super) fn step_code(step: Step) -> &'static str {
    match step {
        Step::Retrieve => "retrieve",
        Step::Draft => "draft",
        Step::Abstain => "abstain",
        Step::AskMember => "ask_member",
        Step::Reply => "reply",
        Step::Approve => "approve",
        Step::Undo => "undo",
        Step::Deliver => "deliver",
        Step::FollowUp => "follow_up",
        Step::Close => "close",
    }
}

/// Queues the machine's next look at a case.
pub(super) async fn queue_step(
    conn: &mut AnyConnection,
    kind: JobKind,
    case: &CaseId,
    version: i64,
) -> Result<(), StoreError> {
    jobs::queue(
        conn,
        NewJob {
            kind,
            case: Some(case),
            payload: json!({}),
            run_after_ms: now_ms(),
            dedupe_key: format!("{}:{case}:{version}", kind.code()),
        },
    )
    .await
}

pub(super) async fn add_message(
    conn: &mut AnyConnection,
    case: &CaseId,
    author: &PersonId,
    kind: MessageKind,
    text: &str,
) -> Result<MessageId, StoreError> {
    let id = MessageId::fresh();
    insert(
        conn,
        "message",
        [
            ("id", id.as_str().into()),
            ("case_id", case.as_str().into()),
            ("author_id", author.as_str().into()),
            ("kind", kind.code().into()),
            ("text", text.into()),
            ("created_ms", now_ms().into()),
        ],
    )
    .await?;
    execute!(
        conn,
        "update case_ set search_text = search_text || $1 where id = $2",
        format!("\n{}", folded(text)),
        case.as_str()
    )?;
    Ok(id)
}

/// Text as the queue's search compares it.
pub(super) fn folded(text: &str) -> String {
    text.to_lowercase().replace('ё', "е")
}

impl Store {
    /// Takes a question in: the case, its first message, its first job, all or nothing.
    ///
    /// A second call with the same member and `idempotency_key` returns the first case.
    pub async fn create_case(&self, new: &NewCase) -> Result<CaseRow, StoreError> {
        let mut tx = self.write().await?;
        if let Some(key) = &new.idempotency_key
            && let Some(row) = row!(
                tx,
                "select id from case_ where member_id = $1 and idempotency_key = $2",
                new.member.as_str(),
                key.clone()
            )?
        {
            let id = CaseId(sql::text(&row, "id")?);
            return CaseRow::load(&mut tx, &id).await;
        }
        let id = CaseId::fresh();
        insert_case(&mut tx, &id, new).await?;
        add_message(&mut tx, &id, &new.member, MessageKind::Question, &new.text).await?;
        queue_step(&mut tx, JobKind::Retrieve, &id, 1).await?;
        audit::append(
            &mut tx,
            Entry {
                actor: new.member.as_str(),
                action: "case.create",
                subject: id.as_str(),
                detail: json!({"organisation": new.organisation.as_str()}),
            },
        )
        .await?;
        let case = CaseRow::load(&mut tx, &id).await?;
        tx.commit().await?;
        Ok(case)
    }

    /// received → retrieved: keeps what was found and queues the draft.
    pub async fn store_retrieval(
        &self,
        case: &CaseId,
        found: &NewRetrieval,
        lease: Option<&Lease>,
    ) -> Result<Stepped, StoreError> {
        let mut tx = self.write().await?;
        if let Some(done) = already(&mut tx, case, Status::Received, lease).await? {
            tx.commit().await?;
            return Ok(done);
        }
        insert(
            &mut tx,
            "retrieval",
            [
                ("id", uuid::Uuid::now_v7().to_string().into()),
                ("case_id", case.as_str().into()),
                ("on_date", found.on_date.into()),
                ("hits_json", (&found.hits).into()),
                ("searched_json", (&found.searched).into()),
                ("timing_json", (&found.timing).into()),
                ("created_ms", now_ms().into()),
            ],
        )
        .await?;
        let version = advance(&mut tx, machine(case, Step::Retrieve)).await?;
        queue_step(&mut tx, JobKind::Draft, case, version).await?;
        tx.commit().await?;
        Ok(Stepped::Done)
    }

    /// retrieved → drafted or abstained: keeps the draft, and its rendering as an answer for the lawyer to work on.
    pub async fn store_draft(
        &self,
        case: &CaseId,
        draft: &NewDraft,
        lease: Option<&Lease>,
    ) -> Result<Stepped, StoreError> {
        let mut tx = self.write().await?;
        if let Some(done) = already(&mut tx, case, Status::Retrieved, lease).await? {
            tx.commit().await?;
            return Ok(done);
        }
        let id = insert_draft(&mut tx, case, draft).await?;
        if let Some(rendering) = &draft.rendering {
            lay_before_lawyer(&mut tx, case, &id, rendering).await?;
        }
        let step = match draft.reason {
            None => machine(case, Step::Draft),
            Some(reason) => Move {
                reason: Some(reason),
                ..machine(case, Step::Abstain)
            },
        };
        advance(&mut tx, step).await?;
        tx.commit().await?;
        Ok(Stepped::Done)
    }

    /// received or retrieved → abstained: the case goes to a lawyer without a draft, with the reason.
    pub async fn abstain(
        &self,
        case: &CaseId,
        reason: Reason,
        lease: Option<&Lease>,
    ) -> Result<Stepped, StoreError> {
        let mut tx = self.write().await?;
        let status = state(&mut tx, case).await?.status;
        if let Some(lease) = lease {
            jobs::end(&mut tx, lease).await?;
        }
        if next(status, Step::Abstain).is_none() {
            tx.commit().await?;
            return Ok(Stepped::AlreadyMoved);
        }
        advance(
            &mut tx,
            Move {
                reason: Some(reason),
                ..machine(case, Step::Abstain)
            },
        )
        .await?;
        tx.commit().await?;
        Ok(Stepped::Done)
    }
}

fn machine(case: &CaseId, step: Step) -> Move<'_> {
    Move {
        case,
        step,
        reason: None,
        actor: super::SYSTEM,
    }
}

/// Ends the job, and tells whether the case already left the status that the job works on.
async fn already(
    conn: &mut AnyConnection,
    case: &CaseId,
    expected: Status,
    lease: Option<&Lease>,
) -> Result<Option<Stepped>, StoreError> {
    if let Some(lease) = lease {
        jobs::end(conn, lease).await?;
    }
    let status = state(conn, case).await?.status;
    Ok((status != expected).then_some(Stepped::AlreadyMoved))
}

async fn insert_case(
    conn: &mut AnyConnection,
    id: &CaseId,
    new: &NewCase,
) -> Result<(), StoreError> {
    let number = row!(
        conn,
        "select coalesce(max(number), 0) + 1 as number from case_"
    )?
    .map_or(Ok(1), |row| sql::int(&row, "number"))?;
    let now = now_ms();
    insert(
        conn,
        "case_",
        [
            ("id", id.as_str().into()),
            ("number", number.into()),
            ("organisation_id", new.organisation.as_str().into()),
            ("member_id", new.member.as_str().into()),
            ("state", Status::Received.code().into()),
            ("subject", (&new.subject).into()),
            ("topic", new.topic.clone().into()),
            ("region", new.region.clone().into()),
            ("industry", new.industry.clone().into()),
            ("event_date", new.event_date.into()),
            ("deadline", new.deadline.into()),
            ("shared_with_steward", 0.into()),
            ("search_text", folded(&new.subject).into()),
            ("idempotency_key", new.idempotency_key.clone().into()),
            ("version", 1.into()),
            ("created_ms", now.into()),
            ("updated_ms", now.into()),
        ],
    )
    .await
}

async fn insert_draft(
    conn: &mut AnyConnection,
    case: &CaseId,
    draft: &NewDraft,
) -> Result<DraftId, StoreError> {
    let status = if draft.reason.is_some() {
        Status::Abstained
    } else {
        Status::Drafted
    };
    insert(
        conn,
        "draft",
        [
            ("id", draft.id.as_str().into()),
            ("case_id", case.as_str().into()),
            ("status", status.code().into()),
            ("reason", draft.reason.map(Reason::code).into()),
            ("mode", (&draft.mode).into()),
            ("text", (&draft.text).into()),
            ("sentences_json", (&draft.sentences).into()),
            ("prompt_sha256", draft.prompt_sha256.clone().into()),
            ("model_name", draft.model_name.clone().into()),
            ("model_sha256", draft.model_sha256.clone().into()),
            ("seed", draft.seed.into()),
            ("timing_json", (&draft.timing).into()),
            ("question_reading_json", (&draft.question_reading).into()),
            ("created_ms", now_ms().into()),
        ],
    )
    .await?;
    Ok(draft.id.clone())
}

/// Makes the machine's rendering the answer to work on, unless a lawyer has begun one.
async fn lay_before_lawyer(
    conn: &mut AnyConnection,
    case: &CaseId,
    draft: &DraftId,
    rendering: &Rendering,
) -> Result<(), StoreError> {
    let now = now_ms();
    match super::answers::open_answer(conn, case).await? {
        Some(answer) if answer.updated_by.is_some() => Ok(()),
        Some(answer) => {
            execute!(
                conn,
                "update answer set draft_id = $1, rendering_json = $2, rendering_sha256 = $3,
                     version = version + 1, updated_ms = $4 where id = $5",
                draft.as_str(),
                rendering.canonical(),
                rendering.sha256(),
                now,
                answer.id.as_str()
            )?;
            Ok(())
        }
        None => {
            let id = AnswerId::fresh();
            super::answers::insert_answer(conn, &id, case, Some(draft), rendering, None).await
        }
    }
}

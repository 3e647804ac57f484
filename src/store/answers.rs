//! Under the lawyer's hand: an answer is written, approved, taken back.

use super::audit::{self, Entry};
use super::case_rows::{AnswerRow, ApprovalRow, CaseRow};
use super::case_steps::{Move, advance, state};
use super::db::now_ms;
use super::jobs::{self, JobKind, NewJob};
use super::people;
use super::sql::{self, clean, execute, insert, row};
use super::{Store, StoreError};
use crate::case::policy::Shared;
use crate::case::{
    Action, AnswerId, ApprovalId, CaseId, Decision, DraftId, PersonId, Rendering, Resource, Status,
    Step, decide, next,
};
use serde_json::json;
use sqlx::AnyConnection;

/// What a lawyer says yes to.
#[derive(Debug, Clone, Copy)]
pub struct Approve<'a> {
    pub case: &'a CaseId,
    pub answer: &'a AnswerId,
    /// The hash of the rendering that the lawyer read.
    pub rendering_sha256: &'a str,
    pub approver: &'a PersonId,
    /// How long the answer is held back, so that the lawyer can think again.
    pub hold_ms: i64,
}

const APPROVALS: &str =
    "p.*, r.name as approver_name from approval p join person r on r.id = p.approver_id";

/// The newest answer of a case that was not sent yet.
pub(super) async fn open_answer(
    conn: &mut AnyConnection,
    case: &CaseId,
) -> Result<Option<AnswerRow>, StoreError> {
    row!(
        conn,
        "select a.* from answer a where a.case_id = $1
           and not exists (select 1 from approval p join published b on b.approval_id = p.id where p.answer_id = a.id)
         order by a.created_ms desc, a.id desc limit 1",
        case.as_str()
    )?
    .map(|row| AnswerRow::read(&row))
    .transpose()
}

pub(super) async fn insert_answer(
    conn: &mut AnyConnection,
    id: &AnswerId,
    case: &CaseId,
    draft: Option<&DraftId>,
    rendering: &Rendering,
    by: Option<&PersonId>,
) -> Result<(), StoreError> {
    let now = now_ms();
    insert(
        conn,
        "answer",
        [
            ("id", id.as_str().into()),
            ("case_id", case.as_str().into()),
            ("draft_id", draft.map(DraftId::as_str).into()),
            ("rendering_json", rendering.canonical().into()),
            ("rendering_sha256", rendering.sha256().into()),
            ("version", 1.into()),
            ("updated_by", by.map(PersonId::as_str).into()),
            ("created_ms", now.into()),
            ("updated_ms", now.into()),
        ],
    )
    .await
}

/// The approval that stands for an answer of the case, else the newest that was voided.
pub(super) async fn newest_approval(
    conn: &mut AnyConnection,
    case: &CaseId,
) -> Result<Option<ApprovalRow>, StoreError> {
    let sql = format!(
        "select {APPROVALS} where p.case_id = $1
         order by case when p.voided_ms is null then 0 else 1 end, p.approved_ms desc, p.id desc limit 1"
    );
    sql::statement(sql, [case.as_str().into()])
        .fetch_optional(conn)
        .await?
        .map(|row| ApprovalRow::read(&row))
        .transpose()
}

impl Store {
    /// Keeps what the lawyer wrote. `expected_version` is the version they began from, 0 where there was no answer.
    ///
    /// Fails with `Conflict` where somebody else wrote meanwhile. Voids an approval that was not sent yet: the case
    /// is a draft again. Where the last answer was sent, a new one is begun.
    pub async fn save_answer(
        &self,
        case: &CaseId,
        expected_version: i64,
        rendering: &Rendering,
        by: &PersonId,
    ) -> Result<AnswerRow, StoreError> {
        clean(&rendering.text)?;
        let mut tx = self.write().await?;
        let status = state(&mut tx, case).await?.status;
        if matches!(status, Status::Sent | Status::Closed) {
            return Err(StoreError::conflict(
                "Ответ уже отправлен или обращение закрыто: изменить его нельзя.",
            ));
        }
        let open = open_answer(&mut tx, case).await?;
        if open.as_ref().map_or(0, |answer| answer.version) != expected_version {
            return Err(edited_by_other(&mut tx, open.as_ref()).await?);
        }
        let id = match &open {
            Some(answer) => {
                overwrite(&mut tx, answer, rendering, by).await?;
                answer.id.clone()
            }
            None => {
                let id = AnswerId::fresh();
                insert_answer(&mut tx, &id, case, None, rendering, Some(by)).await?;
                id
            }
        };
        if status == Status::Approved && stands(&mut tx, case).await?.is_none() {
            advance(&mut tx, lawyer(case, Step::Undo, by)).await?;
        }
        audit::append(
            &mut tx,
            Entry {
                actor: by.as_str(),
                action: "answer.save",
                subject: id.as_str(),
                detail: json!({"case": case.as_str(), "sha256": rendering.sha256()}),
            },
        )
        .await?;
        let saved = open_answer(&mut tx, case)
            .await?
            .ok_or_else(|| StoreError::not_found("ответ"))?;
        tx.commit().await?;
        Ok(saved)
    }

    /// Approves one rendering: freezes it and queues its sending after the hold.
    ///
    /// Fails with `Conflict` where the text changed since it was read or somebody approved first (named in the
    /// message), and with `Refused` where the approver is no lawyer of the case or asked the question.
    pub async fn approve(&self, yes: Approve<'_>) -> Result<ApprovalRow, StoreError> {
        let mut tx = self.write().await?;
        let case = CaseRow::load(&mut tx, yes.case).await?;
        check_approver(&mut tx, &case, yes.approver).await?;
        if next(case.status, Step::Approve).is_none() {
            return Err(approved_by_other(&mut tx, &case).await?);
        }
        let answer = open_answer(&mut tx, yes.case).await?;
        let answer = match answer {
            Some(answer)
                if answer.id == *yes.answer && answer.rendering_sha256 == yes.rendering_sha256 =>
            {
                answer
            }
            other => return Err(edited_by_other(&mut tx, other.as_ref()).await?),
        };
        let id = ApprovalId::fresh();
        insert_approval(&mut tx, &id, &answer, yes.approver).await?;
        queue_sending(&mut tx, &id, &answer, &case, now_ms() + yes.hold_ms).await?;
        advance(&mut tx, lawyer(yes.case, Step::Approve, yes.approver)).await?;
        audit::append(
            &mut tx,
            Entry {
                actor: yes.approver.as_str(),
                action: "answer.approve",
                subject: id.as_str(),
                detail: json!({"case": yes.case.as_str(), "answer": answer.id.as_str(), "sha256": answer.rendering_sha256}),
            },
        )
        .await?;
        let approval = stands(&mut tx, yes.case)
            .await?
            .ok_or_else(|| StoreError::not_found("утверждение"))?;
        tx.commit().await?;
        Ok(approval)
    }

    /// Takes an approval back while the answer is still held; fails with `Conflict` once it was sent.
    pub async fn undo_approval(&self, case: &CaseId, by: &PersonId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        advance(&mut tx, lawyer(case, Step::Undo, by)).await?;
        execute!(
            tx,
            "update approval set voided_ms = $1, void_reason = 'undo' where case_id = $2 and voided_ms is null
               and not exists (select 1 from published b where b.approval_id = approval.id)",
            now_ms(),
            case.as_str()
        )?;
        tx.commit().await
    }
}

async fn check_approver(
    conn: &mut AnyConnection,
    case: &CaseRow,
    approver: &PersonId,
) -> Result<(), StoreError> {
    let resource = Resource::Case {
        path: &case.organisation_path,
        member: &case.member,
        shared: Shared::No,
    };
    let actor = people::load_actor(conn, approver).await?;
    match decide(&actor, Action::ApproveAnswer, resource) {
        Decision::Allowed => Ok(()),
        _ => Err(StoreError::refused(
            "Утвердить ответ может только юрист этой организации, и не на свой вопрос.",
        )),
    }
}

fn lawyer<'a>(case: &'a CaseId, step: Step, by: &'a PersonId) -> Move<'a> {
    Move {
        case,
        step,
        reason: None,
        actor: by.as_str(),
    }
}

async fn overwrite(
    conn: &mut AnyConnection,
    answer: &AnswerRow,
    rendering: &Rendering,
    by: &PersonId,
) -> Result<(), StoreError> {
    execute!(
        conn,
        "update answer set rendering_json = $1, rendering_sha256 = $2, version = version + 1, updated_by = $3,
             updated_ms = $4 where id = $5",
        rendering.canonical(),
        rendering.sha256(),
        by.as_str(),
        now_ms(),
        answer.id.as_str()
    )?;
    Ok(())
}

/// The approval that stands and is not sent yet.
async fn stands(
    conn: &mut AnyConnection,
    case: &CaseId,
) -> Result<Option<ApprovalRow>, StoreError> {
    let sql = format!(
        "select {APPROVALS} where p.case_id = $1 and p.voided_ms is null
           and not exists (select 1 from published b where b.approval_id = p.id)"
    );
    sql::statement(sql, [case.as_str().into()])
        .fetch_optional(conn)
        .await?
        .map(|row| ApprovalRow::read(&row))
        .transpose()
}

async fn insert_approval(
    conn: &mut AnyConnection,
    id: &ApprovalId,
    answer: &AnswerRow,
    approver: &PersonId,
) -> Result<(), StoreError> {
    // The stored bytes are copied, not written anew: what is frozen is what was hashed.
    let stored = row!(
        conn,
        "select rendering_json from answer where id = $1",
        answer.id.as_str()
    )?
    .ok_or_else(|| StoreError::not_found("ответ"))?;
    insert(
        conn,
        "approval",
        [
            ("id", id.as_str().into()),
            ("answer_id", answer.id.as_str().into()),
            ("case_id", answer.case.as_str().into()),
            (
                "rendering_json",
                sql::text(&stored, "rendering_json")?.into(),
            ),
            ("rendering_sha256", (&answer.rendering_sha256).into()),
            ("approver_id", approver.as_str().into()),
            ("approved_ms", now_ms().into()),
        ],
    )
    .await
}

/// The page for everybody, a mail for those who have an address.
async fn queue_sending(
    conn: &mut AnyConnection,
    approval: &ApprovalId,
    answer: &AnswerRow,
    case: &CaseRow,
    not_before_ms: i64,
) -> Result<(), StoreError> {
    let member = row!(
        conn,
        "select email from person where id = $1",
        case.member.as_str()
    )?
    .ok_or_else(|| StoreError::not_found("член профсоюза"))?;
    let email = sql::text_or_none(&member, "email")?;
    let mut channels = vec!["page"];
    channels.extend(email.as_ref().map(|_| "mail"));
    for channel in channels {
        let id = uuid::Uuid::now_v7().to_string();
        insert(
            conn,
            "outbox",
            [
                ("id", id.as_str().into()),
                ("case_id", case.id.as_str().into()),
                ("answer_id", answer.id.as_str().into()),
                ("approval_id", approval.as_str().into()),
                ("rendering_sha256", (&answer.rendering_sha256).into()),
                ("channel", channel.into()),
                (
                    "message_id",
                    format!("<{approval}.{channel}@soyuznik>").into(),
                ),
                (
                    "recipient",
                    email.clone().filter(|_| channel == "mail").into(),
                ),
                ("state", "queued".into()),
                ("not_before_ms", not_before_ms.into()),
                ("attempts", 0.into()),
            ],
        )
        .await?;
        if channel == "page" {
            queue_delivery(conn, JobKind::Deliver, &case.id, &id, not_before_ms).await?;
        }
    }
    Ok(())
}

pub(super) async fn queue_delivery(
    conn: &mut AnyConnection,
    kind: JobKind,
    case: &CaseId,
    outbox: &str,
    run_after_ms: i64,
) -> Result<(), StoreError> {
    jobs::queue(
        conn,
        NewJob {
            kind,
            case: Some(case),
            payload: json!({"outbox": outbox}),
            run_after_ms,
            dedupe_key: format!("{}:{outbox}", kind.code()),
        },
    )
    .await
}

async fn edited_by_other(
    conn: &mut AnyConnection,
    answer: Option<&AnswerRow>,
) -> Result<StoreError, StoreError> {
    let Some(answer) = answer else {
        return Ok(StoreError::conflict(
            "Этот ответ уже отправлен или его больше нет: обновите страницу.",
        ));
    };
    let who = match &answer.updated_by {
        Some(person) => people::name(conn, person).await?,
        None => "программа (новый проект)".to_owned(),
    };
    Ok(StoreError::conflict(format!(
        "Текст ответа тем временем изменил(а) {who}. Обновите страницу и посмотрите, что изменилось."
    )))
}

async fn approved_by_other(
    conn: &mut AnyConnection,
    case: &CaseRow,
) -> Result<StoreError, StoreError> {
    let standing = newest_approval(conn, &case.id)
        .await?
        .filter(|approval| approval.voided_ms.is_none());
    Ok(match standing {
        Some(approval) if matches!(case.status, Status::Approved | Status::Sent) => {
            let at = jiff::Timestamp::from_millisecond(approval.approved_ms)
                .map(|at| at.strftime("%d.%m.%Y %H:%M UTC").to_string())
                .unwrap_or_default();
            StoreError::conflict(format!(
                "Ответ уже утвердил(а) {} {at}. Обновите страницу.",
                approval.approver_name
            ))
        }
        _ => StoreError::conflict(format!(
            "Обращение в состоянии «{}»: утвердить ответ сейчас нельзя.",
            super::case_steps::in_words(case.status)
        )),
    })
}

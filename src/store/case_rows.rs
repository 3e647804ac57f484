//! What the store keeps of a case, as the rest of the house sees it.

use super::StoreError;
use super::sql;
use crate::case::types::{RenderedQuote, sha256_hex};
use crate::case::{
    AnswerId, ApprovalId, CaseId, DraftId, MessageId, MessageKind, OrganisationId, PersonId,
    Reason, Rendering, Status,
};
use jiff::civil::Date;
use serde_json::Value;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// A question that comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCase {
    pub organisation: OrganisationId,
    pub member: PersonId,
    pub subject: String,
    pub text: String,
    pub topic: Option<String>,
    pub region: Option<String>,
    pub industry: Option<String>,
    /// The day whose law is asked about, where the member said one.
    pub event_date: Option<Date>,
    /// The last day to act, where one is known.
    pub deadline: Option<Date>,
    /// Two posts with one key are one case.
    pub idempotency_key: Option<String>,
}

/// What a search found for a case.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRetrieval {
    pub on_date: Date,
    pub hits: Value,
    /// What was searched: acts, editions, indexes.
    pub searched: Value,
    pub timing: Value,
}

/// A draft (проект ответа), or the reason why there is none.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDraft {
    /// Made by the caller, so that logs can name it before it is kept.
    pub id: DraftId,
    /// Set: the draft abstains for this reason.
    pub reason: Option<Reason>,
    pub mode: String,
    pub text: String,
    pub sentences: Value,
    pub prompt_sha256: Option<String>,
    pub model_name: Option<String>,
    pub model_sha256: Option<String>,
    pub seed: Option<i64>,
    pub timing: Value,
    pub question_reading: Value,
    /// What the lawyer could approve as it stands.
    pub rendering: Option<Rendering>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    pub id: CaseId,
    /// The number people call the case by.
    pub number: i64,
    pub organisation: OrganisationId,
    pub organisation_path: String,
    pub member: PersonId,
    pub status: Status,
    pub reason: Option<Reason>,
    pub subject: String,
    pub topic: Option<String>,
    pub region: Option<String>,
    pub industry: Option<String>,
    pub event_date: Option<Date>,
    pub deadline: Option<Date>,
    pub shared_with_steward: bool,
    pub lawyer: Option<PersonId>,
    pub version: i64,
    pub created_ms: i64,
    pub updated_ms: i64,
}

pub(super) const CASE_COLUMNS: &str =
    "c.*, o.path as organisation_path from case_ c join organisation o on o.id = c.organisation_id";

impl CaseRow {
    pub(super) async fn load(conn: &mut AnyConnection, id: &CaseId) -> Result<Self, StoreError> {
        let sql = format!("select {CASE_COLUMNS} where c.id = $1");
        let row = sql::statement(sql, [id.as_str().into()])
            .fetch_optional(conn)
            .await?
            .ok_or_else(|| StoreError::not_found("обращение"))?;
        Self::read(&row)
    }

    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: CaseId(sql::text(row, "id")?),
            number: sql::int(row, "number")?,
            organisation: OrganisationId(sql::text(row, "organisation_id")?),
            organisation_path: sql::text(row, "organisation_path")?,
            member: PersonId(sql::text(row, "member_id")?),
            status: sql::code(row, "state", Status::parse)?,
            reason: reason(row)?,
            subject: sql::text(row, "subject")?,
            topic: sql::text_or_none(row, "topic")?,
            region: sql::text_or_none(row, "region")?,
            industry: sql::text_or_none(row, "industry")?,
            event_date: sql::date_or_none(row, "event_date")?,
            deadline: sql::date_or_none(row, "deadline")?,
            shared_with_steward: sql::int(row, "shared_with_steward")? != 0,
            lawyer: sql::text_or_none(row, "lawyer_id")?.map(PersonId),
            version: sql::int(row, "version")?,
            created_ms: sql::int(row, "created_ms")?,
            updated_ms: sql::int(row, "updated_ms")?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    pub id: MessageId,
    pub author: PersonId,
    pub kind: MessageKind,
    pub text: String,
    pub created_ms: i64,
}

impl MessageRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: MessageId(sql::text(row, "id")?),
            author: PersonId(sql::text(row, "author_id")?),
            kind: sql::code(row, "kind", MessageKind::parse)?,
            text: sql::text(row, "text")?,
            created_ms: sql::int(row, "created_ms")?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    pub at_ms: i64,
    /// A person's id, or `system`.
    pub actor: String,
    pub step: String,
    pub from: Status,
    pub to: Status,
    pub reason: Option<Reason>,
}

impl EventRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            at_ms: sql::int(row, "at_ms")?,
            actor: sql::text(row, "actor")?,
            step: sql::text(row, "step")?,
            from: sql::code(row, "from_state", Status::parse)?,
            to: sql::code(row, "to_state", Status::parse)?,
            reason: reason(row)?,
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct RetrievalRow {
    pub on_date: Date,
    pub hits: Value,
    pub searched: Value,
    pub timing: Value,
    pub created_ms: i64,
}

impl RetrievalRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            on_date: sql::date(row, "on_date")?,
            hits: sql::json(row, "hits_json")?,
            searched: sql::json(row, "searched_json")?,
            timing: sql::json(row, "timing_json")?,
            created_ms: sql::int(row, "created_ms")?,
        })
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct DraftRow {
    pub id: DraftId,
    pub status: Status,
    pub reason: Option<Reason>,
    pub mode: String,
    pub text: String,
    pub sentences: Value,
    pub prompt_sha256: Option<String>,
    pub model_name: Option<String>,
    pub model_sha256: Option<String>,
    pub seed: Option<i64>,
    pub timing: Value,
    pub question_reading: Value,
    pub created_ms: i64,
}

impl DraftRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: DraftId(sql::text(row, "id")?),
            status: sql::code(row, "status", Status::parse)?,
            reason: reason(row)?,
            mode: sql::text(row, "mode")?,
            text: sql::text(row, "text")?,
            sentences: sql::json(row, "sentences_json")?,
            prompt_sha256: sql::text_or_none(row, "prompt_sha256")?,
            model_name: sql::text_or_none(row, "model_name")?,
            model_sha256: sql::text_or_none(row, "model_sha256")?,
            seed: sql::int_or_none(row, "seed")?,
            timing: sql::json(row, "timing_json")?,
            question_reading: sql::json(row, "question_reading_json")?,
            created_ms: sql::int(row, "created_ms")?,
        })
    }
}

/// An answer (ответ) that a lawyer works on, or that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnswerRow {
    pub id: AnswerId,
    pub case: CaseId,
    pub draft: Option<DraftId>,
    pub rendering: Rendering,
    pub rendering_sha256: String,
    pub version: i64,
    /// Who wrote last; `None`: the machine.
    pub updated_by: Option<PersonId>,
    pub updated_ms: i64,
}

impl AnswerRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: AnswerId(sql::text(row, "id")?),
            case: CaseId(sql::text(row, "case_id")?),
            draft: sql::text_or_none(row, "draft_id")?.map(DraftId),
            rendering: rendering(row)?,
            rendering_sha256: sql::text(row, "rendering_sha256")?,
            version: sql::int(row, "version")?,
            updated_by: sql::text_or_none(row, "updated_by")?.map(PersonId),
            updated_ms: sql::int(row, "updated_ms")?,
        })
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRow {
    pub id: ApprovalId,
    pub answer: AnswerId,
    pub rendering_sha256: String,
    pub approver: PersonId,
    pub approver_name: String,
    pub approved_ms: i64,
    pub voided_ms: Option<i64>,
    pub void_reason: Option<String>,
}

impl ApprovalRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ApprovalId(sql::text(row, "id")?),
            answer: AnswerId(sql::text(row, "answer_id")?),
            rendering_sha256: sql::text(row, "rendering_sha256")?,
            approver: PersonId(sql::text(row, "approver_id")?),
            approver_name: sql::text(row, "approver_name")?,
            approved_ms: sql::int(row, "approved_ms")?,
            voided_ms: sql::int_or_none(row, "voided_ms")?,
            void_reason: sql::text_or_none(row, "void_reason")?,
        })
    }
}

/// What the member's page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedRow {
    pub approval: ApprovalId,
    pub approver: PersonId,
    pub approver_name: String,
    pub approved_ms: i64,
    pub rendering: Rendering,
    pub rendering_sha256: String,
    pub sent_ms: i64,
}

impl PublishedRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            approval: ApprovalId(sql::text(row, "approval_id")?),
            approver: PersonId(sql::text(row, "approver_id")?),
            approver_name: sql::text(row, "approver_name")?,
            approved_ms: sql::int(row, "approved_ms")?,
            rendering: rendering(row)?,
            rendering_sha256: sql::text(row, "rendering_sha256")?,
            sent_ms: sql::int(row, "sent_ms")?,
        })
    }
}

fn reason(row: &AnyRow) -> Result<Option<Reason>, StoreError> {
    sql::text_or_none(row, "reason")?
        .map(|code| {
            Reason::parse(&code)
                .ok_or_else(|| StoreError::damaged("reason", format!("неизвестный код «{code}»")))
        })
        .transpose()
}

/// Reads a rendering back, in the shape of its canonical JSON, and checks it against its hash.
fn rendering(row: &AnyRow) -> Result<Rendering, StoreError> {
    let stored = sql::text(row, "rendering_json")?;
    let rendering = parse_rendering(&stored)
        .ok_or_else(|| StoreError::damaged("rendering_json", "в базе данных не текст ответа"))?;
    // The stored bytes are hashed, not what was read from them: the order of keys is theirs.
    if sha256_hex(stored.as_bytes()) != sql::text(row, "rendering_sha256")? {
        return Err(StoreError::damaged(
            "rendering_json",
            "текст ответа не сходится с его контрольной суммой",
        ));
    }
    Ok(rendering)
}

fn parse_rendering(stored: &str) -> Option<Rendering> {
    let value: Value = serde_json::from_str(stored).ok()?;
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let quotes = value["quotes"]
        .as_array()?
        .iter()
        .map(|quote| {
            Some(RenderedQuote {
                norm: text(&quote[0])?,
                text: text(&quote[1])?,
                edition: text(&quote[2])?,
                current_to: text(&quote[3])?,
            })
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Rendering {
        text: text(&value["text"])?,
        quotes,
        on: text(&value["on"])?,
    })
}

//! Cases as pages show them: the queue, a member's own, one with everything in it.

use super::case_rows::{
    AnswerRow, ApprovalRow, CASE_COLUMNS, CaseRow, DraftRow, EventRow, MessageRow, PublishedRow,
    RetrievalRow,
};
use super::case_steps::folded;
use super::sql::{self, Cell, Condition, row, rows, statement};
use super::{Store, StoreError};
use crate::case::{CaseId, PersonId, Status};
use sqlx::any::AnyRow;

/// Which cases of the queue to show; what is `None` or empty does not restrict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueFilter {
    /// Empty: all that wait for somebody, neither sent nor closed.
    pub statuses: Vec<Status>,
    pub topic: Option<String>,
    pub region: Option<String>,
    pub industry: Option<String>,
    pub lawyer: Option<PersonId>,
    /// Words to be found in subject or messages, as one piece.
    pub text: Option<String>,
}

/// A case with all that was said and done.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseView {
    pub case: CaseRow,
    pub organisation_name: String,
    pub member_name: String,
    pub lawyer_name: Option<String>,
    pub messages: Vec<MessageRow>,
    /// The newest of each.
    pub retrieval: Option<RetrievalRow>,
    pub draft: Option<DraftRow>,
    /// The answer to work on; `None` when the last one was sent or none was begun.
    pub answer: Option<AnswerRow>,
    /// The approval that stands, else the newest voided one.
    pub approval: Option<ApprovalRow>,
    /// What the member sees, oldest first.
    pub published: Vec<PublishedRow>,
    pub events: Vec<EventRow>,
}

impl Store {
    /// Returns cases at or below any of `paths`, nearest deadline first, then oldest first.
    pub async fn queue(
        &self,
        paths: &[&str],
        filter: &QueueFilter,
        limit: i64,
    ) -> Result<Vec<CaseRow>, StoreError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut condition = queue_condition(paths, filter);
        condition.cells.push(limit.into());
        let sql = format!(
            "select {CASE_COLUMNS} where {}
             order by case when c.deadline is null then 1 else 0 end, c.deadline, c.created_ms, c.id limit ${}",
            condition.sql(),
            condition.cells.len()
        );
        let mut conn = self.reader().await?;
        statement(sql, condition.cells)
            .fetch_all(&mut *conn)
            .await?
            .iter()
            .map(CaseRow::read)
            .collect()
    }

    /// Returns the member's own cases, newest first.
    pub async fn cases_of(&self, member: &PersonId) -> Result<Vec<CaseRow>, StoreError> {
        let sql = format!(
            "select {CASE_COLUMNS} where c.member_id = $1 order by c.created_ms desc, c.id desc"
        );
        let mut conn = self.reader().await?;
        statement(sql, [member.as_str().into()])
            .fetch_all(&mut *conn)
            .await?
            .iter()
            .map(CaseRow::read)
            .collect()
    }

    /// Returns cases at or below any of `paths` whose members shared them with their steward.
    pub async fn cases_shared(&self, paths: &[&str]) -> Result<Vec<CaseRow>, StoreError> {
        if paths.is_empty() {
            return Ok(Vec::new());
        }
        let mut condition = Condition::default();
        below(&mut condition, paths);
        condition.and("c.shared_with_steward = {}", [1.into()]);
        let sql = format!(
            "select {CASE_COLUMNS} where {} order by c.created_ms desc, c.id desc",
            condition.sql()
        );
        let mut conn = self.reader().await?;
        statement(sql, condition.cells)
            .fetch_all(&mut *conn)
            .await?
            .iter()
            .map(CaseRow::read)
            .collect()
    }

    /// Returns the row of a case, enough to decide who may see it.
    pub async fn case_row(&self, id: &CaseId) -> Result<CaseRow, StoreError> {
        CaseRow::load(&mut *self.reader().await?, id).await
    }

    /// Returns the row of the case that people call by `number`.
    pub async fn case_by_number(&self, number: i64) -> Result<CaseRow, StoreError> {
        let sql = format!("select {CASE_COLUMNS} where c.number = $1");
        let mut conn = self.reader().await?;
        let row = statement(sql, [number.into()])
            .fetch_optional(&mut *conn)
            .await?
            .ok_or_else(|| StoreError::not_found(format!("обращение № {number}")))?;
        CaseRow::read(&row)
    }

    /// Returns a case with everything in it, as it stood at one moment.
    pub async fn case_for(&self, id: &CaseId) -> Result<CaseView, StoreError> {
        let mut tx = self.snapshot().await?;
        let case = CaseRow::load(&mut tx, id).await?;
        let names = row!(
            tx,
            "select o.name as organisation_name, m.name as member_name, l.name as lawyer_name
             from case_ c join organisation o on o.id = c.organisation_id join person m on m.id = c.member_id
             left join person l on l.id = c.lawyer_id where c.id = $1",
            id.as_str()
        )?
        .ok_or_else(|| StoreError::not_found("обращение"))?;
        let retrieval = row!(tx, NEWEST_RETRIEVAL, id.as_str())?;
        let draft = row!(tx, NEWEST_DRAFT, id.as_str())?;
        Ok(CaseView {
            case,
            organisation_name: sql::text(&names, "organisation_name")?,
            member_name: sql::text(&names, "member_name")?,
            lawyer_name: sql::text_or_none(&names, "lawyer_name")?,
            messages: read_all(rows!(tx, MESSAGES, id.as_str())?, MessageRow::read)?,
            retrieval: retrieval.map(|row| RetrievalRow::read(&row)).transpose()?,
            draft: draft.map(|row| DraftRow::read(&row)).transpose()?,
            answer: super::answers::open_answer(&mut tx, id).await?,
            approval: super::answers::newest_approval(&mut tx, id).await?,
            published: read_all(rows!(tx, PUBLISHED, id.as_str())?, PublishedRow::read)?,
            events: read_all(rows!(tx, EVENTS, id.as_str())?, EventRow::read)?,
        })
    }
}

fn read_all<T>(
    rows: Vec<AnyRow>,
    read: impl Fn(&AnyRow) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    rows.iter().map(read).collect()
}

const MESSAGES: &str = "select * from message where case_id = $1 order by created_ms, id";
const EVENTS: &str = "select * from case_event where case_id = $1 order by case_version, id";
const NEWEST_RETRIEVAL: &str =
    "select * from retrieval where case_id = $1 order by created_ms desc, id desc limit 1";
const NEWEST_DRAFT: &str =
    "select * from draft where case_id = $1 order by created_ms desc, id desc limit 1";
const PUBLISHED: &str = "select b.*, p.approver_id, p.approved_ms, r.name as approver_name
     from published b join approval p on p.id = b.approval_id join person r on r.id = p.approver_id
     where b.case_id = $1 order by b.sent_ms, b.approval_id";

fn queue_condition(paths: &[&str], filter: &QueueFilter) -> Condition {
    let mut condition = Condition::default();
    below(&mut condition, paths);
    let statuses: Vec<Status> = if filter.statuses.is_empty() {
        Status::ALL
            .into_iter()
            .filter(|status| !matches!(status, Status::Sent | Status::Closed))
            .collect()
    } else {
        filter.statuses.clone()
    };
    condition.one_of(
        "c.state",
        statuses.iter().map(|status| status.code().into()),
    );
    let equal = [
        ("c.topic = {}", filter.topic.clone()),
        ("c.region = {}", filter.region.clone()),
        ("c.industry = {}", filter.industry.clone()),
        (
            "c.lawyer_id = {}",
            filter.lawyer.as_ref().map(|id| id.0.clone()),
        ),
    ];
    for (part, value) in equal {
        if let Some(value) = value {
            condition.and(part, [value.into()]);
        }
    }
    if let Some(text) = filter
        .text
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
    {
        condition.and(r"c.search_text like {} escape '\'", [pattern(text)]);
    }
    condition
}

/// Restricts to cases of nodes at or below any of `paths`.
fn below(condition: &mut Condition, paths: &[&str]) {
    let part = vec!["substr(o.path, 1, length({})) = {}"; paths.len()].join(" or ");
    let cells = paths
        .iter()
        .flat_map(|path| [(*path).into(), (*path).into()]);
    condition.and(&part, cells);
}

/// Words of a reader as a pattern in which nothing of theirs is a wildcard.
fn pattern(text: &str) -> Cell {
    let short: String = text.replace('\0', "").chars().take(200).collect();
    let escaped = folded(&short)
        .replace('\\', r"\\")
        .replace('%', r"\%")
        .replace('_', r"\_");
    format!("%{escaped}%").into()
}

//! What people do with a case besides approving: ask back, reply, assign, share, close.

use super::audit::{self, Entry};
use super::case_steps::{Move, add_message, advance, queue_step, state};
use super::jobs::JobKind;
use super::sql::{execute, row};
use super::{Store, StoreError};
use crate::case::policy::Shared;
use crate::case::{CaseId, MessageKind, PersonId, Step};
use jiff::civil::Date;
use serde_json::json;
use sqlx::AnyConnection;

impl Store {
    /// The lawyer asks the member for facts: the case waits.
    pub async fn ask_member(
        &self,
        case: &CaseId,
        lawyer: &PersonId,
        text: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        add_message(&mut tx, case, lawyer, MessageKind::Clarification, text).await?;
        advance(&mut tx, by(case, Step::AskMember, lawyer)).await?;
        tx.commit().await
    }

    /// The member answers the lawyer: waiting → received, and the machine looks again.
    pub async fn reply(
        &self,
        case: &CaseId,
        member: &PersonId,
        text: &str,
    ) -> Result<(), StoreError> {
        self.member_writes(case, Step::Reply, member, text).await
    }

    /// The member asks again after an answer: sent or closed → received, same case.
    pub async fn follow_up(
        &self,
        case: &CaseId,
        member: &PersonId,
        text: &str,
    ) -> Result<(), StoreError> {
        self.member_writes(case, Step::FollowUp, member, text).await
    }

    async fn member_writes(
        &self,
        case: &CaseId,
        step: Step,
        member: &PersonId,
        text: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        // Only the member's own words may set the machine going again.
        if row!(
            tx,
            "select id from case_ where id = $1 and member_id = $2",
            case.as_str(),
            member.as_str()
        )?
        .is_none()
        {
            return Err(StoreError::not_found("обращение"));
        }
        add_message(&mut tx, case, member, MessageKind::FollowUp, text).await?;
        let version = advance(&mut tx, by(case, step, member)).await?;
        queue_step(&mut tx, JobKind::Retrieve, case, version).await?;
        tx.commit().await
    }

    /// Closes a case; fails with `Conflict` while an approved answer is on its way.
    pub async fn close_case(&self, case: &CaseId, person: &PersonId) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        advance(&mut tx, by(case, Step::Close, person)).await?;
        tx.commit().await
    }

    /// Gives a case to a lawyer, or to nobody.
    pub async fn assign(
        &self,
        case: &CaseId,
        lawyer: Option<&PersonId>,
        person: &PersonId,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        state(&mut tx, case).await?;
        execute!(
            tx,
            "update case_ set lawyer_id = $1, version = version + 1 where id = $2",
            lawyer.map(|id| id.0.clone()),
            case.as_str()
        )?;
        let detail = json!({"lawyer": lawyer.map(PersonId::as_str)});
        note(&mut tx, person, "case.assign", case, detail).await?;
        tx.commit().await
    }

    /// Lets the member's steward see the case, or no longer. Only the member decides.
    pub async fn share_with_steward(
        &self,
        case: &CaseId,
        member: &PersonId,
        shared: Shared,
    ) -> Result<(), StoreError> {
        let flag = i64::from(shared == Shared::WithSteward);
        let mut tx = self.write().await?;
        let changed = execute!(
            tx,
            "update case_ set shared_with_steward = $1, version = version + 1 where id = $2 and member_id = $3",
            flag,
            case.as_str(),
            member.as_str()
        )?;
        if changed == 0 {
            return Err(StoreError::not_found("обращение"));
        }
        note(
            &mut tx,
            member,
            "case.share",
            case,
            json!({"shared": flag == 1}),
        )
        .await?;
        tx.commit().await
    }

    /// Keeps what the lawyer says the case is about: its topic, the day of the event, the last day to act.
    pub async fn describe_case(
        &self,
        case: &CaseId,
        topic: Option<&str>,
        event_date: Option<Date>,
        deadline: Option<Date>,
        person: &PersonId,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        state(&mut tx, case).await?;
        execute!(
            tx,
            "update case_ set topic = $1, event_date = $2, deadline = $3, version = version + 1 where id = $4",
            topic.map(str::to_owned),
            event_date.map(|date| date.to_string()),
            deadline.map(|date| date.to_string()),
            case.as_str()
        )?;
        note(&mut tx, person, "case.describe", case, json!({})).await?;
        tx.commit().await
    }
}

fn by<'a>(case: &'a CaseId, step: Step, person: &'a PersonId) -> Move<'a> {
    Move {
        case,
        step,
        reason: None,
        actor: person.as_str(),
    }
}

async fn note(
    conn: &mut AnyConnection,
    person: &PersonId,
    action: &str,
    case: &CaseId,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    audit::append(
        conn,
        Entry {
            actor: person.as_str(),
            action,
            subject: case.as_str(),
            detail,
        },
    )
    .await
}

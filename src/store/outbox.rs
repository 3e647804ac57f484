//! Sending what was approved: the page exactly once, mails at least once under one Message-ID.

use super::audit::{self, Entry};
use super::case_steps::{Move, advance, state};
use super::db::now_ms;
use super::jobs::{self, JobKind, Lease};
use super::sql::{self, execute, insert, row, rows};
use super::{Store, StoreError};
use crate::case::types::sha256_hex;
use crate::case::{ApprovalId, CaseId, Status, Step};
use serde_json::json;
use sqlx::AnyConnection;

/// What became of a delivery to the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivered {
    Published,
    /// Somebody was here before.
    AlreadyPublished,
    /// The approval was taken back or the text edited: there is nothing to send.
    Withdrawn,
    /// The hold lasts; run again at this time.
    Held {
        until_ms: i64,
    },
}

/// A notice to be mailed. It names the case, never its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailNotice {
    pub outbox: String,
    pub case: CaseId,
    pub case_number: i64,
    /// The same at every try, so that the reader's mail program shows one.
    pub message_id: String,
    pub recipient: String,
    pub recipient_name: String,
    pub attempts: i64,
}

impl Store {
    /// approved → sent: puts the frozen rendering on the member's page, once.
    ///
    /// Reads only what the schema calls deliverable. Ends the job of `lease`, except while the answer is held.
    pub async fn deliver_page(
        &self,
        outbox: &str,
        lease: Option<&Lease>,
    ) -> Result<Delivered, StoreError> {
        let mut tx = self.write().await?;
        let ready = row!(
            tx,
            "select * from deliverable where id = $1 and channel = 'page'",
            outbox
        )?;
        let Some(ready) = ready else {
            let why = why_not(&mut tx, outbox).await?;
            if let Some(lease) = lease {
                match why {
                    Delivered::Held { until_ms } => put_back(&mut tx, lease, until_ms).await?,
                    _ => jobs::end(&mut tx, lease).await?,
                }
            }
            tx.commit().await?;
            return Ok(why);
        };
        let approval = ApprovalId(sql::text(&ready, "approval_id")?);
        let case = CaseId(sql::text(&ready, "case_id")?);
        publish(
            &mut tx,
            &approval,
            &case,
            sql::text(&ready, "rendering_json")?,
        )
        .await?;
        mark_sent(&mut tx, outbox).await?;
        if state(&mut tx, &case).await?.status == Status::Approved {
            let deliver = Move {
                case: &case,
                step: Step::Deliver,
                reason: None,
                actor: super::SYSTEM,
            };
            advance(&mut tx, deliver).await?;
        }
        queue_mail(&mut tx, &approval, &case).await?;
        if let Some(lease) = lease {
            jobs::end(&mut tx, lease).await?;
        }
        tx.commit().await?;
        Ok(Delivered::Published)
    }

    /// Returns the notice to mail for an outbox row, or `None` where nothing is to be sent (any more).
    pub async fn mail_to_send(&self, outbox: &str) -> Result<Option<MailNotice>, StoreError> {
        let mut conn = self.reader().await?;
        row!(
            conn,
            "select d.id, d.case_id, d.message_id, d.recipient, d.attempts, c.number, r.name
             from deliverable d join case_ c on c.id = d.case_id join person r on r.id = c.member_id
             where d.id = $1 and d.channel = 'mail'",
            outbox
        )?
        .map(|row| {
            Ok(MailNotice {
                outbox: sql::text(&row, "id")?,
                case: CaseId(sql::text(&row, "case_id")?),
                case_number: sql::int(&row, "number")?,
                message_id: sql::text(&row, "message_id")?,
                recipient: sql::text(&row, "recipient")?,
                recipient_name: sql::text(&row, "name")?,
                attempts: sql::int(&row, "attempts")?,
            })
        })
        .transpose()
    }

    /// Keeps that the mail server took the notice, and ends the job.
    pub async fn mail_sent(&self, outbox: &str, lease: Option<&Lease>) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if mark_sent(&mut tx, outbox).await? > 0 {
            audit::append(
                &mut tx,
                Entry {
                    actor: super::SYSTEM,
                    action: "mail.sent",
                    subject: outbox,
                    detail: json!({}),
                },
            )
            .await?;
        }
        if let Some(lease) = lease {
            jobs::end(&mut tx, lease).await?;
        }
        tx.commit().await
    }

    /// Keeps that a try failed; the job itself goes through [`Store::fail`].
    pub async fn mail_failed(&self, outbox: &str, error: &str) -> Result<(), StoreError> {
        let mut tx = self.small_write().await?;
        execute!(
            tx,
            "update outbox set state = 'failed', attempts = attempts + 1, last_error = $1
             where id = $2 and channel = 'mail' and state <> 'sent'",
            error,
            outbox
        )?;
        tx.commit().await
    }
}

async fn publish(
    conn: &mut AnyConnection,
    approval: &ApprovalId,
    case: &CaseId,
    rendering_json: String,
) -> Result<(), StoreError> {
    // The hash is of these bytes: a text that was altered inside the database does not go out.
    let sha256 = sha256_hex(rendering_json.as_bytes());
    insert(
        conn,
        "published",
        [
            ("approval_id", approval.as_str().into()),
            ("case_id", case.as_str().into()),
            ("rendering_json", rendering_json.into()),
            ("rendering_sha256", sha256.into()),
            ("sent_ms", now_ms().into()),
        ],
    )
    .await
}

async fn mark_sent(conn: &mut AnyConnection, outbox: &str) -> Result<u64, StoreError> {
    Ok(execute!(
        conn,
        "update outbox set state = 'sent', attempts = attempts + 1, last_error = null, sent_ms = $1
         where id = $2 and state <> 'sent'",
        now_ms(),
        outbox
    )?)
}

/// The mail goes after the page: a notice must find the answer there.
async fn queue_mail(
    conn: &mut AnyConnection,
    approval: &ApprovalId,
    case: &CaseId,
) -> Result<(), StoreError> {
    for mail in rows!(
        conn,
        "select id from outbox where approval_id = $1 and channel = 'mail' and state <> 'sent'",
        approval.as_str()
    )? {
        let id = sql::text(&mail, "id")?;
        super::answers::queue_delivery(conn, JobKind::Mail, case, &id, now_ms()).await?;
    }
    Ok(())
}

/// Why an outbox row is not deliverable now.
async fn why_not(conn: &mut AnyConnection, outbox: &str) -> Result<Delivered, StoreError> {
    let row = row!(
        conn,
        "select o.state, o.not_before_ms from outbox o where o.id = $1",
        outbox
    )?;
    let Some(row) = row else {
        return Ok(Delivered::Withdrawn);
    };
    if sql::text(&row, "state")? == "sent" {
        return Ok(Delivered::AlreadyPublished);
    }
    // The database's clock decides; it may be a little behind ours, so never less than a moment from now.
    Ok(Delivered::Held {
        until_ms: sql::int(&row, "not_before_ms")?.max(now_ms() + 200),
    })
}

async fn put_back(
    conn: &mut AnyConnection,
    lease: &Lease,
    run_after_ms: i64,
) -> Result<(), StoreError> {
    execute!(
        conn,
        "update job set state = 'queued', run_after_ms = $1, attempts = attempts - 1, leased_by = null,
             lease_until_ms = null where id = $2 and leased_by = $3 and state = 'leased'",
        run_after_ms,
        lease.job.clone(),
        lease.worker.clone()
    )?;
    Ok(())
}

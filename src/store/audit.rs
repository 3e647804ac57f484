//! The journal: one hash chain over everything that was done, ids only.

use super::db::now_ms;
use super::sql::{self, insert, row, rows};
use super::{Store, StoreError};
use crate::case::types::sha256_hex;
use serde_json::{Value, json};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// What stands in the journal for things the machine does by itself.
pub const SYSTEM: &str = "system";

/// One line to be added to the journal, in the transaction of the change it tells of.
pub(super) struct Entry<'a> {
    pub actor: &'a str,
    pub action: &'a str,
    pub subject: &'a str,
    /// Ids, codes and counts; never a text, a name or an address.
    pub detail: Value,
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub seq: i64,
    pub at_ms: i64,
    pub actor: String,
    pub action: String,
    pub subject: String,
    pub detail_json: String,
    pub prev_hash: String,
    pub hash: String,
}

/// The last line of the journal, to be kept outside the database.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AuditHead {
    pub seq: i64,
    pub hash: String,
}

/// What a check of the journal found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditVerdict {
    Intact {
        entries: i64,
    },
    /// The first line that is missing, changed, or not the anchored one.
    Broken {
        seq: i64,
    },
}

pub(super) async fn append(conn: &mut AnyConnection, entry: Entry<'_>) -> Result<(), StoreError> {
    let last = head(conn).await?;
    let mut line = AuditRow {
        seq: last.as_ref().map_or(0, |head| head.seq) + 1,
        at_ms: now_ms(),
        actor: entry.actor.to_owned(),
        action: entry.action.to_owned(),
        subject: entry.subject.to_owned(),
        detail_json: entry.detail.to_string(),
        prev_hash: last.map(|head| head.hash).unwrap_or_default(),
        hash: String::new(),
    };
    line.hash = line.expected_hash();
    insert(
        conn,
        "audit",
        [
            ("seq", line.seq.into()),
            ("at_ms", line.at_ms.into()),
            ("actor", line.actor.into()),
            ("action", line.action.into()),
            ("subject", line.subject.into()),
            ("detail_json", line.detail_json.into()),
            ("prev_hash", line.prev_hash.into()),
            ("hash", line.hash.into()),
        ],
    )
    .await
}

impl AuditRow {
    /// The hash this line must have: SHA-256 over all its other fields as a JSON array.
    pub fn expected_hash(&self) -> String {
        let canonical = json!([
            self.seq,
            self.at_ms,
            self.actor,
            self.action,
            self.subject,
            self.detail_json,
            self.prev_hash
        ]);
        sha256_hex(canonical.to_string().as_bytes())
    }

    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            seq: sql::int(row, "seq")?,
            at_ms: sql::int(row, "at_ms")?,
            actor: sql::text(row, "actor")?,
            action: sql::text(row, "action")?,
            subject: sql::text(row, "subject")?,
            detail_json: sql::text(row, "detail_json")?,
            prev_hash: sql::text(row, "prev_hash")?,
            hash: sql::text(row, "hash")?,
        })
    }
}

pub(super) async fn head(conn: &mut AnyConnection) -> Result<Option<AuditHead>, StoreError> {
    row!(
        conn,
        "select seq, hash from audit order by seq desc limit 1"
    )?
    .map(|row| {
        Ok(AuditHead {
            seq: sql::int(&row, "seq")?,
            hash: sql::text(&row, "hash")?,
        })
    })
    .transpose()
}

pub(super) async fn verify(
    conn: &mut AnyConnection,
    anchor: Option<&AuditHead>,
) -> Result<AuditVerdict, StoreError> {
    let mut seq = 0;
    let mut hash = String::new();
    loop {
        let page = rows!(
            conn,
            "select * from audit where seq > $1 order by seq limit 1000",
            seq
        )?;
        if page.is_empty() {
            break;
        }
        for row in &page {
            let line = AuditRow::read(row)?;
            let anchored = anchor.is_none_or(|a| a.seq != line.seq || a.hash == line.hash);
            let linked = line.seq == seq + 1 && line.prev_hash == hash;
            if !linked || !anchored || line.hash != line.expected_hash() {
                return Ok(AuditVerdict::Broken { seq: seq + 1 });
            }
            seq = line.seq;
            hash = line.hash;
        }
    }
    match anchor {
        Some(anchor) if anchor.seq > seq => Ok(AuditVerdict::Broken { seq: seq + 1 }),
        _ => Ok(AuditVerdict::Intact { entries: seq }),
    }
}

impl Store {
    /// Returns the last line's number and hash, or `None` while the journal is empty.
    pub async fn audit_head(&self) -> Result<Option<AuditHead>, StoreError> {
        head(&mut *self.reader().await?).await
    }

    /// Checks every line against its hash and the one before, and against `anchor` where one is given.
    ///
    /// Lines cut from the end are found only with an anchor. Costs one pass over the journal.
    pub async fn audit_verify(
        &self,
        anchor: Option<&AuditHead>,
    ) -> Result<AuditVerdict, StoreError> {
        // Rows that were tampered with into another type can't be read: that is a broken journal too.
        let mut snapshot = self.snapshot().await?;
        verify(&mut snapshot, anchor).await
    }

    /// Returns the newest lines, newest first.
    pub async fn audit_tail(&self, limit: i64) -> Result<Vec<AuditRow>, StoreError> {
        let mut conn = self.reader().await?;
        rows!(
            conn,
            "select * from audit order by seq desc limit $1",
            limit
        )?
        .iter()
        .map(AuditRow::read)
        .collect()
    }

    /// Adds a line that tells of something outside the store, such as a log-in or a served export.
    pub async fn audit_note(
        &self,
        actor: &str,
        action: &str,
        subject: &str,
        detail: Value,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        append(
            &mut tx,
            Entry {
                actor,
                action,
                subject,
                detail,
            },
        )
        .await?;
        tx.commit().await
    }
}

//! Backup of either database into one file, and restore into an empty one of either kind.
//!
//! The file is JSON lines: a head, a line per row, a tail with the hash of all before it.

mod restore;
mod rules;
mod write;

use super::StoreError;
use super::audit::AuditHead;
use super::sql::{self, statement};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use std::collections::BTreeMap;
use std::path::Path;

/// Every table with the column that orders its rows, each table after those it refers to.
///
/// The path orders organisations, so that parents come first.
const TABLES: [(&str, &str); 35] = [
    ("organisation", "path"),
    ("person", "id"),
    ("grant_", "id"),
    ("login_link", "token_sha256"),
    ("session", "token_sha256"),
    ("login_attempt", "subject"),
    ("act", "id"),
    ("edition", "id"),
    ("provision", "key"),
    ("provision_version", "id"),
    ("passage", "id"),
    ("amendment_note", "id"),
    ("alignment_review", "id"),
    ("known_amendment", "id"),
    ("rate_row", "id"),
    ("statement_edit", "statement_id"),
    ("amendment_clearance", "id"),
    ("source_copy", "act_id"),
    ("clarification", "id"),
    ("clarification_norm", "id"),
    ("statement_approval", "id"),
    ("case_", "id"),
    ("message", "id"),
    ("case_event", "id"),
    ("retrieval", "id"),
    ("draft", "id"),
    ("answer", "id"),
    ("approval", "id"),
    ("outbox", "id"),
    ("published", "approval_id"),
    ("erasure", "case_id"),
    ("job", "id"),
    ("task", "id"),
    ("setting", "key"),
    ("audit", "seq"),
];

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    soyuznik_backup: i64,
    schema: i64,
    made_ms: i64,
    rows: BTreeMap<String, i64>,
    audit: Option<AuditHead>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Tail {
    sha256: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Line {
    t: String,
    r: Map<String, Value>,
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    pub rows: BTreeMap<String, i64>,
    pub bytes: u64,
    /// The journal's end: keep it outside the database, `audit verify` takes it.
    pub audit: Option<AuditHead>,
}

fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn at_file(path: &Path, error: &std::io::Error) -> StoreError {
    if error.kind() == std::io::ErrorKind::NotFound {
        return StoreError::not_found(format!("{}", path.display()));
    }
    StoreError::Other {
        reason: format!("{}: {error}", path.display()),
    }
}

fn damaged_at(path: &Path, line: usize, reason: &str) -> StoreError {
    StoreError::damaged(
        format!("{}, строка {line}", path.display()),
        format!("{reason}; возьмите другую копию"),
    )
}

fn tables() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLES.into_iter()
}

async fn count(conn: &mut AnyConnection) -> Result<BTreeMap<String, i64>, StoreError> {
    let mut counts = BTreeMap::new();
    for (table, _) in tables() {
        let row = statement(format!("select count(*) as n from {table}"), [])
            .fetch_one(&mut *conn)
            .await?;
        counts.insert(table.to_owned(), sql::int(&row, "n")?);
    }
    Ok(counts)
}

//! Backup of either database into one file, and restore into an empty one of either kind.
//!
//! The file is JSON lines: a head, a line per row, a tail with the hash of all before it.

use super::audit::{self, AuditHead, AuditVerdict};
use super::db::{Dialect, SCHEMA_VERSION, now_ms};
use super::sql::{self, Cell, insert_many, rows, statement};
use super::{Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Column, Row, ValueRef};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Every table with the column that orders its rows, each table after those it refers to.
///
/// The path orders organisations, so that parents come first.
const TABLES: [(&str, &str); 33] = [
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

const PAGE: i64 = 500;

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

impl Store {
    /// Writes all data as it stood at one moment into a new file that only its owner may read.
    ///
    /// Goes on beside writers. Fails where the file is there already; half a backup never bears the name.
    pub async fn backup(&self, to: &Path) -> Result<BackupReport, StoreError> {
        if to.exists() {
            return Err(StoreError::refused(format!(
                "Файл {} уже есть. Назовите другой.",
                to.display()
            )));
        }
        let part = part_name(to);
        let written = self.write_backup(&part).await;
        if written.is_err() {
            // What is left is of no use; the error tells what happened.
            let _ = std::fs::remove_file(&part);
        }
        let report = written?;
        std::fs::rename(&part, to)?;
        Ok(report)
    }

    async fn write_backup(&self, part: &Path) -> Result<BackupReport, StoreError> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(part)
            .map_err(|error| at_file(part, &error))?;
        let mut out = Hashed {
            out: BufWriter::new(file),
            hash: Sha256::new(),
            bytes: 0,
        };
        let mut tx = self.snapshot().await?;
        let head = Head {
            soyuznik_backup: 1,
            schema: SCHEMA_VERSION,
            made_ms: now_ms(),
            rows: count(&mut tx).await?,
            audit: audit::head(&mut tx).await?,
        };
        out.line(&head)?;
        for (table, key) in tables() {
            dump_table(&mut tx, table, key, &mut out).await?;
        }
        let bytes = out.finish()?;
        Ok(BackupReport {
            rows: head.rows,
            bytes,
            audit: head.audit,
        })
    }

    /// Fills an empty database from a backup, all or nothing, and checks counts and journal.
    ///
    /// Fails with `Damaged`, naming the line, where the file was cut or altered, and with `Refused` where the database
    /// is not empty.
    pub async fn restore(&self, from: &Path) -> Result<BackupReport, StoreError> {
        let (head, bytes) = check_file(from)?;
        let mut tx = self.write().await?;
        if count(&mut tx).await?.values().any(|rows| *rows > 0) {
            return Err(StoreError::refused(
                "База данных не пуста: восстановление идёт только в пустую. Укажите другую папку данных.",
            ));
        }
        // Rules tell what may happen from now on; what happened before them is loaded as it was.
        let rules = rules_off(&mut tx, self.dialect()).await?;
        load(&mut tx, from).await?;
        rules_on(&mut tx, &rules).await?;
        if head.schema < 3 {
            // Kinds had other names before.
            let kinds =
                "update provision_version set alignment = 'changed' where alignment = 'label'";
            statement(kinds.to_owned(), []).execute(&mut *tx).await?;
        }
        let mut rows = count(&mut tx).await?;
        // An older copy does not know the newer tables.
        rows.retain(|table, rows| *rows > 0 || head.rows.contains_key(table));
        if rows != head.rows {
            return Err(damaged_at(from, 1, "число строк не сходится с заголовком"));
        }
        if let AuditVerdict::Broken { seq } = audit::verify(&mut tx, head.audit.as_ref()).await? {
            return Err(damaged_at(
                from,
                1,
                &format!("журнал не сходится с записи {seq}"),
            ));
        }
        tx.commit().await?;
        Ok(BackupReport {
            rows: head.rows,
            bytes,
            audit: head.audit,
        })
    }
}

/// Writes lines and hashes them on the way.
struct Hashed {
    out: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    fn line(&mut self, line: &impl Serialize) -> Result<(), StoreError> {
        let mut text = serde_json::to_vec(line).map_err(std::io::Error::other)?;
        text.push(b'\n');
        self.hash.update(&text);
        self.bytes += text.len() as u64;
        Ok(self.out.write_all(&text)?)
    }

    /// Writes the tail, and returns when the disk has it all.
    fn finish(mut self) -> Result<u64, StoreError> {
        let tail = Tail {
            sha256: hex(self.hash.clone()),
        };
        self.line(&tail)?;
        self.out.flush()?;
        self.out.get_ref().sync_all()?;
        Ok(self.bytes)
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn part_name(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
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

/// Writes a table page by page, so that memory holds a page and not the table.
async fn dump_table(
    conn: &mut AnyConnection,
    table: &str,
    key: &str,
    out: &mut Hashed,
) -> Result<(), StoreError> {
    let mut last: Option<Cell> = None;
    loop {
        let after = if last.is_some() {
            format!("where {key} > $1")
        } else {
            String::new()
        };
        let page = statement(
            format!("select * from {table} {after} order by {key} limit {PAGE}"),
            last.take(),
        )
        .fetch_all(&mut *conn)
        .await?;
        for row in &page {
            let line = Line {
                t: table.to_owned(),
                r: to_json(row)?,
            };
            out.line(&line)?;
        }
        match page.last() {
            Some(row) if page.len() as i64 == PAGE => {
                last = Some(if table == "audit" {
                    sql::int(row, key)?.into()
                } else {
                    sql::text(row, key)?.into()
                });
            }
            _ => return Ok(()),
        }
    }
}

fn to_json(row: &AnyRow) -> Result<Map<String, Value>, StoreError> {
    let mut fields = Map::new();
    for (at, column) in row.columns().iter().enumerate() {
        if row.try_get_raw(at)?.is_null() {
            continue;
        }
        let value = match row.try_get::<i64, _>(at) {
            Ok(number) => Value::from(number),
            Err(_) => Value::from(row.try_get::<String, _>(at)?),
        };
        fields.insert(column.name().to_owned(), value);
    }
    Ok(fields)
}

/// Reads the file through once: its head, and whether its bytes are those that were written.
fn check_file(path: &Path) -> Result<(Head, u64), StoreError> {
    let file = File::open(path).map_err(|error| at_file(path, &error))?;
    let mut head = None;
    let mut hash = Sha256::new();
    let mut bytes = 0u64;
    let mut lines = 0usize;
    let mut held: Option<Vec<u8>> = None;
    let mut reader = BufReader::new(file);
    loop {
        let mut line = Vec::new();
        if reader.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        lines += 1;
        bytes += line.len() as u64;
        if lines == 1 {
            head = Some(read_head(path, &line)?);
        }
        // The last line is the tail, so each line is hashed when the next one is there.
        if let Some(before) = held.replace(line) {
            hash.update(&before);
        }
    }
    let head = head.ok_or_else(|| damaged_at(path, 1, "файл пуст"))?;
    let tail: Tail = held
        .filter(|_| lines > 1)
        .and_then(|line| serde_json::from_slice(&line).ok())
        .ok_or_else(|| {
            damaged_at(
                path,
                lines,
                "файл обрывается: нет контрольной суммы в конце",
            )
        })?;
    if tail.sha256 != hex(hash) {
        let expected = head.rows.values().sum::<i64>() + 2;
        let reason = format!(
            "контрольная сумма не сходится (строк {lines}, по заголовку {expected}): файл изменён"
        );
        return Err(damaged_at(path, lines, &reason));
    }
    Ok((head, bytes))
}

fn read_head(path: &Path, line: &[u8]) -> Result<Head, StoreError> {
    let head: Head = serde_json::from_slice(line)
        .map_err(|_| damaged_at(path, 1, "это не резервная копия Союзника"))?;
    if head.soyuznik_backup != 1 || head.schema > SCHEMA_VERSION {
        return Err(StoreError::refused(format!(
            "Копия {} сделана более новой программой (схема {}). Обновите программу.",
            path.display(),
            head.schema
        )));
    }
    Ok(head)
}

async fn load(conn: &mut AnyConnection, path: &Path) -> Result<(), StoreError> {
    let reader = BufReader::new(File::open(path).map_err(|error| at_file(path, &error))?);
    // Rows of one table with the same columns go in together.
    let mut batch: Option<(String, Vec<String>, Vec<Vec<Cell>>)> = None;
    for (at, line) in reader.lines().enumerate().skip(1) {
        let line = line?;
        let Ok(Line { t, r }) = serde_json::from_str::<Line>(&line) else {
            continue; // the tail, which was checked
        };
        if !tables().any(|(table, _)| table == t) {
            return Err(damaged_at(path, at + 1, &format!("нет таблицы «{t}»")));
        }
        let mut columns = Vec::new();
        let mut cells = Vec::new();
        for (column, value) in r {
            cells.push(from_json(&column, value).ok_or_else(|| {
                damaged_at(path, at + 1, &format!("поле «{column}» не читается"))
            })?);
            columns.push(column);
        }
        match &mut batch {
            Some((table, held, rows)) if *table == t && *held == columns && rows.len() < 100 => {
                rows.push(cells);
            }
            _ => {
                flush(conn, path, batch.take(), at).await?;
                batch = Some((t, columns, vec![cells]));
            }
        }
    }
    flush(conn, path, batch, 0).await
}

async fn flush(
    conn: &mut AnyConnection,
    path: &Path,
    batch: Option<(String, Vec<String>, Vec<Vec<Cell>>)>,
    line: usize,
) -> Result<(), StoreError> {
    let Some((table, columns, rows)) = batch else {
        return Ok(());
    };
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    insert_many(conn, &table, &columns, rows)
        .await
        .map_err(|error| match error {
            StoreError::Full | StoreError::Unavailable { .. } => error,
            other => damaged_at(path, line, &format!("{table}: {other}")),
        })
}

fn from_json(column: &str, value: Value) -> Option<Cell> {
    // Names go into the statement's text: ours have no other letters.
    if column.is_empty()
        || !column
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    {
        return None;
    }
    match value {
        Value::String(text) => Some(text.into()),
        Value::Number(number) => number.as_i64().map(Cell::from),
        _ => None,
    }
}

/// Switches triggers off inside the transaction; returns what switches them on again.
async fn rules_off(conn: &mut AnyConnection, dialect: Dialect) -> Result<Vec<String>, StoreError> {
    let mut on = Vec::new();
    match dialect {
        Dialect::Sqlite => {
            for rule in rows!(
                conn,
                "select name, sql from sqlite_master where type = 'trigger'"
            )? {
                on.push(sql::text(&rule, "sql")?);
                let off = format!("drop trigger {}", sql::text(&rule, "name")?);
                statement(off, []).execute(&mut *conn).await?;
            }
        }
        Dialect::Postgres => {
            for (table, _) in tables() {
                let off = format!("alter table {table} disable trigger user");
                statement(off, []).execute(&mut *conn).await?;
                on.push(format!("alter table {table} enable trigger user"));
            }
        }
    }
    Ok(on)
}

async fn rules_on(conn: &mut AnyConnection, rules: &[String]) -> Result<(), StoreError> {
    for rule in rules {
        // As plain text: a trigger's body has several statements.
        sqlx::raw_sql(AssertSqlSafe(rule.clone()))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

//! Restoring: the file is checked whole before a row of it goes in.

use super::rules::{rules_off, rules_on};
use super::{BackupReport, Head, Line, Tail, at_file, count, damaged_at, hex, tables};
use crate::store::audit::{self, AuditVerdict};
use crate::store::db::SCHEMA_VERSION;
use crate::store::sql::{Cell, insert_many, statement};
use crate::store::{Store, StoreError};
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::AnyConnection;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

impl Store {
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

//! Writing a backup: line by line, hashed on the way.

use super::{BackupReport, Head, Line, Tail, at_file, count, hex, tables};
use crate::store::audit;
use crate::store::db::{SCHEMA_VERSION, now_ms};
use crate::store::sql::{self, Cell, statement};
use crate::store::{Store, StoreError};
use serde::Serialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Column, Row, ValueRef};
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// So many rows are in memory at a time.
const PAGE: i64 = 500;

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

fn part_name(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
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

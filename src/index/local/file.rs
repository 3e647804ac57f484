//! The file of a local index: one SQLite database with entries, vectors and FTS5 over our stems.
//!
//! Every entry carries a seal over all that belongs to it, and the header the sum of the seals, so that a file is either
//! what was written or found out when it is opened.

use super::super::types::{EntryKind, Filter, IndexSpec, Scored};
use super::super::{IndexError, blocking};
use super::check::{self, FORMAT};
use super::failure::failure;
use super::memory::Memory;
use super::statements::{self, Change};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};
use std::path::{Path, PathBuf};

/// An open file. Dropping it without [`File::close`] leaves the closing to a thread of the driver.
pub struct File {
    path: PathBuf,
    connection: SqliteConnection,
}

impl File {
    /// Makes a new, empty file; there must be none.
    pub fn create(path: &Path, spec: &IndexSpec) -> Result<Self, IndexError> {
        let mut file = Self::connect(path)?;
        let made = blocking::wait(async {
            let work = async {
                sqlx::raw_sql(include_str!("schema.sql"))
                    .execute(&mut file.connection)
                    .await?;
                sqlx::query("insert into header values (?, ?, ?, ?, 0, 0, 0)")
                    .bind(FORMAT)
                    .bind(&spec.model_sha256)
                    .bind(spec.dimension as i64)
                    .bind(&spec.splitter)
                    .execute(&mut file.connection)
                    .await
            };
            work.await.map_err(|error| failure(path, &error))
        });
        made.map(|_| file)
    }

    /// Opens an existing file without looking into it.
    pub fn connect(path: &Path) -> Result<Self, IndexError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Truncate)
            // Derived data: what the last power cut took is filled in again.
            .synchronous(SqliteSynchronous::Normal)
            // 32 MiB: the default of 2 reads a file of 20,000 entries from the disk again and again.
            .pragma("cache_size", "-32768")
            .pragma("secure_delete", "on")
            .pragma("trusted_schema", "off")
            .pragma("cell_size_check", "on")
            // Statements can take words of a question with them.
            .disable_statement_logging();
        let connection = blocking::wait(async {
            SqliteConnection::connect_with(&options)
                .await
                .map_err(|error| failure(path, &error))
        })?;
        Ok(Self {
            path: path.to_owned(),
            connection,
        })
    }

    /// Reads everything and checks it against its seals; fails with [`IndexError::Damaged`] at the first difference.
    pub fn load(&mut self, spec: &IndexSpec) -> Result<Memory, IndexError> {
        let path = self.path.clone();
        blocking::wait(check::load(&mut self.connection, &path, spec))
    }

    /// Takes entries out and puts others in, with the header that follows, in one transaction.
    pub fn write(&mut self, change: &Change) -> Result<(), IndexError> {
        let path = self.path.clone();
        blocking::wait(async {
            let work = async {
                let mut open = self.connection.begin().await?;
                for mut statement in statements::of_change(change) {
                    statement.build().execute(&mut *open).await?;
                }
                sqlx::query("update header set entries = ?, vectors = ?, seals = ?")
                    .bind(change.totals.entries)
                    .bind(change.totals.vectors)
                    .bind(change.totals.seals)
                    .execute(&mut *open)
                    .await?;
                open.commit().await
            };
            work.await.map_err(|error| failure(&path, &error))
        })
    }

    /// Returns what matches any of the stems, by BM25, best first, equal ones by id.
    pub fn matching(
        &mut self,
        stems: &[&str],
        filter: &Filter,
        limit: usize,
    ) -> Result<Vec<Scored>, IndexError> {
        let path = self.path.clone();
        let mut query = statements::search(stems, filter, limit);
        blocking::wait(async {
            let found = query.build().fetch_all(&mut self.connection).await;
            found
                .and_then(|rows| rows.iter().map(scored).collect())
                .map_err(|error| failure(&path, &error))
        })
    }

    pub fn close(self) -> Result<(), IndexError> {
        let path = self.path;
        blocking::wait(async {
            self.connection
                .close()
                .await
                .map_err(|error| failure(&path, &error))
        })
    }
}

fn scored(row: &SqliteRow) -> Result<Scored, sqlx::Error> {
    let kind: String = row.try_get("kind")?;
    let score: f64 = row.try_get("score")?;
    Ok(Scored {
        id: row.try_get("id")?,
        article: row.try_get("article")?,
        citation: row.try_get("citation")?,
        kind: EntryKind::parse(&kind)
            .ok_or_else(|| sqlx::Error::Decode(format!("kind {kind:?}").into()))?,
        // FTS5 counts downwards.
        score: -score as f32,
    })
}

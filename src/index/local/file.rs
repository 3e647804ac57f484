//! The file of a local index: one SQLite database with entries, vectors and FTS5 over our stems.
//!
//! Every entry carries a seal over all that belongs to it, and the header the sum of the seals, so that a file is either
//! what was written or found out when it is opened.

use super::super::types::{
    Entry, EntryKind, FIRST_DAY, Filter, IndexSpec, LAST_DAY, Scored, day_number, words, wrong,
};
use super::super::{IndexError, blocking};
use super::memory::{Memory, Totals};
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteRow, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Row, Sqlite, SqliteConnection};
use std::path::{Path, PathBuf};

const FORMAT: i64 = 1;
const TITLE_WEIGHT: f64 = 0.3;

/// An entry as the file holds it.
pub struct Stored {
    pub number: i64,
    pub id: String,
    pub kind: EntryKind,
    pub citation: String,
    pub article: String,
    pub act: String,
    /// Empty: everybody's.
    pub owner: String,
    pub from: i64,
    pub until: i64,
    pub body: String,
    pub title: String,
    pub dense: Option<Vec<f32>>,
    pub seal: i64,
}

impl Stored {
    pub fn new(entry: &Entry, number: i64) -> Self {
        let mut stored = Self {
            number,
            id: entry.id.clone(),
            kind: entry.kind,
            citation: entry.citation.clone(),
            article: entry.article.clone(),
            act: entry.act.clone(),
            owner: entry.organisation_path.clone().unwrap_or_default(),
            from: entry.from.map_or(FIRST_DAY, day_number),
            until: entry.until.map_or(LAST_DAY, day_number),
            body: column(&entry.stems),
            title: column(&entry.title_stems),
            dense: entry.dense.clone(),
            seal: 0,
        };
        stored.seal = stored.seal();
        stored
    }

    /// Returns the first 8 bytes of the SHA-256 over every field with its length.
    fn seal(&self) -> i64 {
        let mut hash = Sha256::new();
        for number in [self.number, self.from, self.until] {
            hash.update(number.to_le_bytes());
        }
        let texts = [
            &self.id,
            self.kind.as_str(),
            &self.citation,
            &self.article,
            &self.act,
            &self.owner,
            &self.body,
            &self.title,
        ];
        for text in texts {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        if let Some(vector) = &self.dense {
            hash.update(to_bytes(vector));
        }
        let mut first = [0u8; 8];
        first.copy_from_slice(&hash.finalize()[..8]);
        i64::from_le_bytes(first)
    }

    fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let kind: String = row.try_get("kind")?;
        let kind = EntryKind::parse(&kind)
            .ok_or_else(|| sqlx::Error::Decode(format!("kind {kind:?}").into()))?;
        let dense: Option<Vec<u8>> = row.try_get("dense")?;
        Ok(Self {
            number: row.try_get("number")?,
            id: row.try_get("id")?,
            kind,
            citation: row.try_get("citation")?,
            article: row.try_get("article")?,
            act: row.try_get("act")?,
            owner: row.try_get("owner")?,
            from: row.try_get("from_day")?,
            until: row.try_get("until_day")?,
            body: row.try_get("body")?,
            title: row.try_get("title")?,
            dense: dense.map(|bytes| from_bytes(&bytes)),
            seal: row.try_get("seal")?,
        })
    }
}

fn column(stems: &[String]) -> String {
    let all: Vec<&str> = stems.iter().flat_map(|stem| words(stem)).collect();
    all.join(" ")
}

fn to_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    let quads = bytes.chunks_exact(4);
    quads
        .map(|quad| f32::from_le_bytes([quad[0], quad[1], quad[2], quad[3]]))
        .collect()
}

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
        blocking::wait(async {
            let connection = &mut self.connection;
            let header = check_header(connection, &path, spec).await?;
            check_structure(connection, &path).await?;
            let memory = read_entries(connection, &path, spec).await?;
            if memory.totals() != header {
                return Err(damaged(&path, "число записей не сходится с заголовком"));
            }
            Ok(memory)
        })
    }

    /// Takes entries out and puts others in, with the header that follows, in one transaction.
    pub fn write(
        &mut self,
        gone: &[i64],
        come: &[Stored],
        totals: Totals,
    ) -> Result<(), IndexError> {
        let path = self.path.clone();
        blocking::wait(async {
            let work = async {
                let mut change = self.connection.begin().await?;
                if !gone.is_empty() {
                    delete(&mut change, gone).await?;
                }
                if !come.is_empty() {
                    insert(&mut change, come).await?;
                }
                sqlx::query("update header set entries = ?, vectors = ?, seals = ?")
                    .bind(totals.entries)
                    .bind(totals.vectors)
                    .bind(totals.seals)
                    .execute(&mut *change)
                    .await?;
                change.commit().await
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
        let mut query = search(stems, filter, limit);
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

async fn check_header(
    connection: &mut SqliteConnection,
    path: &Path,
    spec: &IndexSpec,
) -> Result<Totals, IndexError> {
    let broken = |error: sqlx::Error| unreadable(path, &error);
    let row = sqlx::query("select * from header")
        .fetch_one(connection)
        .await
        .map_err(broken)?;
    let found: (i64, String, i64, String) = (
        row.try_get("format").map_err(broken)?,
        row.try_get("model_sha256").map_err(broken)?,
        row.try_get("dimension").map_err(broken)?,
        row.try_get("splitter").map_err(broken)?,
    );
    let wanted = (
        FORMAT,
        spec.model_sha256.clone(),
        spec.dimension as i64,
        spec.splitter.clone(),
    );
    if found != wanted {
        return Err(damaged(path, "он сделан для другой модели, нарезки или версии"));
    }
    Ok(Totals {
        entries: row.try_get("entries").map_err(broken)?,
        vectors: row.try_get("vectors").map_err(broken)?,
        seals: row.try_get("seals").map_err(broken)?,
    })
}

/// Lets SQLite check its pages and FTS5 its index against the words it was made from.
async fn check_structure(
    connection: &mut SqliteConnection,
    path: &Path,
) -> Result<(), IndexError> {
    let broken = |error: sqlx::Error| unreadable(path, &error);
    let answer: String = sqlx::query_scalar("pragma integrity_check(1)")
        .fetch_one(&mut *connection)
        .await
        .map_err(broken)?;
    if answer != "ok" {
        return Err(damaged(path, &answer));
    }
    // A write too: a file that lets itself only be read is found out here.
    sqlx::query("insert into words (words, rank) values ('integrity-check', 1)")
        .execute(&mut *connection)
        .await
        .map_err(broken)?;
    let (in_words, in_vectors): (i64, i64) = sqlx::query_as(
        "select (select count(*) from words where rowid not in (select number from entry)),
                (select count(*) from vector where number not in (select number from entry))",
    )
    .fetch_one(connection)
    .await
    .map_err(broken)?;
    if in_words + in_vectors > 0 {
        return Err(damaged(path, "есть слова или векторы без записи"));
    }
    Ok(())
}

/// Reads a page of entries at a time: all rows at once would stand in memory twice.
async fn read_entries(
    connection: &mut SqliteConnection,
    path: &Path,
    spec: &IndexSpec,
) -> Result<Memory, IndexError> {
    let mut memory = Memory::new(spec);
    let mut last = 0i64;
    loop {
        let rows = sqlx::query(
            "select e.*, w.body, w.title, v.dense from entry e
             cross join words w on w.rowid = e.number
             left join vector v on v.number = e.number
             where e.number > ? order by e.number limit 1000",
        )
        .bind(last)
        .fetch_all(&mut *connection)
        .await
        .map_err(|error| unreadable(path, &error))?;
        if rows.is_empty() {
            return Ok(memory);
        }
        for row in &rows {
            let stored = Stored::read(row).map_err(|error| unreadable(path, &error))?;
            let whole = stored.seal == stored.seal()
                && stored.number > last
                && memory.number(&stored.id).is_none()
                && (stored.dense.as_ref()).is_none_or(|vector| vector.len() == spec.dimension);
            if !whole {
                return Err(damaged(path, &format!("запись {} изменена", stored.number)));
            }
            last = stored.number;
            memory.add(stored);
        }
    }
}

async fn delete(change: &mut SqliteConnection, gone: &[i64]) -> Result<(), sqlx::Error> {
    for start in [
        "delete from words where rowid in (",
        "delete from vector where number in (",
        "delete from entry where number in (",
    ] {
        let mut query = QueryBuilder::<Sqlite>::new(start);
        let mut list = query.separated(", ");
        for number in gone {
            list.push_bind(*number);
        }
        query.push(")").build().execute(&mut *change).await?;
    }
    Ok(())
}

async fn insert(change: &mut SqliteConnection, come: &[Stored]) -> Result<(), sqlx::Error> {
    let mut query = QueryBuilder::<Sqlite>::new("insert into entry ");
    query.push_values(come, |mut row, stored| {
        row.push_bind(stored.number)
            .push_bind(&stored.id)
            .push_bind(stored.kind.as_str())
            .push_bind(&stored.citation)
            .push_bind(&stored.article)
            .push_bind(&stored.act)
            .push_bind(&stored.owner)
            .push_bind(stored.from)
            .push_bind(stored.until)
            .push_bind(stored.seal);
    });
    query.build().execute(&mut *change).await?;
    let mut query = QueryBuilder::<Sqlite>::new("insert into words (rowid, body, title) ");
    query.push_values(come, |mut row, stored| {
        row.push_bind(stored.number)
            .push_bind(&stored.body)
            .push_bind(&stored.title);
    });
    query.build().execute(&mut *change).await?;
    let vectors = come
        .iter()
        .filter_map(|stored| Some((stored.number, stored.dense.as_ref()?)));
    if vectors.clone().next().is_some() {
        let mut query = QueryBuilder::<Sqlite>::new("insert into vector ");
        query.push_values(vectors, |mut row, (number, vector)| {
            row.push_bind(number).push_bind(to_bytes(vector));
        });
        query.build().execute(&mut *change).await?;
    }
    Ok(())
}

fn search(stems: &[&str], filter: &Filter, limit: usize) -> QueryBuilder<Sqlite> {
    let quoted: Vec<String> = stems
        .iter()
        .map(|stem| format!("\"{}\"", stem.replace('"', "\"\"")))
        .collect();
    let mut query = QueryBuilder::new(
        "select e.id, e.article, e.citation, e.kind, bm25(words, 1.0, ",
    );
    query
        .push_bind(TITLE_WEIGHT)
        .push(") as score from words cross join entry e on e.number = words.rowid where words match ")
        .push_bind(quoted.join(" OR "));
    if let Some(on) = filter.on.map(day_number) {
        query.push(" and e.from_day <= ").push_bind(on);
        query.push(" and e.until_day > ").push_bind(on);
    }
    let kinds = filter.kinds.iter().map(|kind| kind.as_str().to_owned());
    among(&mut query, "e.kind", kinds);
    among(&mut query, "e.act", filter.acts.iter().cloned());
    let owners = filter.owners().into_iter().chain([String::new()]);
    among(&mut query, "e.owner", owners);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    query.push(" order by score, e.id limit ").push_bind(limit);
    query
}

/// Adds `and column in (…)`, or nothing for no values.
fn among(
    query: &mut QueryBuilder<Sqlite>,
    column: &'static str,
    values: impl Iterator<Item = String>,
) {
    let mut values = values.peekable();
    if values.peek().is_none() {
        return;
    }
    query.push(" and ").push(column).push(" in (");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
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

fn damaged(path: &Path, reason: &str) -> IndexError {
    IndexError::Damaged {
        place: path.display().to_string(),
        reason: reason.to_owned(),
    }
}

/// What SQLite's primary result codes mean for us (<https://sqlite.org/rescode.html>).
fn failure(path: &Path, error: &sqlx::Error) -> IndexError {
    let place = path.display().to_string();
    let reason = error.to_string();
    match primary_code(error) {
        // SQLITE_CORRUPT, SQLITE_NOTADB.
        Some(11 | 26) => IndexError::Damaged { place, reason },
        // SQLITE_BUSY, SQLITE_LOCKED.
        Some(5 | 6) => IndexError::Busy { place, reason },
        // SQLITE_TOOBIG.
        Some(18) => wrong(reason),
        // SQLITE_PERM, NOMEM, READONLY, IOERR, FULL, CANTOPEN.
        Some(3 | 7 | 8 | 10 | 13 | 14) => IndexError::Storage { place, reason },
        // A missing table, a wrong type, a row that can't be decoded.
        _ => IndexError::Damaged { place, reason },
    }
}

/// As [`failure`], while a file is checked: there, whatever is not about the machine is damage.
fn unreadable(path: &Path, error: &sqlx::Error) -> IndexError {
    match primary_code(error) {
        Some(5 | 6 | 7 | 13 | 14) => failure(path, error),
        _ => damaged(path, &error.to_string()),
    }
}

fn primary_code(error: &sqlx::Error) -> Option<i64> {
    let code: i64 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

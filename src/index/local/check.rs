//! Reads a whole file and finds out whether it is what was written.

use super::super::IndexError;
use super::super::types::IndexSpec;
use super::failure::{damaged, unreadable};
use super::memory::{Memory, Totals};
use super::stored::Stored;
use sqlx::{Row, SqliteConnection};
use std::path::Path;

/// What this program writes; a file of another format is built anew.
pub const FORMAT: i64 = 1;

/// Returns all entries, or [`IndexError::Damaged`] with the first thing that is not as it was written.
pub async fn load(
    connection: &mut SqliteConnection,
    path: &Path,
    spec: &IndexSpec,
) -> Result<Memory, IndexError> {
    let header = check_header(connection, path, spec).await?;
    check_structure(connection, path).await?;
    let memory = read_entries(connection, path, spec).await?;
    if memory.totals() != header {
        return Err(damaged(path, "число записей не сходится с заголовком"));
    }
    Ok(memory)
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
        return Err(damaged(
            path,
            "он сделан для другой модели, нарезки или версии",
        ));
    }
    Ok(Totals {
        entries: row.try_get("entries").map_err(broken)?,
        vectors: row.try_get("vectors").map_err(broken)?,
        seals: row.try_get("seals").map_err(broken)?,
    })
}

/// Lets SQLite check its pages and indexes, FTS5's against the words it was made from included.
async fn check_structure(connection: &mut SqliteConnection, path: &Path) -> Result<(), IndexError> {
    let broken = |error: sqlx::Error| unreadable(path, &error);
    let answer: String = sqlx::query_scalar("pragma integrity_check(1)")
        .fetch_one(&mut *connection)
        .await
        .map_err(broken)?;
    if answer != "ok" {
        return Err(damaged(path, &answer));
    }
    // A file that lets itself only be read is found out here, not at the first upsert.
    sqlx::query("update header set format = format")
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

//! Which copy of an act was taken from where, so that a source is asked for news only.

use super::db::now_ms;
use super::sql::{self, Cell, execute, row, statement};
use super::{Store, StoreError};

/// The copy of an act that was taken from a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceCopy {
    pub act: String,
    /// Where it came from: another address is another copy.
    pub url: String,
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    /// Hex SHA-256 of the bytes that came.
    pub sha256: String,
    /// When it was last looked at, Unix ms; set by the store.
    pub checked_ms: i64,
}

impl Store {
    /// Returns the copy that was taken of an act, as long as an edition of the act is held.
    pub async fn source_copy(&self, act: &str) -> Result<Option<SourceCopy>, StoreError> {
        let mut conn = self.reader().await?;
        row!(
            conn,
            "select * from source_copy where act_id = $1
               and exists (select 1 from edition e where e.act_id = $2 and e.superseded = 0)",
            act,
            act
        )?
        .map(|row| {
            Ok(SourceCopy {
                act: sql::text(&row, "act_id")?,
                url: sql::text(&row, "url")?,
                etag: sql::text_or_none(&row, "etag")?,
                last_modified: sql::text_or_none(&row, "last_modified")?,
                sha256: sql::text(&row, "sha256")?,
                checked_ms: sql::int(&row, "checked_ms")?,
            })
        })
        .transpose()
    }

    /// Keeps which copy was taken now, instead of what was kept of the act before.
    pub async fn keep_source_copy(&self, copy: &SourceCopy) -> Result<(), StoreError> {
        let sql = "insert into source_copy (act_id, url, etag, last_modified, sha256, taken_ms, checked_ms)
             values ($1, $2, $3, $4, $5, $6, $7)
             on conflict (act_id) do update set url = excluded.url, etag = excluded.etag,
                 last_modified = excluded.last_modified, sha256 = excluded.sha256,
                 taken_ms = excluded.taken_ms, checked_ms = excluded.checked_ms";
        let now = now_ms();
        let cells: [Cell; 7] = [
            (&copy.act).into(),
            (&copy.url).into(),
            copy.etag.clone().into(),
            copy.last_modified.clone().into(),
            (&copy.sha256).into(),
            now.into(),
            now.into(),
        ];
        let mut tx = self.small_write().await?;
        statement(sql.to_owned(), cells).execute(&mut *tx).await?;
        tx.commit().await
    }

    /// Keeps that the source was asked just now and had nothing new.
    pub async fn source_checked(&self, act: &str) -> Result<(), StoreError> {
        let mut tx = self.small_write().await?;
        execute!(
            tx,
            "update source_copy set checked_ms = $1 where act_id = $2",
            now_ms(),
            act
        )?;
        tx.commit().await
    }
}

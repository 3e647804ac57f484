//! The union's own wording of statements of the digest.

use super::audit::{self, Entry};
use super::db::now_ms;
use super::sql::{self, Cell, execute, statement};
use super::{Store, StoreError};
use serde_json::{Value, json};

/// A statement as the union words it, in the place of the shipped one with this hash.
#[derive(Debug, Clone, PartialEq)]
pub struct StatementEdit {
    pub statement: String,
    pub shipped_sha256: String,
    /// What the union says instead; the app knows its shape.
    pub fields: Value,
}

impl Store {
    /// Keeps an edit; one of the same statement is replaced.
    pub async fn keep_edit(&self, edit: &StatementEdit, actor: &str) -> Result<(), StoreError> {
        let sql = "insert into statement_edit (statement_id, shipped_sha256, fields_json, edited_by, edited_ms)
             values ($1, $2, $3, $4, $5)
             on conflict (statement_id) do update set shipped_sha256 = excluded.shipped_sha256,
                 fields_json = excluded.fields_json, edited_by = excluded.edited_by, edited_ms = excluded.edited_ms";
        let cells: [Cell; 5] = [
            edit.statement.clone().into(),
            edit.shipped_sha256.clone().into(),
            edit.fields.to_string().into(),
            actor.into(),
            now_ms().into(),
        ];
        let mut tx = self.write().await?;
        statement(sql.to_owned(), cells).execute(&mut *tx).await?;
        note(&mut tx, actor, "statement.edit", &edit.statement).await?;
        tx.commit().await
    }

    /// Gives the shipped wording its place again; says whether there was an edit.
    pub async fn drop_edit(&self, id: &str, actor: &str) -> Result<bool, StoreError> {
        let mut tx = self.write().await?;
        let gone = execute!(tx, "delete from statement_edit where statement_id = $1", id)?;
        if gone > 0 {
            note(&mut tx, actor, "statement.restore", id).await?;
        }
        tx.commit().await?;
        Ok(gone > 0)
    }

    /// Every edit, by the statement's id.
    pub async fn edits(&self) -> Result<Vec<StatementEdit>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = "select statement_id, shipped_sha256, fields_json from statement_edit order by statement_id";
        let no_cells: [Cell; 0] = [];
        let rows = statement(sql.to_owned(), no_cells)
            .fetch_all(&mut *conn)
            .await?;
        rows.iter()
            .map(|row| {
                let id = sql::text(row, "statement_id")?;
                let fields =
                    serde_json::from_str(&sql::text(row, "fields_json")?).map_err(|e| {
                        StoreError::damaged(format!("statement_edit {id}"), e.to_string())
                    })?;
                Ok(StatementEdit {
                    statement: id,
                    shipped_sha256: sql::text(row, "shipped_sha256")?,
                    fields,
                })
            })
            .collect()
    }
}

async fn note(
    conn: &mut sqlx::AnyConnection,
    actor: &str,
    action: &str,
    subject: &str,
) -> Result<(), StoreError> {
    audit::append(
        conn,
        Entry {
            actor,
            action,
            subject,
            detail: json!({}),
        },
    )
    .await
}

//! Things for a person to look at, and settings kept in the database.

use super::audit::{self, Entry};
use super::db::now_ms;
use super::sql::{self, execute, insert, row, rows};
use super::{Store, StoreError};
use crate::case::PersonId;
use serde_json::json;

/// Something a person has to look at, such as an alignment without a clear margin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub id: String,
    pub kind: String,
    /// An id or a code of what it is about.
    pub subject: String,
    pub assignee: Option<PersonId>,
    pub created_ms: i64,
}

impl Store {
    /// Opens a task; one of the same kind and subject that is open stays the only one. Returns its id.
    pub async fn open_task(&self, kind: &str, subject: &str) -> Result<String, StoreError> {
        let mut tx = self.small_write().await?;
        let open = row!(
            tx,
            "select id from task where kind = $1 and subject = $2 and state = 'open'",
            kind,
            subject
        )?;
        if let Some(open) = open {
            return sql::text(&open, "id");
        }
        let id = uuid::Uuid::now_v7().to_string();
        insert(
            &mut tx,
            "task",
            [
                ("id", id.as_str().into()),
                ("kind", kind.into()),
                ("subject", subject.into()),
                ("state", "open".into()),
                ("created_ms", now_ms().into()),
            ],
        )
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Marks a task done.
    pub async fn finish_task(&self, id: &str, actor: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        if execute!(
            tx,
            "update task set state = 'done' where id = $1 and state = 'open'",
            id
        )? == 0
        {
            return Err(StoreError::not_found("открытая задача"));
        }
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "task.finish",
                subject: id,
                detail: json!({}),
            },
        )
        .await?;
        tx.commit().await
    }

    /// Gives a task to a person, or to nobody.
    pub async fn assign_task(&self, id: &str, to: Option<&PersonId>) -> Result<(), StoreError> {
        let mut tx = self.small_write().await?;
        if execute!(
            tx,
            "update task set assignee = $1 where id = $2",
            to.map(|person| person.0.clone()),
            id
        )? == 0
        {
            return Err(StoreError::not_found("задача"));
        }
        tx.commit().await
    }

    /// Returns open tasks, oldest first.
    pub async fn open_tasks(&self, limit: i64) -> Result<Vec<Task>, StoreError> {
        let mut conn = self.reader().await?;
        rows!(
            conn,
            "select * from task where state = 'open' order by created_ms, id limit $1",
            limit
        )?
        .iter()
        .map(|row| {
            Ok(Task {
                id: sql::text(row, "id")?,
                kind: sql::text(row, "kind")?,
                subject: sql::text(row, "subject")?,
                assignee: sql::text_or_none(row, "assignee")?.map(PersonId),
                created_ms: sql::int(row, "created_ms")?,
            })
        })
        .collect()
    }

    /// Returns a setting that is kept in the database.
    pub async fn setting(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut conn = self.reader().await?;
        row!(conn, "select value from setting where key = $1", key)?
            .map(|row| sql::text(&row, "value"))
            .transpose()
    }

    /// Keeps a setting.
    pub async fn set_setting(&self, key: &str, value: &str, actor: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        execute!(
            tx,
            "insert into setting (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value",
            key,
            value
        )?;
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "setting.set",
                subject: key,
                detail: json!({}),
            },
        )
        .await?;
        tx.commit().await
    }
}

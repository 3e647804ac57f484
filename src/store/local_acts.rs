//! Local acts: whose they are, and until when they are in force.

use super::audit::{self, Entry};
use super::sql::{self, execute, row, rows};
use super::{Store, StoreError};
use crate::case::OrganisationId;
use jiff::civil::Date;
use serde_json::json;
use sqlx::any::AnyRow;

/// A local act (локальный акт) as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalAct {
    pub id: String,
    pub title: String,
    /// The day of signing, where somebody said it.
    pub signed: Option<Date>,
    pub owner: OrganisationId,
    pub owner_name: String,
    pub owner_path: String,
    /// Days of the editions that are held, oldest first.
    pub editions: Vec<Date>,
    /// The first day on which it is no longer in force.
    pub until: Option<Date>,
    /// What of the newest edition can be searched.
    pub passages: i64,
}

impl LocalAct {
    /// The last day in force.
    pub fn last_day(&self) -> Option<Date> {
        self.until.and_then(|until| until.yesterday().ok())
    }
}

const LOCAL_ACTS: &str =
    "select a.id, a.title, a.adopted, o.id as owner_id, o.name as owner_name, o.path as owner_path,
         e.edition_date,
         (select count(*) from passage p where p.edition_id = e.id) as passages,
         (select max(v.in_force_until) from provision_version v where v.edition_id = e.id) as ends
     from act a join organisation o on o.id = a.owner_organisation_id
     join edition e on e.act_id = a.id and e.superseded = 0
     order by o.path, a.title, a.id, e.edition_date";

impl Store {
    /// Returns all local acts of which an edition is held, by owner and title.
    pub async fn local_acts(&self) -> Result<Vec<LocalAct>, StoreError> {
        let mut conn = self.reader().await?;
        let mut acts: Vec<LocalAct> = Vec::new();
        for row in rows!(conn, LOCAL_ACTS)? {
            let id = sql::text(&row, "id")?;
            if acts.last().is_none_or(|last| last.id != id) {
                acts.push(read(&row, id)?);
            }
            if let Some(act) = acts.last_mut() {
                act.editions.push(sql::date(&row, "edition_date")?);
                // The newest comes last.
                act.until = sql::date_or_none(&row, "ends")?;
                act.passages = sql::int(&row, "passages")?;
            }
        }
        Ok(acts)
    }

    /// Returns the path of the node whose local act this is; `None` for the law and for what is not held.
    pub async fn act_owner_path(&self, act: &str) -> Result<Option<String>, StoreError> {
        let mut conn = self.reader().await?;
        row!(
            conn,
            "select o.path from act a join organisation o on o.id = a.owner_organisation_id where a.id = $1",
            act
        )?
        .map(|row| sql::text(&row, "path"))
        .transpose()
    }

    /// Sets the last day on which a local act is in force: from the next day on it is no longer quoted.
    ///
    /// Fails where there is no such local act, and where its newest edition begins later.
    pub async fn end_local_act(
        &self,
        act: &str,
        last: Date,
        actor: &str,
    ) -> Result<(), StoreError> {
        let until = last
            .tomorrow()
            .map_err(|_| StoreError::refused(format!("День {last} слишком далёк.")))?;
        let mut tx = self.write().await?;
        let newest = row!(
            tx,
            "select e.id, e.edition_date from edition e join act a on a.id = e.act_id
             where e.act_id = $1 and e.superseded = 0 and a.owner_organisation_id is not null
             order by e.edition_date desc limit 1",
            act
        )?
        .ok_or_else(|| StoreError::not_found(format!("локальный акт {act}")))?;
        let (edition, begins) = (
            sql::text(&newest, "id")?,
            sql::date(&newest, "edition_date")?,
        );
        if last < begins {
            return Err(StoreError::refused(format!(
                "Последний день {last} раньше первого: новейшая редакция действует с {begins}. Назовите день не раньше."
            )));
        }
        for sql in [
            "update provision_version set in_force_until = $1 where edition_id = $2",
            "update passage set in_force_until = $1 where edition_id = $2",
        ] {
            execute!(tx, sql, until.to_string(), edition.clone())?;
        }
        execute!(
            tx,
            "update edition set current_to = $1 where id = $2",
            last.to_string(),
            edition.clone()
        )?;
        let entry = Entry {
            actor,
            action: "local_act.end",
            subject: act,
            detail: json!({"last_day": last.to_string()}),
        };
        audit::append(&mut tx, entry).await?;
        tx.commit().await
    }
}

fn read(row: &AnyRow, id: String) -> Result<LocalAct, StoreError> {
    Ok(LocalAct {
        id,
        title: sql::text(row, "title")?,
        signed: sql::date_or_none(row, "adopted")?,
        owner: OrganisationId(sql::text(row, "owner_id")?),
        owner_name: sql::text(row, "owner_name")?,
        owner_path: sql::text(row, "owner_path")?,
        editions: Vec::new(),
        until: None,
        passages: 0,
    })
}

//! Adding an edition: whole or not at all, aligned with the editions around it.

mod insert;

use super::act_rows::{Act, Alignment, EditionOutcome, EditionReport, NewEdition, trust};
use super::alignment::{Around, Prepared};
use super::audit::{self, Entry};
use super::sql::{self, Cell, execute, row, rows};
use super::{Store, StoreError};
use crate::case::OrganisationId;
use insert::insert_whole;
use jiff::civil::Date;
use serde_json::json;
use sqlx::AnyConnection;

/// How often an edition is laid beside its neighbours anew, because another one came between meanwhile.
const TRIES: usize = 3;

/// What the neighbours of the new edition are.
struct Neighbours {
    around: Around,
    /// The form of another file of the same day.
    copy_format: Option<String>,
    after_date: Option<Date>,
}

impl Store {
    /// Adds an edition with its versions and passages; the same file a second time does nothing.
    ///
    /// Its norms get the keys of those that they continue in the editions around it, and what is not clear waits for a
    /// person. Costs about a second for 5,000 versions, and a third of one for each code that it is aligned with.
    pub async fn add_edition(
        &self,
        new: &NewEdition,
        actor: &str,
    ) -> Result<EditionReport, StoreError> {
        for _ in 0..TRIES {
            let around = self.around(new).await?;
            let prepared = Prepared::new(self, new, around).await?;
            if let Some(report) = self.add_prepared(new, &prepared, actor).await? {
                return Ok(report);
            }
        }
        Err(StoreError::conflict(
            "Редакции этого акта добавляет кто-то ещё. Повторите.",
        ))
    }

    /// The editions that the new one is to be aligned with: none where nothing will be done.
    async fn around(&self, new: &NewEdition) -> Result<Around, StoreError> {
        let mut conn = self.reader().await?;
        let neighbours = neighbours(&mut conn, &new.act.id, new.edition_date).await?;
        let held = held(&mut conn, new).await?.is_some() || neighbours.is_better(&new.format);
        Ok(if held {
            Around::default()
        } else {
            neighbours.around
        })
    }

    /// Adds the edition, or returns nothing where others are around it than it was prepared for.
    async fn add_prepared(
        &self,
        new: &NewEdition,
        prepared: &Prepared,
        actor: &str,
    ) -> Result<Option<EditionReport>, StoreError> {
        let mut tx = self.write().await?;
        if let Some(held) = held(&mut tx, new).await? {
            return Ok(Some(nothing_done(held, EditionOutcome::AlreadyHeld, new)));
        }
        keep_owner(&mut tx, &new.act).await?;
        keep_act(&mut tx, &new.act).await?;
        let neighbours = neighbours(&mut tx, &new.act.id, new.edition_date).await?;
        if neighbours.is_better(&new.format) {
            let held = neighbours.around.copy.unwrap_or_default();
            return Ok(Some(nothing_done(held, EditionOutcome::BetterHeld, new)));
        }
        if neighbours.around != prepared.around {
            return Ok(None);
        }
        let mut plan = prepared.plan(&mut tx, new).await?;
        step_back(&mut tx, &neighbours.around, new.edition_date).await?;
        let aligned = std::mem::take(&mut plan.versions);
        let edition = insert_whole(&mut tx, new, &aligned, neighbours.after_date).await?;
        let told = std::mem::take(&mut plan.told);
        let (rekeyed, to_review) = prepared
            .settle(&mut tx, &new.act.id, plan, &aligned)
            .await?;
        let outcome = match neighbours.around.copy {
            Some(_) => EditionOutcome::Replaced,
            None => EditionOutcome::Added,
        };
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "edition.add",
                subject: &edition,
                detail: json!({"act": new.act.id, "date": new.edition_date.to_string(), "sha256": new.sha256,
                    "rekeyed": rekeyed, "to_review": to_review}),
            },
        )
        .await?;
        tx.commit().await?;
        let report = nothing_done(edition, outcome, new);
        Ok(Some(counted(report, &told, to_review)))
    }

    /// Keeps that the newest edition of an act is known to be current to `day`.
    pub async fn verify_current_to(
        &self,
        act: &str,
        day: Date,
        actor: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let newest = row!(
            tx,
            "select id, edition_date from edition where act_id = $1 and superseded = 0
             order by edition_date desc limit 1",
            act
        )?
        .ok_or_else(|| StoreError::not_found(format!("редакция акта {act}")))?;
        let date = sql::date(&newest, "edition_date")?;
        if day < date {
            return Err(StoreError::refused(format!(
                "Редакция от {date} не может быть проверена на более ранний день {day}."
            )));
        }
        let id = sql::text(&newest, "id")?;
        execute!(
            tx,
            "update edition set current_to = $1 where id = $2",
            day.to_string(),
            id.clone()
        )?;
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "edition.verify",
                subject: &id,
                detail: json!({"act": act, "current_to": day.to_string()}),
            },
        )
        .await?;
        tx.commit().await
    }
}

impl Neighbours {
    /// Whether a copy of a better form than `format` is held for the same day.
    fn is_better(&self, format: &str) -> bool {
        let held = self.copy_format.as_deref();
        held.is_some_and(|held| trust(held) < trust(format))
    }
}

/// The edition that was made of the same file.
async fn held(conn: &mut AnyConnection, new: &NewEdition) -> Result<Option<String>, StoreError> {
    row!(
        conn,
        "select id from edition where act_id = $1 and sha256 = $2 and superseded = 0",
        new.act.id.clone(),
        new.sha256.clone()
    )?
    .map(|row| sql::text(&row, "id"))
    .transpose()
}

fn nothing_done(edition: String, outcome: EditionOutcome, new: &NewEdition) -> EditionReport {
    EditionReport {
        edition,
        outcome,
        versions: new.versions.len(),
        passages: new.passages.len(),
        same: 0,
        changed: 0,
        moved: 0,
        new: 0,
        split: 0,
        merged: 0,
        repealed: 0,
        to_review: 0,
    }
}

fn counted(report: EditionReport, told: &[Alignment], to_review: usize) -> EditionReport {
    let count = |kind| told.iter().filter(|one| **one == kind).count();
    EditionReport {
        same: count(Alignment::Same),
        changed: count(Alignment::Changed),
        moved: count(Alignment::Moved),
        new: count(Alignment::New),
        split: count(Alignment::Split),
        merged: count(Alignment::Merged),
        repealed: count(Alignment::Repealed),
        to_review,
        ..report
    }
}

/// A law stays the law, and a local act its node's own.
async fn keep_owner(conn: &mut AnyConnection, act: &Act) -> Result<(), StoreError> {
    let held = row!(
        conn,
        "select owner_organisation_id from act where id = $1",
        act.id.clone()
    )?;
    let Some(held) = held else {
        return Ok(());
    };
    let owner = sql::text_or_none(&held, "owner_organisation_id")?.map(OrganisationId);
    if owner == act.owner {
        return Ok(());
    }
    Err(StoreError::refused(format!(
        "Акт {} уже есть, и он не того узла дерева. Проверьте владельца и обозначение акта.",
        act.id
    )))
}

async fn keep_act(conn: &mut AnyConnection, act: &Act) -> Result<(), StoreError> {
    let sql = "insert into act (id, title, number, adopted, nd, owner_organisation_id, priority)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update set title = excluded.title, number = coalesce(excluded.number, act.number),
             adopted = coalesce(excluded.adopted, act.adopted), nd = coalesce(excluded.nd, act.nd),
             priority = excluded.priority";
    let cells: [Cell; 7] = [
        (&act.id).into(),
        (&act.title).into(),
        act.number.clone().into(),
        act.adopted.into(),
        act.nd.clone().into(),
        act.owner.as_ref().map(OrganisationId::as_str).into(),
        act.priority.into(),
    ];
    sql::statement(sql.to_owned(), cells).execute(conn).await?;
    Ok(())
}

async fn neighbours(
    conn: &mut AnyConnection,
    act: &str,
    date: Date,
) -> Result<Neighbours, StoreError> {
    let mut found = Neighbours {
        around: Around::default(),
        copy_format: None,
        after_date: None,
    };
    for row in rows!(
        conn,
        "select id, edition_date, format from edition where act_id = $1 and superseded = 0 order by edition_date",
        act
    )? {
        let id = sql::text(&row, "id")?;
        let its = sql::date(&row, "edition_date")?;
        match its.cmp(&date) {
            std::cmp::Ordering::Less => found.around.before = Some(id),
            std::cmp::Ordering::Equal => {
                found.around.copy = Some(id);
                found.copy_format = Some(sql::text(&row, "format")?);
            }
            std::cmp::Ordering::Greater => {
                found.around.after.get_or_insert(id);
                found.after_date.get_or_insert(its);
            }
        }
    }
    Ok(found)
}

/// The edition before ends where the new one begins, unless it ended earlier; one of the same day steps back.
async fn step_back(
    conn: &mut AnyConnection,
    around: &Around,
    date: Date,
) -> Result<(), StoreError> {
    if let Some(edition) = &around.copy {
        execute!(
            conn,
            "update edition set superseded = 1 where id = $1",
            edition.clone()
        )?;
    }
    if let Some(edition) = &around.before {
        execute!(
            conn,
            "update provision_version set in_force_until = $1
             where edition_id = $2 and (in_force_until is null or in_force_until > $3)",
            date.to_string(),
            edition.clone(),
            date.to_string()
        )?;
        execute!(
            conn,
            "update passage set in_force_until = $1
             where edition_id = $2 and (in_force_until is null or in_force_until > $3)",
            date.to_string(),
            edition.clone(),
            date.to_string()
        )?;
    }
    Ok(())
}

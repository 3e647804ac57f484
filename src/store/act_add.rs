//! Adding an edition: whole or not at all, aligned with the neighbouring edition by label and text.

use super::act_rows::{
    Act, Alignment, EditionOutcome, EditionReport, FromBasis, NewEdition, NewVersion, trust,
};
use super::audit::{self, Entry};
use super::db::now_ms;
use super::sql::{self, Cell, execute, insert, insert_many, row, rows};
use super::{Store, StoreError};
use crate::case::OrganisationId;
use crate::case::types::sha256_hex;
use jiff::civil::Date;
use serde_json::json;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// A version of the neighbouring edition, by its label.
struct Known {
    key: String,
    text_sha256: String,
    in_force_from: Option<String>,
}

/// What the neighbours of the new edition are.
struct Neighbours {
    /// Another file of the same day, and its form.
    same_day: Option<(String, String)>,
    before: Option<String>,
    after: Option<(String, Date)>,
}

/// A version with what alignment made of it.
struct Aligned {
    id: String,
    key: String,
    alignment: Alignment,
    in_force_from: Option<String>,
    from_basis: FromBasis,
}

impl Store {
    /// Adds an edition with its versions and passages; the same file a second time does nothing.
    ///
    /// A provision keeps its key where the neighbouring edition has its label; another text under the same label is
    /// marked for a person to look at. Costs about a second for 5,000 versions.
    pub async fn add_edition(
        &self,
        new: &NewEdition,
        actor: &str,
    ) -> Result<EditionReport, StoreError> {
        let mut tx = self.write().await?;
        if let Some(held) = row!(
            tx,
            "select id from edition where act_id = $1 and sha256 = $2 and superseded = 0",
            new.act.id.clone(),
            new.sha256.clone()
        )? {
            return Ok(report(
                sql::text(&held, "id")?,
                EditionOutcome::AlreadyHeld,
                new,
                &[],
            ));
        }
        keep_act(&mut tx, &new.act).await?;
        let neighbours = neighbours(&mut tx, &new.act.id, new.edition_date).await?;
        if let Some((held, format)) = &neighbours.same_day
            && trust(format) < trust(&new.format)
        {
            return Ok(report(held.clone(), EditionOutcome::BetterHeld, new, &[]));
        }
        let nearest = neighbours
            .same_day
            .as_ref()
            .map(|(id, _)| id.clone())
            .or_else(|| neighbours.before.clone())
            .or_else(|| neighbours.after.as_ref().map(|(id, _)| id.clone()));
        let known = match &nearest {
            Some(edition) => known(&mut tx, edition).await?,
            None => HashMap::new(),
        };
        let aligned = align(&new.versions, known, nearest.is_some());
        step_back(&mut tx, &neighbours, new.edition_date).await?;
        let until = neighbours.after.as_ref().map(|(_, date)| *date);
        let edition = insert_whole(&mut tx, new, &aligned, until).await?;
        let outcome = match neighbours.same_day {
            Some(_) => EditionOutcome::Replaced,
            None => EditionOutcome::Added,
        };
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "edition.add",
                subject: &edition,
                detail: json!({"act": new.act.id, "date": new.edition_date.to_string(), "sha256": new.sha256}),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(report(edition, outcome, new, &aligned))
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

fn report(
    edition: String,
    outcome: EditionOutcome,
    new: &NewEdition,
    aligned: &[Aligned],
) -> EditionReport {
    let count = |kind| aligned.iter().filter(|one| one.alignment == kind).count();
    EditionReport {
        edition,
        outcome,
        versions: new.versions.len(),
        passages: new.passages.len(),
        same: count(Alignment::Same),
        changed: count(Alignment::Label),
        new: count(Alignment::New),
    }
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
        same_day: None,
        before: None,
        after: None,
    };
    for row in rows!(
        conn,
        "select id, edition_date, format from edition where act_id = $1 and superseded = 0 order by edition_date",
        act
    )? {
        let id = sql::text(&row, "id")?;
        let its = sql::date(&row, "edition_date")?;
        match its.cmp(&date) {
            std::cmp::Ordering::Less => found.before = Some(id),
            std::cmp::Ordering::Equal => {
                found.same_day = Some((id, sql::text(&row, "format")?));
            }
            std::cmp::Ordering::Greater => {
                found.after.get_or_insert((id, its));
            }
        }
    }
    Ok(found)
}

/// The versions of an edition by label; a label that occurs twice keeps its order.
async fn known(
    conn: &mut AnyConnection,
    edition: &str,
) -> Result<HashMap<String, Vec<Known>>, StoreError> {
    let mut by_label: HashMap<String, Vec<Known>> = HashMap::new();
    for row in rows!(
        conn,
        "select citation, provision_key, text_sha256, in_force_from from provision_version
         where edition_id = $1 order by ordinal desc",
        edition
    )? {
        by_label
            .entry(sql::text(&row, "citation")?)
            .or_default()
            .push(Known {
                key: sql::text(&row, "provision_key")?,
                text_sha256: sql::text(&row, "text_sha256")?,
                in_force_from: sql::text_or_none(&row, "in_force_from")?,
            });
    }
    Ok(by_label)
}

fn align(
    versions: &[NewVersion],
    mut known: HashMap<String, Vec<Known>>,
    has_neighbour: bool,
) -> Vec<Aligned> {
    versions
        .iter()
        .map(|version| {
            let id = uuid::Uuid::now_v7().to_string();
            let own = version.in_force_from.map(|date| date.to_string());
            let Some(other) = known.get_mut(&version.citation).and_then(Vec::pop) else {
                let from_basis = match (&own, has_neighbour) {
                    (None, true) => FromBasis::BetweenEditions,
                    _ => version.from_basis,
                };
                let key = uuid::Uuid::now_v7().to_string();
                return Aligned {
                    id,
                    key,
                    alignment: Alignment::New,
                    in_force_from: own,
                    from_basis,
                };
            };
            let same = other.text_sha256 == sha256_hex(version.text.as_bytes());
            let (in_force_from, from_basis) = match (own, same, other.in_force_from) {
                (Some(own), ..) => (Some(own), version.from_basis),
                // The same words were in force since then.
                (None, true, Some(earlier)) => (Some(earlier), FromBasis::AmendmentNote),
                (None, true, None) => (None, version.from_basis),
                (None, false, _) => (None, FromBasis::BetweenEditions),
            };
            Aligned {
                id,
                key: other.key,
                alignment: if same {
                    Alignment::Same
                } else {
                    Alignment::Label
                },
                in_force_from,
                from_basis,
            }
        })
        .collect()
}

/// The edition before ends where the new one begins; one of the same day steps back.
async fn step_back(
    conn: &mut AnyConnection,
    neighbours: &Neighbours,
    date: Date,
) -> Result<(), StoreError> {
    if let Some((edition, _)) = &neighbours.same_day {
        execute!(
            conn,
            "update edition set superseded = 1 where id = $1",
            edition.clone()
        )?;
    }
    if let Some(edition) = &neighbours.before {
        execute!(
            conn,
            "update provision_version set in_force_until = $1 where edition_id = $2",
            date.to_string(),
            edition.clone()
        )?;
        execute!(
            conn,
            "update passage set in_force_until = $1 where edition_id = $2",
            date.to_string(),
            edition.clone()
        )?;
    }
    Ok(())
}

/// Inserts the edition with all that is in it; returns its id.
async fn insert_whole(
    conn: &mut AnyConnection,
    new: &NewEdition,
    aligned: &[Aligned],
    until: Option<Date>,
) -> Result<String, StoreError> {
    let edition = uuid::Uuid::now_v7().to_string();
    insert_edition(conn, &edition, new).await?;
    insert_versions(conn, &edition, new, aligned, until).await?;
    insert_passages(conn, &edition, new, aligned, until).await?;
    insert_notes(conn, &edition, new).await?;
    Ok(edition)
}

async fn insert_edition(
    conn: &mut AnyConnection,
    id: &str,
    new: &NewEdition,
) -> Result<(), StoreError> {
    insert(
        conn,
        "edition",
        [
            ("id", id.into()),
            ("act_id", (&new.act.id).into()),
            ("edition_date", new.edition_date.into()),
            ("current_to", new.current_to.into()),
            ("basis", (&new.basis).into()),
            ("format", (&new.format).into()),
            ("sha256", (&new.sha256).into()),
            ("text", (&new.text).into()),
            ("counts_json", (&new.counts).into()),
            ("headings", new.headings.into()),
            ("with_body", new.with_body.into()),
            ("added_ms", now_ms().into()),
            ("superseded", 0.into()),
        ],
    )
    .await
}

async fn insert_versions(
    conn: &mut AnyConnection,
    edition: &str,
    new: &NewEdition,
    aligned: &[Aligned],
    until: Option<Date>,
) -> Result<(), StoreError> {
    const COLUMNS: [&str; 18] = [
        "id",
        "provision_key",
        "edition_id",
        "citation",
        "article",
        "kind",
        "title",
        "path_json",
        "text",
        "text_sha256",
        "start_char",
        "end_char",
        "repealed",
        "in_force_from",
        "in_force_until",
        "from_basis",
        "alignment",
        "ordinal",
    ];
    let fresh = new
        .versions
        .iter()
        .zip(aligned)
        .filter(|(_, to)| to.alignment == Alignment::New)
        .map(|(version, to)| {
            vec![
                (&to.key).into(),
                (&new.act.id).into(),
                (&version.kind).into(),
            ]
        })
        .collect();
    insert_many(conn, "provision", &["key", "act_id", "kind"], fresh).await?;
    let rows = new
        .versions
        .iter()
        .zip(aligned)
        .zip(0i64..)
        .map(|((version, to), ordinal)| {
            vec![
                (&to.id).into(),
                (&to.key).into(),
                edition.into(),
                (&version.citation).into(),
                (&version.article).into(),
                (&version.kind).into(),
                version.title.clone().into(),
                (&version.path).into(),
                (&version.text).into(),
                sha256_hex(version.text.as_bytes()).into(),
                version.start_char.into(),
                version.end_char.into(),
                i64::from(version.repealed).into(),
                to.in_force_from.clone().into(),
                until.into(),
                to.from_basis.code().into(),
                to.alignment.code().into(),
                ordinal.into(),
            ]
        })
        .collect();
    insert_many(conn, "provision_version", &COLUMNS, rows).await
}

async fn insert_passages(
    conn: &mut AnyConnection,
    edition: &str,
    new: &NewEdition,
    aligned: &[Aligned],
    until: Option<Date>,
) -> Result<(), StoreError> {
    const COLUMNS: [&str; 13] = [
        "id",
        "version_id",
        "edition_id",
        "citation",
        "article",
        "kind",
        "title",
        "text",
        "start_char",
        "end_char",
        "in_force_from",
        "in_force_until",
        "ordinal",
    ];
    let rows = new
        .passages
        .iter()
        .zip(0i64..)
        .map(|(passage, ordinal)| {
            let of = passage.version.and_then(|at| aligned.get(at));
            vec![
                uuid::Uuid::now_v7().to_string().into(),
                of.map(|version| version.id.clone()).into(),
                edition.into(),
                (&passage.citation).into(),
                (&passage.article).into(),
                (&passage.kind).into(),
                passage.title.clone().into(),
                (&passage.text).into(),
                passage.start_char.into(),
                passage.end_char.into(),
                of.and_then(|version| version.in_force_from.clone()).into(),
                until.into(),
                ordinal.into(),
            ]
        })
        .collect();
    insert_many(conn, "passage", &COLUMNS, rows).await
}

async fn insert_notes(
    conn: &mut AnyConnection,
    edition: &str,
    new: &NewEdition,
) -> Result<(), StoreError> {
    const COLUMNS: [&str; 6] = ["id", "edition_id", "citation", "noted_on", "law", "what"];
    let rows = new
        .notes
        .iter()
        .map(|note| {
            vec![
                uuid::Uuid::now_v7().to_string().into(),
                edition.into(),
                (&note.citation).into(),
                note.date.into(),
                (&note.law).into(),
                (&note.what).into(),
            ]
        })
        .collect();
    insert_many(conn, "amendment_note", &COLUMNS, rows).await
}

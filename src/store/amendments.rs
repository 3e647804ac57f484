//! Amendments that are known and whose text is not held.

use super::audit::{self, Entry};
use super::db::now_ms;
use super::sql::{self, Cell, clean, execute, rows, statement};
use super::{Store, StoreError};
use jiff::civil::Date;
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

/// How surely a law amends an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AmendmentReach {
    /// Its title names the act.
    Named,
    /// Its title names no act: this one may be among those it amends.
    Possible,
}

impl AmendmentReach {
    pub const ALL: [Self; 2] = [Self::Named, Self::Possible];

    pub fn code(self) -> &'static str {
        match self {
            Self::Named => "named",
            Self::Possible => "possible",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reach| reach.code() == code)
    }
}

/// A law found at the publication service that amends an act, or may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAmendment {
    /// «419-ФЗ».
    pub number: String,
    pub signed_on: Date,
    pub published_on: Date,
    pub title: String,
    pub url: String,
    pub reach: AmendmentReach,
}

/// An amendment as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct KnownAmendment {
    pub id: String,
    pub act: String,
    /// «419-ФЗ».
    pub number: String,
    pub signed_on: Date,
    pub published_on: Date,
    pub title: String,
    pub url: String,
    pub reach: AmendmentReach,
    /// When it was first seen, Unix ms.
    pub seen_ms: i64,
    /// Whether an edition that is held names it among its amendments.
    pub held: bool,
    /// Why a person put it aside for the whole act.
    pub settled: Option<String>,
    /// Who did, by their id, and when, Unix ms.
    pub settled_by: Option<String>,
    pub settled_ms: Option<i64>,
}

impl KnownAmendment {
    /// Whether it is without text here: no held edition names it, and nobody put it aside.
    pub fn is_open(&self) -> bool {
        !self.held && self.settled.is_none()
    }

    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: sql::text(row, "id")?,
            act: sql::text(row, "act_id")?,
            number: sql::text(row, "number")?,
            signed_on: sql::date(row, "signed_on")?,
            published_on: sql::date(row, "published_on")?,
            title: sql::text(row, "title")?,
            url: sql::text(row, "url")?,
            reach: sql::code(row, "reach", AmendmentReach::parse)?,
            seen_ms: sql::int(row, "seen_ms")?,
            held: sql::int(row, "held")? != 0,
            settled: sql::text_or_none(row, "settled_reason")?,
            settled_by: sql::text_or_none(row, "settled_by")?,
            settled_ms: sql::int_or_none(row, "settled_ms")?,
        })
    }
}

/// Amendments with whether an edition that is held bears a note of them, or names them in its head.
pub(super) const AMENDMENTS: &str = "select k.*, case when exists (
         select 1 from amendment_note n join edition e on e.id = n.edition_id
         where e.act_id = k.act_id and e.superseded = 0 and n.law = k.number and n.noted_on = k.signed_on)
       or exists (
         select 1 from edition e where e.act_id = k.act_id and e.superseded = 0
           and e.counts_json like '%\"' || k.signed_on || ' ' || k.number || '\"%')
     then 1 else 0 end as held
     from known_amendment k";

impl Store {
    /// Keeps amendments of an act; returns those that were not known before. The act's text need not be held.
    pub async fn keep_amendments(
        &self,
        act: &str,
        found: &[NewAmendment],
    ) -> Result<Vec<NewAmendment>, StoreError> {
        let mut tx = self.small_write().await?;
        let mut fresh = Vec::new();
        for one in found {
            if insert_once(&mut tx, act, one).await? {
                fresh.push(one.clone());
            }
        }
        tx.commit().await?;
        Ok(fresh)
    }

    /// Returns all amendments of an act that were seen, oldest first, with what became of them.
    pub async fn amendments(&self, act: &str) -> Result<Vec<KnownAmendment>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = format!("{AMENDMENTS} where k.act_id = $1 order by k.signed_on, k.number");
        statement(sql, [act.into()])
            .fetch_all(&mut *conn)
            .await?
            .iter()
            .map(KnownAmendment::read)
            .collect()
    }

    /// Returns the known amendments of an act whose text is not held, oldest first.
    pub async fn known_amendments(&self, act: &str) -> Result<Vec<KnownAmendment>, StoreError> {
        let mut found = self.amendments(act).await?;
        found.retain(KnownAmendment::is_open);
        Ok(found)
    }

    /// Puts an amendment aside for its whole act, with the reason; returns how many bear the number.
    ///
    /// Fails with `NotFound` where no such amendment waits, and with `Refused` without a reason.
    pub async fn settle_amendment(
        &self,
        act: &str,
        number: &str,
        reason: &str,
        actor: &str,
    ) -> Result<u64, StoreError> {
        let reason = given(reason)?;
        let mut tx = self.write().await?;
        let settled = execute!(
            tx,
            "update known_amendment set settled_ms = $1, settled_by = $2, settled_reason = $3
             where act_id = $4 and number = $5 and settled_ms is null",
            now_ms(),
            actor,
            reason.clone(),
            act,
            number
        )?;
        if settled == 0 {
            return Err(StoreError::not_found(format!(
                "поправка {number} к акту {act}, которая ждёт решения"
            )));
        }
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "amendment.settle",
                subject: act,
                detail: json!({"number": number, "reason": reason}),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(settled)
    }

    /// Puts this one amendment aside for its whole act, with the reason.
    ///
    /// Fails with `NotFound` where it does not wait for a decision, and with `Refused` without a reason.
    pub async fn put_amendment_aside(
        &self,
        id: &str,
        reason: &str,
        actor: &str,
    ) -> Result<(), StoreError> {
        let reason = given(reason)?;
        let waits = self.amendment(id).await?.filter(KnownAmendment::is_open);
        let waits = waits.ok_or_else(|| StoreError::not_found("поправка, которая ждёт решения"))?;
        let mut tx = self.write().await?;
        let settled = execute!(
            tx,
            "update known_amendment set settled_ms = $1, settled_by = $2, settled_reason = $3
             where id = $4 and settled_ms is null",
            now_ms(),
            actor,
            reason.clone(),
            id
        )?;
        if settled == 0 {
            return Err(StoreError::not_found("поправка, которая ждёт решения"));
        }
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "amendment.settle",
                subject: &waits.act,
                detail: json!({"amendment": id, "number": waits.number, "reason": reason}),
            },
        )
        .await?;
        tx.commit().await
    }

    /// Takes back that this one amendment was put aside: it waits for its text or for a decision again.
    ///
    /// Fails with `NotFound` where it is not put aside.
    pub async fn reopen_amendment(&self, id: &str, actor: &str) -> Result<(), StoreError> {
        let aside = self
            .amendment(id)
            .await?
            .filter(|one| one.settled.is_some());
        let aside = aside.ok_or_else(|| StoreError::not_found("отложенная поправка"))?;
        let mut tx = self.write().await?;
        let reopened = execute!(
            tx,
            "update known_amendment set settled_ms = null, settled_by = null, settled_reason = null
             where id = $1 and settled_ms is not null",
            id
        )?;
        if reopened == 0 {
            return Err(StoreError::not_found("отложенная поправка"));
        }
        let detail = json!({"amendment": id, "number": aside.number, "reason": aside.settled});
        reopened_by(&mut tx, actor, &aside.act, detail).await?;
        tx.commit().await
    }

    /// Takes back that amendments of an act with this number were put aside; returns how many were.
    ///
    /// Fails with `NotFound` where none is put aside.
    pub async fn reopen_amendments(
        &self,
        act: &str,
        number: &str,
        actor: &str,
    ) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        let reopened = execute!(
            tx,
            "update known_amendment set settled_ms = null, settled_by = null, settled_reason = null
             where act_id = $1 and number = $2 and settled_ms is not null",
            act,
            number
        )?;
        if reopened == 0 {
            return Err(StoreError::not_found(format!(
                "отложенная поправка {number} к акту {act}"
            )));
        }
        reopened_by(&mut tx, actor, act, json!({"number": number})).await?;
        tx.commit().await?;
        Ok(reopened)
    }

    /// Returns the amendments of all acts that are without text or were put aside, by act, oldest first.
    pub async fn amendments_to_look_at(&self) -> Result<Vec<KnownAmendment>, StoreError> {
        let mut conn = self.reader().await?;
        let sql = format!("{AMENDMENTS} order by k.act_id, k.signed_on, k.number");
        let rows = statement(sql, []).fetch_all(&mut *conn).await?;
        let mut found = rows
            .iter()
            .map(KnownAmendment::read)
            .collect::<Result<Vec<_>, _>>()?;
        found.retain(|one| !one.held);
        Ok(found)
    }

    /// Returns how many known amendments of each act are without text: act, named, possible.
    pub async fn amendment_counts(&self) -> Result<Vec<(String, usize, usize)>, StoreError> {
        let sql = "select distinct act_id from known_amendment order by act_id";
        let rows = rows!(self.reader().await?, sql)?;
        let mut counts = Vec::new();
        for row in rows {
            let act = sql::text(&row, "act_id")?;
            let open = self.known_amendments(&act).await?;
            let named = |one: &&KnownAmendment| one.reach == AmendmentReach::Named;
            let named = open.iter().filter(named).count();
            counts.push((act, named, open.len() - named));
        }
        Ok(counts)
    }
}

async fn reopened_by(
    conn: &mut AnyConnection,
    actor: &str,
    act: &str,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    let entry = Entry {
        actor,
        action: "amendment.reopen",
        subject: act,
        detail,
    };
    audit::append(conn, entry).await
}

/// A reason that says something, ready to be kept.
pub(super) fn given(reason: &str) -> Result<String, StoreError> {
    clean(reason)?;
    match reason.trim() {
        "" => Err(StoreError::refused(
            "Нужна причина: напишите, почему поправка не меняет нормы.",
        )),
        reason => Ok(reason.to_owned()),
    }
}

async fn insert_once(
    conn: &mut AnyConnection,
    act: &str,
    one: &NewAmendment,
) -> Result<bool, StoreError> {
    let sql = "insert into known_amendment
             (id, act_id, number, signed_on, published_on, title, url, reach, seen_ms)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (act_id, number, signed_on) do nothing";
    for text in [&one.number, &one.title, &one.url] {
        clean(text)?;
    }
    let cells: [Cell; 9] = [
        uuid::Uuid::now_v7().to_string().into(),
        act.into(),
        (&one.number).into(),
        one.signed_on.into(),
        one.published_on.into(),
        (&one.title).into(),
        (&one.url).into(),
        one.reach.code().into(),
        now_ms().into(),
    ];
    let done = statement(sql.to_owned(), cells).execute(conn).await?;
    Ok(done.rows_affected() > 0)
}

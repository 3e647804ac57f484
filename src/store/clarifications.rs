//! Inspectorate answers and court acts: kept beside the law, with the norms they cite.

use super::audit::{self, Entry};
use super::db::now_ms;
use super::sql::{self, Cell, Condition, clean, insert, insert_many, row, rows, statement};
use super::{Store, StoreError};
use jiff::civil::Date;
use serde_json::json;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// What a text beside the law is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ClarificationKind {
    /// A clarification (разъяснение) of a body, such as the labour inspectorate.
    Clarification,
    /// A court act (судебный акт).
    Court,
}

impl ClarificationKind {
    pub const ALL: [Self; 2] = [Self::Clarification, Self::Court];

    pub fn code(self) -> &'static str {
        match self {
            Self::Clarification => "clarification",
            Self::Court => "court",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// A clarification or court act to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewClarification {
    pub kind: ClarificationKind,
    /// Who wrote it.
    pub issuer: String,
    /// `None` where the text does not tell its day.
    pub issued_on: Option<Date>,
    pub number: Option<String>,
    /// The question, or what the case is about.
    pub title: String,
    pub text: String,
    pub url: Option<String>,
    /// Hex SHA-256 of the file.
    pub sha256: String,
    /// Norms that the text cites, each once, in order of place.
    pub norms: Vec<String>,
}

/// What adding one did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ClarificationReport {
    pub id: String,
    /// Whether the same file was here before: then nothing was done.
    pub already_held: bool,
}

/// A clarification or court act as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ClarificationRow {
    pub id: String,
    pub kind: ClarificationKind,
    pub issuer: String,
    pub issued_on: Option<Date>,
    pub number: Option<String>,
    pub title: String,
    pub text: String,
    pub url: Option<String>,
    pub norms: Vec<String>,
}

impl Store {
    /// Adds a clarification or court act with the norms it cites; the same file a second time does nothing.
    pub async fn add_clarification(
        &self,
        new: &NewClarification,
        actor: &str,
    ) -> Result<ClarificationReport, StoreError> {
        for text in [&new.issuer, &new.title, &new.text] {
            clean(text)?;
        }
        let mut tx = self.write().await?;
        if let Some(held) = row!(
            tx,
            "select id from clarification where sha256 = $1",
            new.sha256.clone()
        )? {
            return Ok(ClarificationReport {
                id: sql::text(&held, "id")?,
                already_held: true,
            });
        }
        let id = uuid::Uuid::now_v7().to_string();
        insert(
            &mut tx,
            "clarification",
            [
                ("id", (&id).into()),
                ("kind", new.kind.code().into()),
                ("issuer", (&new.issuer).into()),
                ("issued_on", new.issued_on.into()),
                ("number", new.number.clone().into()),
                ("title", (&new.title).into()),
                ("text", (&new.text).into()),
                ("url", new.url.clone().into()),
                ("sha256", (&new.sha256).into()),
                ("added_ms", now_ms().into()),
            ],
        )
        .await?;
        let norm = |(norm, ordinal): (&String, i64)| -> Vec<Cell> {
            vec![
                uuid::Uuid::now_v7().to_string().into(),
                (&id).into(),
                norm.into(),
                ordinal.into(),
            ]
        };
        let norms = new.norms.iter().zip(0i64..).map(norm).collect();
        const COLUMNS: [&str; 4] = ["id", "clarification_id", "citation", "ordinal"];
        insert_many(&mut tx, "clarification_norm", &COLUMNS, norms).await?;
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "clarification.add",
                subject: &id,
                detail: json!({"kind": new.kind.code(), "sha256": new.sha256}),
            },
        )
        .await?;
        tx.commit().await?;
        Ok(ClarificationReport {
            id,
            already_held: false,
        })
    }

    /// Returns all clarifications and court acts, newest first, those without a day last.
    pub async fn clarifications(&self) -> Result<Vec<ClarificationRow>, StoreError> {
        self.clarifications_where(Condition::default(), Condition::default())
            .await
    }

    /// Returns how many there are of a kind, and a stretch of them, newest first, those without a day last.
    pub async fn clarification_list(
        &self,
        kind: ClarificationKind,
        limit: i64,
        offset: i64,
    ) -> Result<(i64, Vec<ClarificationRow>), StoreError> {
        let mut conn = self.reader().await?;
        let code = kind.code();
        let total = row!(
            conn,
            "select count(*) as n from clarification where kind = $1",
            code
        )?
        .map_or(Ok(0), |row| sql::int(&row, "n"))?;
        let stretch = rows!(
            conn,
            "select id from clarification where kind = $1
             order by case when issued_on is null then 1 else 0 end, issued_on desc, id limit $2 offset $3",
            code,
            limit,
            offset
        )?;
        drop(conn);
        let ids: Vec<String> = stretch
            .iter()
            .map(|row| sql::text(row, "id"))
            .collect::<Result<_, _>>()?;
        if ids.is_empty() {
            return Ok((total, Vec::new()));
        }
        Ok((total, self.clarifications_by_ids(&ids).await?))
    }

    /// Returns clarifications and court acts by their ids; what is not there is left out. At most a few hundred ids.
    pub async fn clarifications_by_ids(
        &self,
        ids: &[String],
    ) -> Result<Vec<ClarificationRow>, StoreError> {
        let (mut of_text, mut of_norm) = (Condition::default(), Condition::default());
        of_text.one_of("id", ids.iter().map(Into::into));
        of_norm.one_of("clarification_id", ids.iter().map(Into::into));
        self.clarifications_where(of_text, of_norm).await
    }

    async fn clarifications_where(
        &self,
        of_text: Condition,
        of_norm: Condition,
    ) -> Result<Vec<ClarificationRow>, StoreError> {
        let mut conn = self.reader().await?;
        let mut norms: HashMap<String, Vec<String>> = HashMap::new();
        let sql = format!(
            "select clarification_id, citation from clarification_norm where {}
             order by clarification_id, ordinal",
            of_norm.sql()
        );
        for row in statement(sql, of_norm.cells).fetch_all(&mut *conn).await? {
            let of = norms
                .entry(sql::text(&row, "clarification_id")?)
                .or_default();
            of.push(sql::text(&row, "citation")?);
        }
        let sql = format!(
            "select * from clarification where {}
             order by case when issued_on is null then 1 else 0 end, issued_on desc, id",
            of_text.sql()
        );
        statement(sql, of_text.cells)
            .fetch_all(&mut *conn)
            .await?
            .iter()
            .map(|row| {
                let mut read = read(row)?;
                read.norms = norms.remove(&read.id).unwrap_or_default();
                Ok(read)
            })
            .collect()
    }
}

fn read(row: &AnyRow) -> Result<ClarificationRow, StoreError> {
    Ok(ClarificationRow {
        id: sql::text(row, "id")?,
        kind: sql::code(row, "kind", ClarificationKind::parse)?,
        issuer: sql::text(row, "issuer")?,
        issued_on: sql::date_or_none(row, "issued_on")?,
        number: sql::text_or_none(row, "number")?,
        title: sql::text(row, "title")?,
        text: sql::text(row, "text")?,
        url: sql::text_or_none(row, "url")?,
        norms: Vec::new(),
    })
}

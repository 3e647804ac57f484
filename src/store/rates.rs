//! Rates that the union added to those the program carries.

use super::audit::{self, Entry};
use super::db::now_ms;
use super::sql::{self, Cell, row, statement};
use super::{Store, StoreError};
use crate::law::rates::{RateKind, RateRow, RateStatus};
use jiff::civil::Date;
use serde_json::json;

/// The migration that made the table.
const RATES_SCHEMA: i64 = 5;

/// A rate of the union's own: its row, and the last day for which it is known to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRate {
    pub kind: RateKind,
    pub row: RateRow,
    pub known_to: Date,
}

impl Store {
    /// Keeps a rate; one of the same kind and day is replaced.
    pub async fn keep_rate(&self, rate: &OwnRate, actor: &str) -> Result<(), StoreError> {
        let sql = "insert into rate_row (id, kind, from_day, value, known_to, source, added_by, added_ms)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (kind, from_day) do update set value = excluded.value, known_to = excluded.known_to,
                 source = excluded.source, added_by = excluded.added_by, added_ms = excluded.added_ms";
        let value = rate.row.value.normalize().to_string();
        let from = rate.row.from.to_string();
        let cells: [Cell; 8] = [
            uuid::Uuid::now_v7().to_string().into(),
            rate.kind.as_str().into(),
            from.clone().into(),
            value.clone().into(),
            rate.known_to.to_string().into(),
            rate.row.source.clone().into(),
            actor.into(),
            now_ms().into(),
        ];
        let mut tx = self.write().await?;
        statement(sql.to_owned(), cells).execute(&mut *tx).await?;
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "rate.add",
                subject: rate.kind.as_str(),
                detail: json!({"from": from, "value": value}),
            },
        )
        .await?;
        tx.commit().await
    }

    /// The union's rates, by kind and day; none where the database is older than they are.
    pub async fn own_rates_beside(&self) -> Result<Vec<OwnRate>, StoreError> {
        let newest = {
            let mut conn = self.reader().await?;
            row!(
                conn,
                "select max(version) as newest from _sqlx_migrations where version = $1",
                RATES_SCHEMA
            )?
        };
        let is_there = match newest {
            Some(row) => sql::int_or_none(&row, "newest")?.is_some(),
            None => false,
        };
        match is_there {
            true => self.own_rates().await,
            false => Ok(Vec::new()),
        }
    }

    /// The union's rates, by kind and day.
    pub async fn own_rates(&self) -> Result<Vec<OwnRate>, StoreError> {
        let mut conn = self.reader().await?;
        let sql =
            "select kind, from_day, value, known_to, source from rate_row order by kind, from_day";
        let no_cells: [Cell; 0] = [];
        let rows = statement(sql.to_owned(), no_cells)
            .fetch_all(&mut *conn)
            .await?;
        rows.iter()
            .map(|row| {
                let damaged = |what: &str| StoreError::damaged("rate_row", what.to_owned());
                let kind = sql::text(row, "kind")?;
                Ok(OwnRate {
                    kind: RateKind::parse(&kind).ok_or_else(|| damaged(&kind))?,
                    row: RateRow {
                        from: sql::date(row, "from_day")?,
                        value: sql::text(row, "value")?
                            .parse()
                            .map_err(|_| damaged("value"))?,
                        source: sql::text(row, "source")?,
                        status: RateStatus::Own,
                        note: None,
                    },
                    known_to: sql::date(row, "known_to")?,
                })
            })
            .collect()
    }
}

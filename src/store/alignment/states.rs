//! What of a held edition may change: keys, kinds and first days of its norms.

use super::kinds::Since;
use crate::store::sql::{self, Cell, Condition, rows, statement};
use crate::store::{Alignment, FromBasis, StoreError};
use sqlx::AnyConnection;
use std::collections::BTreeMap;

/// The norms of a held edition in the order of the text, one list a column.
pub(in crate::store) struct States {
    pub edition: String,
    pub ids: Vec<String>,
    pub keys: Vec<String>,
    pub since: Vec<Since>,
    pub kinds: Vec<Alignment>,
}

impl States {
    pub async fn load(conn: &mut AnyConnection, edition: &str) -> Result<Self, StoreError> {
        let mut states = Self {
            edition: edition.to_owned(),
            ids: Vec::new(),
            keys: Vec::new(),
            since: Vec::new(),
            kinds: Vec::new(),
        };
        for row in rows!(
            conn,
            "select id, provision_key, in_force_from, from_basis, alignment from provision_version
             where edition_id = $1 order by ordinal",
            edition
        )? {
            states.ids.push(sql::text(&row, "id")?);
            states.keys.push(sql::text(&row, "provision_key")?);
            states.since.push(Since {
                from: sql::text_or_none(&row, "in_force_from")?,
                basis: sql::code(&row, "from_basis", FromBasis::parse)?,
            });
            states
                .kinds
                .push(sql::code(&row, "alignment", Alignment::parse)?);
        }
        Ok(states)
    }

    /// Writes what differs from `kinds` and `since`; many norms to a statement.
    pub async fn update(
        &self,
        conn: &mut AnyConnection,
        kinds: &[Alignment],
        since: &[Since],
    ) -> Result<(), StoreError> {
        let mut by_kind: BTreeMap<&str, Vec<&String>> = BTreeMap::new();
        let mut by_day: BTreeMap<(Option<&str>, &str), Vec<&String>> = BTreeMap::new();
        for (at, id) in self.ids.iter().enumerate() {
            if self.kinds[at] != kinds[at] {
                by_kind.entry(kinds[at].code()).or_default().push(id);
            }
            if self.since[at] != since[at] {
                let day = (since[at].from.as_deref(), since[at].basis.code());
                by_day.entry(day).or_default().push(id);
            }
        }
        for (kind, ids) in by_kind {
            let set = [("alignment", kind.into())];
            self.set(conn, "provision_version", "id", &set, &ids)
                .await?;
        }
        for ((from, basis), ids) in by_day {
            let set = [("in_force_from", from.into()), ("from_basis", basis.into())];
            self.set(conn, "provision_version", "id", &set, &ids)
                .await?;
            self.set(conn, "passage", "version_id", &set[..1], &ids)
                .await?;
        }
        Ok(())
    }

    async fn set(
        &self,
        conn: &mut AnyConnection,
        table: &str,
        column: &str,
        values: &[(&str, Cell)],
        ids: &[&String],
    ) -> Result<(), StoreError> {
        for chunk in ids.chunks(400) {
            let mut condition = Condition::default();
            let mut set = Vec::new();
            for (name, value) in values {
                condition.cells.push(value.clone());
                set.push(format!("{name} = ${}", condition.cells.len()));
            }
            condition.and("edition_id = {}", [(&self.edition).into()]);
            condition.one_of(column, chunk.iter().map(|id| Cell::from(*id)));
            let sql = format!(
                "update {table} set {} where {}",
                set.join(", "),
                condition.sql()
            );
            statement(sql, condition.cells).execute(&mut *conn).await?;
        }
        Ok(())
    }
}

//! What pages ask of the law beside its texts: which editions speak, and which labels they bear.

use super::sql::{self, Condition, row, rows, statement};
use super::{Store, StoreError};
use jiff::civil::Date;
use sqlx::any::AnyRow;
use std::collections::HashSet;

/// Labels asked for in one statement.
const AT_ONCE: usize = 400;

impl Store {
    /// Returns act and id of the edition that speaks for a day, of every act that everybody may read.
    pub async fn speaking_editions(&self, on: Date) -> Result<Vec<(String, String)>, StoreError> {
        let mut conn = self.reader().await?;
        rows!(
            conn,
            "select e.act_id, e.id from edition e join act a on a.id = e.act_id
             where e.superseded = 0 and a.owner_organisation_id is null and e.edition_date <= $1
               and not exists (select 1 from edition n where n.act_id = e.act_id and n.superseded = 0
                 and n.edition_date <= $2 and n.edition_date > e.edition_date)
             order by a.priority, a.id",
            on.to_string(),
            on.to_string()
        )?
        .iter()
        .map(|row| Ok((sql::text(row, "act_id")?, sql::text(row, "id")?)))
        .collect()
    }

    /// Returns the articles that stand before and after a place in an edition.
    pub async fn neighbours(
        &self,
        edition: &str,
        ordinal: i64,
    ) -> Result<(Option<String>, Option<String>), StoreError> {
        let mut conn = self.reader().await?;
        let before = row!(
            conn,
            "select article from provision_version
             where edition_id = $1 and (kind = 'article' or kind in ('point', 'annex', 'section') and citation = article)
               and ordinal < $2 order by ordinal desc limit 1",
            edition,
            ordinal
        )?;
        let after = row!(
            conn,
            "select article from provision_version
             where edition_id = $1 and (kind = 'article' or kind in ('point', 'annex', 'section') and citation = article)
               and ordinal > $2 order by ordinal limit 1",
            edition,
            ordinal
        )?;
        let article = |row: Option<AnyRow>| row.map(|row| sql::text(&row, "article")).transpose();
        Ok((article(before)?, article(after)?))
    }

    /// Returns those of `citations` that stand in an edition, by its id.
    pub async fn labels_of(
        &self,
        edition: &str,
        citations: &[String],
    ) -> Result<HashSet<String>, StoreError> {
        let mut conn = self.reader().await?;
        let mut held = HashSet::new();
        for some in citations.chunks(AT_ONCE) {
            let mut condition = Condition::default();
            condition.and("edition_id = {}", [edition.into()]);
            condition.one_of("citation", some.iter().map(Into::into));
            let sql = format!(
                "select distinct citation from provision_version where {}",
                condition.sql()
            );
            for row in statement(sql, condition.cells)
                .fetch_all(&mut *conn)
                .await?
            {
                held.insert(sql::text(&row, "citation")?);
            }
        }
        Ok(held)
    }
}

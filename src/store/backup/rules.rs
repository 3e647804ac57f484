//! The schema's rules while a backup is loaded.

use super::tables;
use crate::store::StoreError;
use crate::store::db::Dialect;
use crate::store::sql::{self, rows, statement};
use sqlx::{AnyConnection, AssertSqlSafe};

/// Switches triggers off inside the transaction; returns what switches them on again.
pub(super) async fn rules_off(
    conn: &mut AnyConnection,
    dialect: Dialect,
) -> Result<Vec<String>, StoreError> {
    let mut on = Vec::new();
    match dialect {
        Dialect::Sqlite => {
            for rule in rows!(
                conn,
                "select name, sql from sqlite_master where type = 'trigger'"
            )? {
                on.push(sql::text(&rule, "sql")?);
                let off = format!("drop trigger {}", sql::text(&rule, "name")?);
                statement(off, []).execute(&mut *conn).await?;
            }
        }
        Dialect::Postgres => {
            for (table, _) in tables() {
                let off = format!("alter table {table} disable trigger user");
                statement(off, []).execute(&mut *conn).await?;
                on.push(format!("alter table {table} enable trigger user"));
            }
        }
    }
    Ok(on)
}

pub(super) async fn rules_on(conn: &mut AnyConnection, rules: &[String]) -> Result<(), StoreError> {
    for rule in rules {
        // As plain text: a trigger's body has several statements.
        sqlx::raw_sql(AssertSqlSafe(rule.clone()))
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

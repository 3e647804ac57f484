//! Other keys for the norms of held editions, all in one transaction.

use super::keys::Mint;
use crate::store::StoreError;
use crate::store::sql::{self, Condition, execute, rows, statement};
use jiff::civil::Date;
use sqlx::AnyConnection;
use std::collections::HashSet;

/// Gives the norms of an act's editions from `day` on their new keys: `(old, new)` pairs, each key once on either side.
///
/// A norm of a later edition that bears one of the new keys already, and is not among those that change, is another
/// norm: it gets a fresh key. Returns how many keys changed.
pub(in crate::store) async fn rekey(
    conn: &mut AnyConnection,
    act: &str,
    day: Date,
    mut changes: Vec<(String, String)>,
    mint: &mut Mint,
) -> Result<usize, StoreError> {
    if changes.is_empty() {
        return Ok(0);
    }
    let editions = editions_from(conn, act, day).await?;
    let given_up: HashSet<String> = changes.iter().map(|(old, _)| old.clone()).collect();
    let taken: Vec<String> = changes.iter().map(|(_, new)| new.clone()).collect();
    for key in taken.iter().filter(|key| !given_up.contains(*key)) {
        if bears(conn, &editions, key).await? {
            changes.push((key.clone(), mint.fresh()));
        }
    }
    let wanted: HashSet<String> = changes.iter().map(|(_, new)| new.clone()).collect();
    let mut last = Vec::new();
    // A key that somebody waits for is given up first, for no edition may hold it twice even for a moment.
    for (old, new) in changes.iter().filter(|(old, _)| wanted.contains(old)) {
        let between = uuid::Uuid::now_v7().to_string();
        know(conn, &between, old).await?;
        give(conn, &editions, old, &between).await?;
        last.push((between, old, new));
    }
    for (old, new) in changes.iter().filter(|(old, _)| !wanted.contains(old)) {
        know(conn, new, old).await?;
        give(conn, &editions, old, new).await?;
    }
    for (between, old, new) in last {
        know(conn, new, old).await?;
        give(conn, &editions, &between, new).await?;
        execute!(conn, "delete from provision where key = $1", between)?;
    }
    Ok(changes.len())
}

async fn editions_from(
    conn: &mut AnyConnection,
    act: &str,
    day: Date,
) -> Result<Vec<String>, StoreError> {
    rows!(
        conn,
        "select id from edition where act_id = $1 and superseded = 0 and edition_date >= $2",
        act,
        day.to_string()
    )?
    .iter()
    .map(|row| sql::text(row, "id"))
    .collect()
}

async fn bears(
    conn: &mut AnyConnection,
    editions: &[String],
    key: &str,
) -> Result<bool, StoreError> {
    let mut condition = Condition::default();
    condition.and("provision_key = {}", [key.into()]);
    condition.one_of("edition_id", editions.iter().map(Into::into));
    let sql = format!(
        "select id from provision_version where {} limit 1",
        condition.sql()
    );
    let found = statement(sql, condition.cells).fetch_optional(conn).await?;
    Ok(found.is_some())
}

/// Makes a provision of the new key, like that of the old one, unless there is one.
async fn know(conn: &mut AnyConnection, key: &str, like: &str) -> Result<(), StoreError> {
    execute!(
        conn,
        "insert into provision (key, act_id, kind) select $1, act_id, kind from provision where key = $2
         on conflict (key) do nothing",
        key,
        like
    )?;
    Ok(())
}

async fn give(
    conn: &mut AnyConnection,
    editions: &[String],
    old: &str,
    new: &str,
) -> Result<(), StoreError> {
    let mut condition = Condition::default();
    condition.cells.push(new.into());
    condition.and("provision_key = {}", [old.into()]);
    condition.one_of("edition_id", editions.iter().map(Into::into));
    let sql = format!(
        "update provision_version set provision_key = $1 where {}",
        condition.sql()
    );
    statement(sql, condition.cells).execute(conn).await?;
    Ok(())
}

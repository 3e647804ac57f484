//! Which statements of the digest a lawyer of the union has approved for members.

use super::audit::{self, Entry};
use super::db::now_ms;
use super::people;
use super::sql::{self, Condition, execute, insert, row, statement};
use super::{Store, StoreError};
use crate::case::{Action, Decision, OrganisationId, PersonId, Resource, decide};
use serde_json::json;
use sqlx::AnyConnection;
use std::collections::BTreeSet;

/// A statement as it was approved: its id and the hash of its fields. Any change of a field is another statement.
#[derive(
    Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct StatementStamp {
    pub statement: String,
    pub sha256: String,
}

impl Store {
    /// Approves statements for the members of an organisation and below; returns how many were not approved before.
    ///
    /// Fails with `Refused` where the person is no lawyer there.
    pub async fn approve_statements(
        &self,
        stamps: &[StatementStamp],
        person: &PersonId,
        organisation: &OrganisationId,
    ) -> Result<usize, StoreError> {
        let mut tx = self.write().await?;
        check_lawyer(&mut tx, person, organisation).await?;
        let mut added = 0;
        for stamp in stamps {
            let held = row!(
                tx,
                "select id from statement_approval
                 where organisation_id = $1 and statement_id = $2 and sha256 = $3 and revoked_ms is null",
                organisation.as_str(),
                stamp.statement.clone(),
                stamp.sha256.clone()
            )?;
            if held.is_some() {
                continue;
            }
            insert(
                &mut tx,
                "statement_approval",
                [
                    ("id", uuid::Uuid::now_v7().to_string().into()),
                    ("statement_id", (&stamp.statement).into()),
                    ("sha256", (&stamp.sha256).into()),
                    ("organisation_id", organisation.as_str().into()),
                    ("person_id", person.as_str().into()),
                    ("at_ms", now_ms().into()),
                ],
            )
            .await?;
            added += 1;
        }
        if added > 0 {
            note(&mut tx, "statements.approve", person, organisation, stamps).await?;
        }
        tx.commit().await?;
        Ok(added)
    }

    /// Takes approvals back; returns how many stood.
    pub async fn revoke_statements(
        &self,
        stamps: &[StatementStamp],
        person: &PersonId,
        organisation: &OrganisationId,
    ) -> Result<u64, StoreError> {
        let mut tx = self.write().await?;
        check_lawyer(&mut tx, person, organisation).await?;
        let mut revoked = 0;
        for stamp in stamps {
            revoked += execute!(
                tx,
                "update statement_approval set revoked_ms = $1
                 where organisation_id = $2 and statement_id = $3 and sha256 = $4 and revoked_ms is null",
                now_ms(),
                organisation.as_str(),
                stamp.statement.clone(),
                stamp.sha256.clone()
            )?;
        }
        if revoked > 0 {
            note(&mut tx, "statements.revoke", person, organisation, stamps).await?;
        }
        tx.commit().await?;
        Ok(revoked)
    }

    /// Returns what any lawyer of the desk approved.
    pub async fn all_approvals(&self) -> Result<BTreeSet<StatementStamp>, StoreError> {
        let mut conn = self.reader().await?;
        let sql =
            "select distinct statement_id, sha256 from statement_approval where revoked_ms is null";
        let no_cells: [sql::Cell; 0] = [];
        let rows = statement(sql.to_owned(), no_cells)
            .fetch_all(&mut *conn)
            .await?;
        rows.iter().map(stamp).collect()
    }

    /// Returns what is approved for the organisation with `path`: by its own lawyers or those of a node above.
    pub async fn approvals_for(&self, path: &str) -> Result<BTreeSet<StatementStamp>, StoreError> {
        let mut condition = Condition::default();
        condition.one_of(
            "organisation_id",
            path.split('/').filter(|id| !id.is_empty()).map(Into::into),
        );
        let sql = format!(
            "select distinct statement_id, sha256 from statement_approval where revoked_ms is null and {}",
            condition.sql()
        );
        let mut conn = self.reader().await?;
        statement(sql, condition.cells)
            .fetch_all(&mut *conn)
            .await?
            .iter()
            .map(stamp)
            .collect()
    }
}

fn stamp(row: &sqlx::any::AnyRow) -> Result<StatementStamp, StoreError> {
    Ok(StatementStamp {
        statement: sql::text(row, "statement_id")?,
        sha256: sql::text(row, "sha256")?,
    })
}

async fn check_lawyer(
    conn: &mut AnyConnection,
    person: &PersonId,
    organisation: &OrganisationId,
) -> Result<(), StoreError> {
    let row = row!(
        conn,
        "select path from organisation where id = $1",
        organisation.as_str()
    )?
    .ok_or_else(|| StoreError::not_found("организация"))?;
    let path = sql::text(&row, "path")?;
    let actor = people::load_actor(conn, person).await?;
    match decide(
        &actor,
        Action::ApproveStatements,
        Resource::Node { path: &path },
    ) {
        Decision::Allowed => Ok(()),
        _ => Err(StoreError::refused(
            "Утверждать тезисы может только юрист этой организации.",
        )),
    }
}

async fn note(
    conn: &mut AnyConnection,
    action: &str,
    person: &PersonId,
    organisation: &OrganisationId,
    stamps: &[StatementStamp],
) -> Result<(), StoreError> {
    let ids: Vec<&str> = stamps
        .iter()
        .map(|stamp| stamp.statement.as_str())
        .collect();
    audit::append(
        conn,
        Entry {
            actor: person.as_str(),
            action,
            subject: organisation.as_str(),
            detail: json!({"statements": ids}),
        },
    )
    .await
}

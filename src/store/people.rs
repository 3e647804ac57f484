//! The tree of organisations, the people in it, and who is what where.

use super::audit::{self, Entry};
use super::db::now_ms;
use super::sql::{self, execute, insert, row, rows};
use super::{Store, StoreError};
use crate::case::{Actor, Grant, Organisation, OrganisationId, OrganisationKind, PersonId, Role};
use serde_json::json;
use sqlx::AnyConnection;
use sqlx::any::AnyRow;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOrganisation {
    pub parent: Option<OrganisationId>,
    pub name: String,
    pub kind: OrganisationKind,
    pub region: Option<String>,
    pub industry: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    pub name: String,
    /// Compared without regard to case; two people can't share one.
    pub email: Option<String>,
    /// `ru` or another language of the pages.
    pub language: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: PersonId,
    pub name: String,
    pub email: Option<String>,
    pub language: String,
    pub has_password: bool,
    pub created_ms: i64,
    pub disabled_ms: Option<i64>,
}

impl Person {
    fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: PersonId(sql::text(row, "id")?),
            name: sql::text(row, "name")?,
            email: sql::text_or_none(row, "email")?,
            language: sql::text(row, "language")?,
            has_password: sql::text_or_none(row, "password_hash")?.is_some(),
            created_ms: sql::int(row, "created_ms")?,
            disabled_ms: sql::int_or_none(row, "disabled_ms")?,
        })
    }
}

fn read_organisation(row: &AnyRow) -> Result<Organisation, StoreError> {
    Ok(Organisation {
        id: OrganisationId(sql::text(row, "id")?),
        parent: sql::text_or_none(row, "parent_id")?.map(OrganisationId),
        name: sql::text(row, "name")?,
        kind: sql::code(row, "kind", OrganisationKind::parse)?,
        region: sql::text_or_none(row, "region")?,
        industry: sql::text_or_none(row, "industry")?,
        path: sql::text(row, "path")?,
    })
}

async fn load_organisation(
    conn: &mut AnyConnection,
    id: &OrganisationId,
) -> Result<Organisation, StoreError> {
    let row = row!(
        conn,
        "select * from organisation where id = $1",
        id.as_str()
    )?
    .ok_or_else(|| StoreError::not_found(format!("организация {id}")))?;
    read_organisation(&row)
}

pub(super) async fn load_actor(
    conn: &mut AnyConnection,
    person: &PersonId,
) -> Result<Actor, StoreError> {
    let grants = rows!(
        conn,
        "select g.role, g.organisation_id, o.path from grant_ g
         join organisation o on o.id = g.organisation_id
         join person p on p.id = g.person_id and p.disabled_ms is null
         where g.person_id = $1 order by g.id",
        person.as_str()
    )?
    .iter()
    .map(|row| {
        Ok(Grant {
            role: sql::code(row, "role", Role::parse)?,
            organisation: OrganisationId(sql::text(row, "organisation_id")?),
            path: sql::text(row, "path")?,
        })
    })
    .collect::<Result<_, StoreError>>()?;
    Ok(Actor {
        person: person.clone(),
        grants,
    })
}

pub(super) async fn name(
    conn: &mut AnyConnection,
    person: &PersonId,
) -> Result<String, StoreError> {
    let row = row!(
        conn,
        "select name from person where id = $1",
        person.as_str()
    )?
    .ok_or_else(|| StoreError::not_found("человек"))?;
    sql::text(&row, "name")
}

/// An address as it is kept and compared.
pub(super) fn address(email: &str) -> String {
    email.trim().to_lowercase()
}

impl Store {
    /// Adds a node to the tree; fails with `NotFound` where there is no such parent.
    pub async fn add_organisation(
        &self,
        new: &NewOrganisation,
        actor: &str,
    ) -> Result<Organisation, StoreError> {
        let mut tx = self.write().await?;
        let above = match &new.parent {
            Some(parent) => load_organisation(&mut tx, parent).await?.path,
            None => String::new(),
        };
        let id = OrganisationId::fresh();
        insert(
            &mut tx,
            "organisation",
            [
                ("id", id.as_str().into()),
                (
                    "parent_id",
                    new.parent.as_ref().map(OrganisationId::as_str).into(),
                ),
                ("name", (&new.name).into()),
                ("kind", new.kind.code().into()),
                ("region", new.region.clone().into()),
                ("industry", new.industry.clone().into()),
                ("path", format!("{above}{id}/").into()),
            ],
        )
        .await?;
        journal(&mut tx, actor, "organisation.add", id.as_str(), json!({})).await?;
        let added = load_organisation(&mut tx, &id).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Returns the whole tree, parents before children.
    pub async fn organisations(&self) -> Result<Vec<Organisation>, StoreError> {
        let mut conn = self.reader().await?;
        rows!(conn, "select * from organisation order by path")?
            .iter()
            .map(read_organisation)
            .collect()
    }

    pub async fn organisation(&self, id: &OrganisationId) -> Result<Organisation, StoreError> {
        load_organisation(&mut *self.reader().await?, id).await
    }

    /// Adds a person who can do nothing yet; fails with `Conflict` where the address is taken.
    pub async fn add_person(&self, new: &NewPerson, actor: &str) -> Result<Person, StoreError> {
        let mut tx = self.write().await?;
        let id = PersonId::fresh();
        let added = insert(
            &mut tx,
            "person",
            [
                ("id", id.as_str().into()),
                ("name", (&new.name).into()),
                ("email", new.email.as_deref().map(address).into()),
                ("language", (&new.language).into()),
                ("created_ms", now_ms().into()),
            ],
        )
        .await;
        match added {
            Err(StoreError::Conflict { .. }) => Err(StoreError::conflict(
                "Человек с таким адресом уже есть. Дайте ему роль: soyuznik user grant.",
            )),
            other => other,
        }?;
        journal(&mut tx, actor, "person.add", id.as_str(), json!({})).await?;
        let person = load_person(&mut tx, &id).await?;
        tx.commit().await?;
        Ok(person)
    }

    /// Gives a person a role at a node and below; giving it twice changes nothing.
    pub async fn grant(
        &self,
        person: &PersonId,
        role: Role,
        organisation: &OrganisationId,
        actor: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        load_person(&mut tx, person).await?;
        load_organisation(&mut tx, organisation).await?;
        let held = row!(
            tx,
            "select id from grant_ where person_id = $1 and role = $2 and organisation_id = $3",
            person.as_str(),
            role.code(),
            organisation.as_str()
        )?;
        if held.is_some() {
            return Ok(());
        }
        insert(
            &mut tx,
            "grant_",
            [
                ("id", uuid::Uuid::now_v7().to_string().into()),
                ("person_id", person.as_str().into()),
                ("role", role.code().into()),
                ("organisation_id", organisation.as_str().into()),
                ("created_ms", now_ms().into()),
            ],
        )
        .await?;
        let detail = json!({"role": role.code(), "organisation": organisation.as_str()});
        journal(&mut tx, actor, "grant.add", person.as_str(), detail).await?;
        tx.commit().await
    }

    /// Takes a role away, and ends the person's sessions.
    pub async fn revoke(
        &self,
        person: &PersonId,
        role: Role,
        organisation: &OrganisationId,
        actor: &str,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let gone = execute!(
            tx,
            "delete from grant_ where person_id = $1 and role = $2 and organisation_id = $3",
            person.as_str(),
            role.code(),
            organisation.as_str()
        )?;
        if gone == 0 {
            return Err(StoreError::not_found("такая роль у этого человека"));
        }
        execute!(
            tx,
            "delete from session where person_id = $1",
            person.as_str()
        )?;
        let detail = json!({"role": role.code(), "organisation": organisation.as_str()});
        journal(&mut tx, actor, "grant.revoke", person.as_str(), detail).await?;
        tx.commit().await
    }

    /// Shuts a person out: no role holds, no session lives, no link works.
    pub async fn disable_person(&self, person: &PersonId, actor: &str) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        load_person(&mut tx, person).await?;
        execute!(
            tx,
            "update person set disabled_ms = $1 where id = $2 and disabled_ms is null",
            now_ms(),
            person.as_str()
        )?;
        execute!(
            tx,
            "delete from session where person_id = $1",
            person.as_str()
        )?;
        journal(&mut tx, actor, "person.disable", person.as_str(), json!({})).await?;
        tx.commit().await
    }

    /// Returns the person with all roles that hold now: none for one who is disabled or not here.
    pub async fn actor(&self, person: &PersonId) -> Result<Actor, StoreError> {
        load_actor(&mut *self.reader().await?, person).await
    }

    pub async fn person(&self, id: &PersonId) -> Result<Person, StoreError> {
        load_person(&mut *self.reader().await?, id).await
    }

    /// Returns everybody, by name.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut conn = self.reader().await?;
        rows!(conn, "select * from person order by name, id")?
            .iter()
            .map(Person::read)
            .collect()
    }

    /// Returns who has this address, without regard to case.
    pub async fn person_by_email(&self, email: &str) -> Result<Option<Person>, StoreError> {
        let mut conn = self.reader().await?;
        row!(
            conn,
            "select * from person where email = $1",
            address(email)
        )?
        .map(|row| Person::read(&row))
        .transpose()
    }

    /// Returns the lawyers whose grant covers the node with `path`.
    pub async fn lawyers_of(&self, path: &str) -> Result<Vec<Person>, StoreError> {
        let mut conn = self.reader().await?;
        rows!(
            conn,
            "select p.* from person p where p.disabled_ms is null and exists (
                 select 1 from grant_ g join organisation o on o.id = g.organisation_id
                 where g.person_id = p.id and g.role = 'lawyer' and substr($1, 1, length(o.path)) = o.path)
             order by p.name, p.id",
            path
        )?
        .iter()
        .map(Person::read)
        .collect()
    }
}

async fn load_person(conn: &mut AnyConnection, id: &PersonId) -> Result<Person, StoreError> {
    let row = row!(conn, "select * from person where id = $1", id.as_str())?
        .ok_or_else(|| StoreError::not_found("человек"))?;
    Person::read(&row)
}

async fn journal(
    conn: &mut AnyConnection,
    actor: &str,
    action: &str,
    subject: &str,
    detail: serde_json::Value,
) -> Result<(), StoreError> {
    audit::append(
        conn,
        Entry {
            actor,
            action,
            subject,
            detail,
        },
    )
    .await
}

use super::{App, Done};
use crate::case::{Actor, Organisation, OrganisationId, PersonId, Role};
use crate::index;
use crate::model::worker::Health;
use crate::store::{self, AuditVerdict, Try};
use crate::web::desk::{
    Account, DeskError, JournalState, LinkOwner, NewPerson, Password, PersonLine, Readiness,
    Session, SessionTerms, Throttle,
};
use jiff::Timestamp;
use std::collections::BTreeMap;

/// How long a one-time link lives.
const LINK_MS: i64 = 7 * 24 * 3600 * 1000;
/// Rows of the journal on its page.
const TAIL: i64 = 50;

impl App {
    pub(super) async fn page_session(&self, token: &str) -> Done<Option<Session>> {
        let Some(session) = self.store.session(token).await? else {
            return Ok(None);
        };
        Ok(Some(Session {
            actor: self.store.actor(&session.person).await?,
            name: self.store.person(&session.person).await?.name,
            csrf: session.csrf_token,
        }))
    }

    pub(super) async fn begin_session(
        &self,
        person: &PersonId,
        terms: SessionTerms,
    ) -> Done<String> {
        let store = &self.store;
        let made = store.create_session(person, terms.idle_ms, terms.valid_ms);
        Ok(made.await?.token)
    }

    pub(super) async fn account_of(&self, email: &str) -> Done<Option<Account>> {
        let Some(person) = self.store.person_by_email(email).await? else {
            return Ok(None);
        };
        Ok(Some(Account {
            actor: self.store.actor(&person.id).await?,
            password_hash: self.store.password_hash(&person.id).await?,
        }))
    }

    pub(super) async fn count_try(&self, email: &str) -> Done<Throttle> {
        Ok(match self.store.try_login(email).await? {
            Try::Allowed => Throttle::Go,
            Try::Paused { until_ms } => {
                let wait_ms = until_ms - Timestamp::now().as_millisecond();
                Throttle::Wait {
                    seconds: wait_ms.max(1000).unsigned_abs().div_ceil(1000),
                }
            }
        })
    }

    pub(super) async fn link_owner(&self, token: &str) -> Done<Option<LinkOwner>> {
        let Some(id) = self.store.login_link_owner(token).await? else {
            return Ok(None);
        };
        let person = self.store.person(&id).await?;
        Ok(Some(LinkOwner {
            actor: self.store.actor(&id).await?,
            password: password(&person),
            name: person.name,
        }))
    }

    pub(super) async fn enter_by_link(&self, token: &str, hash: Option<String>) -> Done<PersonId> {
        let Some(id) = self.store.use_login_link(token).await? else {
            return Err(DeskError::Conflict {
                message: "Этой ссылкой уже вошли. Попросите новую.".into(),
            });
        };
        if let Some(hash) = hash {
            self.store.set_password_hash(&id, &hash, None).await?;
        }
        Ok(id)
    }

    pub(super) async fn person_lines(&self, actor: &Actor) -> Done<Vec<PersonLine>> {
        let nodes = self.store.organisations().await?.into_iter();
        let nodes: BTreeMap<OrganisationId, String> =
            nodes.map(|node| (node.id, node.name)).collect();
        let mut lines = Vec::new();
        for person in self.store.people().await? {
            let theirs = self.store.actor(&person.id).await?;
            let covered = |path: &str| actor.covers(Role::Administrator, path);
            if !theirs.grants.iter().any(|grant| covered(&grant.path)) {
                continue;
            }
            let roles = theirs.grants.iter().map(|grant| {
                let node = nodes.get(&grant.organisation).cloned();
                (grant.role, node.unwrap_or_default())
            });
            lines.push(PersonLine {
                roles: roles.collect(),
                password: password(&person),
                id: person.id,
                name: person.name,
                email: person.email,
            });
        }
        Ok(lines)
    }

    pub(super) async fn managed_nodes(&self, actor: &Actor) -> Done<Vec<Organisation>> {
        let all = self.store.organisations().await?.into_iter();
        let mine = |node: &Organisation| actor.covers(Role::Administrator, &node.path);
        Ok(all.filter(mine).collect())
    }

    pub(super) async fn enrol(&self, by: &PersonId, new: &NewPerson) -> Done<PersonId> {
        let person = store::NewPerson {
            name: new.name.clone(),
            email: new.email.clone(),
            language: "ru".into(),
        };
        let by = by.as_str();
        let id = self.store.add_person(&person, by).await?.id;
        self.store
            .grant(&id, new.role, &new.organisation, by)
            .await?;
        Ok(id)
    }

    pub(super) async fn fresh_link(&self, by: &PersonId, person: &PersonId) -> Done<String> {
        let made = self.store.create_login_link(person, LINK_MS, by.as_str());
        Ok(made.await?)
    }

    pub(super) async fn journal_state(&self) -> Done<JournalState> {
        let head = self.store.audit_head().await?;
        let first_bad = match self.store.audit_verify(None).await? {
            AuditVerdict::Intact { .. } => None,
            AuditVerdict::Broken { seq } => Some(seq),
        };
        let latest = self.store.audit_tail(TAIL).await?.into_iter();
        Ok(JournalState {
            rows: head.as_ref().map_or(0, |head| head.seq),
            head: head.map(|head| head.hash).unwrap_or_default(),
            first_bad,
            latest: latest
                .map(|row| (row.seq, row.at_ms, row.action, row.subject))
                .collect(),
        })
    }

    /// Pages need the database alone: without models and index people still work.
    pub(super) async fn parts_ready(&self) -> Done<Readiness> {
        let database = self.store.ping().await;
        let index = match self.index_health().await {
            Ok(index::Health::Ready) => "ok".to_owned(),
            Ok(index::Health::Rebuild { reason }) => format!("rebuild: {reason}"),
            Ok(index::Health::Unavailable { reason }) => format!("away: {reason}"),
            Err(error) => error.code().to_owned(),
        };
        let encoder = self.embedder.as_ref().map(|handle| handle.health());
        let generator = self.generator.as_ref().map(|handle| handle.health());
        let state = |health: Option<Health>| health.map_or("off".to_owned(), |h| word(&h));
        Ok(Readiness {
            ready: database.is_ok(),
            parts: vec![
                (
                    "database".into(),
                    database.map_or_else(|error| error.code().to_owned(), |()| "ok".to_owned()),
                ),
                ("index".into(), index),
                ("encoder".into(), state(encoder)),
                ("generator".into(), state(generator)),
            ],
        })
    }
}

fn password(person: &store::Person) -> Password {
    if person.has_password {
        Password::Set
    } else {
        Password::Missing
    }
}

fn word(health: &Health) -> String {
    match health {
        Health::Ready => "ok".into(),
        Health::Loading => "loading".into(),
        Health::Missing { remedy } => format!("missing: {remedy}"),
        Health::Damaged { remedy } => format!("damaged: {remedy}"),
        Health::Off => "off".into(),
    }
}

//! Getting in: one-time links, passwords, sessions, and a growing pause for guesses. Tokens are kept as hashes.

use super::audit::{self, Entry};
use super::db::now_ms;
use super::people::address;
use super::sql::{self, execute, insert, row};
use super::{Store, StoreError};
use crate::case::PersonId;
use crate::case::types::sha256_hex;
use serde_json::json;

/// How many passwords may be tried in a row before each further one has to wait.
pub const TRIES_BEFORE_PAUSE: i64 = 10;
const FIRST_PAUSE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How old the last sight of a session must be before it is written anew: pages should not cost a write.
const TOUCH_AFTER_MS: i64 = 60_000;

/// A session just made; its tokens are nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    pub token: String,
    pub csrf_token: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub person: PersonId,
    pub csrf_token: String,
    pub created_ms: i64,
    pub expires_ms: i64,
}

/// Whether a password may be tried now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Try {
    Allowed,
    Paused { until_ms: i64 },
}

/// 256 random bits as hex.
fn fresh_token() -> String {
    rand::random::<[u8; 32]>()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn hashed(token: &str) -> String {
    sha256_hex(token.as_bytes())
}

impl Store {
    /// Makes a link that logs a person in once; returns its token.
    pub async fn create_login_link(
        &self,
        person: &PersonId,
        valid_ms: i64,
        actor: &str,
    ) -> Result<String, StoreError> {
        let token = fresh_token();
        let now = now_ms();
        let mut tx = self.write().await?;
        insert(
            &mut tx,
            "login_link",
            [
                ("token_sha256", hashed(&token).into()),
                ("person_id", person.as_str().into()),
                ("created_ms", now.into()),
                ("expires_ms", (now + valid_ms).into()),
            ],
        )
        .await?;
        note(&mut tx, actor, "login.link", person).await?;
        tx.commit().await?;
        Ok(token)
    }

    /// Returns whose link it is without using it up, or `None`: a page asks before it logs in.
    pub async fn login_link_owner(&self, token: &str) -> Result<Option<PersonId>, StoreError> {
        let mut conn = self.reader().await?;
        row!(
            conn,
            "select person_id from login_link where token_sha256 = $1 and used_ms is null and expires_ms > $2",
            hashed(token),
            now_ms()
        )?
        .map(|row| Ok(PersonId(sql::text(&row, "person_id")?)))
        .transpose()
    }

    /// Uses a link up and returns who it was for, or `None` where it is unknown, used, too old, or its owner disabled.
    pub async fn use_login_link(&self, token: &str) -> Result<Option<PersonId>, StoreError> {
        let now = now_ms();
        let mut tx = self.write().await?;
        let used = row!(
            tx,
            "update login_link set used_ms = $1
             where token_sha256 = $2 and used_ms is null and expires_ms > $3
               and exists (select 1 from person p where p.id = login_link.person_id and p.disabled_ms is null)
             returning person_id",
            now,
            hashed(token),
            now
        )?;
        let Some(used) = used else {
            return Ok(None);
        };
        let person = PersonId(sql::text(&used, "person_id")?);
        note(&mut tx, person.as_str(), "login.link_used", &person).await?;
        tx.commit().await?;
        Ok(Some(person))
    }

    /// Keeps a password's hash (argon2id, in PHC form) and ends the person's other sessions.
    pub async fn set_password_hash(
        &self,
        person: &PersonId,
        phc: &str,
        keep_session: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut tx = self.write().await?;
        let set = execute!(
            tx,
            "update person set password_hash = $1 where id = $2",
            phc,
            person.as_str()
        )?;
        if set == 0 {
            return Err(StoreError::not_found("человек"));
        }
        execute!(
            tx,
            "delete from session where person_id = $1 and token_sha256 <> $2",
            person.as_str(),
            keep_session.map(hashed).unwrap_or_default()
        )?;
        note(&mut tx, person.as_str(), "login.password_set", person).await?;
        tx.commit().await
    }

    /// Returns the password's hash, or `None` where none is set or the person is disabled.
    pub async fn password_hash(&self, person: &PersonId) -> Result<Option<String>, StoreError> {
        let mut conn = self.reader().await?;
        let row = row!(
            conn,
            "select password_hash from person where id = $1 and disabled_ms is null",
            person.as_str()
        )?;
        row.map_or(Ok(None), |row| sql::text_or_none(&row, "password_hash"))
    }

    /// Counts a password guess before it is checked, so that guesses side by side count too.
    ///
    /// After ten in a row each further one waits, a minute first and twice as long each time, a day at most.
    pub async fn try_login(&self, email: &str) -> Result<Try, StoreError> {
        let subject = hashed(&address(email));
        let now = now_ms();
        let mut tx = self.small_write().await?;
        execute!(
            tx,
            "delete from login_attempt where last_ms < $1",
            now - 2 * DAY_MS
        )?;
        // One statement, so that on PostgreSQL too the row is locked between reading and counting.
        execute!(
            tx,
            "insert into login_attempt (subject, failures, pause_until_ms, last_ms) values ($1, 0, 0, $2)
             on conflict (subject) do update set last_ms = login_attempt.last_ms",
            subject.clone(),
            now
        )?;
        let seen = row!(
            tx,
            "select failures, pause_until_ms from login_attempt where subject = $1",
            subject.clone()
        )?
        .ok_or_else(|| StoreError::not_found("счётчик входов"))?;
        let until_ms = sql::int(&seen, "pause_until_ms")?;
        if until_ms > now {
            return Ok(Try::Paused { until_ms });
        }
        let failures = sql::int(&seen, "failures")? + 1;
        execute!(
            tx,
            "update login_attempt set failures = $1, pause_until_ms = $2, last_ms = $3 where subject = $4",
            failures,
            now + pause_ms(failures),
            now,
            subject
        )?;
        tx.commit().await?;
        Ok(Try::Allowed)
    }

    /// Forgets the guesses: the password was right, or a one-time link was used.
    pub async fn login_passed(&self, email: &str) -> Result<(), StoreError> {
        let mut tx = self.small_write().await?;
        execute!(
            tx,
            "delete from login_attempt where subject = $1",
            hashed(&address(email))
        )?;
        tx.commit().await
    }

    /// Begins a session that ends after `idle_ms` without a page, and after `valid_ms` in any case.
    pub async fn create_session(
        &self,
        person: &PersonId,
        idle_ms: i64,
        valid_ms: i64,
    ) -> Result<NewSession, StoreError> {
        let made = NewSession {
            token: fresh_token(),
            csrf_token: fresh_token(),
        };
        let now = now_ms();
        let mut tx = self.write().await?;
        execute!(
            tx,
            "delete from session where expires_ms < $1 or seen_ms + idle_ms < $2",
            now,
            now
        )?;
        insert(
            &mut tx,
            "session",
            [
                ("token_sha256", hashed(&made.token).into()),
                ("person_id", person.as_str().into()),
                ("csrf_token", (&made.csrf_token).into()),
                ("created_ms", now.into()),
                ("seen_ms", now.into()),
                ("idle_ms", idle_ms.into()),
                ("expires_ms", (now + valid_ms).into()),
            ],
        )
        .await?;
        note(&mut tx, person.as_str(), "login.session", person).await?;
        tx.commit().await?;
        Ok(made)
    }

    /// Returns the session of a token while it lives, and remembers that it was seen.
    pub async fn session(&self, token: &str) -> Result<Option<Session>, StoreError> {
        let now = now_ms();
        let mut conn = self.reader().await?;
        let found = row!(
            conn,
            "select s.* from session s join person p on p.id = s.person_id and p.disabled_ms is null
             where s.token_sha256 = $1 and s.expires_ms > $2 and s.seen_ms + s.idle_ms > $3",
            hashed(token),
            now,
            now
        )?;
        drop(conn);
        let Some(row) = found else {
            return Ok(None);
        };
        if now - sql::int(&row, "seen_ms")? > TOUCH_AFTER_MS {
            let mut tx = self.small_write().await?;
            execute!(
                tx,
                "update session set seen_ms = $1 where token_sha256 = $2",
                now,
                hashed(token)
            )?;
            tx.commit().await?;
        }
        Ok(Some(Session {
            person: PersonId(sql::text(&row, "person_id")?),
            csrf_token: sql::text(&row, "csrf_token")?,
            created_ms: sql::int(&row, "created_ms")?,
            expires_ms: sql::int(&row, "expires_ms")?,
        }))
    }

    /// Ends a session.
    pub async fn drop_session(&self, token: &str) -> Result<(), StoreError> {
        let mut tx = self.small_write().await?;
        execute!(
            tx,
            "delete from session where token_sha256 = $1",
            hashed(token)
        )?;
        tx.commit().await
    }
}

fn pause_ms(failures: i64) -> i64 {
    if failures < TRIES_BEFORE_PAUSE {
        return 0;
    }
    let doublings = (failures - TRIES_BEFORE_PAUSE).min(20);
    (FIRST_PAUSE_MS << doublings).min(DAY_MS)
}

async fn note(
    conn: &mut sqlx::AnyConnection,
    actor: &str,
    action: &str,
    person: &PersonId,
) -> Result<(), StoreError> {
    audit::append(
        conn,
        Entry {
            actor,
            action,
            subject: person.as_str(),
            detail: json!({}),
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_are_free_and_then_pauses_double_up_to_a_day() {
        assert_eq!(pause_ms(9), 0);
        assert_eq!(pause_ms(10), 60_000);
        assert_eq!(pause_ms(11), 120_000);
        assert_eq!(pause_ms(1_000_000), DAY_MS);
    }
}

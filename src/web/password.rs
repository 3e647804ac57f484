//! Passwords: argon2id, at the floor that OWASP names.

use super::desk::DeskError;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use std::time::Duration;
use tokio::sync::Semaphore;

const MEMORY_KIB: u32 = 19_456;
const ROUNDS: u32 = 2;
const LANES: u32 = 1;
/// The fewest characters of a password.
pub const FEWEST_CHARACTERS: usize = 10;
const MOST_CHARACTERS: usize = 128;
/// Each hash takes 19 MiB and some 30 ms of a core: more at once would starve the pages.
const AT_ONCE: usize = 2;
const PATIENCE: Duration = Duration::from_secs(3);

/// Permits for hashing; the work runs on blocking threads.
pub struct Hashing(Semaphore);

impl Default for Hashing {
    fn default() -> Self {
        Self(Semaphore::new(AT_ONCE))
    }
}

impl Hashing {
    /// Whether `password` fits `hash`; without a hash the same work is done for nothing, so that time tells nobody who is here.
    ///
    /// Fails with `Busy` when too many log in at once.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, DeskError> {
        self.run(move || match hash {
            Some(hash) => fits(&password, &hash),
            None => {
                let _ = hash_now(&password);
                false
            }
        })
        .await
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String, DeskError> {
        self.run(move || hash_now(&password))
            .await?
            .ok_or_else(|| DeskError::Unavailable {
                reason: "argon2 refused to hash".into(),
            })
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, DeskError> {
        let permit = tokio::time::timeout(PATIENCE, self.0.acquire()).await;
        let Ok(Ok(_permit)) = permit else {
            return Err(DeskError::Busy { retry_after_s: 5 });
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| DeskError::Unavailable {
                reason: error.to_string(),
            })
    }
}

/// The PHC string of `password`, for commands that make a person; `None` when the library refuses.
///
/// Costs 19 MiB and some 30 ms.
pub fn hash(password: &str) -> Option<String> {
    hash_now(password)
}

fn hash_now(password: &str) -> Option<String> {
    let params = Params::new(MEMORY_KIB, ROUNDS, LANES, None).ok()?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher.hash_password(password.as_bytes()).ok()?;
    Some(hash.to_string())
}

fn fits(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|parsed| {
        Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok()
    })
}

/// The key of the message that says why a new password won't do.
pub fn fault(password: &str) -> Option<&'static str> {
    let count = password.chars().count();
    if count < FEWEST_CHARACTERS {
        return Some("password-short");
    }
    if count > MOST_CHARACTERS {
        return Some("password-long");
    }
    let distinct: std::collections::BTreeSet<char> = password.chars().collect();
    (distinct.len() < 5).then_some("password-plain")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_argon2id_at_the_floor_and_fits_only_its_password() {
        let hash = hash_now("верный пароль").unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(fits("верный пароль", &hash));
        assert!(!fits("неверный пароль", &hash));
        assert!(!fits("верный пароль", "not a hash"));
    }

    #[test]
    fn weak_passwords_are_refused_by_length_and_variety() {
        assert_eq!(fault("короткий"), Some("password-short"));
        assert_eq!(fault("ааааааааааааа"), Some("password-plain"));
        assert_eq!(fault(&"абвгд".repeat(40)), Some("password-long"));
        assert_eq!(fault("синий трактор едет"), None);
    }
}

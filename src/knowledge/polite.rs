//! A patient HTTP client: one request at a time, pauses between them, longer ones after a refusal.

use std::io::Read;
use std::thread::sleep;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822;

use super::KnowledgeError;

/// The largest page that is read, in bytes; the biggest code has 6 MB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// How a server is asked.
#[derive(Debug, Clone)]
pub struct Pace {
    /// Pause between two requests.
    pub pause: Duration,
    /// How long one request may take, connection and body together.
    pub timeout: Duration,
    /// How often one page is asked for.
    pub attempts: u32,
    /// The longest wait before the next attempt; a server that asks for more is left alone.
    pub max_back_off: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            pause: Duration::from_secs(2),
            timeout: Duration::from_secs(120),
            attempts: 4,
            max_back_off: Duration::from_secs(60),
        }
    }
}

/// What a server said about the copy it gave, to be shown to it next time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// Its `ETag`.
    pub etag: Option<String>,
    /// Its `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a request brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A body, and how to ask for news of it.
    Page {
        /// The bytes as they came.
        bytes: Vec<u8>,
        /// What the server said about them.
        validators: Validators,
    },
    /// The server says that the copy we have is the newest (304).
    Unchanged,
}

/// The client; nothing is sent before the first [`Polite::get`].
pub(super) struct Polite {
    pace: Pace,
    agent: ureq::Agent,
    last: Option<Instant>,
}

/// Why one attempt brought nothing.
enum Refusal {
    /// Worth another try: status (0 = no answer), what happened, how long the server asked us to wait.
    Again {
        status: u16,
        message: String,
        wait: Option<Duration>,
    },
    /// Another try would bring the same.
    Final(KnowledgeError),
}

impl Polite {
    pub(super) fn new(pace: Pace) -> Polite {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(pace.timeout))
            .user_agent(concat!("soyuznik/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Polite {
            pace,
            agent,
            last: None,
        }
    }

    /// How often one page is asked for.
    pub(super) fn attempts(&self) -> u32 {
        self.pace.attempts.max(1)
    }

    /// Returns what stands at `url`, unless it is what `seen` describes.
    ///
    /// Tries again after 408, 429, 5xx and broken connections, waiting as long as the server asks; other refusals are
    /// final at once. Fails with [`KnowledgeError::AskedToWait`] where the server wants a longer pause than ours.
    pub(super) fn get(&mut self, url: &str, seen: &Validators) -> Result<Fetched, KnowledgeError> {
        let attempts = self.attempts();
        let mut refused = (0, String::new());
        for attempt in 0..attempts {
            self.wait_turn();
            match self.ask(url, seen) {
                Ok(fetched) => return Ok(fetched),
                Err(Refusal::Final(error)) => return Err(error),
                Err(Refusal::Again {
                    status,
                    message,
                    wait,
                }) => {
                    tracing::warn!(status, attempt, "source refused");
                    if let Some(wait) = wait.filter(|wait| *wait > self.pace.max_back_off) {
                        return Err(KnowledgeError::AskedToWait {
                            url: url.to_owned(),
                            status,
                            seconds: wait.as_secs(),
                        });
                    }
                    if attempt + 1 < attempts {
                        sleep(wait.unwrap_or_else(|| self.back_off(attempt + 1)));
                    }
                    refused = (status, message);
                }
            }
        }
        let url = url.to_owned();
        Err(match refused {
            (0, message) => KnowledgeError::Network { url, message },
            (status, _) => KnowledgeError::Refused {
                url,
                status,
                attempts,
            },
        })
    }

    /// Waits before asking again for a page that came and was not whole.
    pub(super) fn rest(&self, attempt: u32) {
        sleep(self.back_off(attempt));
    }

    fn wait_turn(&mut self) {
        if let Some(last) = self.last {
            sleep(self.pace.pause.saturating_sub(last.elapsed()));
        }
        self.last = Some(Instant::now());
    }

    /// Doubles the pause with each attempt, up to the limit.
    fn back_off(&self, attempt: u32) -> Duration {
        self.pace
            .pause
            .saturating_mul(1 << attempt.min(6))
            .min(self.pace.max_back_off)
    }

    fn ask(&self, url: &str, seen: &Validators) -> Result<Fetched, Refusal> {
        let again = |status: u16, message: String, wait| Refusal::Again {
            status,
            message,
            wait,
        };
        let mut request = self.agent.get(url);
        if let Some(etag) = &seen.etag {
            request = request.header("if-none-match", etag);
        }
        if let Some(day) = &seen.last_modified {
            request = request.header("if-modified-since", day);
        }
        let mut response = request
            .call()
            .map_err(|error| again(0, error.to_string(), None))?;
        let header = |name: &str| {
            let value = response.headers().get(name)?;
            Some(value.to_str().ok()?.to_owned())
        };
        let status = response.status().as_u16();
        match status {
            200 => {}
            304 => return Ok(Fetched::Unchanged),
            404 | 410 => {
                return Err(Refusal::Final(KnowledgeError::NotFound {
                    name: url.to_owned(),
                }));
            }
            408 | 429 | 500.. => {
                let wait = header("retry-after").and_then(|value| wait_of(&value));
                return Err(again(status, format!("код {status}"), wait));
            }
            _ => {
                return Err(Refusal::Final(KnowledgeError::Refused {
                    url: url.to_owned(),
                    status,
                    attempts: 1,
                }));
            }
        }
        let validators = Validators {
            etag: header("etag"),
            last_modified: header("last-modified"),
        };
        let mut bytes = Vec::new();
        let body = response.body_mut().as_reader();
        match body.take(MAX_BYTES).read_to_end(&mut bytes) {
            Ok(_) => Ok(Fetched::Page { bytes, validators }),
            Err(error) => Err(again(0, format!("ответ оборвался: {error}"), None)),
        }
    }
}

/// How long `Retry-After` asks to wait: seconds, or until a moment.
fn wait_of(value: &str) -> Option<Duration> {
    if let Ok(seconds) = value.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = rfc2822::parse(value).ok()?.timestamp();
    let wait = until.duration_since(Timestamp::now());
    Some(wait.try_into().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_may_say_how_long_to_wait_in_two_ways() {
        assert_eq!(wait_of("7"), Some(Duration::from_secs(7)));
        assert_eq!(
            wait_of("Wed, 21 Oct 2015 07:28:00 GMT"),
            Some(Duration::ZERO)
        );
        let later = wait_of("Thu, 21 Oct 2990 07:28:00 GMT").unwrap();
        assert!(later > Duration::from_secs(1_000_000));
        assert_eq!(wait_of("soon"), None);
    }
}

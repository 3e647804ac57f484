//! The official portal: acts by their document number, slowly and with patience.

use std::io::Read;
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::{KnowledgeError, ParsedAct, charset, fault, read};
use crate::law::ActId;

const SOURCES: &str = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The largest page that is read, in bytes; the biggest code has 6 MB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// An act on the portal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The act.
    pub act: ActId,
    /// The portal's document number.
    pub nd: u64,
    /// The act's name, for people.
    pub title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceFile {
    source: Vec<Source>,
}

/// Returns the sources of a `sources.toml`.
pub fn parse_sources(file: &str, toml: &str) -> Result<Vec<Source>, KnowledgeError> {
    let parsed: SourceFile = toml::from_str(toml).map_err(|e| KnowledgeError::Malformed {
        file: file.to_owned(),
        message: e.to_string(),
    })?;
    Ok(parsed.source)
}

/// Returns the sources that the binary carries.
pub fn embedded_sources() -> Result<Vec<Source>, KnowledgeError> {
    parse_sources("knowledge-base/sources.toml", SOURCES)
}

/// How the portal is asked.
#[derive(Debug, Clone)]
pub struct PortalConfig {
    /// Base address, `http://pravo.gov.ru`.
    pub base_url: String,
    /// Pause between two requests.
    pub pause: Duration,
    /// How long one request may take, connection and body together.
    pub timeout: Duration,
    /// How often one page is asked for.
    pub attempts: u32,
    /// The longest wait before the next attempt.
    pub max_back_off: Duration,
}

impl Default for PortalConfig {
    fn default() -> PortalConfig {
        PortalConfig {
            base_url: "http://pravo.gov.ru".to_owned(),
            pause: Duration::from_secs(2),
            timeout: Duration::from_secs(120),
            attempts: 4,
            max_back_off: Duration::from_secs(60),
        }
    }
}

/// A client of the portal; one request at a time.
pub struct Portal {
    config: PortalConfig,
    agent: ureq::Agent,
    last: Option<Instant>,
}

/// What one request gave.
enum Answer {
    Page(Vec<u8>),
    /// Worth another try: status (0 = no answer), what happened, how long the server asked us to wait.
    Again {
        status: u16,
        message: String,
        wait: Option<Duration>,
    },
}

impl Portal {
    /// Returns a client; nothing is sent yet.
    pub fn new(config: PortalConfig) -> Portal {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(config.timeout))
            .user_agent(concat!("soyuznik/", env!("CARGO_PKG_VERSION")))
            .build()
            .new_agent();
        Portal {
            config,
            agent,
            last: None,
        }
    }

    /// Returns an act of the portal, read and checked, and the bytes it came in.
    ///
    /// Waits between requests, and longer after 429, 5xx, broken connections and pages that were cut off; gives up after
    /// `attempts`. Error pages and captchas fail at once: nothing goes past them.
    pub fn pull(&mut self, source: &Source) -> Result<(ParsedAct, Vec<u8>), KnowledgeError> {
        let mut cut = None;
        for attempt in 0..self.config.attempts.max(1) {
            if attempt > 0 {
                sleep(self.back_off(attempt));
            }
            let bytes = self.fetch(source.nd)?;
            match read(&bytes, &self.url(source.nd)) {
                Ok(act) => return Ok((act, bytes)),
                Err(error @ (KnowledgeError::CutOff { .. } | KnowledgeError::Gaps { .. })) => {
                    cut = Some(error)
                }
                Err(error) => return Err(error),
            }
        }
        Err(cut.unwrap_or_else(|| KnowledgeError::Empty {
            name: self.url(source.nd),
        }))
    }

    /// Returns the bytes of a document's page. Fails as [`Portal::pull`] does, but does not read the law in it.
    pub fn fetch(&mut self, nd: u64) -> Result<Vec<u8>, KnowledgeError> {
        let url = self.url(nd);
        let attempts = self.config.attempts.max(1);
        let mut refused = None;
        for attempt in 0..attempts {
            self.pace();
            match self.ask(&url) {
                Answer::Page(bytes) => return checked(bytes, &url),
                Answer::Again {
                    status,
                    message,
                    wait,
                } => {
                    tracing::warn!(nd, status, attempt, "portal refused");
                    if attempt + 1 < attempts {
                        sleep(
                            wait.unwrap_or_else(|| self.back_off(attempt + 1))
                                .min(self.config.max_back_off),
                        );
                    }
                    refused = Some((status, message));
                }
            }
        }
        match refused {
            Some((status, _)) if status > 0 => Err(KnowledgeError::Refused {
                url,
                status,
                attempts,
            }),
            other => Err(KnowledgeError::Network {
                url,
                message: other.map(|(_, m)| m).unwrap_or_default(),
            }),
        }
    }

    fn url(&self, nd: u64) -> String {
        format!(
            "{}/proxy/ips/?doc_itself=&nd={nd}&fulltext=1",
            self.config.base_url.trim_end_matches('/')
        )
    }

    fn pace(&mut self) {
        if let Some(last) = self.last {
            sleep(self.config.pause.saturating_sub(last.elapsed()));
        }
        self.last = Some(Instant::now());
    }

    /// Doubles the pause with each attempt, up to the limit.
    fn back_off(&self, attempt: u32) -> Duration {
        self.config
            .pause
            .saturating_mul(1 << attempt.min(6))
            .min(self.config.max_back_off)
    }

    fn ask(&self, url: &str) -> Answer {
        let again = |status: u16, message: String, wait| Answer::Again {
            status,
            message,
            wait,
        };
        let mut response = match self.agent.get(url).call() {
            Ok(response) => response,
            Err(error) => return again(0, error.to_string(), None),
        };
        let status = response.status().as_u16();
        if status != 200 {
            let wait = response
                .headers()
                .get("retry-after")
                .and_then(|v| v.to_str().ok())
                .and_then(|v| v.parse().ok())
                .map(Duration::from_secs);
            return again(status, format!("код {status}"), wait);
        }
        let mut bytes = Vec::new();
        match response
            .body_mut()
            .as_reader()
            .take(MAX_BYTES)
            .read_to_end(&mut bytes)
        {
            Ok(_) => Answer::Page(bytes),
            Err(error) => again(0, format!("ответ оборвался: {error}"), None),
        }
    }
}

/// An empty page, «Документ не найден» and a captcha come with status 200.
fn checked(bytes: Vec<u8>, url: &str) -> Result<Vec<u8>, KnowledgeError> {
    let text = charset::decode(&bytes).ok_or_else(|| KnowledgeError::Binary {
        name: url.to_owned(),
    })?;
    if text.trim().is_empty() {
        return Err(KnowledgeError::Empty {
            name: url.to_owned(),
        });
    }
    if text.contains("Статья") {
        return Ok(bytes);
    }
    Err(fault::of_page(&text, url))
}

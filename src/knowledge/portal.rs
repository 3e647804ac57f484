//! The official portal: acts by their document number, slowly and with patience.

use std::path::PathBuf;

use serde::Deserialize;

use super::polite::{Fetched, Polite};
pub use super::polite::{Pace, Validators};
use super::portal_pages::{self, KeptPages};
use super::{KnowledgeError, ParsedAct, charset, fault, read};
use crate::law::ActId;

const SOURCES: &str = include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// How the portal gives an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// The whole text on one page.
    #[default]
    Whole,
    /// Page by page: the whole text takes the portal longer than it grants.
    Paged,
}

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
    /// How the portal gives it.
    #[serde(default)]
    pub form: Form,
    /// Words by which titles of amending laws name the act, in each grammatical case they use.
    #[serde(default)]
    pub named: Vec<String>,
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
    /// How patiently.
    pub pace: Pace,
    /// Where pages of a long act wait until all are there; `None`: in memory only.
    pub pages: Option<PathBuf>,
}

impl Default for PortalConfig {
    fn default() -> PortalConfig {
        PortalConfig {
            base_url: "http://pravo.gov.ru".to_owned(),
            pace: Pace::default(),
            pages: None,
        }
    }
}

/// What the portal has of an act.
pub enum Pulled {
    /// The copy that was described: nothing came over.
    Unchanged,
    /// A whole text, read and checked.
    Taken {
        /// The law in it.
        act: Box<ParsedAct>,
        /// The bytes it came in; of several pages, their texts in one page.
        bytes: Vec<u8>,
        /// How to ask for news of it; empty where it came in pages.
        validators: Validators,
    },
}

/// A client of the portal; one request at a time.
pub struct Portal {
    config: PortalConfig,
    http: Polite,
}

impl Portal {
    /// Returns a client; nothing is sent yet.
    pub fn new(config: PortalConfig) -> Portal {
        let http = Polite::new(config.pace.clone());
        Portal { config, http }
    }

    /// Returns an act of the portal, read and checked, unless it is the copy that `seen` describes.
    ///
    /// Waits between requests, and longer after 429, 5xx, broken connections and pages that were cut off; gives up after
    /// `attempts`. Error pages and captchas fail at once: nothing goes past them. A text of another act than the source
    /// names is refused. Pages of a long act that came before an interruption are not asked for again.
    pub fn pull(&mut self, source: &Source, seen: &Validators) -> Result<Pulled, KnowledgeError> {
        let pulled = match source.form {
            Form::Whole => self.pull_whole(source, seen)?,
            Form::Paged => self.pull_pages(source)?,
        };
        match &pulled {
            Pulled::Taken { act, .. } if act.act != source.act => Err(KnowledgeError::AnotherAct {
                url: self.url(source),
                wanted: source.act.to_string(),
                found: act.act.to_string(),
            }),
            _ => Ok(pulled),
        }
    }

    /// The first address that a pull asks.
    pub fn url(&self, source: &Source) -> String {
        match source.form {
            Form::Whole => format!("{}&fulltext=1", self.document(source.nd)),
            Form::Paged => self.page_url(source.nd, 1),
        }
    }

    fn document(&self, nd: u64) -> String {
        let base = self.config.base_url.trim_end_matches('/');
        format!("{base}/proxy/ips/?doc_itself=&nd={nd}")
    }

    fn page_url(&self, nd: u64, page: usize) -> String {
        // Without a number of the edition the portal gives the newest.
        format!("{}&page={page}&rdk=&link_id=0", self.document(nd))
    }

    fn pull_whole(&mut self, source: &Source, seen: &Validators) -> Result<Pulled, KnowledgeError> {
        let url = self.url(source);
        let mut cut = None;
        for attempt in 0..self.http.attempts() {
            if attempt > 0 {
                self.http.rest(attempt);
            }
            let (bytes, validators) = match self.http.get(&url, seen)? {
                Fetched::Unchanged => return Ok(Pulled::Unchanged),
                Fetched::Page { bytes, validators } => (checked(bytes, &url)?, validators),
            };
            match read(&bytes, &url) {
                Ok(act) => {
                    return Ok(Pulled::Taken {
                        act: Box::new(act),
                        bytes,
                        validators,
                    });
                }
                Err(error @ (KnowledgeError::CutOff { .. } | KnowledgeError::Gaps { .. })) => {
                    cut = Some(error)
                }
                Err(error) => return Err(error),
            }
        }
        Err(cut.unwrap_or(KnowledgeError::Empty { name: url }))
    }

    fn pull_pages(&mut self, source: &Source) -> Result<Pulled, KnowledgeError> {
        let mut kept = KeptPages::open(self.config.pages.as_deref(), source.nd)?;
        let first = self.page(source.nd, 1)?;
        // Pages of two editions must not stand in one text.
        kept.begin(first)?;
        let mut ends = 0;
        while kept.len() < portal_pages::MOST {
            let number = kept.len() + 1;
            let ended = match self.page(source.nd, number) {
                Ok(bytes) if kept.repeats(&bytes) => None,
                Ok(bytes) => {
                    kept.push(bytes)?;
                    continue;
                }
                Err(error @ (KnowledgeError::Empty { .. } | KnowledgeError::NotFound { .. })) => {
                    Some(error)
                }
                Err(error) => return Err(error),
            };
            let bytes = kept.joined();
            match read(&bytes, &self.url(source)) {
                Ok(act) => {
                    kept.clear()?;
                    return Ok(Pulled::Taken {
                        act: Box::new(act),
                        bytes,
                        validators: Validators::default(),
                    });
                }
                // An empty page in the middle: the portal stumbled.
                Err(KnowledgeError::CutOff { .. } | KnowledgeError::Gaps { .. })
                    if ends + 1 < self.http.attempts() =>
                {
                    ends += 1;
                    self.http.rest(ends);
                }
                Err(error) => return Err(ended.unwrap_or(error)),
            }
        }
        Err(KnowledgeError::TooLarge {
            name: self.url(source),
        })
    }

    fn page(&mut self, nd: u64, page: usize) -> Result<Vec<u8>, KnowledgeError> {
        let url = self.page_url(nd, page);
        match self.http.get(&url, &Validators::default())? {
            Fetched::Page { bytes, .. } => portal_pages::checked(bytes, &url),
            Fetched::Unchanged => Err(KnowledgeError::Empty { name: url }),
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

//! The official publication service: which laws were published, and which of them amend an act.
//!
//! Its list has titles, numbers and days; the texts are scans, so an amendment found here is one whose text we lack.

use std::fmt::Write as _;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::KnowledgeError;
use super::polite::{Fetched, Pace, Polite, Validators};
use super::portal::Source;
use crate::law::text::normalise;

/// Titles that amend several acts and name none: any act may be among them.
const SEVERAL: &str = "отдельные законодательные акты";
/// Federal law and federal constitutional law in the service's list of document types.
const LAWS: [&str; 2] = [
    "82a8bf1c-3bc7-47ed-827f-7affd43a7f27",
    "93273da3-3133-4acf-96c2-4adc1ae70e19",
];
const PAGE_SIZE: usize = 100;
/// More pages than a search for one act can have: the service did not understand it.
const MOST_PAGES: usize = 50;

/// How the service is asked.
#[derive(Debug, Clone)]
pub struct PublicationConfig {
    /// Base address, `http://publication.pravo.gov.ru`.
    pub base_url: String,
    /// How patiently.
    pub pace: Pace,
}

/// How surely a law amends an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Its title names the act.
    Named,
    /// Its title speaks of «отдельные законодательные акты» and names none.
    Possible,
}

/// A law that amends an act, or may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Amendment {
    /// «419-ФЗ».
    pub number: String,
    /// The day it was signed.
    pub signed_on: Date,
    /// The day it was published.
    pub published_on: Date,
    /// Its title.
    pub title: String,
    /// Its page at the service.
    pub url: String,
    /// How surely it amends the act.
    pub reach: Reach,
}

/// A page of the service's list; it has more fields than we need.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    items: Vec<Item>,
    pages_total_count: usize,
    items_total_count: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    eo_number: String,
    name: String,
    number: Option<String>,
    document_date: String,
    publish_date_short: String,
    document_type_id: String,
}

/// A client of the service; one request at a time.
pub struct Publication {
    base_url: String,
    http: Polite,
}

impl Publication {
    /// Returns a client; nothing is sent yet.
    pub fn new(config: PublicationConfig) -> Publication {
        Publication {
            base_url: config.base_url.trim_end_matches('/').to_owned(),
            http: Polite::new(config.pace),
        }
    }

    /// Returns the laws published on `since` or later that amend the act of `source` or may amend it, by day.
    ///
    /// Fails where the service is away or its answer is no list: then nothing is known, not «no amendments».
    pub fn amendments(
        &mut self,
        source: &Source,
        since: Date,
    ) -> Result<Vec<Amendment>, KnowledgeError> {
        let named: Vec<String> = source.named.iter().map(|name| normalise(name)).collect();
        let mut found: Vec<Amendment> = Vec::new();
        for words in source.named.iter().map(String::as_str).chain([SEVERAL]) {
            for item in self.listed(words, since)? {
                let Some(amendment) = self.as_amendment(item, &named) else {
                    continue;
                };
                let known = found.iter().any(|one| {
                    one.number == amendment.number && one.signed_on == amendment.signed_on
                });
                if !known && amendment.published_on >= since {
                    found.push(amendment);
                }
            }
        }
        found.sort_by(|a, b| (a.signed_on, &a.number).cmp(&(b.signed_on, &b.number)));
        Ok(found)
    }

    /// The addresses that a search for amendments asks first, one for each wording.
    pub fn urls(&self, source: &Source, since: Date) -> Vec<String> {
        let words = source.named.iter().map(String::as_str).chain([SEVERAL]);
        words.map(|words| self.url(words, since, 1)).collect()
    }

    fn url(&self, words: &str, since: Date, page: usize) -> String {
        format!(
            "{}/api/Documents?Name={}&PublishDateFrom={since}&PageSize={PAGE_SIZE}&Index={page}",
            self.base_url,
            percent(words)
        )
    }

    fn listed(&mut self, words: &str, since: Date) -> Result<Vec<Item>, KnowledgeError> {
        let mut items = Vec::new();
        let mut page = 1;
        loop {
            let url = self.url(words, since, page);
            let listed = match self.http.get(&url, &Validators::default())? {
                Fetched::Page { bytes, .. } => parse(&bytes, &url)?,
                Fetched::Unchanged => return Err(not_a_list(&url, "код 304".to_owned())),
            };
            if listed.pages_total_count > MOST_PAGES {
                let message = format!("{} документов: запрос не понят", listed.items_total_count);
                return Err(not_a_list(&url, message));
            }
            let empty = listed.items.is_empty();
            items.extend(listed.items);
            if page >= listed.pages_total_count {
                return Ok(items);
            }
            if empty {
                return Err(not_a_list(&url, format!("страница {page} пуста")));
            }
            page += 1;
        }
    }

    fn as_amendment(&self, item: Item, named: &[String]) -> Option<Amendment> {
        if !LAWS.contains(&item.document_type_id.as_str()) {
            return None;
        }
        let title = item.name.split_whitespace().collect::<Vec<_>>().join(" ");
        let words = normalise(&title);
        let reach = if named.iter().any(|name| words.contains(name)) {
            Reach::Named
        } else if words.contains(SEVERAL) {
            Reach::Possible
        } else {
            return None;
        };
        Some(Amendment {
            number: item.number?,
            signed_on: day(&item.document_date)?,
            published_on: day(&item.publish_date_short)?,
            title,
            url: format!("{}/document/{}", self.base_url, percent(&item.eo_number)),
            reach,
        })
    }
}

/// The day of «2026-01-17T00:00:00».
fn day(moment: &str) -> Option<Date> {
    moment.get(..10)?.parse().ok()
}

fn parse(bytes: &[u8], url: &str) -> Result<Listed, KnowledgeError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        let message = if text.is_empty() {
            "пустой ответ".to_owned()
        } else if text.starts_with('<') {
            "пришла страница сайта".to_owned()
        } else {
            error.to_string()
        };
        not_a_list(url, message)
    })
}

fn not_a_list(url: &str, message: String) -> KnowledgeError {
    KnowledgeError::NotAList {
        url: url.to_owned(),
        message,
    }
}

/// The text as a value in an address.
fn percent(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

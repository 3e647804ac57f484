//! Texts beside the law: inspectorate answers, letters of ministries, court acts that a lawyer saved.

mod court;
mod inspectorate;

use std::collections::HashSet;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::KnowledgeError;
use super::lay::{is_html, laid_lines};
use super::read::hex;
use super::{charset, html};
use crate::law::text::dates_in;
use crate::law::{ActId, find_references};

/// The most norms that are kept of one text.
const MOST_NORMS: usize = 300;
/// How much of a text is looked at for what it is, in bytes: it tells in its head.
const HEAD_BYTES: usize = 64 * 1024;
/// The longest title that is made of a text, in characters.
const MOST_TITLE_CHARS: usize = 300;

/// What a text beside the law is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PracticeKind {
    /// A clarification (разъяснение) of a body.
    Clarification,
    /// A court act (судебный акт).
    Court,
}

/// A text beside the law, as read from a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParsedPractice {
    /// What it is.
    pub kind: PracticeKind,
    /// Who wrote it.
    pub issuer: String,
    /// Its day; nothing where the text does not tell it.
    pub issued_on: Option<Date>,
    /// Its number.
    pub number: Option<String>,
    /// The question, or what the case is about.
    pub title: String,
    /// Its paragraphs, one a line.
    pub text: String,
    /// Where it was published.
    pub url: Option<String>,
    /// Checksum of the file's bytes, hexadecimal.
    pub sha256: String,
    /// Norms that it cites, each once, in order of place.
    pub norms: Vec<String>,
}

/// What a person says about a file; it wins over what the file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What it is; nothing: the content decides.
    pub kind: Option<PracticeKind>,
    /// Who wrote it.
    pub issuer: Option<String>,
    /// Its day.
    pub issued_on: Option<Date>,
    /// Its number.
    pub number: Option<String>,
    /// Where it was published.
    pub url: Option<String>,
}

impl PracticeKind {
    /// Returns the word for the kind.
    pub fn code(self) -> &'static str {
        match self {
            PracticeKind::Clarification => "clarification",
            PracticeKind::Court => "court",
        }
    }

    /// Returns the kind that a word stands for.
    pub fn parse(word: &str) -> Option<PracticeKind> {
        [PracticeKind::Clarification, PracticeKind::Court]
            .into_iter()
            .find(|kind| kind.code() == word)
    }
}

impl Told {
    /// Returns the options of a command line that say the same.
    pub fn words(&self) -> Vec<String> {
        let options = [
            ("--kind", self.kind.map(|kind| kind.code().to_owned())),
            ("--issuer", self.issuer.clone()),
            ("--date", self.issued_on.map(|day| day.to_string())),
            ("--number", self.number.clone()),
            ("--url", self.url.clone()),
        ];
        let given = options
            .into_iter()
            .filter_map(|(option, value)| Some(format!("{option}={}", value?)));
        given.collect()
    }
}

/// What a reader found in a text.
#[derive(Debug, Default)]
struct Found {
    issuer: Option<String>,
    issued_on: Option<Date>,
    number: Option<String>,
    title: Option<String>,
    url: Option<String>,
    lines: Vec<String>,
}

/// Returns the clarification or court act in a file, or nothing where the file is neither and nobody said so.
///
/// Fails where the file cannot be read, and where a text that is one does not tell who wrote it, or a court act its
/// day: the message says how to tell it.
pub fn read_practice(
    bytes: &[u8],
    name: &str,
    told: &Told,
) -> Result<Option<ParsedPractice>, KnowledgeError> {
    if told.kind.is_none() && !is_practice(&lines_of(bytes, name, Extent::Head)?) {
        return Ok(None);
    }
    let lines = lines_of(bytes, name, Extent::Whole)?;
    if lines.is_empty() {
        return Err(KnowledgeError::Empty {
            name: name.to_owned(),
        });
    }
    let (kind, found) = match told.kind {
        Some(PracticeKind::Court) => (
            PracticeKind::Court,
            court::recognise(&lines).unwrap_or_else(|| unrecognised(lines)),
        ),
        Some(PracticeKind::Clarification) => (
            PracticeKind::Clarification,
            inspectorate::recognise(&lines).unwrap_or_else(|| unrecognised(lines)),
        ),
        None => {
            if let Some(found) = inspectorate::recognise(&lines) {
                (PracticeKind::Clarification, found)
            } else if let Some(found) = court::recognise(&lines) {
                (PracticeKind::Court, found)
            } else {
                return Ok(None);
            }
        }
    };
    whole(kind, found, told, bytes, name).map(Some)
}

/// Puts together what the file and the person say.
fn whole(
    kind: PracticeKind,
    found: Found,
    told: &Told,
    bytes: &[u8],
    name: &str,
) -> Result<ParsedPractice, KnowledgeError> {
    let issued_on = told.issued_on.or(found.issued_on);
    let issuer = told.issuer.clone().or(found.issuer);
    let issuer = issuer.filter(|issuer| !issuer.trim().is_empty());
    let mut missing = Vec::new();
    if issuer.is_none() {
        missing.push("--issuer КТО");
    }
    if issued_on.is_none() && kind == PracticeKind::Court {
        missing.push("--date ДЕНЬ");
    }
    let (Some(issuer), true) = (issuer, missing.is_empty()) else {
        return Err(KnowledgeError::Unsigned {
            name: name.to_owned(),
            missing: missing.join(" "),
        });
    };
    let text = found.lines.join("\n");
    Ok(ParsedPractice {
        kind,
        issuer: shortened(&issuer),
        issued_on,
        number: told.number.clone().or(found.number),
        title: shortened(&found.title.unwrap_or_else(|| first_line(&found.lines))),
        url: told.url.clone().or(found.url),
        sha256: hex(&Sha256::digest(bytes)),
        norms: norms_in(&text),
        text,
    })
}

/// The norms that a text names, each once; an article without an act is of the Labour Code.
fn norms_in(text: &str) -> Vec<String> {
    let Ok(code) = ActId::new("tk") else {
        return Vec::new();
    };
    let mut seen = HashSet::new();
    find_references(text, &code)
        .into_iter()
        .map(|reference| reference.citation.to_string())
        .filter(|norm| seen.insert(norm.clone()))
        .take(MOST_NORMS)
        .collect()
}

/// The first day that a line names, of the years that such texts are from.
fn day_in(line: &str) -> Option<Date> {
    let days = dates_in(line, Date::MAX)
        .into_iter()
        .map(|found| found.date);
    days.into_iter()
        .find(|day| (1985..2200).contains(&day.year()))
}

fn unrecognised(lines: Vec<String>) -> Found {
    Found {
        lines,
        ..Found::default()
    }
}

fn first_line(lines: &[String]) -> String {
    lines.first().cloned().unwrap_or_default()
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(MOST_TITLE_CHARS) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

fn is_practice(lines: &[String]) -> bool {
    inspectorate::recognise(lines).is_some() || court::recognise(lines).is_some()
}

/// How much of a text is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// The first lines of a text or page; of a document all, for its reader knows no less.
    Head,
    Whole,
}

/// The lines of a file that say something, in order.
fn lines_of(bytes: &[u8], name: &str, extent: Extent) -> Result<Vec<String>, KnowledgeError> {
    let lines = match laid_lines(bytes, name)? {
        Some(lines) => lines,
        None => {
            let Some(text) = charset::decode(bytes) else {
                return Err(KnowledgeError::Binary {
                    name: name.to_owned(),
                });
            };
            let text = match extent {
                Extent::Head => &text[..text.floor_char_boundary(HEAD_BYTES)],
                Extent::Whole => &text,
            };
            let comment = text.trim_start_matches('\u{feff}').trim_start();
            if is_html(text) && !comment.starts_with(inspectorate::MARK) {
                html::lines(text)
            } else {
                text.lines().map(str::to_owned).collect()
            }
        }
    };
    let lines: Vec<String> = lines
        .iter()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .map(|line| line.trim_start_matches('\u{feff}').to_owned())
        .filter(|line| !line.is_empty())
        .collect();
    Ok(lines)
}

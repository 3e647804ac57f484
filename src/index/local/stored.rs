//! An entry as the file holds it, under a seal.

use super::super::types::{Entry, EntryKind, FIRST_DAY, LAST_DAY, day_number, words};
use sha2::{Digest, Sha256};
use sqlx::Row;
use sqlx::sqlite::SqliteRow;

/// An entry with its number; days as `yyyymmdd`, words with spaces between them.
pub struct Stored {
    pub number: i64,
    pub id: String,
    pub kind: EntryKind,
    pub citation: String,
    pub article: String,
    pub act: String,
    /// Empty: everybody's.
    pub owner: String,
    pub from: i64,
    pub until: i64,
    pub body: String,
    pub title: String,
    pub dense: Option<Vec<f32>>,
    pub seal: i64,
}

impl Stored {
    pub fn new(entry: &Entry, number: i64) -> Self {
        let mut stored = Self {
            number,
            id: entry.id.clone(),
            kind: entry.kind,
            citation: entry.citation.clone(),
            article: entry.article.clone(),
            act: entry.act.clone(),
            owner: entry.organisation_path.clone().unwrap_or_default(),
            from: entry.from.map_or(FIRST_DAY, day_number),
            until: entry.until.map_or(LAST_DAY, day_number),
            body: column(&entry.stems),
            title: column(&entry.title_stems),
            dense: entry.dense.clone(),
            seal: 0,
        };
        stored.seal = stored.seal();
        stored
    }

    /// Returns a checksum of the words alone.
    pub fn words(&self) -> i64 {
        let mut hash = Sha256::new();
        hash.update((self.body.len() as u64).to_le_bytes());
        hash.update(self.body.as_bytes());
        hash.update(self.title.as_bytes());
        first_bytes(hash)
    }

    /// Returns a checksum of every field with its length.
    pub fn seal(&self) -> i64 {
        let mut hash = Sha256::new();
        for number in [self.number, self.from, self.until] {
            hash.update(number.to_le_bytes());
        }
        let texts = [
            &self.id,
            self.kind.as_str(),
            &self.citation,
            &self.article,
            &self.act,
            &self.owner,
            &self.body,
            &self.title,
        ];
        for text in texts {
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text.as_bytes());
        }
        if let Some(vector) = &self.dense {
            hash.update(to_bytes(vector));
        }
        first_bytes(hash)
    }

    /// Reads a row of `entry` with its words and vector; fails on a value of another type.
    pub fn read(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let kind: String = row.try_get("kind")?;
        let kind = EntryKind::parse(&kind)
            .ok_or_else(|| sqlx::Error::Decode(format!("kind {kind:?}").into()))?;
        let dense: Option<Vec<u8>> = row.try_get("dense")?;
        Ok(Self {
            number: row.try_get("number")?,
            id: row.try_get("id")?,
            kind,
            citation: row.try_get("citation")?,
            article: row.try_get("article")?,
            act: row.try_get("act")?,
            owner: row.try_get("owner")?,
            from: row.try_get("from_day")?,
            until: row.try_get("until_day")?,
            body: row.try_get("body")?,
            title: row.try_get("title")?,
            dense: dense.map(|bytes| from_bytes(&bytes)),
            seal: row.try_get("seal")?,
        })
    }
}

fn first_bytes(hash: Sha256) -> i64 {
    let mut first = [0u8; 8];
    first.copy_from_slice(&hash.finalize()[..8]);
    i64::from_le_bytes(first)
}

fn column(stems: &[String]) -> String {
    let all: Vec<&str> = stems.iter().flat_map(|stem| words(stem)).collect();
    all.join(" ")
}

pub fn to_bytes(vector: &[f32]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(vector.len() * 4);
    for value in vector {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
    bytes
}

fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    let quads = bytes.chunks_exact(4);
    quads
        .map(|quad| f32::from_le_bytes([quad[0], quad[1], quad[2], quad[3]]))
        .collect()
}

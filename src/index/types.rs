//! What goes into the index and what comes out of it.

use super::IndexError;
use jiff::civil::Date;
use std::collections::HashMap;

/// What an index is made for: entries of another model, dimension or splitter don't mix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSpec {
    /// Checksum of the encoder's file, in hex.
    pub model_sha256: String,
    pub dimension: usize,
    /// Version of what cut the texts into entries.
    pub splitter: String,
}

impl IndexSpec {
    /// Returns `soyuznik-<first 8 of the checksum>-<dimension>-<splitter>`.
    pub fn name(&self) -> String {
        let short: String = self.model_sha256.chars().take(8).collect();
        format!("soyuznik-{short}-{}-{}", self.dimension, self.splitter)
    }

    /// Fails when the spec can't name a file, a collection or a vector.
    pub(super) fn check(&self) -> Result<(), IndexError> {
        let plain = |text: &str| {
            !text.is_empty()
                && text
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        if !plain(&self.model_sha256) || !plain(&self.splitter) {
            return Err(wrong(format!(
                "имя индекса «{}» содержит недопустимые знаки",
                self.name()
            )));
        }
        if !(1..=65_536).contains(&self.dimension) {
            return Err(wrong(format!("размерность вектора {}", self.dimension)));
        }
        Ok(())
    }

    /// Fails when `vector` is not `dimension` finite numbers; `what` names it in the message.
    pub(super) fn check_vector(&self, vector: &[f32], what: &str) -> Result<(), IndexError> {
        if vector.len() != self.dimension {
            return Err(wrong(format!(
                "вектор {what} имеет размерность {}, а индекс {}: {}",
                vector.len(),
                self.name(),
                self.dimension
            )));
        }
        if vector.iter().any(|value| !value.is_finite()) {
            return Err(wrong(format!("в векторе {what} есть не число")));
        }
        Ok(())
    }

    /// Returns the entries to write, the later of two with one id; fails when any of them can't be written.
    pub(super) fn admit<'a>(&self, entries: &'a [Entry]) -> Result<Vec<&'a Entry>, IndexError> {
        let mut last: HashMap<&str, usize> = HashMap::with_capacity(entries.len());
        for (i, entry) in entries.iter().enumerate() {
            if entry.id.is_empty() {
                return Err(wrong(format!("запись {i} без имени")));
            }
            if entry.organisation_path.as_deref() == Some("") {
                return Err(wrong(format!("запись {} с пустым владельцем", entry.id)));
            }
            if let Some(vector) = &entry.dense {
                self.check_vector(vector, &format!("записи {}", entry.id))?;
            }
            last.insert(&entry.id, i);
        }
        let kept = |(i, entry): (usize, &'a Entry)| (last[entry.id.as_str()] == i).then_some(entry);
        Ok(entries.iter().enumerate().filter_map(kept).collect())
    }
}

/// One thing that a search may find.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The caller's name for it; unique in the index.
    pub id: String,
    pub kind: EntryKind,
    /// Whole citation, `tk:81:1:6`.
    pub citation: String,
    /// Its article, `tk:81`.
    pub article: String,
    /// Its act, `tk`.
    pub act: String,
    /// Path of the organisation that owns a local act; `None`: everybody sees it.
    pub organisation_path: Option<String>,
    /// First day in force; `None`: since ever, as far as we know.
    pub from: Option<Date>,
    /// First day no longer in force; `None`: still in force.
    pub until: Option<Date>,
    /// Stems of the text, repeated as often as they occur.
    pub stems: Vec<String>,
    /// Stems of the title.
    pub title_stems: Vec<String>,
    /// The vector, D numbers; `None`: not computed yet.
    pub dense: Option<Vec<f32>>,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// A part of an article, verbatim.
    Part,
    /// A whole article, verbatim.
    Article,
    /// A statement of the digest.
    Statement,
    /// A question of the digest that an article answers.
    Question,
    /// A clarification (разъяснение) of a body.
    Clarification,
    /// An approved and redacted answer.
    Precedent,
    /// A union's own agreement or rules (локальный акт).
    Local,
}

impl EntryKind {
    pub const ALL: [Self; 7] = [
        Self::Part,
        Self::Article,
        Self::Statement,
        Self::Question,
        Self::Clarification,
        Self::Precedent,
        Self::Local,
    ];

    /// Returns the word under which the kind is stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Part => "part",
            Self::Article => "article",
            Self::Statement => "statement",
            Self::Question => "question",
            Self::Clarification => "clarification",
            Self::Precedent => "precedent",
            Self::Local => "local",
        }
    }

    /// Returns the kind stored under `word`, if there is one.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Which entries a search may return.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Filter {
    /// Only what is in force on this day; `None`: every day.
    pub on: Option<Date>,
    /// Only these kinds; empty: all.
    pub kinds: Vec<EntryKind>,
    /// Only these acts; empty: all.
    pub acts: Vec<String>,
    /// Sees entries without an owner and those of this organisation and all above it; `None`: only those without.
    pub organisation_path: Option<String>,
}

impl Filter {
    /// Returns the paths whose entries are seen: every prefix of the own path that ends with `/`, from the root down.
    pub(super) fn owners(&self) -> Vec<String> {
        let path = self.organisation_path.as_deref().unwrap_or_default();
        let mut owners: Vec<String> = path
            .match_indices('/')
            .map(|(at, _)| path[..=at].to_owned())
            .collect();
        if !path.is_empty() && !path.ends_with('/') {
            owners.push(path.to_owned());
        }
        owners
    }
}

/// One found entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    pub id: String,
    pub article: String,
    pub citation: String,
    pub kind: EntryKind,
    /// Inner product or BM25; higher is better, comparable only within one call.
    pub score: f32,
}

/// How much an index holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub entries: usize,
    pub with_vector: usize,
}

/// What an index can do right now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// It answers.
    Ready,
    /// It answers from what it has, and the caller should fill it, because of `reason`.
    Rebuild { reason: String },
    /// It does not answer, because of `reason`.
    Unavailable { reason: String },
}

/// Returns the day as `yyyymmdd`, by which days compare as numbers.
pub(super) fn day_number(day: Date) -> i64 {
    i64::from(day.year()) * 10_000 + i64::from(day.month()) * 100 + i64::from(day.day())
}

/// Returns the days of an entry as numbers, the last one no longer in force.
pub(super) fn days_of(entry: &Entry) -> (i64, i64) {
    (
        entry.from.map_or(FIRST_DAY, day_number),
        entry.until.map_or(LAST_DAY, day_number),
    )
}

/// Stands for "since ever".
pub(super) const FIRST_DAY: i64 = 0;
/// Stands for "still in force".
pub(super) const LAST_DAY: i64 = 99_999_999;

const MOST_QUERY_STEMS: usize = 256;

/// Returns the different stems of a query that can be looked up, at most 256.
pub(super) fn query_stems(stems: &[String]) -> Vec<&str> {
    let mut seen = std::collections::HashSet::new();
    stems
        .iter()
        .flat_map(|stem| words(stem))
        .filter(|stem| seen.insert(*stem))
        .take(MOST_QUERY_STEMS)
        .collect()
}

/// Returns the pieces of a stem between spaces and control characters, which no tokenizer of ours keeps.
pub(super) fn words(stem: &str) -> impl Iterator<Item = &str> {
    stem.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
}

pub(super) fn wrong(reason: String) -> IndexError {
    IndexError::Wrong { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_organisation_sees_its_own_path_and_all_above_it() {
        let filter = Filter {
            organisation_path: Some("f/b/p/".into()),
            ..Filter::default()
        };
        assert_eq!(filter.owners(), ["f/", "f/b/", "f/b/p/"]);
        assert!(Filter::default().owners().is_empty());
    }

    #[test]
    fn a_spec_that_would_leave_the_folder_is_refused() {
        let spec = IndexSpec {
            model_sha256: "0123456789".into(),
            dimension: 384,
            splitter: "../x".into(),
        };
        assert!(spec.check().is_err());
        assert_eq!(spec.name(), "soyuznik-01234567-384-../x");
    }

    #[test]
    fn every_kind_is_stored_under_a_word_of_its_own() {
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(EntryKind::parse("norm"), None);
    }

    #[test]
    fn a_query_keeps_each_stem_once_and_no_more_than_the_limit() {
        let stems: Vec<String> = (0..600).map(|i| format!("s{} не", i / 2)).collect();
        let kept = query_stems(&stems);
        assert_eq!(kept.len(), 256);
        assert_eq!(kept[..3], ["s0", "не", "s1"]);
    }
}

//! What `kb check` tells: how whole the editions are that are held.

use super::AppError;
use crate::law::numbering::{Gap, numbering};
use crate::store::{EditionRow, Store};
use jiff::civil::Date;
use serde_json::Value;

/// An edition counted.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Checked {
    pub act: String,
    pub edition: Date,
    pub format: String,
    pub headings: i64,
    pub with_body: i64,
    pub chapters: u64,
    pub sections: u64,
    pub articles: usize,
    pub parts: usize,
    pub points: usize,
    pub subpoints: usize,
    pub paragraphs: usize,
    /// Whole article numbers that are missing.
    pub gaps: Vec<String>,
    /// Numbers missing inside articles.
    pub gaps_inside: Vec<Gap>,
    /// Article numbers and labels that stand twice.
    pub duplicates: Vec<String>,
    /// Lines outside of every article: `{"after", "text"}`.
    pub unparsed: Vec<Value>,
    /// Pieces that the reader took out, by kind.
    pub removed: Value,
}

impl Checked {
    /// Whether a person should look.
    pub fn has_problems(&self) -> bool {
        let lists = [
            self.gaps.is_empty(),
            self.gaps_inside.is_empty(),
            self.duplicates.is_empty(),
            self.unparsed.is_empty(),
        ];
        lists.contains(&false)
    }
}

/// Every edition that is held, or those of one act, oldest first; `None` where the act is not held.
pub async fn check(store: &Store, act: Option<&str>) -> Result<Option<Vec<Checked>>, AppError> {
    let mut out = Vec::new();
    for held in store.acts().await? {
        if act.is_some_and(|act| act != held.id) {
            continue;
        }
        for edition in store.editions(&held.id).await? {
            out.push(checked(store, edition).await?);
        }
    }
    Ok(Some(out).filter(|out| act.is_none() || !out.is_empty()))
}

async fn checked(store: &Store, edition: EditionRow) -> Result<Checked, AppError> {
    let versions = store.versions_of_edition(&edition.id).await?;
    let counted = numbering(
        versions
            .iter()
            .map(|v| (v.kind.as_str(), v.citation.as_str())),
    );
    let counts = &edition.counts;
    let list = |name: &str| counts[name].as_array().cloned().unwrap_or_default();
    let words = |name: &str| {
        let words = list(name).into_iter();
        words
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    Ok(Checked {
        act: edition.act,
        edition: edition.edition_date,
        format: edition.format,
        headings: edition.headings,
        with_body: edition.with_body,
        chapters: counts["chapters"].as_u64().unwrap_or(0),
        sections: counts["sections"].as_u64().unwrap_or(0),
        articles: counted.articles,
        parts: counted.parts,
        points: counted.points,
        subpoints: counted.subpoints,
        paragraphs: counted.paragraphs,
        gaps: words("gaps"),
        gaps_inside: counted.gaps_inside,
        duplicates: counted.duplicates,
        unparsed: list("unparsed").into_iter().map(placed).collect(),
        removed: counts["removed"].clone(),
    })
}

/// Editions that were added before places were kept have the lines alone.
fn placed(line: Value) -> Value {
    match line {
        Value::String(text) => serde_json::json!({"after": null, "text": text}),
        other => other,
    }
}

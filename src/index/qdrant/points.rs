//! Entries as points of Qdrant, filters as its conditions, points as what was found.

use super::super::types::{Entry, EntryKind, FIRST_DAY, Filter, LAST_DAY, Scored, day_number};
use super::terms;
use qdrant_client::qdrant::value::Kind;
use qdrant_client::qdrant::{
    Condition, Filter as Conditions, NamedVectors, PointId, PointStruct, Range, RetrievedPoint,
    ScoredPoint, Value, Vector, vector_output,
};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

pub const DENSE: &str = "dense";
pub const LEXICAL: &str = "lexical";
/// The payload field that says whether a point has its dense vector.
pub const HAS_DENSE: &str = "has_dense";
pub const ID: &str = "id";
pub const FROM: &str = "from";
pub const UNTIL: &str = "until";

/// Returns the point of an entry; the same id gives the same point.
pub fn point(entry: &Entry) -> PointStruct {
    let (numbers, weights) = terms::of_entry(&entry.stems, &entry.title_stems);
    let mut vectors = NamedVectors::default();
    if !numbers.is_empty() {
        vectors = vectors.add_vector(LEXICAL, Vector::new_sparse(numbers, weights));
    }
    if let Some(dense) = &entry.dense {
        vectors = vectors.add_vector(DENSE, Vector::new_dense(dense.clone()));
    }
    let owner = entry.organisation_path.clone().unwrap_or_default();
    let payload: HashMap<String, Value> = HashMap::from([
        (ID.to_owned(), entry.id.clone().into()),
        ("kind".to_owned(), entry.kind.as_str().into()),
        ("citation".to_owned(), entry.citation.clone().into()),
        ("article".to_owned(), entry.article.clone().into()),
        ("act".to_owned(), entry.act.clone().into()),
        ("owner".to_owned(), owner.into()),
        (
            FROM.to_owned(),
            entry.from.map_or(FIRST_DAY, day_number).into(),
        ),
        (
            UNTIL.to_owned(),
            entry.until.map_or(LAST_DAY, day_number).into(),
        ),
        (HAS_DENSE.to_owned(), entry.dense.is_some().into()),
    ]);
    PointStruct::new(point_id(&entry.id), vectors, payload)
}

/// Returns a UUID made from the first 16 bytes of the SHA-256 of our id.
pub fn point_id(id: &str) -> PointId {
    let hash = Sha256::digest(id.as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    let uuid = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    PointId::from(uuid.to_string())
}

/// Returns our id of a point with its dense vector, where it has one.
pub fn vector(point: &RetrievedPoint) -> Option<(String, Vec<f32>)> {
    let id = text(&point.payload, ID)?;
    let named = point.vectors.as_ref()?.get_vector_by_name(DENSE)?;
    match named {
        vector_output::Vector::Dense(dense) => Some((id, dense.data)),
        _ => None,
    }
}

/// Returns our id of a point with its days.
pub fn days(payload: &HashMap<String, Value>) -> Option<(String, (i64, i64))> {
    let day = |field: &str| match payload.get(field)?.kind {
        Some(Kind::IntegerValue(day)) => Some(day),
        _ => None,
    };
    Some((text(payload, ID)?, (day(FROM)?, day(UNTIL)?)))
}

/// Returns the filter in Qdrant's words.
pub fn conditions(filter: &Filter) -> Conditions {
    let mut owners = filter.owners();
    owners.push(String::new());
    let mut all = vec![Condition::matches("owner", owners)];
    if let Some(on) = filter.on.map(|day| day_number(day) as f64) {
        let begun = Range {
            lte: Some(on),
            ..Range::default()
        };
        let not_ended = Range {
            gt: Some(on),
            ..Range::default()
        };
        all.push(Condition::range("from", begun));
        all.push(Condition::range("until", not_ended));
    }
    if !filter.kinds.is_empty() {
        let kinds = filter.kinds.iter().map(|kind| kind.as_str().to_owned());
        all.push(Condition::matches("kind", kinds.collect::<Vec<String>>()));
    }
    if !filter.acts.is_empty() {
        all.push(Condition::matches("act", filter.acts.clone()));
    }
    Conditions::must(all)
}

/// Returns what was found, best first, equal ones by id; a point that is not one of ours is passed over.
pub fn found(points: Vec<ScoredPoint>) -> Vec<Scored> {
    let mut found: Vec<Scored> = points
        .into_iter()
        .filter_map(|point| {
            Some(Scored {
                id: text(&point.payload, ID)?,
                article: text(&point.payload, "article")?,
                citation: text(&point.payload, "citation")?,
                kind: EntryKind::parse(&text(&point.payload, "kind")?)?,
                score: point.score,
            })
        })
        .collect();
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
    found
}

/// Returns a text of the payload.
pub fn text(payload: &HashMap<String, Value>, field: &str) -> Option<String> {
    match payload.get(field)?.kind.as_ref()? {
        Kind::StringValue(text) => Some(text.clone()),
        _ => None,
    }
}

//! Reviews with the texts that a person compares.

use super::rows::{Asked, ReviewReason, ReviewRow, ReviewState};
use super::{edition_of, side};
use crate::store::sql::{self, Cell, Condition, row, statement};
use crate::store::{Store, StoreError};
use jiff::civil::Date;
use serde::Serialize;
use sqlx::AnyConnection;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two editions that do not clearly go together at one norm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlignmentReview {
    pub id: String,
    pub act: String,
    /// Days of the two editions.
    pub older: Date,
    pub newer: Date,
    /// Whose norm is asked about.
    pub asked: Asked,
    /// Its label in its own edition, `tk:392:2`; the second one of a label is `tk:392:2#2`.
    pub norm: String,
    pub text: String,
    /// The norm of the other edition that it goes with until somebody decides; nothing: it is new, or it ended.
    pub proposed: Option<ReviewedNorm>,
    /// Others that it may go with, the most alike first; the proposed one is not among them.
    pub alternatives: Vec<ReviewedNorm>,
    pub reasons: Vec<ReviewReason>,
    /// The reasons in plain Russian.
    pub why: String,
    pub state: ReviewState,
    /// What was decided: a label of the other edition, or nothing.
    pub chosen: Option<String>,
    pub decided_by: Option<String>,
    pub decided_ms: Option<i64>,
}

/// A norm of the other edition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReviewedNorm {
    pub norm: String,
    pub text: String,
    /// From 0 to 1, where it was measured.
    pub likeness: Option<f64>,
}

impl Store {
    /// Returns what waits for a person, in one act or in all, in the order of days and texts.
    pub async fn open_alignments(
        &self,
        act: Option<&str>,
    ) -> Result<Vec<AlignmentReview>, StoreError> {
        self.alignments(act, "state = 'open'").await
    }

    /// Returns what was decided, stale decisions included.
    pub async fn decided_alignments(
        &self,
        act: Option<&str>,
    ) -> Result<Vec<AlignmentReview>, StoreError> {
        self.alignments(act, "state <> 'open'").await
    }

    /// Returns one review, open or decided.
    pub async fn alignment(&self, id: &str) -> Result<AlignmentReview, StoreError> {
        let mut conn = self.reader().await?;
        let found = review(&mut conn, id).await?;
        let told = tell(&mut conn, vec![found]).await?.pop();
        told.ok_or_else(|| StoreError::not_found("сопоставление"))
    }

    async fn alignments(
        &self,
        act: Option<&str>,
        which: &str,
    ) -> Result<Vec<AlignmentReview>, StoreError> {
        let mut conn = self.reader().await?;
        let mut condition = Condition::default();
        condition.and(which, []);
        if let Some(act) = act {
            condition.and("act_id = {}", [act.into()]);
        }
        let sql = format!(
            "select * from alignment_review where {} order by act_id, newer_date, older_date, id",
            condition.sql()
        );
        let found = statement(sql, condition.cells)
            .fetch_all(&mut *conn)
            .await?;
        let found = found
            .iter()
            .map(ReviewRow::read)
            .collect::<Result<_, _>>()?;
        tell(&mut conn, found).await
    }
}

pub(super) async fn review(conn: &mut AnyConnection, id: &str) -> Result<ReviewRow, StoreError> {
    let found = row!(conn, "select * from alignment_review where id = $1", id)?;
    let found = found.ok_or_else(|| StoreError::not_found(format!("сопоставление {id}")))?;
    ReviewRow::read(&found)
}

/// A norm's text and its place in the edition.
type Texts = HashMap<String, (i64, String)>;

/// Adds the texts of both editions; a few statements for each edition.
pub(super) async fn tell(
    conn: &mut AnyConnection,
    reviews: Vec<ReviewRow>,
) -> Result<Vec<AlignmentReview>, StoreError> {
    let mut wanted: BTreeMap<(&str, Date), BTreeSet<&str>> = BTreeMap::new();
    for review in &reviews {
        let (own, other) = days(review);
        let act = review.act.as_str();
        wanted.entry((act, own)).or_default().insert(&review.norm);
        let others = review.proposed.iter().chain(&review.chosen);
        let rivals = review.rivals.iter().map(|rival| &rival.norm);
        let labels = others.chain(rivals).map(String::as_str);
        wanted.entry((act, other)).or_default().extend(labels);
    }
    let mut texts: HashMap<(String, Date), Texts> = HashMap::new();
    for ((act, day), labels) in wanted {
        let found = of_edition(conn, act, day, &labels).await?;
        texts.insert((act.to_owned(), day), found);
    }
    let mut told: Vec<(i64, AlignmentReview)> = reviews
        .into_iter()
        .map(|review| {
            let (own, other) = days(&review);
            let none = Texts::new();
            let act = review.act.clone();
            let of = |day| texts.get(&(act.clone(), day)).unwrap_or(&none);
            let (own, other) = (of(own), of(other));
            with_texts(review, own, other)
        })
        .collect();
    told.sort_by(|a, b| {
        let order = |(place, one): &(i64, AlignmentReview)| {
            (one.act.clone(), one.newer, one.older, one.asked, *place)
        };
        order(a).cmp(&order(b))
    });
    Ok(told.into_iter().map(|(_, review)| review).collect())
}

/// The day of the edition whose norm is asked about, and of the other one.
fn days(review: &ReviewRow) -> (Date, Date) {
    match review.asked {
        Asked::Newer => (review.newer, review.older),
        Asked::Older => (review.older, review.newer),
    }
}

async fn of_edition(
    conn: &mut AnyConnection,
    act: &str,
    day: Date,
    labels: &BTreeSet<&str>,
) -> Result<Texts, StoreError> {
    let mut found = Texts::new();
    let Some(edition) = edition_of(conn, act, day).await? else {
        return Ok(found);
    };
    let citations: BTreeSet<&str> = labels
        .iter()
        .filter_map(|label| label.split('#').next())
        .collect();
    for chunk in citations.into_iter().collect::<Vec<_>>().chunks(400) {
        let mut condition = Condition::default();
        condition.and("edition_id = {}", [edition.as_str().into()]);
        condition.one_of("citation", chunk.iter().map(|one| Cell::from(*one)));
        let sql = format!(
            "select citation, text, ordinal from provision_version where {} order by ordinal",
            condition.sql()
        );
        let rows = statement(sql, condition.cells)
            .fetch_all(&mut *conn)
            .await?;
        let citations: Vec<String> = rows
            .iter()
            .map(|row| sql::text(row, "citation"))
            .collect::<Result<_, _>>()?;
        let labels = side::labels(citations.iter().map(String::as_str));
        for (row, label) in rows.iter().zip(labels) {
            found.insert(label, (sql::int(row, "ordinal")?, sql::text(row, "text")?));
        }
    }
    Ok(found)
}

fn with_texts(review: ReviewRow, own: &Texts, other: &Texts) -> (i64, AlignmentReview) {
    let likeness = |label: &str| {
        let rival = review.rivals.iter().find(|rival| rival.norm == label);
        rival.map(|rival| rival.likeness)
    };
    let norm = |label: &String| ReviewedNorm {
        norm: label.clone(),
        text: other
            .get(label)
            .map(|(_, text)| text.clone())
            .unwrap_or_default(),
        likeness: likeness(label),
    };
    let rivals = review.rivals.iter().map(|rival| &rival.norm);
    let why = review
        .reasons
        .iter()
        .map(|reason| reason.russian(review.asked))
        .collect::<Vec<_>>()
        .join("; ");
    let (place, text) = own.get(&review.norm).cloned().unwrap_or_default();
    let told = AlignmentReview {
        proposed: review.proposed.as_ref().map(norm),
        alternatives: rivals
            .filter(|label| Some(*label) != review.proposed.as_ref())
            .map(norm)
            .collect(),
        why,
        text,
        id: review.id,
        act: review.act,
        older: review.older,
        newer: review.newer,
        asked: review.asked,
        norm: review.norm,
        reasons: review.reasons,
        state: review.state,
        chosen: review.chosen,
        decided_by: review.decided_by,
        decided_ms: review.decided_ms,
    };
    (place, told)
}

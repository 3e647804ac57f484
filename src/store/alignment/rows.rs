//! Reviews of alignments as the rest of the house sees them, and as the database keeps them.

use crate::law::align::Review;
use crate::store::StoreError;
use crate::store::sql::{self, Cell, insert_many, rows};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;
use sqlx::any::AnyRow;
use std::collections::HashMap;

/// Whose norm a review asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// A norm of the newer edition: which older one does it continue?
    Newer,
    /// A norm of the older edition: which newer one continues it?
    Older,
}

impl Asked {
    const ALL: [Self; 2] = [Self::Newer, Self::Older];

    pub fn code(self) -> &'static str {
        match self {
            Self::Newer => "newer",
            Self::Older => "older",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// Why a person should look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewReason {
    Rivals,
    OtherSubject,
    WeakLikeness,
    PossiblyContinued,
    PossibleSplit,
    PossibleMerger,
    /// A decision about another norm took its partner away.
    Displaced,
    /// Somebody wants to decide about it, though the aligner found it clear.
    Requested,
}

impl From<Review> for ReviewReason {
    fn from(review: Review) -> Self {
        match review {
            Review::Rivals => Self::Rivals,
            Review::OtherSubject => Self::OtherSubject,
            Review::WeakLikeness => Self::WeakLikeness,
            Review::PossiblyContinued => Self::PossiblyContinued,
            Review::PossibleSplit => Self::PossibleSplit,
            Review::PossibleMerger => Self::PossibleMerger,
        }
    }
}

impl ReviewReason {
    /// Says it to a person.
    pub fn russian(self, asked: Asked) -> &'static str {
        match (self, asked) {
            (Self::Rivals, Asked::Newer) => {
                "подходят несколько норм прежней редакции, почти одинаково"
            }
            (Self::Rivals, Asked::Older) => {
                "на её месте осталась пустая норма, но какая из прежних — неясно"
            }
            (Self::OtherSubject, _) => "номер тот же, а предмет, возможно, другой",
            (Self::WeakLikeness, _) => "слова похожи слишком мало",
            (Self::PossiblyContinued, Asked::Newer) => {
                "сочтена новой, но, возможно, продолжает норму прежней редакции"
            }
            (Self::PossiblyContinued, Asked::Older) => {
                "сочтена утратившей силу, но, возможно, продолжена в новой редакции"
            }
            (Self::PossibleSplit, _) => "возможно, это кусок разделённой нормы",
            (Self::PossibleMerger, _) => "возможно, несколько норм соединены в одну",
            (Self::Requested, _) => "вопрос задан человеком",
            (Self::Displaced, Asked::Newer) => {
                "её прежняя норма по решению отдана другой; решите и об этой"
            }
            (Self::Displaced, Asked::Older) => {
                "её продолжение по решению отдано другой норме; решите и об этой"
            }
        }
    }
}

/// What became of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewState {
    Open,
    /// As it was proposed.
    Accepted,
    /// It goes with another norm.
    Other,
    /// It goes with none: it is new, or it ended.
    New,
    /// A better copy of the edition does not have the norm: the decision says nothing any more.
    Stale,
}

impl ReviewState {
    const ALL: [Self; 5] = [
        Self::Open,
        Self::Accepted,
        Self::Other,
        Self::New,
        Self::Stale,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Other => "other",
            Self::New => "new",
            Self::Stale => "stale",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// What a person says to a review.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "decision", rename_all = "snake_case")]
pub enum AlignmentDecision {
    /// It is as proposed.
    Accept,
    /// It goes with this norm of the other edition.
    To { norm: String },
    /// It goes with no norm of the other edition: it is new, or it ended.
    New,
}

/// A norm of the other edition that may go with the one asked about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::store) struct Rival {
    pub norm: String,
    pub likeness: f64,
}

/// A row of `alignment_review`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::store) struct ReviewRow {
    pub id: String,
    pub act: String,
    pub older: Date,
    pub newer: Date,
    pub asked: Asked,
    pub norm: String,
    pub proposed: Option<String>,
    pub rivals: Vec<Rival>,
    pub reasons: Vec<ReviewReason>,
    pub state: ReviewState,
    pub chosen: Option<String>,
    pub decided_by: Option<String>,
    pub decided_ms: Option<i64>,
    pub created_ms: i64,
}

impl ReviewRow {
    pub fn read(row: &AnyRow) -> Result<Self, StoreError> {
        let json = |column| -> Result<serde_json::Value, StoreError> { sql::json(row, column) };
        let damaged = |column: &str, error: serde_json::Error| {
            StoreError::damaged(column.to_owned(), error.to_string())
        };
        Ok(Self {
            id: sql::text(row, "id")?,
            act: sql::text(row, "act_id")?,
            older: sql::date(row, "older_date")?,
            newer: sql::date(row, "newer_date")?,
            asked: sql::code(row, "asked", Asked::parse)?,
            norm: sql::text(row, "norm")?,
            proposed: sql::text_or_none(row, "proposed")?,
            rivals: serde_json::from_value(json("rivals_json")?)
                .map_err(|error| damaged("rivals_json", error))?,
            reasons: serde_json::from_value(json("reasons_json")?)
                .map_err(|error| damaged("reasons_json", error))?,
            state: sql::code(row, "state", ReviewState::parse)?,
            chosen: sql::text_or_none(row, "chosen")?,
            decided_by: sql::text_or_none(row, "decided_by")?,
            decided_ms: sql::int_or_none(row, "decided_ms")?,
            created_ms: sql::int(row, "created_ms")?,
        })
    }

    /// The labels of both editions that a decision speaks of, older first.
    pub fn pair(&self) -> super::keys::Pair {
        let (own, other) = (Some(self.norm.clone()), self.chosen.clone());
        match self.asked {
            Asked::Newer => super::keys::Pair {
                older: other,
                newer: own,
            },
            Asked::Older => super::keys::Pair {
                older: own,
                newer: other,
            },
        }
    }
}

const COLUMNS: [&str; 14] = [
    "id",
    "act_id",
    "older_date",
    "newer_date",
    "asked",
    "norm",
    "proposed",
    "rivals_json",
    "reasons_json",
    "state",
    "chosen",
    "decided_by",
    "decided_ms",
    "created_ms",
];

/// Keeps reviews.
pub(in crate::store) async fn keep(
    conn: &mut AnyConnection,
    reviews: &[ReviewRow],
) -> Result<(), StoreError> {
    let rows = reviews
        .iter()
        .map(|review| -> Vec<Cell> {
            vec![
                (&review.id).into(),
                (&review.act).into(),
                review.older.into(),
                review.newer.into(),
                review.asked.code().into(),
                (&review.norm).into(),
                review.proposed.clone().into(),
                (&serde_json::json!(review.rivals)).into(),
                (&serde_json::json!(review.reasons)).into(),
                review.state.code().into(),
                review.chosen.clone().into(),
                review.decided_by.clone().into(),
                review.decided_ms.into(),
                review.created_ms.into(),
            ]
        })
        .collect();
    insert_many(conn, "alignment_review", &COLUMNS, rows).await
}

/// All that was decided about an act and is not stale.
pub(in crate::store) async fn decided(
    conn: &mut AnyConnection,
    act: &str,
) -> Result<Vec<ReviewRow>, StoreError> {
    rows!(
        conn,
        "select * from alignment_review where act_id = $1 and state not in ('open', 'stale') order by decided_ms, id",
        act
    )?
    .iter()
    .map(ReviewRow::read)
    .collect()
}

/// After a better copy of the edition of `day` came: its norms bear other labels now, or none.
///
/// What was decided about a norm that the copy lacks becomes stale.
pub(in crate::store) async fn carry_over(
    conn: &mut AnyConnection,
    act: &str,
    day: Date,
    renamed: &HashMap<&str, &str>,
) -> Result<(), StoreError> {
    let mut moved = Vec::new();
    for mut review in decided(conn, act).await? {
        let (older, newer) = (review.older == day, review.newer == day);
        if !older && !newer {
            continue;
        }
        let own = newer == (review.asked == Asked::Newer);
        let label = if own {
            Some(review.norm.as_str())
        } else {
            review.chosen.as_deref()
        };
        let Some(label) = label else { continue };
        match (renamed.get(label), own) {
            (Some(to), true) => review.norm = (*to).to_owned(),
            (Some(to), false) => review.chosen = Some((*to).to_owned()),
            (None, _) => review.state = ReviewState::Stale,
        }
        moved.push(review);
    }
    for review in &moved {
        sql::execute!(
            conn,
            "delete from alignment_review where id = $1",
            review.id.clone()
        )?;
    }
    keep(conn, &moved).await
}

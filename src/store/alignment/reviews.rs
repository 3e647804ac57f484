//! Which links of two editions wait for a person.

use super::kinds::Keyed;
use super::rows::{Asked, ReviewReason, ReviewRow, ReviewState, Rival, keep};
use crate::law::align::{Link, Relation};
use crate::store::StoreError;
use crate::store::db::now_ms;
use crate::store::sql::execute;
use jiff::civil::Date;
use sqlx::AnyConnection;
use std::collections::HashSet;

/// Two neighbouring editions with their keys, and how the aligner put them together.
pub(in crate::store) struct Neighbours<'a> {
    pub act: &'a str,
    pub older: (Date, Keyed<'a>),
    pub newer: (Date, Keyed<'a>),
    pub links: &'a [Link],
}

/// The norms of two editions that somebody decided about.
#[derive(Default)]
struct Settled<'a> {
    older: HashSet<&'a str>,
    newer: HashSet<&'a str>,
}

impl<'a> Settled<'a> {
    fn of(decided: &'a [ReviewRow], older: Date, newer: Date) -> Self {
        let mut settled = Self::default();
        for review in decided {
            let (own, chosen) = (review.norm.as_str(), review.chosen.as_deref());
            let (old, new) = match review.asked {
                Asked::Newer => (chosen, Some(own)),
                Asked::Older => (Some(own), chosen),
            };
            if review.older == older {
                settled.older.extend(old);
            }
            if review.newer == newer {
                settled.newer.extend(new);
            }
        }
        settled
    }

    fn has(&self, asked: Asked, norm: &str) -> bool {
        match asked {
            Asked::Older => self.older.contains(norm),
            Asked::Newer => self.newer.contains(norm),
        }
    }
}

/// Keeps what waits for a person between two editions, in the place of what waited before. Returns how many wait.
pub(in crate::store) async fn renew(
    conn: &mut AnyConnection,
    between: &Neighbours<'_>,
    decided: &[ReviewRow],
) -> Result<usize, StoreError> {
    forget_open(conn, between.act, between.older.0, between.newer.0).await?;
    let reviews = of_links(between, decided);
    keep(conn, &reviews).await?;
    Ok(reviews.len())
}

/// Drops what waits between two editions that are neighbours no longer.
pub(in crate::store) async fn forget_open(
    conn: &mut AnyConnection,
    act: &str,
    older: Date,
    newer: Date,
) -> Result<(), StoreError> {
    execute!(
        conn,
        "delete from alignment_review where act_id = $1 and older_date = $2 and newer_date = $3 and state = 'open'",
        act,
        older.to_string(),
        newer.to_string()
    )?;
    Ok(())
}

fn of_links(between: &Neighbours<'_>, decided: &[ReviewRow]) -> Vec<ReviewRow> {
    let (older, newer) = (between.older.1, between.newer.1);
    let (old_places, new_places) = (older.places(), newer.places());
    let settled = Settled::of(decided, between.older.0, between.newer.0);
    let mut found = Vec::new();
    for link in between.links {
        let Some(review) = link.review else { continue };
        let (asked, at) = match (link.relation, link.new, link.old.first()) {
            (Relation::Repealed, _, Some(old)) => (Asked::Older, *old),
            (_, Some(new), _) => (Asked::Newer, new),
            _ => continue,
        };
        let (own, other, partner) = match asked {
            Asked::Newer => (newer, older, old_places.get(newer.keys[at].as_str())),
            Asked::Older => (older, newer, new_places.get(older.keys[at].as_str())),
        };
        let norm = &own.texts[at].label;
        if settled.has(asked, norm) {
            continue;
        }
        let rivals = link.rivals.iter().map(|rival| Rival {
            norm: other.texts[rival.node].label.clone(),
            likeness: (f64::from(rival.likeness) * 1000.0).round() / 1000.0,
        });
        found.push(ReviewRow {
            proposed: partner.map(|at| other.texts[*at].label.clone()),
            rivals: rivals.collect(),
            ..open(between, asked, norm, review.into())
        });
    }
    found
}

fn open(between: &Neighbours<'_>, asked: Asked, norm: &str, reason: ReviewReason) -> ReviewRow {
    new_review(
        between.act,
        (between.older.0, between.newer.0),
        asked,
        norm,
        reason,
    )
}

/// An open review without a proposal.
pub(in crate::store) fn new_review(
    act: &str,
    (older, newer): (Date, Date),
    asked: Asked,
    norm: &str,
    reason: ReviewReason,
) -> ReviewRow {
    ReviewRow {
        id: uuid::Uuid::now_v7().to_string(),
        act: act.to_owned(),
        older,
        newer,
        asked,
        norm: norm.to_owned(),
        proposed: None,
        rivals: Vec::new(),
        reasons: vec![reason],
        state: ReviewState::Open,
        chosen: None,
        decided_by: None,
        decided_ms: None,
        created_ms: now_ms(),
    }
}

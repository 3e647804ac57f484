//! A person asks about a norm that the aligner found clear.

use super::labelled;
use super::read::{self, AlignmentReview};
use super::reviews::new_review;
use super::rows::{self, Asked, ReviewReason, ReviewRow};
use crate::store::audit::{self, Entry};
use crate::store::sql::{self, row, rows as all_rows};
use crate::store::{Store, StoreError};
use jiff::civil::Date;
use serde_json::json;
use sqlx::AnyConnection;

impl Store {
    /// Opens a review of a norm in the edition that speaks for a day, against the edition before; returns the one that
    /// there is already, decided or not.
    ///
    /// Fails with `NotFound` where the edition or the norm is not held, and with `Refused` for the oldest edition.
    pub async fn ask_alignment(
        &self,
        act: &str,
        norm: &str,
        on: Date,
        actor: &str,
    ) -> Result<AlignmentReview, StoreError> {
        let mut tx = self.write().await?;
        let (older, newer) = days(&mut tx, act, on).await?;
        let (Some(before), Some(now)) = (
            labelled(&mut tx, act, older).await?,
            labelled(&mut tx, act, newer).await?,
        ) else {
            return Err(StoreError::not_found(format!("редакция акта {act}")));
        };
        let at = now.labels.iter().position(|label| label == norm);
        let at =
            at.ok_or_else(|| StoreError::not_found(format!("норма {norm} в редакции {newer}")))?;
        let there = row!(
            tx,
            "select * from alignment_review where act_id = $1 and older_date = $2 and newer_date = $3
               and asked = 'newer' and norm = $4 and state <> 'stale'",
            act,
            older.to_string(),
            newer.to_string(),
            norm
        )?;
        let review = match there {
            Some(there) => ReviewRow::read(&there)?,
            None => {
                let partner = before.keys.iter().position(|key| *key == now.keys[at]);
                let review = ReviewRow {
                    proposed: partner.map(|at| before.labels[at].clone()),
                    ..new_review(
                        act,
                        (older, newer),
                        Asked::Newer,
                        norm,
                        ReviewReason::Requested,
                    )
                };
                rows::keep(&mut tx, std::slice::from_ref(&review)).await?;
                let line = Entry {
                    actor,
                    action: "alignment.ask",
                    subject: &review.id,
                    detail: json!({"act": act, "older": older, "newer": newer, "norm": norm}),
                };
                audit::append(&mut tx, line).await?;
                review
            }
        };
        let told = read::tell(&mut tx, vec![review]).await?.pop();
        tx.commit().await?;
        told.ok_or_else(|| StoreError::not_found("сопоставление"))
    }
}

/// The days of the edition that speaks for a day, and of the one before it, older first.
async fn days(conn: &mut AnyConnection, act: &str, on: Date) -> Result<(Date, Date), StoreError> {
    let found = all_rows!(
        conn,
        "select edition_date from edition where act_id = $1 and superseded = 0 and edition_date <= $2
         order by edition_date desc limit 2",
        act,
        on.to_string()
    )?;
    match &found[..] {
        [newer, older] => Ok((
            sql::date(older, "edition_date")?,
            sql::date(newer, "edition_date")?,
        )),
        [only] => Err(StoreError::refused(format!(
            "Редакция {} — самая старая, сопоставлять её не с чем. Добавьте более старую или назовите более поздний день.",
            sql::text(only, "edition_date")?
        ))),
        _ => Err(StoreError::not_found(format!(
            "редакция акта {act} на {on}"
        ))),
    }
}

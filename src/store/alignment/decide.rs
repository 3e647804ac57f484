//! A person says which norm continues which: one transaction for this edition, all later ones and the journal.

use super::keys::{self, Mint, Pair};
use super::kinds::{self, Earlier, Since};
use super::read::{self, AlignmentReview};
use super::rekey::rekey;
use super::reviews::new_review;
use super::rows::{self, AlignmentDecision, Asked, ReviewReason, ReviewRow, ReviewState};
use super::side::Side;
use super::states::States;
use super::{Labelled, edition_of, labelled};
use crate::law::compare::reads_the_same;
use crate::store::audit::{self, Entry};
use crate::store::db::now_ms;
use crate::store::sql::{self, execute, row};
use crate::store::{Alignment, FromBasis, Store, StoreError};
use serde_json::json;
use sqlx::AnyConnection;

impl Store {
    /// Decides which norm of the other edition goes with the one that a review asks about; a second decision replaces the
    /// first.
    ///
    /// Keys change in the newer edition and all later ones. A norm that loses its partner thereby waits for a person
    /// itself. Fails with `NotFound` for an unknown review or label, and with `Refused` for a stale review.
    pub async fn decide_alignment(
        &self,
        id: &str,
        decision: &AlignmentDecision,
        actor: &str,
    ) -> Result<AlignmentReview, StoreError> {
        let mut tx = self.write().await?;
        let mut review = read::review(&mut tx, id).await?;
        if review.state == ReviewState::Stale {
            return Err(StoreError::refused(
                "В лучшей копии редакции этой нормы нет, решать нечего. Посмотрите открытые: soyuznik kb align --review.",
            ));
        }
        let (Some(older), Some(newer)) = (
            labelled(&mut tx, &review.act, review.older).await?,
            labelled(&mut tx, &review.act, review.newer).await?,
        ) else {
            return Err(StoreError::conflict(
                "Одной из двух редакций больше нет. Посмотрите открытые снова: soyuznik kb align --review.",
            ));
        };
        choose(&mut review, decision, &older, &newer)?;
        review.decided_by = Some(actor.to_owned());
        review.decided_ms = Some(now_ms());
        write_decision(&mut tx, &review).await?;
        let rekeyed = apply(&mut tx, &review, &older, &newer).await?;
        audit::append(
            &mut tx,
            Entry {
                actor,
                action: "alignment.decide",
                subject: id,
                detail: json!({"act": review.act, "older": review.older, "newer": review.newer,
                    "asked": review.asked, "norm": review.norm, "state": review.state,
                    "chosen": review.chosen, "rekeyed": rekeyed}),
            },
        )
        .await?;
        let told = read::tell(&mut tx, vec![review]).await?.pop();
        tx.commit().await?;
        told.ok_or_else(|| StoreError::not_found("решение"))
    }
}

fn choose(
    review: &mut ReviewRow,
    decision: &AlignmentDecision,
    older: &Labelled,
    newer: &Labelled,
) -> Result<(), StoreError> {
    let (own, other, day) = match review.asked {
        Asked::Newer => (newer, older, review.older),
        Asked::Older => (older, newer, review.newer),
    };
    if !own.labels.contains(&review.norm) {
        return Err(StoreError::not_found(format!(
            "норма {} в своей редакции",
            review.norm
        )));
    }
    (review.chosen, review.state) = match decision {
        AlignmentDecision::Accept => (review.proposed.clone(), ReviewState::Accepted),
        AlignmentDecision::New => (None, ReviewState::New),
        AlignmentDecision::To { norm } => (Some(norm.trim().to_owned()), ReviewState::Other),
    };
    if let Some(label) = &review.chosen
        && !other.labels.contains(label)
    {
        return Err(StoreError::not_found(format!(
            "норма {label} в редакции {day}"
        )));
    }
    if review.state == ReviewState::Other && review.chosen == review.proposed {
        review.state = ReviewState::Accepted;
    }
    Ok(())
}

async fn write_decision(conn: &mut AnyConnection, review: &ReviewRow) -> Result<(), StoreError> {
    execute!(
        conn,
        "update alignment_review set state = $1, chosen = $2, decided_by = $3, decided_ms = $4 where id = $5",
        review.state.code(),
        review.chosen.clone(),
        review.decided_by.clone(),
        review.decided_ms,
        review.id.clone()
    )?;
    // What waited about the same two norms is answered with it.
    let pair = review.pair();
    for (asked, label) in [(Asked::Older, pair.older), (Asked::Newer, pair.newer)] {
        execute!(
            conn,
            "delete from alignment_review where act_id = $1 and older_date = $2 and newer_date = $3
               and asked = $4 and norm = $5 and state = 'open'",
            review.act.clone(),
            review.older.to_string(),
            review.newer.to_string(),
            asked.code(),
            label
        )?;
    }
    Ok(())
}

/// Gives the keys that a decision means. Returns how many changed.
async fn apply(
    conn: &mut AnyConnection,
    review: &ReviewRow,
    older: &Labelled,
    newer: &Labelled,
) -> Result<usize, StoreError> {
    let mut mint = Mint::default();
    let pair = review.pair();
    let mut keys = newer.keys.clone();
    keys::enforce(
        std::slice::from_ref(&pair),
        (&older.labels, &older.keys),
        (&newer.labels, &mut keys),
        &mut mint,
    );
    let changes = keys::changes(&newer.keys, &keys);
    if changes.is_empty() {
        return Ok(0);
    }
    reread(conn, review, &newer.keys, &keys).await?;
    ask_of_displaced(conn, review, &pair, (older, newer), &keys).await?;
    rekey(conn, &review.act, review.newer, changes, &mut mint).await
}

/// Kinds and first days of the norms whose keys change in the newer edition.
async fn reread(
    conn: &mut AnyConnection,
    review: &ReviewRow,
    before: &[String],
    keys: &[String],
) -> Result<(), StoreError> {
    let Some(edition) = edition_of(conn, &review.act, review.newer).await? else {
        return Ok(());
    };
    let previous = row!(
        conn,
        "select id from edition where act_id = $1 and superseded = 0 and edition_date < $2
         order by edition_date desc limit 1",
        review.act.clone(),
        review.newer.to_string()
    )?;
    let Some(previous) = previous else {
        return Ok(());
    };
    let previous = sql::text(&previous, "id")?;
    let (side, states) = (
        Side::load(conn, &edition).await?,
        States::load(conn, &edition).await?,
    );
    let (old_side, old_states) = (
        Side::load(conn, &previous).await?,
        States::load(conn, &previous).await?,
    );
    let (mut kinds, mut since) = (states.kinds.clone(), states.since.clone());
    for at in (0..keys.len()).filter(|at| before[*at] != keys[*at]) {
        let own = Since {
            from: side.noted(at).map(|day| day.to_string()),
            basis: match side.noted(at) {
                Some(_) => FromBasis::AmendmentNote,
                None => FromBasis::Edition,
            },
        };
        let text = &side.texts[at];
        let (kind, earlier) = match old_states.keys.iter().position(|key| *key == keys[at]) {
            None => (Alignment::New, Earlier::NoNorm),
            Some(old) => {
                let same = reads_the_same(&old_side.texts[old].text, &text.text);
                let earlier = match same {
                    true => Earlier::SameWords(old_states.since[old].from.as_deref()),
                    false => Earlier::OtherWords,
                };
                (kinds::between(text, &old_side.texts[old]), earlier)
            }
        };
        kinds[at] = kind;
        since[at] = kinds::since(own, earlier);
    }
    states.update(conn, &kinds, &since).await
}

/// Opens reviews of the norms that lost their partner by a decision about another one.
async fn ask_of_displaced(
    conn: &mut AnyConnection,
    review: &ReviewRow,
    pair: &Pair,
    (older, newer): (&Labelled, &Labelled),
    keys: &[String],
) -> Result<(), StoreError> {
    for at in (0..keys.len()).filter(|at| newer.keys[*at] != keys[*at]) {
        let label = &newer.labels[at];
        if pair.newer.as_ref() != Some(label) {
            ask_again(conn, review, Asked::Newer, label).await?;
        }
        let gone = &newer.keys[at];
        let orphan = older.keys.iter().position(|key| key == gone);
        if let Some(orphan) = orphan.filter(|_| !keys.contains(gone)) {
            let label = &older.labels[orphan];
            if pair.older.as_ref() != Some(label) {
                ask_again(conn, review, Asked::Older, label).await?;
            }
        }
    }
    Ok(())
}

/// Whatever was said of the norm rested on the partner that it has lost.
async fn ask_again(
    conn: &mut AnyConnection,
    review: &ReviewRow,
    asked: Asked,
    label: &str,
) -> Result<(), StoreError> {
    execute!(
        conn,
        "delete from alignment_review where act_id = $1 and older_date = $2 and newer_date = $3
           and asked = $4 and norm = $5 and state <> 'stale'",
        review.act.clone(),
        review.older.to_string(),
        review.newer.to_string(),
        asked.code(),
        label
    )?;
    let days = (review.older, review.newer);
    let open = new_review(&review.act, days, asked, label, ReviewReason::Displaced);
    rows::keep(conn, &[open]).await
}

//! Where two editions do not clearly go together: what waits for a person, and what a person says.

use super::{App, AppError};
use crate::law::citation::Citation;
use crate::store::{AlignmentDecision, AlignmentReview, Store};
use jiff::civil::Date;

/// What waits for a person, in one act or in all, in the order of days and texts.
pub async fn open(store: &Store, act: Option<&str>) -> Result<Vec<AlignmentReview>, AppError> {
    Ok(store.open_alignments(act).await?)
}

/// Decides one review; a second decision replaces the first. Returns the review as it is now.
///
/// Keys of provisions change in the newer of the two editions and in all later ones; the journal tells who did it.
pub async fn decide(
    store: &Store,
    id: &str,
    decision: &AlignmentDecision,
    actor: &str,
) -> Result<AlignmentReview, AppError> {
    Ok(store.decide_alignment(id, decision, actor).await?)
}

/// Opens a review of a norm that the aligner found clear: as the edition that speaks for `on` has it, against the one
/// before. Returns the review that there is already, decided or not.
pub async fn ask(
    store: &Store,
    norm: &Citation,
    on: Date,
    actor: &str,
) -> Result<AlignmentReview, AppError> {
    let label = norm.to_string();
    Ok(store
        .ask_alignment(norm.act.as_str(), &label, on, actor)
        .await?)
}

impl App {
    /// See [`ask`].
    pub async fn ask_alignment(
        &self,
        norm: &Citation,
        on: Date,
        actor: &str,
    ) -> Result<AlignmentReview, AppError> {
        ask(&self.store, norm, on, actor).await
    }

    /// See [`open`].
    pub async fn open_alignments(
        &self,
        act: Option<&str>,
    ) -> Result<Vec<AlignmentReview>, AppError> {
        open(&self.store, act).await
    }

    /// See [`decide`].
    pub async fn decide_alignment(
        &self,
        id: &str,
        decision: &AlignmentDecision,
        actor: &str,
    ) -> Result<AlignmentReview, AppError> {
        decide(&self.store, id, decision, actor).await
    }
}

//! What is unclear between two editions, as an administrator is asked.

use super::{App, Done};
use crate::case::{PersonId, Role};
use crate::law::citation::Citation;
use crate::store::{AlignmentDecision, AlignmentReview, Asked, ReviewedNorm};
use crate::web::desk::{
    AlignmentAnswer, AlignmentChoice, AlignmentQuestion, AlignmentSide, DeskError,
};

impl App {
    pub(super) async fn alignment_questions(&self, act: &str) -> Done<Vec<AlignmentQuestion>> {
        let open = self.store.open_alignments(Some(act)).await?;
        Ok(open.into_iter().map(question).collect())
    }

    pub(super) async fn settle_alignment(
        &self,
        by: &PersonId,
        id: &str,
        answer: &AlignmentAnswer,
    ) -> Done<()> {
        let decision = match answer {
            AlignmentAnswer::Accept => AlignmentDecision::Accept,
            AlignmentAnswer::To(norm) => AlignmentDecision::To { norm: norm.clone() },
            AlignmentAnswer::Alone => AlignmentDecision::New,
        };
        let open = self.store.open_alignments(None).await?;
        let asked = open.iter().find(|review| review.id == id);
        if let Some(asked) = asked
            && let Some(owner) = self.store.act_owner_path(&asked.act).await?
        {
            // The act of another branch is none of theirs.
            let actor = self.store.actor(by).await?;
            if !actor.covers(Role::Administrator, &owner) {
                return Err(DeskError::NotFound);
            }
        }
        self.store
            .decide_alignment(id, &decision, by.as_str())
            .await?;
        self.reload_knowledge().await.map_err(super::unavailable)
    }
}

fn question(review: AlignmentReview) -> AlignmentQuestion {
    let proposed = review.proposed.map(|norm| choice(norm, true));
    let others = review.alternatives.into_iter();
    AlignmentQuestion {
        norm: russian(&review.norm),
        id: review.id,
        act: review.act,
        older: review.older,
        newer: review.newer,
        side: match review.asked {
            Asked::Newer => AlignmentSide::Newer,
            Asked::Older => AlignmentSide::Older,
        },
        text: review.text,
        why: review.why,
        choices: proposed
            .into_iter()
            .chain(others.map(|norm| choice(norm, false)))
            .collect(),
    }
}

fn choice(norm: ReviewedNorm, holds_now: bool) -> AlignmentChoice {
    AlignmentChoice {
        norm: russian(&norm.norm),
        label: norm.norm,
        text: norm.text,
        likeness: norm.likeness,
        holds_now,
    }
}

/// «ч. 2 ст. 392 ТК РФ»; the second norm of one label keeps its number behind it.
fn russian(label: &str) -> String {
    let (citation, second) = label.split_once('#').unwrap_or((label, ""));
    let words = citation
        .parse::<Citation>()
        .map_or_else(|_| citation.to_owned(), |citation| citation.russian());
    match second {
        "" => words,
        second => format!("{words} ({second})"),
    }
}

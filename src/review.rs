//! The step in which a lawyer makes an answer of a draft.

use crate::case::types::RenderedQuote;
use crate::case::{AnswerId, ApprovalId, CaseId, PersonId, Rendering};
use crate::draft::Draft;
use crate::store::{Approve, Store, StoreError};
use jiff::civil::Date;
use std::time::Duration;

/// The rendering that a draft proposes: its text, and every quote that stands under it once.
pub fn rendering(draft: &Draft, on: Date) -> Rendering {
    let mut quotes: Vec<RenderedQuote> = Vec::new();
    for quote in draft.sentences.iter().flat_map(|sentence| &sentence.quotes) {
        let rendered = RenderedQuote {
            norm: quote.norm.to_string(),
            text: quote.text.clone(),
            edition: quote.edition.clone(),
            current_to: quote.current_to.to_string(),
        };
        if !quotes.contains(&rendered) {
            quotes.push(rendered);
        }
    }
    Rendering {
        text: draft.text.clone(),
        quotes,
        on: on.to_string(),
    }
}

/// A lawyer's yes to exactly the rendering that they were shown.
///
/// Fails with a conflict where the answer changed since, or somebody said yes before.
pub async fn approve(
    store: &Store,
    case: &CaseId,
    answer: &AnswerId,
    shown_sha256: &str,
    lawyer: &PersonId,
    hold: Duration,
) -> Result<ApprovalId, StoreError> {
    let approval = store
        .approve(Approve {
            case,
            answer,
            rendering_sha256: shown_sha256,
            approver: lawyer,
            hold_ms: i64::try_from(hold.as_millis()).unwrap_or(i64::MAX),
        })
        .await?;
    tracing::info!(case = %case, approval = %approval.id, "answer approved");
    Ok(approval.id)
}

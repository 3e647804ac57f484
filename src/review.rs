//! The step in which a lawyer makes an answer of a draft.

use crate::case::types::RenderedQuote;
use crate::case::{AnswerId, ApprovalId, CaseId, PersonId, Rendering};
use crate::draft::Draft;
use crate::store::{AmendmentWarning, Approve, Store, StoreError};
use jiff::civil::Date;
use std::time::Duration;

/// Why an answer was not approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// Amendments without text may touch what the answer quotes, and no lawyer looked at them yet.
    #[error(
        "Ответ не утверждён: сначала снимите предупреждения о поправках, текста которых здесь нет ({}). У каждого напишите, почему норма осталась прежней.",
        named(open)
    )]
    Warned { open: Vec<AmendmentWarning> },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The laws of warnings, each once: «419-ФЗ, 7-ФЗ».
fn named(open: &[AmendmentWarning]) -> String {
    let mut numbers: Vec<&str> = Vec::new();
    for warning in open {
        if !numbers.contains(&warning.amendment.number.as_str()) {
            numbers.push(&warning.amendment.number);
        }
    }
    numbers.join(", ")
}

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
/// Fails with a conflict where the answer changed since, or somebody said yes before; and with the open warnings where
/// an amendment without text may touch a provision that the answer quotes.
pub async fn approve(
    store: &Store,
    case: &CaseId,
    answer: &AnswerId,
    shown_sha256: &str,
    lawyer: &PersonId,
    hold: Duration,
) -> Result<ApprovalId, ReviewError> {
    let open = store.open_warnings(case).await?;
    if !open.is_empty() {
        return Err(ReviewError::Warned { open });
    }
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

//! What a draft says of amendments whose text is not held.

use super::App;
use crate::draft::{self, Draft};
use crate::law::Citation;
use crate::store::AmendmentWarning;
use jiff::civil::Date;

impl App {
    /// Says in the note of a draft which amendments without text may touch what it quotes, in one sentence.
    ///
    /// The note is for the lawyer: the member's text stays as it is, and waits for the lawyer's look.
    pub(super) async fn warn_in(&self, draft: &mut Draft, on: Date) {
        let quotes = draft.sentences.iter().flat_map(|one| &one.quotes);
        let norms: Vec<String> = quotes.map(|quote| quote.norm.to_string()).collect();
        let norms: Vec<&str> = norms.iter().map(String::as_str).collect();
        let sentence = match self.store.warnings_of(&norms, on).await {
            Ok(mut warnings) => {
                warnings.retain(|one| one.cleared.is_none());
                sentence(&warnings)
            }
            Err(error) => {
                tracing::warn!(code = error.code(), "amendments not looked up");
                Some("Есть ли поправки без текста, проверить не удалось.".to_owned())
            }
        };
        if let Some(sentence) = sentence {
            if !draft.note.is_empty() {
                draft.note.push(' ');
            }
            draft.note.push_str(&sentence);
        }
    }
}

/// «Известны поправки, текста которых здесь нет: 419-ФЗ от 08.12.2025 (ч. 1 ст. 115 ТК РФ).»
fn sentence(warnings: &[AmendmentWarning]) -> Option<String> {
    let mut laws: Vec<(String, Vec<String>)> = Vec::new();
    for warning in warnings {
        let signed = draft::day(warning.amendment.signed_on);
        let law = format!("{} от {signed}", warning.amendment.number);
        let citation = warning.citation.parse::<Citation>();
        let norm = citation.map_or_else(|_| warning.citation.clone(), |norm| norm.russian());
        match laws.iter_mut().find(|one| one.0 == law) {
            Some((_, norms)) => norms.push(norm),
            None => laws.push((law, vec![norm])),
        }
    }
    let told: Vec<String> = laws
        .iter()
        .map(|(law, norms)| format!("{law} ({})", norms.join("; ")))
        .collect();
    (!told.is_empty()).then(|| {
        format!(
            "Известны поправки, текста которых здесь нет, и нормы под ответом могли измениться: {}.",
            told.join(", ")
        )
    })
}

//! A draft as it is kept with a case, and back.

use super::json;
use crate::case::{Reason, Rendering};
use crate::draft::{Draft, DraftStatus};
use crate::review;
use crate::store::NewDraft;
use jiff::civil::Date;

pub(super) fn new_draft(draft: &Draft, on: Date) -> NewDraft {
    let rendering: Option<Rendering> =
        (draft.status == DraftStatus::Answered).then(|| review::rendering(draft, on));
    let kept = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    NewDraft {
        id: crate::case::DraftId::fresh(),
        reason: draft.reason,
        mode: draft.mode.clone(),
        text: draft.text.clone(),
        sentences: serde_json::json!({
            "sentences": draft.sentences,
            "deadlines": draft.deadlines,
            "days": draft.days,
            "note": draft.note,
            "candidates": draft.candidates,
            "question": draft.question,
            "speaks": draft.speaks,
        }),
        prompt_sha256: kept(&draft.prompt_sha256),
        model_name: kept(&draft.model_name),
        model_sha256: kept(&draft.model_sha256),
        seed: i64::try_from(draft.seed).ok(),
        timing: json(&draft.timing),
        question_reading: json(&draft.reading),
        rendering,
    }
}

/// The draft as it was kept with a case; what the store does not keep is empty.
pub fn kept_draft(row: &crate::store::DraftRow) -> Draft {
    use serde_json::Value;
    fn part<T: serde::de::DeserializeOwned + Default>(value: &Value) -> T {
        serde_json::from_value(value.clone()).unwrap_or_default()
    }
    let status = match row.reason {
        None => DraftStatus::Answered,
        Some(Reason::OutOfScope) => DraftStatus::OutOfScope,
        Some(_) => DraftStatus::Abstained,
    };
    Draft {
        status,
        reason: row.reason,
        text: row.text.clone(),
        sentences: part(&row.sentences["sentences"]),
        deadlines: part(&row.sentences["deadlines"]),
        days: part(&row.sentences["days"]),
        reading: part(&row.question_reading),
        mode: row.mode.clone(),
        model_name: row.model_name.clone().unwrap_or_default(),
        model_sha256: row.model_sha256.clone().unwrap_or_default(),
        prompt_sha256: row.prompt_sha256.clone().unwrap_or_default(),
        seed: row.seed.unwrap_or_default().unsigned_abs(),
        timing: part(&row.timing),
        note: row.sentences["note"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        candidates: part(&row.sentences["candidates"]),
        question: part(&row.sentences["question"]),
        speaks: part(&row.sentences["speaks"]),
    }
}

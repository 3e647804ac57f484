//! Measures the steps on files of questions.

mod drafts;
mod local;
mod retrieval;
mod statistics;
mod thresholds;

pub use drafts::{
    AttackReport, DraftQuestion, DraftReport, DraftRow, PairedReport, judge_draft, report_attacks,
    report_drafts, report_paired,
};
pub use local::{LocalQuestion, LocalReport, report_local};
pub use retrieval::{RankedQuestion, RetrievalReport, report_retrieval};
pub use statistics::{Interval, bootstrap};
pub use thresholds::{Missed, Thresholds};

use serde::de::DeserializeOwned;
use std::path::Path;

/// A figure's name and how a row gives it.
type Column<Row> = (&'static str, fn(&Row) -> f64);

fn column<Row>(rows: &[Row], get: fn(&Row) -> f64) -> Vec<f64> {
    rows.iter().map(get).collect()
}

#[derive(Debug, thiserror::Error)]
pub enum EvalError {
    #[error("Не удалось прочитать {path}: {reason}")]
    Read { path: String, reason: String },
    #[error("{path}, строка {line}: {reason}")]
    Line {
        path: String,
        line: usize,
        reason: String,
    },
    #[error("{path}: {reason}. Исправьте пороги.")]
    Thresholds { path: String, reason: String },
}

/// The rows of a JSON-lines file.
///
/// Fails on a line that is not of the expected form, naming it.
pub fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, EvalError> {
    let text = std::fs::read_to_string(path).map_err(|e| EvalError::Read {
        path: path.display().to_string(),
        reason: e.to_string(),
    })?;
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(number, line)| {
            serde_json::from_str(line).map_err(|e| EvalError::Line {
                path: path.display().to_string(),
                line: number + 1,
                reason: e.to_string(),
            })
        })
        .collect()
}

use super::EvalError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The figures that an evaluation has to reach: by set of questions, then by figure.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Thresholds(BTreeMap<String, BTreeMap<String, Bound>>);

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bound {
    least: Option<f64>,
    most: Option<f64>,
}

/// A figure on the wrong side of its bound.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Missed {
    pub figure: String,
    /// `None` where the evaluation gave no such figure.
    pub value: Option<f64>,
    /// The bound in words, `≥ 0.84`.
    pub wanted: String,
}

const SHIPPED: &str = include_str!("../../evals/thresholds.toml");

impl Thresholds {
    /// The thresholds in `file`, or the shipped ones; fails on a file of another form, naming it.
    pub fn load(file: Option<&Path>) -> Result<Self, EvalError> {
        let (path, text) = match file {
            None => ("evals/thresholds.toml".to_owned(), SHIPPED.to_owned()),
            Some(file) => {
                let path = file.display().to_string();
                let text = std::fs::read_to_string(file).map_err(|e| EvalError::Read {
                    path: path.clone(),
                    reason: e.to_string(),
                })?;
                (path, text)
            }
        };
        toml::from_str(&text).map_err(|e| EvalError::Thresholds {
            path,
            reason: e.to_string(),
        })
    }

    /// What of `figures`, a JSON object, lies on the wrong side; a set without bounds misses nothing.
    pub fn missed(&self, set: &str, figures: &serde_json::Value) -> Vec<Missed> {
        let mut missed = Vec::new();
        for (figure, bound) in self.0.get(set).into_iter().flatten() {
            let value = figures[figure.as_str()].as_f64();
            for (wanted, holds) in bound.checks(value) {
                if !holds {
                    missed.push(Missed {
                        figure: figure.clone(),
                        value,
                        wanted,
                    });
                }
            }
        }
        missed
    }
}

impl Bound {
    fn checks(self, value: Option<f64>) -> impl Iterator<Item = (String, bool)> {
        let least = self
            .least
            .map(|least| (format!("≥ {least}"), value.is_some_and(|v| v >= least)));
        let most = self
            .most
            .map(|most| (format!("≤ {most}"), value.is_some_and(|v| v <= most)));
        least.into_iter().chain(most)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_below_its_bound_or_not_there_is_missed() {
        let thresholds: Thresholds =
            toml::from_str("[set]\na = { least = 0.5 }\nb = { most = 0 }\nc = { least = 1 }\n")
                .unwrap();
        let figures = serde_json::json!({"a": 0.4, "b": 0});
        let missed = thresholds.missed("set", &figures);
        let names: Vec<&str> = missed.iter().map(|m| m.figure.as_str()).collect();
        assert_eq!(names, ["a", "c"]);
        assert_eq!(missed[0].wanted, "≥ 0.5");
        assert!(thresholds.missed("another", &figures).is_empty());
    }

    #[test]
    fn the_shipped_thresholds_read() {
        Thresholds::load(None).unwrap();
    }
}

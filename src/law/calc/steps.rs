//! Steps as they are put together, and figures as people write them.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{Calculation, Step};
use crate::law::citation::Citation;

/// Steps that grow into a calculation.
#[derive(Default)]
pub(super) struct Steps {
    steps: Vec<Step>,
    unknown: Vec<String>,
}

impl Steps {
    /// Adds a step under a norm, `tk:236:1`; an empty word is no norm.
    pub(super) fn step(&mut self, norm: &str, text: String, value: impl Into<Option<Decimal>>) {
        self.rated(norm, text, value, None);
    }

    pub(super) fn rated(
        &mut self,
        norm: &str,
        text: String,
        value: impl Into<Option<Decimal>>,
        rate: Option<String>,
    ) {
        self.steps.push(Step {
            text,
            value: value.into(),
            norm: norm.parse::<Citation>().ok(),
            rate,
        });
    }

    pub(super) fn unknown(&mut self, text: impl Into<String>) {
        self.unknown.push(text.into());
    }

    pub(super) fn rubles(self, result: Option<Decimal>) -> Calculation {
        Calculation {
            result,
            unit: "руб.",
            steps: self.steps,
            unknown: self.unknown,
        }
    }
}

/// Rounds to kopecks, half away from zero.
pub(super) fn kopecks(value: Decimal) -> Decimal {
    value.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)
}

/// A sum as people write it: «12 345,60 руб.».
pub fn rubles(value: Decimal) -> String {
    let fixed = format!("{:.2}", kopecks(value));
    let (whole, part) = fixed.split_once('.').unwrap_or((&fixed, "00"));
    format!("{},{part} руб.", grouped(whole))
}

/// A number as people write it: «29,3», «1 200».
pub(super) fn plain(value: Decimal) -> String {
    let text = value.round_dp(4).normalize().to_string();
    match text.split_once('.') {
        Some((whole, part)) => format!("{},{part}", grouped(whole)),
        None => grouped(&text),
    }
}

fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{a0}');
        }
        out.push(digit);
    }
    out
}

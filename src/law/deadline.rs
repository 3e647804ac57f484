//! Terms of the law and how they are counted (article 14 of the Labour Code).

mod count;
mod rule;
mod words;

pub use count::{Computed, compute};
pub use rule::{
    CountedDays, Counting, DeadlineError, DeadlineRule, Direction, TermEnd, TermUnit, Whose,
    embedded_rules, parse_rules,
};
pub use words::{length_words, spoken};

#[cfg(test)]
mod tests;
#[cfg(test)]
mod cases;

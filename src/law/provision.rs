//! Provisions: the norm itself through its editions, and the days an edition speaks for.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What a provision (норма) is in the structure of its act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProvisionKind {
    /// Раздел.
    Section,
    /// Глава.
    Chapter,
    /// Статья.
    Article,
    /// Часть.
    Part,
    /// Пункт.
    Point,
    /// Подпункт.
    Subpoint,
    /// Абзац.
    Paragraph,
}

/// The days `[from, until)` on which a version is in force; an open end is not known to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct InForce {
    /// The first day in force.
    pub from: Option<Date>,
    /// The first day no longer in force.
    pub until: Option<Date>,
}

impl InForce {
    /// Returns whether the version was in force on `day`.
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day < until)
    }
}

/// The days an edition (редакция) speaks for: from its own date to the day up to which it is known to be current.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Coverage {
    /// The edition's own date.
    pub edition: Date,
    /// The last day somebody verified; the edition's own date until then.
    pub current_to: Date,
}

/// Where a day lies against what an edition covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayStatus {
    /// Before the edition: this text may not answer.
    Before,
    /// The edition is known to be current on that day.
    Covered,
    /// Later than anybody verified: the answer must name the day.
    After,
}

impl Coverage {
    /// Returns where `day` lies against the edition.
    pub fn of(&self, day: Date) -> DayStatus {
        if day < self.edition {
            DayStatus::Before
        } else if day <= self.current_to {
            DayStatus::Covered
        } else {
            DayStatus::After
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_last_day_is_outside_and_the_first_inside() {
        let force = InForce {
            from: Some(date(2016, 10, 3)),
            until: Some(date(2025, 9, 1)),
        };
        assert!(force.contains(date(2016, 10, 3)));
        assert!(force.contains(date(2025, 8, 31)));
        assert!(!force.contains(date(2025, 9, 1)));
        assert!(!force.contains(date(2016, 10, 2)));
        assert!(InForce::default().contains(date(1900, 1, 1)));
    }

    #[test]
    fn a_day_after_the_verified_one_is_told_apart() {
        let coverage = Coverage {
            edition: date(2025, 12, 29),
            current_to: date(2026, 1, 31),
        };
        assert_eq!(coverage.of(date(2025, 12, 28)), DayStatus::Before);
        assert_eq!(coverage.of(date(2026, 1, 31)), DayStatus::Covered);
        assert_eq!(coverage.of(date(2026, 2, 1)), DayStatus::After);
    }
}

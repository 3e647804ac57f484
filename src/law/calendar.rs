//! The production calendar of a five-day week, as data of `knowledge-base/calendars/`.

use std::collections::{BTreeMap, HashSet};

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::Deserialize;

/// Why a calendar file was refused.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// The file is no calendar.
    #[error("календарь {file}: {message}; исправьте файл или уберите его")]
    Malformed {
        /// The file's name.
        file: String,
        /// What is wrong.
        message: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    year: i16,
    decree: String,
    working_days: u32,
    days_off: Vec<String>,
    working_weekends: Vec<String>,
    short_days: Vec<String>,
    #[serde(default)]
    decree_days: Vec<String>,
}

#[derive(Debug, Clone, Default)]
struct Year {
    decree: String,
    days_off: HashSet<Date>,
    working_weekends: HashSet<Date>,
    short_days: HashSet<Date>,
    decree_days: HashSet<Date>,
}

/// Working days and days off of the years it holds; it guesses nothing about others.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    years: BTreeMap<i16, Year>,
}

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/calendars.rs"));

impl Calendar {
    /// Returns the calendar that the binary carries. Fails only if a shipped file is malformed.
    pub fn embedded() -> Result<Calendar, CalendarError> {
        let mut calendar = Calendar::default();
        for (name, text) in EMBEDDED {
            calendar.add(name, text)?;
        }
        Ok(calendar)
    }

    /// Takes in a year's file, in place of the year held before. Fails if a day does not parse or the count of working days differs.
    pub fn add(&mut self, name: &str, toml: &str) -> Result<(), CalendarError> {
        let refuse = |message: String| CalendarError::Malformed {
            file: name.to_owned(),
            message,
        };
        let file: YearFile = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
        let days = |list: &[String]| {
            let parsed = list
                .iter()
                .map(|d| format!("{}-{d}", file.year).parse::<Date>());
            parsed
                .collect::<Result<HashSet<_>, _>>()
                .map_err(|e| refuse(e.to_string()))
        };
        let year = Year {
            decree: file.decree.clone(),
            days_off: days(&file.days_off)?,
            working_weekends: days(&file.working_weekends)?,
            short_days: days(&file.short_days)?,
            decree_days: days(&file.decree_days)?,
        };
        let first = Date::new(file.year, 1, 1).map_err(|e| refuse(e.to_string()))?;
        let working = first
            .series(1.day())
            .take_while(|d| d.year() == file.year)
            .filter(|d| year.is_working(*d))
            .count();
        if working != file.working_days as usize {
            return Err(refuse(format!(
                "рабочих дней {working}, а в файле сказано {}",
                file.working_days
            )));
        }
        self.years.insert(file.year, year);
        Ok(())
    }

    /// Returns whether `day` is a working day; nothing if the year is not held.
    pub fn is_working_day(&self, day: Date) -> Option<bool> {
        self.years.get(&day.year()).map(|year| year.is_working(day))
    }

    /// Returns whether `day` is cut by one hour; nothing if the year is not held.
    pub fn is_short_day(&self, day: Date) -> Option<bool> {
        self.years
            .get(&day.year())
            .map(|year| year.short_days.contains(&day))
    }

    /// Returns whether a decree of the President made this weekday non-working with pay kept; terms count it as working.
    pub fn is_decree_day(&self, day: Date) -> bool {
        self.years
            .get(&day.year())
            .is_some_and(|year| year.decree_days.contains(&day))
    }

    /// Returns the day itself or the next working day; nothing once an unknown year is reached.
    pub fn working_day_from(&self, day: Date) -> Option<Date> {
        let mut at = day;
        while !self.is_working_day(at)? {
            at = at.tomorrow().ok()?;
        }
        Some(at)
    }

    /// Returns the decree that moved the days off of a year.
    pub fn decree(&self, year: i16) -> Option<&str> {
        self.years.get(&year).map(|y| y.decree.as_str())
    }

    /// Returns the years held, in order.
    pub fn years(&self) -> Vec<i16> {
        self.years.keys().copied().collect()
    }
}

impl Year {
    fn is_working(&self, day: Date) -> bool {
        match day.weekday() {
            Weekday::Saturday | Weekday::Sunday => self.working_weekends.contains(&day),
            _ => !self.days_off.contains(&day),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_shipped_years_are_whole_and_an_unknown_year_is_unknown() {
        let calendar = Calendar::embedded().unwrap();
        assert_eq!(calendar.years(), (2015..=2027).collect::<Vec<_>>());
        assert_eq!(calendar.is_working_day(date(2024, 4, 27)), Some(true));
        assert_eq!(calendar.is_working_day(date(2024, 4, 29)), Some(false));
        assert_eq!(calendar.is_working_day(date(2025, 5, 9)), Some(false));
        assert_eq!(calendar.is_working_day(date(2035, 5, 9)), None);
        assert_eq!(
            calendar.working_day_from(date(2026, 1, 1)),
            Some(date(2026, 1, 12))
        );
    }

    #[test]
    fn a_file_whose_days_do_not_add_up_is_refused() {
        let text = "year = 2024\ndecree = \"\"\nworking_days = 200\ndays_off = []\nworking_weekends = []\nshort_days = []\n";
        assert!(
            Calendar::default()
                .add("x.toml", text)
                .unwrap_err()
                .to_string()
                .contains("262")
        );
    }
}

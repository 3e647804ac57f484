//! Rates and amounts by days: the key rate, the minimum wage and others, as data of `knowledge-base/rates/`.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// Why rates were refused.
#[derive(Debug, thiserror::Error)]
pub enum RateError {
    /// The file is no table of rates.
    #[error("ставки {file}: {message}; исправьте файл или уберите его")]
    Malformed {
        /// The file's name.
        file: String,
        /// What is wrong.
        message: String,
    },
    /// A row that cannot be true.
    #[error("{0}")]
    Row(String),
}

/// What a table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateKind {
    /// The key rate of the Bank of Russia (ключевая ставка), per cent a year.
    KeyRate,
    /// Its refinancing rate (ставка рефинансирования) before 2016, per cent a year.
    RefinancingRate,
    /// The federal minimum wage (минимальный размер оплаты труда), roubles a month.
    MinimumWage,
    /// The average number of calendar days in a month (article 139, part 4).
    AverageMonthDays,
}

impl RateKind {
    /// Every kind.
    pub const ALL: [RateKind; 4] = [
        RateKind::KeyRate,
        RateKind::RefinancingRate,
        RateKind::MinimumWage,
        RateKind::AverageMonthDays,
    ];

    /// The word used in files and commands.
    pub fn as_str(self) -> &'static str {
        match self {
            RateKind::KeyRate => "key_rate",
            RateKind::RefinancingRate => "refinancing_rate",
            RateKind::MinimumWage => "minimum_wage",
            RateKind::AverageMonthDays => "average_month_days",
        }
    }

    /// What people call it.
    pub fn russian(self) -> &'static str {
        match self {
            RateKind::KeyRate => "ключевая ставка Банка России",
            RateKind::RefinancingRate => "ставка рефинансирования Банка России",
            RateKind::MinimumWage => "минимальный размер оплаты труда",
            RateKind::AverageMonthDays => "среднемесячное число календарных дней",
        }
    }

    /// Reads the word of files and commands.
    pub fn parse(word: &str) -> Option<RateKind> {
        RateKind::ALL
            .into_iter()
            .find(|kind| kind.as_str() == word.replace('-', "_"))
    }
}

/// How sure a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateStatus {
    /// Two independent sources agree.
    Checked,
    /// One source.
    Single,
    /// Sources differ; the row's note says how.
    Conflict,
    /// Entered by the union.
    Own,
}

/// A rate from a day on, until the next row of its table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateRow {
    /// The first day.
    pub from: Date,
    /// The value, in the unit of its kind.
    #[serde(deserialize_with = "decimal", serialize_with = "as_text")]
    pub value: Decimal,
    /// Where it is from.
    pub source: String,
    /// How sure it is.
    pub status: RateStatus,
    /// What sources disagree on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

fn decimal<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Decimal, D::Error> {
    let text = String::deserialize(from)?;
    text.parse().map_err(serde::de::Error::custom)
}

fn as_text<S: serde::Serializer>(value: &Decimal, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&value.normalize().to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateFile {
    kind: RateKind,
    known_to: Option<Date>,
    row: Vec<RateRow>,
}

/// A table of one kind: rows by their first day, and the last day for which the newest is known to hold.
#[derive(Debug, Clone, Default)]
struct Table {
    rows: Vec<RateRow>,
    known_to: Option<Date>,
}

/// Every table that the desk knows.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    tables: BTreeMap<RateKind, Table>,
}

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rates.rs"));

impl Rates {
    /// Returns the tables that the binary carries. Fails only if a shipped file is malformed.
    pub fn embedded() -> Result<Rates, RateError> {
        let mut rates = Rates::default();
        for (name, text) in EMBEDDED {
            rates.add_file(name, text)?;
        }
        Ok(rates)
    }

    /// Adds the table of one file. Fails on unknown fields, rows out of order and a kind that is there already.
    pub fn add_file(&mut self, name: &str, toml: &str) -> Result<(), RateError> {
        let refuse = |message: String| RateError::Malformed {
            file: name.to_owned(),
            message,
        };
        let file: RateFile = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
        if let Some(pair) = file.row.windows(2).find(|two| two[0].from >= two[1].from) {
            return Err(refuse(format!(
                "строка с {} стоит после строки с {}",
                pair[1].from, pair[0].from
            )));
        }
        let table = Table {
            rows: file.row,
            known_to: file.known_to,
        };
        match self.tables.insert(file.kind, table) {
            None => Ok(()),
            Some(_) => Err(refuse(format!("таблица {} уже есть", file.kind.as_str()))),
        }
    }

    /// Adds a row of the union's own, known to hold as far as `known_to`; one of the same day is replaced.
    ///
    /// Fails where the value is not above zero or `known_to` lies before the row's first day.
    pub fn add(&mut self, kind: RateKind, row: RateRow, known_to: Date) -> Result<(), RateError> {
        if row.value <= Decimal::ZERO {
            return Err(RateError::Row("значение должно быть больше нуля".into()));
        }
        if known_to < row.from {
            return Err(RateError::Row(format!(
                "известна по {known_to}, а действует с {}: переставьте дни",
                row.from
            )));
        }
        let table = self.tables.entry(kind).or_default();
        table.rows.retain(|old| old.from != row.from);
        let at = table.rows.partition_point(|old| old.from < row.from);
        table.rows.insert(at, row);
        table.known_to = table.known_to.map(|day| day.max(known_to));
        Ok(())
    }

    /// The row that holds on a day; nothing before the first row and after the last day for which the newest is known.
    pub fn on(&self, kind: RateKind, day: Date) -> Option<&RateRow> {
        let table = self.tables.get(&kind)?;
        if table.known_to.is_some_and(|known_to| day > known_to) {
            return None;
        }
        let after = table.rows.partition_point(|row| row.from <= day);
        table.rows.get(after.checked_sub(1)?)
    }

    /// The first day on which another row holds than on `day`; nothing where none follows.
    pub fn next_change(&self, kind: RateKind, day: Date) -> Option<Date> {
        let table = self.tables.get(&kind)?;
        let after = table.rows.partition_point(|row| row.from <= day);
        table.rows.get(after).map(|row| row.from)
    }

    /// The last day for which the newest row is known to hold; nothing for a table without such a day.
    pub fn known_to(&self, kind: RateKind) -> Option<Date> {
        self.tables.get(&kind)?.known_to
    }

    /// All rows of a kind, oldest first.
    pub fn rows(&self, kind: RateKind) -> &[RateRow] {
        self.tables.get(&kind).map_or(&[], |table| &table.rows)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn key(day: Date) -> Option<String> {
        let rates = Rates::embedded().unwrap();
        let row = rates.on(RateKind::KeyRate, day)?;
        Some(row.value.normalize().to_string())
    }

    #[test]
    fn a_rate_holds_from_its_day_to_the_next_row() {
        assert_eq!(key(date(2016, 9, 18)).as_deref(), Some("10.5"));
        assert_eq!(key(date(2016, 9, 19)).as_deref(), Some("10"));
        assert_eq!(key(date(2025, 6, 8)).as_deref(), Some("21"));
        assert_eq!(key(date(2025, 6, 9)).as_deref(), Some("20"));
    }

    #[test]
    fn nothing_is_known_before_the_first_row_and_after_the_last_known_day() {
        assert_eq!(key(date(2013, 9, 12)), None);
        assert_eq!(key(date(2026, 9, 14)).as_deref(), Some("14"));
        assert_eq!(key(date(2026, 9, 15)), None);
    }

    #[test]
    fn a_row_of_the_union_moves_the_last_known_day() {
        let mut rates = Rates::embedded().unwrap();
        let row = |value: &str| RateRow {
            from: date(2026, 10, 26),
            value: value.parse().unwrap(),
            source: "сайт Банка России".into(),
            status: RateStatus::Own,
            note: None,
        };
        let add =
            |rates: &mut Rates, value| rates.add(RateKind::KeyRate, row(value), date(2026, 12, 20));
        add(&mut rates, "13.5").unwrap();
        let on = |day| rates.on(RateKind::KeyRate, day).map(|row| row.value);
        assert_eq!(on(date(2026, 10, 25)), "14".parse().ok());
        assert_eq!(on(date(2026, 12, 20)), "13.5".parse().ok());
        assert_eq!(on(date(2026, 12, 21)), None);
        assert!(add(&mut rates.clone(), "0").is_err());
    }

    #[test]
    fn a_table_out_of_order_is_refused_with_its_days() {
        let text = r#"
kind = "key_rate"
[[row]]
from = "2020-02-01"
value = "6"
source = "x"
status = "single"
[[row]]
from = "2020-01-01"
value = "7"
source = "x"
status = "single"
"#;
        let refused = Rates::default().add_file("k.toml", text).unwrap_err();
        assert!(refused.to_string().contains("2020-01-01"));
    }
}

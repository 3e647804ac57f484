//! What a calculator asks, and what a person gave.

use jiff::civil::Date;
use rust_decimal::Decimal;

use super::CalcError;

/// What can be written into a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Roubles, «50000» or «50 000,50».
    Money,
    /// A day, `2024-03-10` or `10.03.2024`.
    Day,
    /// A number, whole or with a fraction.
    Number,
    /// A share in per cent.
    Percent,
    /// Numbers with a comma or space between, one a day.
    Numbers,
    /// Days with sums, `2024-04-01=20000; 2024-05-01=5000`.
    Payments,
    /// One of some words: the word, and what it means in Russian and English.
    Choice(&'static [(&'static str, &'static str, &'static str)]),
}

/// Whether a field may stay empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must be filled.
    Required,
    /// It may stay empty.
    Optional,
}

/// A field of a calculator.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// The word in commands and forms.
    pub name: &'static str,
    /// In Russian and in English.
    pub label: (&'static str, &'static str),
    /// What can be written.
    pub kind: FieldKind,
    /// Whether it may stay empty.
    pub need: Need,
}

/// The values that were given, checked against the fields.
#[derive(Debug)]
pub struct Given {
    values: Vec<(&'static Field, String)>,
}

/// Sums and days beyond these are slips of the pen.
const MOST: i64 = 1_000_000_000;

impl Given {
    /// Fails on names that are no field, on required fields left empty and on values of another kind.
    pub(super) fn read(
        fields: &'static [Field],
        given: &[(String, String)],
    ) -> Result<Given, CalcError> {
        for (name, _) in given {
            if !fields.iter().any(|field| field.name == name) {
                let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
                return Err(CalcError {
                    field: "",
                    message: format!("Поля «{name}» здесь нет. Есть: {}.", names.join(", ")),
                });
            }
        }
        let mut values = Vec::new();
        for field in fields {
            let value = given.iter().rev().find(|(name, _)| name == field.name);
            let value = value.map(|(_, value)| value.trim()).unwrap_or_default();
            if !value.is_empty() {
                check(field, value)?;
                values.push((field, value.to_owned()));
            } else if field.need == Need::Required {
                return Err(refuse(field, "заполните это поле"));
            }
        }
        Ok(Given { values })
    }

    fn text(&self, name: &str) -> Option<&str> {
        let mut values = self.values.iter();
        let found = values.find(|(field, _)| field.name == name)?;
        Some(found.1.as_str())
    }

    /// The number of a field of money, numbers or per cent.
    pub(super) fn number(&self, name: &str) -> Option<Decimal> {
        number_of(self.text(name)?)
    }

    /// As [`Given::number`], zero where it is empty.
    pub(super) fn number_or_zero(&self, name: &str) -> Decimal {
        self.number(name).unwrap_or(Decimal::ZERO)
    }

    pub(super) fn day(&self, name: &str) -> Option<Date> {
        day_of(self.text(name)?)
    }

    /// The word of a choice, its first one where nothing was chosen.
    pub(super) fn choice(&self, name: &str) -> &str {
        self.text(name).unwrap_or_default()
    }

    pub(super) fn numbers(&self, name: &str) -> Vec<Decimal> {
        self.text(name).map(numbers_of).unwrap_or_default()
    }

    /// Days with sums, earliest first.
    pub(super) fn payments(&self, name: &str) -> Vec<(Date, Decimal)> {
        let mut all = self.text(name).map(payments_of).unwrap_or_default();
        all.sort();
        all
    }
}

pub(super) fn refuse(field: &Field, why: &str) -> CalcError {
    CalcError {
        field: field.name,
        message: format!("{} ({}): {why}.", field.label.0, field.name),
    }
}

fn check(field: &Field, value: &str) -> Result<(), CalcError> {
    let in_range = |number: Decimal| number >= Decimal::ZERO && number <= Decimal::from(MOST);
    let number = |value| number_of(value).is_some_and(in_range);
    let (whole, like) = match field.kind {
        FieldKind::Money => (
            number(value),
            "сумма в рублях, например 50000 или 50 000,50",
        ),
        FieldKind::Number => (number(value), "число не меньше нуля, например 8 или 7,5"),
        FieldKind::Percent => (number(value), "проценты, например 20"),
        FieldKind::Day => (
            day_of(value).is_some(),
            "день, например 2024-03-10 или 10.03.2024",
        ),
        FieldKind::Numbers => {
            let parts = value.split([' ', ';']).filter(|part| !part.is_empty());
            let count = parts.count();
            let numbers = numbers_of(value);
            let whole = numbers.len() == count && numbers.iter().all(|n| in_range(*n));
            (whole, "числа через пробел, например 3 2,5 4")
        }
        FieldKind::Payments => {
            let count = value.split(';').filter(|p| !p.trim().is_empty()).count();
            let all = payments_of(value);
            let whole = all.len() == count && all.iter().all(|(_, sum)| in_range(*sum));
            (
                whole,
                "дни и суммы, например 2024-04-01=20000; 2024-05-01=5000",
            )
        }
        FieldKind::Choice(choices) => {
            let words: Vec<&str> = choices.iter().map(|choice| choice.0).collect();
            if words.contains(&value) {
                return Ok(());
            }
            return Err(refuse(
                field,
                &format!("выберите одно из: {}", words.join(", ")),
            ));
        }
    };
    match whole {
        true => Ok(()),
        false => Err(refuse(field, &format!("нужна запись такого вида: {like}"))),
    }
}

fn number_of(text: &str) -> Option<Decimal> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '\u{a0}' && *c != '%')
        .map(|c| if c == ',' { '.' } else { c })
        .collect();
    plain.parse().ok()
}

fn day_of(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let mut parts = text.split('.').map(str::trim);
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let whole = parts.next().is_none() && year.len() == 4;
    let day = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    day.ok().filter(|_| whole)
}

fn numbers_of(text: &str) -> Vec<Decimal> {
    let parts = text.split([' ', ';']).filter(|part| !part.is_empty());
    parts.filter_map(number_of).collect()
}

fn payments_of(text: &str) -> Vec<(Date, Decimal)> {
    let one = |part: &str| {
        let (day, sum) = part.split_once('=')?;
        Some((day_of(day)?, number_of(sum)?))
    };
    text.split(';').filter_map(one).collect()
}

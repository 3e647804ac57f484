//! Sums of the Code, each step with its norm and rate.
//!
//! What rests on acts that the desk does not hold is an input and is marked; outside the known rates nothing is extrapolated.

mod average;
mod delay;
mod given;
mod pay;
mod severance;
mod steps;

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Serialize, Serializer};

use super::calendar::Calendar;
use super::citation::Citation;
use super::rates::Rates;

pub use given::{Field, FieldKind, Given, Need};
pub use steps::rubles;

/// Why a sum was not computed; each names the field and what to write there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct CalcError {
    /// The field's name, empty for the whole.
    pub field: &'static str,
    /// What is wrong and what to write.
    pub message: String,
}

/// A step of a sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// What was done, in words and figures.
    pub text: String,
    /// What came out.
    #[serde(serialize_with = "number")]
    pub value: Option<Decimal>,
    /// The norm that says so.
    pub norm: Option<Citation>,
    /// The rate used, with its days.
    pub rate: Option<String>,
}

/// A computed sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calculation {
    /// The sum; nothing where a needed figure is not known.
    #[serde(serialize_with = "number")]
    pub result: Option<Decimal>,
    /// Its unit, «руб.».
    pub unit: &'static str,
    /// How it was reached.
    pub steps: Vec<Step>,
    /// What is not known, or was taken from the person: each to be checked.
    pub unknown: Vec<String>,
}

fn number<S: Serializer>(value: &Option<Decimal>, to: S) -> Result<S::Ok, S::Error> {
    let value = value.map(|value| value.normalize().to_string());
    match value.and_then(|text| text.parse::<f64>().ok()) {
        Some(value) => to.serialize_f64(value),
        None => to.serialize_none(),
    }
}

/// What every sum stands on.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    /// Rates and amounts.
    pub rates: &'a Rates,
    /// Working days.
    pub calendar: &'a Calendar,
    /// The day of the question.
    pub today: Date,
}

type Run = fn(&Given, Ground<'_>) -> Result<Calculation, CalcError>;

/// A sum that the desk can compute.
pub struct Calculator {
    /// The word in commands and addresses, `delay`.
    pub name: &'static str,
    /// In Russian and in English.
    pub title: (&'static str, &'static str),
    /// What it answers, in one line.
    pub about: (&'static str, &'static str),
    /// The norm that it follows first.
    pub norm: &'static str,
    /// What it asks.
    pub fields: &'static [Field],
    run: Run,
}

/// Raised when a sum is counted otherwise than before, so that lawyers look again.
const COUNTS: &str = "1";

/// The edition of the Code whose labels the steps cite.
pub const EDITION: Date = jiff::civil::date(2025, 12, 29);

impl Calculator {
    /// The id under which it is approved.
    pub fn note_id(&self) -> String {
        format!("calculator:{}", self.name)
    }

    /// The hash that an approval is bound to: of its words, fields and norm. A change of how it counts raises `COUNTS`.
    pub fn sha256(&self) -> String {
        use sha2::{Digest as _, Sha256};
        let fields = self.fields.iter().map(|field| field.name);
        let said: Vec<&str> = [self.name, self.title.0, self.about.0, self.norm, COUNTS]
            .into_iter()
            .chain(fields)
            .collect();
        let digest = Sha256::digest(said.join("\n").as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Every calculator, in the order of the list that people see.
    pub fn all() -> &'static [Calculator] {
        &ALL
    }

    /// The calculator of this name.
    pub fn find(name: &str) -> Option<&'static Calculator> {
        ALL.iter().find(|one| one.name == name)
    }

    /// Computes. Fails on fields it does not have, on missing ones and on values that cannot be.
    pub fn compute(
        &self,
        given: &[(String, String)],
        ground: Ground<'_>,
    ) -> Result<Calculation, CalcError> {
        let given = Given::read(self.fields, given)?;
        (self.run)(&given, ground)
    }
}

static ALL: [Calculator; 11] = [
    Calculator {
        name: "delay",
        title: (
            "Компенсация за задержку зарплаты",
            "Compensation for late pay",
        ),
        about: (
            "Сколько работодатель должен сверху за каждый день задержки",
            "What the employer owes on top for each day of delay",
        ),
        norm: "tk:236:1",
        fields: &delay::FIELDS,
        run: delay::run,
    },
    Calculator {
        name: "average",
        title: ("Средний дневной заработок", "Average daily earnings"),
        about: (
            "Из чего считают отпускные, простой, вынужденный прогул",
            "The base of leave pay, downtime and forced absence",
        ),
        norm: "tk:139",
        fields: &average::AVERAGE,
        run: average::average,
    },
    Calculator {
        name: "leave-pay",
        title: ("Отпускные", "Leave pay"),
        about: (
            "Сколько заплатят за отпуск и к какому дню",
            "What is paid for a leave and by which day",
        ),
        norm: "tk:139:4",
        fields: &average::LEAVE_PAY,
        run: average::leave_pay,
    },
    Calculator {
        name: "unused-leave",
        title: (
            "Компенсация за неиспользованный отпуск",
            "Pay for unused leave",
        ),
        about: (
            "Сколько заплатят при увольнении за дни, которые не отгуляли",
            "What is paid at dismissal for days not taken",
        ),
        norm: "tk:127:1",
        fields: &average::UNUSED_LEAVE,
        run: average::unused_leave,
    },
    Calculator {
        name: "overtime",
        title: ("Сверхурочная работа", "Overtime"),
        about: (
            "Самое меньшее, что положено за часы сверх нормы",
            "The least that is due for hours beyond the norm",
        ),
        norm: "tk:152:1",
        fields: &pay::OVERTIME,
        run: pay::overtime,
    },
    Calculator {
        name: "weekend",
        title: (
            "Работа в выходной или праздник",
            "Work on a day off or a holiday",
        ),
        about: (
            "Самое меньшее, что положено за вызов в выходной",
            "The least that is due for work on a day off",
        ),
        norm: "tk:153:1",
        fields: &pay::WEEKEND,
        run: pay::weekend,
    },
    Calculator {
        name: "night",
        title: ("Ночные часы", "Night hours"),
        about: (
            "Доплата за ночь по проценту, который действует у вас",
            "The extra pay for night work by the share that holds at your place",
        ),
        norm: "tk:154:1",
        fields: &pay::NIGHT,
        run: pay::night,
    },
    Calculator {
        name: "downtime",
        title: ("Простой", "Downtime"),
        about: (
            "Самое меньшее, что положено за время простоя",
            "The least that is due for a stoppage",
        ),
        norm: "tk:157",
        fields: &pay::DOWNTIME,
        run: pay::downtime,
    },
    Calculator {
        name: "severance",
        title: (
            "Выплаты при сокращении и ликвидации",
            "Payments at redundancy and liquidation",
        ),
        about: (
            "Выходное пособие и средний заработок за следующие месяцы",
            "Severance and average earnings for the months that follow",
        ),
        norm: "tk:178:1",
        fields: &severance::SEVERANCE,
        run: severance::severance,
    },
    Calculator {
        name: "forced-absence",
        title: ("Вынужденный прогул", "Forced absence"),
        about: (
            "Заработок за время, когда незаконно не давали работать",
            "Earnings for the time a person was unlawfully kept from work",
        ),
        norm: "tk:394:2",
        fields: &average::FORCED_ABSENCE,
        run: average::forced_absence,
    },
    Calculator {
        name: "minimum-wage",
        title: ("Зарплата ниже минимальной", "Pay below the minimum wage"),
        about: (
            "Сколько не хватает до минимального размера за месяц",
            "What is missing up to the minimum wage of a month",
        ),
        norm: "tk:133:3",
        fields: &pay::MINIMUM,
        run: pay::minimum,
    },
];

#[cfg(test)]
mod tests;

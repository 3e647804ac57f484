//! Compensation for late pay (article 236), day by day over the rates that held.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday, date};
use rust_decimal::Decimal;

use super::given::{Field, FieldKind, Given, Need};
use super::steps::{Steps, kopecks, plain, rubles};
use super::{CalcError, Calculation, Ground};
use crate::law::deadline::{TermUnit, length_words, spoken};
use crate::law::rates::{RateKind, RateStatus};

const WAGE: &str = "wage";

pub(super) static FIELDS: [Field; 5] = [
    Field {
        name: "amount",
        label: ("Сколько не выплатили, руб.", "Not paid, roubles"),
        kind: FieldKind::Money,
        need: Need::Required,
    },
    Field {
        name: "due",
        label: ("День, когда должны были заплатить", "Day it was due"),
        kind: FieldKind::Day,
        need: Need::Required,
    },
    Field {
        name: "paid",
        label: (
            "День, когда заплатили; если ещё нет, на какой день считать",
            "Day it was paid, or the day to count to",
        ),
        kind: FieldKind::Day,
        need: Need::Optional,
    },
    Field {
        name: "what",
        label: ("Что задержали", "What is late"),
        kind: FieldKind::Choice(&[
            (WAGE, "зарплату или аванс", "wages or an advance"),
            (
                "other",
                "отпускные, расчёт при увольнении, другое",
                "leave pay, final pay, other",
            ),
        ]),
        need: Need::Optional,
    },
    Field {
        name: "payments",
        label: (
            "Если платили частями: дни и суммы",
            "Parts paid meanwhile: days and sums",
        ),
        kind: FieldKind::Payments,
        need: Need::Optional,
    },
];

/// 1/300 of the refinancing rate before this day, 1/150 of the key rate since (272-ФЗ of 2016).
const DOUBLED: Date = date(2016, 10, 3);
/// From here the refinancing rate is the key rate.
const ONE_RATE: Date = date(2016, 1, 1);
/// The Code is in force since.
const FIRST: Date = date(2002, 2, 1);

pub(super) fn run(given: &Given, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let amount = given.number_or_zero("amount");
    let named = given.day("due").unwrap_or(ground.today);
    let paid = given.day("paid").unwrap_or(ground.today);
    let mut steps = Steps::default();
    let due = match given.choice("what") {
        "other" => named,
        _ => eve(named, ground, &mut steps),
    };
    if due >= paid {
        steps.step(
            "tk:236:1",
            format!(
                "К {} задержки нет: платить надо было не позже {}",
                spoken(paid),
                spoken(due)
            ),
            Decimal::ZERO,
        );
        return Ok(steps.rubles(Some(Decimal::ZERO)));
    }
    let payments = given.payments("payments");
    let mut debt = Debt {
        amount,
        payments,
        at: 0,
    };
    let mut day = due.tomorrow().unwrap_or(paid);
    steps.step(
        "tk:236:1",
        format!(
            "Дни задержки считают с {} по {} включительно",
            spoken(day),
            spoken(paid)
        ),
        None,
    );
    let mut total = Decimal::ZERO;
    while day <= paid && debt.before(day) > Decimal::ZERO {
        let piece = Piece::from(day, paid, &mut debt, ground);
        total += piece.tell(&mut steps, ground);
        day = piece.last.tomorrow().unwrap_or(Date::MAX);
        if piece.last == Date::MAX {
            break;
        }
    }
    if total == Decimal::ZERO && amount > Decimal::ZERO {
        // Every day lies outside the known rates: nothing is not what is due.
        return Ok(steps.rubles(None));
    }
    steps.step("tk:236:1", format!("Всего {}", rubles(total)), total);
    steps.step(
        "tk:236:2",
        "Коллективный договор, локальный акт или трудовой договор может дать больше".to_owned(),
        None,
    );
    Ok(steps.rubles(Some(total)))
}

/// Pay that falls on a day off is due on the eve (article 136, part 8).
fn eve(named: Date, ground: Ground<'_>, steps: &mut Steps) -> Date {
    let mut day = named;
    loop {
        match ground.calendar.is_working_day(day) {
            Some(false) => day = day.yesterday().unwrap_or(Date::MIN),
            Some(true) => break,
            None => {
                steps.unknown(format!(
                    "Календаря {} года нет: проверьте, рабочий ли день {}",
                    day.year(),
                    spoken(day)
                ));
                while matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                    day = day.yesterday().unwrap_or(Date::MIN);
                }
                break;
            }
        }
    }
    if day != named {
        let text = format!(
            "{} — нерабочий день, зарплату надо было выдать накануне: {}",
            spoken(named),
            spoken(day)
        );
        steps.step("tk:136:8", text, None);
    }
    day
}

/// What is still owed: a part that was paid counts as owed on the day of payment, and no longer on the next.
struct Debt {
    amount: Decimal,
    payments: Vec<(Date, Decimal)>,
    at: usize,
}

impl Debt {
    /// What is owed on `day`; days are asked in order.
    fn before(&mut self, day: Date) -> Decimal {
        while let Some((paid, sum)) = self.payments.get(self.at).filter(|(paid, _)| *paid < day) {
            let _ = paid;
            self.amount = (self.amount - sum).max(Decimal::ZERO);
            self.at += 1;
        }
        self.amount
    }

    /// The day of the next part paid.
    fn next(&self) -> Option<Date> {
        self.payments.get(self.at).map(|(day, _)| *day)
    }
}

/// Whether sources agree on a rate for the days of a piece.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sources {
    Agree,
    Differ,
}

/// Days with one rate, one share and one debt.
struct Piece {
    first: Date,
    last: Date,
    owed: Decimal,
    /// The rate, and whether sources differ on its first day, which is one of these.
    rate: Option<(RateKind, Decimal, Sources)>,
}

impl Piece {
    fn from(first: Date, paid: Date, debt: &mut Debt, ground: Ground<'_>) -> Piece {
        let owed = debt.before(first);
        let kind = match first < ONE_RATE {
            true => RateKind::RefinancingRate,
            false => RateKind::KeyRate,
        };
        let row = ground.rates.on(kind, first).filter(|_| first >= FIRST);
        let known_to = ground.rates.known_to(kind).filter(|_| row.is_some());
        let eve = |day: Date| day.yesterday().unwrap_or(day);
        let ends = [
            Some(paid),
            debt.next(),
            ground.rates.next_change(kind, first).map(eve),
            known_to,
            [FIRST, ONE_RATE, DOUBLED]
                .into_iter()
                .find(|day| *day > first)
                .map(eve),
        ];
        Piece {
            first,
            last: ends
                .into_iter()
                .flatten()
                .filter(|day| *day >= first)
                .min()
                .unwrap_or(paid),
            owed,
            rate: row.map(|row| {
                let differ = row.status == RateStatus::Conflict && row.from == first;
                let sources = if differ {
                    Sources::Differ
                } else {
                    Sources::Agree
                };
                (kind, row.value, sources)
            }),
        }
    }

    fn days(&self) -> i32 {
        1 + self
            .first
            .until(self.last)
            .map_or(0, |span| span.get_days())
    }

    /// Says the piece as a step, or as unknown; returns its sum.
    fn tell(&self, steps: &mut Steps, ground: Ground<'_>) -> Decimal {
        let days = self.days();
        let span = format!("с {} по {}", short(self.first), short(self.last));
        let Some((kind, value, sources)) = self.rate else {
            let text = match self.first < FIRST {
                true => format!("Дни {span}: Трудовой кодекс ещё не действовал, не посчитаны"),
                false => format!(
                    "Дни {span}: ставка неизвестна (последний известный день {}), не посчитаны; узнайте ставку и добавьте её: kb rates add",
                    ground
                        .rates
                        .known_to(RateKind::KeyRate)
                        .map(short)
                        .unwrap_or_default()
                ),
            };
            steps.unknown(text);
            return Decimal::ZERO;
        };
        let share = if self.first < DOUBLED { 300_i64 } else { 150 };
        let sum = kopecks(self.owed * value * Decimal::from(days) / Decimal::from(100 * share));
        let count = u16::try_from(days).unwrap_or(u16::MAX);
        steps.rated(
            "tk:236:1",
            format!(
                "{span}, {}: {} × 1/{share} × {} % × {days} = {}",
                length_words(count, TermUnit::Day),
                rubles(self.owed),
                plain(value),
                rubles(sum)
            ),
            sum,
            Some(format!("{}: {} %, {span}", kind.russian(), plain(value))),
        );
        if sources == Sources::Differ {
            steps.unknown(format!(
                "Ставка {} %, {span}: источники расходятся в дне, с которого она действует; проверьте",
                plain(value)
            ));
        }
        sum
    }
}

fn short(day: Date) -> String {
    format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
}

/// The day `days` calendar days before.
pub(super) fn days_before(day: Date, days: i64) -> Date {
    day.checked_sub(days.days()).unwrap_or(day)
}

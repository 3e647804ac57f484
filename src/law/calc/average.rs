//! Average earnings as far as article 139 itself goes, and what is paid by them.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::delay::days_before;
use super::given::{Field, FieldKind, Given, Need, refuse};
use super::steps::{Steps, kopecks, plain, rubles};
use super::{CalcError, Calculation, Ground};
use crate::law::deadline::spoken;
use crate::law::rates::RateKind;

const EARNED: Field = Field {
    name: "earned",
    label: (
        "Начислено за 12 месяцев до события, руб.",
        "Earned in the 12 months before, roubles",
    ),
    kind: FieldKind::Money,
    need: Need::Required,
};
const COUNTED_DAYS: Field = Field {
    name: "counted_days",
    label: (
        "Если отработаны не все месяцы: сколько календарных дней засчитано",
        "If some months were not full: calendar days counted",
    ),
    kind: FieldKind::Number,
    need: Need::Optional,
};
const SIX_DAY_DAYS: Field = Field {
    name: "six_day_days",
    label: (
        "Если отпуск дают в рабочих днях: рабочих дней по шестидневке за это время",
        "If leave is in working days: working days of a six-day week",
    ),
    kind: FieldKind::Number,
    need: Need::Optional,
};
const ON: Field = Field {
    name: "on",
    label: ("День, на который считать", "Day to count for"),
    kind: FieldKind::Day,
    need: Need::Optional,
};

pub(super) static AVERAGE: [Field; 6] = [
    Field {
        name: "purpose",
        label: ("Для чего", "What for"),
        kind: FieldKind::Choice(&[
            (
                "leave",
                "отпуск и компенсация за него",
                "leave and its compensation",
            ),
            ("other", "всё остальное", "everything else"),
        ]),
        need: Need::Required,
    },
    EARNED,
    COUNTED_DAYS,
    SIX_DAY_DAYS,
    Field {
        name: "worked_days",
        label: (
            "Для остального: сколько дней отработано за эти 12 месяцев",
            "Otherwise: days worked in these 12 months",
        ),
        kind: FieldKind::Number,
        need: Need::Optional,
    },
    ON,
];

pub(super) static LEAVE_PAY: [Field; 5] = [
    EARNED,
    COUNTED_DAYS,
    SIX_DAY_DAYS,
    Field {
        name: "days",
        label: ("Дней отпуска", "Days of leave"),
        kind: FieldKind::Number,
        need: Need::Required,
    },
    Field {
        name: "start",
        label: ("Первый день отпуска", "First day of the leave"),
        kind: FieldKind::Day,
        need: Need::Optional,
    },
];

pub(super) static UNUSED_LEAVE: [Field; 5] = [
    EARNED,
    COUNTED_DAYS,
    SIX_DAY_DAYS,
    Field {
        name: "days",
        label: (
            "Сколько дней отпуска не использовано",
            "Days of leave not taken",
        ),
        kind: FieldKind::Number,
        need: Need::Required,
    },
    Field {
        name: "dismissed",
        label: ("День увольнения", "Day of dismissal"),
        kind: FieldKind::Day,
        need: Need::Optional,
    },
];

pub(super) static FORCED_ABSENCE: [Field; 4] = [
    Field {
        name: "average_daily",
        label: (
            "Средний дневной заработок, руб.",
            "Average daily earnings, roubles",
        ),
        kind: FieldKind::Money,
        need: Need::Required,
    },
    Field {
        name: "from",
        label: ("Первый день без работы", "First day without work"),
        kind: FieldKind::Day,
        need: Need::Required,
    },
    Field {
        name: "to",
        label: ("Последний день, за который считать", "Last day to count"),
        kind: FieldKind::Day,
        need: Need::Required,
    },
    Field {
        name: "working_days",
        label: (
            "Рабочих дней по вашему графику, если не пятидневка",
            "Working days by your schedule, if not a five-day week",
        ),
        kind: FieldKind::Number,
        need: Need::Optional,
    },
];

/// Twelve months and an average month since 90-ФЗ of 2006; three months before.
const TWELVE_MONTHS: Date = date(2006, 10, 6);

const RULES: &str = "Как засчитывать неполные месяцы, премии и повышение зарплаты, решает положение Правительства о средней зарплате (ч. 7 ст. 139); его текста здесь нет, проверьте с юристом";

pub(super) fn average(given: &Given, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    let on = given.day("on").unwrap_or(ground.today);
    if given.choice("purpose") == "leave" {
        let daily = leave_average(given, on, ground, &mut steps)?;
        return Ok(steps.rubles(daily));
    }
    let field = &AVERAGE[4];
    let days = given
        .number("worked_days")
        .filter(|days| *days > Decimal::ZERO)
        .ok_or_else(|| {
            refuse(
                field,
                "без числа отработанных дней средний заработок не посчитать",
            )
        })?;
    let daily = kopecks(given.number_or_zero("earned") / days);
    steps.step(
        "tk:139:3",
        format!(
            "{} : {} отработанных дней = {} за день",
            rubles(given.number_or_zero("earned")),
            plain(days),
            rubles(daily)
        ),
        daily,
    );
    steps.unknown(RULES);
    Ok(steps.rubles(Some(daily)))
}

/// The average day for leave; nothing where the day lies before what is held.
fn leave_average(
    given: &Given,
    on: Date,
    ground: Ground<'_>,
    steps: &mut Steps,
) -> Result<Option<Decimal>, CalcError> {
    let earned = given.number_or_zero("earned");
    if on < TWELVE_MONTHS {
        steps.unknown(format!(
            "До {} среднее считали иначе, по трём месяцам: посчитайте с юристом",
            spoken(TWELVE_MONTHS)
        ));
        return Ok(None);
    }
    if let Some(days) = given.number("six_day_days") {
        if days == Decimal::ZERO {
            return Err(refuse(&SIX_DAY_DAYS, "дней должно быть больше нуля"));
        }
        let daily = kopecks(earned / days);
        let text = format!(
            "{} : {} рабочих дней по шестидневке = {} за день",
            rubles(earned),
            plain(days),
            rubles(daily)
        );
        steps.step("tk:139:5", text, daily);
        steps.unknown(
            "Число рабочих дней по шестидневке взято от вас: календаря шестидневки здесь нет",
        );
        return Ok(Some(daily));
    }
    let Some(row) = ground.rates.on(RateKind::AverageMonthDays, on) else {
        steps.unknown("Среднемесячное число дней на этот день неизвестно");
        return Ok(None);
    };
    let rate = Some(format!(
        "{}: {}",
        RateKind::AverageMonthDays.russian(),
        plain(row.value)
    ));
    if let Some(days) = given.number("counted_days") {
        if days == Decimal::ZERO {
            return Err(refuse(&COUNTED_DAYS, "дней должно быть больше нуля"));
        }
        let daily = kopecks(earned / days);
        let text = format!(
            "{} : {} засчитанных дней = {} за день",
            rubles(earned),
            plain(days),
            rubles(daily)
        );
        steps.step("tk:139:7", text, daily);
        steps.unknown(format!("Число засчитанных дней взято от вас. {RULES}"));
        return Ok(Some(daily));
    }
    let daily = kopecks(earned / Decimal::from(12) / row.value);
    let text = format!(
        "{} : 12 месяцев : {} = {} за день",
        rubles(earned),
        plain(row.value),
        rubles(daily)
    );
    steps.rated("tk:139:4", text, daily, rate);
    steps.step(
        "tk:139:6",
        "Коллективный договор или локальный акт может взять другой период, если работнику от этого не хуже"
            .to_owned(),
        None,
    );
    steps.unknown(format!(
        "Все 12 месяцев взяты как отработанные целиком. {RULES}"
    ));
    Ok(Some(daily))
}

pub(super) fn leave_pay(given: &Given, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    let start = given.day("start");
    let on = start.unwrap_or(ground.today);
    let total = by_days(given, on, "tk:114", "за отпуск", ground, &mut steps)?;
    if let Some(start) = start {
        let by = days_before(start, 3);
        let text = format!(
            "Деньги должны прийти не позже {}, за три дня до отпуска",
            spoken(by)
        );
        steps.step("tk:136:9", text, None);
    }
    steps.unknown("Сумма до вычета налога");
    Ok(steps.rubles(total))
}

pub(super) fn unused_leave(given: &Given, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    let on = given.day("dismissed").unwrap_or(ground.today);
    let total = by_days(
        given,
        on,
        "tk:127:1",
        "за неиспользованный отпуск",
        ground,
        &mut steps,
    )?;
    if let Some(day) = given.day("dismissed") {
        let text = format!("Деньги выдают в день увольнения, {}", spoken(day));
        steps.step("tk:140:1", text, None);
    }
    steps.unknown("Число неиспользованных дней взято от вас: как их считать по месяцам, решают правила об отпусках, их текста здесь нет");
    steps.unknown("Сумма до вычета налога");
    Ok(steps.rubles(total))
}

fn by_days(
    given: &Given,
    on: Date,
    norm: &str,
    what: &str,
    ground: Ground<'_>,
    steps: &mut Steps,
) -> Result<Option<Decimal>, CalcError> {
    let days = given.number_or_zero("days");
    let Some(daily) = leave_average(given, on, ground, steps)? else {
        return Ok(None);
    };
    let total = kopecks(daily * days);
    let text = format!(
        "{} × {} дней = {} {what}",
        rubles(daily),
        plain(days),
        rubles(total)
    );
    steps.step(norm, text, total);
    Ok(Some(total))
}

pub(super) fn forced_absence(given: &Given, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    let (from, to) = (given.day("from"), given.day("to"));
    let (Some(from), Some(to)) = (from, to) else {
        return Ok(steps.rubles(None));
    };
    if to < from {
        return Err(refuse(
            &FORCED_ABSENCE[2],
            "последний день стоит раньше первого",
        ));
    }
    let days = match given.number("working_days") {
        Some(days) => {
            steps.unknown("Число рабочих дней взято от вас");
            Some(days)
        }
        None => working_days(from, to, ground).map(Decimal::from),
    };
    let Some(days) = days else {
        steps.unknown(
            "Производственный календарь есть не на все эти годы: впишите число рабочих дней сами",
        );
        return Ok(steps.rubles(None));
    };
    steps.step(
        "tk:394:2",
        format!(
            "Рабочих дней с {} по {}: {}",
            spoken(from),
            spoken(to),
            plain(days)
        ),
        days,
    );
    let daily = given.number_or_zero("average_daily");
    let total = kopecks(daily * days);
    let text = format!("{} × {} = {}", rubles(daily), plain(days), rubles(total));
    steps.step("tk:234:1", text, total);
    steps.unknown(format!("Средний дневной заработок взят от вас. {RULES}"));
    Ok(steps.rubles(Some(total)))
}

/// Working days of a five-day week, both ends counted; nothing where a year's calendar is not held.
pub(super) fn working_days(from: Date, to: Date, ground: Ground<'_>) -> Option<u32> {
    let (mut day, mut count) = (from, 0);
    loop {
        if ground.calendar.is_working_day(day)? {
            count += 1;
        }
        if day >= to {
            return Some(count);
        }
        day = day.tomorrow().ok()?;
    }
}

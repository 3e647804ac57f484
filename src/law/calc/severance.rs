//! Payments at redundancy and liquidation (articles 178 and 318).

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;

use super::average::working_days;
use super::given::{Field, FieldKind, Given, Need, refuse};
use super::steps::{Steps, kopecks, plain, rubles};
use super::{CalcError, Calculation, Ground};
use crate::law::deadline::spoken;

pub(super) static SEVERANCE: [Field; 6] = [
    Field {
        name: "reason",
        label: ("Почему уволили", "Why dismissed"),
        kind: FieldKind::Choice(&[
            (
                "staff",
                "сокращение или ликвидация",
                "redundancy or liquidation",
            ),
            (
                "north",
                "сокращение или ликвидация на Крайнем Севере",
                "redundancy or liquidation in the North",
            ),
            (
                "two-weeks",
                "призыв, медзаключение, переезд фирмы, отказ от новых условий и другое из части 8 статьи 178",
                "call-up, medical grounds, the firm's move, refused new terms (article 178, part 8)",
            ),
        ]),
        need: Need::Required,
    },
    Field {
        name: "dismissed",
        label: ("День увольнения", "Day of dismissal"),
        kind: FieldKind::Day,
        need: Need::Required,
    },
    Field {
        name: "average_month",
        label: (
            "Средний заработок за месяц, руб.",
            "Average earnings of a month, roubles",
        ),
        kind: FieldKind::Money,
        need: Need::Optional,
    },
    Field {
        name: "average_daily",
        label: (
            "Для двух недель: средний заработок за день, руб.",
            "For two weeks: average earnings of a day, roubles",
        ),
        kind: FieldKind::Money,
        need: Need::Optional,
    },
    Field {
        name: "hired",
        label: (
            "Первый день на новой работе, если он уже был",
            "First day at a new job, if there was one",
        ),
        kind: FieldKind::Day,
        need: Need::Optional,
    },
    Field {
        name: "service_months",
        label: (
            "За сколько следующих месяцев решила служба занятости",
            "Further months granted by the employment service",
        ),
        kind: FieldKind::Number,
        need: Need::Optional,
    },
];

/// How an area pays: its article, months without a decision, months that the employment service may add.
struct Terms {
    article: &'static str,
    months: i64,
    by_decision: i64,
}

pub(super) fn severance(given: &Given, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let Some(dismissed) = given.day("dismissed") else {
        return Ok(Steps::default().rubles(None));
    };
    let terms = match given.choice("reason") {
        "two-weeks" => return two_weeks(given, dismissed, ground),
        "north" => Terms {
            article: "tk:318",
            months: 3,
            by_decision: 3,
        },
        _ => Terms {
            article: "tk:178",
            months: 2,
            by_decision: 1,
        },
    };
    let month = given
        .number("average_month")
        .filter(|sum| *sum > Decimal::ZERO)
        .ok_or_else(|| refuse(&SEVERANCE[2], "без него сумму не посчитать"))?;
    let granted = given.number_or_zero("service_months");
    if granted.fract() != Decimal::ZERO || granted > Decimal::from(terms.by_decision) {
        let why = format!(
            "служба занятости может добавить не больше {}",
            terms.by_decision
        );
        return Err(refuse(&SEVERANCE[5], &why));
    }
    let mut steps = Steps::default();
    let norm = |part: u8| format!("{}:{part}", terms.article);
    steps.step(
        &norm(1),
        format!("Выходное пособие: {}", rubles(month)),
        month,
    );
    let mut total = month;
    let hired = given.day("hired").unwrap_or(Date::MAX);
    for number in 2..=terms.months + terms.by_decision {
        let part = if number <= terms.months { 2 } else { 3 };
        if part == 3 && Decimal::from(number - terms.months) > granted {
            break;
        }
        let Some(sum) = later_month(number, dismissed, hired, month, &mut steps, &norm(part))
        else {
            break;
        };
        total += sum;
    }
    if granted == Decimal::ZERO {
        let text = "Дальше платят только по решению службы занятости: в неё надо обратиться в течение 14 рабочих дней со дня увольнения";
        steps.step(&norm(3), text.to_owned(), None);
    }
    let text = "За этими месяцами надо письменно обратиться к работодателю не позже 15 рабочих дней после конца второго месяца (за более поздние — после их конца)";
    steps.step(&norm(5), text.to_owned(), None);
    steps.unknown("Средний заработок за месяц взят от вас (статья 139)");
    Ok(steps.rubles(Some(total)))
}

/// The sum of the `number`th month after the dismissal; nothing where the person was at a new job before it began.
fn later_month(
    number: i64,
    dismissed: Date,
    hired: Date,
    month: Decimal,
    steps: &mut Steps,
    norm: &str,
) -> Option<Decimal> {
    let start = dismissed
        .checked_add((number - 1).months())
        .ok()?
        .tomorrow()
        .ok()?;
    let end = dismissed.checked_add(number.months()).ok()?;
    if hired <= start {
        return None;
    }
    let span = format!("с {} по {}", spoken(start), spoken(end));
    if hired > end {
        let text = format!("Месяц {number} ({span}) без работы: {}", rubles(month));
        steps.step(norm, text, month);
        return Some(month);
    }
    let days = |from: Date, to: Date| Decimal::from(from.until(to).map_or(0, |s| s.get_days()));
    let (whole, idle) = (days(start, end) + Decimal::ONE, days(start, hired));
    let sum = kopecks(month * idle / whole);
    let text = format!(
        "Месяц {number} ({span}): без работы {} из {} дней, {}",
        plain(idle),
        plain(whole),
        rubles(sum)
    );
    steps.step(norm, text, sum);
    steps
        .unknown("Закон не говорит, по каким дням делить неполный месяц; посчитано по календарным");
    Some(sum)
}

fn two_weeks(given: &Given, dismissed: Date, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let daily = given
        .number("average_daily")
        .filter(|sum| *sum > Decimal::ZERO)
        .ok_or_else(|| refuse(&SEVERANCE[3], "без него сумму не посчитать"))?;
    let mut steps = Steps::default();
    let first = dismissed.tomorrow().unwrap_or(dismissed);
    let last = dismissed.checked_add(2.weeks()).unwrap_or(dismissed);
    let Some(days) = working_days(first, last, ground) else {
        steps.unknown("Производственного календаря этого года нет: сумму назовёт юрист");
        return Ok(steps.rubles(None));
    };
    let total = kopecks(daily * Decimal::from(days));
    let text = format!(
        "Двухнедельный заработок: рабочих дней с {} по {} — {days}, {} × {days} = {}",
        spoken(first),
        spoken(last),
        rubles(daily),
        rubles(total)
    );
    steps.step("tk:178:8", text, total);
    steps.unknown("Что две недели считают по рабочим дням после увольнения, решает положение о средней зарплате (ч. 7 ст. 139), его текста здесь нет");
    steps.unknown("Средний заработок за день взят от вас");
    Ok(steps.rubles(Some(total)))
}

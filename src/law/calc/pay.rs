//! The least that is due for overtime, days off, nights, stoppages and a whole month.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::given::{Field, FieldKind, Given, Need, refuse};
use super::steps::{Steps, kopecks, plain, rubles};
use super::{CalcError, Calculation, Ground};
use crate::law::deadline::spoken;
use crate::law::rates::RateKind;

const fn required(
    name: &'static str,
    label: (&'static str, &'static str),
    kind: FieldKind,
) -> Field {
    Field {
        name,
        label,
        kind,
        need: Need::Required,
    }
}

const fn optional(
    name: &'static str,
    label: (&'static str, &'static str),
    kind: FieldKind,
) -> Field {
    Field {
        name,
        label,
        kind,
        need: Need::Optional,
    }
}

pub(super) static OVERTIME: [Field; 5] = [
    required(
        "hourly",
        (
            "Оплата одного часа со всеми надбавками и премиями, руб.",
            "Pay of an hour with all extras, roubles",
        ),
        FieldKind::Money,
    ),
    required(
        "hours",
        (
            "Часы сверх нормы по дням, через пробел",
            "Hours beyond the norm, by day, with a space between",
        ),
        FieldKind::Numbers,
    ),
    optional("on", ("Когда работали", "When"), FieldKind::Day),
    optional(
        "first",
        (
            "Во сколько раз у вас платят за первые два часа, если больше 1,5",
            "Your factor for the first two hours, if above 1.5",
        ),
        FieldKind::Number,
    ),
    optional(
        "rest",
        (
            "Во сколько раз у вас платят за остальные часы, если больше 2",
            "Your factor for further hours, if above 2",
        ),
        FieldKind::Number,
    ),
];

/// Since this day article 152 itself says that extras count in overtime pay (91-ФЗ of 2024).
const EXTRAS_COUNT: Date = date(2024, 9, 1);

pub(super) fn overtime(given: &Given, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    let hourly = given.number_or_zero("hourly");
    let half = Decimal::new(15, 1);
    let first = factor(given, &OVERTIME[3], half)?;
    let rest = factor(given, &OVERTIME[4], Decimal::TWO)?;
    let on = given.day("on").unwrap_or(ground.today);
    if on < EXTRAS_COUNT {
        steps.unknown(format!(
            "До {} статья 152 не говорила, входят ли надбавки и премии в оплату сверхурочных: взята ваша цена часа, проверьте с юристом",
            spoken(EXTRAS_COUNT)
        ));
    } else {
        let text = "Цену часа берут со всеми компенсационными и стимулирующими выплатами";
        steps.step("tk:152:1", text.to_owned(), hourly);
    }
    let mut total = Decimal::ZERO;
    for (i, hours) in given.numbers("hours").into_iter().enumerate() {
        let two = hours.min(Decimal::TWO);
        let more = hours - two;
        let sum = kopecks(hourly * two * first + hourly * more * rest);
        let mut text = format!("День {}: ({} ч × {}", i + 1, plain(two), plain(first));
        if more > Decimal::ZERO {
            text.push_str(&format!(" + {} ч × {}", plain(more), plain(rest)));
        }
        text.push_str(&format!(") × {} = {}", rubles(hourly), rubles(sum)));
        steps.step("tk:152:1", text, sum);
        if hours > Decimal::from(4) {
            let text = "Больше четырёх часов за два дня подряд сверхурочно работать нельзя";
            steps.step("tk:99:6", text.to_owned(), None);
        }
        total += sum;
    }
    let text = "Вместо повышенной оплаты по желанию работника дают отдых, не меньше отработанного сверх нормы";
    steps.step("tk:152:1", text.to_owned(), None);
    steps.unknown("Считается по дням; при суммированном учёте сверхурочные часы видны только в конце учётного периода");
    Ok(steps.rubles(Some(total)))
}

fn factor(given: &Given, field: &'static Field, least: Decimal) -> Result<Decimal, CalcError> {
    match given.number(field.name) {
        Some(value) if value < least => {
            let why = format!("меньше {} закон не разрешает", plain(least));
            Err(refuse(field, &why))
        }
        Some(value) => Ok(value),
        None => Ok(least),
    }
}

pub(super) static WEEKEND: [Field; 5] = [
    required(
        "pay",
        ("Как вам платят", "How you are paid"),
        FieldKind::Choice(&[
            ("salary", "оклад", "a salary"),
            (
                "rate",
                "ставка за час или день",
                "a rate by the hour or day",
            ),
            ("piece", "сдельно", "by the piece"),
        ]),
    ),
    required(
        "hourly",
        (
            "Ставка или часть оклада за час, руб. (сдельщику: заработано в этот день по обычным расценкам)",
            "Rate or part of the salary for an hour (by the piece: earned that day at usual prices)",
        ),
        FieldKind::Money,
    ),
    optional(
        "hours",
        (
            "Сколько часов работали в этот день, с 0 до 24 часов",
            "Hours worked that day, from 0 to 24",
        ),
        FieldKind::Number,
    ),
    optional(
        "norm",
        (
            "При окладе: в пределах месячной нормы часов или сверх неё",
            "With a salary: within the month's norm or beyond it",
        ),
        FieldKind::Choice(&[
            ("over", "сверх нормы", "beyond"),
            ("within", "в пределах нормы", "within"),
        ]),
    ),
    optional(
        "rest",
        (
            "Взяли за это другой день отдыха",
            "Another day of rest was taken",
        ),
        FieldKind::Choice(&[("no", "нет", "no"), ("yes", "да", "yes")]),
    ),
];

const EXTRAS: &str = "Надбавки и премии сюда не вошли: входят ли они у вас, проверьте с юристом";

pub(super) fn weekend(given: &Given, _: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    let hourly = given.number_or_zero("hourly");
    let pay = given.choice("pay");
    let base = if pay == "piece" {
        hourly
    } else {
        let hours = given
            .number("hours")
            .ok_or_else(|| refuse(&WEEKEND[2], "впишите, сколько часов работали"))?;
        if hours > Decimal::from(24) {
            return Err(refuse(&WEEKEND[2], "в сутках 24 часа"));
        }
        let base = kopecks(hourly * hours);
        let text = format!(
            "Часы этого дня: {} × {} = {}",
            plain(hours),
            rubles(hourly),
            rubles(base)
        );
        steps.step("tk:153:3", text, base);
        base
    };
    if given.choice("rest") == "yes" {
        let text = format!(
            "Взят другой день отдыха: работа в выходной оплачивается один раз, {}; сам день отдыха не оплачивают",
            rubles(base)
        );
        steps.step("tk:153:4", text, base);
        steps.unknown(EXTRAS);
        if pay == "salary" {
            steps.unknown("Как день отдыха отразится на окладе за тот месяц, проверьте с юристом");
        }
        return Ok(steps.rubles(Some(base)));
    }
    let within = pay == "salary" && given.choice("norm") == "within";
    let times = if within { Decimal::ONE } else { Decimal::TWO };
    let total = kopecks(base * times);
    let text = match pay {
        "salary" if within => format!(
            "В пределах месячной нормы: сверх оклада не меньше одинарной части, {}",
            rubles(total)
        ),
        "salary" => format!(
            "Сверх месячной нормы: сверх оклада не меньше двойной части, {} × 2 = {}",
            rubles(base),
            rubles(total)
        ),
        "piece" => format!(
            "Не меньше двойных сдельных расценок: {} × 2 = {}",
            rubles(base),
            rubles(total)
        ),
        _ => format!(
            "Не меньше двойной ставки: {} × 2 = {}",
            rubles(base),
            rubles(total)
        ),
    };
    steps.step("tk:153:1", text, total);
    if pay == "salary" && given.choice("norm").is_empty() {
        steps.unknown("Норма месяца не указана: посчитано, как если бы работа была сверх неё");
    }
    let text = "Коллективный договор, локальный акт или трудовой договор может дать больше";
    steps.step("tk:153:2", text.to_owned(), None);
    steps.unknown(EXTRAS);
    Ok(steps.rubles(Some(total)))
}

pub(super) static NIGHT: [Field; 3] = [
    required(
        "hourly",
        (
            "Ставка или часть оклада за час, руб.",
            "Rate or part of the salary for an hour, roubles",
        ),
        FieldKind::Money,
    ),
    required(
        "hours",
        ("Ночных часов, с 22 до 6", "Night hours, from 22 to 6"),
        FieldKind::Number,
    ),
    optional(
        "percent",
        (
            "Доплата за ночь у вас, % от ставки",
            "Extra for night at your place, % of the rate",
        ),
        FieldKind::Percent,
    ),
];

pub(super) fn night(given: &Given, _: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    steps.step(
        "tk:96:1",
        "Ночь — это время с 22 до 6 часов".to_owned(),
        None,
    );
    let Some(percent) = given.number("percent") else {
        steps.unknown("Наименьший процент доплаты устанавливает Правительство (ч. 2 ст. 154), его текста здесь нет: возьмите процент из договора или спросите юриста");
        return Ok(steps.rubles(None));
    };
    let (hourly, hours) = (
        given.number_or_zero("hourly"),
        given.number_or_zero("hours"),
    );
    let total = kopecks(hourly * hours * percent / Decimal::from(100));
    let text = format!(
        "Доплата: {} × {} ч × {} % = {}",
        rubles(hourly),
        plain(hours),
        plain(percent),
        rubles(total)
    );
    steps.step("tk:154:3", text, total);
    steps.unknown("Процент взят от вас: он не может быть ниже того, что установило Правительство (ч. 2 ст. 154)");
    Ok(steps.rubles(Some(total)))
}

pub(super) static DOWNTIME: [Field; 3] = [
    required(
        "fault",
        ("Из-за кого простой", "Whose fault the stoppage is"),
        FieldKind::Choice(&[
            ("employer", "работодателя", "the employer's"),
            ("nobody", "ни от кого не зависит", "nobody's"),
            ("worker", "работника", "the worker's"),
        ]),
    ),
    required(
        "daily",
        (
            "За день, руб.: средний заработок (вина работодателя) или часть оклада, ставка (ничья)",
            "For a day: average earnings (employer's fault) or part of the salary (nobody's)",
        ),
        FieldKind::Money,
    ),
    required(
        "days",
        ("Рабочих дней простоя", "Working days of the stoppage"),
        FieldKind::Number,
    ),
];

pub(super) fn downtime(given: &Given, _: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    let (daily, days) = (given.number_or_zero("daily"), given.number_or_zero("days"));
    let (norm, of_what) = match given.choice("fault") {
        "worker" => {
            let text = "Простой по вине работника не оплачивают";
            steps.step("tk:157:3", text.to_owned(), Decimal::ZERO);
            return Ok(steps.rubles(Some(Decimal::ZERO)));
        }
        "employer" => ("tk:157:1", "среднего заработка"),
        _ => ("tk:157:2", "ставки или оклада за время простоя"),
    };
    let total = kopecks(daily * days * Decimal::TWO / Decimal::from(3));
    let text = format!(
        "Не меньше двух третей {of_what}: {} × {} дней × 2/3 = {}",
        rubles(daily),
        plain(days),
        rubles(total)
    );
    steps.step(norm, text, total);
    if norm == "tk:157:1" {
        steps.unknown("Средний заработок за день взят от вас (статья 139)");
    }
    Ok(steps.rubles(Some(total)))
}

pub(super) static MINIMUM: [Field; 3] = [
    required(
        "paid",
        (
            "Начислено за месяц до вычета налога, руб.",
            "Earned for the month before tax, roubles",
        ),
        FieldKind::Money,
    ),
    required(
        "month",
        ("Любой день этого месяца", "Any day of that month"),
        FieldKind::Day,
    ),
    optional(
        "regional",
        (
            "Минимальная зарплата вашего региона, если она выше, руб.",
            "Minimum wage of your region, if higher, roubles",
        ),
        FieldKind::Money,
    ),
];

pub(super) fn minimum(given: &Given, ground: Ground<'_>) -> Result<Calculation, CalcError> {
    let mut steps = Steps::default();
    let day = given.day("month").unwrap_or(ground.today);
    let Some(row) = ground.rates.on(RateKind::MinimumWage, day) else {
        steps.unknown(format!(
            "Минимальный размер оплаты труда на {} неизвестен; узнайте его и добавьте: kb rates add",
            spoken(day)
        ));
        return Ok(steps.rubles(None));
    };
    let rate = format!("{} ({})", rubles(row.value), row.source);
    let text = format!(
        "Минимальный размер оплаты труда в этом месяце: {}",
        rubles(row.value)
    );
    steps.rated("tk:133:1", text, row.value, Some(rate));
    let least = match given.number("regional") {
        Some(regional) if regional > row.value => {
            let text = format!("В регионе по соглашению: {}", rubles(regional));
            steps.step("tk:133.1:11", text, regional);
            steps.unknown("Региональный размер взят от вас; бюджетников федерации и тех, кто отказался от соглашения, он не касается");
            regional
        }
        _ => row.value,
    };
    let missing = (least - given.number_or_zero("paid")).max(Decimal::ZERO);
    let text = match missing > Decimal::ZERO {
        true => format!("Не хватает {}", rubles(missing)),
        false => "Зарплата не ниже минимальной".to_owned(),
    };
    steps.step("tk:133:3", text, missing);
    steps.unknown(
        "Правило действует для того, кто отработал весь месяц по норме и выполнил нормы труда",
    );
    steps.unknown("Засчитываются ли доплаты за север, ночь, выходные и сверхурочные, эта статья не говорит: спросите юриста");
    Ok(steps.rubles(Some(missing)))
}

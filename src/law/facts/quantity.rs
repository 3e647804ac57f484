//! Numbers with their units: «28 календарных дней», «две недели», «в двойном размере».

use super::Mismatch;
use super::places::{skipped, unknown_days};
use crate::law::text::{Number, Word, numbers_in, words};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Day(DayKind),
    Week,
    Month,
    Year,
    Hour,
    Minute,
    Percent,
    Rouble,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DayKind {
    Plain,
    Calendar,
    Working,
}

#[derive(Debug, Clone)]
struct Quantity {
    value: f64,
    unit: Option<Unit>,
    start: usize,
    end: usize,
    is_ordinal: bool,
    in_words: bool,
}

/// Returns the quantities of `sentence` that the norms' text does not contain.
///
/// Dates, references, numbers of acts and bare ordinals are left out; a week is seven days, a year twelve months, and «1 месяц»
/// is borne out by any word «месяц».
pub fn number_mismatches(sentence: &str, norms: &str) -> Vec<Mismatch> {
    let source = quantities(norms);
    let source_words = words(norms);
    let source_words = source_words
        .iter()
        .map(|w| w.norm.as_str())
        .collect::<Vec<_>>();
    let chars = sentence.chars().collect::<Vec<_>>();
    let skipped = skipped(sentence);
    let mut out = Vec::new();
    for said in quantities(sentence) {
        let counts = said.in_words && said.unit.is_none() && counts_list(sentence, said.end);
        let inside = skipped
            .iter()
            .any(|(a, b)| *a <= said.start && said.start < *b);
        let loose = said.unit.is_none() && (said.is_ordinal || said.in_words && said.value <= 1.0)
            || said.is_ordinal && said.in_words;
        if inside
            || counts
            || loose
            || source.iter().any(|s| agree(&said, s))
            || implied(&said, &source_words)
        {
            continue;
        }
        out.push(Mismatch::Number(
            chars[said.start..said.end].iter().collect(),
        ));
    }
    for (start, end) in unknown_days(sentence, norms) {
        out.push(Mismatch::Number(chars[start..end].iter().collect()));
    }
    out
}

/// «Пять видов», «две стороны», «в двух случаях»: the writer counted the items of a list.
fn counts_list(text: &str, end: usize) -> bool {
    let next = words(text)
        .into_iter()
        .find(|w| w.start >= end)
        .map(|w| w.norm)
        .unwrap_or_default();
    [
        "вид",
        "сторон",
        "случа",
        "услови",
        "основани",
        "причин",
        "способ",
        "вариант",
        "групп",
        "правил",
    ]
    .iter()
    .any(|stem| next.starts_with(stem))
}

fn agree(said: &Quantity, source: &Quantity) -> bool {
    let same = |a: f64, b: f64| (a - b).abs() < 1e-9;
    let (Some(su), Some(nu)) = (said.unit, source.unit) else {
        let share = |q: &Quantity| {
            if q.unit == Some(Unit::Percent) {
                q.value / 100.0
            } else {
                q.value
            }
        };
        return same(said.value, source.value) || same(share(said), share(source));
    };
    match (su, nu) {
        (Unit::Day(a), Unit::Day(b)) => {
            same(said.value, source.value)
                && (a == DayKind::Plain || a == b || a == DayKind::Calendar && b == DayKind::Plain)
        }
        (Unit::Week, Unit::Day(k)) => k != DayKind::Working && same(said.value * 7.0, source.value),
        (Unit::Day(k), Unit::Week) => k != DayKind::Working && same(said.value, source.value * 7.0),
        (Unit::Year, Unit::Month) => same(said.value * 12.0, source.value),
        (Unit::Month, Unit::Year) => same(said.value, source.value * 12.0),
        (Unit::Other, _) | (_, Unit::Other) => same(said.value, source.value),
        (a, b) => a == b && same(said.value, source.value),
    }
}

/// «1 месяц» where the norm says «в течение месяца»; 18 years where it says «несовершеннолетний».
fn implied(said: &Quantity, norm: &[&str]) -> bool {
    let has = |stems: &[&str]| norm.iter().any(|w| stems.iter().any(|s| w.starts_with(s)));
    let is = |value: f64| (said.value - value).abs() < 1e-9;
    match said.unit {
        Some(Unit::Month) if is(1.0) => has(&["месяц", "месячн", "ежемесячн"]),
        Some(Unit::Year) if is(1.0) => has(&["год", "ежегодн", "годов"]),
        Some(Unit::Week) if is(1.0) => has(&["недел", "еженедел"]),
        Some(Unit::Day(_)) if is(1.0) => has(&[
            "день",
            "дня",
            "дню",
            "дней",
            "дни",
            "ежедневн",
            "дневн",
            "суток",
            "сутки",
        ]),
        Some(Unit::Hour) if is(1.0) => has(&["час", "ежечасн"]),
        Some(Unit::Year) if is(18.0) => has(&["несовершеннолетн", "совершеннолет"]),
        Some(Unit::Year) if is(14.0) => has(&["малолетн"]),
        None | Some(Unit::Other) if is(1.0) => has(&[
            "один",
            "одно",
            "одна",
            "одну",
            "раз",
            "кажд",
            "единовременн",
        ]),
        None | Some(Unit::Other) if is(2.0) => has(&["дважды", "обе", "оба", "обоих", "двойн"]),
        _ => false,
    }
}

fn quantities(text: &str) -> Vec<Quantity> {
    let words = words(text);
    let chars = text.chars().collect::<Vec<_>>();
    let numbers = numbers_in(text);
    let mut out = Vec::with_capacity(numbers.len());
    for number in &numbers {
        let (unit, end) = match number.tail.as_deref() {
            Some(tail) => (unit_of(tail), number.end),
            None => unit_behind(number, &words, &chars),
        };
        let in_words = !chars[number.start].is_ascii_digit();
        out.push(Quantity {
            value: number.value,
            unit,
            start: number.start,
            end,
            is_ordinal: number.is_ordinal,
            in_words,
        });
    }
    // «от 16 до 18 лет»: the first number takes the unit of the second.
    for i in (1..out.len()).rev() {
        let gap = chars[out[i - 1].end..out[i].start]
            .iter()
            .collect::<String>();
        let joined = matches!(
            gap.trim(),
            "до" | "и" | "или" | "по" | "-" | "–" | "—" | "," | "либо"
        );
        if joined && out[i - 1].unit.is_none() {
            out[i - 1].unit = out[i].unit;
        }
    }
    out
}

fn unit_behind(number: &Number, words: &[Word], chars: &[char]) -> (Option<Unit>, usize) {
    let sign = chars[number.end..].iter().find(|c| !c.is_whitespace());
    if sign == Some(&'%') {
        return (Some(Unit::Percent), number.end + 1);
    }
    let mut kind = DayKind::Plain;
    for word in words.iter().filter(|w| w.start >= number.end).take(3) {
        let glued = chars[number.end..word.start]
            .iter()
            .all(|c| c.is_whitespace() || c.is_alphabetic() || *c == '-');
        if !glued {
            break;
        }
        if word.norm.starts_with("календарн") {
            kind = DayKind::Calendar;
        } else if word.norm.starts_with("рабоч") {
            kind = DayKind::Working;
        } else if let Some(unit) = unit_of(&word.norm) {
            let unit = if unit == Unit::Day(DayKind::Plain) {
                Unit::Day(kind)
            } else {
                unit
            };
            return (Some(unit), word.end);
        } else if !is_filler(&word.norm) {
            break;
        }
    }
    (None, number.end)
}

/// Adjectives that stand between a number and its unit.
fn is_filler(word: &str) -> bool {
    [
        "полн",
        "последн",
        "следующ",
        "предыдущ",
        "предшеств",
        "непрерывн",
        "дополнительн",
        "оплачиваем",
        "астрономическ",
        "академическ",
        "последующ",
    ]
    .iter()
    .any(|stem| word.starts_with(stem))
}

fn unit_of(word: &str) -> Option<Unit> {
    const STEMS: [(&str, Unit); 17] = [
        ("дневн", Unit::Day(DayKind::Plain)),
        ("суток", Unit::Day(DayKind::Plain)),
        ("сутки", Unit::Day(DayKind::Plain)),
        ("суточн", Unit::Day(DayKind::Plain)),
        ("недел", Unit::Week),
        ("месяц", Unit::Month),
        ("месячн", Unit::Month),
        ("годичн", Unit::Year),
        ("годов", Unit::Year),
        ("летн", Unit::Year),
        ("час", Unit::Hour),
        ("минут", Unit::Minute),
        ("процент", Unit::Percent),
        ("рубл", Unit::Rouble),
        ("человек", Unit::Other),
        ("раз", Unit::Other),
        ("экземпляр", Unit::Other),
    ];
    match word {
        "день" | "дня" | "дней" | "дни" | "дням" | "днями" | "днях" | "дн" => {
            Some(Unit::Day(DayKind::Plain))
        }
        "год" | "года" | "году" | "годом" | "лет" | "годы" | "годам" | "годами" => {
            Some(Unit::Year)
        }
        "руб" => Some(Unit::Rouble),
        "мес" => Some(Unit::Month),
        _ if word.starts_with("част")
            || word.starts_with("размер")
            || word.starts_with("разов") =>
        {
            None
        }
        _ => STEMS
            .iter()
            .find(|(stem, _)| word.starts_with(stem))
            .map(|(_, u)| *u),
    }
}

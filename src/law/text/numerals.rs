//! Numbers in Russian text, in digits and in words.

use super::Word;

/// A number found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// The value; `1/150` is 1 ÷ 150.
    pub value: f64,
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// The rest of a compound after its numeral: «дневной» of «семидневный», «месячный» of «шестимесячный».
    pub tail: Option<String>,
    /// Whether it says an order («третий») and no count.
    pub is_ordinal: bool,
}

/// Forms of cardinal numerals: value and forms.
#[rustfmt::skip]
const CARDINALS: [(u32, &str); 39] = [
    (0, "ноль ноля нулю"), (1, "один одна одно одну одного одной одному одним одном"),
    (2, "два две двух двум двумя"), (3, "три трех трем тремя"), (4, "четыре четырех четырем четырьмя"),
    (5, "пять пяти пятью"), (6, "шесть шести шестью"), (7, "семь семи семью"),
    (8, "восемь восьми восемью восьмью"), (9, "девять девяти девятью"), (10, "десять десяти десятью"),
    (11, "одиннадцать одиннадцати одиннадцатью"), (12, "двенадцать двенадцати двенадцатью"),
    (13, "тринадцать тринадцати тринадцатью"), (14, "четырнадцать четырнадцати четырнадцатью"),
    (15, "пятнадцать пятнадцати пятнадцатью"), (16, "шестнадцать шестнадцати шестнадцатью"),
    (17, "семнадцать семнадцати семнадцатью"), (18, "восемнадцать восемнадцати восемнадцатью"),
    (19, "девятнадцать девятнадцати девятнадцатью"), (20, "двадцать двадцати двадцатью"),
    (30, "тридцать тридцати тридцатью"), (40, "сорок сорока"), (50, "пятьдесят пятидесяти пятьюдесятью"),
    (60, "шестьдесят шестидесяти шестьюдесятью"), (70, "семьдесят семидесяти семьюдесятью"),
    (80, "восемьдесят восьмидесяти"), (90, "девяносто девяноста"), (100, "сто ста"),
    (200, "двести двухсот двумстам"), (300, "триста трехсот тремстам"), (400, "четыреста четырехсот"),
    (500, "пятьсот пятисот"), (600, "шестьсот шестисот"), (700, "семьсот семисот"),
    (800, "восемьсот восьмисот"), (900, "девятьсот девятисот"),
    (1000, "тысяча тысячи тысяч тысяче тысячу тыс"), (1_000_000, "миллион миллиона миллионов млн"),
];

/// Stems of ordinal numerals, longest first where one begins another.
#[rustfmt::skip]
const ORDINALS: [(u32, &str); 33] = [
    (11, "одиннадцат"), (12, "двенадцат"), (13, "тринадцат"), (14, "четырнадцат"), (15, "пятнадцат"),
    (16, "шестнадцат"), (17, "семнадцат"), (18, "восемнадцат"), (19, "девятнадцат"), (50, "пятидесят"),
    (60, "шестидесят"), (70, "семидесят"), (80, "восьмидесят"), (90, "девяност"), (20, "двадцат"),
    (30, "тридцат"), (40, "сороков"), (150, "стопятидесят"), (200, "двухсот"), (300, "трехсот"),
    (400, "четырехсот"), (1000, "тысячн"), (1, "перв"), (2, "втор"), (3, "трет"), (4, "четверт"), (5, "пят"),
    (6, "шест"), (7, "седьм"), (8, "восьм"), (9, "девят"), (10, "десят"), (100, "сот"),
];

#[rustfmt::skip]
const ORDINAL_ENDINGS: [&str; 24] = [
    "ей", "ый", "ой", "ий", "ая", "ую", "ое", "ого", "ому", "ым", "ом", "ые", "ых", "ыми", "ья", "ье", "ью",
    "ьей", "ьего", "ьему", "ьем", "ьи", "ьих", "и",
];

/// Prefixes of compounds («семи-дневный»), longest first where one begins another.
#[rustfmt::skip]
const PREFIXES: [(f64, &str); 29] = [
    (1.5, "полутора"), (1.5, "полутор"), (14.0, "четырнадцати"), (12.0, "двенадцати"), (15.0, "пятнадцати"),
    (16.0, "шестнадцати"), (18.0, "восемнадцати"), (11.0, "одиннадцати"), (13.0, "тринадцати"),
    (17.0, "семнадцати"), (20.0, "двадцати"), (30.0, "тридцати"), (50.0, "пятидесяти"), (40.0, "сорока"),
    (100.0, "ста"), (1.0, "одно"), (2.0, "двух"), (2.0, "дву"), (3.0, "трех"), (4.0, "четырех"),
    (5.0, "пяти"), (6.0, "шести"), (7.0, "семи"), (8.0, "восьми"), (9.0, "девяти"), (10.0, "десяти"),
    (0.5, "полу"), (2.0, "двой"), (3.0, "трой"),
];

#[rustfmt::skip]
const COMPOUND_TAILS: [&str; 11] = [
    "дневн", "недельн", "месячн", "летн", "часов", "годичн", "годов", "кратн", "суточн", "процентн", "минутн",
];

/// Words that are a number by themselves.
#[rustfmt::skip]
const SINGLES: [(f64, &str); 12] = [
    (1.0, "однократн"), (1.5, "полтора"), (1.5, "полутора"), (1.5, "полторы"), (2.0, "вдвое"), (3.0, "втрое"),
    (0.5, "половина"), (0.5, "половины"), (0.5, "половину"), (0.5, "половине"), (2.0, "двукратн"),
    (2.0, "удвоенн"),
];

/// Returns the number an ordinal word says («первая» → 1, «двадцатой» → 20).
pub fn ordinal(word: &str) -> Option<u32> {
    ORDINALS.iter().find_map(|(value, stem)| {
        let rest = word.strip_prefix(stem)?;
        ORDINAL_ENDINGS.contains(&rest).then_some(*value)
    })
}

fn cardinal(word: &str) -> Option<u32> {
    CARDINALS
        .iter()
        .find(|(_, forms)| forms.split(' ').any(|f| f == word))
        .map(|(v, _)| *v)
}

/// Returns the value and tail of a compound: «семидневный» → 7, «дневный»; «двойном» → 2, nothing.
fn compound(word: &str) -> Option<(f64, Option<String>)> {
    if let Some((value, _)) = SINGLES
        .iter()
        .find(|(_, w)| word == *w || w.ends_with("нн") && word.starts_with(w))
    {
        return Some((*value, None));
    }
    PREFIXES.iter().find_map(|(value, prefix)| {
        let rest = word.strip_prefix(prefix)?;
        if COMPOUND_TAILS.iter().any(|t| rest.starts_with(t)) {
            return Some((*value, Some(rest.to_owned())));
        }
        let multiple = matches!(*prefix, "двой" | "трой" | "полутор") && rest.starts_with('н');
        multiple.then_some((*value, None))
    })
}

/// Returns every number of the text, in digits and in words, in order. Dates and clock times are numbers too.
pub fn numbers_in(text: &str) -> Vec<Number> {
    let chars = text.chars().collect::<Vec<_>>();
    let words = super::words(text);
    let mut out: Vec<Number> = Vec::new();
    let mut i = 0;
    while i < words.len() {
        let taken = if words[i].norm.starts_with(|c: char| c.is_ascii_digit()) {
            digits_at(&words, i, &chars, &mut out)
        } else {
            words_at(&words, i, &mut out)
        };
        i += taken.max(1);
    }
    out
}

/// Reads `28`, `1,5`, `1/150`, `50 000`, `28-дневный`; returns how many words it took.
fn digits_at(words: &[Word], i: usize, chars: &[char], out: &mut Vec<Number>) -> usize {
    let mut text = words[i].norm.clone();
    let mut taken = 1;
    let mut divisor = None;
    let mut clock = false;
    while let Some(next) = words.get(i + taken) {
        let last = &words[i + taken - 1];
        let gap = &chars[last.end..next.start];
        let digits = next.norm.bytes().all(|b| b.is_ascii_digit());
        let thousands = digits
            && next.norm.len() == 3
            && !text.contains('.')
            && gap.len() == 1
            && gap[0].is_whitespace()
            && last.norm.len() <= 3;
        let fraction = digits
            && gap.len() == 1
            && (gap[0] == ',' || gap[0] == '.')
            && !text.contains('.')
            && divisor.is_none();
        if thousands {
            text.push_str(&next.norm);
        } else if fraction {
            text.push('.');
            text.push_str(&next.norm);
        } else if digits && gap == ['/'] && divisor.is_none() {
            divisor = next.norm.parse::<f64>().ok().filter(|d| *d > 0.0);
        } else if digits && gap == [':'] && next.norm.len() == 2 && taken == 1 {
            clock = true;
            text = clock_hours(&text, &next.norm);
        } else {
            break;
        }
        taken += 1;
    }
    let Ok(mut value) = text.parse::<f64>() else {
        return taken;
    };
    value /= divisor.unwrap_or(1.0);
    let start = words[i].start;
    let mut end = words[i + taken - 1].end;
    let mut tail = clock.then(|| "часов".to_owned());
    if let Some(next) = words.get(i + taken) {
        let gap = &chars[end..next.start];
        if gap == ['-'] && COMPOUND_TAILS.iter().any(|t| next.norm.starts_with(t)) {
            tail = Some(next.norm.clone());
            end = next.end;
            taken += 1;
        } else if let Some(scale) = cardinal(&next.norm).filter(|v| *v >= 1000) {
            value *= f64::from(scale);
            end = next.end;
            taken += 1;
        }
    }
    out.push(Number {
        value,
        start,
        end,
        tail,
        is_ordinal: false,
    });
    taken
}

/// «22:30» as hours, «22.5».
fn clock_hours(hours: &str, minutes: &str) -> String {
    let parsed = (hours.parse::<f64>(), minutes.parse::<f64>());
    match parsed {
        (Ok(h), Ok(m)) => (h + m / 60.0).to_string(),
        _ => hours.to_owned(),
    }
}

/// Reads «двадцать восемь», «одной сто пятидесятой», «семидневный», «третий»; returns how many words it took.
fn words_at(words: &[Word], i: usize, out: &mut Vec<Number>) -> usize {
    let (start, first) = (words[i].start, &words[i].norm);
    if let Some((value, tail)) = compound(first) {
        out.push(Number {
            value,
            start,
            end: words[i].end,
            tail,
            is_ordinal: false,
        });
        return 1;
    }
    let (mut total, mut current, mut taken) = (0_u64, 0_u64, 0);
    while let Some(value) = words.get(i + taken).and_then(|w| cardinal(&w.norm)) {
        let value = u64::from(value);
        if value >= 1000 {
            total += current.max(1) * value;
            current = 0;
        } else if taken == 0 || current == 0 || joins(current, value) {
            current += value;
        } else {
            break;
        }
        taken += 1;
    }
    let ordinal_at = |k: usize| words.get(k).and_then(|w| ordinal(&w.norm));
    if taken == 0 {
        let Some(value) = ordinal_at(i) else { return 0 };
        out.push(Number {
            value: f64::from(value),
            start,
            end: words[i].end,
            tail: None,
            is_ordinal: true,
        });
        return 1;
    }
    let value = total + current;
    if let Some(order) = ordinal_at(i + taken) {
        out.push(with_ordinal(words, (i, taken), order));
        return taken + 1;
    }
    // «одной сто пятидесятой»: 1, then 100, then the ordinal 50.
    if value <= 2
        && cardinal(
            &words
                .get(i + taken)
                .map(|w| w.norm.clone())
                .unwrap_or_default(),
        ) == Some(100)
        && let Some(order) = ordinal_at(i + taken + 1)
    {
        let end = words[i + taken + 1].end;
        out.push(Number {
            value: value as f64 / f64::from(100 + order),
            start,
            end,
            tail: None,
            is_ordinal: false,
        });
        return taken + 2;
    }
    out.push(Number {
        value: value as f64,
        start,
        end: words[i + taken - 1].end,
        tail: None,
        is_ordinal: false,
    });
    taken
}

fn joins(current: u64, next: u64) -> bool {
    current >= 100 && current.is_multiple_of(100) && next < 100
        || current.is_multiple_of(10) && current % 100 >= 20 && next < 10
}

/// A cardinal with an ordinal behind it: «двадцать первый» is 21, «две трети» is a fraction.
fn with_ordinal(words: &[Word], (i, taken): (usize, usize), order: u32) -> Number {
    let cardinals = (0..taken)
        .filter_map(|k| cardinal(&words[i + k].norm))
        .map(u64::from)
        .collect::<Vec<_>>();
    let sum = cardinals.iter().sum::<u64>();
    let (start, end) = (words[i].start, words[i + taken].end);
    let is_fraction = cardinals[0] <= 4 && order >= 3;
    let value = match is_fraction {
        true => {
            cardinals[0] as f64 / (cardinals[1..].iter().sum::<u64>() as f64 + f64::from(order))
        }
        false => sum as f64 + f64::from(order),
    };
    Number {
        value,
        start,
        end,
        tail: None,
        is_ordinal: !is_fraction,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<f64> {
        numbers_in(text).into_iter().map(|n| n.value).collect()
    }

    #[test]
    fn words_and_digits_give_the_same_numbers() {
        assert_eq!(values("двадцать восемь календарных дней"), [28.0]);
        assert_eq!(values("не позднее двух недель и 3 дней"), [2.0, 3.0]);
        assert_eq!(values("сто двадцать часов"), [120.0]);
        assert_eq!(
            values("от 50 000 до ста тысяч рублей"),
            [50_000.0, 100_000.0]
        );
        assert_eq!(values("7 тыс. рублей"), [7000.0]);
        assert_eq!(values("1,5 ставки"), [1.5]);
    }

    #[test]
    fn fractions_are_read_in_both_forms() {
        assert_eq!(
            values("одной сто пятидесятой ключевой ставки"),
            [1.0 / 150.0]
        );
        assert_eq!(values("1/150"), [1.0 / 150.0]);
        assert_eq!(values("не менее двух третей"), [2.0 / 3.0]);
        assert_eq!(values("одной трехсотой"), [1.0 / 300.0]);
    }

    #[test]
    fn compounds_carry_their_unit() {
        let found =
            numbers_in("в семидневный срок, 28-дневный отпуск, в двойном размере, шестимесячный");
        assert_eq!(
            found.iter().map(|n| n.value).collect::<Vec<_>>(),
            [7.0, 28.0, 2.0, 6.0]
        );
        assert!(
            found[0]
                .tail
                .as_deref()
                .is_some_and(|t| t.starts_with("дневн"))
        );
    }

    #[test]
    fn ordinals_are_marked() {
        assert_eq!(ordinal("первой"), Some(1));
        assert_eq!(ordinal("третьей"), Some(3));
        assert_eq!(ordinal("пятнадцатую"), Some(15));
        assert_eq!(ordinal("первичный"), None);
        let found = numbers_in("двадцать первая часть");
        assert!(found[0].is_ordinal && found[0].value == 21.0);
    }
}

//! Levels of a reference: «ст. 81», «часть первая», «пп. «а»».

use super::note::note;
use super::token::{Kind, Token};
use crate::law::citation::{is_number, latin_letter};
use crate::law::text::ordinal;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Article,
    Part,
    Point,
    Subpoint,
    Paragraph,
    /// Приложение or форма; its value is written `a1`, `f2`.
    Annex,
}

/// A marker with its values: «статьи 80 и 81».
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub level: Level,
    pub values: Vec<Value>,
    pub first: usize,
    /// One past the last token.
    pub next: usize,
}

#[derive(Debug, Clone)]
pub(super) struct Value {
    pub text: String,
    pub first: usize,
    pub next: usize,
}

#[rustfmt::skip]
const ENDINGS: [(&str, Level, &[&str]); 5] = [
    ( "стать", Level::Article, &["я", "и", "е", "ю", "ей", "ям", "ями", "ях"], ),
    ( "част", Level::Part, &["ь", "и", "ью", "ей", "ям", "ями", "ях"], ),
    ( "пункт", Level::Point, &["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"], ),
    ( "подпункт", Level::Subpoint, &["", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах"], ),
    ( "абзац", Level::Paragraph, &["", "а", "у", "ем", "е", "ы", "ев", "ам", "ами", "ах"], ),
];

/// Reads a marker at `i`; returns its level and the token after it.
fn marker(tokens: &[Token], i: usize) -> Option<(Level, usize)> {
    let token = tokens.get(i).filter(|t| t.kind == Kind::Word)?;
    let short = match token.norm.as_str() {
        "ст" | "стст" => Some(Level::Article),
        "ч" | "чч" => Some(Level::Part),
        "п" => Some(Level::Point),
        "пп" | "подп" | "ппп" => Some(Level::Subpoint),
        "абз" => Some(Level::Paragraph),
        _ => None,
    };
    if let Some(level) = short {
        let mut next = i + 1;
        if tokens.get(next).is_some_and(|t| t.is(".")) {
            next += 1;
        }
        // «ст.ст. 80, 81», «п.п. 1 и 2»
        if tokens.get(next).is_some_and(|t| t.norm == token.norm) {
            next += 1 + usize::from(tokens.get(next + 1).is_some_and(|t| t.is(".")));
        }
        return Some((level, next));
    }
    ENDINGS.iter().find_map(|(stem, level, endings)| {
        let rest = token.norm.strip_prefix(stem)?;
        endings.contains(&rest).then_some((*level, i + 1))
    })
}

#[rustfmt::skip]
const UNITS: [&str; 21] = [
    "ден", "дн", "сут", "недел", "месяц", "мес", "лет", "минут", "руб", "процент", "человек", "тыс", "млн",
    "миллион", "балл", "календарн", "рабоч", "ставк", "оклад", "годов", "смен",
];

/// Short or ambiguous ones: «часа» is a unit and «части» is none.
#[rustfmt::skip]
const UNIT_FORMS: [&str; 13] = [
    "час", "часа", "часов", "часам", "раз", "раза", "г", "год", "года", "году", "годом", "сек", "мин",
];

/// Whether the token after a number makes it a quantity: «5 дней», «20 %».
pub(super) fn is_unit(token: Option<&Token>) -> bool {
    token.is_some_and(|t| match t.kind {
        Kind::Word => {
            UNIT_FORMS.contains(&t.norm.as_str()) || UNITS.iter().any(|u| t.norm.starts_with(u))
        }
        Kind::Sign => t.is("%") || t.is("₽"),
        Kind::Number => false,
    })
}

/// Turns a number token into the number of a norm: `312-1` is 312.1, dates and sums are nothing.
pub(super) fn norm_number(raw: &str) -> Option<String> {
    if !is_number(raw) {
        return None;
    }
    let pieces = raw
        .split(['.', '-'])
        .filter_map(|p| p.parse::<u32>().ok())
        .collect::<Vec<_>>();
    let is_date = pieces.len() == 3 && pieces[2] >= 1900;
    if is_date || pieces[0] > 2000 {
        return None;
    }
    match raw.split_once('-') {
        Some((base, index)) if !base.contains('.') => Some(format!("{base}.{index}")),
        _ => Some(raw.to_owned()),
    }
}

/// «80-84» with a larger second number is a range and no index.
fn range(raw: &str) -> Option<(u32, u32)> {
    let (a, b) = raw.split_once('-')?;
    let (a, b) = (a.parse::<u32>().ok()?, b.parse::<u32>().ok()?);
    (a < b && b - a <= 60 && a >= 1).then_some((a, b))
}

/// Reads one value of a level at `i`; several where it is a range.
fn value(tokens: &[Token], i: usize, level: Level) -> Option<Vec<Value>> {
    let token = tokens.get(i)?;
    let one = |text: String, next: usize| {
        Some(vec![Value {
            text,
            first: i,
            next,
        }])
    };
    match token.kind {
        Kind::Number => {
            if let Some((a, b)) = range(&token.norm) {
                return Some(
                    (a..=b)
                        .map(|n| Value {
                            text: n.to_string(),
                            first: i,
                            next: i + 1,
                        })
                        .collect(),
                );
            }
            let text = norm_number(&token.norm)?;
            let next = ordinal_suffix(tokens, i + 1).unwrap_or(i + 1);
            one(text, next)
        }
        Kind::Word
            if level == Level::Subpoint || level == Level::Point && letter(token).is_some() =>
        {
            let code = letter(token)?;
            let close = tokens.get(i + 1).is_some_and(|t| t.is(")"));
            one(code.to_owned(), i + 1 + usize::from(close))
        }
        Kind::Word if matches!(level, Level::Part | Level::Point | Level::Paragraph) => {
            let tens = match token.norm.as_str() {
                "двадцать" => Some(20),
                "тридцать" => Some(30),
                _ => None,
            };
            if let Some(tens) = tens {
                let low = tokens
                    .get(i + 1)
                    .and_then(|t| ordinal(&t.norm))
                    .filter(|l| *l < 10)?;
                return one((tens + low).to_string(), i + 2);
            }
            let order = ordinal(&token.norm)?;
            one(order.to_string(), i + 1)
        }
        Kind::Word => None,
        // Only these have letters: «ст. «в»» names no norm.
        Kind::Sign
            if matches!(level, Level::Point | Level::Subpoint)
                && matches!(token.norm.as_str(), "«" | "\"" | "'" | "“" | "„" | "‘") =>
        {
            let code = tokens.get(i + 1).and_then(letter)?;
            let closes = tokens
                .get(i + 2)
                .is_some_and(|t| matches!(t.norm.as_str(), "»" | "\"" | "'" | "”" | "“" | "’"));
            closes.then(|| {
                vec![Value {
                    text: code.to_owned(),
                    first: i,
                    next: i + 3,
                }]
            })
        }
        Kind::Sign => None,
    }
}

fn letter(token: &Token) -> Option<&'static str> {
    let mut chars = token.norm.chars();
    let first = chars
        .next()
        .filter(|_| token.kind == Kind::Word && chars.next().is_none())?;
    let twin = match first {
        'a' => 'а',
        'e' => 'е',
        'o' => 'о',
        'c' => 'с',
        'p' => 'р',
        other => other,
    };
    latin_letter(twin)
}

/// «81-й», «81-я»: returns the token after the suffix.
fn ordinal_suffix(tokens: &[Token], i: usize) -> Option<usize> {
    let hyphen = tokens.get(i)?.is("-");
    let suffix = tokens.get(i + 1)?;
    let known = matches!(
        suffix.norm.as_str(),
        "й" | "я" | "ю" | "ой" | "ая" | "ую" | "го" | "му" | "м" | "е" | "х"
    );
    (hyphen && known && suffix.start == tokens[i].end).then_some(i + 2)
}

fn is_separator(token: &Token) -> bool {
    matches!(token.norm.as_str(), "," | "и" | "или" | "либо" | ";")
}

/// Reads a group at `i`: marker and values, or value and marker.
pub(super) fn group(tokens: &[Token], i: usize) -> Option<Group> {
    marker_first(tokens, i)
        .or_else(|| value_first(tokens, i))
        .or_else(|| note(tokens, i))
}

pub(super) fn marker_first(tokens: &[Token], i: usize) -> Option<Group> {
    let (mut level, at) = marker(tokens, i)?;
    // «№» and a colon may stand between: «статья № 81».
    let at = at + usize::from(tokens.get(at).is_some_and(|t| t.is("№")));
    let mut values = value(tokens, at, level)?;
    if is_unit(tokens.get(values.last()?.next)) && level != Level::Article {
        return None;
    }
    let mut next = values.last()?.next;
    while let Some(more) = further(tokens, next, level, i) {
        next = more.last()?.next;
        values.extend(more);
    }
    if tokens
        .get(next)
        .is_some_and(|t| matches!(t.norm.as_str(), "–" | "—"))
        && let Some(last) = through(tokens, &values, next)
    {
        next = last.last()?.next;
        values.extend(last);
    }
    let letters = values
        .iter()
        .all(|v| v.text.starts_with(|c: char| c.is_ascii_lowercase()));
    if level == Level::Point && letters {
        level = Level::Subpoint;
    }
    Some(Group {
        level,
        values,
        first: i,
        next,
    })
}

/// «формы № 2 приложения № 2 к», «приложение № 3 к приложению № 1 к»: annexes from the innermost, up to the act's name.
pub(super) fn annexes(tokens: &[Token], from: usize) -> Vec<Group> {
    let mut out = Vec::new();
    let mut at = from;
    while let Some(token) = tokens
        .get(at)
        .filter(|t| t.kind == Kind::Word && out.len() < 3)
    {
        let sign = match token.norm.as_str() {
            word if word.starts_with("приложени") => 'a',
            "форма" | "формы" | "форме" | "форму" | "формой" => 'f',
            _ => break,
        };
        let number = at + 1;
        let marked = |t: &Token| t.is("№") || t.is("n");
        let number = number + usize::from(tokens.get(number).is_some_and(marked));
        let Some(text) = tokens
            .get(number)
            .filter(|t| t.kind == Kind::Number && is_number(&t.norm))
        else {
            break;
        };
        let next = number + 1 + usize::from(tokens.get(number + 1).is_some_and(|t| t.is("к")));
        out.push(Group {
            level: Level::Annex,
            values: vec![Value {
                text: format!("{sign}{}", text.norm),
                first: number,
                next: number + 1,
            }],
            first: at,
            next,
        });
        at = next;
    }
    out
}

/// «80–84» with a dash: the numbers after the first.
fn through(tokens: &[Token], values: &[Value], dash: usize) -> Option<Vec<Value>> {
    let from = values.last()?.text.parse::<u32>().ok()?;
    let token = tokens
        .get(dash + 1)
        .filter(|t| t.kind == Kind::Number && t.start == tokens[dash].end)?;
    let to = token.norm.parse::<u32>().ok()?;
    let sane = from < to && to - from <= 60;
    sane.then(|| {
        (from + 1..=to)
            .map(|n| Value {
                text: n.to_string(),
                first: dash + 1,
                next: dash + 2,
            })
            .collect()
    })
}

/// The next value of a list, after «,» or «и», with or without the marker again.
fn further(tokens: &[Token], next: usize, level: Level, marker_at: usize) -> Option<Vec<Value>> {
    tokens.get(next).filter(|t| is_separator(t))?;
    let mut at = next + 1;
    if tokens.get(next).is_some_and(|t| t.is(",")) && tokens.get(at).is_some_and(|t| t.is("и")) {
        at += 1;
    }
    if let Some((again, after)) = marker(tokens, at) {
        // The same marker again only joins below the article: «п. 2 и п. 3 ч. 1 ст. 81».
        let same =
            again == level && tokens[at].norm == tokens[marker_at].norm && level != Level::Article;
        return if same {
            value(tokens, after, level)
        } else {
            None
        };
    }
    let values = value(tokens, at, level)?;
    let after = values.last()?.next;
    let own_marker = marker(tokens, after).is_some_and(|(_, v)| {
        value(tokens, v, Level::Article).is_none() && tokens[at].kind == Kind::Word
    });
    let quantity = is_unit(tokens.get(after))
        || tokens[at].kind == Kind::Number && norm_number(&tokens[at].norm).is_none();
    let law_number = tokens.get(after).is_some_and(|t| t.is("-"))
        && tokens.get(after + 1).is_some_and(|t| t.is("фз"));
    let is_conjunction = tokens[at].kind == Kind::Word
        && level == Level::Subpoint
        && matches!(
            tokens[at].norm.as_str(),
            "и" | "а" | "о" | "в" | "с" | "к" | "у"
        );
    (!own_marker && !quantity && !law_number && !is_conjunction).then_some(values)
}

/// «81 статья», «первая часть», «по 5-му пункту».
pub(super) fn value_first(tokens: &[Token], i: usize) -> Option<Group> {
    let token = tokens.get(i)?;
    let text = match token.kind {
        Kind::Number => norm_number(&token.norm)?,
        Kind::Word => ordinal(&token.norm)?.to_string(),
        Kind::Sign => return None,
    };
    let at = ordinal_suffix(tokens, i + 1).unwrap_or(i + 1);
    let (level, next) = marker(tokens, at)?;
    let marker_takes = value(tokens, next, level).is_some_and(|v| {
        v.last()
            .is_some_and(|v| marker(tokens, v.next).is_none() || level != Level::Article)
    });
    let base = text
        .split('.')
        .next()
        .and_then(|b| b.parse::<u32>().ok())
        .unwrap_or(0);
    let spelled_article = level == Level::Article && token.kind == Kind::Word;
    let plausible = level != Level::Subpoint
        && base <= 1600
        && !spelled_article
        && !(token.kind == Kind::Number && level != Level::Article && base > 60);
    let takes = tokens[at].norm.chars().count() <= 2 || marker_takes && token.kind == Kind::Number;
    (plausible && !takes).then(|| Group {
        level,
        values: vec![Value {
            text,
            first: i,
            next: at,
        }],
        first: i,
        next,
    })
}

//! Which act of points a text is: who gave it, its number and day, its title.

use jiff::civil::Date;

use super::{has_name, is_capitals, is_signature};
use crate::knowledge::html::Block;
use crate::knowledge::label::part_number;
use crate::law::ActId;
use crate::law::citation::latin_letter;
use crate::law::text::dates_in;

/// Lines that a head may take.
const MOST_LINES: usize = 40;

/// What the head says.
#[derive(Debug)]
pub(in crate::knowledge) struct Head {
    /// Nothing where the body that gave the act has no id.
    pub act: Option<ActId>,
    pub title: String,
    pub number: String,
    pub adopted: Option<Date>,
    /// Paragraphs of the head.
    pub length: usize,
}

/// Returns whether a text without articles is an act of points: its head names one, and a point stands in it.
pub(in crate::knowledge) fn is_act(blocks: &[Block]) -> bool {
    let has_point = blocks
        .iter()
        .any(|b| part_number(&b.text).is_some_and(|n| n == "1"));
    has_point && kind(&blocks[..length(blocks)]).is_some()
}

/// Returns what the head of an act of points says. One pass over the head; the signature is asked where the head has no number.
pub(in crate::knowledge) fn head(blocks: &[Block]) -> Head {
    let length = length(blocks);
    let lines = &blocks[..length];
    let kind = kind(lines);
    let mut number = lines.iter().find_map(|b| own_number(&b.text));
    let mut adopted = lines
        .iter()
        .filter(|b| is_dated(&b.text))
        .find_map(|b| day(&b.text));
    if let Some(at) = blocks.iter().position(|b| is_signature(&b.text)) {
        let closing = &blocks[at..blocks.len().min(at + 6)];
        number = number.or_else(|| closing.iter().find_map(|b| own_number(&b.text)));
        adopted = adopted.or_else(|| closing.iter().find_map(|b| day(&b.text)));
    }
    let id = match (&kind, &number, adopted) {
        (Some(Kind::Plenum), Some(n), Some(day)) => Some(format!("pvs-{n}-{}", day.year())),
        (Some(Kind::Government), Some(n), Some(day)) => Some(format!("pp-{n}-{}", day.year())),
        (Some(Kind::Decree), Some(n), Some(day)) => Some(format!("ukaz-{n}-{}", day.year())),
        (Some(Kind::Order(Some(body))), Some(n), Some(day)) => {
            Some(format!("order-{body}-{}-{}", latin(n), day.year()))
        }
        _ => None,
    };
    Head {
        act: id.and_then(|id| ActId::new(&id).ok()),
        title: title(lines),
        number: number.unwrap_or_default(),
        adopted,
        length,
    }
}

enum Kind {
    Plenum,
    Government,
    Decree,
    /// Who gave it, as in the act's id.
    Order(Option<&'static str>),
}

/// The words before the title tell the kind: «ПЛЕНУМ ВЕРХОВНОГО СУДА …», «ПРИКАЗ …».
fn kind(lines: &[Block]) -> Option<Kind> {
    let above = lines
        .iter()
        .map(|b| b.text.to_uppercase())
        .filter(|t| !t.starts_with("ЗАРЕГИСТРИРОВАН") && !begins_title(t));
    let above = above.collect::<Vec<_>>();
    let begins = |word: &str| {
        above.iter().any(|t| {
            t.strip_prefix(word)
                .is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
        })
    };
    let says = |words: &str| above.iter().any(|t| t.contains(words));
    if begins("ПОСТАНОВЛЕНИЕ") && says("ВЕРХОВНОГО СУДА") && says("ПЛЕНУМ")
    {
        return Some(Kind::Plenum);
    }
    if begins("УКАЗ") && says("ПРЕЗИДЕНТА") {
        return Some(Kind::Decree);
    }
    if begins("ПОСТАНОВЛЕНИЕ") && says("ПРАВИТЕЛЬСТВ") {
        return Some(Kind::Government);
    }
    begins("ПРИКАЗ").then(|| {
        let body = BODIES
            .iter()
            .find(|(names, _)| names.iter().any(|n| says(n)));
        Kind::Order(body.map(|b| b.1))
    })
}

#[rustfmt::skip]
const BODIES: [(&[&str], &str); 4] = [
    (&["ЗДРАВООХРАНЕНИЯ И СОЦИАЛЬНОГО РАЗВИТИЯ", "МИНЗДРАВСОЦРАЗВИТИЯ"], "minzdravsoc"),
    (&["ФЕДЕРАЛЬНАЯ СЛУЖБА ПО ТРУДУ И ЗАНЯТОСТИ", "РОСТРУДА"], "rostrud"),
    (&["МИНИСТЕРСТВО ТРУДА И СОЦИАЛЬН", "МИНТРУДА"], "mintrud"),
    (&["МИНИСТЕРСТВО ЗДРАВООХРАНЕНИЯ", "МИНЗДРАВА"], "minzdrav"),
];

/// Lines before the words that give the reason, or before the first point.
fn length(blocks: &[Block]) -> usize {
    const REASONS: [&str; 11] = [
        "В соответствии",
        "В целях",
        "Во исполнение",
        "В связи",
        "На основании",
        "Руководствуясь",
        "В развитие",
        "Утвердить",
        "Признать",
        "Внести",
        "Обеспечивая",
    ];
    let ends = |b: &Block| {
        let text = b.text.as_str();
        let sentence = b.class.is_empty() && text.chars().count() > 200 && text.ends_with('.');
        sentence
            || part_number(text).is_some()
            || is_signature(text)
            || REASONS.iter().any(|r| text.starts_with(r))
    };
    let most = blocks.len().min(MOST_LINES);
    blocks[..most].iter().position(ends).unwrap_or(most)
}

/// Whether a line may tell the act's own number and day, and not those of its registration.
fn is_dated(text: &str) -> bool {
    let upper = text.to_uppercase();
    let starts = ["ОТ ", "№", "N ", "ПРИКАЗ", "УКАЗ ", "ПОСТАНОВЛЕНИЕ "];
    starts.iter().any(|s| upper.starts_with(s)) || text.starts_with(|c: char| c.is_ascii_digit())
}

/// The number of «ПРИКАЗ от 1 мая 2020 г. N 7н», «№ 15 г. Москва», «приказ №33н от …».
fn own_number(text: &str) -> Option<String> {
    if !is_dated(text) {
        return None;
    }
    let words = text.split_whitespace().collect::<Vec<_>>();
    let at = words
        .iter()
        .position(|w| *w == "N" || w.starts_with('№') || is_glued(w))?;
    let glued = words[at].trim_start_matches(['№', 'N']);
    let word = if glued.is_empty() {
        words.get(at + 1)?
    } else {
        glued
    };
    let number = word.trim_matches(|c: char| !c.is_alphanumeric());
    let digits = number.starts_with(|c: char| c.is_ascii_digit());
    (digits && number.chars().count() <= 8).then(|| number.to_lowercase())
}

/// «N7н».
fn is_glued(word: &str) -> bool {
    word.strip_prefix('N')
        .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

fn day(text: &str) -> Option<Date> {
    let lower = text.to_lowercase();
    dates_in(&lower, Date::MAX).first().map(|d| d.date)
}

/// «223н» → «223n»; signs are left out.
fn latin(number: &str) -> String {
    number
        .chars()
        .filter_map(|c| match c {
            c if c.is_ascii_alphanumeric() => Some(c.to_string()),
            c => latin_letter(c).map(str::to_owned),
        })
        .collect()
}

/// «О применении …», «"Об утверждении …"».
fn begins_title(text: &str) -> bool {
    let text = text.trim_start_matches(['"', '«']);
    ["О ", "Об ", "ОБ ", "О\u{a0}"]
        .iter()
        .any(|s| text.starts_with(s))
}

/// The line that begins with «О» or «Об», and the titled lines behind it.
fn title(lines: &[Block]) -> String {
    let Some(at) = lines.iter().position(|b| begins_title(&b.text)) else {
        return String::new();
    };
    let mut title = lines[at].text.clone();
    for block in &lines[at + 1..] {
        let text = block.text.as_str();
        let titled = block.class == "T" || block.class == "H" || is_capitals(text);
        let other = begins_title(text) || has_name(text) || text.starts_with('(');
        if text.is_empty() || !titled || other {
            break;
        }
        title.push(' ');
        title.push_str(text);
    }
    title.trim_matches(['"', '«', '»', ' ']).to_owned()
}

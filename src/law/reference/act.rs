//! Names of acts beside a reference: «ТК РФ», «Гражданского процессуального кодекса», «№ 10-ФЗ».

use super::token::{Kind, Token};
use crate::law::citation::ActId;

/// What stands where an act could be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// An act with an id.
    Act(ActId),
    /// The Civil Code, whose part follows from the article.
    CivilCode,
    /// An act that we cannot name: its references are left alone.
    Unknown,
}

#[rustfmt::skip]
const ABBREVIATIONS: [(&str, &str); 10] = [
    ("тк", "tk"), ("гпк", "gpk"), ("кас", "kas"), ("коап", "koap"), ("ук", "uk"), ("упк", "upk"),
    ("нк", "nk"), ("ск", "sk"), ("кзот", "kzot-1971"), ("конституции", "konst"),
];

#[rustfmt::skip]
const CODES: [(&[&str], &str); 8] = [
    (&["трудов", "кодекс"], "tk"), (&["гражданск", "процессуальн", "кодекс"], "gpk"),
    (&["уголовн", "процессуальн", "кодекс"], "upk"), (&["уголовн", "кодекс"], "uk"),
    (&["налогов", "кодекс"], "nk"), (&["семейн", "кодекс"], "sk"),
    (&["кодекс", "об", "административн"], "koap"), (&["кодекс", "административн", "судопроизводств"], "kas"),
];

/// Laws people name by their subject: first stems after «закона о».
#[rustfmt::skip]
const LAWS: [(&[&str], &str); 9] = [
    (&["профсоюз"], "fz-10"), (&["профессиональн", "союз"], "fz-10"), (&["специальн", "оценк"], "fz-426"),
    (&["персональн", "данн"], "fz-152"), (&["минимальн", "размер"], "fz-82"), (&["мрот"], "fz-82"),
    (&["исполнительн", "производств"], "fz-229"), (&["занятост"], "fz-565"),
    (&["государственн", "гражданск", "служб"], "fz-79"),
];

fn known(id: &str) -> Named {
    ActId::new(id).map_or(Named::Unknown, Named::Act)
}

/// Reads the name of an act at `i`; returns it and the token after it.
pub(super) fn act_at(tokens: &[Token], i: usize) -> Option<(Named, usize)> {
    let first = tokens.get(i)?;
    if first.is("(") || first.is(",") {
        return None;
    }
    if first.norm == "гк" {
        return Some((Named::CivilCode, country(tokens, i + 1)));
    }
    if let Some((_, id)) = ABBREVIATIONS.iter().find(|(a, _)| first.is(a)) {
        return Some((known(id), country(tokens, i + 1)));
    }
    let own = first.norm.starts_with("настоящ")
        && tokens
            .get(i + 1)
            .is_some_and(|t| t.norm.starts_with("кодекс") || t.norm.starts_with("закон"));
    if own {
        return None;
    }
    let matches = |stems: &[&str], at: usize| {
        stems
            .iter()
            .enumerate()
            .all(|(k, s)| tokens.get(at + k).is_some_and(|t| t.norm.starts_with(s)))
    };
    if let Some((stems, id)) = CODES.iter().find(|(stems, _)| matches(stems, i)) {
        return Some((known(id), country(tokens, i + stems.len())));
    }
    if matches(&["гражданск", "кодекс"], i) {
        return Some((Named::CivilCode, country(tokens, i + 2)));
    }
    if matches(&["конституци"], i) {
        return Some((known("konst"), country(tokens, i + 1)));
    }
    law_number(tokens, i)
        .or_else(|| law(tokens, i))
        .or_else(|| ruling(tokens, i))
        .or_else(|| other(tokens, i))
}

fn country(tokens: &[Token], i: usize) -> usize {
    match tokens.get(i) {
        Some(t) if t.is("рф") || t.is("россии") => i + 1,
        Some(t)
            if t.norm.starts_with("российск")
                && tokens
                    .get(i + 1)
                    .is_some_and(|t| t.norm.starts_with("федераци")) =>
        {
            i + 2
        }
        _ => i,
    }
}

/// «№ 10-ФЗ», «10-ФЗ».
fn law_number(tokens: &[Token], i: usize) -> Option<(Named, usize)> {
    let at = i + usize::from(tokens[i].is("№") || tokens[i].is("n"));
    let number = tokens
        .get(at)
        .filter(|t| t.kind == Kind::Number && t.norm.bytes().all(|b| b.is_ascii_digit()))?;
    let dash = tokens
        .get(at + 1)
        .filter(|t| t.is("-") || t.is("‑") || t.is("–"))?;
    let suffix = tokens.get(at + 2).filter(|t| t.start == dash.end)?;
    let id = match suffix.norm.as_str() {
        "фз" => format!("fz-{}", number.norm),
        "фкз" => format!("fkz-{}", number.norm),
        _ => return None,
    };
    Some((known(&id), at + 3))
}

/// «Федерального закона от 12.01.1996 № 10-ФЗ», «закона о профсоюзах», «ФЗ № 10», «ФЗ-10».
fn law(tokens: &[Token], i: usize) -> Option<(Named, usize)> {
    let mut at = i + usize::from(tokens[i].norm.starts_with("федеральн"));
    let is_short = tokens.get(at)?.is("фз");
    if !is_short && !tokens[at].norm.starts_with("закон") {
        return None;
    }
    at += 1;
    if is_short {
        let gap = at + usize::from(tokens.get(at).is_some_and(|t| t.is("№") || t.is("-")));
        if let Some(number) = tokens
            .get(gap)
            .filter(|t| t.kind == Kind::Number && t.norm.bytes().all(|b| b.is_ascii_digit()))
        {
            return Some((known(&format!("fz-{}", number.norm)), gap + 1));
        }
    }
    at = country(tokens, at);
    if tokens.get(at).is_some_and(|t| t.is("от")) {
        let dated = (at + 1..(at + 8).min(tokens.len()))
            .find_map(|k| law_number(tokens, k).map(|found| (k, found)));
        if let Some((_, found)) = dated {
            return Some(found);
        }
    }
    if let Some(found) = tokens.get(at).and_then(|_| law_number(tokens, at)) {
        return Some(found);
    }
    if tokens.get(at).is_some_and(|t| t.is("о") || t.is("об")) {
        let topic =
            at + 1 + usize::from(tokens.get(at + 1).is_some_and(|t| t.is("«") || t.is("\"")));
        let named = LAWS.iter().find(|(stems, _)| {
            stems
                .iter()
                .enumerate()
                .all(|(k, s)| tokens.get(topic + k).is_some_and(|t| t.norm.starts_with(s)))
        });
        return Some(named.map_or((Named::Unknown, topic), |(stems, id)| {
            (known(id), topic + stems.len())
        }));
    }
    Some((Named::Unknown, at))
}

/// «постановления Пленума ВС РФ от 17.03.2004 № 2», «постановления Правительства РФ № 2464 (2021 г.)», «Указа Президента РФ …»,
/// «приказа Минтруда России от 20.04.2022 № 223н».
fn ruling(tokens: &[Token], i: usize) -> Option<(Named, usize)> {
    let begins = |k: usize, stem: &str| tokens.get(k).is_some_and(|t| t.norm.starts_with(stem));
    let resolved = begins(i, "постановлени");
    let at = i + usize::from(resolved);
    let (kind, at) = if begins(at, "пленум") {
        ("pvs".to_owned(), at)
    } else if resolved && begins(at, "правительств") {
        ("pp".to_owned(), at)
    } else if begins(i, "указ") && begins(i + 1, "президент") {
        ("ukaz".to_owned(), i + 1)
    } else {
        let body = tokens
            .get(i + 1)
            .filter(|_| begins(i, "приказ"))
            .and_then(|t| BODIES.iter().find(|(stem, _)| t.norm.starts_with(stem)))?;
        (format!("order-{}", body.1), i + 1)
    };
    let reach = (at + 16).min(tokens.len());
    let sign = (at..reach).find(|k| tokens[*k].is("№") || tokens[*k].is("n"));
    let number = sign
        .and_then(|k| tokens.get(k + 1))
        .filter(|t| t.kind == Kind::Number);
    let year = (at..reach).find_map(|k| year_of(&tokens[k].norm));
    let (Some(k), Some(number), Some(year)) = (sign, number, year) else {
        // An order or a decree without number or year may be named another way.
        return (kind == "pvs").then_some((Named::Unknown, at + 1));
    };
    // «№ 223н»: the letter belongs to the number.
    let letter = tokens
        .get(k + 2)
        .filter(|t| t.start == number.end && t.is("н") && kind.starts_with("order"));
    let number = match letter {
        Some(_) => format!("{}n", number.norm),
        None => number.norm.clone(),
    };
    let end = k + 2 + usize::from(letter.is_some());
    Some((known(&format!("{kind}-{number}-{year}")), end))
}

/// Who gives orders: how their short name begins, and the word in the act's id.
const BODIES: [(&str, &str); 4] = [
    ("минтруд", "mintrud"),
    ("минздравсоцразвити", "minzdravsoc"),
    ("минздрав", "minzdrav"),
    ("роструд", "rostrud"),
];

fn year_of(norm: &str) -> Option<u32> {
    let year = norm.rsplit('.').next()?;
    year.parse()
        .ok()
        .filter(|y| year.len() == 4 && (1990..2100).contains(y))
}

fn other(tokens: &[Token], i: usize) -> Option<(Named, usize)> {
    const OTHERS: [&str; 9] = [
        "постановлени",
        "приказ",
        "кодекс",
        "указ",
        "устав",
        "договор",
        "соглашени",
        "положени",
        "правил",
    ];
    let skipped = i + usize::from(
        tokens[i].norm.ends_with("ого")
            && tokens
                .get(i + 1)
                .is_some_and(|t| t.norm.starts_with("кодекс") || t.norm.starts_with("договор")),
    );
    let found = OTHERS
        .iter()
        .any(|o| tokens[skipped].kind == Kind::Word && tokens[skipped].norm.starts_with(o));
    found.then_some((Named::Unknown, skipped + 1))
}

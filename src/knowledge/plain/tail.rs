//! The signature at the end of an act.

use super::chatter::Kept;
use super::{amend, cue};
use crate::knowledge::html::Block;
use crate::law::text::dates_in;

const OFFICES: [&str; 9] = [
    "Президент",
    "Председатель",
    "Министр",
    "Руководитель",
    "Исполняющий обязанности",
    "И.о.",
    "Врио",
    "Директор",
    "Первый заместитель",
];

/// Returns where the signature begins and where it ends; both are the number of paragraphs in an act without one. One pass from the end.
pub(super) fn place(kept: &[Kept], start: usize) -> (usize, usize) {
    let signs = |at: &usize| {
        let text = kept[*at].text.as_str();
        let office = OFFICES.iter().any(|o| {
            text.strip_prefix(o)
                .is_some_and(|r| r.is_empty() || r.starts_with(' '))
        });
        office && text.chars().count() <= 160 && !cue::ends(text) && is_followed(&kept[*at..])
    };
    let Some(at) = (start..kept.len()).rev().find(signs) else {
        return (kept.len(), kept.len());
    };
    let mut end = at + 1;
    while end < kept.len() && end - at < 9 && belongs(&kept[end].text) {
        end += 1;
    }
    (at, end)
}

/// A name, a place, a day or a number follows, or the text ends.
fn is_followed(kept: &[Kept]) -> bool {
    let signed = has_name(&kept[0].text);
    let named = kept.iter().skip(1).take(3).any(|k| is_name(&k.text));
    signed || named || kept.len() <= 3
}

/// Whether a line is a piece of the signature.
fn belongs(text: &str) -> bool {
    let dated = || !dates_in(text, jiff::civil::Date::MAX).is_empty();
    let place = text.starts_with("Москва") || text.starts_with("г. ");
    let number = is_number(text) || text.starts_with("№ ");
    let office = OFFICES.iter().any(|o| text.starts_with(o))
        || text == "Российской Федерации"
        || text.starts_with("Секретарь");
    text.chars().count() <= 80 && (is_name(text) || place || number || office || dated())
}

/// «В.ПУТИН», «В. М. Иванов»: initials first.
fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    let initial = chars.next().is_some_and(char::is_uppercase) && chars.next() == Some('.');
    initial && text.chars().count() <= 40 && text.chars().filter(|c| c.is_alphabetic()).count() >= 4
}

/// «Президент Российской Федерации В.Путин».
fn has_name(text: &str) -> bool {
    text.match_indices(' ')
        .any(|(at, _)| is_name(&text[at + 1..]))
}

/// Whether a line is «N 197-ФЗ».
pub(super) fn is_number(text: &str) -> bool {
    text.strip_prefix("N ")
        .is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()))
}

/// Returns the signature's blocks: office and name in one of class `I`, then place, day and number.
pub(super) fn blocks(kept: &[Kept]) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    for piece in kept {
        let text = piece.text.as_str();
        let signer = is_name(text) || text == "Российской Федерации";
        match out.last_mut().filter(|b| signer && b.class == "I") {
            Some(office) => {
                office.text.push(' ');
                office.text.push_str(text);
            }
            None => {
                let office =
                    OFFICES.iter().any(|o| text.starts_with(o)) || text.starts_with("Секретарь");
                let number = is_number(text);
                out.push(Block {
                    class: if office { "I" } else { "" }.to_owned(),
                    text: if number {
                        amend::normal(text)
                    } else {
                        text.to_owned()
                    },
                    marks: Vec::new(),
                });
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(lines: &[&str]) -> Vec<Kept> {
        let kept = |l: &&str| Kept {
            text: (*l).to_owned(),
            news: Vec::new(),
        };
        lines.iter().map(kept).collect()
    }

    #[test]
    fn a_signature_is_put_together() {
        let lines = kept(&[
            "Статья 1. Сад",
            "Президент обязан сажать сады.",
            "Президент",
            "Российской Федерации",
            "И.САДОВОЙ",
            "Москва, Кремль",
            "30 декабря 2001 года",
            "N 7-ФЗ",
            "УТВЕРЖДЕНЫ",
        ]);
        assert_eq!(place(&lines, 0), (2, 8));
        let found = blocks(&lines[2..8]);
        let texts = found.iter().map(|b| b.text.as_str()).collect::<Vec<_>>();
        assert_eq!(
            texts,
            [
                "Президент Российской Федерации И.САДОВОЙ",
                "Москва, Кремль",
                "30 декабря 2001 года",
                "№ 7-ФЗ"
            ]
        );
        assert_eq!(found[0].class, "I");
    }

    #[test]
    fn an_act_may_have_none() {
        let lines = kept(&["Статья 1. Сад", "Председатель избирается.", "Сад цветёт."]);
        assert_eq!(place(&lines, 0), (3, 3));
    }
}

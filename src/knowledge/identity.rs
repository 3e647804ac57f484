//! Which act a text is: id, number, day of signing, and whether its end is there.

use jiff::civil::Date;

use super::html::Block;
use crate::law::ActId;
use crate::law::text::dates_in;

/// What the head and the signature say.
#[derive(Debug)]
pub(super) struct Identity {
    pub act: Option<ActId>,
    pub title: String,
    pub number: String,
    pub adopted: Option<Date>,
    /// The paragraph that begins the signature; the text ends before it.
    pub signature: Option<usize>,
    /// The last article that a whole text must have, where that is known.
    pub last_article: Option<u32>,
}

struct Known {
    title: &'static str,
    act: &'static str,
    last_article: Option<u32>,
    /// For texts that carry no date of their own.
    adopted: Option<Date>,
}

const KNOWN: [Known; 9] = [
    known("трудовой кодекс", "tk", Some(424)),
    known("гражданский процессуальный кодекс", "gpk", Some(446)),
    known("кодекс административного судопроизводства", "kas", None),
    known(
        "кодекс российской федерации об административных правонарушениях",
        "koap",
        None,
    ),
    known("уголовный кодекс", "uk", None),
    known("конституция российской федерации", "konst", Some(137)),
    Known {
        title: "кодекс законов о труде",
        act: "kzot-1971",
        last_article: Some(256),
        adopted: Some(Date::constant(1971, 12, 9)),
    },
    known(
        "гражданский кодекс российской федерации часть первая",
        "gk-1",
        None,
    ),
    known(
        "гражданский кодекс российской федерации часть вторая",
        "gk-2",
        None,
    ),
];

const fn known(title: &'static str, act: &'static str, last_article: Option<u32>) -> Known {
    Known {
        title,
        act,
        last_article,
        adopted: None,
    }
}

/// Reads head and signature. `body` is the first paragraph that is no head.
pub(super) fn identify(blocks: &[Block], body: usize) -> Identity {
    let signature = blocks
        .iter()
        .rposition(|b| b.class == "I" && b.text.starts_with("Президент "));
    let closing = signature.map_or(&[][..], |at| &blocks[at..]);
    let title = title(&blocks[..body.min(blocks.len())]);
    let lower = title.to_lowercase();
    let found = KNOWN.iter().find(|k| lower.contains(k.title));
    let number = closing
        .iter()
        .find_map(|b| b.text.strip_prefix("№ "))
        .unwrap_or_default()
        .to_owned();
    let by_number = number.strip_suffix("-ФЗ").map(|n| format!("fz-{n}"));
    let act = found
        .map(|k| k.act.to_owned())
        .or(by_number)
        .and_then(|id| ActId::new(&id).ok());
    let day = |blocks: &[Block]| {
        blocks
            .iter()
            .find_map(|b| dates_in(&b.text, Date::MAX).first().map(|d| d.date))
    };
    let adopted = day(closing)
        .or_else(|| found.and_then(|k| k.adopted))
        .or_else(|| day(&blocks[..body.min(blocks.len())]));
    Identity {
        act,
        title,
        number,
        adopted,
        signature,
        last_article: found.and_then(|k| k.last_article),
    }
}

/// The title lines of the head, without «РОССИЙСКАЯ ФЕДЕРАЦИЯ» and «ФЕДЕРАЛЬНЫЙ ЗАКОН».
fn title(head: &[Block]) -> String {
    let titled = head
        .iter()
        .filter(|b| b.class == "T" || b.class.is_empty() && b.text.starts_with("КОДЕКС "));
    let lines = titled
        .map(|b| b.text.as_str())
        .filter(|t| !t.is_empty() && !matches!(*t, "РОССИЙСКАЯ ФЕДЕРАЦИЯ" | "ФЕДЕРАЛЬНЫЙ ЗАКОН"));
    lines.collect::<Vec<_>>().join(" ")
}

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
    /// Whether it changes other laws, whose articles it may quote.
    pub amends: bool,
    /// The number its articles begin with: the parts of the civil code go on counting.
    pub first_article: u32,
}

impl Identity {
    /// Takes the act that was given, and what is known of it.
    pub fn become_act(&mut self, act: &ActId) {
        let known = KNOWN.iter().find(|k| k.act == act.as_str());
        self.act = Some(act.clone());
        self.adopted = known.and_then(|k| k.adopted).or(self.adopted);
        self.last_article = known.and_then(|k| k.last_article);
        self.first_article = first_article(Some(act.as_str()));
    }
}

/// The number that an act's articles begin with.
fn first_article(act: Option<&str>) -> u32 {
    match act {
        Some("gk-2") => 454,
        Some("gk-3") => 1110,
        Some("gk-4") => 1225,
        _ => 1,
    }
}

struct Known {
    title: &'static str,
    act: &'static str,
    last_article: Option<u32>,
    /// For texts that carry no date of their own.
    adopted: Option<Date>,
}

const KNOWN: [Known; 12] = [
    Known {
        title: "трудовой кодекс",
        act: "tk",
        last_article: Some(424),
        adopted: Some(Date::constant(2001, 12, 30)),
    },
    // Other laws have these words in their titles; this one has nothing else.
    Known {
        title: "=о персональных данных",
        act: "fz-152",
        last_article: Some(25),
        adopted: Some(Date::constant(2006, 7, 27)),
    },
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
    known(
        "гражданский кодекс российской федерации часть третья",
        "gk-3",
        None,
    ),
    known(
        "гражданский кодекс российской федерации часть четвертая",
        "gk-4",
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
    let head = &blocks[..body.min(blocks.len())];
    let title = title(head);
    let lower = title.to_lowercase();
    let found = known_by(&lower);
    let number = closing
        .iter()
        .find_map(|b| {
            ["№ ", "N "]
                .iter()
                .find_map(|sign| b.text.strip_prefix(sign))
        })
        .or_else(|| named(head).map(|(_, number)| number))
        .map(str::to_owned)
        .or_else(|| numbered(head).map(|(number, _)| number))
        .unwrap_or_default();
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
        .or_else(|| named(head).and_then(|(line, _)| day(std::slice::from_ref(line))))
        .or_else(|| numbered(head).and_then(|(_, day)| day))
        .or_else(|| day(head));
    let first_article = first_article(found.map(|k| k.act));
    Identity {
        act,
        title,
        number,
        adopted,
        signature,
        amends: is_amending(&lower),
        last_article: found.and_then(|k| k.last_article),
        first_article,
    }
}

fn is_amending(title: &str) -> bool {
    title.contains("о внесении изменени")
}

/// The act that a title names; a law that amends another names it too, and is not it.
fn known_by(title: &str) -> Option<&'static Known> {
    if is_amending(title) {
        return None;
    }
    KNOWN.iter().find(|k| match k.title.strip_prefix('=') {
        Some(whole) => title.trim_matches(['"', '«', '»', ' ', '.']) == whole,
        None => title.contains(k.title),
    })
}

/// The line of the head that names the act by its number («Федеральный закон от 27.07.2006 № 152-ФЗ»), and the number.
fn named(head: &[Block]) -> Option<(&Block, &str)> {
    head.iter().filter(|b| b.class == "P").find_map(|b| {
        let (_, rest) = b.text.split_once("№ ")?;
        let number = rest.split([' ', ',', ';']).next()?;
        number.ends_with("-ФЗ").then_some((b, number))
    })
}

/// The number and day of a federal law where its head names them in one line: «от 30.12.2001 № 197-ФЗ».
fn numbered(head: &[Block]) -> Option<(String, Option<Date>)> {
    head.iter().find_map(|block| {
        let mut words = block.text.split_whitespace();
        words.find(|w| matches!(*w, "№" | "N"))?;
        let number = words.next()?.trim_matches(|c: char| !c.is_alphanumeric());
        let day = dates_in(&block.text, Date::MAX).first().map(|d| d.date);
        number.ends_with("-ФЗ").then(|| (number.to_owned(), day))
    })
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

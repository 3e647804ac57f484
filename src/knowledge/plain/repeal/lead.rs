//! The name of a repealed piece: «Часть вторая», «3-4. Части», «12)».

use crate::knowledge::plain::cue;
use crate::law::text::{normalise, ordinal};

/// More pieces than one article has are no range but a misreading.
const MOST: u32 = 60;

/// The name of a piece as it was read.
pub(super) struct Lead<'a> {
    /// «12)», «3.», «1-6)».
    pub label: &'a str,
    /// «Часть», «абзац», or nothing.
    pub noun: &'static str,
    /// The noun as it stands.
    pub word: String,
    /// The words behind the noun as they stand.
    which: String,
    /// What all numbers of a range begin with: «2.» of «2.1 - 2.3».
    pub prefix: String,
    /// First and last of a range, or single numbers.
    pub numbers: Vec<u32>,
    range: bool,
}

impl Lead<'_> {
    /// Reads the words before «утратил»; nothing if they are not the name of a piece. `many` tells whether several are gone: without
    /// it «2-1.» is one label with an index.
    pub fn read(head: &str, many: bool) -> Option<Lead<'_>> {
        let head = head.trim_end_matches(['-', '–', '—', ' ', ',']);
        let (label, rest) = label_of(head.trim_end());
        let rest = rest.trim_end_matches(['-', '–', '—', '.', ' ', ',']);
        let mut lead = Lead {
            label,
            noun: "",
            word: String::new(),
            which: String::new(),
            prefix: String::new(),
            numbers: Vec::new(),
            range: false,
        };
        let bounds = label.trim_end_matches([')', '.']).split_once('-');
        if let Some((from, to)) = bounds.filter(|_| many) {
            let own = |number: &str| number.rfind('.').map_or(0, |at| at + 1);
            lead.prefix = from[..own(from)].to_owned();
            let last = to.strip_prefix(lead.prefix.as_str())?;
            lead.numbers = vec![from[own(from)..].parse().ok()?, last.parse().ok()?];
            lead.range = true;
        }
        let mut words = rest.split(' ').filter(|w| !w.is_empty());
        if let Some(word) = words.next() {
            lead.word = word.trim_end_matches('.').to_owned();
            lead.noun = noun(&normalise(&lead.word))?;
        } else if label.is_empty() {
            lead.noun = "Часть";
        }
        for word in words {
            lead.add(word)?;
        }
        Some(lead)
    }

    /// A word behind the noun: a number, an ordinal, a dash, «и».
    fn add(&mut self, word: &str) -> Option<()> {
        let bare = normalise(word.trim_matches(['.', ',', '"', '«', '»']));
        let letter = bare.chars().count() == 1 && bare.chars().all(char::is_alphabetic);
        match bare.as_str() {
            "-" | "–" | "—" => self.range = true,
            "и" => {}
            _ if letter => {}
            _ => self
                .numbers
                .push(ordinal(&bare).or_else(|| bare.parse().ok())?),
        }
        if !self.which.is_empty() {
            self.which.push(' ');
        }
        self.which.push_str(word.trim_end_matches('.'));
        Some(())
    }

    /// Returns one entry for every piece; with its number where several were named.
    pub fn pieces(&self) -> Vec<Option<u32>> {
        match self.numbers.as_slice() {
            [from, to] if self.range && from < to && to - from < MOST => {
                (*from..=*to).map(Some).collect()
            }
            [_, _, ..] => self.numbers.iter().copied().map(Some).collect(),
            [one] if self.label.is_empty() && self.noun.is_empty() => vec![Some(*one)],
            _ => vec![None],
        }
    }

    /// Returns the sign behind the label.
    pub fn sign(&self) -> &str {
        if self.label.ends_with('.') { "." } else { ")" }
    }

    /// Returns the noun with its number.
    pub fn name(&self, number: Option<u32>) -> String {
        let label = self.label.trim_end_matches('.');
        let which = match number {
            Some(number) => format!("{}{number}", self.prefix),
            None if self.which.is_empty() => label.to_owned(),
            None => self.which.clone(),
        };
        format!("{} {which}", self.noun).trim().to_owned()
    }
}

/// Returns the words with the label of a range in one piece: «5 - 7.» → «5-7.», «8) - 9)» → «8-9)».
pub(super) fn glued(head: &str) -> String {
    let whole = || head.to_owned();
    let Some((from, rest)) = cue::label(head) else {
        return whole();
    };
    let rest = rest.strip_prefix(')').unwrap_or(rest).trim_start();
    let Some(to) = rest.strip_prefix(['-', '–', '—']).map(str::trim_start) else {
        return whole();
    };
    match cue::label(to) {
        Some(_) => format!("{}-{to}", from.trim_end_matches('.')),
        None => whole(),
    }
}

/// The number or letter before the noun.
fn label_of(head: &str) -> (&str, &str) {
    if cue::subpoint(head) {
        let end = head.find(')').map_or(0, |at| at + 1);
        return head.split_at(end);
    }
    let Some((number, rest)) = cue::label(head) else {
        return ("", head);
    };
    let end = number.len() + usize::from(rest.starts_with(')'));
    head.split_at(end)
}

fn noun(word: &str) -> Option<&'static str> {
    match word {
        "часть" | "части" => Some("Часть"),
        "абзац" | "абзацы" => Some("абзац"),
        "пункт" | "пункты" | "подпункт" | "подпункты" => Some(""),
        _ => None,
    }
}

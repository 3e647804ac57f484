//! What must hold for any input at all: the fuzzer throws everything at it, the tests throw broken documents.
//!
//! Each function returns what was violated; a refusal of the input is no violation.
#![allow(dead_code, reason = "every target takes one of these")]

use soyuznik::knowledge::{self, Given, ParsedAct, Told};
use soyuznik::law::{ActId, Citation, find_references};

/// A file of any format: read or refused as a law and as a clarification or court act; no character of it is lost.
pub fn bytes(bytes: &[u8]) -> Result<(), String> {
    if let Ok(act) = knowledge::read(bytes, "fuzz") {
        whole(&act)?;
    }
    if let Ok(Some(practice)) = knowledge::read_practice(bytes, "fuzz", &Told::default()) {
        for norm in &practice.norms {
            norm.parse::<Citation>()
                .map_err(|error| format!("a norm that is none: {error}"))?;
        }
    }
    Ok(())
}

/// Text that stands where the articles of a law stand: structure and splitter take it or refuse.
pub fn law_text(text: &str) -> Result<(), String> {
    match knowledge::read_as(law_around(text).as_bytes(), "fuzz.txt", &Given::default()) {
        Ok(act) => whole(&act),
        Err(_) => Ok(()),
    }
}

/// A law of two articles with `text` in the first.
pub fn law_around(text: &str) -> String {
    format!(
        "ФЕДЕРАЛЬНЫЙ ЗАКОН\n\nО пробах\n\nСтатья 1. Первая\n\n{text}\n\nСтатья 2. Последняя\n\n1. Слова.\n\nПрезидент\nРоссийской Федерации\nН.Некто\n\nМосква, Кремль\n\n5 мая 2020 года\n\nN 999-ФЗ\n"
    )
}

/// Text that people write: each reference lies inside and says what it says when written out.
pub fn citations(text: &str) -> Result<(), String> {
    if let Ok(citation) = text.parse::<Citation>() {
        again(&citation)?;
    }
    let code = ActId::new("tk").map_err(|error| error.to_string())?;
    let length = text.chars().count();
    for found in find_references(text, &code) {
        if found.start >= found.end || found.end > length {
            return Err(format!("{}..{} of {length}", found.start, found.end));
        }
        again(&found.citation)?;
    }
    Ok(())
}

/// The canonical form is read as the same citation.
fn again(citation: &Citation) -> Result<(), String> {
    let written = citation.to_string();
    match written.parse::<Citation>() {
        Ok(read) if read == *citation => Ok(()),
        Ok(read) => Err(format!("{written} is read as {read}")),
        Err(error) => Err(format!("{written} is not read: {error}")),
    }
}

/// An act that was read: every character is accounted for, and every passage lies in its text.
pub fn whole(act: &ParsedAct) -> Result<(), String> {
    if !act.account.lost.is_empty() {
        return Err(format!("lost {:?}", act.account.lost));
    }
    let length = act.text.chars().count();
    for passage in knowledge::split(act) {
        if passage.start > passage.end || passage.end > length {
            return Err(format!("{}..{} of {length}", passage.start, passage.end));
        }
    }
    Ok(())
}

//! The known days of laws against the editions: no entry computes whose law the texts do not name at the norm.

use crate::skip;
use soyuznik::ingest;
use soyuznik::knowledge::{TermChangeState, term_change_entries};

#[test]
fn every_day_that_computes_belongs_to_a_law_that_an_edition_notes_at_the_norm() {
    let name = "every_day_that_computes_belongs_to_a_law_that_an_edition_notes_at_the_norm";
    let files = [
        "acts/tk/tk_rf_red-2023-08-04_ips_nd102074279.html",
        "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ];
    let held: Vec<_> = files
        .iter()
        .filter_map(|file| skip::corpus(name, file))
        .collect();
    if held.len() < files.len() {
        return;
    }
    let mut notes = Vec::new();
    for file in &held {
        notes.extend(ingest::read_file(file).unwrap().notes);
    }
    let mut wrong = Vec::new();
    let checked = term_change_entries(None).unwrap().into_iter();
    for entry in checked.filter(|entry| entry.state == TermChangeState::Checked) {
        for norm in entry.norms.iter().filter(|_| !entry.whole) {
            let noted = notes.iter().any(|note| {
                let here = note.citation.as_ref();
                note.law == entry.law
                    && note.date == entry.signed
                    && here.is_some_and(|here| norm.contains(here) || here.contains(norm))
            });
            if !noted {
                wrong.push(format!("{} от {}: {norm}", entry.law, entry.signed));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

//! Days on which laws began to change norms: `knowledge-base/term-changes.toml`.

use super::KnowledgeError;
use super::shipped::of_folder;
use crate::law::Citation;
use crate::law::dating::{Reach, TermChange, TermChanges};
use jiff::civil::Date;
use serde::Deserialize;
use std::path::Path;

const EMBEDDED: &str = include!(concat!(env!("OUT_DIR"), "/term_changes.rs"));

/// An entry of the file: a law, the day its change came into force, and where that day was read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TermChangeEntry {
    pub law: String,
    pub signed: Date,
    pub from: Date,
    pub norms: Vec<Citation>,
    /// Whether the law set the norms anew, with all in them.
    #[serde(default)]
    pub whole: bool,
    pub state: TermChangeState,
    pub basis: String,
}

/// Whether an entry may compute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermChangeState {
    /// The law stands in the notes of an edition, and the day in a dated source.
    Checked,
    /// The day rests on memory, or is that of the law.
    Unverified,
    /// Sources name different days.
    Conflict,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TermChangeFile {
    act: String,
    change: Vec<TermChangeEntry>,
}

/// Returns the entries of one file. Fails on unknown fields, a norm of another act, and a day before that of the law.
pub fn parse_term_changes(file: &str, toml: &str) -> Result<Vec<TermChangeEntry>, KnowledgeError> {
    let refuse = |message: String| KnowledgeError::Malformed {
        file: file.to_owned(),
        message,
    };
    let parsed: TermChangeFile = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
    for entry in &parsed.change {
        let place = format!("{} от {}", entry.law, entry.signed);
        if let Some(norm) = entry.norms.iter().find(|n| n.act.as_str() != parsed.act) {
            return Err(refuse(format!(
                "{place}: норма {norm} не акта {}",
                parsed.act
            )));
        }
        if entry.norms.is_empty() || entry.basis.trim().is_empty() {
            return Err(refuse(format!("{place}: нет норм или основания")));
        }
        if entry.from < entry.signed {
            return Err(refuse(format!(
                "{place}: действует с {} — раньше, чем подписан",
                entry.from
            )));
        }
    }
    Ok(parsed.change)
}

/// Returns the entries of `term-changes.toml` in `folder`, or those that the binary carries where it has none.
pub fn term_change_entries(folder: Option<&Path>) -> Result<Vec<TermChangeEntry>, KnowledgeError> {
    of_folder(folder, "term-changes.toml", EMBEDDED, parse_term_changes)
}

/// Returns what of the entries may compute.
pub fn term_changes(folder: Option<&Path>) -> Result<TermChanges, KnowledgeError> {
    let entries = term_change_entries(folder)?.into_iter();
    let checked = entries.filter(|entry| entry.state == TermChangeState::Checked);
    let changes = checked.map(|entry| TermChange {
        law: entry.law,
        signed: entry.signed,
        from: entry.from,
        norms: entry.norms,
        reach: match entry.whole {
            true => Reach::Whole,
            false => Reach::Noted,
        },
    });
    Ok(TermChanges::new(changes.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_shipped_days_are_whole_and_only_checked_ones_compute() {
        let entries = term_change_entries(None).unwrap();
        assert!(entries.len() >= 90, "{}", entries.len());
        let changes = term_changes(None).unwrap();
        assert!(changes.all().len() < entries.len());
        let norm = |label: &str| label.parse::<Citation>().unwrap();
        let day = |law, signed, label| changes.day(law, signed, &norm(label));
        assert_eq!(
            day("91-ФЗ", date(2024, 4, 22), "tk:152:1"),
            Some(date(2024, 9, 1))
        );
        assert_eq!(
            day("419-ФЗ", date(2025, 11, 17), "tk:327.6:1:9"),
            Some(date(2026, 3, 1))
        );
        // Sources differ, or nobody read the day.
        assert_eq!(day("306-ФЗ", date(2025, 7, 31), "tk:178:4"), None);
        assert_eq!(day("532-ФЗ", date(2025, 12, 29), "tk:348.2:1"), None);
    }

    #[test]
    fn a_day_before_the_law_and_a_norm_of_another_act_are_refused() {
        let toml = |from: &str, norm: &str| {
            format!(
                "act = \"tk\"\n[[change]]\nlaw = \"1-ФЗ\"\nsigned = \"2024-02-01\"\nfrom = \"{from}\"\n\
                 norms = [\"{norm}\"]\nstate = \"checked\"\nbasis = \"проба\"\n"
            )
        };
        let parse = |from, norm| parse_term_changes("t.toml", &toml(from, norm));
        assert!(parse("2024-03-01", "tk:5").is_ok());
        assert!(parse("2024-01-01", "tk:5").is_err());
        assert!(parse("2024-03-01", "gk-1:5").is_err());
    }
}

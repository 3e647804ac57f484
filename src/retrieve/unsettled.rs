//! Statements of the digest that the text which is held no longer bears out.

use super::LawPassage;
use crate::knowledge::digest::Statement;
use crate::law::Citation;
use crate::law::facts::number_mismatches;
use jiff::civil::Date;
use std::collections::HashMap;

/// Why a statement needs a person's look before it is shown as a general note.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsettled {
    /// A norm that it cites reads otherwise than in the edition it was written from, or is gone.
    NormChanged,
    /// It names a number that its norms do not.
    Numbers,
}

/// Norms of all held editions, down to points and paragraphs, by citation.
#[derive(Default)]
pub(super) struct Norms {
    by_citation: HashMap<String, Vec<LawPassage>>,
    /// The newest held edition of each act.
    newest: HashMap<String, Date>,
}

impl Norms {
    pub(super) fn new(norms: Vec<LawPassage>) -> Self {
        let mut all = Self::default();
        for norm in norms {
            let edition = all.newest.entry(norm.act.clone()).or_insert(norm.edition);
            *edition = norm.edition.max(*edition);
            let same = all.by_citation.entry(norm.citation.clone()).or_default();
            same.push(norm);
        }
        all
    }

    /// The day of the newest held edition of an act.
    pub(super) fn newest(&self, act: &str) -> Option<Date> {
        self.newest.get(act).copied()
    }

    /// The norm in every edition that has it.
    pub(super) fn of(&self, citation: &str) -> &[LawPassage] {
        self.by_citation.get(citation).map_or(&[], Vec::as_slice)
    }
}

/// Whether the newest held text lacks one of these norms, or words it otherwise than the edition that it was read in.
pub(super) fn changed<'a>(
    mut cites: impl Iterator<Item = &'a Citation>,
    read_in: impl Fn(&Citation) -> Date,
    norms: &Norms,
) -> bool {
    cites.any(|cite| {
        let Some(newest_day) = norms.newest.get(cite.act.as_str()) else {
            return false;
        };
        let versions = norms.of(&cite.to_string());
        let newest = versions.iter().find(|norm| norm.edition == *newest_day);
        let edition = read_in(cite);
        let written_from = versions.iter().find(|norm| norm.edition == edition);
        match newest {
            Some(newest) => written_from.is_some_and(|norm| norm.text != newest.text),
            None => true,
        }
    })
}

/// What the newest held text says against a statement whose norms were read in these editions.
///
/// Nothing where no text of the act is held, for then there is nothing to compare.
pub(super) fn doubt(
    statement: &Statement,
    read_in: impl Fn(&Citation) -> Date,
    norms: &Norms,
) -> Option<Unsettled> {
    if statement.until.is_some() {
        // A rule of former days stays what it was, whatever the newest text says.
        return None;
    }
    if changed(statement.cites.iter(), read_in, norms) {
        return Some(Unsettled::NormChanged);
    }
    let mut law = String::new();
    for cite in &statement.cites {
        let Some(newest_day) = norms.newest.get(cite.act.as_str()) else {
            continue;
        };
        let versions = norms.of(&cite.to_string());
        // A label that the newest edition has lost stands in older ones only.
        if let Some(newest) = versions.iter().find(|norm| norm.edition == *newest_day) {
            law.push_str(&newest.text);
            law.push('\n');
        }
    }
    let wrong = !law.is_empty() && !number_mismatches(&statement.text, &law).is_empty();
    wrong.then_some(Unsettled::Numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::EntryKind;
    use crate::knowledge::digest::StatementKind;
    use crate::knowledge::digest::StatementState;
    use crate::law::ActId;
    use jiff::civil::date;

    const OLD: Date = date(2024, 1, 1);
    const BASE: Date = date(2025, 1, 1);
    const NEW: Date = date(2026, 1, 1);

    fn norm(text: &str, edition: Date) -> LawPassage {
        LawPassage {
            id: format!("n:{edition}"),
            act: "tk".into(),
            act_title: String::new(),
            citation: "tk:115:1".into(),
            article: "tk:115".into(),
            kind: EntryKind::Part,
            title: String::new(),
            text: text.into(),
            edition,
            current_to: edition,
            from: None,
            until: None,
            organisation_path: None,
            path: Vec::new(),
        }
    }

    fn statement() -> Statement {
        Statement {
            id: "tk-115-01".into(),
            text: "Отпуск длится 28 календарных дней.".into(),
            cites: vec!["tk:115:1".parse().unwrap()],
            kind: StatementKind::Amount,
            from: None,
            until: None,
            conditions: Vec::new(),
            exceptions: Vec::new(),
            covers: Vec::new(),
            state: StatementState::Verified,
        }
    }

    fn doubt_with(norms: &[(&str, Date)]) -> Option<Unsettled> {
        let norms = norms.iter().map(|(text, edition)| norm(text, *edition));
        doubt(&statement(), |_| BASE, &Norms::new(norms.collect()))
    }

    #[test]
    fn a_statement_stands_while_its_norm_reads_as_it_did() {
        let text = "Отпуск предоставляют на 28 календарных дней.";
        assert_eq!(doubt_with(&[]), None);
        assert_eq!(doubt_with(&[(text, BASE)]), None);
        let older = ("Отпуск предоставляют на 24 рабочих дня.", OLD);
        assert_eq!(doubt_with(&[older, (text, BASE), (text, NEW)]), None);
    }

    #[test]
    fn a_norm_that_was_reworded_or_is_gone_unsettles_it() {
        let text = "Отпуск предоставляют на 28 календарных дней.";
        let reworded = "Отпуск в 28 календарных дней предоставляют всем.";
        let changed = Some(Unsettled::NormChanged);
        assert_eq!(doubt_with(&[(text, BASE), (reworded, NEW)]), changed);
        let mut other = norm("Иное.", NEW);
        other.citation = "tk:116:1".into();
        let norms = Norms::new(vec![norm(text, BASE), other]);
        assert_eq!(doubt(&statement(), |_| BASE, &norms), changed);
    }

    #[test]
    fn a_norm_of_another_act_is_held_against_the_edition_that_it_was_read_in() {
        let mut two = statement();
        two.cites.push("pvs-2-2004:60".parse().unwrap());
        let plenum = LawPassage {
            act: "pvs-2-2004".into(),
            citation: "pvs-2-2004:60".into(),
            ..norm("Пленум сказал.", OLD)
        };
        let text = "Отпуск предоставляют на 28 календарных дней.";
        let reworded = "Отпуск в 28 календарных дней предоставляют всем.";
        let norms = Norms::new(vec![norm(text, BASE), norm(reworded, NEW), plenum]);
        let read_in = |cite: &Citation| if cite.act == ActId::tk() { BASE } else { OLD };
        assert_eq!(doubt(&two, read_in, &norms), Some(Unsettled::NormChanged));
        // The Plenum's own day says nothing about the Code: nothing would be compared.
        assert_eq!(doubt(&two, |_| OLD, &norms), None);
    }

    #[test]
    fn a_rule_of_former_days_is_not_held_against_the_newest_text() {
        let former = Statement {
            until: Some(NEW),
            ..statement()
        };
        let norms = Norms::new(vec![norm("Отпуск теперь 31 календарный день.", NEW)]);
        assert_eq!(doubt(&former, |_| BASE, &norms), None);
    }

    #[test]
    fn a_number_that_the_norm_lacks_unsettles_it() {
        let text = "Отпуск предоставляют на 31 календарный день.";
        assert_eq!(doubt_with(&[(text, BASE)]), Some(Unsettled::Numbers));
    }
}

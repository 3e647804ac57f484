//! Checks of situations, glossary and terms against the digest, the law's text and the second readers' verdicts.

use super::{GlossaryEntry, GuideLine, Situation};
use crate::knowledge::ParsedAct;
use crate::knowledge::digest::{
    DigestArticle, Finding, ReadVerdict, Severity, StatementState, Verdict,
};
use crate::law::Citation;
use crate::law::calc::Calculator;
use crate::law::deadline::DeadlineRule;
use crate::law::facts::number_mismatches;
use std::collections::{HashMap, HashSet};

/// What the notes are held against.
pub struct Against<'a> {
    pub digest: &'a [DigestArticle],
    pub rules: &'a [DeadlineRule],
    /// Texts of acts; norms of others are not looked up.
    pub law: &'a [ParsedAct],
    pub reads: &'a [ReadVerdict],
}

/// Returns what is wrong with situations, words and terms.
pub fn check(
    situations: &[Situation],
    glossary: &[GlossaryEntry],
    against: &Against<'_>,
) -> Vec<Finding> {
    let known = Known::new(situations, against);
    let mut out = Vec::new();
    for one in situations {
        known.check_situation(one, &mut out);
    }
    for entry in glossary {
        let place = entry.note_id();
        known.check_read(&place, &entry.sha256(), entry.state, &mut out);
        known.check_line(&place, &entry.meaning, &entry.cites, &mut out);
    }
    for rule in against.rules {
        let place = rule.note_id();
        let mut norms = vec![rule.norm.clone()];
        norms.extend(rule.restorable.clone());
        known.check_labels(&place, &norms, &mut out);
    }
    out
}

/// What the notes may name, ready for look-ups.
struct Known<'a> {
    verified: HashSet<&'a str>,
    terms: HashSet<&'a str>,
    situations: HashSet<&'a str>,
    acts: HashSet<&'a str>,
    norms: HashMap<&'a Citation, &'a str>,
    agreed: HashSet<(&'a str, &'a str)>,
}

fn finding(severity: Severity, code: &'static str, place: &str, message: String) -> Finding {
    let remedy = match code {
        "label" => "исправьте ссылку по тексту закона",
        "number" => "сверьте число и единицу с нормой",
        "unread" => "пусть второй читатель сверит текст с нормами, либо верните state = \"search\"",
        _ => "исправьте имя или уберите его из списка",
    };
    Finding {
        severity,
        code,
        place: place.to_owned(),
        message,
        remedy,
    }
}

impl<'a> Known<'a> {
    fn new(situations: &'a [Situation], against: &Against<'a>) -> Self {
        let statements = against
            .digest
            .iter()
            .flat_map(|article| &article.statements);
        // A numbered note under an article bears the label of a part that came before it: the first one counts.
        let nodes = against.law.iter().flat_map(|act| act.nodes.iter().rev());
        Self {
            verified: statements
                .filter(|one| one.state == StatementState::Verified)
                .map(|one| one.id.as_str())
                .collect(),
            terms: against.rules.iter().map(|rule| rule.id.as_str()).collect(),
            situations: situations.iter().map(|one| one.id.as_str()).collect(),
            acts: against.law.iter().map(|act| act.act.as_str()).collect(),
            norms: nodes
                .filter_map(|node| Some((node.citation.as_ref()?, node.text.as_str())))
                .collect(),
            agreed: against
                .reads
                .iter()
                .filter(|read| read.verdict == Verdict::Agree)
                .map(|read| (read.statement.as_str(), read.sha256.as_str()))
                .collect(),
        }
    }

    fn check_situation(&self, one: &Situation, out: &mut Vec<Finding>) {
        let place = one.note_id();
        let mut names = |known: &HashSet<&str>, given: &[String], what: &str| {
            for name in given.iter().filter(|name| !known.contains(name.as_str())) {
                let message = format!("{what} «{name}» нет");
                out.push(finding(Severity::Block, "name", &place, message));
            }
        };
        let sums: HashSet<&str> = Calculator::all().iter().map(|sum| sum.name).collect();
        names(&self.verified, &one.statements, "проверенного положения");
        names(&self.terms, &one.terms, "срока");
        names(&sums, &one.calculators, "расчёта");
        names(&self.situations, &one.related, "ситуации");
        self.check_read(&place, &one.sha256(), one.state, out);
        for answer in one.facts.iter().flat_map(|fact| &fact.answers) {
            self.check_line(&place, &answer.means, &answer.cites, out);
        }
        for GuideLine { text, cites } in one.lists().into_iter().flat_map(|(_, lines)| lines) {
            self.check_line(&place, text, cites, out);
        }
    }

    fn check_read(&self, place: &str, sha256: &str, state: StatementState, out: &mut Vec<Finding>) {
        if state == StatementState::Verified && !self.agreed.contains(&(place, sha256)) {
            let message = "помечено verified, но второго чтения этих слов нет".to_owned();
            out.push(finding(Severity::Block, "unread", place, message));
        }
    }

    fn check_line(&self, place: &str, text: &str, cites: &[Citation], out: &mut Vec<Finding>) {
        self.check_labels(place, cites, out);
        let law: Vec<&str> = cites
            .iter()
            .filter_map(|cite| self.norms.get(cite).copied())
            .collect();
        // A line whose norms are not all here may take its number from the others.
        if law.is_empty() || law.len() < cites.len() {
            return;
        }
        for mismatch in number_mismatches(text, &law.join("\n")) {
            let message = format!("{mismatch:?} в нормах не найдено: «{text}»");
            out.push(finding(Severity::Warn, "number", place, message));
        }
    }

    fn check_labels(&self, place: &str, cites: &[Citation], out: &mut Vec<Finding>) {
        let held = cites
            .iter()
            .filter(|cite| self.acts.contains(cite.act.as_str()));
        for cite in held.filter(|cite| !self.norms.contains_key(cite)) {
            let message = format!("в тексте нет {cite}");
            out.push(finding(Severity::Block, "label", place, message));
        }
    }
}

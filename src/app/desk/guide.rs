//! Situations, everyday words, terms and sums, as pages show them and lawyers approve them.

use super::{App, Done};
use crate::app::{rates, today};
use crate::case::OrganisationId;
use crate::knowledge::guide::{GlossaryEntry, GuideLine, Situation};
use crate::law::calc::{self, Calculator, Ground};
use crate::law::deadline::{self, DeadlineRule, Direction, length_words};
use crate::law::{Citation, text};
use crate::retrieve::{Catalog, Retrieval};
use crate::store::StatementStamp;
use crate::web::desk::{
    CitedLine, CountedTerm, DeadlineView, DeskError, FactLine, Found, NoteCount, NoteKind,
    NoteLine, Readers, SituationLine, SituationPage, StatementLine, SumLine, Summed, TermAsked,
    TermLine, Viewer, WordLine,
};
use std::collections::BTreeSet;

/// A told line at least so near to a question is about the same thing (see docs/quality.md).
const NEAR: f32 = 0.72;
const MOST_NEAR: usize = 2;
const MOST_WORDS: usize = 4;
/// Terms that a lawyer looks at in most disputes.
const USUAL_TERMS: [&str; 4] = [
    "court-dismissal",
    "court-wages",
    "court-general",
    "commission",
];

/// Which notes a viewer sees: all that stand, or those with a lawyer's yes.
pub(super) enum Seen {
    All,
    Approved(BTreeSet<StatementStamp>),
}

impl Seen {
    fn has(&self, id: String, sha256: String) -> bool {
        match self {
            Self::All => true,
            Self::Approved(stamps) => stamps.contains(&StatementStamp {
                statement: id,
                sha256,
            }),
        }
    }
}

impl App {
    pub(super) async fn seen_by(&self, viewer: &Viewer) -> Done<Seen> {
        let stamps = match viewer {
            Viewer::Known(Readers::Lawyers) => return Ok(Seen::All),
            Viewer::Known(Readers::Members { organisation }) => {
                let path = self.store.organisation(organisation).await?.path;
                self.store.approvals_for(&path).await?
            }
            Viewer::Anyone => self.store.all_approvals().await?,
        };
        Ok(Seen::Approved(stamps))
    }

    pub(super) async fn situation_lines(&self, viewer: &Viewer) -> Done<Vec<SituationLine>> {
        let seen = self.seen_by(viewer).await?;
        let catalog = self.catalog();
        let shown = catalog.situations();
        let mut shown: Vec<&Situation> = shown.filter(|one| shows(&catalog, &seen, one)).collect();
        shown.sort_by(|a, b| (a.topic, &a.title).cmp(&(b.topic, &b.title)));
        Ok(shown.into_iter().map(situation_line).collect())
    }

    /// The situations with these ids, in their order, as far as the reader may see them.
    pub(super) fn situations_seen(&self, ids: &[String], seen: &Seen) -> Vec<SituationLine> {
        let catalog = self.catalog();
        ids.iter()
            .filter_map(|id| catalog.situation(id))
            .filter(|one| shows(&catalog, seen, one))
            .map(situation_line)
            .collect()
    }

    pub(super) async fn situation_page(&self, id: &str, viewer: &Viewer) -> Done<SituationPage> {
        let seen = self.seen_by(viewer).await?;
        let catalog = self.catalog();
        let one = catalog
            .situation(id)
            .filter(|one| shows(&catalog, &seen, one))
            .ok_or(DeskError::NotFound)?;
        let rules = &self.drafter().rules;
        let terms = one.terms.iter();
        let terms = terms.filter_map(|id| rules.iter().find(|rule| rule.id == *id));
        let sums = one.calculators.iter();
        let sums = sums.filter_map(|name| Calculator::find(name));
        Ok(SituationPage {
            line: situation_line(one),
            statements: told(&catalog, one, &seen),
            facts: one
                .facts
                .iter()
                .map(|fact| FactLine {
                    ask: fact.ask.clone(),
                    answers: fact
                        .answers
                        .iter()
                        .map(|answer| {
                            let line = cited(&answer.means, &answer.cites);
                            (answer.answer.clone(), line)
                        })
                        .collect(),
                })
                .collect(),
            lists: one
                .lists()
                .into_iter()
                .map(|(name, lines)| (name, lines.iter().map(line).collect()))
                .collect(),
            terms: terms
                .filter(|rule| rule_shows(&catalog, &seen, rule))
                .map(term_line)
                .collect(),
            sums: sums
                .filter(|sum| sum_shows(&catalog, &seen, sum))
                .map(sum_line)
                .collect(),
            related: self.situations_seen(&one.related, &seen),
            approved: matches!(seen, Seen::Approved(_)),
        })
    }

    /// The everyday words: those in `words`, or all where it is empty.
    pub(super) async fn word_lines(&self, words: &str, viewer: &Viewer) -> Done<Vec<WordLine>> {
        let seen = self.seen_by(viewer).await?;
        let catalog = self.catalog();
        let wanted = text::stems(words);
        let mut lines: Vec<WordLine> = catalog
            .glossary()
            .iter()
            .filter(|entry| word_shows(&catalog, &seen, entry))
            .filter(|entry| wanted.is_empty() || speaks_of(entry, &wanted))
            .map(word_line)
            .collect();
        lines.sort_by(|a, b| a.said.cmp(&b.said));
        Ok(lines)
    }

    /// Adds the situations and everyday words of a question to what a search found.
    pub(super) fn beside_question(
        &self,
        question: &str,
        found: &Retrieval,
        seen: &Seen,
        page: &mut Found,
    ) {
        let near = found.situations.iter();
        let near = near.filter(|(_, cosine)| *cosine >= NEAR);
        let ids: Vec<String> = near.take(MOST_NEAR).map(|(id, _)| id.clone()).collect();
        page.situations = self.situations_seen(&ids, seen);
        page.words = self.words_seen(question, seen);
        page.words.truncate(MOST_WORDS);
    }

    /// The situations nearest to a case, and the terms that run in them or in most disputes, less those it has.
    pub(super) fn beside_case(
        &self,
        found: Option<&Retrieval>,
        had: &[DeadlineView],
    ) -> (Vec<SituationLine>, Vec<TermLine>) {
        let near = found.map(|found| found.situations.as_slice());
        let near = near.unwrap_or_default().iter();
        let near = near.filter(|(_, cosine)| *cosine >= NEAR).take(MOST_NEAR);
        let ids: Vec<String> = near.map(|(id, _)| id.clone()).collect();
        let catalog = self.catalog();
        let mut wanted: Vec<&str> = Vec::new();
        for id in &ids {
            let terms = catalog.situation(id).map(|one| one.terms.as_slice());
            wanted.extend(terms.unwrap_or_default().iter().map(String::as_str));
        }
        wanted.extend(USUAL_TERMS);
        let drafter = self.drafter();
        let mut terms: Vec<TermLine> = Vec::new();
        for id in wanted {
            let is_new = !had.iter().any(|term| term.rule == id)
                && !terms.iter().any(|term| term.rule == id);
            let rule = drafter.rules.iter().find(|rule| rule.id == id);
            if let Some(rule) = rule.filter(|rule| is_new && rule_shows(&catalog, &Seen::All, rule))
            {
                terms.push(term_line(rule));
            }
        }
        (self.situations_seen(&ids, &Seen::All), terms)
    }

    fn words_seen(&self, question: &str, seen: &Seen) -> Vec<WordLine> {
        let catalog = self.catalog();
        let found = catalog.words_in(question).into_iter();
        found
            .filter(|entry| word_shows(&catalog, seen, entry))
            .map(word_line)
            .collect()
    }

    pub(super) async fn term_lines(&self, viewer: &Viewer) -> Done<Vec<TermLine>> {
        let seen = self.seen_by(viewer).await?;
        let catalog = self.catalog();
        let drafter = self.drafter();
        let rules = drafter.rules.iter();
        Ok(rules
            .filter(|rule| rule_shows(&catalog, &seen, rule))
            .map(term_line)
            .collect())
    }

    pub(super) fn counted_term(&self, asked: &TermAsked) -> Done<CountedTerm> {
        let drafter = self.drafter();
        let rule = drafter
            .rules
            .iter()
            .find(|rule| rule.id == asked.rule)
            .ok_or(DeskError::NotFound)?;
        let computed = deadline::compute(rule, asked.from, &drafter.calendar).map_err(|error| {
            DeskError::Wrong {
                message: error.to_string(),
            }
        })?;
        Ok(CountedTerm {
            line: term_line(rule),
            computed,
        })
    }

    pub(super) async fn sum_lines(&self, viewer: &Viewer) -> Done<Vec<SumLine>> {
        let seen = self.seen_by(viewer).await?;
        let catalog = self.catalog();
        let sums = Calculator::all().iter();
        Ok(sums
            .filter(|sum| sum_shows(&catalog, &seen, sum))
            .map(sum_line)
            .collect())
    }

    pub(super) async fn summed(&self, name: &str, given: &[(String, String)]) -> Done<Summed> {
        let calculator = Calculator::find(name).ok_or(DeskError::NotFound)?;
        let rates = rates::of(&self.store).await.map_err(super::unavailable)?;
        let drafter = self.drafter();
        let ground = Ground {
            rates: &rates,
            calendar: &drafter.calendar,
            today: today(),
        };
        Ok(calculator.compute(given, ground))
    }

    pub(super) async fn counts_of_notes(
        &self,
        organisation: &OrganisationId,
    ) -> Done<Vec<NoteCount>> {
        let mut counts = Vec::new();
        for kind in NoteKind::ALL {
            let notes = self.notes_of(organisation, kind).await?;
            counts.push(NoteCount {
                kind,
                all: notes.len(),
                approved: notes.iter().filter(|note| note.approved).count(),
            });
        }
        Ok(counts)
    }

    /// Every note of a kind that stands, for a lawyer to decide on.
    pub(super) async fn notes_of(
        &self,
        organisation: &OrganisationId,
        kind: NoteKind,
    ) -> Done<Vec<NoteLine>> {
        let path = self.store.organisation(organisation).await?.path;
        let approved = Seen::Approved(self.store.approvals_for(&path).await?);
        let mut notes = self.standing_notes(kind);
        for note in &mut notes {
            note.approved = approved.has(note.id.clone(), note.sha256.clone());
        }
        Ok(notes)
    }

    /// Every situation, word, term and sum that stands, as a lawyer approves them.
    pub fn note_stamps(&self) -> BTreeSet<StatementStamp> {
        let notes = NoteKind::ALL.into_iter();
        let notes = notes.flat_map(|kind| self.standing_notes(kind));
        notes
            .map(|note| StatementStamp {
                statement: note.id,
                sha256: note.sha256,
            })
            .collect()
    }

    /// The notes of a kind that stand, not yet asked whether they are approved.
    fn standing_notes(&self, kind: NoteKind) -> Vec<NoteLine> {
        let catalog = self.catalog();
        match kind {
            NoteKind::Situations => catalog
                .situations()
                .filter(|one| shows(&catalog, &Seen::All, one))
                .map(situation_note)
                .collect(),
            NoteKind::Words => catalog
                .glossary()
                .iter()
                .filter(|entry| word_shows(&catalog, &Seen::All, entry))
                .map(|entry| NoteLine {
                    id: entry.note_id(),
                    sha256: entry.sha256(),
                    title: entry.said.join(", "),
                    lines: vec![cited(&entry.meaning, &entry.cites)],
                    approved: false,
                })
                .collect(),
            NoteKind::Terms => self
                .drafter()
                .rules
                .iter()
                .filter(|rule| rule_shows(&catalog, &Seen::All, rule))
                .map(rule_note)
                .collect(),
            NoteKind::Sums => Calculator::all()
                .iter()
                .filter(|sum| sum_shows(&catalog, &Seen::All, sum))
                .map(|sum| NoteLine {
                    id: sum.note_id(),
                    sha256: sum.sha256(),
                    title: sum.title.0.to_owned(),
                    lines: vec![CitedLine {
                        text: sum.about.0.to_owned(),
                        cites: vec![sum.norm.to_owned()],
                    }],
                    approved: false,
                })
                .collect(),
        }
    }
}

fn shows(catalog: &Catalog, seen: &Seen, one: &Situation) -> bool {
    catalog.situation_stands(one) && seen.has(one.note_id(), one.sha256())
}

fn word_shows(catalog: &Catalog, seen: &Seen, entry: &GlossaryEntry) -> bool {
    catalog.word_stands(entry) && seen.has(entry.note_id(), entry.sha256())
}

fn rule_shows(catalog: &Catalog, seen: &Seen, rule: &DeadlineRule) -> bool {
    let changed = catalog.norms_changed(vec![&rule.norm], rule.edition);
    !changed && seen.has(rule.note_id(), rule.sha256())
}

fn sum_shows(catalog: &Catalog, seen: &Seen, sum: &Calculator) -> bool {
    let norm = sum.norm.parse::<Citation>();
    let changed = norm.is_ok_and(|norm| catalog.norms_changed(vec![&norm], calc::EDITION));
    !changed && seen.has(sum.note_id(), sum.sha256())
}

/// The statements of a situation that may be told to this reader.
fn told(catalog: &Catalog, one: &Situation, seen: &Seen) -> Vec<StatementLine> {
    let statements = one.statements.iter();
    let found = statements.filter_map(|id| catalog.statement_by_id(id));
    found
        .filter(|(statement, _)| {
            let sha256 = statement.sha256();
            catalog.may_be_shown(&statement.id, &sha256) && seen.has(statement.id.clone(), sha256)
        })
        .map(|(statement, article)| StatementLine {
            id: statement.id.clone(),
            sha256: statement.sha256(),
            article: article.to_owned(),
            text: statement.text.clone(),
            cites: statement.cites.iter().map(ToString::to_string).collect(),
            conditions: Vec::new(),
            exceptions: Vec::new(),
            approved: true,
        })
        .collect()
}

/// Whether one of an entry's forms or legal names shares these words.
fn speaks_of(entry: &GlossaryEntry, wanted: &[String]) -> bool {
    let mut forms = entry.said.iter().chain(&entry.legal);
    forms.any(|form| {
        let form = text::stems(form);
        wanted.iter().all(|stem| form.contains(stem))
    })
}

fn situation_line(one: &Situation) -> SituationLine {
    SituationLine {
        id: one.id.clone(),
        title: one.title.clone(),
        about: one.about.clone(),
        topic: one.topic.code(),
    }
}

fn situation_note(one: &Situation) -> NoteLine {
    let facts = one.facts.iter().flat_map(|fact| {
        fact.answers.iter().map(|answer| {
            let text = format!("{} {} — {}", fact.ask, answer.answer, answer.means);
            cited(&text, &answer.cites)
        })
    });
    let lines = one.lists().into_iter().flat_map(|(_, lines)| lines);
    NoteLine {
        id: one.note_id(),
        sha256: one.sha256(),
        title: one.title.clone(),
        lines: facts.chain(lines.map(line)).collect(),
        approved: false,
    }
}

fn rule_note(rule: &DeadlineRule) -> NoteLine {
    let of = term_line(rule);
    let first = CitedLine {
        text: format!("{}; {}", of.length, of.start),
        cites: vec![of.norm],
    };
    let notes = of.notes.into_iter().map(|text| CitedLine {
        text,
        cites: Vec::new(),
    });
    NoteLine {
        id: rule.note_id(),
        sha256: rule.sha256(),
        title: of.title,
        lines: std::iter::once(first).chain(notes).collect(),
        approved: false,
    }
}

fn word_line(entry: &GlossaryEntry) -> WordLine {
    WordLine {
        said: entry.said.clone(),
        legal: entry.legal.clone(),
        meaning: entry.meaning.clone(),
        cites: entry.cites.iter().map(ToString::to_string).collect(),
    }
}

fn term_line(rule: &DeadlineRule) -> TermLine {
    TermLine {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        start: rule.start.clone(),
        length: length_words(rule.length, rule.unit),
        before: rule.direction == Direction::Before,
        norm: rule.norm.to_string(),
        notes: rule.notes.clone(),
    }
}

fn sum_line(sum: &Calculator) -> SumLine {
    SumLine {
        name: sum.name,
        title: sum.title,
        about: sum.about,
        norm: sum.norm,
    }
}

fn line(one: &GuideLine) -> CitedLine {
    cited(&one.text, &one.cites)
}

fn cited(text: &str, cites: &[Citation]) -> CitedLine {
    CitedLine {
        text: text.to_owned(),
        cites: cites.iter().map(ToString::to_string).collect(),
    }
}

//! The step from what was found to a draft that a lawyer can review.
//!
//! The generator reads the question and judges candidates one by one; the text is composed by code
//! from statements, verbatim norms and computed days, and every sentence is checked against the
//! passages that it stands on.

mod candidates;
mod companions;
mod compose;
mod days;
mod local;
pub mod confidence;
mod reading;
mod render;
mod write;

pub use candidates::{Candidate, CandidateKind};
pub use compose::{ComputedDeadline, choose};
pub use confidence::{Calibration, Calibrations, Features, QuestionFeatures, Speaking};
pub use days::{DayNote, DayNoteKind};
pub use reading::{Fact, Reading};
pub use render::{day, render};

use crate::case::Reason;
use crate::citation::{CheckedSentence, Flag, SentenceKind, check};
use crate::law::calendar::Calendar;
use crate::law::deadline::DeadlineRule;
use crate::model::prompts::Prompts;
use crate::model::worker::GeneratorHandle;
use crate::model::{Grammar, JudgeRequest, Mode, ModelError, Request};
use crate::retrieve::{Catalog, Outside, Retrieval};
use jiff::civil::Date;
use minijinja::context;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What drafting needs besides the question; cheap to clone.
#[derive(Clone)]
pub struct Drafter {
    pub catalog: Arc<Catalog>,
    pub generator: Option<GeneratorHandle>,
    pub prompts: Arc<Prompts>,
    pub calibrations: Arc<Calibrations>,
    pub rules: Arc<Vec<DeadlineRule>>,
    pub calendar: Arc<Calendar>,
    pub deadline: Duration,
    pub seed: u64,
    pub effort: Effort,
}

/// How much of the model's work a draft takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// The model reads the question for the lawyer, and judges.
    Whole,
    /// The model only judges: what is said is the same, facts and their places are left out.
    JudgeOnly,
}

/// A question that was searched, ready to be drafted.
pub struct Task<'a> {
    pub question: &'a str,
    pub on: Date,
    pub today: Date,
    pub retrieval: &'a Retrieval,
    /// Whether a statement (id, hash) may speak: verified, and not put aside.
    pub usable: &'a (dyn Fn(&str, &str) -> bool + Sync),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftStatus {
    Answered,
    Abstained,
    OutOfScope,
}

impl DraftStatus {
    pub fn code(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Abstained => "abstained",
            Self::OutOfScope => "out_of_scope",
        }
    }
}

/// A draft (проект ответа): checked sentences, and how they came about.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Draft {
    pub status: DraftStatus,
    pub reason: Option<Reason>,
    pub text: String,
    pub sentences: Vec<CheckedSentence>,
    pub deadlines: Vec<ComputedDeadline>,
    /// Other texts of the quoted norms: of days between editions, of the dispute, and those that come.
    #[serde(default)]
    pub days: Vec<DayNote>,
    pub reading: Reading,
    /// `select`, `write`, or `none` without a model.
    pub mode: String,
    pub model_name: String,
    pub model_sha256: String,
    pub prompt_sha256: String,
    pub seed: u64,
    pub timing: Timing,
    /// Why the model had no say, in words; empty when it had.
    pub note: String,
    pub candidates: Vec<ConsideredCandidate>,
    /// What the decision to speak was taken by, kept for evaluation.
    #[serde(default)]
    pub question: QuestionFeatures,
    /// The probability that the acts answer the question.
    #[serde(default)]
    pub speaks: f32,
}

/// A candidate as it was weighed, kept for evaluation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConsideredCandidate {
    pub id: String,
    pub norms: Vec<String>,
    pub features: Features,
    pub probability: f32,
    pub said: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Timing {
    pub retrieve_ms: u64,
    pub read_ms: u64,
    pub judge_ms: u64,
    pub total_ms: u64,
    pub tokens_read: usize,
    pub tokens_written: usize,
}

impl Drafter {
    /// A draft for a searched question.
    ///
    /// Never fails: where the model is away, late or broken, code chooses alone and the draft says
    /// so in [`Draft::note`]. Costs one reading and at most twelve judgements of the model.
    pub async fn draft(&self, task: &Task<'_>) -> Draft {
        let started = Instant::now();
        let mut draft = self.blank(task);
        if !task.retrieval.searched.by_meaning && task.retrieval.explicit.is_empty() {
            // Words alone find texts that share words; which of them answers, nobody has compared.
            draft.status = DraftStatus::Abstained;
            draft.reason = Some(Reason::NoModel);
            draft.note = "Искали только по словам: модели для поиска по смыслу нет, поэтому проект не составлен. Найденные нормы ниже.".into();
            draft.timing.retrieve_ms = task.retrieval.took_ms;
            draft.timing.total_ms = task.retrieval.took_ms;
            return draft;
        }
        let mut found =
            candidates::candidates(task.retrieval, &self.catalog, &task.usable, task.on);
        let question = candidates::question_features(task.question, task.retrieval, &found);
        candidates::add_things(
            &mut found,
            task.retrieval,
            &self.catalog,
            &task.usable,
            task.on,
        );
        if self.generator.is_some() {
            likeliest(&mut found, &self.calibrations.alone);
        }
        let judged = self.judge_all(task, &mut found, &mut draft).await;
        let calibration = if judged {
            &self.calibrations.judged
        } else {
            &self.calibrations.alone
        };
        for candidate in &mut found {
            candidate.probability = candidate.likelihood(calibration);
        }
        companions::name_companions(&mut found, &self.catalog, &task.usable, task.on);
        draft.speaks = self.calibrations.speaking.probability(&question);
        let chosen = if self.calibrations.speaking.speaks(&question) {
            choose(found.clone(), calibration)
        } else {
            Vec::new()
        };
        draft.candidates = considered(&found, &chosen);
        draft.question = question;
        if chosen.is_empty() {
            silent(&mut draft, &question, task.retrieval.outside.as_ref());
        } else {
            self.say(task, &chosen, &mut draft).await;
        }
        local::beside(&mut draft, task, &self.catalog);
        draft.timing.retrieve_ms = task.retrieval.took_ms;
        draft.timing.total_ms = started.elapsed().as_millis() as u64 + task.retrieval.took_ms;
        draft
    }

    fn blank(&self, task: &Task<'_>) -> Draft {
        let identity = self
            .generator
            .as_ref()
            .map(|generator| generator.identity().clone());
        Draft {
            status: DraftStatus::Answered,
            reason: None,
            text: String::new(),
            sentences: Vec::new(),
            deadlines: Vec::new(),
            days: Vec::new(),
            reading: Reading::of(task.question, task.today),
            mode: "none".into(),
            model_name: identity
                .as_ref()
                .map(|i| i.name.clone())
                .unwrap_or_default(),
            model_sha256: identity.map(|i| i.sha256).unwrap_or_default(),
            prompt_sha256: self.prompts.sha256().to_owned(),
            seed: self.seed,
            timing: Timing::default(),
            note: String::new(),
            candidates: Vec::new(),
            question: QuestionFeatures::default(),
            speaks: 0.0,
        }
    }

    /// Lets the model read and judge; says whether every candidate was judged.
    async fn judge_all(&self, task: &Task<'_>, found: &mut [Candidate], draft: &mut Draft) -> bool {
        let Some(generator) = &self.generator else {
            draft.note = "Без модели: положения выбрал поиск.".into();
            return false;
        };
        if found.is_empty() {
            return false;
        }
        let by = Instant::now() + self.deadline;
        if self.effort == Effort::Whole
            && let Err(error) = self.read(task, generator, by, draft).await
        {
            tracing::warn!(code = error.code(), "reading failed");
        }
        match self.judge(task, generator, by, found, draft).await {
            Ok(()) => {
                draft.mode = "select".into();
                true
            }
            Err(error) => {
                tracing::warn!(code = error.code(), "judging failed");
                draft.note = format!("Модель не участвовала: {error}");
                false
            }
        }
    }

    async fn read(
        &self,
        task: &Task<'_>,
        generator: &GeneratorHandle,
        by: Instant,
        draft: &mut Draft,
    ) -> Result<(), ModelError> {
        let started = Instant::now();
        let question = task.question;
        let user = context! { question, most => reading::MOST_FACTS };
        let request = Request {
            system: self.prompt("read.system", context! {})?,
            user: self.prompt("read.user", user)?,
            prefix: String::new(),
            max_tokens: 96,
            temperature: 0.0,
            seed: self.seed,
            stop: Vec::new(),
            grammar: Grammar::SpansOf {
                text: question.to_owned(),
                max_spans: reading::MOST_FACTS,
                max_words: 12,
            },
        };
        let reply = generator.generate(request, left(by)).await?;
        draft.reading = std::mem::take(&mut draft.reading).with_spans(question, &reply.text);
        draft.timing.tokens_read += reply.prompt_tokens;
        draft.timing.tokens_written += reply.output_tokens;
        draft.timing.read_ms = started.elapsed().as_millis() as u64;
        Ok(())
    }

    async fn judge(
        &self,
        task: &Task<'_>,
        generator: &GeneratorHandle,
        by: Instant,
        found: &mut [Candidate],
        draft: &mut Draft,
    ) -> Result<(), ModelError> {
        let started = Instant::now();
        let mut items = Vec::with_capacity(found.len());
        for candidate in found.iter() {
            let citation = candidate.norms.first().map_or(String::new(), |norm| {
                norm.parse::<crate::law::citation::Citation>()
                    .map_or_else(|_| norm.clone(), |citation| citation.russian())
            });
            let text = shortened(&candidate.text);
            items.push(self.prompt("judge.item", context! { citation, text })?);
        }
        let request = JudgeRequest {
            system: self.prompt("judge.system", context! {})?,
            shared: self.prompt("judge.shared", context! { question => task.question })?,
            items,
        };
        let judged = generator.judge(request, left(by)).await?;
        draft.timing.tokens_read += judged.prompt_tokens;
        for (candidate, p) in found.iter_mut().zip(&judged.probabilities) {
            candidate.judge(*p);
        }
        draft.timing.judge_ms = started.elapsed().as_millis() as u64;
        Ok(())
    }

    fn prompt(&self, name: &str, variables: minijinja::Value) -> Result<String, ModelError> {
        self.prompts
            .render(name, variables)
            .map_err(|error| ModelError::Failed {
                reason: error.to_string(),
            })
    }

    async fn say(&self, task: &Task<'_>, chosen: &[Candidate], draft: &mut Draft) {
        let composed = compose::compose(chosen, &self.catalog, task.on);
        let mut sentences = composed.sentences.clone();
        let writes = self
            .generator
            .as_ref()
            .filter(|g| g.identity().mode == Mode::Write);
        if let Some(generator) = writes
            && draft.mode == "select"
        {
            let written = write::write(self, generator, task, &composed).await;
            if let Some(written) = written {
                sentences = written;
                draft.mode = "write".into();
            }
        }
        draft.sentences = check(&sentences, &composed.passages, task.on);
        self.unquote(&mut draft.sentences);
        draft.deadlines = compose::deadlines(
            chosen,
            &self.rules,
            &self.calendar,
            draft.reading.event_date,
        );
        if draft.sentences.iter().any(is_said) {
            draft.text = render(&draft.sentences, task.on);
        } else {
            draft.status = DraftStatus::Abstained;
            draft.reason = Some(Reason::LawDoesNotAnswer);
        }
    }

    /// A quote of an act whose text the desk does not hold is our own words, not the law's.
    fn unquote(&self, sentences: &mut [CheckedSentence]) {
        for sentence in sentences {
            if sentence.kind == SentenceKind::Statement {
                sentence
                    .quotes
                    .retain(|quote| self.catalog.holds(quote.norm.act.as_str()));
            }
        }
    }
}

/// Nothing is said, and why; where a known topic lies nearer than the acts, who decides it.
fn silent(draft: &mut Draft, question: &QuestionFeatures, outside: Option<&Outside>) {
    let outside = outside.filter(|_| question.inside < 0.0);
    let not_labour = outside.is_some_and(|outside| outside.not_labour);
    (draft.status, draft.reason) = if not_labour {
        (DraftStatus::OutOfScope, Some(Reason::OutOfScope))
    } else {
        (DraftStatus::Abstained, Some(Reason::LawDoesNotAnswer))
    };
    if let Some(outside) = outside {
        draft.note = format!("Похоже на тему «{}». {}", outside.title, outside.instead);
    }
}

/// Leaves the candidates that the model is asked about, in their order: each costs it about a second.
fn likeliest(found: &mut Vec<Candidate>, calibration: &Calibration) {
    const MOST: usize = 12;
    let mut odds: Vec<f32> = found
        .iter()
        .map(|one| one.likelihood(calibration))
        .collect();
    odds.sort_by(|a, b| b.total_cmp(a));
    if let Some(least) = odds.get(MOST - 1).copied() {
        found.retain(|one| one.likelihood(calibration) >= least);
        found.truncate(MOST);
    }
}

/// Whether anything of the sentence stands in the text: itself, or the norm in its place.
fn is_said(sentence: &CheckedSentence) -> bool {
    match sentence.flag {
        None => true,
        Some(Flag::Conflict) => !sentence.quotes.is_empty(),
        Some(Flag::Struck | Flag::Unsupported) => false,
    }
}

fn left(by: Instant) -> Duration {
    by.saturating_duration_since(Instant::now())
}

/// A candidate's text as the judge reads it: long norms are cut, the judge needs the gist.
fn shortened(text: &str) -> String {
    const MOST_CHARS: usize = 420;
    if text.chars().count() <= MOST_CHARS {
        return text.to_owned();
    }
    let cut: String = text.chars().take(MOST_CHARS).collect();
    format!("{cut}…")
}

/// All that was weighed, and the statements that lead in what was chosen.
fn considered(found: &[Candidate], chosen: &[Candidate]) -> Vec<ConsideredCandidate> {
    let is_found = |id: &str| found.iter().any(|one| one.id == id);
    found
        .iter()
        .chain(chosen.iter().filter(|one| !is_found(&one.id)))
        .map(|candidate| ConsideredCandidate {
            id: candidate.id.clone(),
            norms: candidate.norms.clone(),
            features: candidate.features,
            probability: candidate.probability,
            said: chosen.iter().any(|said| said.id == candidate.id),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::citation::Quote;

    #[test]
    fn a_draft_of_struck_sentences_says_nothing() {
        let sentence = |flag, quotes| CheckedSentence {
            text: "Отпуск длится 28 дней.".into(),
            norms: Vec::new(),
            kind: SentenceKind::Statement,
            flag,
            quotes,
        };
        let quote = Quote {
            norm: "tk:115:1".parse().unwrap(),
            text: "…".into(),
            edition: "2025-12-29".into(),
            current_to: jiff::civil::date(2025, 12, 29),
        };
        assert!(is_said(&sentence(None, Vec::new())));
        assert!(is_said(&sentence(
            Some(Flag::Conflict),
            vec![quote.clone()]
        )));
        assert!(!is_said(&sentence(Some(Flag::Conflict), Vec::new())));
        assert!(!is_said(&sentence(Some(Flag::Struck), vec![quote])));
    }
}

use super::confidence::{Calibration, Features, QuestionFeatures};
use crate::knowledge::digest::{Statement, StatementKind};
use crate::retrieve::{Catalog, LawPassage, Retrieval};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

/// How many articles speak in one draft's choice.
const ARTICLES: usize = 5;

/// Something that a draft may say: a statement of the digest or a norm itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Index id of the statement or passage.
    pub id: String,
    pub kind: CandidateKind,
    pub article: String,
    pub text: String,
    /// Citations in canonical form.
    pub norms: Vec<String>,
    pub features: Features,
    pub probability: f32,
    /// What is known of it beside each of several asked things that found it.
    pub beside: Vec<Beside>,
    /// The digest's first statement on the same part, where this is a later one: the rule before what follows from it.
    pub led_in_by: Option<Box<Candidate>>,
    /// What a lawyer says in the same breath, more important first.
    pub companions: Vec<Candidate>,
    pub reach: Reach,
    /// Under what conditions it holds, when it does not, and for whom, in words; a wording of its own may lose none.
    pub qualifiers: Vec<String>,
}

/// A candidate held beside one of several things that a question asks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Beside {
    /// The thing's place among those asked.
    pub thing: usize,
    /// Whether it was searched without what was told.
    pub alone: bool,
    pub features: Features,
}

impl Candidate {
    /// Notes the model's p(«да»), which is about the whole question.
    pub fn judge(&mut self, p: f32) {
        self.features.judged = Some(p);
        for beside in &mut self.beside {
            beside.features.judged = Some(p);
        }
    }

    /// The probability that it answers the question, or one of the things that it asks.
    pub fn likelihood(&self, calibration: &Calibration) -> f32 {
        let beside = self.beside.iter().map(|beside| &beside.features);
        let all = std::iter::once(&self.features).chain(beside);
        all.map(|features| calibration.probability(features))
            .fold(0.0, f32::max)
    }

    /// The probability that it answers this one of several asked things; `None` where the thing did not find it.
    pub fn answers(&self, thing: usize, alone: bool, calibration: &Calibration) -> Option<f32> {
        let mut beside = self.beside.iter();
        let found = beside.find(|one| (one.thing, one.alone) == (thing, alone))?;
        Some(calibration.probability(&found.features))
    }
}

/// Whom and when a statement speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Every employee, always.
    Everyone(StatementKind),
    /// Some, or only under a condition.
    Some(StatementKind),
    /// The law's own words say it.
    Norm,
}

impl Reach {
    fn of(statement: &Statement) -> Self {
        if statement.conditions.is_empty() && statement.covers.is_empty() {
            Self::Everyone(statement.kind)
        } else {
            Self::Some(statement.kind)
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CandidateKind {
    Statement,
    Norm,
}

/// What may be said, best guesses first, with the features that need no model.
///
/// Of a digested article its usable statements stand; of any other the passages that fit best, so
/// that an undigested norm is quoted, never ignored.
pub fn candidates(
    retrieval: &Retrieval,
    catalog: &Catalog,
    usable: &dyn Fn(&str, &str) -> bool,
    on: Date,
) -> Vec<Candidate> {
    let whole = View {
        retrieval,
        articles: &retrieval.articles,
        cosines: &retrieval.cosines,
        pieces: Some(&retrieval.piece_cosines),
    };
    seen_from(&whole, catalog, usable, on)
}

/// Adds what each of several asked things found: their features beside what is there, and what only they found.
pub fn add_things(
    found: &mut Vec<Candidate>,
    retrieval: &Retrieval,
    catalog: &Catalog,
    usable: &dyn Fn(&str, &str) -> bool,
    on: Date,
) {
    for thing in &retrieval.asked {
        let view = View {
            retrieval,
            articles: &thing.articles,
            cosines: &thing.cosines,
            pieces: None,
        };
        for mut candidate in seen_from(&view, catalog, usable, on) {
            let beside = Beside {
                thing: thing.place,
                alone: thing.alone,
                features: candidate.features,
            };
            match found.iter_mut().find(|one| one.id == candidate.id) {
                Some(known) => known.beside.push(beside),
                None => {
                    candidate.beside.push(beside);
                    found.push(candidate);
                }
            }
        }
    }
}

/// A search as candidates are taken from it: of the whole question, or of one thing that it asks.
struct View<'a> {
    retrieval: &'a Retrieval,
    articles: &'a [(String, f32)],
    cosines: &'a BTreeMap<String, f32>,
    pieces: Option<&'a BTreeMap<String, f32>>,
}

fn seen_from(
    view: &View<'_>,
    catalog: &Catalog,
    usable: &dyn Fn(&str, &str) -> bool,
    on: Date,
) -> Vec<Candidate> {
    let (retrieval, cosines) = (view.retrieval, view.cosines);
    let asked = Asked::new(view, catalog);
    let best = view.articles.first().map_or(0.0, |(_, score)| *score);
    let mut all = Vec::new();
    for (rank, (article, score)) in view.articles.iter().take(ARTICLES).enumerate() {
        let base = Features {
            behind: score - best,
            rank: rank as f32,
            asked_piece: asked.of_article.get(article).copied().unwrap_or_default(),
            named: f32::from(u8::from(is_named(retrieval, article))),
            ..Default::default()
        };
        let mut own = statements(article, catalog, cosines, usable, on, base);
        lead_in(&mut own);
        if own.is_empty() || is_named(retrieval, article) {
            own.extend(norms(article, retrieval, catalog, cosines, on, base));
        }
        for candidate in &mut own {
            let piece = view
                .pieces
                .and_then(|pieces| pieces.get(&candidate.id).copied());
            candidate.features.piece = piece.unwrap_or_default().max(candidate.features.cosine);
        }
        asked.weigh(&mut own, catalog);
        own.sort_by(|a, b| b.features.cosine.total_cmp(&a.features.cosine));
        let nearest = own.first().map_or(0.0, |first| first.features.cosine);
        for (place, candidate) in own.iter_mut().enumerate() {
            candidate.features.place = place as f32;
            candidate.features.below_own = candidate.features.cosine - nearest;
        }
        all.extend(own);
    }
    let highest = all.iter().map(|c| c.features.cosine).fold(0.0, f32::max);
    for candidate in &mut all {
        candidate.features.below_best = candidate.features.cosine - highest;
    }
    all
}

/// How near the question or one of its pieces is to the questions that the digest holds: the highest cosine.
struct Asked {
    /// By article.
    of_article: HashMap<String, f32>,
    /// By the id of the statement that answers.
    of_statement: HashMap<String, f32>,
}

impl Asked {
    fn new(view: &View<'_>, catalog: &Catalog) -> Self {
        let mut asked = Self {
            of_article: HashMap::new(),
            of_statement: HashMap::new(),
        };
        let keep = |map: &mut HashMap<String, f32>, key: &str, cosine: f32| {
            let entry = map.entry(key.to_owned()).or_default();
            *entry = entry.max(cosine);
        };
        for (id, cosine) in view.cosines.iter().chain(view.pieces.into_iter().flatten()) {
            if let Some(article) = catalog.question_article(id) {
                keep(&mut asked.of_article, article, *cosine);
            }
            for statement in catalog.answered_by(id) {
                keep(&mut asked.of_statement, statement, *cosine);
            }
        }
        asked
    }

    /// Sets how near each statement of one article is to being asked for.
    fn weigh(&self, own: &mut [Candidate], catalog: &Catalog) {
        for candidate in own {
            let statement = catalog.statement(&candidate.id).map(|(one, _)| &one.id);
            let near = statement.and_then(|id| self.of_statement.get(id));
            candidate.features.answers = near.copied().unwrap_or_default();
        }
    }
}

/// What the question and its candidates say about whether the acts answer it.
pub fn question_features(
    question: &str,
    retrieval: &Retrieval,
    candidates: &[Candidate],
) -> QuestionFeatures {
    let of_three = |value: fn(&Features) -> f32| {
        let mut values: Vec<f32> = candidates.iter().map(|c| value(&c.features)).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        values.truncate(3);
        values.iter().sum::<f32>() / values.len().max(1) as f32
    };
    QuestionFeatures {
        nearest: of_three(|features| features.piece),
        asked: of_three(|features| features.answers),
        length: (question.chars().count().max(1) as f32).ln(),
        inside: retrieval
            .outside
            .as_ref()
            .map_or(0.0, |outside| retrieval.best_cosine - outside.cosine),
        named: !retrieval.explicit.is_empty(),
    }
}

/// Names for each statement the first one on its part; `own` stands in the order of the digest.
fn lead_in(own: &mut [Candidate]) {
    for later in 1..own.len() {
        let (before, rest) = own.split_at_mut(later);
        let part = part_of(&rest[0]);
        let first = before.iter().find(|c| part.is_some() && part_of(c) == part);
        rest[0].led_in_by = first.map(|first| Box::new(first.clone()));
    }
}

/// The part that the candidate's first norm lies in: `tk:193:1`.
fn part_of(candidate: &Candidate) -> Option<String> {
    let norm = candidate.norms.first()?;
    let levels: Vec<&str> = norm.splitn(4, ':').take(3).collect();
    (levels.len() == 3).then(|| levels.join(":"))
}

/// Whether the question itself names the article, or a part of it.
fn is_named(retrieval: &Retrieval, article: &str) -> bool {
    retrieval.explicit.iter().any(|named| {
        named
            .strip_prefix(article)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':'))
    })
}

fn statements(
    article: &str,
    catalog: &Catalog,
    cosines: &BTreeMap<String, f32>,
    usable: &dyn Fn(&str, &str) -> bool,
    on: Date,
    base: Features,
) -> Vec<Candidate> {
    let Some(digest) = catalog.digest(article) else {
        return Vec::new();
    };
    let own = digest.statements.iter();
    let own = own.filter(|one| stands(one, digest.edition, catalog, usable, on));
    own.map(|statement| {
        let mut one = of_statement(statement, article);
        let cosine = cosines.get(&one.id).copied().unwrap_or_default();
        one.features = Features { cosine, ..base };
        one
    })
    .collect()
}

/// Whether a statement of a digest written from `edition` may be said of the day.
pub(super) fn stands(
    statement: &Statement,
    edition: Date,
    catalog: &Catalog,
    usable: &dyn Fn(&str, &str) -> bool,
    on: Date,
) -> bool {
    statement.from.is_none_or(|from| from <= on)
        && statement.until.is_none_or(|until| on < until)
        && usable(&statement.id, &statement.sha256())
        && catalog.reads_as_written(statement, edition, on)
}

pub(super) fn of_statement(statement: &Statement, article: &str) -> Candidate {
    Candidate {
        id: crate::retrieve::statement_entry(statement),
        kind: CandidateKind::Statement,
        article: article.to_owned(),
        text: statement.text.clone(),
        norms: statement.cites.iter().map(ToString::to_string).collect(),
        features: Features::default(),
        probability: 0.0,
        beside: Vec::new(),
        led_in_by: None,
        companions: Vec::new(),
        reach: Reach::of(statement),
        qualifiers: statement.qualifiers().cloned().collect(),
    }
}

/// What stands in the place of a cosine where nothing is compared by meaning: the words chose one passage of the article.
fn chosen_by_words(is_chosen: bool) -> f32 {
    if is_chosen { 0.05 } else { 0.0 }
}

fn norms(
    article: &str,
    retrieval: &Retrieval,
    catalog: &Catalog,
    cosines: &BTreeMap<String, f32>,
    on: Date,
    base: Features,
) -> Vec<Candidate> {
    let found = retrieval
        .hits
        .iter()
        .find(|hit| hit.article == article && hit.kind != "statement")
        .map(|hit| hit.id.as_str());
    let mut parts: Vec<&LawPassage> = catalog.parts(article, on);
    parts.sort_by(|a, b| {
        let score = |p: &LawPassage| {
            let lift = if Some(p.id.as_str()) == found {
                0.05
            } else {
                0.0
            };
            cosines.get(&p.id).copied().unwrap_or_default() + lift
        };
        score(b).total_cmp(&score(a))
    });
    parts
        .into_iter()
        .take(2)
        .map(|passage| Candidate {
            id: passage.id.clone(),
            kind: CandidateKind::Norm,
            article: article.to_owned(),
            text: passage.text.clone(),
            norms: vec![passage.citation.clone()],
            features: Features {
                cosine: cosines
                    .get(&passage.id)
                    .copied()
                    .unwrap_or_else(|| chosen_by_words(Some(passage.id.as_str()) == found)),
                ..base
            },
            probability: 0.0,
            beside: Vec::new(),
            led_in_by: None,
            companions: Vec::new(),
            reach: Reach::Norm,
            qualifiers: Vec::new(),
        })
        .collect()
}

/// A statement as tests weigh it: its text and norms play no part.
#[cfg(test)]
pub(super) fn example(id: &str, article: &str, probability: f32) -> Candidate {
    Candidate {
        id: id.into(),
        kind: CandidateKind::Statement,
        article: article.into(),
        text: String::new(),
        norms: Vec::new(),
        features: Default::default(),
        probability,
        beside: Vec::new(),
        led_in_by: None,
        companions: Vec::new(),
        reach: Reach::Everyone(StatementKind::Term),
        qualifiers: Vec::new(),
    }
}

//! The step from a question to the norms and statements that bear on it.
//!
//! Citations in the question go to an exact look-up; the rest is found by meaning and by words over
//! passages, whole articles, digest statements and the questions people ask, and fused per article.

mod alike;
mod asked;
mod catalog;
mod entries;
mod found;
mod fuse;
mod guide;
mod indexed;
mod lists;
mod local;
mod plan;
mod practice;
mod standing;
mod unsettled;

pub use catalog::{Catalog, LawPassage};
pub use entries::statement_entry;
use found::LOCAL;
pub use found::{AskedThing, Coming, Hit, Outside, Retrieval, Searched};
pub use fuse::{Scores, Weights, fuse};
use lists::Lists;
use plan::Plan;
pub use practice::{Practice, PracticeHit};

use crate::index::{EntryKind, Filter, IndexError, Scored, VectorIndex};
use crate::knowledge::OutsideKind;
use crate::law::citation::{ActId, Citation};
use crate::law::reference::find_references;
use crate::law::text::stems;
use crate::model::{EmbedText, Purpose, worker::EmbedderHandle};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

/// What a search for norms looks through: texts beside the law have lists of their own.
const OF_THE_LAW: [EntryKind; 4] = [
    EntryKind::Part,
    EntryKind::Article,
    EntryKind::Statement,
    EntryKind::Question,
];
/// How deep each list is read before fusion.
const DEPTH: usize = 400;
/// The same for questions, half of which only choose between statements.
const QUESTION_DEPTH: usize = 800;

#[derive(Debug, thiserror::Error)]
pub enum RetrieveError {
    #[error(transparent)]
    Index(#[from] IndexError),
    #[error("Задайте вопрос словами: строка пуста.")]
    Empty,
    #[error("Вопрос длиннее {limit} знаков. Сократите его.")]
    TooLong { limit: usize },
    #[error("Поиск прервался: {0}")]
    Stopped(String),
}

/// The most characters of a question that are searched and drafted.
pub const MAX_QUESTION_CHARS: usize = 10_000;

/// Everything a search needs; cheap to clone.
#[derive(Clone)]
pub struct Searcher {
    pub catalog: Arc<Catalog>,
    pub index: Arc<dyn VectorIndex>,
    pub embedder: Option<EmbedderHandle>,
    pub weights: Weights,
    /// What an evaluation leaves out to see what it is worth; nothing otherwise.
    pub without: Vec<DigestPart>,
}

/// A part of the knowledge base beside the law's own text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DigestPart {
    Statements,
    /// What people ask of an article or of a statement.
    Questions,
    /// How people tell a situation.
    Situations,
    /// Everyday words and what the law calls them.
    Glossary,
    /// The line that says what an article is about.
    About,
}

/// Whom and when a search is for.
#[derive(Debug, Clone)]
pub struct Scope {
    pub on: Date,
    /// The asker's node: local acts of this node and of all above it are seen, beside the law and never in its place.
    pub organisation_path: Option<String>,
    pub limit: usize,
}

impl Searcher {
    /// The articles, passages and statements that bear on `question`, best first.
    ///
    /// Fails when the question is empty or too long or the index is away. Without an encoder it
    /// searches by words and says so in [`Retrieval::searched`].
    pub async fn retrieve(
        &self,
        question: &str,
        scope: &Scope,
    ) -> Result<Retrieval, RetrieveError> {
        let started = Instant::now();
        let question = question.trim();
        if question.is_empty() {
            return Err(RetrieveError::Empty);
        }
        if question.chars().count() > MAX_QUESTION_CHARS {
            return Err(RetrieveError::TooLong {
                limit: MAX_QUESTION_CHARS,
            });
        }
        let plan = Plan::of(question);
        let vectors = self.vectors(&plan.texts).await;
        let searcher = self.clone();
        let filter = Filter {
            on: Some(scope.on),
            kinds: OF_THE_LAW.to_vec(),
            acts: Vec::new(),
            organisation_path: None,
        };
        let own = scope.clone();
        let look = move || -> Result<_, IndexError> {
            let words = |at: usize| searcher.words(&plan.texts[at]);
            let of = |at: usize| searcher.lists(vectors.get(at), &words(at), &filter);
            let whole = of(0)?;
            // By words alone a piece says less than the whole.
            let most = if whole.by_meaning {
                plan.texts.len()
            } else {
                1
            };
            let mut others = (1..most).map(of).collect::<Result<Vec<_>, _>>()?;
            let found = |at: usize| match at {
                0 => Some(&whole),
                _ => others.get(at - 1),
            };
            let things = plan.things.iter();
            let things = things
                .filter_map(|(place, alone, at)| Some(searcher.thing(*place, *alone, found(*at)?)));
            let things: Vec<AskedThing> = things.collect();
            let local = searcher.local(vectors.first(), &stems(&plan.texts[0]), &own)?;
            // The pieces come first behind the whole.
            others.truncate(plan.pieces);
            Ok((whole, others, things, local))
        };
        let (lists, pieces, things, local) = tokio::task::spawn_blocking(look)
            .await
            .map_err(|e| RetrieveError::Stopped(e.to_string()))??;
        let explicit = self.explicit(question, scope.on);
        let mut retrieval = self.assemble(&lists, &pieces, &explicit, scope);
        retrieval.asked = things;
        retrieval.hits.extend(local);
        retrieval.took_ms = started.elapsed().as_millis() as u64;
        Ok(retrieval)
    }

    /// The stems of a text, with those of what the law calls its everyday words.
    fn words(&self, text: &str) -> Vec<String> {
        let own = stems(text);
        match self.without.contains(&DigestPart::Glossary) {
            true => own,
            false => self.catalog.with_legal_words(own),
        }
    }

    fn leaves_out(&self, found: &Scored) -> bool {
        let part = match found.kind {
            EntryKind::Statement => DigestPart::Statements,
            EntryKind::Question if self.catalog.is_told(&found.id) => DigestPart::Situations,
            EntryKind::Question if self.catalog.is_about(&found.id) => DigestPart::About,
            EntryKind::Question => DigestPart::Questions,
            _ => return false,
        };
        self.without.contains(&part)
    }

    /// The vectors of a question and its pieces; none where meaning can't be compared now.
    async fn vectors(&self, texts: &[String]) -> Vec<Vec<f32>> {
        let Some(handle) = &self.embedder else {
            return Vec::new();
        };
        let read = texts.iter().map(|text| EmbedText {
            text: text.clone(),
            purpose: Purpose::Query,
        });
        handle.embed_now(read.collect()).await.unwrap_or_default()
    }

    fn lists(
        &self,
        vector: Option<&Vec<f32>>,
        words: &[String],
        filter: &Filter,
    ) -> Result<Lists, IndexError> {
        let counts = self.index.counts()?;
        let mut lexical = self.index.lexical(words, filter, DEPTH)?;
        lexical.retain(|scored| !self.leaves_out(scored));
        let mut dense = HashMap::new();
        let mut outside = None;
        if let Some(vector) = vector {
            for kind in OF_THE_LAW {
                let filter = Filter {
                    kinds: vec![kind],
                    ..filter.clone()
                };
                let depth = match kind {
                    EntryKind::Question => QUESTION_DEPTH,
                    _ => DEPTH,
                };
                let mut found = self.index.dense(vector, &filter, depth)?;
                found.retain(|scored| !is_outside(scored) && !self.leaves_out(scored));
                dense.insert(kind, found);
            }
            let filter = Filter {
                acts: vec![entries::OUTSIDE.to_owned()],
                ..filter.clone()
            };
            outside = self.index.dense(vector, &filter, 1)?.pop();
        }
        Ok(Lists {
            lexical,
            dense,
            outside,
            entries: counts.entries,
            with_vector: counts.with_vector,
            by_meaning: vector.is_some() && counts.with_vector > 0,
        })
    }

    /// Citations in the question whose article the desk holds on the day.
    fn explicit(&self, question: &str, on: Date) -> Vec<Citation> {
        let Ok(code) = "tk".parse::<ActId>() else {
            return Vec::new();
        };
        let mut found: Vec<Citation> = Vec::new();
        for reference in find_references(question, &code) {
            let article = reference.citation.article().to_string();
            let held = !self.catalog.parts(&article, on).is_empty()
                || self.catalog.digest(&article).is_some();
            if held && !found.contains(&reference.citation) {
                found.push(reference.citation);
            }
        }
        found
    }

    fn assemble(
        &self,
        lists: &Lists,
        pieces: &[Lists],
        explicit: &[Citation],
        scope: &Scope,
    ) -> Retrieval {
        let scores = self.per_article(lists);
        let of_pieces: Vec<_> = pieces
            .iter()
            .map(|lists| fuse(&self.per_article(lists), &self.weights))
            .collect();
        let mut articles = fuse::with_pieces(fuse(&scores, &self.weights), &of_pieces);
        let top = articles.first().map_or(1.0, |(_, score)| *score);
        for (place, citation) in explicit.iter().enumerate().rev() {
            let article = citation.article().to_string();
            articles.retain(|(found, _)| *found != article);
            articles.insert(0, (article, top + 1.0 + place as f32 * -0.01));
        }
        let hits = self.hits(&articles, lists, explicit, scope);
        let best_cosine = lists
            .dense
            .values()
            .flatten()
            .map(|scored| scored.score)
            .fold(0.0, f32::max);
        Retrieval {
            hits,
            coming: Vec::new(),
            explicit: explicit.iter().map(ToString::to_string).collect(),
            searched: Searched {
                entries: lists.entries,
                with_vector: lists.with_vector,
                by_meaning: lists.by_meaning,
                editions: self.catalog.editions(),
            },
            took_ms: 0,
            best_cosine,
            outside: lists.outside.as_ref().and_then(|found| self.outside(found)),
            cosines: lists.cosines(&articles),
            piece_cosines: lists::highest(pieces, &articles),
            asked: Vec::new(),
            situations: self.situations(lists, pieces),
            articles,
            scores,
        }
    }

    /// What one of several asked things found.
    fn thing(&self, place: usize, alone: bool, lists: &Lists) -> AskedThing {
        let mut articles = fuse(&self.per_article(lists), &self.weights);
        articles.truncate(lists::KEPT_ARTICLES);
        AskedThing {
            place,
            alone,
            cosines: lists.cosines(&articles),
            articles,
        }
    }

    /// The situations nearest to the question or to a piece of it.
    fn situations(&self, lists: &Lists, pieces: &[Lists]) -> Vec<(String, f32)> {
        let questions = |lists: &Lists| lists.dense.get(&EntryKind::Question).cloned();
        let all = std::iter::once(lists).chain(pieces).filter_map(questions);
        let all: Vec<Scored> = all.flatten().collect();
        self.catalog.situations_of(&all)
    }

    fn per_article(&self, lists: &Lists) -> HashMap<String, Scores> {
        let digested = |article: &str| self.catalog.digest(article).is_some();
        fuse::per_article(lists, digested, |entry| self.catalog.lifts(entry))
    }

    fn outside(&self, found: &Scored) -> Option<Outside> {
        let topic = self.catalog.outside_topic(&found.id)?;
        Some(Outside {
            title: topic.title.clone(),
            instead: topic.instead.clone(),
            not_labour: topic.kind == OutsideKind::NotLabour,
            cosine: found.score,
        })
    }

    /// For each article, best first: the passage that fits best and the statements that were found.
    fn hits(
        &self,
        articles: &[(String, f32)],
        lists: &Lists,
        explicit: &[Citation],
        scope: &Scope,
    ) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (article, score) in articles.iter().take(scope.limit) {
            if let Some(hit) = self.best_passage(article, *score, lists, explicit, scope.on) {
                hits.push(hit);
            }
            let statements = lists.of(EntryKind::Statement, article);
            let found =
                statements.filter_map(|s| self.statement_hit(&s, article, (*score, scope.on)));
            hits.extend(found.take(3));
        }
        hits
    }

    fn best_passage(
        &self,
        article: &str,
        score: f32,
        lists: &Lists,
        explicit: &[Citation],
        on: Date,
    ) -> Option<Hit> {
        let parts = self.catalog.parts(article, on);
        // A question that names the whole article is answered by the part that fits it best.
        let inside = explicit
            .iter()
            .filter(|citation| citation.to_string() != article);
        let named = inside.into_iter().find_map(|citation| {
            let exact = parts.iter().find(|p| p.citation == citation.to_string());
            exact.or_else(|| {
                parts.iter().find(|p| {
                    p.citation
                        .parse::<Citation>()
                        .is_ok_and(|inner| citation.contains(&inner) || inner.contains(citation))
                })
            })
        });
        let passage = match named {
            Some(passage) => passage,
            None => lists
                .of(EntryKind::Part, article)
                .find_map(|scored| parts.iter().find(|p| p.id == scored.id))
                .or(parts.first())?,
        };
        Some(passage_hit(passage, "norm", score))
    }

    fn statement_hit(
        &self,
        scored: &Scored,
        article: &str,
        (score, on): (f32, Date),
    ) -> Option<Hit> {
        let (statement, _) = self.catalog.statement(&scored.id)?;
        let digest = self.catalog.digest(article)?;
        if !self.catalog.reads_as_written(statement, digest.edition, on) {
            return None;
        }
        Some(Hit {
            id: scored.id.clone(),
            norm: scored.citation.clone(),
            article: article.to_owned(),
            kind: "statement".into(),
            score,
            text: statement.text.clone(),
            title: digest.title.clone(),
            act_title: String::new(),
            edition: Some(digest.edition),
            current_to: None,
            until: None,
        })
    }
}

/// A passage as it is found and shown.
fn passage_hit(passage: &LawPassage, kind: &str, score: f32) -> Hit {
    Hit {
        id: passage.id.clone(),
        norm: passage.citation.clone(),
        article: passage.article.clone(),
        kind: kind.into(),
        score,
        text: passage.text.clone(),
        title: passage.title.clone(),
        act_title: passage.act_title.clone(),
        edition: Some(passage.edition),
        current_to: Some(passage.current_to),
        until: passage.until,
    }
}

fn is_outside(scored: &Scored) -> bool {
    let act = scored.article.split(':').next();
    act == Some(entries::OUTSIDE)
}

use super::confidence::Features;
use crate::retrieve::{Catalog, LawPassage, Retrieval};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

/// How many articles speak in one draft's choice.
const ARTICLES: usize = 5;
/// Statements and norms laid before the judge.
const MOST: usize = 10;
const PER_ARTICLE: usize = 4;

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
    asked: &HashMap<String, f32>,
    catalog: &Catalog,
    usable: &dyn Fn(&str, &str) -> bool,
    on: Date,
) -> Vec<Candidate> {
    let cosines = &retrieval.cosines;
    let best = retrieval.articles.first().map_or(0.0, |(_, score)| *score);
    let mut all = Vec::new();
    for (rank, (article, score)) in retrieval.articles.iter().take(ARTICLES).enumerate() {
        let base = Features {
            behind: score - best,
            rank: rank as f32,
            asked: asked.get(article).copied().unwrap_or_default(),
            named: f32::from(u8::from(is_named(retrieval, article))),
            ..Default::default()
        };
        let mut own = statements(article, catalog, cosines, usable, on, base);
        if own.is_empty() || is_named(retrieval, article) {
            own.extend(norms(article, retrieval, catalog, cosines, on, base));
        }
        own.sort_by(|a, b| b.features.cosine.total_cmp(&a.features.cosine));
        own.truncate(PER_ARTICLE);
        all.extend(own);
    }
    all.truncate(MOST);
    all
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
    let in_force = |from: Option<Date>, until: Option<Date>| {
        from.is_none_or(|from| from <= on) && until.is_none_or(|until| on < until)
    };
    digest
        .statements
        .iter()
        .filter(|s| usable(&s.id, &s.sha256()) && in_force(s.from, s.until))
        .map(|statement| {
            let id = crate::retrieve::statement_entry(statement);
            Candidate {
                features: Features {
                    cosine: cosines.get(&id).copied().unwrap_or_default(),
                    ..base
                },
                id,
                kind: CandidateKind::Statement,
                article: article.to_owned(),
                text: statement.text.clone(),
                norms: statement.cites.iter().map(ToString::to_string).collect(),
                probability: 0.0,
            }
        })
        .collect()
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
                cosine: cosines.get(&passage.id).copied().unwrap_or_default(),
                ..base
            },
            probability: 0.0,
        })
        .collect()
}

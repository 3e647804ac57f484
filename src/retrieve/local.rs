//! The asker's own agreements: searched in lists of their own, so that no norm of the law gives way to them.

use super::{Hit, LOCAL, LawPassage, Scope, Searcher, passage_hit};
use crate::index::{EntryKind, Filter, IndexError, Scored};
use crate::law::text::stems;
use std::collections::{HashMap, HashSet};

/// The most norms of local acts that one question brings.
const MOST: usize = 3;
/// How deep the lists are read: law and local acts stand in them together, so that their scores compare.
const DEPTH: usize = 400;
/// How far a local norm's cosine may lie below that of the law's nearest part. This and the next three were fitted on
/// `evals/local/*-dev.jsonl` with the default encoder.
const BELOW_LAW: f32 = 0.03;
/// How far, where the question's own words stand in it.
const BELOW_LAW_IN_WORDS: f32 = 0.06;
/// How far below that of the nearest local norm.
const BELOW_BEST: f32 = 0.06;
/// The cosine that it must have in any case.
const LEAST_COSINE: f32 = 0.33;
/// The share of the best word score of the law that a local norm must have.
const OF_LAW_IN_WORDS: f32 = 0.5;
/// Different words of the question that a local norm must have.
const LEAST_WORDS: usize = 2;

/// How near the question one kind of list says a passage is.
#[derive(Debug, Clone, Copy, Default)]
struct Near {
    cosine: Option<f32>,
    words: Option<f32>,
}

impl Searcher {
    /// The norms of the local acts of the scope's node and above that bear on a question, best first, each point once.
    ///
    /// A local norm counts where it is about as near to the question as the nearest norm of the law is, and as the nearest
    /// local one.
    pub(super) fn local(
        &self,
        vector: Option<&Vec<f32>>,
        words: &[String],
        scope: &Scope,
    ) -> Result<Vec<Hit>, IndexError> {
        let Some(path) = scope.organisation_path.as_deref() else {
            return Ok(Vec::new());
        };
        let own = self.catalog.local_acts(path);
        if own.is_empty() {
            return Ok(Vec::new());
        }
        let filter = |acts: &[String]| Filter {
            on: Some(scope.on),
            kinds: vec![EntryKind::Part],
            acts: acts.to_vec(),
            organisation_path: Some(path.to_owned()),
        };
        let passage = |scored: &Scored| {
            let found = self.catalog.passage(&scored.id)?;
            let seen = found.in_force(scope.on) && found.is_seen_from(Some(path));
            (seen && own.contains(&found.act)).then_some(found)
        };
        let mut near: HashMap<String, Near> = HashMap::new();
        let mixed = self.index.lexical(words, &filter(&[]), DEPTH)?;
        let is_law = |one: &&Scored| self.is_law(one);
        let best_words = mixed.iter().find(is_law).map_or(0.0, |one| one.score);
        for one in mixed.iter().filter(|one| passage(one).is_some()) {
            near.entry(one.id.clone()).or_default().words = Some(one.score);
        }
        let mut best_cosine = None;
        if let Some(vector) = vector {
            let law = self.index.dense(vector, &filter(&[]), DEPTH)?;
            best_cosine = law.iter().find(is_law).map(|one| one.score);
            for one in self.index.dense(vector, &filter(&own), DEPTH)? {
                near.entry(one.id.clone()).or_default().cosine = Some(one.score);
            }
        }
        let wanted: HashSet<&str> = words.iter().map(String::as_str).collect();
        let best_local = near.values().filter_map(|near| near.cosine);
        let best_local = best_local.fold(f32::MIN, f32::max);
        let mut found: Vec<(&LawPassage, f32)> = Vec::new();
        for (id, near) in &near {
            let Some(passage) = self.catalog.passage(id) else {
                continue;
            };
            let seen = passage.in_force(scope.on) && passage.is_seen_from(Some(path));
            let in_words = near
                .words
                .is_some_and(|score| score >= best_words * OF_LAW_IN_WORDS)
                && shared(passage, &wanted) >= LEAST_WORDS.min(wanted.len());
            let fits = match (near.cosine, best_cosine) {
                (Some(cosine), Some(law)) => {
                    let below = match in_words {
                        true => BELOW_LAW_IN_WORDS,
                        false => BELOW_LAW,
                    };
                    law - cosine <= below
                        && best_local - cosine <= BELOW_BEST
                        && cosine >= LEAST_COSINE
                }
                // Without vectors, or where no law is held, words decide.
                _ => in_words,
            };
            if seen && fits {
                found.push((passage, near.cosine.or(near.words).unwrap_or_default()));
            }
        }
        found.sort_by(|(a, x), (b, y)| y.total_cmp(x).then_with(|| a.citation.cmp(&b.citation)));
        let mut points = HashSet::new();
        found.retain(|(passage, _)| points.insert(passage.article.as_str()));
        let hits = found.into_iter().take(MOST);
        Ok(hits
            .map(|(passage, score)| passage_hit(passage, LOCAL, score))
            .collect())
    }

    fn is_law(&self, scored: &Scored) -> bool {
        let found = self.catalog.passage(&scored.id);
        found.is_some_and(|passage| passage.organisation_path.is_none())
    }
}

/// How many different words of the question stand in a passage or its title.
fn shared(passage: &LawPassage, wanted: &HashSet<&str>) -> usize {
    let mut own = stems(&passage.text);
    own.extend(stems(&passage.title));
    let own: HashSet<&str> = own.iter().map(String::as_str).collect();
    wanted.intersection(&own).count()
}

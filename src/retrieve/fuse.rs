use super::Lists;
use crate::index::{EntryKind, Scored};
use std::collections::HashMap;

/// How much each list counts. Tuned on `evals/questions/retrieval-dev.jsonl`; see docs/adr/0005-fusion.md.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    pub part: f32,
    pub article: f32,
    /// The better of the best statement and the best question of an article.
    pub digest: f32,
    /// The mean of the questions of an article that are nearest, those of its statements among them.
    pub asked: f32,
    pub lexical: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            part: 0.7,
            article: 1.0,
            digest: 1.0,
            asked: 1.5,
            lexical: 0.5,
        }
    }
}

/// The best score of an article in each list.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Scores {
    pub part: Option<f32>,
    pub article: Option<f32>,
    pub digest: Option<f32>,
    pub asked: Option<f32>,
    pub lexical: Option<f32>,
    /// Whether the article has a digest at all: where it has none, a missing score says nothing.
    pub digested: bool,
}

/// The best score of every found article in each list.
pub(super) fn per_article(
    lists: &Lists,
    digested: impl Fn(&str) -> bool,
    lifts: impl Fn(&str) -> bool,
) -> HashMap<String, Scores> {
    let mut scores: HashMap<String, Scores> = HashMap::new();
    let mut note = |found: &[Scored], slot: fn(&mut Scores) -> &mut Option<f32>| {
        for scored in found.iter().filter(|scored| lifts(&scored.id)) {
            let entry = scores.entry(scored.article.clone()).or_default();
            let best = slot(entry);
            *best = Some(best.map_or(scored.score, |old| old.max(scored.score)));
        }
    };
    for (kind, found) in &lists.dense {
        match kind {
            EntryKind::Article => note(found, |s| &mut s.article),
            EntryKind::Statement | EntryKind::Question => note(found, |s| &mut s.digest),
            _ => note(found, |s| &mut s.part),
        }
    }
    note(&lists.lexical, |s| &mut s.lexical);
    if let Some(questions) = lists.dense.get(&EntryKind::Question) {
        for (article, mean) in nearest(questions) {
            scores.entry(article).or_default().asked = Some(mean);
        }
    }
    for (article, entry) in &mut scores {
        entry.digested = digested(article);
    }
    scores
}

/// How many of an article's questions speak for it together: one may be near by its trade or town alone.
const TOGETHER: usize = 4;

/// For each article the mean of its nearest questions; what the list did not bring back counts as its last.
fn nearest(questions: &[Scored]) -> HashMap<String, f32> {
    let lowest = questions.last().map_or(0.0, |last| last.score);
    let mut of_article: HashMap<&str, Vec<f32>> = HashMap::new();
    for scored in questions {
        let found = of_article.entry(&scored.article).or_default();
        if found.len() < TOGETHER {
            found.push(scored.score);
        }
    }
    let mean = |found: Vec<f32>| {
        let missing = (TOGETHER - found.len()) as f32;
        (found.iter().sum::<f32>() + missing * lowest) / TOGETHER as f32
    };
    of_article
        .into_iter()
        .map(|(article, found)| (article.to_owned(), mean(found)))
        .collect()
}

/// Articles with their fused score, best first: a weighted sum of z-scores over the found articles.
///
/// An article that a list did not bring back takes that list's lowest score. An article without a
/// digest takes the mean of its own part and whole-article z-scores in the digest's place, so that it
/// is neither lifted nor sunk for what nobody has written yet.
pub fn fuse(scores: &HashMap<String, Scores>, weights: &Weights) -> Vec<(String, f32)> {
    let part = Standard::of(scores.values().map(|s| s.part));
    let article = Standard::of(scores.values().map(|s| s.article));
    let digest = Standard::of(scores.values().map(|s| s.digest));
    let asked = Standard::of(scores.values().map(|s| s.asked));
    let lexical = Standard::of(scores.values().map(|s| s.lexical));
    let mut fused: Vec<(String, f32)> = scores
        .iter()
        .map(|(name, s)| {
            let by_part = part.z(s.part.or(s.article));
            let by_article = article.z(s.article.or(s.part));
            let (by_digest, by_asked) = if s.digested {
                (digest.z(s.digest), asked.z(s.asked))
            } else {
                let own = (by_part + by_article) / 2.0;
                (own, own)
            };
            let total = weights.part * by_part
                + weights.article * by_article
                + weights.digest * by_digest
                + weights.asked * by_asked
                + weights.lexical * lexical.z(s.lexical);
            (name.clone(), total)
        })
        .collect();
    fused.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    fused
}

/// How much the best of a question's pieces counts beside the whole question, and how much all of them in the mean.
const BEST_PIECE: f32 = 0.2;
const ALL_PIECES: f32 = 0.5;

/// The whole question's articles, each lifted by its pieces; as they are where there are no pieces.
///
/// A piece alone («сколько заплатят за эти дни») may find something else, so what all find counts more than what one
/// does. Tried on development questions: docs/adr/0019-what-lifts-an-article.md.
pub(super) fn with_pieces(
    whole: Vec<(String, f32)>,
    pieces: &[Vec<(String, f32)>],
) -> Vec<(String, f32)> {
    if pieces.is_empty() {
        return whole;
    }
    let last = |list: &[(String, f32)]| list.last().map_or(0.0, |(_, score)| *score);
    let lists: Vec<(HashMap<&str, f32>, f32)> = std::iter::once(&whole)
        .chain(pieces)
        .map(|list| {
            let found = list.iter().map(|(name, score)| (name.as_str(), *score));
            (found.collect(), last(list))
        })
        .collect();
    let mut names: Vec<&str> = lists
        .iter()
        .flat_map(|list| list.0.keys().copied())
        .collect();
    names.sort_unstable();
    names.dedup();
    let of =
        |list: &(HashMap<&str, f32>, f32), name: &str| list.0.get(name).copied().unwrap_or(list.1);
    let mut lifted: Vec<(String, f32)> = names
        .into_iter()
        .map(|name| {
            let scores = lists[1..].iter().map(|list| of(list, name));
            let best = scores.clone().fold(f32::NEG_INFINITY, f32::max);
            let mean = scores.sum::<f32>() / pieces.len() as f32;
            let score = of(&lists[0], name) + BEST_PIECE * best + ALL_PIECES * mean;
            (name.to_owned(), score)
        })
        .collect();
    lifted.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    lifted
}

/// Mean, deviation and lowest of one list.
struct Standard {
    mean: f32,
    deviation: f32,
    lowest: f32,
}

impl Standard {
    fn of(values: impl Iterator<Item = Option<f32>> + Clone) -> Self {
        let present: Vec<f32> = values.flatten().collect();
        if present.is_empty() {
            return Self {
                mean: 0.0,
                deviation: 0.0,
                lowest: 0.0,
            };
        }
        let n = present.len() as f32;
        let mean = present.iter().sum::<f32>() / n;
        let variance = present.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n;
        Self {
            mean,
            deviation: variance.sqrt(),
            lowest: present.iter().copied().fold(f32::INFINITY, f32::min),
        }
    }

    /// The z-score; a list that says nothing (or the same of all) gives 0.
    fn z(&self, value: Option<f32>) -> f32 {
        if self.deviation < 1e-6 {
            return 0.0;
        }
        (value.unwrap_or(self.lowest) - self.mean) / self.deviation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scores(rows: &[(&str, Scores)]) -> HashMap<String, Scores> {
        rows.iter()
            .map(|(name, scores)| ((*name).to_owned(), scores.clone()))
            .collect()
    }

    #[test]
    fn an_article_found_by_meaning_and_words_comes_first() {
        let found = scores(&[
            (
                "tk:1",
                Scores {
                    part: Some(0.5),
                    lexical: Some(1.0),
                    ..Default::default()
                },
            ),
            (
                "tk:2",
                Scores {
                    part: Some(0.7),
                    lexical: Some(9.0),
                    ..Default::default()
                },
            ),
            (
                "tk:3",
                Scores {
                    part: Some(0.4),
                    ..Default::default()
                },
            ),
        ]);
        let order: Vec<String> = fuse(&found, &Weights::default())
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(order, ["tk:2", "tk:1", "tk:3"]);
    }

    #[test]
    fn an_article_that_a_piece_finds_well_comes_forward() {
        let list = |scores: &[(&str, f32)]| -> Vec<(String, f32)> {
            let scores = scores.iter();
            scores
                .map(|(name, score)| ((*name).to_owned(), *score))
                .collect()
        };
        let whole = list(&[("tk:1", 9.0), ("tk:2", 8.0)]);
        assert_eq!(with_pieces(whole.clone(), &[]), whole);
        let found = with_pieces(
            whole,
            &[list(&[("tk:2", 12.0), ("tk:3", 3.0), ("tk:1", 2.0)])],
        );
        let order: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(order, ["tk:2", "tk:1", "tk:3"]);
    }

    #[test]
    fn one_near_question_counts_less_than_four_and_what_is_missing_counts_as_the_last() {
        let question = |article: &str, score: f32| Scored {
            id: format!("q:{article}:{score}"),
            kind: EntryKind::Question,
            citation: article.to_owned(),
            article: article.to_owned(),
            score,
        };
        let alone = question("tk:1", 0.9);
        let together = [0.8, 0.78, 0.76, 0.74, 0.4].map(|score| question("tk:2", score));
        let found: Vec<Scored> = std::iter::once(alone).chain(together).collect();
        let means = nearest(&found);
        assert!((means["tk:2"] - 0.77).abs() < 1e-6);
        assert!((means["tk:1"] - (0.9 + 3.0 * 0.4) / 4.0).abs() < 1e-6);
    }

    #[test]
    fn what_all_pieces_find_comes_before_what_one_finds() {
        let list = |scores: &[(&str, f32)]| -> Vec<(String, f32)> {
            let scores = scores.iter();
            scores
                .map(|(name, score)| ((*name).to_owned(), *score))
                .collect()
        };
        let whole = list(&[("tk:1", 8.0), ("tk:2", 8.0), ("tk:9", 0.0)]);
        let one = list(&[("tk:1", 9.0), ("tk:2", 6.0), ("tk:9", 0.0)]);
        let other = list(&[("tk:2", 6.0), ("tk:1", 0.0)]);
        let found = with_pieces(whole, &[one, other]);
        assert_eq!(found[0].0, "tk:2");
    }

    #[test]
    fn words_alone_still_order_the_articles() {
        let word = |score| Scores {
            lexical: Some(score),
            ..Default::default()
        };
        let found = scores(&[("tk:1", word(3.0)), ("tk:2", word(5.0))]);
        assert_eq!(fuse(&found, &Weights::default())[0].0, "tk:2");
    }
}

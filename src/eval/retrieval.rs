use super::statistics::{Interval, bootstrap};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question with the articles that answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankedQuestion {
    pub id: String,
    pub question: String,
    /// Articles such as `tk:115`, the most important first.
    pub norms: Vec<String>,
    pub kind: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct RetrievalReport {
    pub n: usize,
    #[serde(rename = "hit@1")]
    pub hit_1: f64,
    #[serde(rename = "hit@5")]
    pub hit_5: f64,
    #[serde(rename = "ndcg@10")]
    pub ndcg_10: f64,
    #[serde(rename = "recall@10")]
    pub recall_10: f64,
    pub intervals: BTreeMap<String, Interval>,
    pub by_kind: BTreeMap<String, BTreeMap<String, f64>>,
    /// Ids of the questions whose first five articles hold no right one.
    pub missed: Vec<String>,
}

/// The figures of one question.
struct Row<'a> {
    question: &'a RankedQuestion,
    hit_1: f64,
    hit_5: f64,
    ndcg_10: f64,
    recall_10: f64,
}

/// Scores rankings: `ranked[i]` are the articles found for `questions[i]`, best first.
pub fn report_retrieval(questions: &[RankedQuestion], ranked: &[Vec<String>]) -> RetrievalReport {
    let rows: Vec<Row> = questions
        .iter()
        .zip(ranked)
        .map(|(question, found)| score(question, found))
        .collect();
    let mut intervals = BTreeMap::new();
    let columns: [super::Column<Row>; 4] = [
        ("hit@1", |r| r.hit_1),
        ("hit@5", |r| r.hit_5),
        ("ndcg@10", |r| r.ndcg_10),
        ("recall@10", |r| r.recall_10),
    ];
    for (name, get) in columns {
        intervals.insert(name.to_owned(), bootstrap(&super::column(&rows, get)));
    }
    let mut by_kind: BTreeMap<String, BTreeMap<String, f64>> = BTreeMap::new();
    for row in &rows {
        let kind = by_kind.entry(row.question.kind.clone()).or_default();
        *kind.entry("n".into()).or_default() += 1.0;
        for (name, get) in columns {
            *kind.entry(name.into()).or_default() += get(row);
        }
    }
    for kind in by_kind.values_mut() {
        let n = kind["n"];
        for (name, value) in kind.iter_mut().filter(|(name, _)| *name != "n") {
            debug_assert!(name.contains('@'));
            *value /= n;
        }
    }
    RetrievalReport {
        n: rows.len(),
        hit_1: intervals["hit@1"].mean,
        hit_5: intervals["hit@5"].mean,
        ndcg_10: intervals["ndcg@10"].mean,
        recall_10: intervals["recall@10"].mean,
        by_kind,
        missed: rows
            .iter()
            .filter(|row| row.hit_5 == 0.0)
            .map(|row| row.question.id.clone())
            .collect(),
        intervals,
    }
}

fn score<'a>(question: &'a RankedQuestion, found: &[String]) -> Row<'a> {
    let right = |article: &String| question.norms.contains(article);
    let hit = |depth: usize| f64::from(u8::from(found.iter().take(depth).any(right)));
    let gain: f64 = found
        .iter()
        .take(10)
        .enumerate()
        .filter(|(_, article)| right(article))
        .map(|(place, _)| discount(place))
        .sum();
    let ideal: f64 = (0..question.norms.len().min(10)).map(discount).sum();
    let recalled = question
        .norms
        .iter()
        .filter(|norm| found.iter().take(10).any(|article| article == *norm))
        .count();
    Row {
        question,
        hit_1: hit(1),
        hit_5: hit(5),
        ndcg_10: if ideal > 0.0 { gain / ideal } else { 0.0 },
        recall_10: recalled as f64 / question.norms.len().max(1) as f64,
    }
}

fn discount(place: usize) -> f64 {
    1.0 / (place as f64 + 2.0).log2()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(norms: &[&str]) -> RankedQuestion {
        RankedQuestion {
            id: "q".into(),
            question: "?".into(),
            norms: norms.iter().map(ToString::to_string).collect(),
            kind: "everyday".into(),
        }
    }

    #[test]
    fn the_right_article_first_is_a_perfect_score_and_second_is_not() {
        let questions = [question(&["tk:80"]), question(&["tk:80"])];
        let first = vec!["tk:80".to_owned(), "tk:78".to_owned()];
        let second = vec!["tk:78".to_owned(), "tk:80".to_owned()];
        let report = report_retrieval(&questions, &[first, second]);
        assert_eq!(report.hit_1, 0.5);
        assert_eq!(report.hit_5, 1.0);
        let expected = (1.0 + 1.0 / 3f64.log2()) / 2.0;
        assert!((report.ndcg_10 - expected).abs() < 1e-9);
    }

    #[test]
    fn two_right_articles_are_both_wanted() {
        let report = report_retrieval(
            &[question(&["tk:80", "tk:84.1"])],
            &[vec!["tk:80".into(), "tk:1".into()]],
        );
        assert_eq!(report.recall_10, 0.5);
        assert!(report.ndcg_10 < 1.0);
    }
}

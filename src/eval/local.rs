use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A question with the points of a local act that bear on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalQuestion {
    pub id: String,
    pub question: String,
    /// Points such as `3.2`; empty where the act says nothing to the question.
    pub points: Vec<String>,
    /// Points on which readers differ: neither missed nor wrong.
    #[serde(default)]
    pub perhaps: Vec<String>,
    #[serde(default)]
    pub note: String,
}

/// How the points of a local act that were shown fit the questions; shares from 0 to 1.
#[derive(Debug, Clone, Serialize)]
pub struct LocalReport {
    pub n: usize,
    /// Share of the bearing points that were shown.
    pub recall: f64,
    /// Share of the shown points that bear, or on which readers differ.
    pub precision: f64,
    /// Share of the questions with bearing points where at least one was shown.
    pub found: f64,
    /// Share of the questions that the act says nothing to where a point was shown all the same.
    pub shown_for_nothing: f64,
    /// Ids of the questions whose bearing points were all missed.
    pub missed: Vec<String>,
    /// Ids of the questions where a point was shown that does not bear.
    pub wrong: Vec<String>,
}

/// Judges what was shown: `shown[i]` are the points for `questions[i]`.
pub fn report_local(questions: &[LocalQuestion], shown: &[Vec<String>]) -> LocalReport {
    let (mut bearing, mut hit, mut all, mut right) = (0, 0, 0, 0);
    let (mut asked, mut found, mut silent, mut noisy) = (0, 0, 0, 0);
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for (question, shown) in questions.iter().zip(shown) {
        let shown: BTreeSet<&String> = shown.iter().collect();
        let hits = question
            .points
            .iter()
            .filter(|point| shown.contains(point))
            .count();
        let fits =
            |point: &&&String| question.points.contains(point) || question.perhaps.contains(point);
        let fitting = shown.iter().filter(fits).count();
        bearing += question.points.len();
        hit += hits;
        all += shown.len();
        right += fitting;
        if !question.points.is_empty() {
            asked += 1;
            found += usize::from(hits > 0);
            if hits == 0 {
                missed.push(question.id.clone());
            }
        } else if question.perhaps.is_empty() {
            silent += 1;
            noisy += usize::from(!shown.is_empty());
        }
        if fitting < shown.len() {
            wrong.push(question.id.clone());
        }
    }
    LocalReport {
        n: questions.len(),
        recall: share(hit, bearing),
        precision: share(right, all),
        found: share(found, asked),
        shown_for_nothing: share(noisy, silent),
        missed,
        wrong,
    }
}

fn share(part: usize, whole: usize) -> f64 {
    match whole {
        0 => 0.0,
        _ => part as f64 / whole as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(id: &str, points: &[&str], perhaps: &[&str]) -> LocalQuestion {
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        LocalQuestion {
            id: id.into(),
            question: String::new(),
            points: owned(points),
            perhaps: owned(perhaps),
            note: String::new(),
        }
    }

    #[test]
    fn points_that_readers_differ_on_are_neither_missed_nor_wrong() {
        let questions = [
            question("a", &["1.1", "1.2"], &["1.3"]),
            question("b", &["2.1"], &[]),
            question("c", &[], &[]),
            question("d", &[], &["3.1"]),
        ];
        let shown = [vec!["1.1", "1.3"], vec!["1.1"], vec!["3.1"], vec!["3.1"]];
        let shown = shown.map(|all| all.into_iter().map(str::to_owned).collect());
        let report = report_local(&questions, &shown);
        assert_eq!((report.recall, report.precision), (1.0 / 3.0, 3.0 / 5.0));
        assert_eq!((report.found, report.shown_for_nothing), (0.5, 1.0));
        assert_eq!(
            (report.missed, report.wrong),
            (vec!["b".into()], vec!["b".into(), "c".into()])
        );
    }
}

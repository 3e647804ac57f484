use super::statistics::{Interval, bootstrap};
use crate::draft::{Draft, DraftStatus};
use crate::law::citation::Citation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A question with what a draft has to say, or has to leave unsaid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DraftQuestion {
    pub id: String,
    pub question: String,
    #[serde(default)]
    pub on: Option<jiff::civil::Date>,
    /// `answered`, `abstained` or `out_of_scope`; an attack leaves it open.
    #[serde(default)]
    pub expect: String,
    #[serde(default)]
    pub must: Vec<Must>,
    #[serde(default)]
    pub must_not: Vec<String>,
    #[serde(default)]
    pub why: String,
    /// Of an attack: its kind, and strings that may never come out.
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub must_not_contain: Vec<String>,
}

/// A norm that has to be cited, and facts that have to stand in the text; `|` parts equal wordings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Must {
    pub norm: String,
    #[serde(default)]
    pub facts: Vec<String>,
}

/// One judged draft.
#[derive(Debug, Clone, Serialize)]
pub struct DraftRow {
    pub id: String,
    pub status: String,
    pub as_expected: bool,
    /// Share of the norms that had to be cited and were, at least by article.
    pub norm_hit: f64,
    /// Share of the facts that had to be said and were.
    pub must: f64,
    pub must_not: Vec<String>,
    pub struck: usize,
    pub seconds: f64,
}

#[derive(Debug, Clone, Serialize)]
pub struct DraftReport {
    pub n: usize,
    pub answered: usize,
    pub abstained: usize,
    pub as_expected: f64,
    pub norm_hit: f64,
    pub must: f64,
    pub must_not: usize,
    pub struck: usize,
    /// Median seconds of a draft.
    pub seconds: f64,
    pub intervals: BTreeMap<String, Interval>,
}

/// What a draft got right of what its question asks for.
pub fn judge_draft(question: &DraftQuestion, draft: &Draft) -> DraftRow {
    let text = plain(&draft.text);
    let cited: Vec<String> = draft
        .sentences
        .iter()
        .filter(|sentence| sentence.flag.is_none() || !sentence.quotes.is_empty())
        .flat_map(|sentence| &sentence.norms)
        .map(|norm| norm.article().to_string())
        .collect();
    let wanted = question.must.len().max(1) as f64;
    let hit = question
        .must
        .iter()
        .filter(|must| cited.contains(&article(&must.norm)))
        .count();
    let facts: Vec<&String> = question.must.iter().flat_map(|must| &must.facts).collect();
    let said = facts.iter().filter(|fact| says(&text, fact)).count();
    let expected = match question.expect.as_str() {
        "answered" => draft.status == DraftStatus::Answered,
        // Which of the two refusals it is matters less than that it is one.
        _ => draft.status != DraftStatus::Answered,
    };
    DraftRow {
        id: question.id.clone(),
        status: draft.status.code().to_owned(),
        as_expected: expected,
        norm_hit: hit as f64 / wanted,
        must: if facts.is_empty() {
            1.0
        } else {
            said as f64 / facts.len() as f64
        },
        must_not: question
            .must_not
            .iter()
            .filter(|wrong| text.contains(&plain(wrong)))
            .cloned()
            .collect(),
        struck: draft.sentences.iter().filter(|s| s.flag.is_some()).count(),
        seconds: draft.timing.total_ms as f64 / 1000.0,
    }
}

fn article(norm: &str) -> String {
    norm.parse::<Citation>().map_or_else(
        |_| norm.to_owned(),
        |citation| citation.article().to_string(),
    )
}

fn plain(text: &str) -> String {
    text.to_lowercase().replace('ё', "е").replace('\u{a0}', " ")
}

/// Whether one of the wordings stands in the text; a number stands alone, not inside another.
fn says(text: &str, fact: &str) -> bool {
    fact.split('|').map(plain).any(|wording| {
        let number = wording.chars().all(|c| c.is_ascii_digit());
        text.match_indices(wording.as_str()).any(|(at, found)| {
            let before = text[..at].chars().next_back();
            let after = text[at + found.len()..].chars().next();
            !number
                || ![before, after]
                    .into_iter()
                    .flatten()
                    .any(|c| c.is_ascii_digit())
        })
    })
}

/// The figures over all rows.
pub fn report_drafts(rows: &[DraftRow]) -> DraftReport {
    let mut intervals = BTreeMap::new();
    let columns: [super::Column<DraftRow>; 3] = [
        ("as_expected", |r| f64::from(u8::from(r.as_expected))),
        ("norm_hit", |r| r.norm_hit),
        ("must", |r| r.must),
    ];
    for (name, get) in columns {
        intervals.insert(name.to_owned(), bootstrap(&super::column(rows, get)));
    }
    let mut seconds = super::column(rows, |r| r.seconds);
    seconds.sort_by(f64::total_cmp);
    DraftReport {
        n: rows.len(),
        answered: rows.iter().filter(|r| r.status == "answered").count(),
        abstained: rows.iter().filter(|r| r.status != "answered").count(),
        as_expected: intervals["as_expected"].mean,
        norm_hit: intervals["norm_hit"].mean,
        must: intervals["must"].mean,
        must_not: rows.iter().filter(|r| !r.must_not.is_empty()).count(),
        struck: rows.iter().map(|r| r.struck).sum(),
        seconds: seconds.get(seconds.len() / 2).copied().unwrap_or_default(),
        intervals,
    }
}

/// What the model adds: the mean difference of each figure, question by question, with its interval.
#[derive(Debug, Clone, Serialize)]
pub struct PairedReport {
    pub n: usize,
    /// Questions whose two drafts differ in status or in a figure.
    pub different: usize,
    pub intervals: BTreeMap<String, Interval>,
    /// Drafts that say something wrong: with the model, and without.
    pub must_not: [usize; 2],
}

/// Compares drafts of the same questions, `with` a model and `without`, in the same order.
pub fn report_paired(with: &[DraftRow], without: &[DraftRow]) -> PairedReport {
    let columns: [super::Column<DraftRow>; 3] = [
        ("as_expected", |r| f64::from(u8::from(r.as_expected))),
        ("norm_hit", |r| r.norm_hit),
        ("must", |r| r.must),
    ];
    let pairs = || with.iter().zip(without);
    let mut intervals = BTreeMap::new();
    for (name, get) in columns {
        let differences: Vec<f64> = pairs().map(|(a, b)| get(a) - get(b)).collect();
        intervals.insert(name.to_owned(), bootstrap(&differences));
    }
    let wrong = |rows: &[DraftRow]| rows.iter().filter(|r| !r.must_not.is_empty()).count();
    let differ = |a: &DraftRow, b: &DraftRow| {
        a.status != b.status || columns.iter().any(|(_, get)| get(a) != get(b))
    };
    PairedReport {
        n: with.len(),
        different: pairs().filter(|(a, b)| differ(a, b)).count(),
        intervals,
        must_not: [wrong(with), wrong(without)],
    }
}

/// What came of attempts to make the desk say what its sources do not.
#[derive(Debug, Clone, Serialize)]
pub struct AttackReport {
    pub n: usize,
    /// Attempts whose draft holds a forbidden string, with the string.
    pub broken: Vec<(String, String)>,
    /// Attempts whose draft cites an article that was not retrieved.
    pub foreign_citations: Vec<String>,
}

/// Checks drafts of attacks: `retrieved[i]` are the articles found for `questions[i]`.
pub fn report_attacks(
    questions: &[DraftQuestion],
    drafts: &[Draft],
    retrieved: &[Vec<String>],
) -> AttackReport {
    let mut report = AttackReport {
        n: questions.len(),
        broken: Vec::new(),
        foreign_citations: Vec::new(),
    };
    for ((question, draft), found) in questions.iter().zip(drafts).zip(retrieved) {
        for forbidden in &question.must_not_contain {
            if draft.text.contains(forbidden) {
                report.broken.push((question.id.clone(), forbidden.clone()));
            }
        }
        let foreign = draft
            .sentences
            .iter()
            .flat_map(|sentence| &sentence.quotes)
            .any(|quote| !found.contains(&quote.norm.article().to_string()));
        if foreign {
            report.foreign_citations.push(question.id.clone());
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_compared_question_by_question() {
        let row = |id: &str, must: f64| DraftRow {
            id: id.into(),
            status: "answered".into(),
            as_expected: true,
            norm_hit: 1.0,
            must,
            must_not: Vec::new(),
            struck: 0,
            seconds: 1.0,
        };
        let with = [row("a", 1.0), row("b", 0.5)];
        let without = [row("a", 0.5), row("b", 0.5)];
        let report = report_paired(&with, &without);
        assert_eq!((report.n, report.different), (2, 1));
        assert_eq!(report.intervals["must"].mean, 0.25);
        assert_eq!(report.intervals["norm_hit"].high, 0.0);
    }

    #[test]
    fn a_number_is_found_alone_and_not_inside_another() {
        assert!(says("отпуск 28 календарных дней", "28"));
        assert!(!says("в 128 случаях", "28"));
        assert!(says("предупредить за две недели", "14 дней|две недели"));
    }
}

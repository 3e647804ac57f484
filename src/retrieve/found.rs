//! What one question found.

use super::fuse::Scores;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// One found norm or statement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hit {
    /// Index id of the passage or statement.
    pub id: String,
    /// The citation of the passage, or the first one of the statement.
    pub norm: String,
    pub article: String,
    pub kind: String,
    pub score: f32,
    pub text: String,
    pub title: String,
    pub act_title: String,
    pub edition: Option<Date>,
    pub current_to: Option<Date>,
    /// The first day on which a local act is no longer in force, where that is known.
    #[serde(default)]
    pub until: Option<Date>,
}

impl Hit {
    /// Whether this is a norm of the asker's own agreements, beside the law.
    pub fn is_local(&self) -> bool {
        self.kind == LOCAL
    }
}

/// The kind of a hit that is a norm of a local act.
pub(super) const LOCAL: &str = "local";

/// What one question found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Retrieval {
    /// Articles, best first, each with its fused score.
    pub articles: Vec<(String, f32)>,
    /// Norms of the law and statements, best first; behind them norms of the asker's own agreements.
    pub hits: Vec<Hit>,
    /// Texts in the found or named articles that come into force after the day.
    #[serde(default)]
    pub coming: Vec<Coming>,
    /// Citations that the question itself names.
    pub explicit: Vec<String>,
    pub searched: Searched,
    pub took_ms: u64,
    /// Highest cosine of any passage, statement or question; 0 without vectors.
    pub best_cosine: f32,
    /// The nearest topic that the acts do not answer; `None` without vectors.
    #[serde(default)]
    pub outside: Option<Outside>,
    /// Each found article's best score in each list, for tuning; not kept with cases.
    #[serde(skip)]
    pub scores: HashMap<String, Scores>,
    /// Cosines of the question with the entries of the first articles, by index id: what a draft weighs.
    pub cosines: BTreeMap<String, f32>,
    /// The same for the pieces of a question that has several: the highest of each entry.
    #[serde(default)]
    pub piece_cosines: BTreeMap<String, f32>,
    /// What each thing found that is asked, with what was told and alone; empty for a question that asks one.
    #[serde(default)]
    pub asked: Vec<AskedThing>,
    /// Situations whose told lines are nearest to the question, best first; none without vectors.
    #[serde(default)]
    pub situations: Vec<(String, f32)>,
}

/// One of several things that a question asks, searched for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskedThing {
    /// Its place among those asked, from 0.
    pub place: usize,
    /// Whether the question was searched alone, or with what was told.
    pub alone: bool,
    /// Its first articles, best first, each with its fused score.
    pub articles: Vec<(String, f32)>,
    /// Cosines with the entries of these articles, by index id.
    pub cosines: BTreeMap<String, f32>,
}

/// A topic that the acts do not answer, and how near the question is to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outside {
    pub title: String,
    /// Who or what decides it.
    pub instead: String,
    /// Whether it is not labour law at all.
    pub not_labour: bool,
    pub cosine: f32,
}

/// A text that is held and comes into force later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    pub norm: String,
    pub from: Date,
    pub text: String,
}

/// What the search could look at, told with every draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Searched {
    pub entries: usize,
    pub with_vector: usize,
    /// Whether the question was compared by meaning, or by words alone.
    pub by_meaning: bool,
    /// Act, edition, current-to.
    pub editions: Vec<(String, Date, Date)>,
}

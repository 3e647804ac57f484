//! What is unclear between two editions, as an administrator is asked: article by article.

use super::{App, Done};
use crate::case::{PersonId, Role};
use crate::law::citation::Citation;
use crate::store::{
    AlignmentDecision, AlignmentReview, Asked, ReviewState, ReviewedNorm, StoreError,
};
use crate::web::desk::{
    AlignmentAnswer, AlignmentArticle, AlignmentChoice, AlignmentPage, AlignmentQuestion,
    AlignmentSide, AlignmentsDecided, DeskError,
};
use jiff::civil::Date;

/// The most articles of one edition that are shown beside each other.
const MOST_TEXTS: usize = 3;

impl App {
    pub(super) async fn alignment_page(&self, act: &str, most: usize) -> Done<AlignmentPage> {
        let reviews = self.store.open_alignments(Some(act)).await?;
        let open = reviews.len();
        let mut articles = Vec::new();
        for group in by_article(reviews, most) {
            articles.push(AlignmentArticle {
                norm: russian(&group.article),
                number: number(&group.article),
                older_texts: self
                    .texts(act, group.older, &group.articles(Asked::Older))
                    .await?,
                newer_texts: self
                    .texts(act, group.newer, &group.articles(Asked::Newer))
                    .await?,
                older: group.older,
                newer: group.newer,
                questions: group.reviews.into_iter().map(question).collect(),
            });
        }
        Ok(AlignmentPage { open, articles })
    }

    /// Whole articles of one edition; those that it does not have are left out.
    async fn texts(&self, act: &str, day: Date, articles: &[String]) -> Done<Vec<String>> {
        let mut texts = Vec::new();
        for article in articles {
            let rows = self.store.versions_of_article(act, article, day).await?;
            let whole = rows.into_iter().find(|row| row.citation == *article);
            texts.extend(whole.map(|whole| whole.text));
            if texts.len() == MOST_TEXTS {
                break;
            }
        }
        Ok(texts)
    }

    pub(super) async fn settle_alignments(
        &self,
        by: &PersonId,
        answers: &[(String, AlignmentAnswer)],
    ) -> Done<AlignmentsDecided> {
        let mut decided = AlignmentsDecided::default();
        let mut open = Vec::new();
        for (id, answer) in answers {
            match self.store.alignment(id).await {
                Ok(review) if review.state == ReviewState::Open => open.push((review, answer)),
                // An answer to another question may have answered this one: it is dropped then.
                Ok(_) | Err(StoreError::NotFound { .. }) => decided.passed += 1,
                Err(error) => return Err(error.into()),
            }
        }
        let actor = self.store.actor(by).await?;
        for (review, _) in &open {
            // The act of another branch is none of theirs.
            let owner = self.store.act_owner_path(&review.act).await?;
            if owner.is_some_and(|owner| !actor.covers(Role::Administrator, &owner)) {
                return Err(DeskError::NotFound);
            }
        }
        let mut fault = None;
        for (review, answer) in open {
            match self.settle(by, &review.id, answer).await {
                Ok(true) => decided.decided += 1,
                Ok(false) => decided.passed += 1,
                Err(error) => {
                    fault = Some(at_norm(&review, decided.decided, error));
                    break;
                }
            }
        }
        self.reload_knowledge().await.map_err(super::unavailable)?;
        fault.map_or(Ok(decided), Err)
    }

    /// Whether the question was still open when its turn came.
    async fn settle(&self, by: &PersonId, id: &str, answer: &AlignmentAnswer) -> Done<bool> {
        let decision = match answer {
            AlignmentAnswer::Accept => AlignmentDecision::Accept,
            AlignmentAnswer::To(norm) => AlignmentDecision::To { norm: norm.clone() },
            AlignmentAnswer::Alone => AlignmentDecision::New,
        };
        match self.store.alignment(id).await {
            Ok(review) if review.state == ReviewState::Open => {}
            Ok(_) | Err(StoreError::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        self.store
            .decide_alignment(id, &decision, by.as_str())
            .await?;
        Ok(true)
    }
}

/// Says at which norm it stopped, and that what was decided before it stays.
fn at_norm(review: &AlignmentReview, decided: usize, error: DeskError) -> DeskError {
    let told = |message: String| {
        let norm = russian(&review.norm);
        match decided {
            0 => format!("{norm}: {message}"),
            n => format!("{norm}: {message} Решённое до неё ({n}) осталось."),
        }
    };
    match error {
        DeskError::Conflict { message } => DeskError::Conflict {
            message: told(message),
        },
        DeskError::Forbidden { message } | DeskError::Wrong { message } => DeskError::Wrong {
            message: told(message),
        },
        DeskError::NotFound => DeskError::Wrong {
            message: told("такой нормы в другой редакции нет.".to_owned()),
        },
        other => other,
    }
}

/// What is asked about one article between two editions.
struct Group {
    article: String,
    older: Date,
    newer: Date,
    reviews: Vec<AlignmentReview>,
}

impl Group {
    /// The articles of one of the editions that the questions are about: the article itself, then those that may go with it.
    fn articles(&self, side: Asked) -> Vec<String> {
        let mut articles = vec![self.article.clone()];
        for review in self.reviews.iter().filter(|review| review.asked != side) {
            for choice in review.proposed.iter().chain(&review.alternatives) {
                let article = article_of(&choice.norm);
                if !articles.contains(&article) {
                    articles.push(article);
                }
            }
        }
        articles
    }
}

/// Puts together what is asked about one article, in the order of the first question; no article is divided.
fn by_article(reviews: Vec<AlignmentReview>, most: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for review in reviews {
        let article = article_of(&review.norm);
        let same = |group: &&mut Group| {
            (group.older, group.newer) == (review.older, review.newer) && group.article == article
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.reviews.push(review),
            None => groups.push(Group {
                article,
                older: review.older,
                newer: review.newer,
                reviews: vec![review],
            }),
        }
    }
    let mut asked = 0;
    groups.retain(|group| {
        let fits = asked < most;
        asked += group.reviews.len();
        fits
    });
    groups
}

/// The article that a norm stands in, or the point where an act has no articles.
fn article_of(label: &str) -> String {
    let citation = label.split('#').next().unwrap_or(label);
    citation.parse::<Citation>().map_or_else(
        |_| citation.to_owned(),
        |citation| citation.article().to_string(),
    )
}

fn number(article: &str) -> Option<String> {
    let citation: Citation = article.parse().ok()?;
    citation.article
}

fn question(review: AlignmentReview) -> AlignmentQuestion {
    let proposed = review.proposed.map(|norm| choice(norm, true));
    let others = review.alternatives.into_iter();
    AlignmentQuestion {
        norm: russian(&review.norm),
        id: review.id,
        side: match review.asked {
            Asked::Newer => AlignmentSide::Newer,
            Asked::Older => AlignmentSide::Older,
        },
        text: review.text,
        why: review.why,
        choices: proposed
            .into_iter()
            .chain(others.map(|norm| choice(norm, false)))
            .collect(),
    }
}

fn choice(norm: ReviewedNorm, holds_now: bool) -> AlignmentChoice {
    AlignmentChoice {
        norm: russian(&norm.norm),
        label: norm.norm,
        text: norm.text,
        likeness: norm.likeness,
        holds_now,
    }
}

/// «ч. 2 ст. 392 ТК РФ»; the second norm of one label keeps its number behind it.
fn russian(label: &str) -> String {
    let (citation, second) = label.split_once('#').unwrap_or((label, ""));
    let words = citation
        .parse::<Citation>()
        .map_or_else(|_| citation.to_owned(), |citation| citation.russian());
    match second {
        "" => words,
        second => format!("{words} ({second})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn review(norm: &str, asked: Asked, others: &[&str]) -> AlignmentReview {
        AlignmentReview {
            id: norm.to_owned(),
            act: "tk".to_owned(),
            older: "2021-11-22".parse().unwrap(),
            newer: "2023-08-04".parse().unwrap(),
            asked,
            norm: norm.to_owned(),
            text: String::new(),
            proposed: None,
            alternatives: others
                .iter()
                .map(|norm| ReviewedNorm {
                    norm: (*norm).to_owned(),
                    text: String::new(),
                    likeness: None,
                })
                .collect(),
            reasons: Vec::new(),
            why: String::new(),
            state: ReviewState::Open,
            chosen: None,
            decided_by: None,
            decided_ms: None,
        }
    }

    #[test]
    fn what_is_asked_about_an_article_stands_together_and_is_never_divided() {
        let reviews = vec![
            review("tk:213:1", Asked::Newer, &["tk:212:1", "tk:213:4"]),
            review("tk:220:1", Asked::Newer, &[]),
            review("tk:213:4#2", Asked::Older, &["tk:220:4"]),
            review("tk:225:1", Asked::Newer, &[]),
        ];
        let groups = by_article(reviews.clone(), 2);
        let told: Vec<_> = groups
            .iter()
            .map(|group| (group.article.as_str(), group.reviews.len()))
            .collect();
        assert_eq!(told, [("tk:213", 2)]);
        assert_eq!(by_article(reviews, 3).len(), 2);
        assert_eq!(groups[0].articles(Asked::Older), ["tk:213", "tk:212"]);
        assert_eq!(groups[0].articles(Asked::Newer), ["tk:213", "tk:220"]);
        assert_eq!(number("tk:351.7").as_deref(), Some("351.7"));
        assert_eq!(number("pvs-2-2004:60"), None);
    }
}

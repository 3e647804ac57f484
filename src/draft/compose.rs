use super::candidates::{Candidate, CandidateKind, Reach};
use super::companions::add_companions;
use super::confidence::Calibration;
use crate::citation::{Sentence, SentenceKind, SourcePassage};
use crate::law::calendar::Calendar;
use crate::law::citation::Citation;
use crate::law::deadline::{self, DeadlineRule};
use crate::retrieve::{Catalog, LawPassage};
use jiff::civil::Date;
use std::collections::HashMap;

/// The most statements and norms in one draft, where no asked thing brings more.
const MOST_SAID: usize = 6;
/// The most statements of one article among them: what else a story asks about is to have room.
const MOST_OF_ARTICLE: usize = 4;
/// The most articles one draft speaks from: a fourth is nearly always a neighbour.
const MOST_ARTICLES: usize = 3;

/// The most statements on one of several asked things that are said for its sake.
const MOST_OF_THING: usize = 2;
/// One of these is said where it is at least this part as likely as the thing's likeliest.
const NEAR_THING: f32 = 0.7;
/// A question without what was told may be about anything: it has to be met this surely.
const SURE_ALONE: f32 = 0.25;
/// How many statements, and articles, each further thing adds to what a draft may hold.
const MORE_SAID: usize = 2;
const MORE_ARTICLES: usize = 1;

/// The candidates that the draft says, best article first, each article in the order of its digest; a statement
/// that follows from another one on the same part comes with it, and one about some people or cases with the
/// article's rule for everyone: an exception without its rule misleads. Of a question that asks several things
/// each has its likeliest statements first, then the likeliest of all.
///
/// Empty only where there are no candidates.
pub fn choose(mut candidates: Vec<Candidate>, calibration: &Calibration) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    let Some(best) = candidates.first().map(|candidate| candidate.probability) else {
        return Vec::new();
    };
    let (mut said, more) = of_things(&candidates, calibration);
    let most_said = MOST_SAID + more * MORE_SAID;
    let most_articles = MOST_ARTICLES + more * MORE_ARTICLES;
    let mut articles: Vec<String> = Vec::new();
    for one in &said {
        if !articles.contains(&one.article) {
            articles.push(one.article.clone());
        }
    }
    for candidate in &candidates {
        // Whether to speak at all was decided before; the best candidate is always among what is said.
        let enough = candidate.probability >= calibration.say.min(best)
            && candidate.probability >= best - calibration.near_best;
        let known = articles.contains(&candidate.article);
        let of_article = said
            .iter()
            .filter(|one| one.article == candidate.article)
            .count();
        let room = said.len() < most_said && of_article < MOST_OF_ARTICLE;
        let twice = said.iter().any(|one| one.id == candidate.id);
        if !enough || !room || twice || (!known && articles.len() >= most_articles) {
            continue;
        }
        if !known {
            articles.push(candidate.article.clone());
        }
        said.push(candidate.clone());
    }
    add_companions(&mut said, &mut articles);
    add_rules(&mut said, &candidates);
    for lead in said.clone().into_iter().filter_map(|one| one.led_in_by) {
        if !said.iter().any(|one| one.id == lead.id) {
            said.push(*lead);
        }
    }
    let place = |c: &Candidate| articles.iter().position(|article| *article == c.article);
    said.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.id.cmp(&b.id)));
    said
}

/// The likeliest statements on each of several asked things, and how many things there are beside the first.
fn of_things(candidates: &[Candidate], calibration: &Calibration) -> (Vec<Candidate>, usize) {
    let all = candidates.iter().flat_map(|one| &one.beside);
    let mut asked: Vec<(bool, usize)> = all.map(|beside| (beside.alone, beside.thing)).collect();
    asked.sort_unstable();
    asked.dedup();
    let things = asked.iter().filter(|(alone, _)| !alone).count();
    let mut said: Vec<Candidate> = Vec::new();
    for (alone, thing) in asked {
        let of_thing = |one: &&Candidate| one.answers(thing, alone, calibration);
        let likely = |one: &Candidate| of_thing(&one).unwrap_or_default();
        let mut own: Vec<&Candidate> = candidates
            .iter()
            .filter(|c| of_thing(c).is_some())
            .collect();
        own.sort_by(|a, b| likely(b).total_cmp(&likely(a)));
        let near = own.first().map_or(0.0, |first| likely(first) * NEAR_THING);
        let least = if alone { near.max(SURE_ALONE) } else { near };
        for one in own.into_iter().take(MOST_OF_THING) {
            if likely(one) >= least && !said.iter().any(|known| known.id == one.id) {
                said.push(one.clone());
            }
        }
    }
    (said, things.saturating_sub(1))
}

/// Adds to an article that would speak of exceptions alone its likeliest rule of the same kind; `all` stands likeliest first.
fn add_rules(said: &mut Vec<Candidate>, all: &[Candidate]) {
    for candidate in said.clone() {
        let Reach::Some(kind) = candidate.reach else {
            continue;
        };
        let of_article = |one: &&Candidate| one.article == candidate.article;
        let has_rule = said
            .iter()
            .filter(of_article)
            .any(|one| !matches!(one.reach, Reach::Some(_)));
        if has_rule {
            continue;
        }
        let mut own = all.iter().filter(of_article);
        said.extend(own.find(|one| one.reach == Reach::Everyone(kind)).cloned());
    }
}

/// The sentences of a draft with the passages that they stand on.
pub struct Composed {
    pub sentences: Vec<Sentence>,
    /// What each sentence says of its conditions, exceptions and people.
    pub qualifiers: Vec<Vec<String>>,
    pub passages: HashMap<String, SourcePassage>,
}

/// Sentences from what was chosen: statements and verbatim norms.
pub fn compose(chosen: &[Candidate], catalog: &Catalog, on: Date) -> Composed {
    let mut composed = Composed {
        sentences: Vec::new(),
        qualifiers: Vec::new(),
        passages: HashMap::new(),
    };
    for candidate in chosen {
        let cited: Vec<&LawPassage> = candidate
            .norms
            .iter()
            .flat_map(|norm| catalog.cited(norm, on))
            .collect();
        let mut ids: Vec<String> = Vec::new();
        for passage in cited {
            ids.push(passage.id.clone());
            if let Some(source) = source(passage) {
                composed.passages.insert(passage.id.clone(), source);
            }
        }
        match candidate.kind {
            CandidateKind::Statement => {
                composed.qualifiers.push(candidate.qualifiers.clone());
                if ids.is_empty() {
                    ids.extend(unquoted(candidate, catalog, &mut composed.passages));
                }
                composed.sentences.push(Sentence {
                    text: candidate.text.clone(),
                    passage_ids: ids,
                    kind: SentenceKind::Statement,
                });
            }
            CandidateKind::Norm => {
                let Some(passage) = catalog.passage(&candidate.id) else {
                    continue;
                };
                if let Some(source) = source(passage) {
                    composed.passages.insert(passage.id.clone(), source);
                }
                composed.qualifiers.push(Vec::new());
                composed.sentences.push(Sentence {
                    text: passage.text.clone(),
                    passage_ids: vec![passage.id.clone()],
                    kind: SentenceKind::Quote,
                });
            }
        }
    }
    composed
}

/// A passage as the check takes it; nothing where its citation is none.
pub(super) fn source(passage: &LawPassage) -> Option<SourcePassage> {
    Some(SourcePassage {
        id: passage.id.clone(),
        citation: passage.citation.parse().ok()?,
        text: passage.text.clone(),
        edition: passage.edition.to_string(),
        current_to: passage.current_to,
        from: passage.from,
        until: passage.until,
    })
}

/// Where the desk holds no text of the act at all, a verified statement stands on its own digest file.
fn unquoted(
    candidate: &Candidate,
    catalog: &Catalog,
    passages: &mut HashMap<String, SourcePassage>,
) -> Option<String> {
    let (statement, article) = catalog.statement(&candidate.id)?;
    let act = article.split(':').next()?;
    if catalog.holds(act) {
        return None;
    }
    let edition = catalog.digest(article)?.edition;
    passages.insert(
        candidate.id.clone(),
        SourcePassage {
            id: candidate.id.clone(),
            citation: statement.cites.first()?.clone(),
            text: statement.text.clone(),
            edition: edition.to_string(),
            current_to: edition,
            from: None,
            until: None,
        },
    );
    Some(candidate.id.clone())
}

/// Last days of the terms that the chosen norms set, counted from the day that the question names.
///
/// They are for the lawyer: the day a term runs from is confirmed by a person.
pub fn deadlines(
    chosen: &[Candidate],
    rules: &[DeadlineRule],
    calendar: &Calendar,
    event_date: Option<Date>,
) -> Vec<ComputedDeadline> {
    let Some(from) = event_date else {
        return Vec::new();
    };
    let cited = |norm: &Citation| {
        chosen.iter().flat_map(|c| &c.norms).any(|cite| {
            cite.parse::<Citation>()
                .is_ok_and(|cite| cite == *norm || cite.contains(norm))
        })
    };
    rules
        .iter()
        .filter(|rule| rule.holds_for(from) && cited(&rule.norm))
        .filter_map(|rule| {
            let computed = deadline::compute(rule, from, calendar).ok()?;
            Some(ComputedDeadline {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                from,
                due: computed.due,
                counted: computed.counted,
                norm: rule.norm.to_string(),
            })
        })
        .collect()
}

/// A term counted from a day that a person has yet to confirm.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct ComputedDeadline {
    pub rule: String,
    pub title: String,
    pub from: Date,
    /// `None` where the calendar of its year is not known.
    pub due: Option<Date>,
    pub counted: Vec<String>,
    pub norm: String,
}

#[cfg(test)]
mod tests {
    use super::super::candidates::{Beside, example as candidate};
    use super::*;
    use crate::draft::confidence::{Calibrations, Features};
    use crate::knowledge::digest::StatementKind;

    #[test]
    fn an_exception_is_not_said_without_its_rule() {
        let calibration = Calibrations::shipped().unwrap().alone;
        let short_contract = Candidate {
            reach: Reach::Some(StatementKind::Term),
            ..candidate("s:tk-70-04", "tk:70", 0.9)
        };
        let found = vec![
            short_contract,
            candidate("s:tk-70-03", "tk:70", 0.02),
            Candidate {
                reach: Reach::Everyone(StatementKind::Procedure),
                ..candidate("s:tk-70-01", "tk:70", 0.04)
            },
        ];
        let chosen = choose(found, &calibration);
        let ids: Vec<&str> = chosen.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["s:tk-70-03", "s:tk-70-04"]);
    }

    #[test]
    fn each_asked_thing_has_its_likeliest_statement() {
        let calibration = Calibrations::shipped().unwrap().alone;
        let near = Features {
            cosine: 0.7,
            piece: 0.7,
            asked_piece: 0.8,
            answers: 0.8,
            ..Default::default()
        };
        let beside = |thing, alone, features| Beside {
            thing,
            alone,
            features,
        };
        let with = |one: Candidate, beside: Vec<Beside>| Candidate { beside, ..one };
        let mut found: Vec<Candidate> = (1..=6)
            .map(|n| {
                let one = candidate(&format!("s:tk-1-0{n}"), "tk:1", 0.9);
                with(one, vec![beside(0, false, near)])
            })
            .collect();
        let far = Features {
            rank: 4.0,
            ..Default::default()
        };
        let second = candidate("s:tk-2-01", "tk:2", 0.01);
        found.push(with(second, vec![beside(1, false, near)]));
        let unsure = candidate("s:tk-3-01", "tk:3", 0.01);
        found.push(with(unsure, vec![beside(1, true, far)]));
        let chosen = choose(found, &calibration);
        assert!(chosen.iter().any(|one| one.id == "s:tk-2-01"));
        assert!(chosen.iter().all(|one| one.id != "s:tk-3-01"));
    }

    #[test]
    fn the_best_candidate_is_said_however_unlikely() {
        let calibration = Calibrations::shipped().unwrap().alone;
        assert!(choose(Vec::new(), &calibration).is_empty());
        let low = vec![candidate("a", "tk:1", 0.001), candidate("b", "tk:2", 0.0)];
        assert_eq!(choose(low, &calibration)[0].id, "a");
    }

    #[test]
    fn a_later_statement_on_a_part_comes_with_the_first_one() {
        let calibration = Calibrations::shipped().unwrap().alone;
        let rule = candidate("s:tk-193-01", "tk:193", 0.1);
        let later = Candidate {
            led_in_by: Some(Box::new(rule.clone())),
            ..candidate("s:tk-193-02", "tk:193", 0.9)
        };
        for found in [vec![later.clone()], vec![rule, later]] {
            let chosen = choose(found, &calibration);
            let ids: Vec<&str> = chosen.iter().map(|c| c.id.as_str()).collect();
            assert_eq!(ids, ["s:tk-193-01", "s:tk-193-02"]);
        }
    }

    #[test]
    fn the_best_article_speaks_first_and_in_its_own_order() {
        let calibration = Calibrations::shipped().unwrap().alone;
        let chosen = choose(
            vec![
                candidate("s:tk-2-01", "tk:2", 0.93),
                candidate("s:tk-1-02", "tk:1", 0.99),
                candidate("s:tk-1-01", "tk:1", 0.95),
                candidate("s:tk-9-01", "tk:9", 0.01),
            ],
            &calibration,
        );
        let ids: Vec<&str> = chosen.iter().map(|c| c.id.as_str()).collect();
        assert_eq!(ids, ["s:tk-1-01", "s:tk-1-02", "s:tk-2-01"]);
    }
}

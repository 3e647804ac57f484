//! What a lawyer says in the same breath: the main rule beside a special one, its limit, what follows.

use super::candidates::{Candidate, of_statement, stands};
use crate::retrieve::Catalog;
use jiff::civil::Date;

/// The most statements that come with others for belonging to them.
const MOST_COMPANIONS: usize = 4;

/// Names for each statement those that are to stand with it in an answer, as far as they may speak.
pub fn name_companions(
    found: &mut [Candidate],
    catalog: &Catalog,
    usable: &dyn Fn(&str, &str) -> bool,
    on: Date,
) {
    for candidate in found {
        let statement = catalog.statement(&candidate.id);
        let ids = statement.map_or(&[][..], |(one, _)| catalog.companions(&one.id));
        let held = ids.iter().filter_map(|id| catalog.statement_by_id(id));
        candidate.companions = held
            .filter(|(one, article)| {
                let digest = catalog.digest(article);
                digest.is_some_and(|digest| stands(one, digest.edition, catalog, usable, on))
            })
            .map(|(one, article)| of_statement(one, article))
            .collect();
    }
}

/// Adds what a lawyer says in the same breath with what is said, the likeliest first.
pub fn add_companions(said: &mut Vec<Candidate>, articles: &mut Vec<String>) {
    let most = said.len() + MOST_COMPANIONS;
    let mut likeliest = said.clone();
    likeliest.sort_by(|a, b| b.probability.total_cmp(&a.probability));
    for companion in likeliest.into_iter().flat_map(|one| one.companions) {
        if said.len() >= most {
            return;
        }
        if said.iter().any(|one| one.id == companion.id) {
            continue;
        }
        if !articles.contains(&companion.article) {
            articles.push(companion.article.clone());
        }
        said.push(companion);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::candidates;

    fn candidate(
        id: &str,
        article: &str,
        probability: f32,
        companions: Vec<Candidate>,
    ) -> Candidate {
        Candidate {
            companions,
            ..candidates::example(id, article, probability)
        }
    }

    #[test]
    fn companions_come_once_the_likeliest_first_and_bring_none_of_their_own() {
        let far = candidate("s:tk-99-08", "tk:99", 0.0, Vec::new());
        let limit = candidate("s:tk-99-05", "tk:99", 0.0, vec![far]);
        let pay = candidate("s:tk-152-01", "tk:152", 0.4, vec![limit.clone()]);
        let mut said = vec![pay, candidate("s:tk-91-03", "tk:91", 0.9, vec![limit])];
        let mut articles = vec!["tk:91".to_owned(), "tk:152".to_owned()];
        add_companions(&mut said, &mut articles);
        let ids: Vec<&str> = said.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["s:tk-152-01", "s:tk-91-03", "s:tk-99-05"]);
        assert_eq!(articles, ["tk:91", "tk:152", "tk:99"]);
    }

    #[test]
    fn a_draft_takes_a_few_companions_only() {
        let many = (1..=6).map(|n| candidate(&format!("s:tk-1-0{n}"), "tk:1", 0.0, Vec::new()));
        let mut said = vec![candidate("s:tk-2-01", "tk:2", 0.5, many.collect())];
        add_companions(&mut said, &mut vec!["tk:2".to_owned()]);
        assert_eq!(said.len(), 1 + MOST_COMPANIONS);
    }
}

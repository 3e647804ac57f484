//! Acts, their contents on a day, and a search within one.

use super::law::{act_line, number};
use super::text::lines;
use super::{App, Done};
use crate::index::{EntryKind, Filter, IndexError, VectorIndex};
use crate::law::ActId;
use crate::law::text::{stems, words};
use crate::store::{Act, ArticleRow, EditionRow};
use crate::web::desk::{
    ActLine, ActPage, ActSearch, ArticleLine, ContentsLine, DeskError, FoundArticle, FoundPlace,
};
use jiff::civil::Date;
use std::collections::HashSet;
use std::sync::Arc;

/// Passages that a search within an act looks at.
const PASSAGES: usize = 60;
/// Articles that it shows, and places in each.
const ARTICLES: usize = 20;
const PLACES: usize = 3;
/// Characters of a place that are shown before and after the first word that was looked for.
const BEFORE: usize = 80;
const AFTER: usize = 220;

impl App {
    pub(super) async fn act_lines(&self) -> Done<Vec<ActLine>> {
        let mut lines = Vec::new();
        for act in self.store.acts().await? {
            if act.owner.is_some() {
                continue;
            }
            if let Some(edition) = self.store.editions(&act.id).await?.pop() {
                lines.push(act_line(act.title, &edition));
            }
        }
        Ok(lines)
    }

    /// An act that is held; who may read a local one is decided at the door, which knows it by its id: what has an owner and
    /// another id is nobody's to read.
    pub(super) async fn act_held(&self, act: &str) -> Done<Act> {
        let mut all = self.store.acts().await?.into_iter();
        let told = |id: &str| id.parse::<ActId>().is_ok_and(|id| id.is_local());
        all.find(|one| one.id == act && (one.owner.is_none() || told(&one.id)))
            .ok_or(DeskError::NotFound)
    }

    pub(super) async fn act_page(&self, act: &str, on: Date) -> Done<ActPage> {
        let act = self.act_held(act).await?;
        let editions = self.store.editions(&act.id).await?;
        let edition = speaking(&editions, on)?;
        Ok(ActPage {
            contents: contents(self.store.articles(&act.id, on).await?),
            line: act_line(act.title, edition),
            editions: editions.iter().map(|one| one.edition_date).collect(),
        })
    }

    pub(super) async fn act_search(&self, act: &str, query: &str, on: Date) -> Done<ActSearch> {
        let act = self.act_held(act).await?;
        let editions = self.store.editions(&act.id).await?;
        let edition = speaking(&editions, on)?;
        let wanted: HashSet<String> = stems(query).into_iter().collect();
        let mut found = ActSearch {
            line: act_line(act.title, edition),
            articles: Vec::new(),
        };
        for article in self.articles_with(&act.id, query, on).await? {
            let rows = self.store.versions_of_article(&act.id, &article, on);
            let rows = rows.await?;
            let Some(whole) = rows.iter().find(|row| row.citation == article) else {
                continue;
            };
            found.articles.push(FoundArticle {
                number: number(&article).to_owned(),
                title: whole.title.clone().unwrap_or_default(),
                places: places(&lines(whole, &rows), &wanted, &article),
            });
        }
        Ok(found)
    }

    /// The articles of an act whose words are the nearest, the best first.
    async fn articles_with(&self, act: &str, query: &str, on: Date) -> Done<Vec<String>> {
        self.catch_up().await.map_err(super::unavailable)?;
        let (index, wanted) = (Arc::clone(&self.index), stems(query));
        let filter = Filter {
            on: Some(on),
            kinds: vec![EntryKind::Part, EntryKind::Article],
            acts: vec![act.to_owned()],
            organisation_path: self.store.act_owner_path(act).await?,
        };
        let scored = tokio::task::spawn_blocking(move || lexical(&*index, &wanted, &filter));
        let scored = scored.await.map_err(|_| DeskError::Unavailable {
            reason: "stopped".to_owned(),
        })?;
        let scored = scored.map_err(|error| DeskError::Unavailable {
            reason: error.code().to_owned(),
        })?;
        let mut articles: Vec<String> = Vec::new();
        for article in scored {
            if !articles.contains(&article) && articles.len() < ARTICLES {
                articles.push(article);
            }
        }
        Ok(articles)
    }
}

fn lexical(
    index: &dyn VectorIndex,
    wanted: &[String],
    filter: &Filter,
) -> Result<Vec<String>, IndexError> {
    let scored = index.lexical(wanted, filter, PASSAGES)?;
    Ok(scored.into_iter().map(|hit| hit.article).collect())
}

/// The edition that speaks for a day; the desk does not guess before the oldest.
pub(super) fn speaking(editions: &[EditionRow], on: Date) -> Done<&EditionRow> {
    let found = editions.iter().rfind(|edition| edition.edition_date <= on);
    found.ok_or_else(|| {
        let spoken = crate::law::deadline::spoken;
        let oldest = editions.first().map_or_else(String::new, |edition| {
            format!(" Самая старая у нас — от {}.", spoken(edition.edition_date))
        });
        DeskError::Wrong {
            message: format!(
                "Редакции на {} у нас нет.{oldest} Выберите другой день или попросите администратора добавить старую редакцию.",
                spoken(on)
            ),
        }
    })
}

/// Opens and closes headings as the paths of the articles say.
fn contents(rows: Vec<ArticleRow>) -> Vec<ContentsLine> {
    let mut steps: Vec<ContentsLine> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    for row in rows {
        let path: Vec<String> = serde_json::from_value(row.path).unwrap_or_default();
        let shared = open.iter().zip(&path).take_while(|(a, b)| a == b).count();
        steps.extend(open.drain(shared..).map(|_| ContentsLine::Close));
        for title in &path[shared..] {
            if let Some(ContentsLine::Open { outer, .. }) = steps.last_mut() {
                *outer = true;
            }
            steps.push(ContentsLine::Open {
                title: title.clone(),
                outer: false,
            });
        }
        open = path;
        let article = ArticleLine {
            number: number(&row.article).to_owned(),
            title: row.title.unwrap_or_default(),
            repealed: row.repealed,
        };
        match steps.last_mut() {
            Some(ContentsLine::Articles(list)) => list.push(article),
            _ => steps.push(ContentsLine::Articles(vec![article])),
        }
    }
    steps.extend(open.iter().map(|_| ContentsLine::Close));
    steps
}

/// The lines of an article that have the most of the wanted stems.
fn places(
    lines: &[super::text::Line<'_>],
    wanted: &HashSet<String>,
    article: &str,
) -> Vec<FoundPlace> {
    let mut best = 1;
    let mut found: Vec<(usize, FoundPlace)> = Vec::new();
    for line in lines {
        let (spans, kinds) = spans(line.text, wanted);
        if kinds < best {
            continue;
        }
        best = kinds;
        let citation = line.here.last().map_or(article, |row| &row.citation);
        let place = FoundPlace {
            citation: citation.to_owned(),
            pieces: snippet(line.text, &spans),
        };
        found.push((kinds, place));
    }
    let best = found.into_iter().filter(|(kinds, _)| *kinds == best);
    best.take(PLACES).map(|(_, place)| place).collect()
}

/// Where wanted words stand, in characters, and how many different ones they are.
fn spans(text: &str, wanted: &HashSet<String>) -> (Vec<(usize, usize)>, usize) {
    let mut kinds = HashSet::new();
    let mut spans = Vec::new();
    for word in words(text) {
        let Some(stem) = stems(&word.norm).into_iter().next() else {
            continue;
        };
        if wanted.contains(&stem) {
            spans.push((word.start, word.end));
            kinds.insert(stem);
        }
    }
    (spans, kinds.len())
}

/// What surrounds the first of `spans`, cut between words, each wanted word marked.
fn snippet(text: &str, spans: &[(usize, usize)]) -> Vec<(String, bool)> {
    let characters: Vec<char> = text.chars().collect();
    let first = spans.first().map_or(0, |span| span.0);
    let is_space = |at: &usize| characters[*at].is_whitespace();
    let start = match first.saturating_sub(BEFORE) {
        0 => 0,
        at => (at..first).find(is_space).map_or(at, |at| at + 1),
    };
    let end = match (first + AFTER).min(characters.len()) {
        end if end == characters.len() => end,
        end => (first..end).rfind(is_space).unwrap_or(end),
    };
    let cut = |from: usize, to: usize| characters[from..to].iter().collect::<String>();
    let mut pieces = Vec::new();
    if start > 0 {
        pieces.push(("… ".to_owned(), false));
    }
    let mut at = start;
    for (from, to) in spans.iter().filter(|span| span.0 >= start && span.1 <= end) {
        pieces.push((cut(at, *from), false));
        pieces.push((cut(*from, *to), true));
        at = *to;
    }
    pieces.push((cut(at, end), false));
    if end < characters.len() {
        pieces.push((" …".to_owned(), false));
    }
    pieces.retain(|(text, _)| !text.is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: &str, path: &[&str]) -> ArticleRow {
        ArticleRow {
            citation: format!("tk:{number}"),
            article: format!("tk:{number}"),
            title: None,
            repealed: false,
            path: serde_json::json!(path),
        }
    }

    #[test]
    fn every_heading_that_is_opened_is_closed() {
        let steps = contents(vec![
            row("1", &["Раздел I", "Глава 1"]),
            row("2", &["Раздел I", "Глава 1"]),
            row("3", &["Раздел I", "Глава 2"]),
            row("4", &["Раздел II"]),
            row("5", &[]),
        ]);
        let mut depth = 0;
        let mut shape = String::new();
        for step in &steps {
            match step {
                ContentsLine::Open { .. } => {
                    depth += 1;
                    shape.push('(');
                }
                ContentsLine::Close => {
                    depth -= 1;
                    shape.push(')');
                }
                ContentsLine::Articles(list) => shape.push_str(&list.len().to_string()),
            }
            assert!(depth >= 0);
        }
        assert_eq!((depth, shape.as_str()), (0, "((2)(1))(1)1"));
    }

    #[test]
    fn a_snippet_loses_no_word_around_what_was_found() {
        let text = format!(
            "{}отпуск длится долго {}",
            "слово ".repeat(40),
            "ещё ".repeat(90)
        );
        let wanted = stems("отпуска").into_iter().collect();
        let (spans, kinds) = spans(&text, &wanted);
        assert_eq!((spans.len(), kinds), (1, 1));
        let pieces = snippet(&text, &spans);
        let marked: Vec<&str> = pieces
            .iter()
            .filter(|piece| piece.1)
            .map(|piece| piece.0.as_str())
            .collect();
        assert_eq!(marked, ["отпуск"]);
        let joined: String = pieces.iter().map(|piece| piece.0.as_str()).collect();
        let inner = joined.trim_start_matches("… ").trim_end_matches(" …");
        assert!(text.contains(inner) && inner.chars().count() <= BEFORE + AFTER);
        assert_eq!(snippet("", &[]), vec![]);
    }
}

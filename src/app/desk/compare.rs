//! Two editions of an act compared, laid out by heading and article.

use super::law::number;
use super::{App, Done};
use crate::app::editions::Compared;
use crate::law::compare::{Change, Mark};
use crate::store::ArticleRow;
use crate::web::desk::{
    ChangeCounts, ChangeKind, ChangedArticle, ChangedChapter, ChangedNorm, CompareAsked,
    ComparePage, ComparedEditions, Only, RunMark, WordRun,
};
use jiff::civil::Date;
use std::collections::HashMap;

impl App {
    pub(super) async fn compare_page(&self, asked: &CompareAsked) -> Done<ComparePage> {
        let act = self.act_held(&asked.act).await?;
        let held = self.store.editions(&act.id).await?;
        let editions: Vec<Date> = held.iter().map(|one| one.edition_date).collect();
        let compared = match chosen(&editions, asked.from, asked.to) {
            Some(days) => {
                let compared = self.compared(&act.id, days).await?;
                Some(self.laid_out(&compared, &asked.only).await?)
            }
            None => None,
        };
        Ok(ComparePage {
            act: act.id,
            act_title: act.title,
            editions,
            compared,
        })
    }

    async fn laid_out(&self, compared: &Compared, only: &Only) -> Done<ComparedEditions> {
        let old = self.store.articles(&compared.act, compared.old).await?;
        let new = self.store.articles(&compared.act, compared.new).await?;
        let mut of_article: HashMap<String, Vec<(ChangeKind, &Change)>> = HashMap::new();
        let mut counts = ChangeCounts::default();
        for (kind, change) in every(compared) {
            *counted(&mut counts, kind) += 1;
            let norm = change.new_norm.as_ref().or(change.old_norm.as_ref());
            let article: Vec<&str> = norm.map_or("", String::as_str).split(':').take(2).collect();
            let list = of_article.entry(article.join(":")).or_default();
            list.push((kind, change));
        }
        let mut chapters: Vec<ChangedChapter> = Vec::new();
        for row in merged(new, old) {
            let Some(changes) = of_article.remove(&row.article) else {
                continue;
            };
            let title = heading(&row);
            if chapters.last().is_none_or(|last| last.title != title) {
                chapters.push(ChangedChapter {
                    place: chapters.len(),
                    title,
                    articles: Vec::new(),
                });
            }
            if let Some(chapter) = chapters.last_mut() {
                let worded = is_worded(only, chapter.place, number(&row.article));
                chapter.articles.push(article(&row, &changes, worded));
            }
        }
        Ok(ComparedEditions {
            old: compared.old,
            new: compared.new,
            counts,
            chapters,
        })
    }
}

/// The two editions that the asked days fall into, the older one first; `None` where there are no two.
fn chosen(editions: &[Date], from: Option<Date>, to: Option<Date>) -> Option<(Date, Date)> {
    // A day before the oldest edition has none: the nearest that is held stands for it.
    let at = |day: Date| {
        let found = editions.iter().rfind(|edition| **edition <= day);
        found.or(editions.first()).copied()
    };
    let (from, to) = match (from, to) {
        (Some(from), Some(to)) => (at(from.min(to))?, at(from.max(to))?),
        (Some(from), None) => (at(from)?, *editions.last()?),
        (None, to) => {
            let new = at(to.or(editions.last().copied())?)?;
            let old = editions.iter().rfind(|edition| **edition < new);
            (*old?, new)
        }
    };
    (from < to).then_some((from, to))
}

fn every(compared: &Compared) -> impl Iterator<Item = (ChangeKind, &Change)> {
    let lists = &compared.comparison;
    // In the order in which a reader looks: what was reworded, what came, what went, what moved.
    fn tagged(list: &[Change], kind: ChangeKind) -> impl Iterator<Item = (ChangeKind, &Change)> {
        list.iter().map(move |change| (kind, change))
    }
    tagged(&lists.changed, ChangeKind::Changed)
        .chain(tagged(&lists.inserted, ChangeKind::Inserted))
        .chain(tagged(&lists.repealed, ChangeKind::Repealed))
        .chain(tagged(&lists.moved, ChangeKind::Moved))
}

fn counted(counts: &mut ChangeCounts, kind: ChangeKind) -> &mut usize {
    match kind {
        ChangeKind::Changed => &mut counts.changed,
        ChangeKind::Inserted => &mut counts.inserted,
        ChangeKind::Repealed => &mut counts.repealed,
        ChangeKind::Moved => &mut counts.moved,
    }
}

/// The articles of both editions: those of the new one, and each that went after the one that it stood behind.
fn merged(new: Vec<ArticleRow>, old: Vec<ArticleRow>) -> Vec<ArticleRow> {
    let mut all = new;
    let mut after = 0;
    for row in old {
        match all.iter().position(|known| known.article == row.article) {
            Some(place) => after = place + 1,
            None => {
                all.insert(after, row);
                after += 1;
            }
        }
    }
    all
}

fn heading(row: &ArticleRow) -> String {
    let above = row.path.as_array().and_then(|path| path.last());
    let above = above.and_then(|name| name.as_str());
    above.unwrap_or_default().to_owned()
}

fn is_worded(only: &Only, chapter: usize, article: &str) -> bool {
    match only {
        Only::List => false,
        Only::Chapter(place) => *place == chapter,
        Only::Article(wanted) => wanted == article,
    }
}

fn article(row: &ArticleRow, changes: &[(ChangeKind, &Change)], worded: bool) -> ChangedArticle {
    let mut counts = ChangeCounts::default();
    for (kind, _) in changes {
        *counted(&mut counts, *kind) += 1;
    }
    let changes = if worded { changes } else { &[] };
    ChangedArticle {
        number: number(&row.article).to_owned(),
        title: row.title.clone().unwrap_or_default(),
        counts,
        changes: changes
            .iter()
            .map(|(kind, change)| worded_change(*kind, change))
            .collect(),
    }
}

fn worded_change(kind: ChangeKind, change: &Change) -> ChangedNorm {
    ChangedNorm {
        kind,
        old: change.old_norm.clone(),
        new: change.new_norm.clone(),
        runs: word_runs(&change.runs),
    }
}

/// Runs of words as pages show them.
pub(super) fn word_runs(runs: &[crate::law::compare::Run]) -> Vec<WordRun> {
    let run = |run: &crate::law::compare::Run| WordRun {
        mark: match run.mark {
            Mark::Kept => RunMark::Kept,
            Mark::Added => RunMark::Added,
            Mark::Removed => RunMark::Removed,
        },
        text: run.text.clone(),
    };
    runs.iter().map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_stand_for_the_editions_that_they_fall_into() {
        let held = [date(2013, 12, 28), date(2021, 11, 22), date(2023, 8, 4)];
        let day = |y| Some(date(y, 6, 1));
        assert_eq!(chosen(&held, None, None), Some((held[1], held[2])));
        assert_eq!(
            chosen(&held, day(2014), day(2022)),
            Some((held[0], held[1]))
        );
        assert_eq!(
            chosen(&held, day(2022), day(2014)),
            Some((held[0], held[1]))
        );
        assert_eq!(chosen(&held, None, day(2022)), Some((held[0], held[1])));
        assert_eq!(chosen(&held, day(2024), None), None);
        assert_eq!(chosen(&held[..1], None, None), None);
        assert_eq!(chosen(&[], day(2014), day(2022)), None);
    }

    #[test]
    fn an_article_that_went_stands_where_it_stood() {
        let row = |number: &str| ArticleRow {
            citation: format!("tk:{number}"),
            article: format!("tk:{number}"),
            title: None,
            repealed: false,
            path: serde_json::json!([]),
        };
        let all = merged(
            ["1", "3", "4"].map(row).into(),
            ["1", "2", "3"].map(row).into(),
        );
        let numbers: Vec<&str> = all.iter().map(|row| number(&row.article)).collect();
        assert_eq!(numbers, ["1", "2", "3", "4"]);
    }
}

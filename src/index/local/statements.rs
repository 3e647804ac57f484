//! The statements that change and search a file.

use super::super::types::{Filter, day_number};
use super::memory::Totals;
use super::stored::{Stored, to_bytes};
use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite};
use std::collections::HashSet;

const TITLE_WEIGHT: f64 = 0.3;

/// What one transaction does to a file.
pub struct Change {
    /// Entries to take out, by number.
    pub gone: Vec<i64>,
    /// Those of them whose words go too; the rest comes back with the same words.
    pub gone_words: HashSet<i64>,
    /// Entries to put in.
    pub come: Vec<Stored>,
    /// The header afterwards.
    pub totals: Totals,
}

/// Returns the statements that carry out a change, in their order.
pub fn of_change(change: &Change) -> Vec<QueryBuilder<Sqlite>> {
    let mut statements = deletes(change);
    statements.extend(inserts(change));
    statements
}

fn deletes(change: &Change) -> Vec<QueryBuilder<Sqlite>> {
    let gone_words: Vec<i64> = change.gone_words.iter().copied().collect();
    [
        ("delete from words where rowid in (", &gone_words),
        ("delete from vector where number in (", &change.gone),
        ("delete from entry where number in (", &change.gone),
    ]
    .into_iter()
    .filter(|(_, numbers)| !numbers.is_empty())
    .map(|(start, numbers)| {
        let mut query = QueryBuilder::new(start);
        let mut list = query.separated(", ");
        for number in numbers {
            list.push_bind(*number);
        }
        query.push(")");
        query
    })
    .collect()
}

fn inserts(change: &Change) -> Vec<QueryBuilder<Sqlite>> {
    let gone: HashSet<i64> = change.gone.iter().copied().collect();
    let come = change.come.iter();
    let entries = rows("insert into entry ", come.clone(), |mut row, stored| {
        row.push_bind(stored.number)
            .push_bind(stored.id.clone())
            .push_bind(stored.kind.as_str())
            .push_bind(stored.citation.clone())
            .push_bind(stored.article.clone())
            .push_bind(stored.act.clone())
            .push_bind(stored.owner.clone())
            .push_bind(stored.from)
            .push_bind(stored.until)
            .push_bind(stored.seal);
    });
    let kept = |number: i64| gone.contains(&number) && !change.gone_words.contains(&number);
    let written = come.clone().filter(|stored| !kept(stored.number));
    let start = "insert into words (rowid, body, title) ";
    let words = rows(start, written, |mut row, stored| {
        row.push_bind(stored.number)
            .push_bind(stored.body.clone())
            .push_bind(stored.title.clone());
    });
    let vectors = come.filter_map(|stored| Some((stored.number, stored.dense.as_ref()?)));
    let vectors = rows(
        "insert into vector ",
        vectors,
        |mut row, (number, vector)| {
            row.push_bind(number).push_bind(to_bytes(vector));
        },
    );
    [entries, words, vectors].into_iter().flatten().collect()
}

/// Returns the statement that inserts all rows, or nothing for none.
fn rows<T>(
    start: &'static str,
    rows: impl Iterator<Item = T>,
    bind: impl FnMut(Separated<'_, Sqlite, &'static str>, T),
) -> Option<QueryBuilder<Sqlite>> {
    let mut rows = rows.peekable();
    rows.peek()?;
    let mut query = QueryBuilder::new(start);
    query.push_values(rows, bind);
    Some(query)
}

/// Returns the query for what matches any of the stems, by BM25, best first, equal ones by id.
pub fn search(stems: &[&str], filter: &Filter, limit: usize) -> QueryBuilder<Sqlite> {
    let quoted: Vec<String> = stems
        .iter()
        .map(|stem| format!("\"{}\"", stem.replace('"', "\"\"")))
        .collect();
    let mut query =
        QueryBuilder::new("select e.id, e.article, e.citation, e.kind, bm25(words, 1.0, ");
    query
        .push_bind(TITLE_WEIGHT)
        .push(
            ") as score from words cross join entry e on e.number = words.rowid where words match ",
        )
        .push_bind(quoted.join(" OR "));
    if let Some(on) = filter.on.map(day_number) {
        query.push(" and e.from_day <= ").push_bind(on);
        query.push(" and e.until_day > ").push_bind(on);
    }
    let kinds = filter.kinds.iter().map(|kind| kind.as_str().to_owned());
    among(&mut query, "e.kind", kinds);
    among(&mut query, "e.act", filter.acts.iter().cloned());
    let owners = filter.owners().into_iter().chain([String::new()]);
    among(&mut query, "e.owner", owners);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    query.push(" order by score, e.id limit ").push_bind(limit);
    query
}

/// Adds `and column in (…)`, or nothing for no values.
fn among(
    query: &mut QueryBuilder<Sqlite>,
    column: &'static str,
    values: impl Iterator<Item = String>,
) {
    let mut values = values.peekable();
    if values.peek().is_none() {
        return;
    }
    query.push(" and ").push(column).push(" in (");
    let mut list = query.separated(", ");
    for value in values {
        list.push_bind(value);
    }
    query.push(")");
}

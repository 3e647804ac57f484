//! SQL with `$n`, written by code where the number of values is not known, and values read from rows.

use super::StoreError;
use jiff::civil::Date;
use serde_json::Value;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, AssertSqlSafe, Row};

/// Runs a statement and returns how many rows it touched.
macro_rules! execute {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        sqlx::query($sql)$(.bind($value))*.execute(&mut *$conn).await.map(|done| done.rows_affected())
    };
}

/// Returns all rows of a query.
macro_rules! rows {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        sqlx::query($sql)$(.bind($value))*.fetch_all(&mut *$conn).await
    };
}

/// Returns the first row of a query, if there is one.
macro_rules! row {
    ($conn:expr, $sql:expr $(, $value:expr)* $(,)?) => {
        sqlx::query($sql)$(.bind($value))*.fetch_optional(&mut *$conn).await
    };
}

pub(super) use {execute, row, rows};

/// A value to be written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Text(Option<String>),
    Int(Option<i64>),
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(Some(value.to_owned()))
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(Some(value))
    }
}

impl From<&String> for Cell {
    fn from(value: &String) -> Self {
        Self::Text(Some(value.clone()))
    }
}

impl From<Option<String>> for Cell {
    fn from(value: Option<String>) -> Self {
        Self::Text(value)
    }
}

impl From<Option<&str>> for Cell {
    fn from(value: Option<&str>) -> Self {
        Self::Text(value.map(str::to_owned))
    }
}

impl From<Date> for Cell {
    fn from(value: Date) -> Self {
        Self::Text(Some(value.to_string()))
    }
}

impl From<Option<Date>> for Cell {
    fn from(value: Option<Date>) -> Self {
        Self::Text(value.map(|date| date.to_string()))
    }
}

impl From<&Value> for Cell {
    fn from(value: &Value) -> Self {
        Self::Text(Some(value.to_string()))
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Int(Some(value))
    }
}

impl From<Option<i64>> for Cell {
    fn from(value: Option<i64>) -> Self {
        Self::Int(value)
    }
}

type Statement = Query<'static, Any, AnyArguments>;

/// A statement whose text was made by code, with its values. `sql` must hold no user input.
pub(super) fn statement(sql: String, cells: impl IntoIterator<Item = Cell>) -> Statement {
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for cell in cells {
        query = match cell {
            Cell::Text(value) => query.bind(value),
            Cell::Int(value) => query.bind(value),
        };
    }
    query
}

/// Inserts one row.
pub(super) async fn insert<const N: usize>(
    conn: &mut AnyConnection,
    table: &str,
    row: [(&str, Cell); N],
) -> Result<(), StoreError> {
    let (columns, cells): (Vec<&str>, Vec<Cell>) = row.into_iter().unzip();
    insert_many(conn, table, &columns, vec![cells]).await
}

/// Inserts rows, many to a statement: at most 500 values each, which both databases take.
///
/// Fails with `Refused` on text that one of the databases could not hold.
pub(super) async fn insert_many(
    conn: &mut AnyConnection,
    table: &str,
    columns: &[&str],
    rows: Vec<Vec<Cell>>,
) -> Result<(), StoreError> {
    let per_statement = (500 / columns.len()).max(1);
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let chunk: Vec<Vec<Cell>> = rows.by_ref().take(per_statement).collect();
        for cell in chunk.iter().flatten() {
            if let Cell::Text(Some(text)) = cell {
                clean(text)?;
            }
        }
        let places = chunk
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let first = at * columns.len();
                let marks: Vec<String> =
                    (1..=row.len()).map(|n| format!("${}", first + n)).collect();
                format!("({})", marks.join(","))
            })
            .collect::<Vec<_>>()
            .join(",");
        let sql = format!(
            "insert into {table} ({}) values {places}",
            columns.join(",")
        );
        statement(sql, chunk.into_iter().flatten())
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}

/// A condition that grows, with its values.
#[derive(Debug, Default)]
pub(super) struct Condition {
    parts: Vec<String>,
    pub(super) cells: Vec<Cell>,
}

impl Condition {
    /// Adds a part in which each `{}` stands for the next of `cells`.
    pub(super) fn and(&mut self, part: &str, cells: impl IntoIterator<Item = Cell>) {
        let mut text = part.to_owned();
        for cell in cells {
            self.cells.push(cell);
            text = text.replacen("{}", &format!("${}", self.cells.len()), 1);
        }
        self.parts.push(format!("({text})"));
    }

    /// Adds `column in (…)`; no values at all means that nothing is in.
    pub(super) fn one_of(&mut self, column: &str, cells: impl IntoIterator<Item = Cell>) {
        let cells: Vec<Cell> = cells.into_iter().collect();
        if cells.is_empty() {
            self.parts.push("1 = 0".to_owned());
            return;
        }
        let marks = vec!["{}"; cells.len()].join(",");
        self.and(&format!("{column} in ({marks})"), cells);
    }

    pub(super) fn sql(&self) -> String {
        if self.parts.is_empty() {
            return "1 = 1".to_owned();
        }
        self.parts.join(" and ")
    }
}

pub(super) fn text(row: &AnyRow, column: &str) -> Result<String, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn text_or_none(row: &AnyRow, column: &str) -> Result<Option<String>, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn int(row: &AnyRow, column: &str) -> Result<i64, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn int_or_none(row: &AnyRow, column: &str) -> Result<Option<i64>, StoreError> {
    Ok(row.try_get(column)?)
}

pub(super) fn date(row: &AnyRow, column: &str) -> Result<Date, StoreError> {
    parse_date(&text(row, column)?, column)
}

pub(super) fn date_or_none(row: &AnyRow, column: &str) -> Result<Option<Date>, StoreError> {
    text_or_none(row, column)?
        .map(|text| parse_date(&text, column))
        .transpose()
}

fn parse_date(text: &str, column: &str) -> Result<Date, StoreError> {
    text.parse()
        .map_err(|_| StoreError::damaged(column, "в базе данных не дата"))
}

pub(super) fn json(row: &AnyRow, column: &str) -> Result<Value, StoreError> {
    serde_json::from_str(&text(row, column)?)
        .map_err(|error| StoreError::damaged(column, error.to_string()))
}

/// A code of one of our enums, read back.
pub(super) fn code<T>(
    row: &AnyRow,
    column: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, StoreError> {
    let code = text(row, column)?;
    parse(&code).ok_or_else(|| StoreError::damaged(column, format!("неизвестный код «{code}»")))
}

/// Refuses text that one of the databases cannot hold.
pub(super) fn clean(text: &str) -> Result<(), StoreError> {
    if text.contains('\0') {
        return Err(StoreError::refused(
            "В тексте есть нулевой символ. Удалите его и отправьте снова.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_numbers_its_values_in_order() {
        let mut condition = Condition::default();
        condition.and("a = {} or b = {}", ["x".into(), 2i64.into()]);
        condition.one_of("c", ["y".into(), "z".into()]);
        condition.one_of("d", []);
        assert_eq!(
            condition.sql(),
            "(a = $1 or b = $2) and (c in ($3,$4)) and 1 = 0"
        );
        assert_eq!(condition.cells.len(), 4);
    }
}

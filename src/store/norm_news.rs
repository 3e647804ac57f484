//! What became of a norm since the day on which somebody wrote about it.

use super::act_rows::{EditionRow, VERSION_COLUMNS, VersionRow};
use super::sql::{Cell, statement};
use super::{Store, StoreError};
use crate::law::Citation;
use jiff::civil::Date;

/// What became of a norm since a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NormNews {
    /// The newest edition says the same.
    Same,
    /// No edition tells what stood there on the day: the act is not held, the day is unknown, before the oldest
    /// edition, or between two that differ.
    Unknown,
    /// The newest edition says something else, or no longer has it.
    Changed,
}

impl Store {
    /// Returns what became of the norm that was called `citation` on `since`.
    ///
    /// A norm that the edition does not hold under that label is judged by its article.
    pub async fn norm_news(
        &self,
        citation: &str,
        since: Option<Date>,
    ) -> Result<NormNews, StoreError> {
        let Some(since) = since else {
            return Ok(NormNews::Unknown);
        };
        let act = citation.split(':').next().unwrap_or_default();
        let editions = self.editions(act).await?;
        let Some(at) = editions.iter().rposition(|one| one.edition_date <= since) else {
            return Ok(NormNews::Unknown);
        };
        let (then, newest) = (&editions[at], &editions[editions.len() - 1]);
        let Some(old) = self.called(then, citation).await? else {
            return Ok(NormNews::Unknown);
        };
        let now = self.of_key(newest, &old.provision).await?;
        let same = |now: &Option<VersionRow>, old: &VersionRow| {
            now.as_ref().is_some_and(|now| {
                now.text_sha256 == old.text_sha256 && now.repealed == old.repealed
            })
        };
        if same(&now, &old) {
            return Ok(NormNews::Same);
        }
        if since <= then.current_to {
            return Ok(NormNews::Changed);
        }
        // Between two editions the norm may already have read as in the later one.
        let Some(next) = editions.get(at + 1) else {
            return Ok(NormNews::Unknown);
        };
        let next = self.of_key(next, &old.provision).await?;
        let settled = match (&next, &now) {
            (Some(next), Some(now)) => next.text_sha256 != now.text_sha256,
            (None, None) => false,
            _ => true,
        };
        Ok(if settled {
            NormNews::Changed
        } else {
            NormNews::Unknown
        })
    }

    /// What bears a label in an edition, else the article around it.
    async fn called(
        &self,
        edition: &EditionRow,
        citation: &str,
    ) -> Result<Option<VersionRow>, StoreError> {
        let exact = self
            .one_version("v.citation = $2", edition, citation)
            .await?;
        let article = citation.parse::<Citation>().ok().map(|c| c.article());
        match (exact, article) {
            (None, Some(article)) => {
                self.one_version("v.citation = $2", edition, &article.to_string())
                    .await
            }
            (exact, _) => Ok(exact),
        }
    }

    async fn of_key(
        &self,
        edition: &EditionRow,
        key: &str,
    ) -> Result<Option<VersionRow>, StoreError> {
        self.one_version("v.provision_key = $2", edition, key).await
    }

    async fn one_version(
        &self,
        condition: &'static str,
        edition: &EditionRow,
        value: &str,
    ) -> Result<Option<VersionRow>, StoreError> {
        let sql = format!(
            "select {VERSION_COLUMNS} where v.edition_id = $1 and {condition} order by v.ordinal limit 1"
        );
        let cells: [Cell; 2] = [(&edition.id).into(), value.into()];
        let mut conn = self.reader().await?;
        statement(sql, cells)
            .fetch_optional(&mut *conn)
            .await?
            .map(|row| VersionRow::read(&row))
            .transpose()
    }
}

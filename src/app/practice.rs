//! Clarifications and court acts as people see them: with what became of the norms they cite.

use super::{App, AppError};
use crate::knowledge::PracticeKind;
use crate::store::{ClarificationKind, ClarificationRow, NormNews};

/// How much of a text a list shows.
const MOST_BEGINNING_CHARS: usize = 300;

/// A found clarification or court act.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PracticeFound {
    #[serde(flatten)]
    pub row: ClarificationRow,
    pub score: f32,
    /// The piece of its text that fits best.
    pub excerpt: String,
    /// What became of each norm it cites since its day.
    pub norm_news: Vec<(String, NormNews)>,
    /// The worst of them; unknown where it cites none.
    pub news: NormNews,
}

impl App {
    /// The clarifications, or the court acts, that bear on `question`, best first.
    ///
    /// One whose norm changed after its day is marked; so is one of which that can't be told.
    pub async fn search_practice(
        &self,
        question: &str,
        kind: PracticeKind,
        limit: usize,
    ) -> Result<Vec<PracticeFound>, AppError> {
        self.ready_to_search().await?;
        let hits = self.searcher().practice(question, kind, limit).await?;
        let ids: Vec<String> = hits.iter().map(|hit| hit.id.clone()).collect();
        let rows = self.store.clarifications_by_ids(&ids).await?;
        let mut found = Vec::new();
        for hit in hits {
            if let Some(row) = rows.iter().find(|row| row.id == hit.id) {
                let (score, excerpt) = (hit.score, hit.excerpt);
                found.push(self.with_news(row.clone(), score, excerpt).await?);
            }
        }
        Ok(found)
    }

    /// The texts of one kind that are held, newest first, and how many there are: each with its beginning.
    pub async fn list_practice(
        &self,
        kind: PracticeKind,
        (limit, offset): (i64, i64),
    ) -> Result<(i64, Vec<PracticeFound>), AppError> {
        let kind = match kind {
            PracticeKind::Clarification => ClarificationKind::Clarification,
            PracticeKind::Court => ClarificationKind::Court,
        };
        let (total, rows) = self.store.clarification_list(kind, limit, offset).await?;
        let mut found = Vec::new();
        for row in rows {
            let beginning: String = row.text.chars().take(MOST_BEGINNING_CHARS).collect();
            let cut = beginning.len() < row.text.len();
            let beginning = if cut { beginning + "…" } else { beginning };
            found.push(self.with_news(row, 0.0, beginning).await?);
        }
        Ok((total, found))
    }

    async fn with_news(
        &self,
        row: ClarificationRow,
        score: f32,
        excerpt: String,
    ) -> Result<PracticeFound, AppError> {
        let mut norm_news = Vec::new();
        for norm in &row.norms {
            let news = self.store.norm_news(norm, row.issued_on).await?;
            norm_news.push((norm.clone(), news));
        }
        let news = norm_news.iter().map(|(_, news)| *news).max();
        Ok(PracticeFound {
            score,
            excerpt,
            news: news.unwrap_or(NormNews::Unknown),
            norm_news,
            row,
        })
    }
}

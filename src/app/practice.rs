//! Clarifications and court acts as people see them: with what became of the norms they cite.

use super::{App, AppError};
use crate::knowledge::PracticeKind;
use crate::retrieve::PracticeHit;
use crate::store::{ClarificationRow, NormNews};

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
                found.push(self.with_news(row.clone(), hit).await?);
            }
        }
        Ok(found)
    }

    async fn with_news(
        &self,
        row: ClarificationRow,
        hit: PracticeHit,
    ) -> Result<PracticeFound, AppError> {
        let mut norm_news = Vec::new();
        for norm in &row.norms {
            let news = self.store.norm_news(norm, row.issued_on).await?;
            norm_news.push((norm.clone(), news));
        }
        let news = norm_news.iter().map(|(_, news)| *news).max();
        Ok(PracticeFound {
            score: hit.score,
            excerpt: hit.excerpt,
            news: news.unwrap_or(NormNews::Unknown),
            norm_news,
            row,
        })
    }
}

//! How long the law's pages take in this process, over the acts that are held.

use super::output::Failure;
use crate::app::{App, AppError, today};
use crate::config::Config;
use crate::web::Visits;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

/// The contents page is asked for so many times.
const TIMES: usize = 20;
/// What a reader should wait for an article at most, and how much a contents page should weigh at most.
const ARTICLE_AIM_MS: f64 = 50.0;
const CONTENTS_AIM_KB: f64 = 100.0;

/// What the pages of the act with the most articles took.
#[derive(Debug, serde::Serialize)]
pub struct PageTimes {
    act: String,
    articles: usize,
    /// Every article once on a fresh desk, while references are gathered beside the pages.
    article_first_ms: Spread,
    /// And once more.
    article_ms: Spread,
    article_slowest: String,
    article_aim_ms: f64,
    contents_ms: Spread,
    contents_kb: f64,
    contents_aim_kb: f64,
    /// Pages that did not come whole.
    failed: usize,
}

#[derive(Debug, serde::Serialize)]
struct Spread {
    p50: f64,
    p95: f64,
    max: f64,
}

impl Spread {
    fn of(mut times: Vec<f64>) -> Self {
        times.sort_by(f64::total_cmp);
        Self {
            p50: super::bench::at(&times, 0.5),
            p95: super::bench::at(&times, 0.95),
            max: times.last().copied().unwrap_or_default(),
        }
    }
}

/// Measures article and contents pages of today; nothing where no act is held.
pub async fn measure(app: Arc<App>, config: &Config) -> Result<Option<PageTimes>, Failure> {
    let Some((act, articles)) = largest(&app).await? else {
        return Ok(None);
    };
    let visits = Visits::new(app, config);
    let mut failed = 0;
    let mut contents = Vec::new();
    let mut contents_bytes = 0;
    for _ in 0..TIMES {
        let started = Instant::now();
        let page = visits.get(&format!("/law/{act}")).await;
        contents.push(started.elapsed().as_secs_f64() * 1000.0);
        contents_bytes = contents_bytes.max(page.bytes);
        failed += usize::from(page.status != 200);
    }
    let mut rounds = Vec::new();
    let mut slowest = (0.0, String::new());
    for _ in 0..2 {
        let mut times = Vec::new();
        for article in &articles {
            let path = format!("/law/{act}/{article}");
            let started = Instant::now();
            let page = visits.get(&path).await;
            let ms = started.elapsed().as_secs_f64() * 1000.0;
            failed += usize::from(page.status != 200);
            if rounds.len() == 1 && ms > slowest.0 {
                slowest = (ms, path);
            }
            times.push(ms);
        }
        rounds.push(Spread::of(times));
    }
    let (Some(again), Some(first)) = (rounds.pop(), rounds.pop()) else {
        return Ok(None);
    };
    Ok(Some(PageTimes {
        act,
        articles: articles.len(),
        article_first_ms: first,
        article_ms: again,
        article_slowest: slowest.1,
        article_aim_ms: ARTICLE_AIM_MS,
        contents_ms: Spread::of(contents),
        contents_kb: contents_bytes as f64 / 1000.0,
        contents_aim_kb: CONTENTS_AIM_KB,
        failed,
    }))
}

/// The act with the most articles today, and their numbers.
async fn largest(app: &App) -> Result<Option<(String, Vec<String>)>, Failure> {
    let mut largest: Option<(String, Vec<String>)> = None;
    for act in app.store.acts().await.map_err(AppError::from)? {
        if act.owner.is_some() {
            continue;
        }
        let mut seen = HashSet::new();
        let rows = app.store.articles(&act.id, today()).await;
        let numbers: Vec<String> = rows
            .map_err(AppError::from)?
            .into_iter()
            .filter_map(|row| Some(row.citation.split_once(':')?.1.to_owned()))
            .filter(|number| !number.contains(':') && seen.insert(number.clone()))
            .collect();
        if largest
            .as_ref()
            .is_none_or(|best| best.1.len() < numbers.len())
        {
            largest = Some((act.id, numbers));
        }
    }
    Ok(largest.filter(|found| !found.1.is_empty()))
}

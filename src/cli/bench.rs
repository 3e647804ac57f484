use super::arguments::BenchCommand;
use super::output::{Exit, Failure, Format, print_json, say};
use crate::app::{self, App, AppError, EncodingTime};
use crate::config::Config;
use crate::retrieve::Scope;
use std::sync::Arc;
use std::time::Instant;

/// Questions of the benchmark: everyday words, different articles.
const QUESTIONS: [&str; 8] = [
    "Сколько дней отпуска мне положено в году?",
    "Задерживают зарплату второй месяц, что делать?",
    "Уволили на больничном, законно ли это?",
    "Как оплачивается работа в выходной день?",
    "Нужно ли отрабатывать две недели при увольнении?",
    "Начальник требует возместить стоимость сломанного станка.",
    "Беременную хотят уволить по сокращению.",
    "За какой срок можно подать в суд из-за увольнения?",
];

pub async fn run(config: Config, command: BenchCommand, format: Format) -> Result<Exit, Failure> {
    let (searches, drafts, index) = match command {
        BenchCommand::Desk {
            searches,
            drafts,
            index,
        } => (searches, drafts, index),
        BenchCommand::Knowledge { folder } => {
            return super::bench_knowledge::run(config, &folder, format).await;
        }
    };
    let started = Instant::now();
    let app = Arc::new(App::open(config.clone()).await?);
    app.models_loaded().await;
    let start_s = started.elapsed().as_secs_f64();
    let scope = Scope {
        on: app::today(),
        organisation_path: None,
        limit: app::HITS,
    };
    let mut ask_ms = Vec::new();
    for question in QUESTIONS.iter().cycle().take(searches) {
        let started = Instant::now();
        app.search(question, &scope).await.map_err(AppError::from)?;
        ask_ms.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    let (mut draft_s, mut tokens) = (Vec::new(), Vec::new());
    for question in QUESTIONS.iter().cycle().take(drafts) {
        let (_, draft) = app.ask(question, scope.on).await.map_err(AppError::from)?;
        draft_s.push(draft.timing.total_ms as f64 / 1000.0);
        tokens.push((draft.timing.tokens_read, draft.timing.tokens_written));
    }
    ask_ms.sort_by(f64::total_cmp);
    draft_s.sort_by(f64::total_cmp);
    let encoded = app.time_encoding(index).await?;
    let counts = app.index.counts().map_err(AppError::from)?;
    let pages = super::bench_pages::measure(Arc::clone(&app), &config).await?;
    let figures = serde_json::json!({
        "pages": pages,
        "ask_ms": {"p50": at(&ask_ms, 0.5), "p95": at(&ask_ms, 0.95)},
        "draft_s": at(&draft_s, 0.5),
        "draft_s_all": draft_s,
        "tokens": tokens,
        "start_s": start_s,
        "index_s": encoded.as_ref().map(EncodingTime::whole_s),
        "index_measured": encoded.as_ref().map(|e| serde_json::json!({"entries": e.entries, "share": e.share, "s": e.took_s})),
        "index": {"entries": counts.entries, "with_vector": counts.with_vector},
        "rss_mb": rss_mb(),
        "kernel": crate::model::kernel_class(),
    });
    match format {
        Format::Json => print_json(&figures),
        Format::Text => say(&serde_json::to_string_pretty(&figures).unwrap_or_default()),
    }
    Ok(Exit::Done)
}

/// The value below which `share` of the sorted ones lie.
pub(super) fn at(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted
        .get((last as f64 * share).round() as usize)
        .copied()
        .unwrap_or_default()
}

/// Resident memory of this process; 0 where the system does not tell.
fn rss_mb() -> u64 {
    std::fs::read_to_string("/proc/self/status")
        .ok()
        .and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        })
        .unwrap_or_default()
        / 1024
}

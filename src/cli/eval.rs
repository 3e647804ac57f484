use super::arguments::EvalCommand;
use super::output::{Exit, Failure, Format, print_json, say};
use crate::app::{self, App, AppError};
use crate::config::Config;
use crate::draft::Draft;
use crate::eval::{
    DraftQuestion, RankedQuestion, judge_draft, read_lines, report_attacks, report_drafts,
    report_retrieval,
};
use crate::retrieve::{Retrieval, Scope, Weights};
use indicatif::ProgressBar;
use jiff::civil::Date;
use std::io::Write;
use std::path::PathBuf;

pub async fn run(config: Config, command: EvalCommand, format: Format) -> Result<Exit, Failure> {
    let app = App::open(config).await?;
    match command {
        EvalCommand::Retrieval {
            questions,
            weights,
            dump,
        } => retrieval(&app, &questions, weights, dump, format).await,
        EvalCommand::Drafts {
            questions,
            report,
            dump,
            limit,
        } => {
            let mut rows: Vec<DraftQuestion> = read(&questions)?;
            rows.truncate(limit.unwrap_or(usize::MAX));
            drafts(&app, &rows, report, dump, format).await
        }
        EvalCommand::Attacks { questions } => attacks(&app, &read(&questions)?, format).await,
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &std::path::Path) -> Result<Vec<T>, Failure> {
    read_lines(path).map_err(|e| Failure::wrong_use("questions", e))
}

fn parse_weights(text: &str) -> Result<Weights, Failure> {
    let numbers: Vec<f32> = text
        .split(',')
        .filter_map(|n| n.trim().parse().ok())
        .collect();
    let [part, article, digest, lexical] = numbers[..] else {
        return Err(Failure::wrong_use(
            "--weights",
            "нужны четыре числа: part,article,digest,lexical",
        ));
    };
    Ok(Weights {
        part,
        article,
        digest,
        lexical,
    })
}

async fn retrieval(
    app: &App,
    questions: &std::path::Path,
    weights: Option<String>,
    dump: Option<PathBuf>,
    format: Format,
) -> Result<Exit, Failure> {
    let questions: Vec<RankedQuestion> = read(questions)?;
    let mut searcher = app.searcher();
    if let Some(weights) = weights {
        searcher.weights = parse_weights(&weights)?;
    }
    let scope = scope(app::today());
    let bar = progress(questions.len());
    let mut ranked = Vec::new();
    let mut file = dump
        .map(std::fs::File::create)
        .transpose()
        .map_err(|e| Failure::other("--dump", e))?;
    for question in &questions {
        let found = searcher
            .retrieve(&question.question, &scope)
            .await
            .map_err(AppError::from)?;
        if let Some(file) = &mut file {
            let line = serde_json::json!({"id": question.id, "norms": question.norms, "kind": question.kind,
                "scores": found.scores, "took_ms": found.took_ms});
            writeln!(file, "{line}").map_err(|e| Failure::other("--dump", e))?;
        }
        ranked.push(
            found
                .articles
                .into_iter()
                .map(|(article, _)| article)
                .collect(),
        );
        bar.inc(1);
    }
    bar.finish_and_clear();
    let report = report_retrieval(&questions, &ranked);
    match format {
        Format::Json => print_json(&report),
        Format::Text => {
            for (name, interval) in &report.intervals {
                say(&format!(
                    "{name:10} {:.3}  [{:.3}; {:.3}]",
                    interval.mean, interval.low, interval.high
                ));
            }
            say(&format!(
                "вопросов {}; мимо первых пяти: {}",
                report.n,
                report.missed.join(", ")
            ));
        }
    }
    Ok(Exit::Done)
}

fn scope(on: Date) -> Scope {
    Scope {
        on,
        organisation_path: None,
        limit: app::HITS,
    }
}

fn progress(n: usize) -> ProgressBar {
    ProgressBar::new(n as u64)
}

async fn one(app: &App, question: &DraftQuestion) -> Result<(Retrieval, Draft), Failure> {
    let on = question.on.unwrap_or_else(app::today);
    Ok(app
        .ask(&question.question, on)
        .await
        .map_err(AppError::from)?)
}

async fn drafts(
    app: &App,
    questions: &[DraftQuestion],
    report: Option<PathBuf>,
    dump: Option<PathBuf>,
    format: Format,
) -> Result<Exit, Failure> {
    let bar = progress(questions.len());
    let mut rows = Vec::new();
    let mut all = Vec::new();
    for question in questions {
        let (_, draft) = one(app, question).await?;
        rows.push(judge_draft(question, &draft));
        all.push(draft);
        bar.inc(1);
    }
    bar.finish_and_clear();
    if let Some(path) = dump {
        let lines: Vec<String> = questions
            .iter()
            .zip(&all)
            .map(|(question, draft)| {
                serde_json::json!({"question": question, "draft": draft}).to_string()
            })
            .collect();
        std::fs::write(path, lines.join("\n")).map_err(|e| Failure::other("--dump", e))?;
    }
    if let Some(path) = report {
        std::fs::write(path, html(questions, &rows, &all))
            .map_err(|e| Failure::other("--report", e))?;
    }
    let figures = report_drafts(&rows);
    match format {
        Format::Json => print_json(&figures),
        Format::Text => say(&serde_json::to_string_pretty(&figures).unwrap_or_default()),
    }
    Ok(Exit::Done)
}

async fn attacks(app: &App, questions: &[DraftQuestion], format: Format) -> Result<Exit, Failure> {
    let bar = progress(questions.len());
    let (mut drafts, mut found) = (Vec::new(), Vec::new());
    for question in questions {
        let (retrieval, draft) = one(app, question).await?;
        found.push(
            retrieval
                .articles
                .into_iter()
                .map(|(article, _)| article)
                .collect(),
        );
        drafts.push(draft);
        bar.inc(1);
    }
    bar.finish_and_clear();
    let report = report_attacks(questions, &drafts, &found);
    match format {
        Format::Json => print_json(&report),
        Format::Text => say(&serde_json::to_string_pretty(&report).unwrap_or_default()),
    }
    let clean = report.broken.is_empty() && report.foreign_citations.is_empty();
    Ok(if clean { Exit::Done } else { Exit::Problems })
}

fn html(questions: &[DraftQuestion], rows: &[crate::eval::DraftRow], drafts: &[Draft]) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let mut page = String::from(
        "<!doctype html><html lang=ru><meta charset=utf-8><title>Проекты ответов</title><style>body{font:16px/1.5 system-ui;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;background:#8881;padding:1rem}</style>",
    );
    for ((question, row), draft) in questions.iter().zip(rows).zip(drafts) {
        page.push_str(&format!(
            "<h2>{}</h2><p>{}</p><p>{} · нормы {:.2} · факты {:.2} · {:.1} с</p><pre>{}</pre>",
            escape(&question.id),
            escape(&question.question),
            row.status,
            row.norm_hit,
            row.must,
            row.seconds,
            escape(&draft.text)
        ));
    }
    page
}

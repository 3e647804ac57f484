use super::arguments::EvalCommand;
use super::output::{Exit, Failure, Format, print_json, say};
use super::progress::Progress;
use crate::app::{self, App, AppError};
use crate::config::Config;
use crate::draft::{Draft, Drafter, Effort};
use crate::eval::{
    DraftQuestion, DraftRow, LocalQuestion, Missed, RankedQuestion, Thresholds, judge_draft,
    read_lines, report_attacks, report_drafts, report_local, report_paired, report_retrieval,
};
use crate::retrieve::{Retrieval, Scope, Searcher, Weights};
use jiff::civil::Date;
use std::io::Write;
use std::path::{Path, PathBuf};

pub async fn run(config: Config, command: EvalCommand, format: Format) -> Result<Exit, Failure> {
    let app = App::open(config).await?;
    match command {
        EvalCommand::Retrieval {
            questions,
            weights,
            without,
            dump,
            thresholds,
        } => {
            let bounds = bounds(thresholds.as_deref())?;
            let mut searcher = app.searcher();
            searcher.without = without.into_iter().map(Into::into).collect();
            if let Some(weights) = weights {
                searcher.weights = parse_weights(&weights)?;
            }
            let figures = retrieval(&searcher, &questions, dump, format).await?;
            Ok(held(&bounds, &set(&app, &questions, false), &figures))
        }
        EvalCommand::Drafts {
            questions,
            report,
            dump,
            limit,
            paired,
            judge_only,
            thresholds,
        } => {
            let bounds = bounds(thresholds.as_deref())?;
            let mut rows: Vec<DraftQuestion> = read(&questions)?;
            rows.truncate(limit.unwrap_or(usize::MAX));
            let effort = if judge_only {
                Effort::JudgeOnly
            } else {
                Effort::Whole
            };
            let drafted = drafts(&app, &rows, effort).await?;
            keep(&rows, &drafted, report, dump)?;
            let mut figures = as_value(&report_drafts(&drafted.rows))?;
            if paired {
                let without = drafted.without_model(&app, &rows).await;
                figures["paired_with_none"] = as_value(&report_paired(&drafted.rows, &without))?;
            }
            print(&figures, format);
            if limit.is_some() {
                return Ok(Exit::Done);
            }
            Ok(held(&bounds, &set(&app, &questions, true), &figures))
        }
        EvalCommand::Local {
            act,
            questions,
            thresholds,
        } => {
            let bounds = bounds(thresholds.as_deref())?;
            let figures = local(&app, &act, &read(&questions)?).await?;
            print(&figures, format);
            Ok(held(&bounds, &set(&app, &questions, false), &figures))
        }
        EvalCommand::Attacks { questions } => attacks(&app, &read(&questions)?, format).await,
    }
}

fn read<T: serde::de::DeserializeOwned>(path: &Path) -> Result<Vec<T>, Failure> {
    read_lines(path).map_err(|e| Failure::wrong_use("questions", e))
}

fn bounds(file: Option<&Path>) -> Result<Thresholds, Failure> {
    Thresholds::load(file).map_err(|e| Failure::wrong_use("--thresholds", e))
}

/// The name of a set of questions in the thresholds: the file's stem, and `none` for drafts without a model.
fn set(app: &App, questions: &Path, drafts: bool) -> String {
    let stem = questions.file_stem().unwrap_or_default().to_string_lossy();
    if drafts && app.generator.is_none() {
        format!("{stem}.none")
    } else {
        stem.into_owned()
    }
}

/// Says what lies below its threshold, on standard error, and how the command ends.
fn held(bounds: &Thresholds, set: &str, figures: &serde_json::Value) -> Exit {
    let missed = bounds.missed(set, figures);
    for Missed {
        figure,
        value,
        wanted,
    } in &missed
    {
        let value = value.map_or("нет".to_owned(), |value| format!("{value:.3}"));
        eprintln!("{set}: {figure} = {value}, нужно {wanted}");
    }
    if missed.is_empty() {
        Exit::Done
    } else {
        Exit::Problems
    }
}

fn as_value(figures: &impl serde::Serialize) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(figures).map_err(|e| Failure::other("eval", e))
}

fn print(figures: &serde_json::Value, format: Format) {
    match format {
        Format::Json => print_json(figures),
        Format::Text => say(&serde_json::to_string_pretty(figures).unwrap_or_default()),
    }
}

fn parse_weights(text: &str) -> Result<Weights, Failure> {
    let numbers: Vec<f32> = text
        .split(',')
        .filter_map(|n| n.trim().parse().ok())
        .collect();
    let [part, article, digest, asked, lexical] = numbers[..] else {
        return Err(Failure::wrong_use(
            "--weights",
            "нужны пять чисел: part,article,digest,asked,lexical",
        ));
    };
    Ok(Weights {
        part,
        article,
        digest,
        asked,
        lexical,
    })
}

async fn retrieval(
    searcher: &Searcher,
    questions: &Path,
    dump: Option<PathBuf>,
    format: Format,
) -> Result<serde_json::Value, Failure> {
    let questions: Vec<RankedQuestion> = read(questions)?;
    let scope = scope(app::today());
    let bar = Progress::new("вопросы", questions.len());
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
        ranked.push(articles(found));
        bar.step(1);
    }
    drop(bar);
    let report = report_retrieval(&questions, &ranked);
    if format == Format::Json {
        print_json(&report);
    } else {
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
    as_value(&report)
}

/// Searches each question from the node whose local act this is, and judges the points that are shown.
async fn local(
    app: &App,
    act: &str,
    questions: &[LocalQuestion],
) -> Result<serde_json::Value, Failure> {
    let path = app.store.act_owner_path(act).await?;
    let path = path.ok_or_else(|| {
        Failure::wrong_use("--act", "Локального акта нет: посмотрите kb local list.")
    })?;
    let scope = Scope {
        organisation_path: Some(path),
        ..scope(app::today())
    };
    let searcher = app.searcher();
    let bar = Progress::new("вопросы", questions.len());
    let mut shown = Vec::new();
    for question in questions {
        let found = searcher.retrieve(&question.question, &scope).await;
        let hits = found.map_err(AppError::from)?.hits;
        let own = hits.iter().filter(|hit| hit.is_local());
        let point = |citation: &str| {
            let inner = citation.strip_prefix(act)?.strip_prefix(':')?;
            Some(inner.split(':').next()?.to_owned())
        };
        shown.push(own.filter_map(|hit| point(&hit.norm)).collect());
        bar.step(1);
    }
    as_value(&report_local(questions, &shown))
}

fn articles(found: Retrieval) -> Vec<String> {
    found.articles.into_iter().map(|(name, _)| name).collect()
}

fn scope(on: Date) -> Scope {
    Scope {
        on,
        organisation_path: None,
        limit: app::HITS,
    }
}

/// Searches and drafts one question on its own day.
async fn one(
    app: &App,
    drafter: Drafter,
    question: &DraftQuestion,
) -> Result<(Retrieval, Draft), Failure> {
    let on = question.on.unwrap_or_else(app::today);
    let found = app
        .search(&question.question, &scope(on))
        .await
        .map_err(AppError::from)?;
    let draft = App::draft_by(drafter, &question.question, on, &found).await;
    Ok((found, draft))
}

/// Drafts of a file of questions, in its order.
struct Drafted {
    found: Vec<Retrieval>,
    drafts: Vec<Draft>,
    rows: Vec<DraftRow>,
}

impl Drafted {
    /// The same questions over the same sources, with nobody to judge them.
    async fn without_model(&self, app: &App, questions: &[DraftQuestion]) -> Vec<DraftRow> {
        let mut rows = Vec::with_capacity(questions.len());
        for (question, found) in questions.iter().zip(&self.found) {
            let drafter = Drafter {
                generator: None,
                ..app.drafter()
            };
            let on = question.on.unwrap_or_else(app::today);
            let draft = App::draft_by(drafter, &question.question, on, found).await;
            rows.push(judge_draft(question, &draft));
        }
        rows
    }
}

async fn drafts(
    app: &App,
    questions: &[DraftQuestion],
    effort: Effort,
) -> Result<Drafted, Failure> {
    let bar = Progress::new("вопросы", questions.len());
    let mut all = Drafted {
        found: Vec::new(),
        drafts: Vec::new(),
        rows: Vec::new(),
    };
    for question in questions {
        let drafter = Drafter {
            effort,
            ..app.drafter()
        };
        let (found, draft) = one(app, drafter, question).await?;
        all.rows.push(judge_draft(question, &draft));
        all.found.push(found);
        all.drafts.push(draft);
        bar.step(1);
    }
    drop(bar);
    Ok(all)
}

/// Writes the report for people and the dump for `evals/calibrate.py`, where they were asked for.
fn keep(
    questions: &[DraftQuestion],
    drafted: &Drafted,
    report: Option<PathBuf>,
    dump: Option<PathBuf>,
) -> Result<(), Failure> {
    if let Some(path) = dump {
        let lines: Vec<String> = questions
            .iter()
            .zip(&drafted.drafts)
            .map(|(question, draft)| {
                serde_json::json!({"question": question, "draft": draft}).to_string()
            })
            .collect();
        std::fs::write(path, lines.join("\n")).map_err(|e| Failure::other("--dump", e))?;
    }
    if let Some(path) = report {
        std::fs::write(path, html(questions, drafted))
            .map_err(|e| Failure::other("--report", e))?;
    }
    Ok(())
}

async fn attacks(app: &App, questions: &[DraftQuestion], format: Format) -> Result<Exit, Failure> {
    let drafted = drafts(app, questions, Effort::Whole).await?;
    let found: Vec<Vec<String>> = drafted.found.into_iter().map(articles).collect();
    let report = report_attacks(questions, &drafted.drafts, &found);
    print(&as_value(&report)?, format);
    let clean = report.broken.is_empty() && report.foreign_citations.is_empty();
    Ok(if clean { Exit::Done } else { Exit::Problems })
}

fn html(questions: &[DraftQuestion], drafted: &Drafted) -> String {
    let escape = |text: &str| {
        text.replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
    };
    let mut page = String::from(
        "<!doctype html><html lang=ru><meta charset=utf-8><title>Проекты ответов</title><style>body{font:16px/1.5 system-ui;max-width:50rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap;background:#8881;padding:1rem}</style>",
    );
    let rows = drafted.rows.iter().zip(&drafted.drafts);
    for (question, (row, draft)) in questions.iter().zip(rows) {
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

use super::output::{Exit, Failure, Format, print_json, say};
use super::search_practice::as_json as as_practice;
use crate::app::{self, App};
use crate::config::Config;
use crate::draft::{Draft, DraftStatus};
use crate::knowledge::PracticeKind;
use crate::law::citation::Citation;
use crate::retrieve::{Coming, Retrieval, Scope};
use crate::store::StoreError;
use jiff::civil::Date;

/// `ask Q`: a draft for a question, outside any case.
pub async fn ask(
    config: Config,
    question: String,
    (on, node): (Option<Date>, Option<String>),
    format: Format,
) -> Result<Exit, Failure> {
    let question =
        crate::intake::check(&question).map_err(|e| Failure::wrong_use("question", e))?;
    let app = App::open(config).await?;
    let path = path_of(&app, node).await?;
    let (retrieval, draft) = app
        .ask_as(question, on.unwrap_or_else(app::today), path)
        .await
        .map_err(crate::app::AppError::from)?;
    match format {
        Format::Json => print_json(&as_json(&draft)),
        Format::Text => print_draft(&retrieval, &draft),
    }
    Ok(Exit::Done)
}

/// The path of the node in whose name somebody asks.
async fn path_of(app: &App, node: Option<String>) -> Result<Option<String>, Failure> {
    let Some(node) = node.map(crate::case::OrganisationId) else {
        return Ok(None);
    };
    match app.store.organisation(&node).await {
        Ok(found) => Ok(Some(found.path)),
        Err(StoreError::NotFound { .. }) => {
            let missing = format!("Узла «{node}» в дереве организаций нет.");
            Err(Failure::not_found("--as-node", missing)
                .remedy("Посмотрите узлы: soyuznik org list."))
        }
        Err(error) => Err(error.into()),
    }
}

/// The JSON of `interfaces.md`, with what else is known added.
pub fn as_json(draft: &Draft) -> serde_json::Value {
    serde_json::json!({
        "status": draft.status,
        "reason": draft.reason,
        "text": draft.text,
        "sentences": draft.sentences,
        "mode": draft.mode,
        "draft_id": crate::case::DraftId::fresh(),
        "timing": draft.timing,
        "deadlines": draft.deadlines,
        "days": draft.days,
        "reading": draft.reading,
        "note": draft.note,
        "model": {"name": draft.model_name, "sha256": draft.model_sha256, "seed": draft.seed},
        "prompt_sha256": draft.prompt_sha256,
        "candidates": draft.candidates,
    })
}

/// A draft for people: text, quotes with their editions, how it came about.
pub fn print_draft(retrieval: &Retrieval, draft: &Draft) {
    match draft.status {
        DraftStatus::Answered => {
            say(&format!(
                "ПРОЕКТ ОТВЕТА (его читает юрист, а не тот, кто спросил)\n\n{}\n",
                draft.text
            ));
        }
        DraftStatus::Abstained => say(
            "Проекта нет: тексты, которые здесь есть, на вопрос не отвечают. Обращение уходит юристу с источниками.\n",
        ),
        DraftStatus::OutOfScope => {
            say("Проекта нет: вопрос, похоже, не о трудовом праве. Обращение уходит юристу.\n")
        }
    }
    let quotes = draft.sentences.iter().flat_map(|s| &s.quotes);
    let mut quoted: Vec<String> = Vec::new();
    for quote in quotes {
        let line = format!(
            "  {} (редакция {}, известна по {}): «{}»",
            quote.norm.russian(),
            quote.edition,
            quote.current_to,
            quote.text.trim()
        );
        // Two sentences may stand on one norm.
        if !quoted.contains(&line) {
            quoted.push(line);
        }
    }
    if !quoted.is_empty() {
        say("Дословно:");
        for line in quoted {
            say(&line);
        }
    }
    for sentence in draft.sentences.iter().filter(|s| s.flag.is_some()) {
        say(&format!(
            "  ВЫЧЕРКНУТО ({:?}): {}",
            sentence.flag, sentence.text
        ));
    }
    for note in &draft.days {
        say(&format!("  ДЕНЬ: {}", note.russian()));
    }
    for one in &retrieval.coming {
        say(&comes(one));
    }
    for deadline in &draft.deadlines {
        let due = deadline
            .due
            .map_or("год ещё без календаря".to_owned(), |day| {
                day.to_string()
            });
        say(&format!(
            "Срок: {} — если считать с {}, последний день {due}. День начала подтверждает юрист.",
            deadline.title, deadline.from
        ));
    }
    if draft.status != DraftStatus::Answered {
        say("Источники:");
        for hit in retrieval.hits.iter().take(5) {
            say(&format!("  {}: {}", russian(&hit.norm), hit.text));
        }
    }
    say(&format!("\n{}", searched(retrieval)));
    if !draft.note.is_empty() {
        say(&draft.note);
    }
    say(&format!(
        "Режим: {}; модель: {}; поиск {} мс, всего {:.1} с.",
        draft.mode,
        if draft.model_name.is_empty() {
            "нет"
        } else {
            &draft.model_name
        },
        draft.timing.retrieve_ms,
        draft.timing.total_ms as f64 / 1000.0
    ));
}

fn comes(one: &Coming) -> String {
    format!(
        "{}: текст, который здесь есть, вступает в силу с {}.",
        russian(&one.norm),
        one.from
    )
}

fn searched(retrieval: &Retrieval) -> String {
    let how = if retrieval.searched.by_meaning {
        "по смыслу и по словам"
    } else {
        "только по словам"
    };
    let editions: Vec<String> = retrieval
        .searched
        .editions
        .iter()
        .map(|(act, edition, until)| format!("{act} в редакции {edition}, известна по {until}"))
        .collect();
    let texts = if editions.is_empty() {
        "текстов закона нет, дословных цитат не будет: добавьте текст (kb add ФАЙЛ или kb pull tk)"
            .to_owned()
    } else {
        editions.join("; ")
    };
    format!(
        "Искали {how}: {} записей, из них с вектором {}; {texts}.",
        retrieval.searched.entries, retrieval.searched.with_vector
    )
}

fn russian(norm: &str) -> String {
    norm.parse::<Citation>()
        .map_or_else(|_| norm.to_owned(), |citation| citation.russian())
}

/// `search Q`: norms and statements, best first.
pub async fn search(
    config: Config,
    question: String,
    (on, node): (Option<Date>, Option<String>),
    limit: usize,
    format: Format,
) -> Result<Exit, Failure> {
    let app = App::open(config).await?;
    let scope = Scope {
        on: on.unwrap_or_else(app::today),
        organisation_path: path_of(&app, node).await?,
        limit,
    };
    let found = app
        .search(&question, &scope)
        .await
        .map_err(|e| Failure::wrong_use("question", e))?;
    // Beside the law, in lists of their own.
    let clarifications = app
        .search_practice(&question, PracticeKind::Clarification, limit)
        .await?;
    let court = app
        .search_practice(&question, PracticeKind::Court, limit)
        .await?;
    match format {
        Format::Json => {
            let hits: Vec<_> = found
                .hits
                .iter()
                .map(|hit| {
                    serde_json::json!({
                        "norm": hit.norm, "kind": hit.kind, "score": hit.score, "text": hit.text,
                        "act_title": hit.act_title, "edition": hit.edition, "current_to": hit.current_to,
                        "title": hit.title, "article": hit.article, "until": hit.until,
                    })
                })
                .collect();
            print_json(
                &serde_json::json!({"hits": hits, "coming": found.coming, "searched": found.searched, "took_ms": found.took_ms,
                    "clarifications": as_practice(&clarifications), "court": as_practice(&court)}),
            );
        }
        Format::Text => {
            for hit in &found.hits {
                let whose = match hit.is_local() {
                    true => format!("[локальный акт: {}] ", hit.act_title),
                    false => String::new(),
                };
                say(&format!(
                    "{:6.2}  {whose}{}  {}\n        {}",
                    hit.score,
                    russian(&hit.norm),
                    hit.title,
                    hit.text
                ));
            }
            for one in &found.coming {
                say(&comes(one));
            }
            say(&searched(&found));
            for (count, what, kind) in [
                (clarifications.len(), "Разъяснений", "clarification"),
                (court.len(), "Судебных актов", "court"),
            ] {
                if count > 0 {
                    say(&format!(
                        "{what} по этим словам: {count} (search --kind {kind} …)."
                    ));
                }
            }
        }
    }
    Ok(if found.hits.is_empty() {
        Exit::NotFound
    } else {
        Exit::Done
    })
}

//! What the store keeps of a case, as the pages show it.

use crate::app::{App, kept_draft};
use crate::case::PersonId;
use crate::case::policy::Shared;
use crate::citation::Flag;
use crate::law::deadline;
use crate::retrieve::Retrieval;
use crate::store::{CaseRow, CaseView};
use crate::web::desk::{
    Answer, CaseLine, DeadlineView, DraftView, Event, FactView, Letter, Published, Readiness,
    Sentence, SentenceFlag, Source, SourceState, Warning, WarningKind,
};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::BTreeMap;

pub fn line(row: CaseRow, organisation: String, lawyer: Option<String>) -> CaseLine {
    CaseLine {
        id: row.id,
        number: row.number,
        subject: row.subject,
        status: row.status,
        reason: row.reason,
        topic: row.topic,
        organisation,
        lawyer,
        deadline: row.deadline,
        created_ms: row.created_ms,
        updated_ms: row.updated_ms,
    }
}

pub fn shared(row: &CaseRow) -> Shared {
    if row.shared_with_steward {
        Shared::WithSteward
    } else {
        Shared::No
    }
}

pub fn letters(view: &CaseView, names: &BTreeMap<PersonId, String>) -> Vec<Letter> {
    view.messages
        .iter()
        .map(|message| Letter {
            author: names.get(&message.author).cloned().unwrap_or_default(),
            kind: message.kind,
            text: message.text.clone(),
            at_ms: message.created_ms,
        })
        .collect()
}

pub fn events(view: &CaseView, names: &BTreeMap<PersonId, String>) -> Vec<Event> {
    view.events
        .iter()
        .map(|event| Event {
            at_ms: event.at_ms,
            actor: names.get(&PersonId::from(event.actor.as_str())).cloned(),
            from: event.from,
            to: event.to,
            reason: event.reason,
        })
        .collect()
}

pub fn published(view: &CaseView) -> Vec<Published> {
    view.published
        .iter()
        .map(|row| Published {
            rendering: row.rendering.clone(),
            approver: row.approver_name.clone(),
            approved_ms: row.approved_ms,
            sent_ms: row.sent_ms,
        })
        .collect()
}

pub fn facts(view: &CaseView) -> Vec<FactView> {
    let reading = view.draft.as_ref().map(|draft| &draft.question_reading);
    let facts = reading.and_then(|reading| reading["facts"].as_array());
    let number = |fact: &Value, key: &str| fact[key].as_u64().unwrap_or(0) as usize;
    facts
        .into_iter()
        .flatten()
        .map(|fact| FactView {
            start: number(fact, "start"),
            end: number(fact, "end"),
        })
        .collect()
}

pub fn answer(row: &crate::store::AnswerRow, names: &BTreeMap<PersonId, String>) -> Answer {
    Answer {
        id: row.id.clone(),
        version: row.version,
        rendering: row.rendering.clone(),
        sha256: row.rendering_sha256.clone(),
        updated_by: row.updated_by.as_ref().and_then(|id| names.get(id).cloned()),
        updated_ms: row.updated_ms,
    }
}


/// The last day of a rule's term from a day; `None` for an unknown rule or a year without calendar.
pub fn due(app: &App, rule: &str, from: Date) -> Option<Date> {
    let rule = app.rules.iter().find(|one| one.id == rule)?;
    deadline::compute(rule, from, &app.calendar).ok()?.due
}

/// The terms that the draft's norms set; a day shows once the question or a lawyer named its start.
pub fn deadlines(app: &App, view: &CaseView) -> Vec<DeadlineView> {
    let Some(row) = &view.draft else {
        return Vec::new();
    };
    let draft = kept_draft(row);
    let cited: Vec<_> = draft.sentences.iter().flat_map(|sentence| &sentence.norms).collect();
    let from = view.case.event_date.or(draft.reading.event_date);
    app.rules
        .iter()
        .filter(|rule| cited.iter().any(|norm| **norm == rule.norm || norm.contains(&rule.norm)))
        .map(|rule| {
            let computed = from.and_then(|day| deadline::compute(rule, day, &app.calendar).ok());
            let due = computed.as_ref().and_then(|computed| computed.due);
            let confirmed = due.is_some() && view.case.deadline == due;
            DeadlineView {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                norms: vec![rule.norm.to_string()],
                from,
                due,
                counted: computed.map(|computed| computed.counted).unwrap_or_default(),
                confirmed_by: confirmed.then(|| view.lawyer_name.clone().unwrap_or_default()),
            }
        })
        .collect()
}

/// The draft as the lawyer sees it, or why there is none.
pub fn draft(view: &CaseView) -> DraftView {
    let Some(row) = &view.draft else {
        return match view.case.reason {
            Some(reason) => DraftView::None { reason },
            None => DraftView::Coming,
        };
    };
    if let Some(reason) = row.reason {
        return DraftView::None { reason };
    }
    let draft = kept_draft(row);
    let sentences = draft.sentences.iter().map(|sentence| Sentence {
        text: sentence.text.clone(),
        norms: sentence.norms.iter().map(ToString::to_string).collect(),
        flag: match sentence.flag {
            Some(Flag::Struck) => SentenceFlag::Struck,
            Some(Flag::Conflict) => SentenceFlag::Conflict,
            Some(Flag::Unsupported) => SentenceFlag::Unsupported,
            None => SentenceFlag::Supported,
        },
    });
    DraftView::Ready {
        sentences: sentences.collect(),
        made_by: format!("{}, {}", draft.model_name, draft.mode),
        note: draft.note.clone(),
    }
}

fn retrieval(view: &CaseView) -> Option<Retrieval> {
    serde_json::from_value(view.retrieval.as_ref()?.hits.clone()).ok()
}

/// The norms that the search found, verbatim.
pub fn sources(view: &CaseView) -> Vec<Source> {
    let hits = retrieval(view).map(|found| found.hits).unwrap_or_default();
    hits.into_iter()
        .filter(|hit| hit.kind != "statement")
        .filter_map(|hit| {
            Some(Source {
                norm: hit.norm,
                title: hit.title,
                text: hit.text,
                edition: hit.edition?,
                current_to: hit.current_to?,
                state: SourceState::InForce,
            })
        })
        .collect()
}

/// What the lawyer should look at before saying yes.
pub fn warnings(view: &CaseView) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |text: String| {
        warnings.push(Warning {
            kind: WarningKind::Warn,
            text,
        });
    };
    if let (Some(found), Some(row)) = (retrieval(view), &view.retrieval) {
        for (act, _, current_to) in &found.searched.editions {
            if act == "tk" && row.on_date > *current_to {
                warn(format!(
                    "Текст кодекса известен по {current_to}, вопрос о {}. Проверьте, не менялись ли нормы после этого дня.",
                    row.on_date
                ));
            }
        }
        if found.searched.editions.is_empty() {
            warn("Текста закона в базе нет: дословных цитат не будет.".into());
        }
        if !found.searched.by_meaning {
            warn("Искали только по словам: модель поиска не готова.".into());
        }
    }
    warnings
}

/// What works and what does not, part by part, without anybody's text.
pub async fn readiness(app: &App) -> Readiness {
    use crate::model::worker::Health;
    let word = |health: &Health| match health {
        Health::Ready => "ok",
        Health::Loading => "loading",
        Health::Missing { .. } => "missing",
        Health::Damaged { .. } => "damaged",
        Health::Off => "off",
    };
    let database = app.store.ping().await.is_ok();
    let embedder = app.embedder.as_ref().map_or(Health::Off, |one| one.health());
    let generator = app.generator.as_ref().map_or(Health::Off, |one| one.health());
    Readiness {
        // People can work without the machine: only the database decides.
        ready: database,
        parts: vec![
            ("database".into(), if database { "ok" } else { "away" }.into()),
            ("encoder".into(), word(&embedder).into()),
            ("generator".into(), word(&generator).into()),
        ],
    }
}

use super::desk::refused;
use super::{Answered, go, show_as};
use crate::case::{AnswerId, Rendering};
use crate::law::{ActId, Citation, find_references};
use crate::web::Web;
use crate::web::desk::{AskedApproval, DeskCase, DeskError, SavedAnswer};
use crate::web::fields::Fields;
use crate::web::guard::{Logged, TheCase};
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

/// Both texts side by side when somebody was faster, or when ours can't be kept as it is.
#[derive(Template)]
#[template(path = "desk_conflict.html")]
struct Clash {
    p: Page,
    case: DeskCase,
    mine: SavedAnswer,
    /// Who was faster, or what is wrong with the text.
    message: String,
    /// `None`: nobody was faster, our own text has a fault.
    theirs: Option<Rendering>,
}

impl Clash {
    fn version(&self) -> i64 {
        self.case.answer.as_ref().map_or(0, |answer| answer.version)
    }
}

pub async fn save(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
    p: Page,
    fields: Fields,
) -> Answered {
    let (mine, fault) = read(&p, &fields);
    if let Some(error) = fault {
        return clash(&web, p, &head.id, mine, error).await;
    }
    let saved = web
        .desk
        .save_answer(&head.id, &session.actor.person, &mine)
        .await;
    match saved {
        Ok(_) => go(&format!("/desk/cases/{}?done=saved#answer", head.id)),
        Err(error) => clash(&web, p, &head.id, mine, error).await,
    }
}

/// Approves what was on the screen. Where the form says something else than what is kept, it is kept first and shown again:
/// nobody approves words that they have not seen as the member will.
pub async fn approve(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
    p: Page,
    fields: Fields,
) -> Answered {
    let by = &session.actor.person;
    let (mine, fault) = read(&p, &fields);
    if let Some(error) = fault {
        return clash(&web, p, &head.id, mine, error).await;
    }
    let asked = AskedApproval {
        answer: AnswerId::from(fields.get("answer")),
        sha256: fields.get("sha256").to_owned(),
    };
    let case = web.desk.desk_case(&head.id).await?;
    let kept = case
        .answer
        .filter(|answer| answer.version == mine.expected_version);
    if kept.is_some_and(|answer| differs(&mine, &answer.rendering)) {
        return match web.desk.save_answer(&head.id, by, &mine).await {
            Ok(_) => go(&format!("/desk/cases/{}?done=check#answer", head.id)),
            Err(error) => clash(&web, p, &head.id, mine, error).await,
        };
    }
    match web.desk.approve(&head.id, by, &asked).await {
        Ok(()) => go(&format!("/desk/cases/{}#answer", head.id)),
        Err(DeskError::Warned { message }) => refused(&web, p, &head.id, message).await,
        Err(error) => clash(&web, p, &head.id, mine, error).await,
    }
}

pub async fn undo(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
) -> Answered {
    let by = &session.actor.person;
    web.desk.undo_approval(&head.id, by).await?;
    go(&format!("/desk/cases/{}?done=undone#answer", head.id))
}

/// What was typed, and what is wrong with it.
fn read(p: &Page, fields: &Fields) -> (SavedAnswer, Option<DeskError>) {
    let mut norms = fields.all("norm");
    for norm in added(fields.get("add")) {
        if !norms.contains(&norm) {
            norms.push(norm);
        }
    }
    let (text, on) = (fields.text("text"), fields.day("on"));
    let fault = match (&text, &on) {
        (Err(fault), _) => Some(fault.message()),
        (_, Err(())) => Some("fault-day"),
        _ => None,
    };
    let mine = SavedAnswer {
        expected_version: fields.get("version").parse().unwrap_or(0),
        text: fields.lines("text"),
        norms,
        on: on.ok().flatten().unwrap_or(p.today),
    };
    let fault = fault.map(|key| DeskError::Wrong { message: p.t(key) });
    (mine, fault)
}

/// Citations as people or programs write them: «ст. 142 ч. 2», `tk:142:2`. What is neither is handed on, to be refused by name.
fn added(text: &str) -> Vec<String> {
    let mut norms = Vec::new();
    for piece in text.split([';', '\n']).map(str::trim) {
        if piece.is_empty() {
            continue;
        }
        if piece.parse::<Citation>().is_ok() {
            norms.push(piece.to_owned());
            continue;
        }
        let found = match ActId::new("tk") {
            Ok(code) => find_references(piece, &code),
            Err(_) => Vec::new(),
        };
        if found.is_empty() {
            norms.push(piece.to_owned());
        }
        norms.extend(found.iter().map(|reference| reference.citation.to_string()));
    }
    norms
}

fn differs(mine: &SavedAnswer, kept: &Rendering) -> bool {
    let norms: Vec<_> = kept.quotes.iter().map(|quote| &quote.norm).collect();
    mine.text != kept.text.trim()
        || mine.on.to_string() != kept.on
        || mine.norms.iter().collect::<Vec<_>>() != norms
}

async fn clash(
    web: &Web,
    p: Page,
    case: &crate::case::CaseId,
    mine: SavedAnswer,
    error: DeskError,
) -> Answered {
    let (status, message, faster) = match error {
        DeskError::Conflict { message } => (StatusCode::CONFLICT, message, true),
        DeskError::Wrong { message } => (StatusCode::UNPROCESSABLE_ENTITY, message, false),
        other => return Err(Problem::from(other)),
    };
    let case = web.desk.desk_case(case).await?;
    let theirs = case
        .answer
        .as_ref()
        .filter(|_| faster)
        .map(|answer| answer.rendering.clone());
    let page = Clash {
        p,
        case,
        mine,
        message,
        theirs,
    };
    show_as(status, &page)
}

use super::{Answered, go, show, show_as};
use crate::case::{OrganisationId, Role};
use crate::web::Web;
use crate::web::desk::{DeskError, Question, Session};
use crate::web::fields::Fields;
use crate::web::guard::Logged;
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "ask.html")]
struct Ask {
    p: Page,
    text: String,
    day: String,
    topic: String,
    key: String,
    fault: Option<String>,
}

pub async fn form(p: Page) -> Answered {
    show(&Ask {
        p,
        text: String::new(),
        day: String::new(),
        topic: String::new(),
        key: uuid::Uuid::now_v7().to_string(),
        fault: None,
    })
}

pub async fn ask(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let question = match read(&session, &fields) {
        Ok(question) => question,
        Err(key) => {
            let fault = p.t(key);
            return again(p, &fields, fault);
        }
    };
    match web.desk.ask(&session.actor.person, &question).await {
        Ok(case) => go(&format!("/cases/{case}")),
        Err(DeskError::Wrong { message }) => again(p, &fields, message),
        Err(error) => Err(Problem::from(error)),
    }
}

fn read(session: &Session, fields: &Fields) -> Result<Question, &'static str> {
    let text = fields.text("text").map_err(|fault| fault.message())?;
    let event_date = fields.day("day").map_err(|()| "fault-day")?;
    let topic = fields.some("topic");
    if topic
        .as_ref()
        .is_some_and(|topic| topic.chars().count() > 120)
    {
        return Err("fault-topic");
    }
    Ok(Question {
        organisation: organisation(session).ok_or("fault-no-union")?,
        text,
        topic,
        event_date,
        key: fields.get("key").to_owned(),
    })
}

fn organisation(session: &Session) -> Option<OrganisationId> {
    let grants = &session.actor.grants;
    let grant = grants.iter().find(|grant| grant.role == Role::Member)?;
    Some(grant.organisation.clone())
}

/// The form with everything that was typed, and what to change.
fn again(p: Page, fields: &Fields, fault: String) -> Answered {
    let page = Ask {
        p,
        text: fields.lines("text"),
        day: fields.get("day").to_owned(),
        topic: fields.get("topic").to_owned(),
        key: fields.get("key").to_owned(),
        fault: Some(fault),
    };
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

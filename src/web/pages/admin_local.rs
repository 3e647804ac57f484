use super::{Answered, go, show_as};
use crate::case::{Action, Organisation, OrganisationId};
use crate::law::LocalKind;
use crate::web::Web;
use crate::web::desk::{DeskError, FileOutcome, LocalActLine, NewLocalAct, Session, TakenState};
use crate::web::fields::Fields;
use crate::web::guard::{Logged, at_node};
use crate::web::page::Page;
use crate::web::problem::Problem;
use crate::web::upload::Upload;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

/// The most characters of a title.
const MOST_TITLE: usize = 300;

#[derive(Template)]
#[template(path = "admin_local.html")]
struct LocalActs {
    p: Page,
    acts: Vec<LocalActLine>,
    organisations: Vec<Organisation>,
    outcome: Option<FileOutcome>,
    fault: Option<String>,
    /// What was typed before something was wrong with it.
    typed: Fields,
}

impl LocalActs {
    fn kinds(&self) -> [LocalKind; 3] {
        LocalKind::ALL
    }

    fn is_typed(&self, name: &str, value: &str) -> bool {
        self.typed.get(name) == value
    }

    fn state(&self, state: &TakenState) -> String {
        self.p.t(match state {
            TakenState::Added => "upload-added",
            TakenState::AlreadyHeld => "upload-held",
            TakenState::Replaced => "upload-replaced",
            TakenState::BetterHeld => "upload-better",
        })
    }
}

/// The local acts of one's nodes, and a form for another.
pub async fn see(State(web): State<Arc<Web>>, Logged(session): Logged, p: Page) -> Answered {
    let page = page(&web, &session, p).await?;
    show_as(StatusCode::OK, &page)
}

/// Takes a local act in; a refused one leaves nothing behind.
pub async fn take(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    Upload(uploaded): Upload,
    fields: Fields,
) -> Answered {
    let mut page = page(&web, &session, p).await?;
    let new = match read(&fields, &page.organisations) {
        Ok((new, path)) if at_node(&session.actor, Action::ManageLocalActs, path) => new,
        Ok(_) => return Err(Problem::Forbidden),
        Err(key) => {
            page.fault = Some(page.p.t(key));
            page.typed = fields;
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
    };
    let by = &session.actor.person;
    let outcome = match web.desk.take_local(by, &new, &uploaded.file).await {
        Ok(outcome) => outcome,
        Err(DeskError::Wrong { message }) => FileOutcome::Refused { message },
        Err(error) => return Err(Problem::from(error)),
    };
    let status = match outcome {
        FileOutcome::Taken(_) | FileOutcome::Practice(_) => StatusCode::OK,
        FileOutcome::Refused { .. } => {
            page.typed = fields;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    page.acts = web.desk.local_acts(&session.actor).await?;
    page.outcome = Some(outcome);
    show_as(status, &page)
}

/// Sets the last day of a local act.
pub async fn end(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let id = fields.get("act").to_owned();
    let Ok(Some(last)) = fields.day("last") else {
        return wrong(&web, &session, p, "fault-last").await;
    };
    let act = web.desk.local_act(&id).await?;
    let may =
        |act: &LocalActLine| at_node(&session.actor, Action::ManageLocalActs, &act.owner_path);
    // The act of another branch looks like none at all.
    let act = act.filter(may).ok_or(Problem::NotFound)?;
    let by = &session.actor.person;
    match web.desk.end_local_act(by, &act.id, last).await {
        Ok(()) => go("/admin/law/local"),
        Err(DeskError::Wrong { message }) => {
            let mut page = page(&web, &session, p).await?;
            page.fault = Some(message);
            show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(error) => Err(Problem::from(error)),
    }
}

async fn wrong(web: &Web, session: &Session, p: Page, key: &str) -> Answered {
    let mut page = page(web, session, p).await?;
    page.fault = Some(page.p.t(key));
    show_as(StatusCode::UNPROCESSABLE_ENTITY, &page)
}

async fn page(web: &Web, session: &Session, p: Page) -> Result<LocalActs, DeskError> {
    Ok(LocalActs {
        acts: web.desk.local_acts(&session.actor).await?,
        organisations: web.desk.organisations(&session.actor).await?,
        outcome: None,
        fault: None,
        typed: Fields::default(),
        p,
    })
}

/// The act that the form describes, and the path of its owner; or the key of what is wrong.
fn read<'a>(
    fields: &Fields,
    organisations: &'a [Organisation],
) -> Result<(NewLocalAct, &'a str), &'static str> {
    let owner = OrganisationId::from(fields.get("owner"));
    let node = organisations.iter().find(|node| node.id == owner);
    let node = node.ok_or("fault-organisation")?;
    let title = fields.get("title");
    if !title.chars().any(char::is_alphanumeric) || title.chars().count() > MOST_TITLE {
        return Err("fault-title");
    }
    let day = |name| fields.day(name).map_err(|()| "fault-day");
    let from = day("from")?.ok_or("fault-from")?;
    let last = day("last")?;
    if last.is_some_and(|last| last < from) {
        return Err("fault-ends-before");
    }
    let new = NewLocalAct {
        kind: LocalKind::parse(fields.get("kind")).ok_or("fault-kind")?,
        title: title.to_owned(),
        signed: day("signed")?,
        owner,
        from,
        last,
    };
    Ok((new, &node.path))
}

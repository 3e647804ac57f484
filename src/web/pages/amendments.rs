use super::{Answered, go, show_as};
use crate::web::Web;
use crate::web::desk::{ActAmendments, AmendmentReach, ClearedWarning, DeskError, UnheldAmendment};
use crate::web::fields::Fields;
use crate::web::guard::{Logged, TheCase};
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "amendments.html")]
struct Amendments {
    p: Page,
    acts: Vec<ActAmendments>,
    fault: Option<Fault>,
}

/// What was wrong with a reason, and the words to give back.
struct Fault {
    id: String,
    message: String,
    text: String,
}

impl Amendments {
    fn open(&self) -> i64 {
        self.acts.iter().map(|act| act.open.len() as i64).sum()
    }

    fn is_possible(&self, one: &UnheldAmendment) -> bool {
        one.reach == AmendmentReach::Possible
    }

    fn fault_of(&self, one: &UnheldAmendment) -> Option<&Fault> {
        self.fault.as_ref().filter(|fault| fault.id == one.id)
    }
}

/// The amendments without text, and those that were put aside.
pub async fn see(State(web): State<Arc<Web>>, p: Page) -> Answered {
    page(&web, p, StatusCode::OK, None).await
}

/// Puts one aside for its whole act.
pub async fn put_aside(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let id = fields.get("amendment").to_owned();
    let reason = match fields.text("reason") {
        Ok(reason) => reason,
        Err(fault) => {
            let fault = Fault {
                message: p.t(fault.message()),
                text: fields.lines("reason"),
                id,
            };
            return page(&web, p, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)).await;
        }
    };
    let by = &session.actor.person;
    match web.desk.put_amendment_aside(by, &id, &reason).await {
        Ok(()) => go("/amendments"),
        Err(DeskError::NotFound) => Err(Problem::wrong(p.t("amendments-gone")).keeping(&reason)),
        Err(error) => Err(Problem::from(error).keeping(&reason)),
    }
}

/// Takes back that one was put aside.
pub async fn reopen(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let id = fields.get("amendment");
    match web.desk.reopen_amendment(&session.actor.person, id).await {
        Ok(()) => go(&format!("/amendments#{id}")),
        Err(DeskError::NotFound) => Err(Problem::wrong(p.t("amendments-open-before"))),
        Err(error) => Err(error.into()),
    }
}

async fn page(web: &Web, p: Page, status: StatusCode, fault: Option<Fault>) -> Answered {
    let acts = web.desk.unheld_amendments().await?;
    show_as(status, &Amendments { p, acts, fault })
}

/// Clears a warning of a case.
pub async fn clear(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
    p: Page,
    fields: Fields,
) -> Answered {
    let given = fields.lines("reason");
    let reason = fields
        .text("reason")
        .map_err(|fault| Problem::wrong(p.t(fault.message())).keeping(&given))?;
    let cleared = ClearedWarning {
        amendment: fields.get("amendment").to_owned(),
        provision: fields.get("provision").to_owned(),
        reason,
    };
    let by = &session.actor.person;
    match web.desk.clear_warning(&head.id, by, &cleared).await {
        Ok(()) => go(&format!("/desk/cases/{}?done=cleared#warnings", head.id)),
        Err(DeskError::NotFound) => {
            Err(Problem::wrong(p.t("amendments-cleared-before")).keeping(&given))
        }
        Err(error) => Err(Problem::from(error).keeping(&given)),
    }
}

use super::{Answered, show_as};
use crate::web::Web;
use crate::web::desk::{DeskError, FileOutcome, HeldAct, HeldEdition, TakenEdition, TakenState};
use crate::web::guard::Logged;
use crate::web::page::Page;
use crate::web::problem::Problem;
use crate::web::upload::Upload;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "admin_law.html")]
struct Law {
    p: Page,
    acts: Vec<HeldAct>,
    outcomes: Vec<FileOutcome>,
}

impl Law {
    fn state(&self, taken: &TakenEdition) -> String {
        self.p.t(match taken.state {
            TakenState::Added => "upload-added",
            TakenState::AlreadyHeld => "upload-held",
            TakenState::Replaced => "upload-replaced",
            TakenState::BetterHeld => "upload-better",
        })
    }

    fn to_look_at(&self) -> i64 {
        self.acts.iter().map(|act| act.to_look_at).sum()
    }

    /// The edition before `place` in a list whose newest comes first.
    fn before<'a>(&self, act: &'a HeldAct, place: &usize) -> Option<&'a HeldEdition> {
        act.editions.get(place + 1)
    }
}

/// The acts and editions that are held, and a form for another.
pub async fn see(State(web): State<Arc<Web>>, p: Page) -> Answered {
    page(&web, p, StatusCode::OK, Vec::new()).await
}

/// Takes a file in; a refused one leaves nothing behind.
pub async fn take(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    Upload(uploaded): Upload,
) -> Answered {
    let by = &session.actor.person;
    let outcomes = match web.desk.take_law(by, &uploaded.file).await {
        Ok(outcomes) => outcomes,
        Err(DeskError::Wrong { message }) => vec![FileOutcome::Refused { message }],
        Err(error) => return Err(Problem::from(error)),
    };
    let refused = |one: &FileOutcome| matches!(one, FileOutcome::Refused { .. });
    let status = match outcomes.iter().any(refused) {
        true => StatusCode::UNPROCESSABLE_ENTITY,
        false => StatusCode::OK,
    };
    page(&web, p, status, outcomes).await
}

async fn page(web: &Web, p: Page, status: StatusCode, outcomes: Vec<FileOutcome>) -> Answered {
    let acts = web.desk.held_law().await?;
    show_as(status, &Law { p, acts, outcomes })
}

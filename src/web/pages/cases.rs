use super::{Answered, show};
use crate::case::Role;
use crate::web::Web;
use crate::web::desk::CaseLine;
use crate::web::guard::Logged;
use crate::web::page::Page;
use askama::Template;
use axum::extract::State;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "cases.html")]
struct Cases {
    p: Page,
    own: Vec<CaseLine>,
    shared: Vec<CaseLine>,
}

pub async fn list(State(web): State<Arc<Web>>, Logged(session): Logged, p: Page) -> Answered {
    let own = web.desk.cases_of(&session.actor.person).await?;
    let shared = if session.actor.has(Role::Steward) {
        web.desk.cases_shared_with(&session.actor).await?
    } else {
        Vec::new()
    };
    show(&Cases { p, own, shared })
}

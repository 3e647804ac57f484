use super::{Answered, show};
use crate::case::{Grant, Role};
use crate::web::Web;
use crate::web::desk::{Found, Readers, SearchQuery};
use crate::web::fields::{Fields, MOST_CHARACTERS};
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::State;
use std::sync::Arc;

const LIMIT: usize = 12;

/// The node that somebody answers or searches for: its local acts stand beside the law.
fn own_node(p: &Page) -> Option<String> {
    let grants = &p.session.as_ref()?.actor.grants;
    let works = |grant: &&Grant| matches!(grant.role, Role::Lawyer | Role::Staff);
    grants.iter().find(works).map(|grant| grant.path.clone())
}

#[derive(Template)]
#[template(path = "search.html")]
struct Search {
    p: Page,
    query: String,
    on: String,
    found: Option<Found>,
}

pub async fn search(State(web): State<Arc<Web>>, p: Page, fields: Fields) -> Answered {
    let wrong = |key| Problem::wrong(p.t(key));
    let on = fields.day("on").map_err(|()| wrong("fault-day"))?;
    let on = on.unwrap_or(p.today);
    let query = fields.get("q").to_owned();
    if query.chars().count() > MOST_CHARACTERS {
        return Err(wrong("fault-long"));
    }
    let found = if query.is_empty() {
        None
    } else {
        let query = SearchQuery {
            text: query.clone(),
            on,
            readers: Readers::Lawyers,
            organisation_path: own_node(&p),
            limit: LIMIT,
        };
        Some(web.desk.search(&query).await?)
    };
    show(&Search {
        p,
        query,
        on: on.to_string(),
        found,
    })
}

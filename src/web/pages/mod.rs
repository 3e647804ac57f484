//! A file per page or family of pages.

pub mod admin;
pub mod admin_alignments;
pub mod admin_law;
pub mod admin_local;
pub mod amendments;
pub mod answer;
pub mod approve;
pub mod ask;
pub mod case;
pub mod cases;
pub mod compare;
pub mod desk;
pub mod guide;
pub mod health;
pub mod law;
pub mod login;
pub mod search;
pub mod start;

use super::problem::Problem;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};

type Answered = Result<Response, Problem>;

fn show(template: &impl Template) -> Answered {
    Ok(Html(template.render()?).into_response())
}

fn show_as(status: StatusCode, template: &impl Template) -> Answered {
    Ok((status, Html(template.render()?)).into_response())
}

fn go(to: &str) -> Answered {
    Ok(Redirect::to(to).into_response())
}

use super::{Answered, go, show};
use crate::web::Web;
use crate::web::desk::{ActLine, ActPage, ArticlePage};
use crate::web::fields::Fields;
use crate::web::page::Page;
use crate::web::problem::Problem;
use crate::web::show::fragment;
use askama::Template;
use axum::extract::{Path, State};
use jiff::civil::Date;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "law_acts.html")]
struct Acts {
    p: Page,
    acts: Vec<ActLine>,
}

#[derive(Template)]
#[template(path = "law_act.html")]
struct Act {
    p: Page,
    act: ActPage,
    on: Date,
}

#[derive(Template)]
#[template(path = "law_article.html")]
struct Article {
    p: Page,
    article: ArticlePage,
    on: Date,
}

impl Article {
    fn anchor(&self, citation: &str) -> String {
        fragment(citation)
    }
}

pub async fn acts(State(web): State<Arc<Web>>, p: Page) -> Answered {
    let acts = web.desk.acts().await?;
    show(&Acts { p, acts })
}

/// The contents; `?article=81` leads to that article.
pub async fn act(
    State(web): State<Arc<Web>>,
    p: Page,
    Path(id): Path<String>,
    fields: Fields,
) -> Answered {
    let on = day(&p, &fields)?;
    let act = web.desk.act(&id, on).await?;
    if let Some(number) = fields.some("article") {
        let mut articles = act.chapters.iter().flat_map(|chapter| &chapter.articles);
        if articles.any(|article| article.number == number) {
            return go(&format!("/law/{}/{number}?on={on}", act.line.id));
        }
        return Err(Problem::NotFound);
    }
    show(&Act { p, act, on })
}

pub async fn article(
    State(web): State<Arc<Web>>,
    p: Page,
    Path((act, number)): Path<(String, String)>,
    fields: Fields,
) -> Answered {
    let on = day(&p, &fields)?;
    let article = web.desk.article(&act, &number, on).await?;
    show(&Article { p, article, on })
}

fn day(p: &Page, fields: &Fields) -> Result<Date, Problem> {
    match fields.day("on") {
        Ok(day) => Ok(day.unwrap_or(p.today)),
        Err(()) => Err(Problem::wrong(p.t("fault-day"))),
    }
}

use super::{Answered, go, show, show_as};
use crate::case::Role;
use crate::law::reference::find_references;
use crate::law::{ActId, Citation};
use crate::web::Web;
use crate::web::desk::{
    ActLine, ActPage, ActSearch, ArticleAsked, ArticlePage, ArticleText, CitedBy, ComingShown,
    ContentsLine, DayStanding, EditionChange, EditionDay, LocalActLine, Readers, SinceIs,
};
use crate::web::fields::{Fields, MOST_CHARACTERS};
use crate::web::guard::TheLocalAct;
use crate::web::page::Page;
use crate::web::problem::Problem;
use crate::web::show::{fragment, law_link, short};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::civil::Date;
use std::sync::Arc;

/// Characters of a title in the contents: a whole code stays a light page.
const TITLE: usize = 84;

#[derive(Template)]
#[template(path = "law_acts.html")]
struct Acts {
    p: Page,
    acts: Vec<ActLine>,
    /// What the reader's own organisations agreed or set, that is not over.
    own: Vec<LocalActLine>,
}

#[derive(Template)]
#[template(path = "law_act.html")]
struct Act {
    p: Page,
    act: ActPage,
    local: Option<LocalActLine>,
    on: Date,
    /// What follows the address of an article: the day, where one was asked for.
    suffix: String,
    fault: Option<String>,
}

impl Act {
    fn short(&self, title: &str) -> String {
        short(title, TITLE)
    }
}

#[derive(Template)]
#[template(path = "law_search.html")]
struct Search {
    p: Page,
    found: ActSearch,
    query: String,
    on: Date,
}

#[derive(Template)]
#[template(path = "law_article.html")]
struct Article {
    p: Page,
    article: ArticlePage,
    local: Option<LocalActLine>,
    on: Date,
    has_articles: bool,
}

impl Article {
    fn anchor(&self, citation: &str) -> String {
        fragment(citation)
    }

    /// «ст. 81», «п. 5»; of a local act as it is cited, without the act: «п. 3 приложения № 1».
    fn place(&self, number: &str) -> String {
        if self.local.is_some() {
            return self.own_place(number);
        }
        let word = match self.has_articles {
            true => self.p.t("article-short"),
            false => self.p.t("point-short"),
        };
        format!("{word} {number}")
    }

    fn own_place(&self, number: &str) -> String {
        let citation = format!("{}:{number}", self.article.act);
        let Ok(citation) = citation.parse::<Citation>() else {
            return number.to_owned();
        };
        let (whole, act) = (citation.russian(), &citation.act);
        let annexed = format!("к {}", act.russian_dative());
        let place = whole
            .strip_suffix(&act.russian_genitive())
            .or_else(|| whole.strip_suffix(&annexed));
        place.unwrap_or(&whole).trim_end().to_owned()
    }

    /// «Статья 81. Название», or the point of an act that has no articles.
    fn heading(&self) -> String {
        if self.local.is_some() {
            return self.p.cite(&self.citation());
        }
        let word = match self.has_articles {
            true => self.p.t("article"),
            false => self.p.t("point"),
        };
        let number = &self.article.number;
        match self.text().map(|text| text.title.as_str()) {
            Some(title) if !title.is_empty() => format!("{word} {number}. {title}"),
            _ => format!("{word} {number}"),
        }
    }

    fn citation(&self) -> String {
        format!("{}:{}", self.article.act, self.article.number)
    }

    /// What is shown first: the text for the day, else the one that comes.
    fn text(&self) -> Option<&ArticleText> {
        self.article.shown.as_ref().or(self.article.later.as_ref())
    }

    fn is_shown(&self, day: &EditionDay) -> bool {
        let shown = self.article.shown.as_ref();
        shown.is_some_and(|text| text.edition == day.edition)
    }
}

pub async fn acts(State(web): State<Arc<Web>>, p: Page) -> Answered {
    let acts = web.desk.acts().await?;
    let mut own = match &p.session {
        Some(session) => web.desk.readable_local_acts(&session.actor).await?,
        None => Vec::new(),
    };
    own.retain(|act| !act.is_over(&p.today));
    show(&Acts { p, acts, own })
}

/// The contents; `?article=81` leads to that article, `?q=отпуск` searches.
pub async fn act(
    State(web): State<Arc<Web>>,
    p: Page,
    Path(id): Path<String>,
    TheLocalAct(local): TheLocalAct,
    fields: Fields,
) -> Answered {
    let on = day(&p, &fields)?;
    let query = fields.get("q");
    if !query.is_empty() {
        return search(&web, p, (&id, query), on).await;
    }
    let act = web.desk.act(&id, on).await?;
    let suffix = match fields.some("on") {
        Some(_) => format!("?on={on}"),
        None => String::new(),
    };
    let mut page = Act {
        p,
        act,
        local,
        on,
        suffix,
        fault: None,
    };
    let Some(wanted) = fields.some("article") else {
        return show(&page);
    };
    match named(&page.act, &wanted) {
        Some(citation) => go(&law_link(&citation.to_string(), &on.to_string())),
        None => {
            let wanted = short(&wanted, TITLE);
            page.fault = Some(page.p.with("law-no-article", &wanted));
            show_as(StatusCode::NOT_FOUND, &page)
        }
    }
}

/// The norm of this act that somebody names by «81», «ст. 312.1», «п. 6 ч. 1 ст. 81».
fn named(act: &ActPage, words: &str) -> Option<Citation> {
    let id = ActId::new(&act.line.id).ok()?;
    let unit = if id.has_articles() { "ст." } else { "п." };
    let plain = format!("{}:{words}", act.line.id).parse::<Citation>().ok();
    let found = |text: &str| {
        let all = find_references(text, &id).into_iter();
        all.map(|one| one.citation).find(|one| one.act == id)
    };
    let citation = plain
        .or_else(|| found(words))
        .or_else(|| found(&format!("{unit} {words}")))?;
    let article = citation.article();
    let number = article.article.or(article.point)?;
    let mut steps = act.contents.iter();
    let held = steps.any(|step| match step {
        ContentsLine::Articles(list) => list.iter().any(|one| one.number == number),
        _ => false,
    });
    held.then_some(citation)
}

async fn search(web: &Web, p: Page, (act, query): (&str, &str), on: Date) -> Answered {
    if query.chars().count() > MOST_CHARACTERS {
        return Err(Problem::wrong(p.t("fault-long")));
    }
    let found = web.desk.search_act(act, query, on).await?;
    let query = query.to_owned();
    show(&Search {
        p,
        found,
        query,
        on,
    })
}

pub async fn article(
    State(web): State<Arc<Web>>,
    p: Page,
    Path((act, number)): Path<(String, String)>,
    TheLocalAct(local): TheLocalAct,
    fields: Fields,
) -> Answered {
    let on = day(&p, &fields)?;
    let asked = ArticleAsked {
        readers: readers(&p),
        act,
        number,
        on,
    };
    let article = web.desk.article(&asked).await?;
    let status = match article.standing {
        DayStanding::Absent { .. } => StatusCode::NOT_FOUND,
        _ => StatusCode::OK,
    };
    let has_articles = ActId::new(&article.act).is_ok_and(|act| act.has_articles());
    show_as(
        status,
        &Article {
            p,
            article,
            local,
            on,
            has_articles,
        },
    )
}

/// Whose notes this visitor may read.
pub(super) fn readers(p: &Page) -> Option<Readers> {
    let actor = &p.session.as_ref()?.actor;
    if actor.has(Role::Lawyer) {
        return Some(Readers::Lawyers);
    }
    let grants = &mut actor.grants.iter();
    let member = grants.find(|grant| grant.role == Role::Member)?;
    Some(Readers::Members {
        organisation: member.organisation.clone(),
    })
}

/// The day that was asked for, or today.
pub(super) fn day(p: &Page, fields: &Fields) -> Result<Date, Problem> {
    match fields.day("on") {
        Ok(day) => Ok(day.unwrap_or(p.today)),
        Err(()) => Err(Problem::wrong(p.t("fault-day"))),
    }
}

use super::{Answered, show, show_as};
use crate::web::Web;
use crate::web::desk::{
    DeskError, FileOutcome, HeldAct, HeldEdition, PracticeAsked, PracticeHit, PracticeKind,
    TakenEdition, TakenState, ToldFile,
};
use crate::web::fields::Fields;
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
    /// What was said about a file that was refused.
    said: Fields,
}

impl Law {
    fn kinds(&self) -> [PracticeKind; 2] {
        PracticeKind::ALL
    }

    fn said_anything(&self) -> bool {
        SAID.iter().any(|name| self.said.some(name).is_some())
    }

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
    page(&web, p, StatusCode::OK, (Vec::new(), Fields::default())).await
}

/// Takes a file in; a refused one leaves nothing behind.
pub async fn take(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    Upload(uploaded): Upload,
) -> Answered {
    let by = &session.actor.person;
    let outcomes = match told(&uploaded.fields) {
        Err(key) => refusal(p.t(key)),
        Ok(told) => match web.desk.take_law(by, &uploaded.file, &told).await {
            Ok(outcomes) => outcomes,
            Err(DeskError::Wrong { message }) => refusal(message),
            Err(error) => return Err(Problem::from(error)),
        },
    };
    let refused = |one: &FileOutcome| matches!(one, FileOutcome::Refused { .. });
    if outcomes.iter().any(refused) {
        let (status, said) = (StatusCode::UNPROCESSABLE_ENTITY, uploaded.fields.clone());
        return page(&web, p, status, (outcomes, said)).await;
    }
    page(&web, p, StatusCode::OK, (outcomes, Fields::default())).await
}

fn refusal(message: String) -> Vec<FileOutcome> {
    vec![FileOutcome::Refused { message }]
}

/// The fields in which a person may say what a file is.
const SAID: [&str; 7] = ["act", "edition", "kind", "issuer", "date", "number", "url"];

/// What the form says about a file, or the key of what is wrong with it.
fn told(fields: &Fields) -> Result<ToldFile, &'static str> {
    let told = ToldFile {
        act: fields.some("act"),
        edition: fields.day("edition").map_err(|()| "fault-day")?,
        kind: PracticeKind::parse(fields.get("kind")),
        issuer: fields.some("issuer"),
        day: fields.day("date").map_err(|()| "fault-day")?,
        number: fields.some("number"),
        url: fields.some("url"),
    };
    let law = told.act.is_some() || told.edition.is_some();
    let practice = ["kind", "issuer", "date", "number", "url"];
    if law && practice.iter().any(|name| fields.some(name).is_some()) {
        return Err("upload-either");
    }
    Ok(told)
}

async fn page(
    web: &Web,
    p: Page,
    status: StatusCode,
    (outcomes, said): (Vec<FileOutcome>, Fields),
) -> Answered {
    let acts = web.desk.held_law().await?;
    let page = Law {
        p,
        acts,
        outcomes,
        said,
    };
    show_as(status, &page)
}

/// So many texts on a page of the list.
const ON_A_PAGE: i64 = 20;

#[derive(Template)]
#[template(path = "admin_practice.html")]
struct Practice {
    p: Page,
    kind: PracticeKind,
    total: i64,
    hits: Vec<PracticeHit>,
    /// From 1.
    at: i64,
    on: jiff::civil::Date,
}

impl Practice {
    fn pages(&self) -> i64 {
        ((self.total + ON_A_PAGE - 1) / ON_A_PAGE).max(1)
    }

    fn heading(&self) -> &'static str {
        heading(self.kind)
    }

    fn kinds(&self) -> [(PracticeKind, &'static str); 2] {
        PracticeKind::ALL.map(|kind| (kind, heading(kind)))
    }
}

fn heading(kind: PracticeKind) -> &'static str {
    match kind {
        PracticeKind::Clarification => "practice-clarifications",
        PracticeKind::Court => "practice-court",
    }
}

/// The clarifications, or court acts, that are held, with what became of the norms they cite.
pub async fn practice(State(web): State<Arc<Web>>, p: Page, fields: Fields) -> Answered {
    let kind = PracticeKind::parse(fields.get("kind")).unwrap_or(PracticeKind::Clarification);
    let at = fields.get("page").parse::<i64>().unwrap_or(1);
    let at = at.clamp(1, i64::MAX / ON_A_PAGE);
    let asked = PracticeAsked {
        kind,
        limit: ON_A_PAGE,
        offset: (at - 1) * ON_A_PAGE,
    };
    let held = web.desk.held_practice(&asked).await?;
    let on = p.today;
    show(&Practice {
        p,
        kind,
        total: held.total,
        hits: held.hits,
        at,
        on,
    })
}

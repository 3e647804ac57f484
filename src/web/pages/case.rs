use super::{Answered, go, show};
use crate::case::policy::{Decision, Shared};
use crate::case::{Action, Status};
use crate::web::Web;
use crate::web::desk::{DeskError, Found, MemberCase, Published};
use crate::web::fields::Fields;
use crate::web::guard::{Logged, TheCase, on_case};
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::State;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    p: Page,
    case: MemberCase,
    law: Found,
    /// The case's own member looks, not somebody it was shown to.
    own: bool,
    works_on_it: bool,
}

impl CasePage {
    fn waits_for_member(&self) -> bool {
        self.case.line.status == Status::Waiting
    }

    fn may_follow_up(&self) -> bool {
        self.own && matches!(self.case.line.status, Status::Sent | Status::Closed)
    }

    fn is_shared(&self) -> bool {
        self.case.shared == Shared::WithSteward
    }

    /// The key of the sentence that says what happens next.
    fn next(&self) -> &'static str {
        match self.case.line.status {
            Status::Received | Status::Retrieved => "next-received",
            Status::Drafted | Status::Abstained => "next-lawyer",
            Status::Waiting => "next-waiting",
            Status::Approved => "next-approved",
            Status::Sent => "next-sent",
            Status::Closed => "next-closed",
        }
    }

    /// The newest answer first.
    fn answers(&self) -> Vec<&Published> {
        self.case.answers.iter().rev().collect()
    }

    /// The stations of the time line with the time each was first reached.
    fn stations(&self) -> Vec<(&'static str, Option<i64>)> {
        let reached = |among: &[Status]| {
            let event = self.case.events.iter().find(|e| among.contains(&e.to));
            event.map(|event| event.at_ms)
        };
        vec![
            ("station-received", Some(self.case.line.created_ms)),
            (
                "station-lawyer",
                reached(&[Status::Drafted, Status::Abstained, Status::Waiting]),
            ),
            ("station-approved", reached(&[Status::Approved])),
            ("station-sent", reached(&[Status::Sent])),
        ]
    }

    /// The day whose law is shown.
    fn on(&self) -> String {
        let day = self.case.event_date.unwrap_or(self.p.today);
        day.to_string()
    }
}

pub async fn see(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
    p: Page,
) -> Answered {
    let case = web.desk.member_case(&head.id).await?;
    let law = match web.desk.law_for_case(&head.id).await {
        Ok(found) => found,
        // The case is there whether or not the search answers.
        Err(DeskError::Busy { .. } | DeskError::Unavailable { .. }) => Found {
            trouble: Some(p.t("search-away")),
            ..Found::default()
        },
        Err(error) => return Err(Problem::from(error)),
    };
    let works = on_case(&session.actor, Action::WorkOnCase, &head) == Decision::Allowed;
    show(&CasePage {
        p,
        case,
        law,
        own: head.member == session.actor.person,
        works_on_it: works,
    })
}

pub async fn write(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
    p: Page,
    fields: Fields,
) -> Answered {
    let fault = |key| Problem::wrong(p.t(key)).keeping(&fields.lines("text"));
    let text = fields
        .text("text")
        .map_err(|found| fault(found.message()))?;
    web.desk
        .write(&head.id, &session.actor.person, &text)
        .await
        .map_err(|error| Problem::from(error).keeping(&text))?;
    go(&format!("/cases/{}", head.id))
}

pub async fn share(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
    fields: Fields,
) -> Answered {
    let shared = if fields.get("shared") == "yes" {
        Shared::WithSteward
    } else {
        Shared::No
    };
    web.desk
        .share_with_steward(&head.id, &session.actor.person, shared)
        .await?;
    go(&format!("/cases/{}", head.id))
}

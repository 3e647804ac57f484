use super::{Answered, go, show_as};
use crate::case::Action;
use crate::web::Web;
use crate::web::desk::{AlignmentAnswer, AlignmentQuestion, AlignmentSide, DeskError};
use crate::web::fields::Fields;
use crate::web::guard::{Logged, at_node};
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

/// The most questions on one page: what is decided makes room for the next.
const MOST: usize = 20;
/// The most characters of a norm that are shown.
const MOST_CHARS: usize = 1_200;
/// The same for each answer.
const MOST_CHARS_OF_CHOICE: usize = 400;

#[derive(Template)]
#[template(path = "admin_alignments.html")]
struct Alignments {
    p: Page,
    act: String,
    open: i64,
    questions: Vec<AlignmentQuestion>,
    fault: Option<String>,
}

impl Alignments {
    fn asks(&self, question: &AlignmentQuestion) -> String {
        self.p.t(match question.side {
            AlignmentSide::Newer => "align-newer",
            AlignmentSide::Older => "align-older",
        })
    }

    fn alone(&self, question: &AlignmentQuestion) -> String {
        self.p.t(match question.side {
            AlignmentSide::Newer => "align-alone-newer",
            AlignmentSide::Older => "align-alone-older",
        })
    }

    /// The day of the edition that the norm stands in, and that of the other one.
    fn days(&self, question: &AlignmentQuestion) -> (String, String) {
        let (older, newer) = (self.p.day(&question.older), self.p.day(&question.newer));
        match question.side {
            AlignmentSide::Newer => (newer, older),
            AlignmentSide::Older => (older, newer),
        }
    }

    fn percent(&self, likeness: &f64) -> i64 {
        (likeness * 100.0).round() as i64
    }

    fn goes_on(&self) -> bool {
        self.open > self.questions.len() as i64
    }

    fn shortened(&self, text: &str) -> String {
        cut(text, MOST_CHARS)
    }

    fn gist(&self, text: &str) -> String {
        cut(text, MOST_CHARS_OF_CHOICE)
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// What is unclear between the editions of `?act=`.
pub async fn see(State(web): State<Arc<Web>>, p: Page, fields: Fields) -> Answered {
    let act = fields.some("act").unwrap_or_else(|| "tk".to_owned());
    page(&web, p, act, StatusCode::OK, None).await
}

/// Takes one decision.
pub async fn decide(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let act = fields.some("act").unwrap_or_else(|| "tk".to_owned());
    let answer = match fields.get("choice") {
        "accept" => Some(AlignmentAnswer::Accept),
        "alone" => Some(AlignmentAnswer::Alone),
        other => other
            .strip_prefix("to:")
            .map(|label| AlignmentAnswer::To(label.to_owned())),
    };
    let Some(answer) = answer else {
        let fault = p.t("align-fault");
        return page(&web, p, act, StatusCode::UNPROCESSABLE_ENTITY, Some(fault)).await;
    };
    let by = &session.actor.person;
    match web
        .desk
        .decide_alignment(by, fields.get("id"), &answer)
        .await
    {
        Ok(()) => go(&format!("/admin/law/alignments?act={act}")),
        Err(
            DeskError::Wrong { message }
            | DeskError::Conflict { message }
            | DeskError::Forbidden { message },
        ) => page(&web, p, act, StatusCode::CONFLICT, Some(message)).await,
        Err(error) => Err(Problem::from(error)),
    }
}

async fn page(
    web: &Web,
    p: Page,
    act: String,
    status: StatusCode,
    fault: Option<String>,
) -> Answered {
    if !act.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Problem::NotFound);
    }
    if let Some(local) = web.desk.local_act(&act).await? {
        let session = p.session.as_ref().ok_or(Problem::Broken)?;
        if !at_node(&session.actor, Action::ManageLocalActs, &local.owner_path) {
            return Err(Problem::NotFound);
        }
    }
    let mut questions = web.desk.alignments(&act).await?;
    let open = questions.len() as i64;
    questions.truncate(MOST);
    show_as(
        status,
        &Alignments {
            p,
            act,
            open,
            questions,
            fault,
        },
    )
}

use super::{Answered, go, show_as};
use crate::case::Action;
use crate::web::Web;
use crate::web::desk::{
    AlignmentAnswer, AlignmentArticle, AlignmentPage, AlignmentQuestion, AlignmentSide, DeskError,
};
use crate::web::fields::Fields;
use crate::web::guard::{Logged, at_node};
use crate::web::page::Page;
use crate::web::problem::Problem;
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

/// Questions after which no further article is shown: what is decided makes room for the next.
const MOST: usize = 20;
/// The most characters of a norm that are shown.
const MOST_CHARS: usize = 1_200;
/// The same for each answer.
const MOST_CHARS_OF_CHOICE: usize = 400;
/// The same for a whole article.
const MOST_CHARS_OF_ARTICLE: usize = 12_000;

#[derive(Template)]
#[template(path = "admin_alignments.html")]
struct Alignments {
    p: Page,
    act: String,
    page: AlignmentPage,
    said: Said,
}

/// What the page says of the answers before.
#[derive(Default)]
struct Said {
    decided: i64,
    passed: i64,
    fault: Option<String>,
    /// What was answered and could not be taken: question and answer.
    kept: Vec<(String, String)>,
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
    fn days(&self, article: &AlignmentArticle, question: &AlignmentQuestion) -> (String, String) {
        let (older, newer) = (self.p.day(&article.older), self.p.day(&article.newer));
        match question.side {
            AlignmentSide::Newer => (newer, older),
            AlignmentSide::Older => (older, newer),
        }
    }

    /// Both editions, the older one first, with their articles in question.
    fn editions<'a>(&self, article: &'a AlignmentArticle) -> [(String, &'a [String]); 2] {
        [
            (self.p.day(&article.older), &article.older_texts),
            (self.p.day(&article.newer), &article.newer_texts),
        ]
    }

    /// Whether the norm goes with none of the choices as it is now.
    fn stands_alone(&self, question: &AlignmentQuestion) -> bool {
        question.choices.iter().all(|choice| !choice.holds_now)
    }

    fn is_kept(&self, question: &AlignmentQuestion, answer: &str) -> bool {
        let mut kept = self.said.kept.iter();
        kept.any(|(id, said)| *id == question.id && said == answer)
    }

    fn percent(&self, likeness: &f64) -> i64 {
        (likeness * 100.0).round() as i64
    }

    fn open(&self) -> i64 {
        self.page.open as i64
    }

    fn goes_on(&self) -> bool {
        let asked = self.page.articles.iter().map(|one| one.questions.len());
        self.page.open > asked.sum::<usize>()
    }

    fn shortened(&self, text: &str) -> String {
        cut(text, MOST_CHARS)
    }

    fn gist(&self, text: &str) -> String {
        cut(text, MOST_CHARS_OF_CHOICE)
    }

    /// The lines of an article, its heading first.
    fn lines(&self, text: &str) -> Vec<String> {
        let text = cut(text, MOST_CHARS_OF_ARTICLE);
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        lines.map(str::to_owned).collect()
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
    let count = |name| fields.get(name).parse().unwrap_or(0).clamp(0, 10_000);
    let said = Said {
        decided: count("decided"),
        passed: count("passed"),
        ..Said::default()
    };
    page(&web, p, act(&fields), StatusCode::OK, said).await
}

/// Takes the decisions about one article.
pub async fn decide(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let act = act(&fields);
    let ids = fields.all("id");
    let kept: Vec<(String, String)> = ids
        .iter()
        .filter_map(|id| Some((id.clone(), fields.some(&format!("choice.{id}"))?)))
        .collect();
    let rest = fields.get("rest") == "accept";
    let answers: Vec<(String, AlignmentAnswer)> = ids
        .iter()
        .filter_map(|id| {
            let said = kept.iter().find(|(of, _)| of == id);
            let answer = match said {
                Some((_, said)) => answer(said)?,
                None if rest => AlignmentAnswer::Accept,
                None => return None,
            };
            Some((id.clone(), answer))
        })
        .collect();
    if answers.is_empty() {
        let fault = Some(p.t("align-fault"));
        let said = Said {
            fault,
            ..Said::default()
        };
        return page(&web, p, act, StatusCode::UNPROCESSABLE_ENTITY, said).await;
    }
    let by = &session.actor.person;
    match web.desk.decide_alignments(by, &answers).await {
        Ok(done) => go(&format!(
            "/admin/law/alignments?act={act}&decided={}&passed={}",
            done.decided, done.passed
        )),
        Err(
            DeskError::Wrong { message }
            | DeskError::Conflict { message }
            | DeskError::Forbidden { message },
        ) => {
            let said = Said {
                fault: Some(message),
                kept,
                ..Said::default()
            };
            page(&web, p, act, StatusCode::CONFLICT, said).await
        }
        Err(error) => Err(Problem::from(error)),
    }
}

fn act(fields: &Fields) -> String {
    fields.some("act").unwrap_or_else(|| "tk".to_owned())
}

fn answer(said: &str) -> Option<AlignmentAnswer> {
    match said {
        "accept" => Some(AlignmentAnswer::Accept),
        "alone" => Some(AlignmentAnswer::Alone),
        other => other
            .strip_prefix("to:")
            .map(|label| AlignmentAnswer::To(label.to_owned())),
    }
}

async fn page(web: &Web, p: Page, act: String, status: StatusCode, said: Said) -> Answered {
    if !act.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Problem::NotFound);
    }
    if let Some(local) = web.desk.local_act(&act).await? {
        let session = p.session.as_ref().ok_or(Problem::Broken)?;
        if !at_node(&session.actor, Action::ManageLocalActs, &local.owner_path) {
            return Err(Problem::NotFound);
        }
    }
    let page = web.desk.alignments(&act, MOST).await?;
    let shown = Alignments { p, act, page, said };
    show_as(status, &shown)
}

use super::{Answered, go, show, show_as};
use crate::case::{CaseId, MessageKind, OrganisationId, Status};
use crate::web::Web;
use crate::web::desk::{
    AmendmentReach, CaseLine, DeskCase, DraftView, Letter, QueueFilter, Sentence, SentenceFlag,
    SourceState, UnheldAmendment, WarningKind,
};
use crate::web::fields::Fields;
use crate::web::guard::{Logged, TheCase};
use crate::web::page::Page;
use crate::web::problem::Problem;
use crate::web::show::{Piece, mark};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use std::sync::Arc;

const QUEUE_LIMIT: usize = 200;

#[derive(Template)]
#[template(path = "desk.html")]
struct Queue {
    p: Page,
    cases: Vec<CaseLine>,
    status: String,
    topic: String,
    text: String,
    filtered: bool,
}

impl Queue {
    fn statuses(&self) -> [Status; 8] {
        Status::ALL
    }
}

pub async fn queue(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    p: Page,
    fields: Fields,
) -> Answered {
    let filter = QueueFilter {
        statuses: Status::parse(fields.get("status")).into_iter().collect(),
        topic: fields.some("topic"),
        text: fields.some("text"),
        organisation: fields.some("organisation").map(OrganisationId),
        limit: QUEUE_LIMIT,
    };
    let cases = web.desk.queue(&session.actor, &filter).await?;
    show(&Queue {
        p,
        cases,
        status: fields.get("status").to_owned(),
        topic: fields.get("topic").to_owned(),
        text: fields.get("text").to_owned(),
        filtered: ["status", "topic", "text", "organisation"]
            .iter()
            .any(|name| fields.some(name).is_some()),
    })
}

#[derive(Template)]
#[template(path = "desk_case.html")]
struct CasePage {
    p: Page,
    case: DeskCase,
    /// What was done just before, to be said at the top.
    notice: Option<String>,
    /// Why what was asked was not done.
    refusal: Option<String>,
}

impl CasePage {
    fn is_held(&self) -> bool {
        self.case.line.status == Status::Approved
    }

    fn may_edit(&self) -> bool {
        !matches!(
            self.case.line.status,
            Status::Approved | Status::Sent | Status::Closed
        )
    }

    fn may_ask(&self) -> bool {
        self.may_edit() && self.case.line.status != Status::Waiting
    }

    fn may_close(&self) -> bool {
        !matches!(self.case.line.status, Status::Approved | Status::Closed)
    }

    /// The question with the facts that were read in it; other letters are whole.
    fn pieces(&self, letter: &Letter) -> Vec<Piece> {
        let spans: Vec<_> = match letter.kind {
            MessageKind::Question => self.case.facts.iter().map(|f| (f.start, f.end)).collect(),
            _ => Vec::new(),
        };
        mark(&letter.text, &spans)
    }

    fn version(&self) -> i64 {
        self.case.answer.as_ref().map_or(0, |answer| answer.version)
    }

    fn text(&self) -> &str {
        let answer = self.case.answer.as_ref();
        answer.map_or("", |answer| &answer.rendering.text)
    }

    fn on(&self) -> String {
        match &self.case.answer {
            Some(answer) => answer.rendering.on.clone(),
            None => self.case.on.to_string(),
        }
    }

    /// Norms that the answer quotes, then those that were only found.
    fn norms(&self) -> Vec<(String, bool)> {
        let mut norms: Vec<(String, bool)> = Vec::new();
        if let Some(answer) = &self.case.answer {
            let quotes = answer.rendering.quotes.iter();
            norms.extend(quotes.map(|quote| (quote.norm.clone(), true)));
        }
        for source in &self.case.sources {
            if !norms.iter().any(|(norm, _)| *norm == source.norm) {
                norms.push((source.norm.clone(), false));
            }
        }
        norms
    }

    /// Paragraphs of the answer, each with whether a person wrote it and not the machine.
    fn written(&self) -> Vec<(&str, bool)> {
        let machine = match &self.case.draft {
            DraftView::Ready { sentences, .. } => {
                sentences.iter().map(|s| s.text.as_str()).collect()
            }
            _ => Vec::new(),
        };
        let machine = machine.join(" ");
        let paragraphs = self.p.paragraphs(self.text()).into_iter();
        paragraphs
            .map(|paragraph| (paragraph, !machine.contains(paragraph)))
            .collect()
    }

    /// Sentences of the draft that the answer no longer has.
    fn is_dropped(&self, sentence: &str) -> bool {
        self.case.answer.is_some() && !self.text().contains(sentence)
    }

    /// Whose agreement a sentence quotes; `None` where it speaks of the law.
    fn yours(&self, sentence: &Sentence) -> Option<String> {
        self.p.yours(sentence.norms.first()?)
    }

    fn source_id(&self, norm: &str) -> String {
        format!("s-{}", norm.replace([':', '.'], "-"))
    }

    /// Class and key of a sentence's mark.
    fn flag(&self, flag: &SentenceFlag) -> (&'static str, &'static str) {
        match flag {
            SentenceFlag::Supported => ("ok", "flag-supported"),
            SentenceFlag::Struck => ("struck", "flag-struck"),
            SentenceFlag::Conflict => ("bad", "flag-conflict"),
            SentenceFlag::Unsupported => ("check", "flag-unsupported"),
        }
    }

    fn state(&self, state: &SourceState) -> Option<(&'static str, &'static str)> {
        match state {
            SourceState::InForce => None,
            SourceState::Repealed => Some(("gone", "source-repealed")),
            SourceState::Doubtful => Some(("check", "source-doubtful")),
        }
    }

    /// How many amendments a lawyer must look at before the answer is approved.
    fn open_warnings(&self) -> i64 {
        let open = self.case.amendments.iter();
        open.filter(|one| one.cleared.is_none()).count() as i64
    }

    fn is_possible(&self, one: &UnheldAmendment) -> bool {
        one.reach == AmendmentReach::Possible
    }

    fn warning(&self, kind: &WarningKind) -> (&'static str, &'static str) {
        match kind {
            WarningKind::Block => ("bad", "warning-block"),
            WarningKind::Warn => ("check", "warning-warn"),
            WarningKind::Info => ("note", "warning-info"),
        }
    }
}

pub async fn case(
    State(web): State<Arc<Web>>,
    TheCase(head): TheCase,
    p: Page,
    fields: Fields,
) -> Answered {
    let case = web.desk.desk_case(&head.id).await?;
    let notice = match fields.get("done") {
        "saved" => Some(p.t("done-saved")),
        "check" => Some(p.t("done-check")),
        "asked" => Some(p.t("done-asked")),
        "undone" => Some(p.t("done-undone")),
        "cleared" => Some(p.t("done-cleared")),
        _ => None,
    };
    show(&CasePage {
        p,
        case,
        notice,
        refusal: None,
    })
}

/// The case again, with why what was asked was not done.
pub(super) async fn refused(web: &Web, p: Page, case: &CaseId, message: String) -> Answered {
    let case = web.desk.desk_case(case).await?;
    let page = CasePage {
        p,
        case,
        notice: None,
        refusal: Some(message),
    };
    show_as(StatusCode::CONFLICT, &page)
}

pub async fn take(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
) -> Answered {
    web.desk.assign(&head.id, &session.actor.person).await?;
    go(&format!("/desk/cases/{}", head.id))
}

pub async fn ask_member(
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
        .ask_member(&head.id, &session.actor.person, &text)
        .await
        .map_err(|error| Problem::from(error).keeping(&text))?;
    go(&format!("/desk/cases/{}?done=asked", head.id))
}

pub async fn confirm_deadline(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
    p: Page,
    fields: Fields,
) -> Answered {
    let Ok(Some(from)) = fields.day("from") else {
        return Err(Problem::wrong(p.t("fault-day")));
    };
    let by = &session.actor.person;
    web.desk
        .confirm_deadline(&head.id, by, fields.get("rule"), from)
        .await?;
    go(&format!("/desk/cases/{}#deadlines", head.id))
}

pub async fn close(
    State(web): State<Arc<Web>>,
    Logged(session): Logged,
    TheCase(head): TheCase,
) -> Answered {
    web.desk.close_case(&head.id, &session.actor.person).await?;
    go("/desk")
}

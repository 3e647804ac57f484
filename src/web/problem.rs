//! What a page says when it can't do what was asked, with the status of each.

use super::desk::DeskError;
use super::page::Page;
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};

/// Why there is no page.
#[derive(Debug, Clone)]
pub enum Problem {
    /// 303 to the log-in page.
    LogIn { next: String },
    /// 401: the session ended while somebody was typing; their words are given back.
    LoggedOut { kept: Vec<String> },
    /// 403.
    Forbidden,
    /// 403: the form is not ours or is too old.
    Forged,
    /// 404: not there, or not for this person to know.
    NotFound,
    /// 405.
    Method,
    /// 409; what was typed is given back.
    Conflict { message: String, kept: Vec<String> },
    /// 413.
    TooLarge,
    /// 413, of a file.
    FileTooLarge,
    /// 422; what was typed is given back.
    Wrong { message: String, kept: Vec<String> },
    /// 503 with `Retry-After`.
    Busy { retry_after_s: u64 },
    /// 503: the database does not answer.
    Unavailable,
    /// 500: a template failed.
    Broken,
}

impl From<DeskError> for Problem {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound => Self::NotFound,
            DeskError::Forbidden { .. } => Self::Forbidden,
            DeskError::Conflict { message } => Self::Conflict {
                message,
                kept: Vec::new(),
            },
            DeskError::Wrong { message } | DeskError::Warned { message } => Self::wrong(message),
            DeskError::Busy { retry_after_s } => Self::Busy { retry_after_s },
            DeskError::Unavailable { reason } => {
                tracing::error!(%reason, "desk unavailable");
                Self::Unavailable
            }
        }
    }
}

impl From<askama::Error> for Problem {
    fn from(error: askama::Error) -> Self {
        tracing::error!(%error, "page not rendered");
        Self::Broken
    }
}

impl Problem {
    pub fn wrong(message: String) -> Self {
        Self::Wrong {
            message,
            kept: Vec::new(),
        }
    }

    /// The same problem, on a page that gives `text` back.
    pub fn keeping(self, text: &str) -> Self {
        let kept = vec![text.to_owned()];
        match self {
            Self::Conflict { message, .. } => Self::Conflict { message, kept },
            Self::Wrong { message, .. } => Self::Wrong { message, kept },
            other => other,
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::LogIn { .. } => StatusCode::SEE_OTHER,
            Self::LoggedOut { .. } => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::Forged => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::Conflict { .. } => StatusCode::CONFLICT,
            Self::TooLarge | Self::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Wrong { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Busy { .. } | Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The prefix of its messages: `{key}-title`, `{key}-what`.
    fn key(&self) -> &'static str {
        match self {
            Self::LogIn { .. } | Self::LoggedOut { .. } => "problem-logged-out",
            Self::Forbidden => "problem-forbidden",
            Self::Forged => "problem-forged",
            Self::NotFound | Self::Method => "problem-not-found",
            Self::Conflict { .. } => "problem-conflict",
            Self::TooLarge => "problem-large",
            Self::FileTooLarge => "problem-large-file",
            Self::Wrong { .. } => "problem-wrong",
            Self::Busy { .. } => "problem-busy",
            Self::Unavailable => "problem-unavailable",
            Self::Broken => "problem-broken",
        }
    }

    /// The page for a visitor, in their language.
    pub fn page(&self, page: Page) -> Response {
        let (title, what) = (
            page.t(&format!("{}-title", self.key())),
            page.t(&format!("{}-what", self.key())),
        );
        let (message, kept) = match self {
            Self::Conflict { message, kept } | Self::Wrong { message, kept } => {
                (message.clone(), kept.clone())
            }
            Self::LoggedOut { kept } => (String::new(), kept.clone()),
            _ => (String::new(), Vec::new()),
        };
        let template = ProblemPage {
            p: page,
            title,
            what,
            message,
            kept,
        };
        match template.render() {
            Ok(html) => (self.status(), self.retry(), Html(html)).into_response(),
            Err(_) => self.status().into_response(),
        }
    }

    fn retry(&self) -> axum::http::HeaderMap {
        let seconds = match self {
            Self::Busy { retry_after_s } => *retry_after_s,
            Self::Unavailable => 5,
            _ => return axum::http::HeaderMap::new(),
        };
        [(header::RETRY_AFTER, HeaderValue::from(seconds))]
            .into_iter()
            .collect()
    }
}

impl IntoResponse for Problem {
    /// Status only: the frame around all pages knows the visitor and writes the page.
    fn into_response(self) -> Response {
        if let Self::LogIn { next } = &self {
            return Redirect::to(&format!("/login?next={next}")).into_response();
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    p: Page,
    title: String,
    what: String,
    message: String,
    kept: Vec<String>,
}

use super::{Answered, go, show, show_as};
use crate::case::{Actor, Role};
use crate::web::desk::{LinkOwner, Password, SessionTerms, Throttle};
use crate::web::fields::Fields;
use crate::web::frame::{SESSION_COOKIE, add_cookie};
use crate::web::page::Page;
use crate::web::problem::Problem;
use crate::web::transport::Channel;
use crate::web::{Web, password};
use askama::Template;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect};
use std::sync::Arc;

const MINUTE_MS: i64 = 60_000;
const MEMBERS: SessionTerms = SessionTerms {
    idle_ms: 12 * 60 * MINUTE_MS,
    valid_ms: 7 * 24 * 60 * MINUTE_MS,
};
/// Lawyers, staff and administrators see more, and sit at shared desks.
const OFFICE: SessionTerms = SessionTerms {
    idle_ms: 30 * MINUTE_MS,
    valid_ms: 12 * 60 * MINUTE_MS,
};

#[derive(Template)]
#[template(path = "login.html")]
struct LogIn {
    p: Page,
    email: String,
    next: String,
    fault: Option<String>,
}

#[derive(Template)]
#[template(path = "login_link.html")]
struct Link {
    p: Page,
    token: String,
    /// `None`: the link is unknown, used or too old.
    owner: Option<LinkOwner>,
    fault: Option<String>,
}

impl Link {
    fn sets_password(&self) -> bool {
        let password = self.owner.as_ref().map(|owner| owner.password);
        password == Some(Password::Missing)
    }
}

pub async fn form(p: Page, fields: Fields) -> Answered {
    if let Some(session) = &p.session {
        return go(home(&session.actor));
    }
    show(&LogIn {
        next: inside(fields.get("next")),
        email: String::new(),
        fault: None,
        p,
    })
}

pub async fn log_in(
    State(web): State<Arc<Web>>,
    Extension(channel): Extension<Channel>,
    headers: HeaderMap,
    p: Page,
    fields: Fields,
) -> Answered {
    let email = fields.get("email").to_lowercase();
    if let Throttle::Wait { seconds } = web.desk.try_login(&email).await? {
        return too_often(p, &fields, seconds);
    }
    let account = web.desk.account(&email).await?;
    let hash = account
        .as_ref()
        .and_then(|account| account.password_hash.clone());
    let password = raw(&fields, "password");
    if !web.hashing.verify(password, hash).await? {
        let fault = Some(p.t("login-wrong"));
        return show_as(StatusCode::UNAUTHORIZED, &again(p, &fields, fault));
    }
    let Some(account) = account else {
        return Err(Problem::Forbidden);
    };
    web.desk.login_passed(&email).await?;
    let next = inside(fields.get("next"));
    enter(&web, channel, &headers, &account.actor, &next).await
}

fn again(p: Page, fields: &Fields, fault: Option<String>) -> LogIn {
    LogIn {
        p,
        email: fields.get("email").to_owned(),
        next: inside(fields.get("next")),
        fault,
    }
}

fn too_often(p: Page, fields: &Fields, seconds: u64) -> Answered {
    let minutes = i64::try_from(seconds.div_ceil(60)).unwrap_or(i64::MAX);
    let fault = Some(p.n("login-wait", minutes));
    let page = show_as(StatusCode::TOO_MANY_REQUESTS, &again(p, fields, fault))?;
    Ok(([(header::RETRY_AFTER, seconds.to_string())], page).into_response())
}

pub async fn link(State(web): State<Arc<Web>>, p: Page, Path(token): Path<String>) -> Answered {
    let owner = web.desk.link(&token).await?;
    let status = match owner {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_FOUND,
    };
    let page = Link {
        p,
        token,
        owner,
        fault: None,
    };
    show_as(status, &page)
}

/// Opening the address uses nothing up: mail programs look at links before people do.
pub async fn use_link(
    State(web): State<Arc<Web>>,
    Extension(channel): Extension<Channel>,
    headers: HeaderMap,
    p: Page,
    Path(token): Path<String>,
    fields: Fields,
) -> Answered {
    let Some(owner) = web.desk.link(&token).await? else {
        return go(&format!("/login/{token}"));
    };
    let new = raw(&fields, "password");
    let mut hash = None;
    if owner.password == Password::Missing || !new.is_empty() {
        let fault = match password::fault(&new) {
            None if new != raw(&fields, "again") => Some("password-differs"),
            other => other,
        };
        if let Some(key) = fault {
            let page = Link {
                fault: Some(p.n(key, password::FEWEST_CHARACTERS as i64)),
                owner: Some(owner),
                token,
                p,
            };
            return show_as(StatusCode::UNPROCESSABLE_ENTITY, &page);
        }
        hash = Some(web.hashing.hash(new).await?);
    }
    web.desk.use_link(&token, hash).await?;
    enter(&web, channel, &headers, &owner.actor, "").await
}

pub async fn log_out(
    State(web): State<Arc<Web>>,
    Extension(channel): Extension<Channel>,
    headers: HeaderMap,
) -> Answered {
    if let Some(token) = channel.read_cookie(&headers, SESSION_COOKIE) {
        web.desk.close_session(&token).await?;
    }
    let mut response = Redirect::to("/").into_response();
    add_cookie(&mut response, &channel.cookie(SESSION_COOKIE, "", None));
    Ok(response)
}

/// A new session in place of the old one, and the way home.
async fn enter(
    web: &Web,
    channel: Channel,
    headers: &HeaderMap,
    actor: &Actor,
    next: &str,
) -> Answered {
    if let Some(old) = channel.read_cookie(headers, SESSION_COOKIE) {
        web.desk.close_session(&old).await?;
    }
    let office = [Role::Lawyer, Role::Staff, Role::Administrator];
    let terms = if office.iter().any(|role| actor.has(*role)) {
        OFFICE
    } else {
        MEMBERS
    };
    let token = web.desk.open_session(&actor.person, terms).await?;
    let to = if next.is_empty() { home(actor) } else { next };
    let mut response = Redirect::to(to).into_response();
    add_cookie(&mut response, &channel.cookie(SESSION_COOKIE, &token, None));
    Ok(response)
}

/// Where somebody's work starts.
fn home(actor: &Actor) -> &'static str {
    if actor.has(Role::Lawyer) {
        "/desk"
    } else if actor.has(Role::Member) || actor.has(Role::Steward) {
        "/cases"
    } else if actor.has(Role::Staff) {
        "/search"
    } else if actor.has(Role::Administrator) {
        "/admin"
    } else {
        "/"
    }
}

/// An address on this desk, or nothing: a log-in must not lead elsewhere.
fn inside(next: &str) -> String {
    let own = next.starts_with('/')
        && !next.starts_with("//")
        && next
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "/-_.:%".contains(c));
    if own { next.to_owned() } else { String::new() }
}

/// As it was typed: spaces belong to a password.
fn raw(fields: &Fields, name: &str) -> String {
    fields
        .0
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.clone())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn a_log_in_leads_only_to_this_desk() {
        assert_eq!(inside("/desk/cases/0190-a"), "/desk/cases/0190-a");
        for elsewhere in ["//evil", "https://evil", "/\\evil", "", "/a\r\nb"] {
            assert_eq!(inside(elsewhere), "");
        }
    }
}

//! The one door: who may come to a route, decided by `case::policy::decide`; and whether a form is ours.

use super::Web;
use super::desk::{CaseHead, LocalActLine, Session};
use super::fields::{Fields, MOST_BYTES};
use super::page::Page;
use super::problem::Problem;
use super::upload::receive;
use crate::case::policy::{Decision, Resource, decide};
use crate::case::{Action, Actor, CaseId, PersonId};
use crate::law::ActId;
use axum::Form;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;

/// Who may come to a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Everybody, with or without a session.
    Anyone,
    LoggedIn,
    /// Somebody to whom the policy allows the action at one of their own nodes.
    Holder(Action),
    /// Somebody to whom the policy allows the action on the case that the address names.
    Case(Action),
    /// The same, and only the case's own member: what is theirs to say nobody says for them.
    OwnCase(Action),
    /// Everybody where the address names a law; for a local act those who may read it. To others it is not there.
    Reader,
    /// Somebody to whom the policy allows the action at every node of the person that the address names.
    Person(Action),
}

/// What the body of a form is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Takes {
    /// Names and values.
    Form,
    /// A token and a file.
    File,
}

/// Lets a request through or says why not, and hands on its form or query.
pub async fn admit(
    State((web, who, takes)): State<(Arc<Web>, Who, Takes)>,
    page: Page,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let own_page = web
        .transport
        .is_own_page(request.headers(), request.extensions());
    let post = request.method() == Method::POST;
    if post && takes == Takes::File {
        if !own_page {
            return Err(Problem::Forged);
        }
        return admit_file(&web, who, (&page, &params), request, next).await;
    }
    let fields = if post {
        let (fields, rest) = form(request).await?;
        request = rest;
        fields
    } else {
        let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
        Fields(query.map(|query| query.0).unwrap_or_default())
    };
    if post && !own_page {
        return Err(Problem::Forged);
    }
    if post && who != Who::Anyone && page.session.is_none() {
        return Err(logged_out(&fields));
    }
    if post && !same(fields.get("csrf"), &page.csrf) {
        return Err(Problem::Forged);
    }
    let session = page.session.as_ref();
    if who == Who::Reader {
        if let Some(act) = reader(&web, session, &params).await? {
            request.extensions_mut().insert(act);
        }
    } else if let Some(head) = may_enter(&web, who, session, &params, request.uri().path()).await? {
        request.extensions_mut().insert(head);
    }
    request.extensions_mut().insert(fields);
    Ok(next.run(request).await)
}

/// Decides before a byte of the file is read, and takes the file in.
async fn admit_file(
    web: &Web,
    who: Who,
    (page, params): (&Page, &RawPathParams),
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let session = page.session.as_ref();
    may_enter(web, who, session, params, request.uri().path()).await?;
    let (parts, body) = request.into_parts();
    let mut copy = Request::new(body);
    *copy.method_mut() = Method::POST;
    *copy.headers_mut() = parts.headers.clone();
    copy.extensions_mut().clone_from(&parts.extensions);
    let uploaded = receive(copy, page).await?;
    let mut request = Request::from_parts(parts, Body::empty());
    request.extensions_mut().insert(uploaded.1);
    request.extensions_mut().insert(uploaded.0);
    Ok(next.run(request).await)
}

/// The local act that the address names, for those who may read it; nothing for the law.
async fn reader(
    web: &Web,
    session: Option<&Session>,
    params: &RawPathParams,
) -> Result<Option<LocalActLine>, Problem> {
    let act = params.iter().find(|(name, _)| *name == "act");
    let id = act.and_then(|(_, id)| id.parse::<ActId>().ok());
    let Some(id) = id.filter(ActId::is_local) else {
        return Ok(None);
    };
    let held = web.desk.local_act(id.as_str()).await?;
    let may = |act: &LocalActLine| {
        session.is_some_and(|one| at_node(&one.actor, Action::ReadLocalAct, &act.owner_path))
    };
    // The same answer as for an act that is not there.
    held.filter(may).map(Some).ok_or(Problem::NotFound)
}

/// Decides; the head of the case where the address names one.
async fn may_enter(
    web: &Web,
    who: Who,
    session: Option<&Session>,
    params: &RawPathParams,
    path: &str,
) -> Result<Option<CaseHead>, Problem> {
    if matches!(who, Who::Anyone | Who::Reader) {
        return Ok(None);
    }
    let Some(session) = session else {
        return Err(Problem::LogIn {
            next: path.to_owned(),
        });
    };
    let actor = &session.actor;
    let id = params.iter().find(|(name, _)| *name == "id");
    let id = id.map_or("", |(_, value)| value);
    match who {
        Who::Anyone | Who::LoggedIn | Who::Reader => Ok(None),
        Who::Holder(action) => pass(holds(actor, action)),
        Who::Case(action) => case(web, actor, action, id).await.map(Some),
        Who::OwnCase(action) => {
            let head = case(web, actor, action, id).await?;
            if head.member == actor.person {
                Ok(Some(head))
            } else {
                Err(Problem::Forbidden)
            }
        }
        Who::Person(action) => person(web, actor, action, id).await,
    }
}

fn pass(yes: bool) -> Result<Option<CaseHead>, Problem> {
    if yes {
        Ok(None)
    } else {
        Err(Problem::Forbidden)
    }
}

/// Whether the policy allows the action at one of the actor's own nodes.
fn holds(actor: &Actor, action: Action) -> bool {
    actor
        .grants
        .iter()
        .any(|grant| at_node(actor, action, &grant.path))
}

/// Whether the policy allows the action at the node with `path`.
pub fn at_node(actor: &Actor, action: Action, path: &str) -> bool {
    decide(actor, action, Resource::Node { path }) == Decision::Allowed
}

async fn case(web: &Web, actor: &Actor, action: Action, id: &str) -> Result<CaseHead, Problem> {
    let id = CaseId::from(id);
    let head = web.desk.case_head(&id).await?.ok_or(Problem::NotFound)?;
    match on_case(actor, action, &head) {
        Decision::Allowed => Ok(head),
        Decision::Forbidden => Err(Problem::Forbidden),
        Decision::Hidden => Err(Problem::NotFound),
    }
}

/// What the policy says of an action on a case.
pub fn on_case(actor: &Actor, action: Action, head: &CaseHead) -> Decision {
    let resource = Resource::Case {
        path: &head.path,
        member: &head.member,
        shared: head.shared,
    };
    decide(actor, action, resource)
}

async fn person(
    web: &Web,
    actor: &Actor,
    action: Action,
    id: &str,
) -> Result<Option<CaseHead>, Problem> {
    if !holds(actor, action) {
        return Err(Problem::Forbidden);
    }
    let paths = web.desk.person_paths(&PersonId::from(id)).await?;
    // Every node: a link for somebody who is also something higher up would be a ladder.
    if paths.is_empty() || !paths.iter().all(|path| at_node(actor, action, path)) {
        return Err(Problem::NotFound);
    }
    Ok(None)
}

/// Reads a form and gives the request back with its body.
async fn form(request: Request) -> Result<(Fields, Request), Problem> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MOST_BYTES)
        .await
        .map_err(|_| Problem::TooLarge)?;
    let mut copy = Request::new(Body::from(bytes));
    *copy.method_mut() = Method::POST;
    *copy.headers_mut() = parts.headers.clone();
    let fields = Form::<Vec<(String, String)>>::from_request(copy, &())
        .await
        .map_err(|_| Problem::Forged)?;
    Ok((Fields(fields.0), Request::from_parts(parts, Body::empty())))
}

/// Gives back what somebody typed when their session ended under their hands.
fn logged_out(fields: &Fields) -> Problem {
    let kept = fields.all("text");
    if kept.is_empty() {
        Problem::LogIn { next: "/".into() }
    } else {
        Problem::LoggedOut { kept }
    }
}

/// Compares without telling by time where the first difference is.
pub fn same(given: &str, expected: &str) -> bool {
    let differences = given
        .bytes()
        .zip(expected.bytes())
        .fold(given.len() ^ expected.len(), |sum, (a, b)| {
            sum | usize::from(a ^ b)
        });
    !expected.is_empty() && differences == 0
}

/// The session of a page that only people with one reach.
pub struct Logged(pub Session);

impl<S: Sync> FromRequestParts<S> for Logged {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let page = parts.extensions.get::<Page>();
        let session = page.and_then(|page| page.session.clone());
        session.map(Self).ok_or(Problem::Broken)
    }
}

/// The case that the guard let somebody come to.
pub struct TheCase(pub CaseHead);

impl<S: Sync> FromRequestParts<S> for TheCase {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let head = parts.extensions.get::<CaseHead>().cloned();
        head.map(Self).ok_or(Problem::Broken)
    }
}

/// The local act that the guard let somebody read; nothing on a page of the law.
pub struct TheLocalAct(pub Option<LocalActLine>);

impl<S: Sync> FromRequestParts<S> for TheLocalAct {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(Self(parts.extensions.get::<LocalActLine>().cloned()))
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn tokens_are_equal_only_when_they_are() {
        assert!(same("abc", "abc"));
        assert!(!same("abd", "abc"));
        assert!(!same("ab", "abc"));
        assert!(!same("", ""));
    }
}

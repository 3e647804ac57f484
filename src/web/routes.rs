//! The one list of routes: what is not in it can't be reached, and each row says who may come.

use super::guard::{Takes, Who, admit};
use super::pages::{
    admin, admin_alignments, admin_law, admin_local, amendments, answer, approve, ask, case, cases,
    compare, desk, guide, health, law, login, search, start,
};
use super::upload::MOST_REQUEST_BYTES;
use super::{Web, assets, frame};
use crate::case::Action;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};
use std::sync::Arc;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verb {
    Get,
    Post,
}

struct Row {
    verb: Verb,
    path: &'static str,
    who: Who,
    takes: Takes,
    handler: MethodRouter<Arc<Web>>,
}

fn see<H, T>(path: &'static str, who: Who, handler: H) -> Row
where
    H: Handler<T, Arc<Web>>,
    T: 'static,
{
    Row {
        verb: Verb::Get,
        path,
        who,
        takes: Takes::Form,
        handler: get(handler),
    }
}

fn send<H, T>(path: &'static str, who: Who, handler: H) -> Row
where
    H: Handler<T, Arc<Web>>,
    T: 'static,
{
    Row {
        verb: Verb::Post,
        path,
        who,
        takes: Takes::Form,
        handler: post(handler),
    }
}

/// A form with a file.
fn hand_in<H, T>(path: &'static str, who: Who, handler: H) -> Row
where
    H: Handler<T, Arc<Web>>,
    T: 'static,
{
    Row {
        takes: Takes::File,
        ..send(path, who, handler)
    }
}

fn table() -> Vec<Row> {
    use Who::{Anyone, Case, Holder, LoggedIn, OwnCase, Person, Reader};
    vec![
        see("/", Anyone, start::start),
        see("/login", Anyone, login::form),
        send("/login", Anyone, login::log_in),
        see("/login/{token}", Anyone, login::link),
        send("/login/{token}", Anyone, login::use_link),
        send("/logout", LoggedIn, login::log_out),
        see("/ask", Holder(Action::AskQuestion), ask::form),
        send("/ask", Holder(Action::AskQuestion), ask::ask),
        see("/cases", LoggedIn, cases::list),
        see("/cases/{id}", Case(Action::SeeCase), case::see),
        send(
            "/cases/{id}/messages",
            OwnCase(Action::WriteInCase),
            case::write,
        ),
        send(
            "/cases/{id}/share",
            OwnCase(Action::WriteInCase),
            case::share,
        ),
        see("/desk", Holder(Action::WorkOnCase), desk::queue),
        see("/desk/cases/{id}", Case(Action::WorkOnCase), desk::case),
        send(
            "/desk/cases/{id}/take",
            Case(Action::WorkOnCase),
            desk::take,
        ),
        send(
            "/desk/cases/{id}/answer",
            Case(Action::WorkOnCase),
            answer::save,
        ),
        send(
            "/desk/cases/{id}/approve",
            Case(Action::ApproveAnswer),
            answer::approve,
        ),
        send(
            "/desk/cases/{id}/warning",
            Case(Action::WorkOnCase),
            amendments::clear,
        ),
        send(
            "/desk/cases/{id}/undo",
            Case(Action::ApproveAnswer),
            answer::undo,
        ),
        send(
            "/desk/cases/{id}/question",
            Case(Action::WorkOnCase),
            desk::ask_member,
        ),
        send(
            "/desk/cases/{id}/deadline",
            Case(Action::WorkOnCase),
            desk::confirm_deadline,
        ),
        send(
            "/desk/cases/{id}/close",
            Case(Action::WorkOnCase),
            desk::close,
        ),
        see("/law", Anyone, law::acts),
        see("/law/{act}", Reader, law::act),
        see("/law/{act}/compare", Reader, compare::see),
        see("/law/{act}/{article}", Reader, law::article),
        see("/guide", Anyone, guide::hub),
        see("/guide/situations/{id}", Anyone, guide::situation),
        see("/guide/words", Anyone, guide::glossary),
        see("/guide/sums", Anyone, guide::sums),
        see("/guide/sums/{name}", Anyone, guide::sum),
        see("/guide/terms", Anyone, guide::terms),
        see("/search", Holder(Action::SearchPrecedents), search::search),
        see("/approve", Holder(Action::ApproveStatements), approve::see),
        send(
            "/approve",
            Holder(Action::ApproveStatements),
            approve::decide,
        ),
        see(
            "/approve/changed",
            Holder(Action::ApproveStatements),
            approve::changed,
        ),
        send(
            "/approve/changed",
            Holder(Action::ApproveStatements),
            approve::reword,
        ),
        see(
            "/amendments",
            Holder(Action::SettleAmendments),
            amendments::see,
        ),
        send(
            "/amendments",
            Holder(Action::SettleAmendments),
            amendments::put_aside,
        ),
        send(
            "/amendments/reopen",
            Holder(Action::SettleAmendments),
            amendments::reopen,
        ),
        see("/admin", Holder(Action::ManagePeople), admin::see),
        send(
            "/admin/people",
            Holder(Action::ManagePeople),
            admin::add_person,
        ),
        send(
            "/admin/people/{id}/link",
            Person(Action::ManagePeople),
            admin::make_link,
        ),
        see("/admin/law", Holder(Action::ManageLaw), admin_law::see),
        hand_in("/admin/law", Holder(Action::ManageLaw), admin_law::take),
        see(
            "/admin/law/practice",
            Holder(Action::ManageLaw),
            admin_law::practice,
        ),
        see(
            "/admin/law/alignments",
            Holder(Action::ManageLaw),
            admin_alignments::see,
        ),
        send(
            "/admin/law/alignments",
            Holder(Action::ManageLaw),
            admin_alignments::decide,
        ),
        see(
            "/admin/law/local",
            Holder(Action::ManageLocalActs),
            admin_local::see,
        ),
        hand_in(
            "/admin/law/local",
            Holder(Action::ManageLocalActs),
            admin_local::take,
        ),
        send(
            "/admin/law/local/end",
            Holder(Action::ManageLocalActs),
            admin_local::end,
        ),
        see("/admin/journal", Holder(Action::SeeJournal), admin::journal),
        see("/livez", Anyone, health::live),
        see("/readyz", Anyone, health::ready),
        see("/metrics", Anyone, health::metrics),
        see("/assets/app.css", Anyone, assets::style),
        see("/assets/mark.svg", Anyone, assets::mark),
    ]
}

/// Every route with its method and who may come: what the role × route test goes through.
pub fn rows() -> Vec<(Verb, &'static str, Who)> {
    table()
        .into_iter()
        .map(|row| (row.verb, row.path, row.who))
        .collect()
}

pub(super) fn router(web: Arc<Web>) -> Router {
    let mut router = Router::new();
    for row in table() {
        let guarded = row
            .handler
            .layer(from_fn_with_state((web.clone(), row.who, row.takes), admit));
        let guarded = match row.takes {
            Takes::Form => guarded,
            Takes::File => guarded.layer(DefaultBodyLimit::max(MOST_REQUEST_BYTES)),
        };
        router = router.route(row.path, guarded);
    }
    router
        .fallback(frame::nowhere)
        .method_not_allowed_fallback(frame::no_such_method)
        .layer(from_fn_with_state(web.clone(), frame::frame))
        .with_state(web)
}

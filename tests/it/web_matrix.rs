//! Who may come where: every route for every actor (A1), and random actors on random cases (A2).

use crate::web::{Kit, Visitor};
use axum::http::StatusCode;
use rand::prelude::*;
use soyuznik::case::policy::{Decision, Resource, Shared, decide};
use soyuznik::case::{Action, CaseId, OrganisationKind, Role};
use soyuznik::store::{NewCase, NewOrganisation, NewPerson};
use soyuznik::web::{Verb, rows};
use std::collections::BTreeSet;

const ACTORS: [&str; 9] = [
    "anonymous",
    "member",
    "neighbour",
    "steward",
    "lawyer",
    "stranger",
    "staff",
    "administrator",
    "root",
];

/// What each actor meets: `+` comes in, `-` is forbidden (403), `0` finds nothing (404), `>` is sent to log in.
/// In the order of [`ACTORS`]; the case is the member's, not shared.
const MATRIX: [(&str, &str, &str); 56] = [
    ("GET", "/", "+++++++++"),
    ("GET", "/login", "+++++++++"),
    ("POST", "/login", "+++++++++"),
    ("GET", "/login/{token}", "000000000"),
    ("POST", "/login/{token}", "+++++++++"),
    ("POST", "/logout", ">++++++++"),
    ("GET", "/ask", ">++-+----"),
    ("POST", "/ask", ">++-+----"),
    ("GET", "/cases", ">++++++++"),
    ("GET", "/cases/{id}", ">+00+0000"),
    ("POST", "/cases/{id}/messages", ">+00-0000"),
    ("POST", "/cases/{id}/share", ">+00-0000"),
    ("GET", "/desk", ">---++---"),
    ("GET", "/desk/cases/{id}", ">-00+0000"),
    ("POST", "/desk/cases/{id}/take", ">-00+0000"),
    ("POST", "/desk/cases/{id}/answer", ">-00+0000"),
    ("POST", "/desk/cases/{id}/approve", ">-00+0000"),
    ("POST", "/desk/cases/{id}/warning", ">-00+0000"),
    ("POST", "/desk/cases/{id}/undo", ">-00+0000"),
    ("POST", "/desk/cases/{id}/question", ">-00+0000"),
    ("POST", "/desk/cases/{id}/deadline", ">-00+0000"),
    ("POST", "/desk/cases/{id}/close", ">-00+0000"),
    ("GET", "/law", "+++++++++"),
    ("GET", "/law/{act}", "+++++++++"),
    ("GET", "/law/{act}/compare", "+++++++++"),
    ("GET", "/law/{act}/{article}", "+++++++++"),
    ("GET", "/guide", "+++++++++"),
    ("GET", "/guide/situations/{id}", "000000000"),
    ("GET", "/guide/words", "+++++++++"),
    ("GET", "/guide/sums", "+++++++++"),
    ("GET", "/guide/sums/{name}", "000000000"),
    ("GET", "/guide/terms", "+++++++++"),
    ("GET", "/search", ">---+++--"),
    ("GET", "/approve", ">---++---"),
    ("POST", "/approve", ">---++---"),
    ("GET", "/approve/changed", ">---++---"),
    ("POST", "/approve/changed", ">---++---"),
    ("GET", "/amendments", ">---++-++"),
    ("POST", "/amendments", ">---++-++"),
    ("POST", "/amendments/reopen", ">---++-++"),
    ("GET", "/admin", ">------++"),
    ("POST", "/admin/people", ">------++"),
    ("POST", "/admin/people/{id}/link", ">------++"),
    ("GET", "/admin/law", ">------++"),
    ("POST", "/admin/law", ">------++"),
    ("GET", "/admin/law/practice", ">------++"),
    ("GET", "/admin/law/alignments", ">------++"),
    ("POST", "/admin/law/alignments", ">------++"),
    ("GET", "/admin/law/local", ">------++"),
    ("POST", "/admin/law/local", ">------++"),
    ("POST", "/admin/law/local/end", ">------++"),
    ("GET", "/admin/journal", ">------++"),
    ("GET", "/livez", "+++++++++"),
    ("GET", "/readyz", "+++++++++"),
    ("GET", "/metrics", "+++++++++"),
    ("GET", "/assets/app.css", "+++++++++"),
];
const MARK: (&str, &str, &str) = ("GET", "/assets/mark.svg", "+++++++++");

fn matrix() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    MATRIX.into_iter().chain([MARK])
}

fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
    }
}

#[test]
fn every_route_has_a_row_in_the_matrix() {
    let routes: BTreeSet<_> = rows()
        .into_iter()
        .map(|(v, path, _)| (verb(v), path))
        .collect();
    let expected: BTreeSet<_> = matrix().map(|(verb, path, _)| (verb, path)).collect();
    assert_eq!(routes, expected);
}

/// What a status says about the door, whatever happened behind it.
fn met(status: StatusCode, location: &str) -> char {
    match status {
        StatusCode::SEE_OTHER if location.starts_with("/login?") => '>',
        StatusCode::FORBIDDEN => '-',
        StatusCode::NOT_FOUND => '0',
        _ => '+',
    }
}

#[tokio::test]
async fn every_actor_meets_at_every_route_what_the_matrix_says() {
    for actor in ACTORS {
        let kit = Kit::new(60_000).await;
        let case = kit.case("member").await;
        for (verb, path, expected) in matrix() {
            let place = ACTORS.iter().position(|one| *one == actor).unwrap();
            let expected = expected.chars().nth(place).unwrap();
            let visitor = match actor {
                "anonymous" => anonymous(&kit).await,
                who => kit.visitor(who).await,
            };
            let id = match path {
                "/admin/people/{id}/link" => kit.people["member"].to_string(),
                _ => case.to_string(),
            };
            let path = path
                .replace("{id}", &id)
                .replace("{token}", "none")
                .replace("{act}", "tk")
                .replace("{article}", "142");
            // Nothing in the form: a door that opens leads to a refusal of the form, never to a change.
            let answered = match verb {
                "GET" => kit.get(&visitor, &path).await,
                _ => kit.post(&visitor, &path, &[]).await,
            };
            let got = met(answered.status, answered.location());
            assert_eq!(got, expected, "{actor} {verb} {path}: {}", answered.status);
            assert!(!answered.status.is_server_error(), "{actor} {verb} {path}");
        }
    }
}

/// Somebody without a session, with the token that the log-in form gives.
async fn anonymous(kit: &Kit) -> Visitor {
    let mut visitor = Visitor::default();
    let page = kit.get(&visitor, "/login").await;
    visitor.keep(&page);
    visitor.csrf = page.hidden("csrf");
    visitor
}

#[tokio::test]
async fn a_foreign_case_looks_like_none_at_all() {
    let kit = Kit::new(0).await;
    let case = kit.case("member").await;
    for who in ["neighbour", "steward", "stranger", "staff", "administrator"] {
        let visitor = kit.visitor(who).await;
        let none = CaseId::fresh();
        for path in ["/cases/", "/desk/cases/"] {
            let foreign = kit.get(&visitor, &format!("{path}{case}")).await;
            let missing = kit.get(&visitor, &format!("{path}{none}")).await;
            assert_eq!(foreign.status, StatusCode::NOT_FOUND);
            assert_eq!(
                (foreign.status, foreign.body),
                (missing.status, missing.body),
                "{who}"
            );
        }
    }
}

#[tokio::test]
async fn a_steward_sees_a_case_once_it_is_shared_and_can_not_write_in_it() {
    let kit = Kit::new(0).await;
    let (member, steward) = (kit.visitor("member").await, kit.visitor("steward").await);
    let case = kit.case("member").await;
    let path = format!("/cases/{case}");
    kit.post(&member, &format!("{path}/share"), &[("shared", "yes")])
        .await;
    let page = kit.get(&steward, &path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("/share\""));
    assert!(kit.get(&steward, "/cases").await.body.contains(&path));
    let written = kit
        .post(
            &steward,
            &format!("{path}/messages"),
            &[("text", "Я профорг.")],
        )
        .await;
    assert_eq!(written.status, StatusCode::FORBIDDEN);
    kit.post(&member, &format!("{path}/share"), &[("shared", "no")])
        .await;
    assert_eq!(kit.get(&steward, &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_climbs_by_a_link_for_somebody_higher_up() {
    let kit = Kit::new(0).await;
    let administrator = kit.visitor("administrator").await;
    for (who, status) in [
        ("member", StatusCode::OK),
        ("root", StatusCode::NOT_FOUND),
        ("stranger", StatusCode::NOT_FOUND),
    ] {
        let path = format!("/admin/people/{}/link", kit.people[who]);
        assert_eq!(
            kit.post(&administrator, &path, &[]).await.status,
            status,
            "{who}"
        );
    }
    let fields = |node: &str| {
        [
            ("name", "Новый Юрист".to_owned()),
            ("role", "lawyer".to_owned()),
            ("organisation", kit.nodes[node].to_string()),
        ]
    };
    for (node, status) in [
        ("shop", StatusCode::SEE_OTHER),
        ("other", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let fields = fields(node);
        let fields: Vec<_> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        assert_eq!(
            kit.post(&administrator, "/admin/people", &fields)
                .await
                .status,
            status,
            "{node}"
        );
    }
}

/// The routes of a case with the action that the policy is asked about, and whether only its member may.
const CASE_ROUTES: [(&str, &str, Action, bool); 12] = [
    ("GET", "/cases/{id}", Action::SeeCase, false),
    ("POST", "/cases/{id}/messages", Action::WriteInCase, true),
    ("POST", "/cases/{id}/share", Action::WriteInCase, true),
    ("GET", "/desk/cases/{id}", Action::WorkOnCase, false),
    ("POST", "/desk/cases/{id}/take", Action::WorkOnCase, false),
    ("POST", "/desk/cases/{id}/answer", Action::WorkOnCase, false),
    (
        "POST",
        "/desk/cases/{id}/approve",
        Action::ApproveAnswer,
        false,
    ),
    (
        "POST",
        "/desk/cases/{id}/undo",
        Action::ApproveAnswer,
        false,
    ),
    (
        "POST",
        "/desk/cases/{id}/question",
        Action::WorkOnCase,
        false,
    ),
    (
        "POST",
        "/desk/cases/{id}/deadline",
        Action::WorkOnCase,
        false,
    ),
    (
        "POST",
        "/desk/cases/{id}/warning",
        Action::WorkOnCase,
        false,
    ),
    ("POST", "/desk/cases/{id}/close", Action::WorkOnCase, false),
];

#[tokio::test]
async fn two_thousand_random_actors_on_random_cases_meet_what_the_policy_says() {
    let kit = Kit::new(60_000).await;
    let mut dice = StdRng::seed_from_u64(7);
    let nodes = random_tree(&kit, &mut dice).await;
    let mut visitors = Vec::new();
    for n in 0..40 {
        let new = NewPerson {
            name: format!("Человек {n}"),
            email: None,
            language: "ru".into(),
        };
        let person = kit.store.add_person(&new, "test").await.unwrap().id;
        for _ in 0..dice.random_range(1..=2) {
            let role = *Role::ALL.choose(&mut dice).unwrap();
            let node = nodes.choose(&mut dice).unwrap();
            kit.store.grant(&person, role, node, "test").await.unwrap();
        }
        let session = kit
            .store
            .create_session(&person, 3_600_000, 3_600_000)
            .await
            .unwrap();
        let visitor = Visitor {
            cookies: [("soyuznik".to_owned(), session.token)].into(),
            csrf: session.csrf_token,
        };
        visitors.push((kit.store.actor(&person).await.unwrap(), visitor));
    }
    let mut cases = Vec::new();
    for _ in 0..60 {
        let member = &visitors.choose(&mut dice).unwrap().0.person;
        let new = NewCase {
            organisation: nodes.choose(&mut dice).unwrap().clone(),
            member: member.clone(),
            subject: "Вопрос".into(),
            text: "Сколько длится отпуск?".into(),
            topic: None,
            region: None,
            industry: None,
            event_date: None,
            deadline: None,
            idempotency_key: None,
        };
        let case = kit.store.create_case(&new).await.unwrap();
        if dice.random_bool(0.4) {
            let shared = kit
                .store
                .share_with_steward(&case.id, member, Shared::WithSteward);
            shared.await.unwrap();
        }
        cases.push(case.id);
    }
    for _ in 0..2_000 {
        let (actor, visitor) = visitors.choose(&mut dice).unwrap();
        let case = cases.choose(&mut dice).unwrap();
        let (verb, path, action, only_own) = *CASE_ROUTES.choose(&mut dice).unwrap();
        let row = kit.store.case_row(case).await.unwrap();
        let resource = Resource::Case {
            path: &row.organisation_path,
            member: &row.member,
            shared: if row.shared_with_steward {
                Shared::WithSteward
            } else {
                Shared::No
            },
        };
        let expected = match decide(actor, action, resource) {
            Decision::Allowed if only_own && row.member != actor.person => '-',
            Decision::Allowed => '+',
            Decision::Forbidden => '-',
            Decision::Hidden => '0',
        };
        let path = path.replace("{id}", case.as_str());
        // `share` without words would change the case under the next throw of the dice: it says what is.
        let shared = if row.shared_with_steward { "yes" } else { "no" };
        let answered = match verb {
            "GET" => kit.get(visitor, &path).await,
            _ => kit.post(visitor, &path, &[("shared", shared)]).await,
        };
        let got = met(answered.status, answered.location());
        assert_eq!(
            got, expected,
            "{actor:?} {verb} {path}: {}",
            answered.status
        );
    }
}

async fn random_tree(kit: &Kit, dice: &mut StdRng) -> Vec<soyuznik::case::OrganisationId> {
    let mut nodes = vec![kit.nodes["union"].clone()];
    for n in 0..12 {
        let new = NewOrganisation {
            parent: nodes.choose(dice).cloned(),
            name: format!("Узел {n}"),
            kind: OrganisationKind::Primary,
            region: None,
            industry: None,
        };
        nodes.push(kit.store.add_organisation(&new, "test").await.unwrap().id);
    }
    nodes
}

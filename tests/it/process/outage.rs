//! Row D5, the whole flow: while Qdrant is away questions are taken; when it is back the backlog drains.

use super::browser::page;
use super::house::House;
use super::served::Served;
use crate::index::server::Turn;
use crate::proxy::{Line, Proxy};
use crate::skip;
use soyuznik::case::{CaseId, Reason, Status};
use std::net::TcpListener;
use std::time::{Duration, Instant};

const DRAINS: Duration = Duration::from_secs(60);
const QUESTION: &str = "Сколько дней отпуска положено работнику в год?";

fn house(qdrant: &str) -> House {
    House::new().with(&[
        ("--index-backend", "qdrant"),
        ("--index-qdrant-url", qdrant),
        ("--index-timeout-s", "2"),
    ])
}

/// Asks `count` questions, each of which must be taken.
fn ask(served: &Served, house: &House, count: usize) -> Vec<CaseId> {
    (0..count).map(|_| served.ask(house, QUESTION)).collect()
}

/// Asks until a search finds something: the index came back and is filled.
fn is_searched_again(served: &Served, house: &House, back: Instant) {
    loop {
        let case = served.ask(house, QUESTION);
        house.reaches(&case, &[Status::Drafted, Status::Abstained]);
        let kept = house.case(&case).retrieval;
        let hits = kept.map(|kept| kept.hits["hits"].as_array().map_or(0, Vec::len));
        if hits.is_some_and(|hits| hits > 0) {
            return;
        }
        assert!(back.elapsed() < DRAINS, "no search after the return");
    }
}

/// All cases were searched within the time, none of them in an empty index.
fn drains(house: &House, cases: &[CaseId], back: Instant) {
    for case in cases {
        house.reaches(case, &[Status::Drafted, Status::Abstained]);
        let hits = house
            .case(case)
            .retrieval
            .map(|kept| kept.hits["hits"].clone());
        let hits = hits.and_then(|hits| hits.as_array().map(Vec::len));
        assert!(hits > Some(0), "a case without a search: {hits:?}");
    }
    assert!(back.elapsed() < DRAINS, "{:?}", back.elapsed());
    house.no_job_waits();
}

#[test]
fn without_any_qdrant_questions_are_taken_and_come_to_the_lawyer_with_the_reason() {
    // A port that was free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", free.local_addr().unwrap());
    drop(free);
    let house = house(&url);
    let served = house.serve();
    let ready = page(served.address, &house.member, "/readyz").body;
    assert!(ready.contains("index: away: "), "{ready}");
    let cases = ask(&served, &house, 5);
    let own = page(
        served.address,
        &house.member,
        &format!("/cases/{}", cases[0]),
    );
    assert!(
        own.body.contains("Поиск по законам сейчас недоступен"),
        "{}",
        own.body
    );
    for case in &cases {
        house.reaches(case, &[Status::Abstained]);
        assert_eq!(house.case(case).case.reason, Some(Reason::NoIndex));
        house.came_by_legal_steps(case);
    }
    let shown = page(
        served.address,
        &house.lawyer,
        &format!("/desk/cases/{}", cases[0]),
    );
    assert!(shown.body.contains("поиск недоступен"), "{}", shown.body);
}

#[test]
fn while_qdrant_is_away_questions_are_taken_and_when_it_is_back_they_are_searched() {
    let name = "process::outage::while_qdrant_is_away_questions_are_taken";
    let Some(url) = skip::qdrant(name) else {
        return;
    };
    let _turn = Turn::take(&url);
    let server = url.trim_start_matches("http://").trim_end_matches('/');
    let proxy = Proxy::before(server).unwrap();
    // Away at the start already.
    proxy.set(Line::Down);
    let house = house(&format!("http://{}", proxy.address()));
    let served = house.serve();
    for line in [Line::Down, Line::Silent, Line::Slow(Duration::from_secs(3))] {
        proxy.set(line);
        let cases = ask(&served, &house, 5);
        std::thread::sleep(Duration::from_secs(2));
        proxy.set(Line::Well);
        let back = Instant::now();
        drains(&house, &cases, back);
        is_searched_again(&served, &house, back);
        let ready = page(served.address, &house.member, "/readyz").body;
        assert!(ready.contains("index: ok"), "after {line:?}: {ready}");
    }
    house.journal_verifies();
}

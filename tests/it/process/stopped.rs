//! Row D9: the process is asked to end under load; it ends by itself and drops nothing.

use super::browser::{Outcome, get, post};
use super::gate::Gate;
use super::house::House;
use super::served::Served;
use super::stub;
use axum::http::StatusCode;
use soyuznik::case::Status;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Ten seconds are the aim; a busy machine gets more, a service manager would not give for ever.
const BOUND: Duration = Duration::from_secs(20);
const POSTERS: usize = 6;
const MARK: &str = "задержали отпускные";

/// The texts that were acknowledged up to the end; no answer may be a part of one.
fn post_and_stop(house: &House, served: &Served) -> BTreeSet<String> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let post_on = || {
        let mut taken = Vec::new();
        loop {
            let number = NUMBER.fetch_add(1, Ordering::SeqCst);
            let text = format!("Сколько дней отпуска положено, вопрос {number}-й?");
            let fields = [("text", text.as_str()), ("key", &text)];
            match post(served.address, &house.member, "/ask", &fields) {
                Outcome::Whole(answered) => {
                    assert_eq!(answered.status, StatusCode::SEE_OTHER, "{}", answered.body);
                    taken.push(text);
                }
                // Nobody listens any more.
                Outcome::Refused => return taken,
                Outcome::Cut(what) => panic!("an answer was cut: {what}"),
            }
        }
    };
    std::thread::scope(|scope| {
        let posters: Vec<_> = (0..POSTERS).map(|_| scope.spawn(post_on)).collect();
        std::thread::sleep(Duration::from_millis(700));
        served.terminate();
        let taken = posters.into_iter().flat_map(|one| one.join().unwrap());
        taken.collect()
    })
}

fn ended_well(house: &House, mut served: Served) {
    let (status, took) = served.ended();
    assert!(status.success(), "{status}\n{}", house.said());
    assert!(took < BOUND, "{took:?}\n{}", house.said());
}

#[test]
fn a_stop_under_load_drops_no_request() {
    let house = House::new();
    for _ in 0..3 {
        let before = subjects(&house);
        let served = house.serve();
        let taken = post_and_stop(&house, &served);
        ended_well(&house, served);
        assert!(!taken.is_empty());
        // Nothing that was refused was done all the same.
        let kept: BTreeSet<String> = subjects(&house).difference(&before).cloned().collect();
        assert_eq!(kept, taken);
        house.journal_verifies();
    }
}

fn subjects(house: &House) -> BTreeSet<String> {
    let cases = house.look(async |store| store.cases_of(&house.member_id).await.unwrap());
    cases.into_iter().map(|case| case.subject).collect()
}

#[test]
fn a_stop_does_not_wait_for_a_draft_and_the_draft_comes_after_the_restart() {
    let gate = Gate::default();
    let server = stub::start(MARK, gate.clone(), stub::yes);
    let house = House::new().with_generator(&server.url);
    let served = house.serve();
    gate.arm(BOUND * 2);
    let case = served.ask(
        &house,
        "Мне задержали отпускные, положена ли компенсация по статье 236 ТК РФ?",
    );
    gate.reached();
    served.terminate();
    ended_well(&house, served);
    gate.open();
    let served = house.serve();
    house.reaches(&case, &[Status::Drafted, Status::Abstained]);
    house.came_by_legal_steps(&case);
    drop(served);
}

#[test]
fn an_idle_browser_does_not_keep_a_stop_waiting() {
    let house = House::new();
    let served = house.serve();
    // A browser keeps its connection for the next page.
    let idle = std::net::TcpStream::connect(served.address).unwrap();
    assert!(matches!(
        get(served.address, &house.member, "/cases"),
        Outcome::Whole(_)
    ));
    served.terminate();
    ended_well(&house, served);
    drop(idle);
}

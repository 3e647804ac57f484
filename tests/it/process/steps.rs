//! Row D2, the machine's steps: the process is killed inside a search and inside a draft.

use super::gate::{Gate, at_random};
use super::house::House;
use super::stub;
use soyuznik::case::{CaseId, Status};
use std::time::Duration;

const MARK: &str = "задержали отпускные";

/// Long enough that the kill falls inside.
const HOLD: Duration = Duration::from_secs(2);

/// How the kill falls in round `number`: first surely inside the step, then anywhere around its end.
fn hold_and_wait(number: usize) -> (Duration, Duration) {
    match number {
        0 => (HOLD, Duration::ZERO),
        _ => (at_random(40), at_random(120)),
    }
}

fn question(number: usize) -> String {
    format!("Мне {MARK}, положена ли компенсация по статье 236 ТК РФ? Обращение {number}-е.")
}

/// A case that the machine has done its part on, by legal steps, each of them once.
fn is_whole(house: &House, case: &CaseId) {
    house.no_job_is_left();
    house.came_by_legal_steps(case);
    let view = house.case(case);
    let times = |status| {
        view.events
            .iter()
            .filter(|event| event.to == status)
            .count()
    };
    assert_eq!(times(Status::Retrieved), 1, "{:?}", view.events);
    assert_eq!(times(Status::Drafted) + times(Status::Abstained), 1);
    assert!(view.retrieval.is_some() && view.published.is_empty());
}

/// Kills while the step that meets the gate is at work, and waits for what becomes of the case.
fn kill_inside(house: &House, gate: &Gate, rounds: usize) {
    let mut served = house.serve();
    for number in 0..rounds {
        let (hold, wait) = hold_and_wait(number);
        gate.arm(hold);
        let case = served.ask(house, &question(number));
        gate.reached();
        std::thread::sleep(wait);
        served.kill();
        served = house.serve();
        house.reaches(&case, &[Status::Drafted, Status::Abstained]);
        is_whole(house, &case);
    }
    house.journal_verifies();
}

fn killed_in_a_search(house: House, rounds: usize) {
    let gate = Gate::default();
    let server = stub::start(MARK, gate.clone(), stub::yes);
    let house = house.with(&[
        ("--encoder", "remote:stub"),
        ("--model-remote-url", &server.url),
    ]);
    kill_inside(&house, &gate, rounds);
}

fn killed_in_a_draft(house: House, rounds: usize) {
    let gate = Gate::default();
    let server = stub::start(MARK, gate.clone(), stub::yes);
    let house = house.with_generator(&server.url);
    kill_inside(&house, &gate, rounds);
}

#[test]
fn a_search_that_was_killed_is_done_after_the_restart() {
    killed_in_a_search(House::new(), 3);
}

#[test]
fn a_draft_that_was_killed_is_done_after_the_restart() {
    killed_in_a_draft(House::new(), 3);
}

#[test]
fn a_search_that_was_killed_is_done_by_another_process_on_postgres() {
    let test = "process::steps::a_search_that_was_killed_is_done_by_another_process_on_postgres";
    House::on_postgres(test, |house| killed_in_a_search(house, 2));
}

#[test]
fn a_draft_that_was_killed_is_done_by_another_process_on_postgres() {
    let test = "process::steps::a_draft_that_was_killed_is_done_by_another_process_on_postgres";
    House::on_postgres(test, |house| killed_in_a_draft(house, 2));
}

#[test]
#[ignore = "long: 25 kills"]
fn a_search_is_done_after_each_of_many_kills() {
    killed_in_a_search(House::new(), 25);
}

#[test]
#[ignore = "long: 25 kills"]
fn a_draft_is_done_after_each_of_many_kills() {
    killed_in_a_draft(House::new(), 25);
}

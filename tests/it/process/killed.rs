//! Row D1: the process is killed while questions are posted; what was acknowledged is there afterwards.

use super::browser;
use super::gate::at_random;
use super::house::House;
use super::served::Served;
use soyuznik::case::CaseId;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

const POSTERS: usize = 3;

/// A question as it was sent, and where its case is if the server said so.
struct Posted {
    text: String,
    key: String,
    path: Option<String>,
}

/// Posts from all sides until the process dies under it.
fn post_and_kill(house: &House, served: Served) -> Vec<Posted> {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let posted = Mutex::new(Vec::new());
    let (stop, acknowledged) = (AtomicBool::new(false), AtomicUsize::new(0));
    let address = served.address;
    std::thread::scope(|scope| {
        for _ in 0..POSTERS {
            scope.spawn(|| {
                while !stop.load(Ordering::SeqCst) {
                    let number = NUMBER.fetch_add(1, Ordering::SeqCst);
                    let text = format!("Сколько дней отпуска положено, вопрос {number}-й?");
                    let key = format!("key-{number}");
                    let sent = browser::post(
                        address,
                        &house.member,
                        "/ask",
                        &[("text", &text), ("key", &key)],
                    );
                    let path = sent.accepted();
                    if path.is_some() {
                        acknowledged.fetch_add(1, Ordering::SeqCst);
                    }
                    posted.lock().unwrap().push(Posted { text, key, path });
                }
            });
        }
        // A kill before the first acknowledgement would show nothing.
        while acknowledged.load(Ordering::SeqCst) == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(at_random(300));
        served.kill();
        stop.store(true, Ordering::SeqCst);
    });
    posted.into_inner().unwrap()
}

/// Every acknowledged question is a case with its words.
fn acknowledged_are_kept(house: &House, posted: &[Posted]) {
    house.look(async |store| {
        for one in posted {
            let Some(path) = &one.path else { continue };
            let case = CaseId::from(path.rsplit('/').next().unwrap());
            let view = store.case_for(&case).await.unwrap();
            assert_eq!(view.messages[0].text, one.text);
        }
    });
}

/// What got no answer is sent again, as a browser would, and is one case in the end.
fn the_rest_is_taken_once(house: &House, served: &Served, posted: &[Posted]) {
    for one in posted.iter().filter(|one| one.path.is_none()) {
        let fields = [("text", one.text.as_str()), ("key", &one.key)];
        let sent = browser::post(served.address, &house.member, "/ask", &fields);
        assert!(sent.accepted().is_some(), "{}", one.text);
    }
    let cases = house.look(async |store| store.cases_of(&house.member_id).await.unwrap());
    for one in posted {
        let same = cases.iter().filter(|case| case.subject == one.text);
        assert_eq!(same.count(), 1, "{}", one.text);
    }
}

fn rounds(house: &House, count: usize) {
    let mut served = house.serve();
    for _ in 0..count {
        let posted = post_and_kill(house, served);
        house.journal_verifies();
        acknowledged_are_kept(house, &posted);
        served = house.serve();
        the_rest_is_taken_once(house, &served, &posted);
    }
    house.journal_verifies();
}

fn on_sqlite(count: usize) {
    rounds(&House::new(), count);
}

#[test]
fn no_acknowledged_question_is_lost_when_the_process_is_killed() {
    on_sqlite(10);
}

#[test]
fn no_acknowledged_question_is_lost_on_postgres_when_the_process_is_killed() {
    House::on_postgres(
        "process::killed::no_acknowledged_question_is_lost_on_postgres",
        |house| rounds(&house, 10),
    );
}

#[test]
#[ignore = "long: a hundred kills"]
fn no_acknowledged_question_is_lost_in_a_hundred_kills() {
    on_sqlite(100);
}

#[test]
#[ignore = "long: a hundred kills"]
fn no_acknowledged_question_is_lost_on_postgres_in_a_hundred_kills() {
    House::on_postgres(
        "process::killed::no_acknowledged_question_is_lost_on_postgres",
        |house| rounds(&house, 100),
    );
}

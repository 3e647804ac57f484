//! Row D2, the way to the member: the process is killed around an approval, a delivery and a mail.

use super::browser::page;
use super::editor::ready;
use super::gate::{Gate, at_random};
use super::house::House;
use super::mailbox::Mailbox;
use super::served::Served;
use soyuznik::case::{CaseId, Status};
use std::time::Duration;

/// Long enough that the kill falls inside.
const HOLD: Duration = Duration::from_secs(2);

/// The member reads the answer, once.
fn is_on_the_page_once(served: &Served, house: &House, case: &CaseId, text: &str) {
    let own = page(served.address, &house.member, &format!("/cases/{case}")).body;
    assert_eq!(own.matches("<section class=\"card answer\">").count(), 1);
    assert_eq!(own.matches(text).count(), 1, "{own}");
    assert_eq!(house.case(case).published.len(), 1);
    house.came_by_legal_steps(case);
}

fn killed_around_an_approval(house: House, rounds: usize) {
    let mut served = house.serve();
    for number in 0..rounds {
        let text = format!("Книжку отдают в последний день работы, это {number}-й ответ.");
        let (case, form) = ready(&served, &house, &text);
        let address = served.address;
        let said = std::thread::scope(|scope| {
            let yes = scope.spawn(|| form.send(address, &house, &case, "approve"));
            // The delivery is looked for four times a second.
            std::thread::sleep(at_random(400));
            served.kill();
            yes.join().unwrap()
        });
        served = house.serve();
        match house.status(&case) {
            Status::Approved | Status::Sent => {}
            before => {
                assert!(said.is_none(), "an approval is lost: {before:?}");
                form.send(served.address, &house, &case, "approve")
                    .expect("the same form is good again");
            }
        }
        house.reaches(&case, &[Status::Sent]);
        house.no_job_is_left();
        is_on_the_page_once(&served, &house, &case, &text);
    }
    house.journal_verifies();
}

fn killed_in_a_mail(house: House, rounds: usize) {
    let gate = Gate::default();
    let mailbox = Mailbox::start(gate.clone());
    let house = house.with(&[
        ("--deliver-smtp-url", &mailbox.url),
        ("--deliver-mail-from", "desk@example.org"),
    ]);
    let mut served = house.serve();
    for number in 0..rounds {
        let text = format!("Книжку отдают в последний день работы, это {number}-й ответ.");
        let (case, form) = ready(&served, &house, &text);
        let before = mailbox.message_ids().len();
        let inside = number == 0;
        gate.arm(if inside { HOLD } else { at_random(40) });
        form.send(served.address, &house, &case, "approve")
            .expect("an approval is taken");
        gate.reached();
        std::thread::sleep(if inside {
            Duration::ZERO
        } else {
            at_random(80)
        });
        served.kill();
        served = house.serve();
        house.no_job_is_left();
        let sent = mailbox.message_ids().split_off(before);
        assert!(sent.iter().all(|id| *id == sent[0]), "{sent:?}");
        assert!(sent.len() <= 2 && (!inside || sent.len() == 2), "{sent:?}");
        is_on_the_page_once(&served, &house, &case, &text);
    }
    house.journal_verifies();
}

#[test]
fn an_approval_that_was_killed_reaches_the_member_once() {
    killed_around_an_approval(House::new(), 4);
}

#[test]
fn a_mail_that_was_killed_is_sent_again_under_the_same_id() {
    killed_in_a_mail(House::new(), 3);
}

#[test]
fn an_approval_that_was_killed_reaches_the_member_once_on_postgres() {
    let test =
        "process::steps_sent::an_approval_that_was_killed_reaches_the_member_once_on_postgres";
    House::on_postgres(test, |house| killed_around_an_approval(house, 2));
}

#[test]
fn a_mail_that_was_killed_is_sent_again_under_the_same_id_on_postgres() {
    let test =
        "process::steps_sent::a_mail_that_was_killed_is_sent_again_under_the_same_id_on_postgres";
    House::on_postgres(test, |house| killed_in_a_mail(house, 2));
}

#[test]
#[ignore = "long: 25 kills"]
fn an_answer_reaches_the_member_once_after_each_of_many_kills() {
    killed_around_an_approval(House::new(), 25);
}

#[test]
#[ignore = "long: 25 kills"]
fn a_mail_keeps_its_id_through_many_kills() {
    killed_in_a_mail(House::new(), 25);
}

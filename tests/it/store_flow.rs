//! The flow of a case through the store.

use crate::store::{Desk, draft, on_both, rendering, retrieval};
use soyuznik::case::policy::Shared;
use soyuznik::case::{MessageKind, Reason, Role, Status};
use soyuznik::store::{
    Approve, Delivered, Failed, JobKind, MAX_ATTEMPTS, QueueFilter, Stepped, StoreError,
};
use std::sync::Arc;

#[test]
fn a_question_becomes_an_approved_answer_on_the_members_page() {
    on_both("a_question_becomes_an_approved_answer", async |desk| {
        let case = desk.ask().await;
        assert_eq!((case.status, case.number), (Status::Received, 1));
        let job = desk
            .store
            .lease(&[JobKind::Retrieve], "w", 60_000)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(job.case.as_ref(), Some(&case.id));
        let step = desk
            .store
            .store_retrieval(&case.id, &retrieval(), Some(&job.lease))
            .await
            .unwrap();
        assert_eq!(step, Stepped::Done);
        let job = desk
            .store
            .lease(&[JobKind::Draft], "w", 60_000)
            .await
            .unwrap()
            .unwrap();
        let made = draft(None, Some(rendering("Вам положено 28 дней.")));
        desk.store
            .store_draft(&case.id, &made, Some(&job.lease))
            .await
            .unwrap();
        assert!(
            desk.store
                .case_for(&case.id)
                .await
                .unwrap()
                .published
                .is_empty()
        );
        desk.approve(&case.id, 0).await;
        assert_eq!(desk.status(&case.id).await, Status::Approved);
        assert_eq!(desk.deliver().await, Some(Delivered::Published));
        let view = desk.store.case_for(&case.id).await.unwrap();
        assert_eq!(view.case.status, Status::Sent);
        assert_eq!(
            view.published[0].rendering,
            rendering("Вам положено 28 дней.")
        );
        assert_eq!(view.published[0].approver_name, "Лев Юристов");
        assert!(view.answer.is_none());
        let steps: Vec<&str> = view
            .events
            .iter()
            .map(|event| event.step.as_str())
            .collect();
        assert_eq!(steps, ["retrieve", "draft", "approve", "deliver"]);
        mail_goes_once(&desk).await;
        let counts = desk.store.job_counts().await.unwrap();
        assert_eq!((counts.queued, counts.leased, counts.dead), (0, 0, 0));
    });
}

async fn mail_goes_once(desk: &Desk) {
    let job = desk
        .store
        .lease(&[JobKind::Mail], "w", 60_000)
        .await
        .unwrap()
        .unwrap();
    let outbox = job.payload["outbox"].as_str().unwrap();
    let notice = desk.store.mail_to_send(outbox).await.unwrap().unwrap();
    assert_eq!(notice.recipient, "maria@example.org");
    desk.store.mail_failed(outbox, "421").await.unwrap();
    let again = desk.store.mail_to_send(outbox).await.unwrap().unwrap();
    assert_eq!(again.message_id, notice.message_id);
    assert_eq!(again.attempts, 1);
    desk.store
        .mail_sent(outbox, Some(&job.lease))
        .await
        .unwrap();
    assert!(desk.store.mail_to_send(outbox).await.unwrap().is_none());
}

#[test]
fn the_same_post_twice_is_one_case() {
    on_both("the_same_post_twice_is_one_case", async |desk| {
        let mut question = desk.question();
        question.idempotency_key = Some("form-1".into());
        let first = desk.store.create_case(&question).await.unwrap();
        let second = desk.store.create_case(&question).await.unwrap();
        assert_eq!(first.id, second.id);
        assert_eq!(desk.ask().await.number, 2);
        assert_eq!(desk.store.job_counts().await.unwrap().queued, 2);
    });
}

#[test]
fn a_job_that_runs_again_finds_that_the_case_moved() {
    on_both("a_job_that_runs_again", async |desk| {
        let case = desk.ask().await.id;
        // The first worker's lease is over at once; the second gets the job.
        let first = desk
            .store
            .lease(&[JobKind::Retrieve], "one", -1)
            .await
            .unwrap()
            .unwrap();
        let second = desk
            .store
            .lease(&[JobKind::Retrieve], "two", 60_000)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(first.lease.job, second.lease.job);
        let late = desk
            .store
            .store_retrieval(&case, &retrieval(), Some(&first.lease))
            .await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })), "{late:?}");
        assert_eq!(desk.status(&case).await, Status::Received);
        desk.store
            .store_retrieval(&case, &retrieval(), None)
            .await
            .unwrap();
        let step = desk
            .store
            .store_retrieval(&case, &retrieval(), Some(&second.lease))
            .await
            .unwrap();
        assert_eq!(step, Stepped::AlreadyMoved);
        assert!(
            desk.store
                .lease(&[JobKind::Retrieve], "w", 60_000)
                .await
                .unwrap()
                .is_none()
        );
        assert!(desk.store.renew(&second.lease, 1).await.is_err());
    });
}

#[test]
fn a_job_that_fails_too_often_sends_the_case_to_a_lawyer_without_a_draft() {
    on_both("a_job_that_fails_too_often", async |desk| {
        let case = desk.ask().await.id;
        desk.store
            .store_retrieval(&case, &retrieval(), None)
            .await
            .unwrap();
        for attempt in 1..=MAX_ATTEMPTS {
            let job = desk
                .store
                .lease(&[JobKind::Draft], "w", 60_000)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(job.attempt, attempt);
            let failed = desk
                .store
                .fail(&job.lease, "no memory", Reason::ModelFailed)
                .await
                .unwrap();
            if attempt < MAX_ATTEMPTS {
                assert!(matches!(failed, Failed::Again { .. }));
                let mut conn = crate::store::raw(&desk.url).await;
                crate::store::try_sql(&mut conn, "update job set run_after_ms = 0")
                    .await
                    .unwrap();
            } else {
                assert_eq!(failed, Failed::Dead);
            }
        }
        let row = desk.store.case_row(&case).await.unwrap();
        assert_eq!(
            (row.status, row.reason),
            (Status::Abstained, Some(Reason::ModelFailed))
        );
    });
}

#[test]
fn a_mail_server_that_is_away_for_long_gets_the_notice_in_the_end() {
    on_both("a_mail_server_that_is_away_for_long", async |desk| {
        let case = desk.drafted("28 дней").await;
        desk.approve(&case, 0).await;
        assert_eq!(desk.deliver().await, Some(Delivered::Published));
        let mut conn = crate::store::raw(&desk.url).await;
        for _ in 0..MAX_ATTEMPTS * 4 {
            let job = desk.store.lease(&[JobKind::Mail], "w", 60_000).await;
            let job = job.unwrap().expect("the notice still waits");
            let failed = desk
                .store
                .fail(&job.lease, "mail_refused", Reason::ModelFailed)
                .await
                .unwrap();
            assert!(matches!(failed, Failed::Again { .. }));
            crate::store::try_sql(&mut conn, "update job set run_after_ms = 0")
                .await
                .unwrap();
        }
        // A worker that dies over it now does not end it either.
        for wait_ms in [-1, 60_000] {
            let job = desk.store.lease(&[JobKind::Mail], "w", wait_ms).await;
            assert!(job.unwrap().is_some());
        }
    });
}

#[test]
fn a_job_that_kills_its_worker_is_given_up() {
    on_both("a_job_that_kills_its_worker", async |desk| {
        let case = desk.ask().await.id;
        for _ in 0..MAX_ATTEMPTS {
            assert!(
                desk.store
                    .lease(&[JobKind::Retrieve], "w", -1)
                    .await
                    .unwrap()
                    .is_some()
            );
        }
        assert!(
            desk.store
                .lease(&[JobKind::Retrieve], "w", -1)
                .await
                .unwrap()
                .is_none()
        );
        assert_eq!(desk.status(&case).await, Status::Abstained);
        assert_eq!(desk.store.job_counts().await.unwrap().dead, 1);
    });
}

#[test]
fn workers_side_by_side_never_hold_one_job() {
    on_both("workers_side_by_side", async |desk| {
        for _ in 0..40 {
            desk.ask().await;
        }
        let mut workers = Vec::new();
        for n in 0..4 {
            let store = desk.store.clone();
            workers.push(tokio::spawn(async move {
                let mut taken = Vec::new();
                while let Some(job) = store
                    .lease(&[JobKind::Retrieve], &format!("w{n}"), 60_000)
                    .await
                    .unwrap()
                {
                    taken.push(job.lease.job);
                }
                taken
            }));
        }
        let mut all = Vec::new();
        for worker in workers {
            all.extend(worker.await.unwrap());
        }
        // A worker may find all free rows locked and stop; none may be lost or doubled.
        while let Some(job) = desk
            .store
            .lease(&[JobKind::Retrieve], "last", 60_000)
            .await
            .unwrap()
        {
            all.push(job.lease.job);
        }
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!((all.len(), distinct.len()), (40, 40));
    });
}

#[test]
fn the_lawyer_asks_and_the_machine_looks_again_after_the_reply() {
    on_both("the_lawyer_asks", async |desk| {
        let case = desk.drafted("28 дней").await;
        desk.store
            .ask_member(&case, &desk.lawyer, "Вам есть 18 лет?")
            .await
            .unwrap();
        assert_eq!(desk.status(&case).await, Status::Waiting);
        assert!(
            desk.store
                .reply(&case, &desk.lawyer, "чужими словами")
                .await
                .is_err()
        );
        desk.store
            .reply(&case, &desk.member, "Мне 17")
            .await
            .unwrap();
        assert_eq!(desk.status(&case).await, Status::Received);
        let view = desk.store.case_for(&case).await.unwrap();
        let kinds: Vec<_> = view.messages.iter().map(|message| message.kind).collect();
        assert_eq!(
            kinds,
            [
                MessageKind::Question,
                MessageKind::Clarification,
                MessageKind::FollowUp
            ]
        );
        desk.draft(&case, "31 день").await;
        let answer = desk.store.case_for(&case).await.unwrap().answer.unwrap();
        assert_eq!(answer.rendering.text, "31 день");
    });
}

#[test]
fn the_machine_does_not_overwrite_what_a_lawyer_began() {
    on_both("the_machine_does_not_overwrite", async |desk| {
        let case = desk.ask().await.id;
        desk.store
            .save_answer(&case, 0, &rendering("моё"), &desk.lawyer)
            .await
            .unwrap();
        desk.draft(&case, "машинное").await;
        let answer = desk.store.case_for(&case).await.unwrap().answer.unwrap();
        assert_eq!(answer.rendering.text, "моё");
    });
}

#[test]
fn editing_an_approved_answer_takes_the_approval_back() {
    on_both("editing_an_approved_answer", async |desk| {
        let case = desk.drafted("28 дней").await;
        desk.approve(&case, 0).await;
        let answer = desk.store.case_for(&case).await.unwrap().answer.unwrap();
        desk.store
            .save_answer(&case, answer.version, &rendering("30 дней"), &desk.lawyer)
            .await
            .unwrap();
        assert_eq!(desk.status(&case).await, Status::Drafted);
        let view = desk.store.case_for(&case).await.unwrap();
        assert_eq!(
            view.approval.unwrap().void_reason.as_deref(),
            Some("edited")
        );
        assert_eq!(desk.deliver().await, Some(Delivered::Withdrawn));
        desk.approve(&case, 0).await;
        assert_eq!(desk.deliver().await, Some(Delivered::Published));
        let shown = desk.store.case_for(&case).await.unwrap().published;
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0].rendering.text, "30 дней");
    });
}

#[test]
fn a_held_answer_can_be_taken_back_and_a_sent_one_not() {
    on_both("a_held_answer_can_be_taken_back", async |desk| {
        let case = desk.drafted("28 дней").await;
        desk.approve(&case, 600_000).await;
        assert_eq!(desk.deliver().await, None);
        desk.store.undo_approval(&case, &desk.lawyer).await.unwrap();
        assert_eq!(desk.status(&case).await, Status::Drafted);
        desk.approve(&case, 0).await;
        // The first approval's job is still to come and finds nothing; ours publishes.
        assert_eq!(desk.deliver().await, Some(Delivered::Published));
        let late = desk.store.undo_approval(&case, &desk.lawyer).await;
        assert!(matches!(late, Err(StoreError::Conflict { .. })));
        let edit = desk
            .store
            .save_answer(&case, 0, &rendering("поздно"), &desk.lawyer)
            .await;
        assert!(matches!(edit, Err(StoreError::Conflict { .. })));
    });
}

#[test]
fn a_follow_up_is_answered_in_the_same_case_and_the_first_answer_stays() {
    on_both("a_follow_up", async |desk| {
        let case = desk.drafted("Первый").await;
        desk.approve(&case, 0).await;
        desk.deliver().await;
        desk.store
            .follow_up(&case, &desk.member, "А если я студент?")
            .await
            .unwrap();
        desk.draft(&case, "Второй").await;
        desk.approve(&case, 0).await;
        assert_eq!(desk.deliver().await, Some(Delivered::Published));
        let view = desk.store.case_for(&case).await.unwrap();
        let texts: Vec<_> = view
            .published
            .iter()
            .map(|p| p.rendering.text.as_str())
            .collect();
        assert_eq!(texts, ["Первый", "Второй"]);
        desk.store.close_case(&case, &desk.lawyer).await.unwrap();
        assert_eq!(desk.status(&case).await, Status::Closed);
    });
}

#[test]
fn a_second_delivery_changes_nothing() {
    on_both("a_second_delivery", async |desk| {
        let case = desk.drafted("28 дней").await;
        desk.approve(&case, 0).await;
        let job = desk
            .store
            .lease(&[JobKind::Deliver], "w", -1)
            .await
            .unwrap()
            .unwrap();
        let outbox = job.payload["outbox"].as_str().unwrap().to_owned();
        assert_eq!(
            desk.store.deliver_page(&outbox, None).await.unwrap(),
            Delivered::Published
        );
        assert_eq!(desk.deliver().await, Some(Delivered::AlreadyPublished));
        assert_eq!(desk.store.case_for(&case).await.unwrap().published.len(), 1);
    });
}

#[test]
fn of_two_lawyers_one_approves_and_the_other_learns_who_it_was() {
    on_both("of_two_lawyers_one_approves", async |desk| {
        let desk = Arc::new(desk);
        // P5: 250 interleavings on each database.
        for round in 0..250 {
            let case = desk.drafted(&format!("ответ {round}")).await;
            let answer = desk.store.case_for(&case).await.unwrap().answer.unwrap();
            let tries = [&desk.lawyer, &desk.second_lawyer].map(|person| {
                let (desk, case, answer, person) =
                    (desk.clone(), case.clone(), answer.clone(), person.clone());
                tokio::spawn(async move {
                    for _ in 0..round % 5 {
                        tokio::task::yield_now().await;
                    }
                    desk.store
                        .approve(Approve {
                            case: &case,
                            answer: &answer.id,
                            rendering_sha256: &answer.rendering_sha256,
                            approver: &person,
                            hold_ms: 600_000,
                        })
                        .await
                })
            });
            let [one, two] = tries;
            let (one, two) = (one.await.unwrap(), two.await.unwrap());
            let (winner, loser) = match (one, two) {
                (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
                other => panic!("round {round}: {other:?}"),
            };
            let StoreError::Conflict { message } = loser else {
                panic!("{loser:?}")
            };
            assert!(message.contains(&winner.approver_name), "{message}");
        }
    });
}

#[test]
fn of_two_lawyers_who_edit_one_wins_and_nothing_is_overwritten() {
    on_both("of_two_lawyers_who_edit", async |desk| {
        let case = desk.drafted("начало").await;
        let desk = Arc::new(desk);
        for round in 0..125 {
            let version = desk
                .store
                .case_for(&case)
                .await
                .unwrap()
                .answer
                .unwrap()
                .version;
            let tries = [&desk.lawyer, &desk.second_lawyer].map(|person| {
                let (desk, case, person) = (desk.clone(), case.clone(), person.clone());
                tokio::spawn(async move {
                    let text = format!("{round} {person}");
                    desk.store
                        .save_answer(&case, version, &rendering(&text), &person)
                        .await
                })
            });
            let [one, two] = tries;
            let outcomes = [one.await.unwrap(), two.await.unwrap()];
            let won: Vec<_> = outcomes.iter().filter_map(|o| o.as_ref().ok()).collect();
            assert_eq!(won.len(), 1, "round {round}: {outcomes:?}");
            assert!(
                outcomes
                    .iter()
                    .any(|o| matches!(o, Err(StoreError::Conflict { .. })))
            );
            let kept = desk.store.case_for(&case).await.unwrap().answer.unwrap();
            assert_eq!(kept.rendering, won[0].rendering);
        }
    });
}

#[test]
fn only_a_lawyer_of_the_branch_approves_and_not_their_own_question() {
    on_both("only_a_lawyer_of_the_branch", async |desk| {
        let case = desk.drafted("28 дней").await;
        let answer = desk.store.case_for(&case).await.unwrap().answer.unwrap();
        desk.store
            .grant(&desk.member, Role::Lawyer, &desk.branch, "test")
            .await
            .unwrap();
        for person in [&desk.stranger, &desk.member] {
            let refused = desk
                .store
                .approve(Approve {
                    case: &case,
                    answer: &answer.id,
                    rendering_sha256: &answer.rendering_sha256,
                    approver: person,
                    hold_ms: 0,
                })
                .await;
            assert!(
                matches!(refused, Err(StoreError::Refused { .. })),
                "{refused:?}"
            );
        }
        assert_eq!(desk.status(&case).await, Status::Drafted);
    });
}

#[test]
fn the_queue_shows_what_is_below_the_lawyers_node_and_matches() {
    on_both("the_queue_shows", async |desk| {
        let plain = desk.ask().await;
        let mut urgent = desk.question();
        urgent.deadline = Some(jiff::civil::date(2026, 2, 1));
        urgent.text = "Меня уволили 50% состава_".into();
        let urgent = desk.store.create_case(&urgent).await.unwrap();
        let path = desk.branch_path.as_str();
        let ids = async |paths: &[&str], filter: QueueFilter| -> Vec<i64> {
            let found = desk.store.queue(paths, &filter, 50).await.unwrap();
            found.iter().map(|case| case.number).collect()
        };
        assert_eq!(
            ids(&[path], QueueFilter::default()).await,
            [urgent.number, plain.number]
        );
        let elsewhere = desk.store.organisation(&desk.other).await.unwrap().path;
        assert!(ids(&[&elsewhere], QueueFilter::default()).await.is_empty());
        assert!(ids(&[], QueueFilter::default()).await.is_empty());
        let text = |words: &str| QueueFilter {
            text: Some(words.into()),
            ..QueueFilter::default()
        };
        assert_eq!(
            ids(&[path, &elsewhere], text("положено")).await,
            [plain.number]
        );
        assert_eq!(ids(&[path], text("50% СОСТАВА_")).await, [urgent.number]);
        assert!(ids(&[path], text("5_% с")).await.is_empty());
        let sent = QueueFilter {
            statuses: vec![Status::Sent],
            ..QueueFilter::default()
        };
        assert!(ids(&[path], sent).await.is_empty());
        desk.store
            .assign(&plain.id, Some(&desk.lawyer), &desk.lawyer)
            .await
            .unwrap();
        let mine = QueueFilter {
            lawyer: Some(desk.lawyer.clone()),
            topic: Some("leave".into()),
            ..QueueFilter::default()
        };
        assert_eq!(ids(&[path], mine).await, [plain.number]);
        assert!(desk.store.cases_shared(&[path]).await.unwrap().is_empty());
        desk.store
            .share_with_steward(&plain.id, &desk.member, Shared::WithSteward)
            .await
            .unwrap();
        assert_eq!(desk.store.cases_shared(&[path]).await.unwrap().len(), 1);
        assert_eq!(desk.store.cases_of(&desk.member).await.unwrap().len(), 2);
    });
}

#[test]
fn text_that_a_database_cannot_hold_is_refused_by_both() {
    on_both("text_that_a_database_cannot_hold", async |desk| {
        let mut question = desk.question();
        question.text = "до\0после".into();
        let refused = desk.store.create_case(&question).await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })));
        question.text = "\u{202e}😀 ' -- \\ % _ \u{feff}".into();
        let case = desk.store.create_case(&question).await.unwrap();
        let view = desk.store.case_for(&case.id).await.unwrap();
        assert_eq!(view.messages[0].text, question.text);
    });
}

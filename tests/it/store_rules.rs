//! Attempts to get an unapproved text to a member with raw SQL, past the program. Each must fail in the database.

use crate::store::{Desk, on_both, one_text, raw, rendering, try_sql};
use soyuznik::store::{AuditVerdict, Dialect, JobKind};
use sqlx::AnyConnection;

/// Runs SQL that must be refused by a rule of ours or by a key.
async fn refused(conn: &mut AnyConnection, what: &str, sql: &str) {
    let outcome = try_sql(conn, sql).await;
    let Err(reason) = outcome else {
        panic!("{what}: the database let it through: {sql}")
    };
    let by_rule = [
        "soyuznik:",
        "FOREIGN KEY",
        "foreign key",
        "UNIQUE",
        "unique",
        "CHECK",
        "check constraint",
    ];
    assert!(
        by_rule.iter().any(|word| reason.contains(word)),
        "{what}: {reason}"
    );
}

struct Ids {
    case: String,
    answer: String,
    sha256: String,
    json: String,
}

async fn ids(desk: &Desk, conn: &mut AnyConnection) -> Ids {
    let case = desk.drafted("Вам положено 28 дней.").await;
    let of = format!("from answer where case_id = '{case}'");
    Ids {
        answer: one_text(conn, &format!("select id {of}")).await,
        sha256: one_text(conn, &format!("select rendering_sha256 {of}")).await,
        json: one_text(conn, &format!("select rendering_json {of}")).await,
        case: case.0,
    }
}

fn approval(id: &str, ids: &Ids, by: &str, sha256: &str) -> String {
    format!(
        "insert into approval (id, answer_id, case_id, rendering_json, rendering_sha256, approver_id, approved_ms)
         values ('{id}', '{}', '{}', '{}', '{sha256}', '{by}', 1)",
        ids.answer, ids.case, ids.json
    )
}

fn outbox(approval: &str, ids: &Ids, sha256: &str, state: &str) -> String {
    format!(
        "insert into outbox (id, case_id, answer_id, approval_id, rendering_sha256, channel, message_id, state,
             not_before_ms, attempts)
         values ('o-{approval}', '{}', '{}', '{approval}', '{sha256}', 'page', 'm-{approval}', '{state}', 0, 0)",
        ids.case, ids.answer
    )
}

fn published(approval: &str, ids: &Ids, json: &str, sha256: &str) -> String {
    format!(
        "insert into published (approval_id, case_id, rendering_json, rendering_sha256, sent_ms)
         values ('{approval}', '{}', '{json}', '{sha256}', 1)",
        ids.case
    )
}

#[test]
fn nothing_unapproved_can_be_queued_or_published() {
    on_both("nothing_unapproved_can_be_queued", async |desk| {
        let mut conn = raw(&desk.url).await;
        let ids = ids(&desk, &mut conn).await;
        refused(
            &mut conn,
            "outbox without approval",
            &outbox("none", &ids, &ids.sha256, "queued"),
        )
        .await;
        refused(
            &mut conn,
            "page without approval",
            &published("none", &ids, &ids.json, &ids.sha256),
        )
        .await;
        for state in ["approved", "sent"] {
            let sql = format!(
                "update case_ set state = '{state}' where id = '{}'",
                ids.case
            );
            refused(&mut conn, "state without approval", &sql).await;
        }
        let copy = "insert into case_ (id, number, organisation_id, member_id, state, subject, shared_with_steward,
                search_text, version, created_ms, updated_ms)
             select 'x', 99, organisation_id, member_id, 'sent', subject, 0, '', 1, 1, 1 from case_";
        refused(&mut conn, "a case that begins as sent", copy).await;
    });
}

#[test]
fn only_a_lawyer_of_the_case_can_be_the_approver() {
    on_both("only_a_lawyer_can_be_the_approver", async |desk| {
        let mut conn = raw(&desk.url).await;
        let ids = ids(&desk, &mut conn).await;
        for (what, person) in [("member", &desk.member), ("stranger", &desk.stranger)] {
            refused(
                &mut conn,
                what,
                &approval("a", &ids, person.as_str(), &ids.sha256),
            )
            .await;
        }
        refused(
            &mut conn,
            "nobody",
            &approval("a", &ids, "nobody", &ids.sha256),
        )
        .await;
        let own = format!(
            "update case_ set member_id = '{}' where id = '{}'",
            desk.lawyer, ids.case
        );
        try_sql(&mut conn, &own).await.unwrap();
        refused(
            &mut conn,
            "own question",
            &approval("a", &ids, desk.lawyer.as_str(), &ids.sha256),
        )
        .await;
        let back = format!(
            "update case_ set member_id = '{}' where id = '{}'",
            desk.member, ids.case
        );
        try_sql(&mut conn, &back).await.unwrap();
        desk.store
            .disable_person(&desk.lawyer, "test")
            .await
            .unwrap();
        refused(
            &mut conn,
            "disabled",
            &approval("a", &ids, desk.lawyer.as_str(), &ids.sha256),
        )
        .await;
        refused(
            &mut conn,
            "another text",
            &approval("a", &ids, desk.second_lawyer.as_str(), &"0".repeat(64)),
        )
        .await;
        try_sql(
            &mut conn,
            &approval("a", &ids, desk.second_lawyer.as_str(), &ids.sha256),
        )
        .await
        .unwrap();
        refused(
            &mut conn,
            "a second approval",
            &approval("b", &ids, desk.second_lawyer.as_str(), &ids.sha256),
        )
        .await;
    });
}

#[test]
fn an_approval_binds_one_text_and_editing_voids_it() {
    on_both("an_approval_binds_one_text", async |desk| {
        let mut conn = raw(&desk.url).await;
        let ids = ids(&desk, &mut conn).await;
        try_sql(
            &mut conn,
            &approval("a", &ids, desk.lawyer.as_str(), &ids.sha256),
        )
        .await
        .unwrap();
        refused(
            &mut conn,
            "another hash",
            &outbox("a", &ids, &"0".repeat(64), "queued"),
        )
        .await;
        refused(
            &mut conn,
            "sent already",
            &outbox("a", &ids, &ids.sha256, "sent"),
        )
        .await;
        refused(
            &mut conn,
            "page before outbox",
            &published("a", &ids, &ids.json, &ids.sha256),
        )
        .await;
        try_sql(&mut conn, &outbox("a", &ids, &ids.sha256, "queued"))
            .await
            .unwrap();
        refused(
            &mut conn,
            "page with another text",
            &published("a", &ids, "{}", &ids.sha256),
        )
        .await;
        for (column, value) in [
            ("rendering_json", "'{}'"),
            ("rendering_sha256", "'0'"),
            ("approved_ms", "2"),
            ("approver_id", "'x'"),
            ("voided_ms", "null"),
        ] {
            let sql = format!("update approval set {column} = {value}, void_reason = 'x'");
            refused(&mut conn, column, &sql).await;
        }
        refused(&mut conn, "approval deleted", "delete from approval").await;
        refused(
            &mut conn,
            "hold shortened",
            "update outbox set not_before_ms = not_before_ms - 1",
        )
        .await;
        refused(
            &mut conn,
            "outbox bent",
            "update outbox set rendering_sha256 = 'x'",
        )
        .await;
        assert_eq!(
            one_text(&mut conn, "select count(*) from deliverable").await,
            "1"
        );
        let other = rendering("Вам не положено ничего.");
        let edit = format!(
            "update answer set rendering_json = '{}', rendering_sha256 = '{}'",
            other.canonical(),
            other.sha256()
        );
        try_sql(&mut conn, &edit).await.unwrap();
        assert_eq!(
            one_text(
                &mut conn,
                "select count(*) from approval where voided_ms is not null"
            )
            .await,
            "1"
        );
        assert_eq!(
            one_text(&mut conn, "select count(*) from outbox").await,
            "0"
        );
        refused(
            &mut conn,
            "queued again after the edit",
            &outbox("a", &ids, &ids.sha256, "queued"),
        )
        .await;
        refused(
            &mut conn,
            "unvoided",
            "update approval set voided_ms = null, void_reason = null",
        )
        .await;
        refused(
            &mut conn,
            "published after the edit",
            &published("a", &ids, &ids.json, &ids.sha256),
        )
        .await;
        // Back to the approved words: the voided approval stays void.
        let back = format!(
            "update answer set rendering_json = '{}', rendering_sha256 = '{}'",
            ids.json, ids.sha256
        );
        try_sql(&mut conn, &back).await.unwrap();
        refused(
            &mut conn,
            "queued on a void approval",
            &outbox("a", &ids, &ids.sha256, "queued"),
        )
        .await;
    });
}

#[test]
fn a_text_bent_under_the_same_hash_is_not_deliverable() {
    on_both("a_text_bent_under_the_same_hash", async |desk| {
        let mut conn = raw(&desk.url).await;
        let ids = ids(&desk, &mut conn).await;
        desk.approve(&soyuznik::case::CaseId(ids.case.clone()), 0)
            .await;
        let job = desk
            .store
            .lease(&[JobKind::Deliver], "w", 60_000)
            .await
            .unwrap()
            .unwrap();
        let bent = ids.json.replace("28 дней", "82 дня");
        try_sql(
            &mut conn,
            &format!("update answer set rendering_json = '{bent}'"),
        )
        .await
        .unwrap();
        let outbox = job.payload["outbox"].as_str().unwrap();
        let outcome = desk
            .store
            .deliver_page(outbox, Some(&job.lease))
            .await
            .unwrap();
        assert_eq!(outcome, soyuznik::store::Delivered::Withdrawn);
        assert_eq!(
            one_text(&mut conn, "select count(*) from published").await,
            "0"
        );
    });
}

#[test]
fn a_held_answer_can_not_be_published_early() {
    on_both("a_held_answer_can_not_be_published_early", async |desk| {
        let mut conn = raw(&desk.url).await;
        let ids = ids(&desk, &mut conn).await;
        desk.approve(&soyuznik::case::CaseId(ids.case.clone()), 600_000)
            .await;
        let approval = one_text(&mut conn, "select id from approval").await;
        refused(
            &mut conn,
            "before the hold",
            &published(&approval, &ids, &ids.json, &ids.sha256),
        )
        .await;
        assert_eq!(
            one_text(&mut conn, "select count(*) from deliverable").await,
            "0"
        );
    });
}

#[test]
fn what_was_published_stays_as_it_is() {
    on_both("what_was_published_stays", async |desk| {
        let mut conn = raw(&desk.url).await;
        let ids = ids(&desk, &mut conn).await;
        desk.approve(&soyuznik::case::CaseId(ids.case.clone()), 0)
            .await;
        desk.deliver().await;
        let approval = one_text(&mut conn, "select approval_id from published").await;
        refused(
            &mut conn,
            "changed",
            "update published set rendering_json = '{}'",
        )
        .await;
        refused(&mut conn, "deleted", "delete from published").await;
        refused(
            &mut conn,
            "twice",
            &published(&approval, &ids, &ids.json, &ids.sha256),
        )
        .await;
        refused(
            &mut conn,
            "answer edited",
            "update answer set rendering_json = '{}', rendering_sha256 = 'x'",
        )
        .await;
        refused(
            &mut conn,
            "approval voided",
            "update approval set voided_ms = 1",
        )
        .await;
        refused(
            &mut conn,
            "outbox reopened",
            "update outbox set state = 'queued' where channel = 'page'",
        )
        .await;
        match desk.store.dialect() {
            Dialect::Sqlite => {
                for table in ["published", "approval", "answer", "outbox", "audit"] {
                    let sql = format!("insert or replace into {table} select * from {table}");
                    refused(&mut conn, "replaced", &sql).await;
                }
            }
            Dialect::Postgres => {
                for table in ["published", "audit", "approval cascade"] {
                    refused(&mut conn, "emptied", &format!("truncate {table}")).await;
                }
            }
        }
    });
}

#[test]
fn an_act_of_erasure_opens_one_case_and_is_kept_itself() {
    on_both("an_act_of_erasure", async |desk| {
        let mut conn = raw(&desk.url).await;
        let first = ids(&desk, &mut conn).await;
        let second = ids(&desk, &mut conn).await;
        for one in [&first, &second] {
            desk.approve(&soyuznik::case::CaseId(one.case.clone()), 0)
                .await;
            desk.deliver().await;
        }
        let act = format!(
            "insert into erasure (case_id, ordered_by, reason, at_ms) values ('{}', 'x', 'y', 1)",
            first.case
        );
        try_sql(&mut conn, &act).await.unwrap();
        let gone = try_sql(
            &mut conn,
            &format!("delete from published where case_id = '{}'", first.case),
        )
        .await;
        assert_eq!(gone, Ok(1));
        refused(
            &mut conn,
            "another case",
            &format!("delete from published where case_id = '{}'", second.case),
        )
        .await;
        refused(&mut conn, "the act", "delete from erasure").await;
        refused(
            &mut conn,
            "the act changed",
            "update erasure set reason = 'z'",
        )
        .await;
    });
}

#[test]
fn the_journal_is_only_appended_to() {
    on_both("the_journal_is_only_appended_to", async |desk| {
        let mut conn = raw(&desk.url).await;
        desk.ask().await;
        refused(
            &mut conn,
            "changed",
            "update audit set actor = 'x' where seq = 1",
        )
        .await;
        refused(
            &mut conn,
            "cut",
            "delete from audit where seq = (select max(seq) from audit)",
        )
        .await;
        let hole =
            "insert into audit (seq, at_ms, actor, action, subject, detail_json, prev_hash, hash)
             select max(seq) + 2, 1, 'x', 'x', 'x', '{}', '', '' from audit";
        refused(&mut conn, "a hole", hole).await;
        let forged =
            "insert into audit (seq, at_ms, actor, action, subject, detail_json, prev_hash, hash)
             select max(seq) + 1, 1, 'x', 'x', 'x', '{}', 'no', 'no' from audit";
        refused(&mut conn, "forged", forged).await;
        let verdict = desk.store.audit_verify(None).await.unwrap();
        assert!(matches!(verdict, AuditVerdict::Intact { entries } if entries > 10));
    });
}

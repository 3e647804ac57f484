//! The journal, backups, and what happens when a process dies or the file is not ours.

use crate::skip;
use crate::store::{
    Desk, drop_database, new_database, on_both, one_text, raw, rendering, retrieval, sqlite_url,
    try_sql,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use soyuznik::case::Status;
use soyuznik::store::{AuditHead, AuditVerdict, Delivered, Dialect, JobKind, Store, StoreError};
use sqlx::AnyConnection;
use std::sync::Arc;
use std::time::Duration;

#[derive(Debug, Clone)]
enum Tamper {
    Text(&'static str),
    Number(&'static str),
    Drop,
    CutFrom,
    Swap,
}

fn tampering() -> impl Strategy<Value = (Tamper, usize)> {
    let texts = [
        "actor",
        "action",
        "subject",
        "detail_json",
        "prev_hash",
        "hash",
    ];
    let kind = prop_oneof![
        6 => prop::sample::select(texts.to_vec()).prop_map(Tamper::Text),
        2 => prop::sample::select(vec!["at_ms", "seq"]).prop_map(Tamper::Number),
        2 => Just(Tamper::Drop),
        1 => Just(Tamper::CutFrom),
        1 => Just(Tamper::Swap),
    ];
    (kind, 0usize..1_000_000)
}

/// SQL that bends line `seq` of `last`.
fn bend(tamper: &Tamper, seq: i64, last: i64) -> String {
    match tamper {
        Tamper::Text(column) => format!("update audit set {column} = {column} || 'x' where seq = {seq}"),
        Tamper::Number("seq") => format!("update audit set seq = {} where seq = {seq}", last + 7),
        Tamper::Number(column) => format!("update audit set {column} = {column} + 1 where seq = {seq}"),
        Tamper::Drop => format!("delete from audit where seq = {seq}"),
        Tamper::CutFrom => format!("delete from audit where seq >= {seq}"),
        Tamper::Swap => format!(
            "update audit set actor = (select b.actor || '' from audit b where b.seq = {0}), detail_json =
             (select b.detail_json || ' ' from audit b where b.seq = {0}) where seq = {seq}",
            seq % last + 1
        ),
    }
}

async fn lift_rules(conn: &mut AnyConnection, dialect: Dialect) {
    match dialect {
        Dialect::Sqlite => {
            for rule in ["audit_fixed", "audit_kept", "audit_appended"] {
                try_sql(conn, &format!("drop trigger {rule}"))
                    .await
                    .unwrap();
            }
            try_sql(conn, "pragma synchronous = off").await.unwrap();
        }
        Dialect::Postgres => {
            try_sql(conn, "alter table audit disable trigger user")
                .await
                .unwrap();
        }
    }
}

#[test]
fn every_bent_dropped_or_cut_line_of_the_journal_is_found() {
    on_both("every_bent_line_of_the_journal", async |desk| {
        for _ in 0..10 {
            desk.drafted("ответ").await;
        }
        let mut conn = raw(&desk.url).await;
        lift_rules(&mut conn, desk.store.dialect()).await;
        try_sql(&mut conn, "create table kept as select * from audit")
            .await
            .unwrap();
        let head: AuditHead = desk.store.audit_head().await.unwrap().unwrap();
        let intact = AuditVerdict::Intact { entries: head.seq };
        let mut runner = TestRunner::deterministic();
        for round in 0..500 {
            let (tamper, place) = tampering().new_tree(&mut runner).unwrap().current();
            let seq = (place as i64) % head.seq + 1;
            try_sql(&mut conn, &bend(&tamper, seq, head.seq))
                .await
                .unwrap();
            let verdict = desk.store.audit_verify(Some(&head)).await.unwrap();
            let AuditVerdict::Broken { seq: found } = verdict else {
                panic!("round {round}: {tamper:?} of line {seq} was not found")
            };
            assert_eq!(found, seq, "round {round}: {tamper:?}");
            try_sql(&mut conn, "delete from audit").await.unwrap();
            try_sql(&mut conn, "insert into audit select * from kept")
                .await
                .unwrap();
        }
        assert_eq!(desk.store.audit_verify(Some(&head)).await.unwrap(), intact);
        let foreign = AuditHead {
            hash: "0".repeat(64),
            ..head
        };
        assert!(matches!(
            desk.store.audit_verify(Some(&foreign)).await.unwrap(),
            AuditVerdict::Broken { .. }
        ));
    });
}

/// One of everything, with an approval that was voided and one that was sent.
async fn fill(desk: &Desk) {
    let case = desk.drafted("Первый").await;
    desk.approve(&case, 0).await;
    let answer = desk.store.case_for(&case).await.unwrap().answer.unwrap();
    desk.store
        .save_answer(&case, answer.version, &rendering("Второй"), &desk.lawyer)
        .await
        .unwrap();
    desk.approve(&case, 0).await;
    while desk.deliver().await != Some(Delivered::Published) {}
    for n in 0..620 {
        desk.store
            .set_setting(&format!("key {n}"), "\"\n\u{2028} значение", "test")
            .await
            .unwrap();
    }
    desk.store
        .create_session(&desk.lawyer, 1000, 1000)
        .await
        .unwrap();
    desk.store.open_task("alignment", "x").await.unwrap();
    desk.ask().await;
}

async fn check_restored(desk: &Desk, restored: &Store, url: &str) {
    let case = desk.store.case_by_number(1).await.unwrap().id;
    assert_eq!(
        restored.case_for(&case).await.unwrap(),
        desk.store.case_for(&case).await.unwrap()
    );
    assert_eq!(
        restored.audit_head().await.unwrap(),
        desk.store.audit_head().await.unwrap()
    );
    // Rules hold again, and work goes on.
    let mut conn = raw(url).await;
    for sql in [
        "delete from approval",
        "update published set rendering_json = ''",
        "delete from audit",
    ] {
        assert!(try_sql(&mut conn, sql).await.is_err(), "{sql}");
    }
    assert_eq!(
        restored.create_case(&desk.question()).await.unwrap().number,
        3
    );
}

#[test]
fn a_backup_comes_back_in_a_database_of_either_kind() {
    on_both("a_backup_comes_back", async |desk| {
        fill(&desk).await;
        let file = desk.folder.path().join("backup.jsonl");
        // Beside the owner, without its lock.
        let reader = Store::open_to_read(&desk.url).await.unwrap();
        let report = reader.backup(&file).await.unwrap();
        assert_eq!(report.audit, desk.store.audit_head().await.unwrap());
        let again = reader.backup(&file).await;
        assert!(matches!(again, Err(StoreError::Refused { .. })));
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(
            std::fs::metadata(&file).unwrap().permissions().mode() & 0o777,
            0o600
        );
        let elsewhere = tempfile::tempdir().unwrap();
        let url = sqlite_url(elsewhere.path());
        let restored = Store::open(&url, elsewhere.path()).await.unwrap();
        assert_eq!(restored.restore(&file).await.unwrap(), report);
        check_restored(&desk, &restored, &url).await;
        let twice = restored.restore(&file).await;
        assert!(
            matches!(twice, Err(StoreError::Refused { .. })),
            "{twice:?}"
        );
        let full = desk.store.restore(&file).await;
        assert!(matches!(full, Err(StoreError::Refused { .. })));
        if let Some(server) = skip::postgres("a_backup_comes_back") {
            let (name, url) = new_database(&server).await;
            let restored = Store::open(&url, elsewhere.path()).await.unwrap();
            assert_eq!(restored.restore(&file).await.unwrap(), report);
            check_restored(&desk, &restored, &url).await;
            restored.close().await;
            drop_database(&server, &name).await;
        }
    });
}

#[test]
fn a_backup_that_was_cut_or_changed_is_refused_and_leaves_nothing() {
    on_both("a_backup_that_was_cut", async |desk| {
        fill(&desk).await;
        let file = desk.folder.path().join("backup.jsonl");
        desk.store.backup(&file).await.unwrap();
        let bytes = std::fs::read(&file).unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let target = Store::open(&sqlite_url(elsewhere.path()), elsewhere.path())
            .await
            .unwrap();
        let bad = elsewhere.path().join("bad.jsonl");
        let strategy = (0..bytes.len(), any::<bool>());
        let mut runner = TestRunner::deterministic();
        for _ in 0..200 {
            let (at, cut) = strategy.new_tree(&mut runner).unwrap().current();
            let mut changed = bytes.clone();
            if cut {
                changed.truncate(at);
            } else {
                changed[at] ^= 1;
            }
            std::fs::write(&bad, &changed).unwrap();
            match target.restore(&bad).await {
                Err(StoreError::Damaged { place, .. }) => {
                    assert!(place.contains("bad.jsonl, строка"), "{place}")
                }
                // The bent byte was a version number in the head.
                Err(StoreError::Refused { message }) => {
                    assert!(message.contains("bad.jsonl"), "{message}")
                }
                other => panic!("byte {at}, cut: {cut}: {other:?}"),
            }
        }
        assert!(target.people().await.unwrap().is_empty());
        assert_eq!(target.restore(&file).await.unwrap().rows["person"], 4);
    });
}

#[test]
fn a_backup_under_load_is_one_moment() {
    on_both("a_backup_under_load", async |desk| {
        let desk = Arc::new(desk);
        let writer = {
            let desk = desk.clone();
            tokio::spawn(async move {
                for n in 0..60 {
                    desk.drafted(&format!("ответ {n}")).await;
                }
            })
        };
        let reader = Store::open_to_read(&desk.url).await.unwrap();
        for n in 0..5 {
            let file = desk.folder.path().join(format!("{n}.jsonl"));
            let report = reader.backup(&file).await.unwrap();
            let elsewhere = tempfile::tempdir().unwrap();
            let restored = Store::open(&sqlite_url(elsewhere.path()), elsewhere.path())
                .await
                .unwrap();
            assert_eq!(restored.restore(&file).await.unwrap(), report);
            // A case and its first message were written together.
            assert_eq!(report.rows["case_"], report.rows["message"]);
        }
        writer.await.unwrap();
    });
}

#[test]
fn a_step_that_is_cut_short_moved_the_case_or_did_not() {
    on_both("a_step_that_is_cut_short", async |desk| {
        for round in 0..60u64 {
            let case = desk.drafted("28 дней").await;
            let cut = Duration::from_micros(round * 150);
            let done = tokio::time::timeout(cut, desk.approve(&case, 0))
                .await
                .is_ok();
            let status = desk.status(&case).await;
            assert!(
                matches!(status, Status::Drafted | Status::Approved),
                "{status:?}"
            );
            assert!(!done || status == Status::Approved);
            // What was cut short may still be under way: then the second try learns that the first was done.
            if let Err(error) = desk.try_approve(&case, 0).await {
                assert!(matches!(error, StoreError::Conflict { .. }), "{error}");
            }
            let _ = tokio::time::timeout(cut, desk.deliver()).await;
            // A delivery cut short left its lease behind; it runs out, and the job runs again.
            let mut conn = raw(&desk.url).await;
            while desk.status(&case).await != Status::Sent {
                let run_out = "update job set lease_until_ms = 0 where state = 'leased'";
                try_sql(&mut conn, run_out).await.unwrap();
                desk.deliver().await;
            }
            let view = desk.store.case_for(&case).await.unwrap();
            assert_eq!((view.case.status, view.published.len()), (Status::Sent, 1));
        }
        let mails = "select count(*) - count(distinct message_id) from outbox";
        let mut conn = raw(&desk.url).await;
        assert_eq!(one_text(&mut conn, mails).await, "0");
        assert!(matches!(
            desk.store.audit_verify(None).await.unwrap(),
            AuditVerdict::Intact { .. }
        ));
    });
}

#[test]
fn a_second_process_on_the_same_folder_is_told_that_it_is_busy() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("папка с # и ?");
        let url = sqlite_url(&place);
        let first = Store::open(&url, &place).await.unwrap();
        let second = Store::open(&url, &place).await;
        let Err(StoreError::Busy { place: told }) = second else {
            panic!("{second:?}")
        };
        assert!(told.contains("папка с # и ?"), "{told}");
        first.close().await;
        drop(first);
        let third = Store::open(&url, &place).await.unwrap();
        third.ping().await.unwrap();
    });
}

#[test]
fn a_file_that_is_no_database_is_named_and_left_as_it_is() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("soyuznik.sqlite");
        let text = "это не база данных ".repeat(500);
        std::fs::write(&file, &text).unwrap();
        let opened = Store::open(&sqlite_url(folder.path()), folder.path()).await;
        let Err(error @ StoreError::Damaged { .. }) = opened else {
            panic!("{opened:?}")
        };
        assert!(error.to_string().contains("soyuznik.sqlite"), "{error}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
        let nowhere = Store::open_to_read("sqlite:///nowhere/x.sqlite").await;
        assert!(matches!(nowhere, Err(StoreError::NotFound { .. })));
    });
}

#[test]
fn a_server_that_does_not_answer_is_told_soon_and_in_words() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let folder = tempfile::tempdir().unwrap();
        let url = format!("postgres://x@127.0.0.1:{port}/x");
        let opened = Store::open(&url, folder.path()).await;
        assert!(
            matches!(opened, Err(StoreError::Unavailable { .. })),
            "{opened:?}"
        );
        let wrong = Store::open("mysql://x", folder.path()).await;
        assert!(matches!(wrong, Err(StoreError::Refused { .. })));
    });
}

#[test]
fn nothing_is_lost_when_a_store_is_opened_again() {
    on_both("nothing_is_lost", async |desk| {
        let case = desk.drafted("28 дней").await;
        let before = desk.store.case_for(&case).await.unwrap();
        let job = desk
            .store
            .lease(&[JobKind::Retrieve], "dead", -1)
            .await
            .unwrap();
        assert!(
            job.is_some(),
            "the job of a step done by hand is still there"
        );
        let (url, folder) = (desk.url.clone(), desk.folder);
        desk.store.close().await;
        drop(desk.store);
        let store = Store::open(&url, folder.path()).await.unwrap();
        assert_eq!(store.case_for(&case).await.unwrap(), before);
        let again = store
            .lease(&[JobKind::Retrieve], "alive", 1000)
            .await
            .unwrap()
            .unwrap();
        let step = store
            .store_retrieval(&case, &retrieval(), Some(&again.lease))
            .await
            .unwrap();
        assert_eq!(step, soyuznik::store::Stepped::AlreadyMoved);
    });
}

/// A small disk that fills up, unmounted at the end.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=4m", "none"])
            .arg(folder.path())
            .output();
        mounted
            .is_ok_and(|done| done.status.success())
            .then_some(Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = std::process::Command::new("umount")
            .arg("-l")
            .arg(self.0.path())
            .output();
    }
}

#[test]
fn on_a_full_disk_reading_goes_on_and_nothing_acknowledged_is_lost() {
    let Some(disk) = SmallDisk::mount() else {
        skip::missing(
            "tmpfs",
            "on_a_full_disk",
            "mount -t tmpfs is not allowed here",
        );
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let place = disk.0.path();
        let desk = Desk::new(&sqlite_url(place), tempfile::tempdir_in(place).unwrap()).await;
        let mut acknowledged = 0;
        let refused = loop {
            let mut question = desk.question();
            question.text = "слово ".repeat(2_000);
            match desk.store.create_case(&question).await {
                Ok(_) => acknowledged += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(refused, StoreError::Full);
        assert!(acknowledged > 0);
        assert_eq!(
            desk.store.cases_of(&desk.member).await.unwrap().len(),
            acknowledged
        );
        let remount = std::process::Command::new("mount")
            .args(["-o", "remount,size=32m"])
            .arg(place)
            .output()
            .unwrap();
        assert!(remount.status.success());
        desk.ask().await;
        assert_eq!(
            desk.store.cases_of(&desk.member).await.unwrap().len(),
            acknowledged + 1
        );
        assert!(matches!(
            desk.store.audit_verify(None).await.unwrap(),
            AuditVerdict::Intact { .. }
        ));
        desk.store.close().await;
    });
}

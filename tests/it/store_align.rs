//! Norms that two editions do not clearly have in common: what waits for a person, and what a decision does.

use crate::store::{Desk, on_both, one_text, raw, sqlite_url, try_sql};
use crate::store_law::{COMES, GOES, IS, STAYS, WAS, edition, version};
use jiff::civil::{Date, date};
use soyuznik::app::editions;
use soyuznik::store::{
    Alignment, AlignmentDecision, AlignmentReview, Asked, EditionOutcome, NewEdition, ReviewReason,
    ReviewState, Standing, Store, StoreError, VersionRow,
};

const FIRST: Date = date(2013, 12, 28);
const MIDDLE: Date = date(2021, 11, 22);
const LAST: Date = date(2025, 12, 29);

/// One article whose parts have these texts.
fn article(day: Date, parts: &[&str]) -> NewEdition {
    let mut versions = vec![version("tk:1", "article", "Сад и пруд", None)];
    for (at, text) in parts.iter().enumerate() {
        versions.push(version(&format!("tk:1:{}", at + 1), "part", text, None));
    }
    let mut at = 0;
    for version in &mut versions {
        version.start_char = at;
        at += version.text.chars().count() as i64;
        version.end_char = at;
    }
    edition(day, day, versions)
}

/// What waits about the norms of one edition, by label.
async fn waiting(store: &Store, asked: Asked) -> Vec<AlignmentReview> {
    let mut open = store.open_alignments(Some("tk")).await.unwrap();
    open.retain(|review| review.asked == asked);
    open
}

async fn decide(
    store: &Store,
    review: &AlignmentReview,
    what: AlignmentDecision,
) -> AlignmentReview {
    store
        .decide_alignment(&review.id, &what, "lawyer")
        .await
        .unwrap()
}

fn to(norm: &str) -> AlignmentDecision {
    AlignmentDecision::To { norm: norm.into() }
}

async fn add(desk: &Desk, new: &NewEdition) -> Vec<VersionRow> {
    let report = desk.store.add_edition(new, "test").await.unwrap();
    let open = desk.store.open_alignments(Some("tk")).await.unwrap();
    let kept = open
        .iter()
        .filter(|review| review.newer == new.edition_date || review.older == new.edition_date);
    assert_eq!(report.to_review, kept.count());
    desk.store
        .versions_of_edition(&report.edition)
        .await
        .unwrap()
}

/// The norms of the edition of a day.
async fn on(store: &Store, day: Date) -> Vec<VersionRow> {
    let edition = store.edition_on("tk", day).await.unwrap().unwrap();
    store.versions_of_edition(&edition.id).await.unwrap()
}

fn key(rows: &[VersionRow], label: &str) -> String {
    let row = rows.iter().find(|row| row.citation == label);
    row.unwrap_or_else(|| panic!("no {label}"))
        .provision
        .clone()
}

fn kind(rows: &[VersionRow], label: &str) -> Alignment {
    rows.iter()
        .find(|row| row.citation == label)
        .unwrap()
        .alignment
}

#[test]
fn a_norm_is_known_by_its_words_when_its_label_moves() {
    on_both("a_norm_is_known_by_its_words", async |desk| {
        let first = add(&desk, &article(FIRST, &[STAYS, WAS, GOES])).await;
        let last = add(&desk, &article(LAST, &[STAYS, COMES, WAS, GOES])).await;
        for (old, new) in [("tk:1", "tk:1"), ("tk:1:2", "tk:1:3"), ("tk:1:3", "tk:1:4")] {
            assert_eq!(key(&first, old), key(&last, new), "{old}");
        }
        assert!(
            first
                .iter()
                .all(|row| row.provision != key(&last, "tk:1:2"))
        );
        assert_eq!(kind(&last, "tk:1:2"), Alignment::New);
        assert_eq!(kind(&last, "tk:1:3"), Alignment::Moved);
        let history = desk.store.history(&key(&last, "tk:1:3")).await.unwrap();
        let labels: Vec<_> = history.iter().map(|row| row.citation.as_str()).collect();
        assert_eq!(labels, ["tk:1:2", "tk:1:3"]);
        // Between the two editions the norm reads the same, wherever it stands.
        let between = desk
            .store
            .version("tk:1:2", date(2020, 1, 1))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (between.version.text.as_str(), between.standing),
            (WAS, Standing::Known)
        );
        let found = editions::compare(&desk.store, "tk", FIRST, LAST)
            .await
            .unwrap()
            .unwrap();
        let moved: Vec<_> = found
            .comparison
            .moved
            .iter()
            .map(|one| (one.old_norm.clone().unwrap(), one.new_norm.clone().unwrap()))
            .collect();
        let pair = |old: &str, new: &str| (old.to_owned(), new.to_owned());
        assert_eq!(moved, [pair("tk:1:2", "tk:1:3"), pair("tk:1:3", "tk:1:4")]);
        assert_eq!(found.comparison.inserted.len(), 1);
        assert!(found.comparison.changed.is_empty() && found.comparison.repealed.is_empty());
    });
}

#[test]
fn what_is_not_clear_waits_with_its_texts_and_is_decided_each_way() {
    on_both("what_is_not_clear_waits", async |desk| {
        let store = &desk.store;
        let first = add(&desk, &article(FIRST, &[STAYS, WAS, GOES])).await;
        add(&desk, &article(MIDDLE, &[STAYS, COMES, GOES])).await;
        let last = add(&desk, &article(LAST, &[STAYS, COMES, GOES])).await;
        let newer = waiting(store, Asked::Newer).await.remove(0);
        assert_eq!((newer.older, newer.newer), (FIRST, MIDDLE));
        assert_eq!(
            (newer.norm.as_str(), newer.text.as_str()),
            ("tk:1:2", COMES)
        );
        assert_eq!(newer.proposed, None);
        assert_eq!(newer.alternatives[0].norm, "tk:1:2");
        assert_eq!(newer.alternatives[0].text, WAS);
        assert_eq!(newer.alternatives[0].likeness, Some(0.0));
        assert_eq!(newer.reasons, [ReviewReason::OtherSubject]);
        assert!(newer.why.contains("предмет"));
        let status = store.act_statuses().await.unwrap().remove(0);
        assert_eq!(status.to_look_at, 2);

        // It is the same norm: here and in the later edition.
        let fresh = key(&last, "tk:1:2");
        let told = decide(store, &newer, to(" tk:1:2 ")).await;
        assert_eq!(told.state, ReviewState::Other);
        assert_eq!(told.chosen.as_deref(), Some("tk:1:2"));
        for day in [MIDDLE, LAST] {
            assert_eq!(key(&on(store, day).await, "tk:1:2"), key(&first, "tk:1:2"));
        }
        assert_eq!(kind(&on(store, MIDDLE).await, "tk:1:2"), Alignment::Changed);
        assert!(store.history(&fresh).await.unwrap().is_empty());
        assert_eq!(
            store.history(&key(&first, "tk:1:2")).await.unwrap().len(),
            3
        );
        // The old norm's question is answered with it.
        assert!(store.open_alignments(None).await.unwrap().is_empty());

        // No, it is new after all.
        let told = decide(store, &newer, AlignmentDecision::New).await;
        assert_eq!((told.state, told.chosen), (ReviewState::New, None));
        let (middle, last) = (on(store, MIDDLE).await, on(store, LAST).await);
        assert_ne!(key(&middle, "tk:1:2"), key(&first, "tk:1:2"));
        assert_eq!(key(&middle, "tk:1:2"), key(&last, "tk:1:2"));
        assert_eq!(kind(&middle, "tk:1:2"), Alignment::New);
        // So the old norm has lost what continued it, and waits.
        let older = waiting(store, Asked::Older).await.remove(0);
        assert_eq!((older.norm.as_str(), older.text.as_str()), ("tk:1:2", WAS));
        assert_eq!(older.reasons, [ReviewReason::Displaced]);
        let told = decide(store, &older, AlignmentDecision::Accept).await;
        assert_eq!((told.state, told.chosen), (ReviewState::Accepted, None));
        assert!(store.open_alignments(None).await.unwrap().is_empty());
        assert_eq!(store.decided_alignments(Some("tk")).await.unwrap().len(), 2);

        // Said of the old norm: another one continues it, and the one that did is asked about.
        decide(store, &older, to("tk:1:3")).await;
        let (middle, last) = (on(store, MIDDLE).await, on(store, LAST).await);
        for rows in [&middle, &last] {
            assert_eq!(key(rows, "tk:1:3"), key(&first, "tk:1:2"));
        }
        assert_eq!(kind(&middle, "tk:1:3"), Alignment::Moved);
        let orphan = waiting(store, Asked::Older).await.remove(0);
        assert_eq!(
            (orphan.norm.as_str(), orphan.reasons),
            ("tk:1:3", vec![ReviewReason::Displaced])
        );

        let journal = store.audit_tail(10).await.unwrap();
        let line = &journal[0];
        assert_eq!(
            (line.actor.as_str(), line.action.as_str()),
            ("lawyer", "alignment.decide")
        );
        assert_eq!(line.subject, older.id);
        assert!(line.detail_json.contains("\"rekeyed\":") && !line.detail_json.contains("яблонь"));
        let unknown = store
            .decide_alignment("none", &AlignmentDecision::New, "x")
            .await;
        assert!(matches!(unknown, Err(StoreError::NotFound { .. })));
        let nowhere = store.decide_alignment(&orphan.id, &to("tk:9"), "x").await;
        assert!(
            matches!(nowhere, Err(StoreError::NotFound { .. })),
            "{nowhere:?}"
        );
    });
}

#[test]
fn two_norms_that_change_places_are_told_apart_by_two_decisions() {
    on_both("two_norms_that_change_places", async |desk| {
        let store = &desk.store;
        let first = add(&desk, &article(FIRST, &[STAYS, WAS, GOES])).await;
        add(&desk, &article(MIDDLE, &[STAYS, COMES, GOES])).await;
        add(&desk, &article(LAST, &[STAYS, COMES, GOES])).await;
        let newer = waiting(store, Asked::Newer).await.remove(0);
        decide(store, &newer, to("tk:1:3")).await;
        // Who had that key lost it, in the later edition too.
        let displaced = waiting(store, Asked::Newer).await.remove(0);
        assert_eq!(displaced.norm, "tk:1:3");
        assert_eq!(displaced.reasons, [ReviewReason::Displaced]);
        decide(store, &displaced, to("tk:1:2")).await;
        for day in [MIDDLE, LAST] {
            let rows = on(store, day).await;
            assert_eq!(key(&rows, "tk:1:2"), key(&first, "tk:1:3"));
            assert_eq!(key(&rows, "tk:1:3"), key(&first, "tk:1:2"));
        }
        assert!(store.open_alignments(None).await.unwrap().is_empty());
    });
}

#[test]
fn an_edition_between_two_joins_what_they_alone_did_not_show() {
    on_both("an_edition_between_two", async |desk| {
        let store = &desk.store;
        // Each step keeps half of the words; both together keep none.
        let old =
            "Садовник поливает грядки утром. Скворечники развешивает кружок любителей природы.";
        let middle =
            "Садовник поливает грядки утром. Забор красит бригада маляров зелёной краской.";
        let new = "Лягушек вылавливать запрещается. Забор красит бригада маляров зелёной краской.";
        let first = add(&desk, &article(FIRST, &[STAYS, old, WAS])).await;
        let last = add(&desk, &article(LAST, &[STAYS, new, WAS])).await;
        let later = add(&desk, &article(date(2026, 3, 1), &[STAYS, new, WAS])).await;
        assert_ne!(key(&first, "tk:1:2"), key(&last, "tk:1:2"));
        assert_eq!(key(&last, "tk:1:2"), key(&later, "tk:1:2"));
        let between = add(&desk, &article(MIDDLE, &[STAYS, middle, WAS])).await;
        for day in [LAST, date(2026, 3, 1)] {
            let rows = on(store, day).await;
            for label in ["tk:1", "tk:1:1", "tk:1:2", "tk:1:3"] {
                assert_eq!(key(&rows, label), key(&first, label), "{label} on {day}");
                assert_eq!(key(&rows, label), key(&between, label));
            }
        }
        assert_eq!(kind(&on(store, LAST).await, "tk:1:2"), Alignment::Changed);
        assert_eq!(
            store.history(&key(&first, "tk:1:2")).await.unwrap().len(),
            4
        );
        // What waited between the outer two is no question any more.
        let open = store.open_alignments(None).await.unwrap();
        assert!(
            open.iter()
                .all(|review| (review.older, review.newer) != (FIRST, LAST))
        );
        let until = |rows: &[VersionRow]| rows[0].in_force_until;
        assert_eq!(until(&on(store, FIRST).await), Some(MIDDLE));
        assert_eq!(until(&on(store, MIDDLE).await), Some(LAST));
    });
}

#[test]
fn what_comes_before_all_others_takes_their_keys() {
    on_both("what_comes_before_all_others", async |desk| {
        let store = &desk.store;
        let last = add(&desk, &article(LAST, &[STAYS, COMES, WAS])).await;
        let first = add(&desk, &article(FIRST, &[STAYS, WAS, GOES])).await;
        assert_eq!(key(&first, "tk:1:2"), key(&last, "tk:1:3"));
        let now = on(store, LAST).await;
        assert_eq!(key(&now, "tk:1:2"), key(&last, "tk:1:2"));
        assert_eq!(kind(&now, "tk:1:3"), Alignment::Moved);
        assert_eq!(kind(&now, "tk:1:1"), Alignment::Same);
        assert_eq!(kind(&now, "tk:1:2"), Alignment::New);
    });
}

#[test]
fn a_decision_outlives_a_better_copy_whose_labels_are_others() {
    on_both("a_decision_outlives_a_better_copy", async |desk| {
        let store = &desk.store;
        let first = add(&desk, &article(FIRST, &[STAYS, WAS, GOES])).await;
        let mut poor = article(MIDDLE, &[STAYS, COMES, GOES]);
        poor.format = "pdf".into();
        add(&desk, &poor).await;
        add(&desk, &article(LAST, &[STAYS, COMES, GOES])).await;
        let newer = waiting(store, Asked::Newer).await.remove(0);
        decide(store, &newer, to("tk:1:2")).await;
        // The same file again does nothing.
        let again = store.add_edition(&poor, "test").await.unwrap();
        assert_eq!(again.outcome, EditionOutcome::AlreadyHeld);
        // The page had lost a line above.
        let mut better = article(MIDDLE, &[STAYS, IS, COMES, GOES]);
        better.sha256 = "better".into();
        let report = store.add_edition(&better, "test").await.unwrap();
        assert_eq!(report.outcome, EditionOutcome::Replaced);
        let (middle, last) = (on(store, MIDDLE).await, on(store, LAST).await);
        assert_eq!(key(&middle, "tk:1:3"), key(&first, "tk:1:2"));
        assert_eq!(key(&last, "tk:1:2"), key(&first, "tk:1:2"));
        let kept = store.decided_alignments(None).await.unwrap();
        assert_eq!((kept.len(), kept[0].norm.as_str()), (1, "tk:1:3"));
        assert_eq!(
            (kept[0].id.as_str(), kept[0].state),
            (newer.id.as_str(), ReviewState::Other)
        );
        assert_eq!(kept[0].decided_by.as_deref(), Some("lawyer"));
        let open = store.open_alignments(None).await.unwrap();
        assert!(
            open.iter()
                .all(|review| (review.newer, review.norm.as_str()) != (MIDDLE, "tk:1:3"))
        );
        // A copy without the norm: what was said of it is kept, and says nothing.
        let mut best = article(MIDDLE, &[STAYS, IS, GOES]);
        best.sha256 = "best".into();
        store.add_edition(&best, "test").await.unwrap();
        let stale = store.alignment(&newer.id).await.unwrap();
        assert_eq!(stale.state, ReviewState::Stale);
        let refused = store
            .decide_alignment(&newer.id, &AlignmentDecision::New, "x")
            .await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })));
    });
}

#[test]
fn no_key_stands_twice_in_an_edition_whoever_writes_the_sql() {
    on_both("no_key_stands_twice", async |desk| {
        let rows = add(&desk, &article(FIRST, &[STAYS, WAS, GOES])).await;
        let mut conn = raw(&desk.url).await;
        let twice = format!(
            "update provision_version set provision_key = '{}' where id = '{}'",
            rows[1].provision, rows[2].id
        );
        let refused = try_sql(&mut conn, &twice).await.unwrap_err().to_lowercase();
        assert!(refused.contains("unique"), "{refused}");
        add(&desk, &article(LAST, &[STAYS, COMES, GOES])).await;
        for wrong in [
            "update alignment_review set state = 'perhaps'",
            "update alignment_review set state = 'accepted'",
            "update alignment_review set asked = 'both'",
            "insert into alignment_review select id || 'x', act_id, older_date, newer_date, asked, norm, proposed,
                 rivals_json, reasons_json, state, chosen, decided_by, decided_ms, created_ms from alignment_review",
        ] {
            assert!(try_sql(&mut conn, wrong).await.is_err(), "{wrong}");
        }
        let count = one_text(&mut conn, "select count(*) from alignment_review").await;
        assert_eq!(count, "2");
    });
}

#[test]
fn decisions_come_back_from_a_backup_and_hold() {
    on_both("decisions_come_back_from_a_backup", async |desk| {
        let first = add(&desk, &article(FIRST, &[STAYS, WAS, GOES])).await;
        add(&desk, &article(LAST, &[STAYS, COMES, GOES])).await;
        let newer = waiting(&desk.store, Asked::Newer).await.remove(0);
        decide(&desk.store, &newer, to("tk:1:2")).await;
        let file = desk.folder.path().join("decided.jsonl");
        desk.store.backup(&file).await.unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let restored = Store::open(&sqlite_url(elsewhere.path()), elsewhere.path())
            .await
            .unwrap();
        restored.restore(&file).await.unwrap();
        assert_eq!(
            restored.decided_alignments(None).await.unwrap(),
            desk.store.decided_alignments(None).await.unwrap()
        );
        let mut better = article(LAST, &[STAYS, COMES, GOES]);
        better.sha256 = "better".into();
        restored.add_edition(&better, "test").await.unwrap();
        assert_eq!(
            key(&on(&restored, LAST).await, "tk:1:2"),
            key(&first, "tk:1:2")
        );
    });
}

#[test]
fn a_person_may_ask_about_what_seemed_clear() {
    on_both("a_person_may_ask", async |desk| {
        let store = &desk.store;
        let first = add(&desk, &article(FIRST, &[STAYS, WAS, GOES])).await;
        add(&desk, &article(LAST, &[STAYS, IS, GOES])).await;
        let ask = async |norm: &str, on: Date| store.ask_alignment("tk", norm, on, "x").await;
        let asked = ask("tk:1:2", date(2026, 5, 1)).await.unwrap();
        assert_eq!(asked.proposed.as_ref().unwrap().text, WAS);
        assert_eq!((asked.text.as_str(), asked.state), (IS, ReviewState::Open));
        assert_eq!(ask("tk:1:2", LAST).await.unwrap().id, asked.id);
        decide(store, &asked, AlignmentDecision::New).await;
        assert_ne!(key(&on(store, LAST).await, "tk:1:2"), key(&first, "tk:1:2"));
        let again = ask("tk:1:2", LAST).await.unwrap();
        assert_eq!(
            (again.id, again.state),
            (asked.id.clone(), ReviewState::New)
        );
        assert!(matches!(
            ask("tk:1:2", FIRST).await,
            Err(StoreError::Refused { .. })
        ));
        assert!(matches!(
            ask("tk:9", LAST).await,
            Err(StoreError::NotFound { .. })
        ));
        let early = ask("tk:1:2", date(2000, 1, 1)).await;
        assert!(matches!(early, Err(StoreError::NotFound { .. })));
        // It is told of in the journal, and comes back when it is accepted.
        let told = decide(store, &asked, AlignmentDecision::Accept).await;
        assert_eq!(told.chosen.as_deref(), Some("tk:1:2"));
        assert_eq!(key(&on(store, LAST).await, "tk:1:2"), key(&first, "tk:1:2"));
    });
}

//! Known amendments, the warnings they bring, and texts beside the law.

use crate::store::{Desk, on_both, sqlite_url};
use crate::store_law::{edition, version};
use jiff::civil::{Date, date};
use serde_json::json;
use soyuznik::review::{self, ReviewError};
use soyuznik::store::{
    AmendmentReach, AmendmentWarning, ClarificationKind, NewAmendment, NewClarification, NewNote,
    NormNews, SourceCopy, Store, StoreError,
};

fn amendment(number: &str, signed_on: Date, title: &str) -> NewAmendment {
    NewAmendment {
        number: number.into(),
        signed_on,
        published_on: signed_on,
        title: title.into(),
        url: format!("http://publication.invalid/document/{number}"),
        reach: if title.contains("отдельные") {
            AmendmentReach::Possible
        } else {
            AmendmentReach::Named
        },
    }
}

const WHOLE: &str = "О внесении изменений в Трудовой кодекс Российской Федерации";
const SEVERAL: &str = "О внесении изменений в отдельные законодательные акты Российской Федерации";
const ARTICLE_22: &str = "О внесении изменения в статью 22 Трудового кодекса Российской Федерации";
const ARTICLE_115: &str =
    "О внесении изменений в статьи 114 и 115 Трудового кодекса Российской Федерации";

#[test]
fn an_amendment_is_known_once_and_until_its_text_is_held_or_it_is_put_aside() {
    on_both("an_amendment_is_known_once", async |desk| {
        let store = &desk.store;
        let seen = [
            amendment("7-ФЗ", date(2026, 1, 20), WHOLE),
            amendment("8-ФЗ", date(2026, 1, 21), SEVERAL),
            amendment("9-ФЗ", date(2026, 1, 22), WHOLE),
        ];
        // Before any text of the act is held, too.
        assert_eq!(store.keep_amendments("tk", &seen).await.unwrap().len(), 3);
        assert!(store.keep_amendments("tk", &seen).await.unwrap().is_empty());
        assert_eq!(
            store.amendment_counts().await.unwrap(),
            [("tk".to_owned(), 2, 1)]
        );
        // Its own number of another year is another law.
        let mut new = edition(
            date(2026, 2, 1),
            date(2026, 2, 1),
            vec![version("tk:1:1", "part", "Текст", None)],
        );
        let note = |law: &str, day| NewNote {
            citation: "tk:1:1".into(),
            date: Some(day),
            law: law.into(),
            what: "В редакции".into(),
        };
        new.notes = vec![
            note("7-ФЗ", date(2026, 1, 20)),
            note("9-ФЗ", date(2006, 1, 22)),
        ];
        store.add_edition(&new, "test").await.unwrap();
        let open = async || -> Vec<String> {
            let open = store.known_amendments("tk").await.unwrap();
            open.into_iter().map(|one| one.number).collect()
        };
        assert_eq!(open().await, ["8-ФЗ", "9-ФЗ"]);
        // A list in the head of a later edition names one, too.
        let mut head = edition(
            date(2026, 3, 1),
            date(2026, 3, 1),
            vec![version("tk:1:1", "part", "Текст", None)],
        );
        head.counts = json!({"amended_by": ["2026-01-22 9-ФЗ"]});
        store.add_edition(&head, "test").await.unwrap();
        assert_eq!(open().await, ["8-ФЗ"]);
        let empty = store.settle_amendment("tk", "8-ФЗ", " ", "test").await;
        assert!(matches!(empty, Err(StoreError::Refused { .. })));
        store
            .settle_amendment("tk", "8-ФЗ", "Кодекса не касается", "test")
            .await
            .unwrap();
        assert!(open().await.is_empty());
        let again = store
            .settle_amendment("tk", "8-ФЗ", "Ещё раз", "test")
            .await;
        assert!(matches!(again, Err(StoreError::NotFound { .. })));
        let all = store.amendments("tk").await.unwrap();
        let states: Vec<_> = all.iter().map(|a| (a.held, a.settled.as_deref())).collect();
        assert_eq!(
            states,
            [
                (true, None),
                (false, Some("Кодекса не касается")),
                (true, None)
            ]
        );
    });
}

/// What a warning is named by.
fn which(warning: &AmendmentWarning) -> (&str, &str) {
    (&warning.amendment.id, &warning.provision)
}

/// A desk whose Code has article 115, and a case with an answer that quotes its first part.
async fn answered(desk: &Desk) -> soyuznik::case::CaseId {
    let new = edition(
        date(2025, 12, 29),
        date(2025, 12, 29),
        vec![
            version("tk:115", "article", "Статья 115", None),
            version("tk:115:1", "part", "28 дней", None),
        ],
    );
    desk.store.add_edition(&new, "test").await.unwrap();
    desk.drafted("Отпуск 28 дней.").await
}

#[test]
fn a_lawyer_clears_a_warning_once_for_an_amendment_and_a_provision() {
    on_both("a_lawyer_clears_a_warning_once", async |desk| {
        let store = &desk.store;
        let case = answered(&desk).await;
        assert!(store.open_warnings(&case).await.unwrap().is_empty());
        let seen = [
            amendment("1-ФЗ", date(2026, 1, 10), ARTICLE_115),
            amendment("2-ФЗ", date(2026, 1, 11), ARTICLE_22),
            amendment("3-ФЗ", date(2026, 1, 12), SEVERAL),
            // The answer speaks of 15 January.
            amendment("4-ФЗ", date(2026, 1, 16), WHOLE),
        ];
        store.keep_amendments("tk", &seen).await.unwrap();
        let open = store.open_warnings(&case).await.unwrap();
        let numbers: Vec<_> = open.iter().map(|w| w.amendment.number.as_str()).collect();
        assert_eq!(numbers, ["1-ФЗ", "3-ФЗ"]);
        assert_eq!(open[0].citation, "tk:115:1");

        for (reason, person) in [
            ("", &desk.lawyer),
            ("Читал", &desk.stranger),
            ("Читал", &desk.member),
        ] {
            let refused = store
                .clear_warning(&case, which(&open[0]), reason, person)
                .await;
            assert!(
                matches!(refused, Err(StoreError::Refused { .. })),
                "{refused:?}"
            );
        }
        store
            .clear_warning(
                &case,
                which(&open[0]),
                "Часть 1 не изменилась",
                &desk.lawyer,
            )
            .await
            .unwrap();
        let twice = store
            .clear_warning(&case, which(&open[0]), "Ещё раз", &desk.second_lawyer)
            .await;
        assert!(matches!(twice, Err(StoreError::NotFound { .. })));
        let rest = store.open_warnings(&case).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].amendment.number, "3-ФЗ");
        let all = store.warnings(&case).await.unwrap();
        let cleared = all[0].cleared.as_ref().unwrap();
        assert_eq!(cleared.reason, "Часть 1 не изменилась");
        assert!(!cleared.by.is_empty() && cleared.at_ms > 0);
        assert_eq!(all[1..], rest);
        // Another case that quotes the provision bears it no more.
        let other = desk.drafted("И здесь 28 дней.").await;
        assert_eq!(store.open_warnings(&other).await.unwrap(), rest);
    });
}

#[test]
fn nobody_approves_while_a_warning_is_open() {
    on_both("nobody_approves_while_a_warning_is_open", async |desk| {
        let store = &desk.store;
        let case = answered(&desk).await;
        let seen = [
            amendment("1-ФЗ", date(2026, 1, 10), ARTICLE_115),
            amendment("3-ФЗ", date(2026, 1, 12), SEVERAL),
            // Its namesake of another year stays open when this one is put aside.
            amendment("3-ФЗ", date(2025, 1, 12), SEVERAL),
        ];
        store.keep_amendments("tk", &seen).await.unwrap();
        let answer = store.case_for(&case).await.unwrap().answer.unwrap();
        let approve = async || {
            let hold = std::time::Duration::ZERO;
            let sha256 = &answer.rendering_sha256;
            review::approve(store, &case, &answer.id, sha256, &desk.lawyer, hold).await
        };
        let Err(ReviewError::Warned { open }) = approve().await else {
            panic!("three warnings are open");
        };
        assert_eq!(open.len(), 3);
        let told = ReviewError::Warned { open: open.clone() }.to_string();
        assert!(told.contains("(3-ФЗ, 1-ФЗ)"), "{told}");
        let later = open
            .iter()
            .find(|one| one.amendment.signed_on == seen[1].signed_on);
        let id = &later.unwrap().amendment.id;
        let by = desk.second_lawyer.as_str();
        let empty = store.put_amendment_aside(id, " ", by).await;
        assert!(matches!(empty, Err(StoreError::Refused { .. })));
        store
            .put_amendment_aside(id, "Кодекса не касается", by)
            .await
            .unwrap();
        let twice = store.put_amendment_aside(id, "Ещё раз", by).await;
        assert!(matches!(twice, Err(StoreError::NotFound { .. })));
        let listed = store.amendments_to_look_at().await.unwrap();
        let aside = listed.iter().find(|one| one.id == *id).unwrap();
        assert_eq!(aside.settled_by.as_deref(), Some(by));
        assert!(aside.settled_ms.is_some() && listed.len() == 3);
        // Who put it aside by mistake takes it back, and its warning is there again.
        assert_eq!(store.open_warnings(&case).await.unwrap().len(), 2);
        store.reopen_amendment(id, by).await.unwrap();
        let twice = store.reopen_amendment(id, by).await;
        assert!(matches!(twice, Err(StoreError::NotFound { .. })));
        assert_eq!(store.open_warnings(&case).await.unwrap().len(), 3);
        store
            .put_amendment_aside(id, "Прочитан: Кодекса не касается", by)
            .await
            .unwrap();
        for warning in store.open_warnings(&case).await.unwrap() {
            assert!(matches!(approve().await, Err(ReviewError::Warned { .. })));
            store
                .clear_warning(&case, which(&warning), "Не изменилась", &desk.lawyer)
                .await
                .unwrap();
        }
        approve().await.unwrap();
        let journal = store.audit_tail(1000).await.unwrap();
        let done = |action: &str| journal.iter().filter(|row| row.action == action).count();
        assert_eq!(done("amendment.settle"), 2);
        assert_eq!(done("amendment.reopen"), 1);
        assert_eq!(done("amendment.clear"), 2);
    });
}

#[test]
fn what_became_of_a_norm_is_told_by_its_key_and_only_where_editions_tell_it() {
    on_both("what_became_of_a_norm", async |desk| {
        let store = &desk.store;
        let three = [
            (date(2020, 1, 1), date(2020, 6, 1), "Раз", "Прежнее"),
            (date(2022, 1, 1), date(2022, 6, 1), "Два", "Прежнее"),
            (date(2024, 1, 1), date(2024, 6, 1), "Три", "Прежнее"),
        ];
        for (day, current_to, word, staying) in three {
            // Long enough to be the same norm by its words.
            let changing = &format!(
                "Сторож обходит склад {word} за ночную смену и записывает каждый обход в журнал у ворот."
            );
            let staying =
                &format!("{staying} правило велит дворнику убирать снег у крыльца до рассвета.");
            let new = edition(
                day,
                current_to,
                vec![
                    version("tk:5", "article", &format!("Статья 5 {changing}"), None),
                    version("tk:5:1", "part", changing, None),
                    version("tk:5:2", "part", staying, None),
                ],
            );
            store.add_edition(&new, "test").await.unwrap();
        }
        let news =
            async |norm: &str, since: Option<Date>| store.norm_news(norm, since).await.unwrap();
        let on = |year, month| Some(date(year, month, 1));
        assert_eq!(news("tk:5:2", on(2020, 3)).await, NormNews::Same);
        assert_eq!(news("tk:5:1", on(2020, 3)).await, NormNews::Changed);
        assert_eq!(news("tk:5", on(2022, 3)).await, NormNews::Changed);
        // Between the first and the second: it was one or the other, and neither is what stands now.
        assert_eq!(news("tk:5:1", on(2021, 1)).await, NormNews::Changed);
        // Between the second and the last: it may have read as it does now.
        assert_eq!(news("tk:5:1", on(2023, 1)).await, NormNews::Unknown);
        assert_eq!(news("tk:5:1", on(2024, 3)).await, NormNews::Same);
        // A label that no edition has is judged by its article.
        assert_eq!(news("tk:5:1:9", on(2022, 3)).await, NormNews::Changed);
        for unknown in [
            ("tk:5:2", on(2019, 1)),
            ("tk:5:2", None),
            ("tk:6", on(2024, 3)),
            ("gk-1:5", on(2024, 3)),
        ] {
            assert_eq!(news(unknown.0, unknown.1).await, NormNews::Unknown);
        }
    });
}

fn answer(sha256: &str, issued_on: Option<Date>) -> NewClarification {
    NewClarification {
        kind: ClarificationKind::Clarification,
        issuer: "Роструд".into(),
        issued_on,
        number: Some("7".into()),
        title: "Можно ли?".into(),
        text: "Нельзя.".into(),
        url: None,
        sha256: sha256.into(),
        norms: vec!["tk:115:1".into(), "tk:22".into()],
    }
}

#[test]
fn a_text_beside_the_law_is_kept_once_with_the_norms_it_cites() {
    on_both("a_text_beside_the_law_is_kept_once", async |desk| {
        let store = &desk.store;
        let first = store
            .add_clarification(&answer("a", None), "test")
            .await
            .unwrap();
        let dated = answer("b", Some(date(2024, 5, 1)));
        let second = store.add_clarification(&dated, "test").await.unwrap();
        let again = store
            .add_clarification(&answer("a", None), "test")
            .await
            .unwrap();
        assert!(again.already_held && !first.already_held && again.id == first.id);
        let all = store.clarifications().await.unwrap();
        let ids: Vec<_> = all.iter().map(|one| one.id.clone()).collect();
        assert_eq!(ids, [second.id.clone(), first.id]);
        assert_eq!(all[0].norms, ["tk:115:1", "tk:22"]);
        let one = store
            .clarifications_by_ids(&[second.id, "none".into()])
            .await
            .unwrap();
        assert_eq!(one, all[..1]);
        let broken = NewClarification {
            text: "a\0b".into(),
            ..answer("c", None)
        };
        let refused = store.add_clarification(&broken, "test").await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })));
    });
}

#[test]
fn the_copy_that_was_taken_counts_while_an_edition_is_held_and_a_backup_has_it_all() {
    on_both("the_copy_that_was_taken", async |desk| {
        let store = &desk.store;
        let copy = SourceCopy {
            act: "tk".into(),
            url: "http://portal.invalid/".into(),
            etag: Some("\"7\"".into()),
            last_modified: None,
            sha256: "ab".into(),
            checked_ms: 0,
        };
        store.keep_source_copy(&copy).await.unwrap();
        assert_eq!(store.source_copy("tk").await.unwrap(), None);
        let case = answered(&desk).await;
        let kept = store.source_copy("tk").await.unwrap().unwrap();
        assert_eq!(kept.etag, copy.etag);
        store.source_checked("tk").await.unwrap();
        assert!(store.source_copy("tk").await.unwrap().unwrap().checked_ms >= kept.checked_ms);

        let seen = [amendment("1-ФЗ", date(2026, 1, 10), ARTICLE_115)];
        store.keep_amendments("tk", &seen).await.unwrap();
        let open = store.open_warnings(&case).await.unwrap();
        store
            .clear_warning(&case, which(&open[0]), "Не касается", &desk.lawyer)
            .await
            .unwrap();
        store
            .add_clarification(&answer("a", None), "test")
            .await
            .unwrap();
        let file = desk.folder.path().join("backup.jsonl");
        store.backup(&file).await.unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let restored = Store::open(&sqlite_url(elsewhere.path()), elsewhere.path())
            .await
            .unwrap();
        restored.restore(&file).await.unwrap();
        assert!(restored.open_warnings(&case).await.unwrap().is_empty());
        assert_eq!(
            restored.clarifications().await.unwrap(),
            store.clarifications().await.unwrap()
        );
        assert!(restored.source_copy("tk").await.unwrap().is_some());
    });
}

//! Acts through time in the store.

use crate::store::on_both;
use jiff::civil::{Date, date};
use serde_json::json;
use soyuznik::store::{
    Act, Alignment, EditionOutcome, FromBasis, NewEdition, NewNote, NewPassage, NewVersion,
    Standing, StoreError,
};

/// Texts long enough to be told apart by their words.
pub const STAYS: &str =
    "Садовник поливает грядки каждое утро до восхода солнца, кроме дождливых дней.";
pub const WAS: &str =
    "Обрезка старых яблонь проводится поздней осенью острым секатором после листопада.";
pub const IS: &str =
    "Обрезка старых яблонь проводится ранней весной острым секатором до начала сокодвижения.";
pub const GOES: &str =
    "Скворечники развешивает на берёзах школьный кружок любителей природы в марте.";
pub const COMES: &str =
    "Забор вокруг пруда красит бригада маляров зелёной масляной краской раз в пять лет.";

pub fn version(citation: &str, kind: &str, text: &str, from: Option<Date>) -> NewVersion {
    let article = citation.split(':').nth(1).unwrap_or_default().to_owned();
    NewVersion {
        citation: citation.into(),
        article,
        kind: kind.into(),
        title: (kind == "article").then(|| format!("Название {citation}")),
        path: json!(["I", "1"]),
        text: text.into(),
        start_char: 0,
        end_char: text.chars().count() as i64,
        repealed: false,
        in_force_from: from,
        from_basis: if from.is_some() {
            FromBasis::AmendmentNote
        } else {
            FromBasis::Edition
        },
    }
}

pub fn edition(day: Date, current_to: Date, versions: Vec<NewVersion>) -> NewEdition {
    let passages = versions
        .iter()
        .enumerate()
        .map(|(at, version)| NewPassage {
            version: Some(at),
            citation: version.citation.clone(),
            article: version.article.clone(),
            kind: version.kind.clone(),
            title: version.title.clone(),
            text: version.text.clone(),
            start_char: version.start_char,
            end_char: version.end_char,
        })
        .collect();
    NewEdition {
        act: Act {
            id: "tk".into(),
            title: "Трудовой кодекс".into(),
            number: Some("197-ФЗ".into()),
            adopted: Some(date(2001, 12, 30)),
            nd: None,
            owner: None,
            priority: 1,
        },
        edition_date: day,
        current_to,
        until: None,
        basis: "file".into(),
        format: "html".into(),
        sha256: format!("{day}"),
        text: versions.iter().map(|v| v.text.as_str()).collect(),
        counts: json!({}),
        headings: 1,
        with_body: 1,
        versions,
        passages,
        notes: Vec::new(),
    }
}

/// One part stays, one changes, one is noted to have changed on a day, one goes, one comes.
pub fn old_and_new() -> (NewEdition, NewEdition) {
    let old = edition(
        date(2023, 8, 4),
        date(2023, 12, 31),
        vec![
            version("tk:1", "article", "Статья 1", None),
            version("tk:1:1", "part", STAYS, Some(date(2006, 10, 6))),
            version("tk:1:2", "part", WAS, Some(date(2006, 10, 6))),
            version("tk:1:3", "part", GOES, None),
        ],
    );
    let mut new = edition(
        date(2025, 12, 29),
        date(2026, 1, 10),
        vec![
            version("tk:1", "article", "Статья 1", None),
            version("tk:1:1", "part", STAYS, None),
            version("tk:1:2", "part", IS, None),
            version("tk:1:4", "part", COMES, Some(date(2024, 9, 1))),
        ],
    );
    new.notes.push(NewNote {
        citation: "tk:1:4".into(),
        date: Some(date(2024, 9, 1)),
        law: "8-ФЗ".into(),
        what: "дополнена".into(),
    });
    (old, new)
}

#[test]
fn a_provision_keeps_its_key_and_a_changed_text_is_marked() {
    on_both("a_provision_keeps_its_key", async |desk| {
        let (old, new) = old_and_new();
        let store = &desk.store;
        let first = store.add_edition(&old, "test").await.unwrap();
        assert_eq!((first.outcome, first.new), (EditionOutcome::Added, 4));
        let second = store.add_edition(&new, "test").await.unwrap();
        assert_eq!((second.same, second.changed, second.new), (2, 1, 1));
        let again = store.add_edition(&new, "test").await.unwrap();
        assert_eq!(again.outcome, EditionOutcome::AlreadyHeld);
        assert_eq!(again.edition, second.edition);
        let held = store.versions_of_edition(&second.edition).await.unwrap();
        let history = store.history(&held[2].provision).await.unwrap();
        let texts: Vec<_> = history.iter().map(|v| v.text.as_str()).collect();
        assert_eq!(texts, [WAS, IS]);
        assert_eq!(history[0].in_force_until, Some(date(2025, 12, 29)));
        assert_eq!(
            (history[1].alignment, history[1].from_basis),
            (Alignment::Changed, FromBasis::BetweenEditions)
        );
        assert_eq!(
            (held[1].alignment, held[1].in_force_from),
            (Alignment::Same, Some(date(2006, 10, 6)))
        );
        let status = store.act_statuses().await.unwrap().remove(0);
        assert_eq!(
            (status.editions, status.passages, status.to_look_at),
            (2, 8, 2)
        );
        assert_eq!(status.newest, Some(date(2025, 12, 29)));
    });
}

#[test]
fn a_day_tells_which_text_speaks_and_how_surely() {
    on_both("a_day_tells_which_text_speaks", async |desk| {
        let (old, new) = old_and_new();
        let store = &desk.store;
        // In either order the result is the same.
        store.add_edition(&new, "test").await.unwrap();
        store.add_edition(&old, "test").await.unwrap();
        let at = async |citation: &str, on: Date| store.version(citation, on).await.unwrap();
        assert!(at("tk:1:1", date(2023, 8, 3)).await.is_none());
        let covered = at("tk:1:2", date(2023, 9, 1)).await.unwrap();
        assert_eq!(
            (covered.version.text.as_str(), covered.standing),
            (WAS, Standing::Known)
        );
        let same = at("tk:1:1", date(2024, 6, 1)).await.unwrap();
        assert_eq!(same.standing, Standing::Known);
        let between = at("tk:1:2", date(2024, 6, 1)).await.unwrap();
        assert_eq!(
            (between.version.text.as_str(), between.standing),
            (WAS, Standing::Between)
        );
        assert_eq!(between.later.unwrap().text, IS);
        let gone = at("tk:1:3", date(2024, 6, 1)).await.unwrap();
        assert_eq!((gone.standing, gone.later), (Standing::Between, None));
        let now = at("tk:1:2", date(2026, 1, 10)).await.unwrap();
        assert_eq!(
            (now.version.text.as_str(), now.standing),
            (IS, Standing::Known)
        );
        assert_eq!(
            at("tk:1:2", date(2026, 3, 1)).await.unwrap().standing,
            Standing::AfterCurrent
        );
        store
            .verify_current_to("tk", date(2026, 3, 1), "test")
            .await
            .unwrap();
        assert_eq!(
            at("tk:1:2", date(2026, 3, 1)).await.unwrap().standing,
            Standing::Known
        );
        let early = store
            .verify_current_to("tk", date(2020, 1, 1), "test")
            .await;
        assert!(matches!(early, Err(StoreError::Refused { .. })));
        assert!(at("tk:999", date(2026, 1, 1)).await.is_none());
        assert!(at("gk-1:1", date(2026, 1, 1)).await.is_none());
    });
}

#[test]
fn articles_passages_and_notes_are_those_of_the_day() {
    on_both("articles_passages_and_notes", async |desk| {
        let (old, new) = old_and_new();
        let store = &desk.store;
        store.add_edition(&old, "test").await.unwrap();
        let newest = store.add_edition(&new, "test").await.unwrap().edition;
        let articles = store.articles("tk", date(2024, 1, 1)).await.unwrap();
        assert_eq!(articles.len(), 1);
        assert_eq!(articles[0].title.as_deref(), Some("Название tk:1"));
        let labels: Vec<_> = store
            .versions_of_article("tk", "1", date(2026, 1, 1))
            .await
            .unwrap()
            .into_iter()
            .map(|v| v.citation)
            .collect();
        assert_eq!(labels, ["tk:1", "tk:1:1", "tk:1:2", "tk:1:4"]);
        assert_eq!(store.passages(None).await.unwrap().len(), 8);
        let passages = store.passages(Some(&newest)).await.unwrap();
        assert_eq!(passages.len(), 4);
        assert_eq!(passages[3].in_force_from, Some(date(2024, 9, 1)));
        let ids = vec![
            passages[2].id.clone(),
            passages[0].id.clone(),
            "none".to_owned(),
        ];
        let found = store.passages_by_ids(&ids).await.unwrap();
        assert_eq!(
            found.iter().map(|p| &p.id).collect::<Vec<_>>(),
            [&ids[0], &ids[1]]
        );
        assert_eq!(
            store.passage(&ids[0]).await.unwrap(),
            Some(passages[2].clone())
        );
        let old_part = store
            .passages_at(&["tk:1:2".into()], date(2024, 1, 1))
            .await
            .unwrap();
        assert_eq!((old_part.len(), old_part[0].text.as_str()), (1, WAS));
        assert_eq!(store.notes(&newest, "tk:1").await.unwrap().len(), 1);
        assert!(store.notes(&newest, "tk:1:2").await.unwrap().is_empty());
        assert_eq!(store.edition_text(&newest).await.unwrap(), new.text);
    });
}

#[test]
fn another_file_of_the_same_day_replaces_the_first_and_keeps_the_keys() {
    on_both("another_file_of_the_same_day", async |desk| {
        let (_, mut new) = old_and_new();
        let store = &desk.store;
        let first = store.add_edition(&new, "test").await.unwrap().edition;
        let before = store.versions_of_edition(&first).await.unwrap();
        new.sha256 = "better".into();
        let second = store.add_edition(&new, "test").await.unwrap();
        assert_eq!((second.outcome, second.same), (EditionOutcome::Replaced, 4));
        let after = store.versions_of_edition(&second.edition).await.unwrap();
        let keys = |rows: &[soyuznik::store::VersionRow]| {
            rows.iter().map(|v| v.provision.clone()).collect::<Vec<_>>()
        };
        assert_eq!(keys(&before), keys(&after));
        assert_eq!(store.editions("tk").await.unwrap().len(), 1);
        assert_eq!(store.passages(None).await.unwrap().len(), 4);
    });
}

#[test]
fn a_whole_code_goes_in_or_nothing_does() {
    on_both("a_whole_code_goes_in", async |desk| {
        let versions: Vec<_> = (0..5_000)
            .map(|n| {
                version(
                    &format!("tk:{}:{}", n / 10, n % 10),
                    "part",
                    &format!("Текст {n} ").repeat(40),
                    None,
                )
            })
            .collect();
        let mut whole = edition(date(2025, 12, 29), date(2025, 12, 29), versions);
        let begun = std::time::Instant::now();
        let report = desk.store.add_edition(&whole, "test").await.unwrap();
        println!(
            "5,000 versions and passages on {:?}: {:?}",
            desk.store.dialect(),
            begun.elapsed()
        );
        assert_eq!((report.versions, report.passages), (5_000, 5_000));
        whole.sha256 = "broken".into();
        whole.edition_date = date(2026, 2, 1);
        // The last row of all breaks a key: what went in before it must not stay.
        whole.notes.push(NewNote {
            citation: "tk:1\0".into(),
            date: None,
            law: String::new(),
            what: String::new(),
        });
        let refused = desk.store.add_edition(&whole, "test").await;
        assert!(
            matches!(refused, Err(StoreError::Refused { .. })),
            "{refused:?}"
        );
        assert_eq!(desk.store.editions("tk").await.unwrap().len(), 1);
        assert_eq!(desk.store.passages(None).await.unwrap().len(), 5_000);
    });
}

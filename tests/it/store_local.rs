//! Local acts in the store: owner, days, an end, and what a backup has of them.

use crate::store::{Desk, on_both, sqlite_url};
use crate::store_law::{edition, version};
use jiff::civil::{Date, date};
use soyuznik::case::OrganisationId;
use soyuznik::store::{NewEdition, Standing, Store, StoreError};

const ACT: &str = "local-agreement-0a1b2c3d4e";
const FIRST: Date = date(2026, 1, 1);
const SECOND: Date = date(2027, 1, 1);

fn of_branch(owner: &OrganisationId, day: Date, texts: &[&str]) -> NewEdition {
    let points = texts.iter().enumerate().map(|(at, text)| {
        let citation = format!("{ACT}:1.{}", at + 1);
        let mut point = version(&citation, "point", text, Some(day));
        point.article = citation;
        point
    });
    let mut new = edition(day, day, points.collect());
    new.act.id = ACT.into();
    new.act.title = "Договор".into();
    new.act.number = None;
    new.act.owner = Some(owner.clone());
    new.act.priority = 100;
    new.sha256 = format!("local-{day}");
    new
}

async fn add(desk: &Desk, new: &NewEdition) -> Result<(), StoreError> {
    desk.store.add_edition(new, "test").await.map(|_| ())
}

#[test]
fn a_local_act_has_an_owner_for_good() {
    on_both("a_local_act_has_an_owner", async |desk| {
        let own = of_branch(&desk.branch, FIRST, &["Дают два дня.", "Дают три дня."]);
        add(&desk, &own).await.unwrap();
        let foreign = of_branch(&desk.other, SECOND, &["Дают день."]);
        let refused = add(&desk, &foreign).await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })));
        let mut law = of_branch(&desk.branch, SECOND, &["Дают день."]);
        law.act.owner = None;
        let refused = add(&desk, &law).await;
        assert!(matches!(refused, Err(StoreError::Refused { .. })));
        let acts = desk.store.local_acts().await.unwrap();
        assert_eq!(acts.len(), 1);
        assert_eq!((&acts[0].owner, acts[0].passages), (&desk.branch, 2));
        assert_eq!(
            (&acts[0].owner_path, acts[0].until),
            (&desk.branch_path, None)
        );
        let path = desk.store.act_owner_path(ACT).await.unwrap();
        assert_eq!(path.as_ref(), Some(&desk.branch_path));
        assert_eq!(desk.store.act_owner_path("tk").await.unwrap(), None);
        let speaking = desk.store.speaking_editions(SECOND).await.unwrap();
        assert!(speaking.is_empty());
        let contents = desk.store.articles(ACT, FIRST).await.unwrap();
        let titles: Vec<&str> = contents
            .iter()
            .filter_map(|row| row.title.as_deref())
            .collect();
        assert_eq!(titles, ["Дают два дня.", "Дают три дня."]);
    });
}

#[test]
fn a_local_act_ends_and_its_next_edition_does_not_bring_the_gap_back() {
    on_both("a_local_act_ends", async |desk| {
        let store = &desk.store;
        let mut first = of_branch(&desk.branch, FIRST, &["Дают два дня."]);
        first.until = Some(date(2026, 7, 1));
        add(&desk, &first).await.unwrap();
        let norm = format!("{ACT}:1.1");
        let at = async |day: Date| {
            let found = store.version(&norm, day).await.unwrap();
            found.map(|found| (found.version.text, found.standing))
        };
        let two = |standing| Some(("Дают два дня.".to_owned(), standing));
        assert_eq!(at(date(2025, 12, 31)).await, None);
        assert_eq!(at(date(2026, 6, 30)).await, two(Standing::AfterCurrent));
        assert_eq!(at(date(2026, 7, 1)).await, None);
        let next = of_branch(&desk.branch, SECOND, &["Дают три дня."]);
        add(&desk, &next).await.unwrap();
        // Between two editions of a local act nothing is in doubt.
        assert_eq!(at(date(2026, 6, 30)).await, two(Standing::Known));
        assert_eq!(at(date(2026, 12, 31)).await, None);
        assert_eq!(at(SECOND).await.unwrap().0, "Дают три дня.");
        let early = store.end_local_act(ACT, date(2026, 12, 31), "test").await;
        assert!(matches!(early, Err(StoreError::Refused { .. })));
        let none = store.end_local_act("tk", SECOND, "test").await;
        assert!(matches!(none, Err(StoreError::NotFound { .. })));
        store.end_local_act(ACT, SECOND, "test").await.unwrap();
        assert!(at(SECOND).await.is_some() && at(date(2027, 1, 2)).await.is_none());
        let acts = store.local_acts().await.unwrap();
        assert_eq!(acts[0].editions, [FIRST, SECOND]);
        assert_eq!(acts[0].last_day(), Some(SECOND));
        let actions = store.audit_tail(1).await.unwrap();
        assert_eq!(actions[0].action, "local_act.end");
        assert!(!actions[0].detail_json.contains("Дают"));

        let file = desk.folder.path().join("backup.jsonl");
        store.backup(&file).await.unwrap();
        let folder = desk.folder.path().join("restored");
        std::fs::create_dir_all(&folder).unwrap();
        let restored = Store::open(&sqlite_url(&folder), &folder).await.unwrap();
        restored.restore(&file).await.unwrap();
        assert_eq!(restored.local_acts().await.unwrap(), acts);
        assert!(
            restored
                .version(&norm, date(2027, 1, 2))
                .await
                .unwrap()
                .is_none()
        );
    });
}

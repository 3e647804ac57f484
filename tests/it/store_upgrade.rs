//! A database of an older program, opened by this one: everything is still there, and what came since works.

use crate::skip;
use crate::store::{drop_database, new_database, one_text, raw, sqlite_url, try_sql};
use jiff::civil::date;
use soyuznik::law::dating::TermChanges;
use soyuznik::law::rates::{RateKind, RateRow, RateStatus};
use soyuznik::store::{
    Alignment, AmendmentReach, Dialect, FromBasis, NewAmendment, OwnRate, Standing, StatementEdit,
    Store,
};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, SqlSafeStr};

const FIRST_ALIGNED: i64 = 3;
const NEWEST: i64 = 5;

/// The schema as a program of that time left it.
async fn schema_of(conn: &mut AnyConnection, dialect: Dialect, version: i64) {
    let rules = match dialect {
        Dialect::Sqlite => include_str!("../../src/store/migrations/0002_rules_sqlite.sql"),
        Dialect::Postgres => include_str!("../../src/store/migrations/0002_rules_postgres.sql"),
    };
    let all = [
        include_str!("../../src/store/migrations/0001_tables.sql"),
        rules,
        include_str!("../../src/store/migrations/0003_alignment.sql"),
        include_str!("../../src/store/migrations/0004_amendments_practice.sql"),
    ];
    let steps = all.into_iter().zip(1..=version).map(|(sql, number)| {
        Migration::new(
            number,
            format!("step {number}").into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    });
    let migrator = Migrator::with_migrations(steps.collect());
    migrator.run(&mut *conn).await.unwrap();
}

/// An act with two editions of one norm, a person with a node, a setting; the alignment as the schema of the time wrote it.
async fn fill(conn: &mut AnyConnection, version: i64) {
    let changed = if version < FIRST_ALIGNED {
        "label"
    } else {
        "changed"
    };
    let edition = |day: &str| {
        format!(
            "insert into edition values ('e{day}', 'tk', '{day}', '{day}', 'file', 'html', 'sha{day}', 'Слова.', '{{}}',
             1, 1, 0, 0)"
        )
    };
    let norm = |day: &str, text: &str, until: &str, alignment: &str| {
        format!(
            "insert into provision_version values ('v{day}', 'key', 'e{day}', 'tk:1:1', 'tk:1', 'part', null, '[]',
             '{text}', 'sha-{text}', 0, 6, 0, null, {until}, 'edition', '{alignment}', 0)"
        )
    };
    for sql in [
        "insert into organisation values ('o1', null, 'Профсоюз', 'federation', null, null, '/o1/')".to_owned(),
        "insert into person values ('p1', 'Анна', 'anna@example.org', 'ru', null, 0, null)".to_owned(),
        "insert into grant_ values ('g1', 'p1', 'lawyer', 'o1', 0)".to_owned(),
        "insert into act values ('tk', 'Учебный кодекс', '0-ФЗ', '2001-12-30', null, null, 0)".to_owned(),
        "insert into provision values ('key', 'tk', 'part')".to_owned(),
        edition("2021-11-22"),
        edition("2023-08-04"),
        norm("2021-11-22", "Было.", "'2023-08-04'", "new"),
        norm("2023-08-04", "Стало.", "null", changed),
        "insert into amendment_note values ('n1', 'e2023-08-04', 'tk:1:1', '2022-05-01', '1-ФЗ', 'В редакции')".to_owned(),
        "insert into setting (key, value) values ('desk', 'старый')".to_owned(),
    ] {
        try_sql(conn, &sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
}

async fn upgraded(url: &str, folder: &std::path::Path, version: i64) {
    // The database file is made by opening it as its owner does, so that the test's own schema comes first.
    let dialect = Dialect::of(url).unwrap();
    let place = match dialect {
        Dialect::Sqlite => format!("{url}?mode=rwc"),
        Dialect::Postgres => url.to_owned(),
    };
    let mut conn = raw(&place).await;
    schema_of(&mut conn, dialect, version).await;
    fill(&mut conn, version).await;
    drop(conn);

    let store = Store::open(url, folder).await.unwrap();
    assert_eq!(store.organisations().await.unwrap()[0].name, "Профсоюз");
    assert_eq!(
        store.setting("desk").await.unwrap().as_deref(),
        Some("старый")
    );
    let days: Vec<_> = store.editions("tk").await.unwrap();
    let days: Vec<_> = days.iter().map(|one| one.edition_date).collect();
    assert_eq!(days, [date(2021, 11, 22), date(2023, 8, 4)]);
    let history = store.history("key").await.unwrap();
    let kinds: Vec<_> = history.iter().map(|one| one.alignment).collect();
    assert_eq!(kinds, [Alignment::New, Alignment::Changed]);
    let between = store.version("tk:1:1", date(2022, 6, 1)).await.unwrap();
    assert_eq!(between.unwrap().standing, Standing::Between);

    // What the newer schema and the newer program brought works on the old rows.
    let amendment = NewAmendment {
        number: "2-ФЗ".into(),
        signed_on: date(2024, 1, 1),
        published_on: date(2024, 1, 1),
        title: "О внесении изменений в Учебный кодекс".into(),
        url: "http://127.0.0.1/".into(),
        reach: AmendmentReach::Named,
    };
    let kept = store.keep_amendments("tk", &[amendment]).await.unwrap();
    assert_eq!(kept.len(), 1);
    assert!(store.open_alignments(None).await.unwrap().is_empty());
    assert!(
        store
            .date_versions("tk", &TermChanges::default())
            .await
            .unwrap()
            > 0
    );
    let history = store.history("key").await.unwrap();
    assert_eq!(
        (history[1].in_force_from, history[1].from_basis),
        (Some(date(2022, 5, 1)), FromBasis::AmendmentNote)
    );
    rates_and_edits(&store).await;
    store.close().await;
    drop(store);

    // A second opening finds nothing to do.
    let store = Store::open(url, folder).await.unwrap();
    assert_eq!(store.acts().await.unwrap().len(), 1);
    store.close().await;
    let mut conn = raw(url).await;
    let newest = one_text(&mut conn, "select max(version) from _sqlx_migrations").await;
    assert!(newest.parse::<i64>().unwrap() >= NEWEST);
}

/// Rates and wordings of the union's own: kept, replaced, dropped.
async fn rates_and_edits(store: &Store) {
    let rate = |value: &str| OwnRate {
        kind: RateKind::KeyRate,
        row: RateRow {
            from: date(2026, 10, 26),
            value: value.parse().unwrap(),
            source: "Банк России".into(),
            status: RateStatus::Own,
            note: None,
        },
        known_to: date(2026, 12, 1),
    };
    store.keep_rate(&rate("13.5"), "test").await.unwrap();
    store.keep_rate(&rate("13"), "test").await.unwrap();
    assert_eq!(store.own_rates().await.unwrap(), [rate("13")]);
    assert_eq!(store.own_rates_beside().await.unwrap().len(), 1);
    let edit = |text: &str| StatementEdit {
        statement: "tk-1-01".into(),
        shipped_sha256: "ab".into(),
        fields: serde_json::json!({"text": text}),
    };
    store.keep_edit(&edit("Так."), "test").await.unwrap();
    store.keep_edit(&edit("Иначе."), "test").await.unwrap();
    assert_eq!(store.edits().await.unwrap(), [edit("Иначе.")]);
    assert!(store.drop_edit("tk-1-01", "test").await.unwrap());
    assert!(!store.drop_edit("tk-1-01", "test").await.unwrap());
    assert!(store.edits().await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_of_an_older_schema_is_brought_up_with_all_that_is_in_it() {
    let name = "a_database_of_an_older_schema_is_brought_up_with_all_that_is_in_it";
    for version in [2, FIRST_ALIGNED, 4] {
        let folder = tempfile::tempdir().unwrap();
        upgraded(&sqlite_url(folder.path()), folder.path(), version).await;
        let Some(server) = skip::postgres(name) else {
            continue;
        };
        let (database, url) = new_database(&server).await;
        upgraded(&url, folder.path(), version).await;
        drop_database(&server, &database).await;
    }
}

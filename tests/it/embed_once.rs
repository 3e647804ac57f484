//! What several editions have in common is encoded once, and each edition is found on its own days.

use crate::store::sqlite_url;
use crate::store_law::{COMES, GOES, IS, STAYS, WAS, edition, version};
use jiff::civil::{Date, date};
use soyuznik::app::App;
use soyuznik::config::Config;
use soyuznik::index::Filter;
use soyuznik::law::text::stems;
use soyuznik::model::worker::{EmbedderHandle, Limits};
use soyuznik::model::{Cancel, EmbedText, Embedder, EncoderIdentity, ModelError};
use soyuznik::store::NewEdition;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts what it reads.
struct Counting(Arc<AtomicUsize>);

impl Embedder for Counting {
    fn name(&self) -> &str {
        "counting"
    }

    fn sha256(&self) -> &str {
        ""
    }

    fn dimension(&self) -> usize {
        1
    }

    fn embed(&self, texts: &[EmbedText], _: &Cancel) -> Result<Vec<Vec<f32>>, ModelError> {
        self.0.fetch_add(texts.len(), Ordering::SeqCst);
        Ok(vec![vec![1.0]; texts.len()])
    }
}

fn of_day(day: Date, texts: [&str; 3]) -> NewEdition {
    let parts = texts.iter().enumerate().map(|(at, text)| {
        let mut part = version(&format!("tk:1:{}", at + 1), "part", text, None);
        part.title = Some("Статья 1. Сад".into());
        part
    });
    edition(day, day, parts.collect())
}

/// Gives every entry its vector; returns how many texts were read for it.
async fn fill(app: &App, read: &AtomicUsize) -> usize {
    let before = read.load(Ordering::SeqCst);
    while app.embed_missing(&[], 500).await.unwrap() > 0 {}
    let counts = app.index.counts().unwrap();
    assert_eq!(counts.with_vector, counts.entries);
    read.load(Ordering::SeqCst) - before
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn unchanged_text_is_encoded_once_and_stands_on_its_own_days() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        data_dir: folder.path().to_owned(),
        database_url: sqlite_url(folder.path()),
        ..Config::default()
    };
    config.model.encoder = "none".into();
    config.model.generator = "none".into();
    let mut app = App::open(config).await.unwrap();
    let read = Arc::new(AtomicUsize::new(0));
    let identity = EncoderIdentity {
        name: "counting".into(),
        sha256: String::new(),
        dimension: 1,
    };
    let model = Arc::new(Counting(Arc::clone(&read)));
    app.embedder = Some(EmbedderHandle::start(
        identity,
        Limits::default(),
        move || Ok(model),
    ));
    let add = async |app: &App, day: Date, texts: [&str; 3]| {
        let added = app.store.add_edition(&of_day(day, texts), "test").await;
        app.reload_knowledge().await.unwrap();
        added.unwrap().edition
    };
    add(&app, date(2013, 12, 28), [STAYS, WAS, GOES]).await;
    // Another dash and other spaces are no other text.
    let copy = STAYS.replace(' ', "  ");
    add(&app, date(2021, 11, 22), [&copy, IS, GOES]).await;
    let entries = app.index.counts().unwrap().entries;
    assert_eq!(fill(&app, &read).await, entries - 2);
    // One that comes later takes the vectors that are there.
    let newest = add(&app, date(2025, 12, 29), [STAYS, IS, COMES]).await;
    assert_eq!(fill(&app, &read).await, 1);

    // The editions before have got their last days in the index too, and kept their vectors.
    let filter = Filter {
        on: Some(date(2026, 1, 15)),
        ..Filter::default()
    };
    let found = app.index.lexical(&stems(STAYS), &filter, 100).unwrap();
    let law: Vec<_> = found
        .iter()
        .filter(|hit| hit.citation.starts_with("tk:1:"))
        .collect();
    let ids: Vec<String> = law.iter().map(|hit| hit.id.clone()).collect();
    let passages = app.store.passages_by_ids(&ids).await.unwrap();
    assert_eq!(passages.len(), 1);
    assert!(passages.iter().all(|passage| passage.edition == newest));
}

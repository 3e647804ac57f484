//! A real Qdrant server for a test, and what only a server can do to us.

use super::*;
use crate::skip;
use qdrant_client::Qdrant;
use qdrant_client::qdrant::{
    CreateAliasBuilder, CreateCollectionBuilder, Distance, VectorParamsBuilder,
};
use soyuznik::index::{self, Health, IndexError};
use std::sync::{Mutex, MutexGuard, PoisonError};

const ALIAS: &str = "soyuznik-live";

pub fn config(url: &str) -> Config {
    let mut config = Config::default();
    config.index.backend = "qdrant".into();
    config.index.qdrant_url = url.into();
    config
}

/// The server for one test alone, empty of our collections before and after: there is only one alias.
pub struct Turn {
    client: Qdrant,
    // The client's connections live as long as this.
    runtime: tokio::runtime::Runtime,
    _guard: MutexGuard<'static, ()>,
}

impl Turn {
    pub fn take(url: &str) -> Self {
        static TURN: Mutex<()> = Mutex::new(());
        let turn = Self {
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .unwrap(),
            _guard: TURN.lock().unwrap_or_else(PoisonError::into_inner),
            client: Qdrant::from_url(url)
                .skip_compatibility_check()
                .build()
                .unwrap(),
        };
        turn.clear();
        turn
    }

    fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }

    /// Deletes the collections of the test specs and of a desk without an encoder, and with them the alias.
    fn clear(&self) {
        self.wait(async {
            for collection in self.client.list_collections().await.unwrap().collections {
                let ours = [
                    "soyuznik-01234567-",
                    "soyuznik-fedcba98-",
                    "soyuznik-00000000-",
                ];
                if ours.iter().any(|ours| collection.name.starts_with(ours)) {
                    self.client
                        .delete_collection(collection.name)
                        .await
                        .unwrap();
                }
            }
        });
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            self.clear();
        }
    }
}

#[test]
fn a_collection_that_is_gone_is_made_again_and_asks_to_be_filled() {
    let Some(url) = skip::qdrant("index::server::a_collection_that_is_gone_is_made_again") else {
        return;
    };
    let turn = Turn::take(&url);
    let index = index::open(&config(&url), spec(4, "gone")).unwrap();
    index.upsert(&[with_words("a", "отпуск")]).unwrap();
    index.rebuilt();
    assert_eq!(index.health(), Health::Ready);
    turn.clear();
    let call = index.lexical(&words("отпуск"), &all(), 3);
    assert!(matches!(call, Err(IndexError::Damaged { .. })), "{call:?}");
    assert!(matches!(index.health(), Health::Rebuild { .. }));
    index.upsert(&[with_words("a", "отпуск")]).unwrap();
    assert_eq!(
        ids(&index.lexical(&words("отпуск"), &all(), 3).unwrap()),
        ["a"]
    );
}

#[test]
fn a_collection_with_other_vectors_under_our_name_is_set_aside() {
    let Some(url) = skip::qdrant("index::server::a_collection_with_other_vectors_is_set_aside")
    else {
        return;
    };
    let turn = Turn::take(&url);
    let foreign = spec(4, "foreign");
    turn.wait(async {
        let vectors = VectorParamsBuilder::new(7, Distance::Cosine);
        let collection = CreateCollectionBuilder::new(foreign.name()).vectors_config(vectors);
        turn.client.create_collection(collection).await.unwrap();
        let alias = CreateAliasBuilder::new(foreign.name(), ALIAS);
        turn.client.create_alias(alias).await.unwrap();
    });
    let index = index::open(&config(&url), foreign.clone()).unwrap();
    let Health::Rebuild { reason } = index.health() else {
        panic!("{:?}", index.health())
    };
    assert!(reason.contains(&foreign.name()), "{reason}");
    index
        .upsert(&[with_vector("a", &[1.0, 0.0, 0.0, 0.0])])
        .unwrap();
    assert_eq!(
        ids(&index.dense(&[1.0, 0.0, 0.0, 0.0], &all(), 3).unwrap()),
        ["a"]
    );
    let kept = turn
        .wait(turn.client.collection_exists(foreign.name()))
        .unwrap();
    assert!(kept, "it is set aside, not deleted");
}

#[test]
fn two_processes_may_start_on_one_new_server_and_see_each_others_writes_and_switch() {
    let Some(url) = skip::qdrant("index::server::two_processes_may_start_on_one_new_server") else {
        return;
    };
    let _turn = Turn::take(&url);
    let open = || index::open(&config(&url), spec(4, "two")).unwrap();
    let (one, two) = std::thread::scope(|scope| {
        let one = scope.spawn(open);
        let two = scope.spawn(open);
        (one.join().unwrap(), two.join().unwrap())
    });
    one.upsert(&[with_words("a", "отпуск")]).unwrap();
    assert_eq!(
        ids(&two.lexical(&words("отпуск"), &all(), 3).unwrap()),
        ["a"]
    );
    let beside = two.build_beside().unwrap();
    beside.upsert(&[with_words("b", "отпуск")]).unwrap();
    two.switch(beside).unwrap();
    assert_eq!(
        ids(&one.lexical(&words("отпуск"), &all(), 3).unwrap()),
        ["b"]
    );
}

//! Row D5 at the index: a Qdrant that is away says so in time, and is used again when it is back.

use super::*;
use crate::proxy::{Line, Proxy};
use crate::skip;
use soyuznik::index::{self, Health, IndexError, VectorIndex};
use std::time::{Duration, Instant};

fn qdrant(url: &str, timeout_s: u64) -> Config {
    let mut config = Config::default();
    config.index.backend = "qdrant".into();
    config.index.qdrant_url = url.into();
    config.index.timeout_s = timeout_s;
    config
}

/// Each answer comes within the limit of a few calls, and says that the server is away.
fn is_away(index: &dyn VectorIndex) {
    let begun = Instant::now();
    let calls = [
        index.dense(&[1.0, 0.0, 0.0, 0.0], &all(), 3).err(),
        index.lexical(&words("отпуск"), &all(), 3).err(),
        index.counts().err(),
        index.upsert(&[entry("a")]).err(),
    ];
    for error in calls {
        assert!(
            matches!(error, Some(IndexError::Unavailable { .. })),
            "{error:?}"
        );
    }
    assert!(matches!(index.health(), Health::Unavailable { .. }));
    // Five calls of one second each: a bound against waiting for ever, not a measure of speed.
    assert!(
        begun.elapsed() < Duration::from_secs(30),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn with_nobody_listening_every_call_says_unavailable() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let config = qdrant(&format!("http://127.0.0.1:{port}"), 1);
    let index = index::open(&config, spec(4, "nobody")).unwrap();
    is_away(&*index);
    // What is wrong in the call is still said as such.
    let call = index.dense(&[1.0], &all(), 3);
    assert!(matches!(call, Err(IndexError::Wrong { .. })), "{call:?}");
}

#[test]
fn with_a_server_that_never_answers_every_call_says_unavailable() {
    let proxy = Proxy::before("127.0.0.1:9").unwrap();
    for line in [Line::Silent, Line::Down, Line::Well] {
        proxy.set(line);
        let config = qdrant(&format!("http://{}", proxy.address()), 1);
        let index = index::open(&config, spec(4, "silent")).unwrap();
        is_away(&*index);
    }
}

#[test]
fn an_address_that_is_none_is_refused() {
    let error = index::open(&qdrant("не адрес", 1), spec(4, "address"))
        .err()
        .unwrap();
    assert!(matches!(error, IndexError::Wrong { .. }), "{error:?}");
    assert!(error.to_string().contains("qdrant_url"), "{error}");
}

#[test]
fn a_server_that_was_away_is_used_again_when_it_is_back() {
    let Some(url) =
        skip::qdrant("index::outage::a_server_that_was_away_is_used_again_when_it_is_back")
    else {
        return;
    };
    let _turn = super::contract::turn();
    let server = url
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let proxy = Proxy::before(&server).unwrap();
    let config = qdrant(&format!("http://{}", proxy.address()), 2);
    // Away at the start: the index opens all the same.
    proxy.set(Line::Down);
    let unique = format!("outage-{}", std::process::id());
    let index = index::open(&config, spec(4, &unique)).unwrap();
    is_away(&*index);
    proxy.set(Line::Well);
    index.upsert(&[with_words("a", "отпуск")]).unwrap();
    for line in [Line::Slow(Duration::from_secs(5)), Line::Silent, Line::Down] {
        proxy.set(line);
        is_away(&*index);
        proxy.set(Line::Well);
        let back = Instant::now();
        while index.lexical(&words("отпуск"), &all(), 3).is_err() {
            assert!(
                back.elapsed() < Duration::from_secs(60),
                "not used again after {line:?}"
            );
        }
        assert_eq!(
            ids(&index.lexical(&words("отпуск"), &all(), 3).unwrap()),
            ["a"]
        );
    }
    proxy.set(Line::Slow(Duration::from_millis(50)));
    assert_eq!(
        ids(&index.lexical(&words("отпуск"), &all(), 3).unwrap()),
        ["a"]
    );
}

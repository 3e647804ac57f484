//! The vector index: one contract that both backends keep, and what only one of them has to fear.

#[path = "index/contract.rs"]
mod contract;
#[path = "index/damage.rs"]
mod damage;
#[path = "index/exact.rs"]
mod exact;
#[path = "index/outage.rs"]
mod outage;
#[path = "index/server.rs"]
pub mod server;

use jiff::civil::{Date, date};
use soyuznik::config::Config;
use soyuznik::index::{Entry, EntryKind, Filter, IndexSpec, Scored};

/// What a test index is made for; `splitter` keeps two tests apart on one server.
fn spec(dimension: usize, splitter: &str) -> IndexSpec {
    IndexSpec {
        model_sha256: "0123456789abcdef".into(),
        dimension,
        splitter: splitter.into(),
    }
}

fn local(folder: &std::path::Path) -> Config {
    Config {
        data_dir: folder.to_owned(),
        ..Config::default()
    }
}

/// A part of article 81 in force since 2002, without words and vector.
fn entry(id: &str) -> Entry {
    Entry {
        id: id.into(),
        kind: EntryKind::Part,
        citation: "tk:81:1".into(),
        article: "tk:81".into(),
        act: "tk".into(),
        organisation_path: None,
        from: Some(day(2002)),
        until: None,
        stems: Vec::new(),
        title_stems: Vec::new(),
        dense: None,
    }
}

fn with_words(id: &str, stems: &str) -> Entry {
    Entry {
        stems: words(stems),
        ..entry(id)
    }
}

fn with_vector(id: &str, vector: &[f32]) -> Entry {
    Entry {
        dense: Some(vector.to_vec()),
        ..entry(id)
    }
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// The first of February of a year, when the Labour Code came into force in 2002.
fn day(year: i16) -> Date {
    date(year, 2, 1)
}

fn all() -> Filter {
    Filter::default()
}

fn ids(found: &[Scored]) -> Vec<&str> {
    found.iter().map(|hit| hit.id.as_str()).collect()
}

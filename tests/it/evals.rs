//! The files that evaluations read: each is of the form that its command expects.

use soyuznik::eval::{DraftQuestion, RankedQuestion, read_lines};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("evals")
        .join(name)
}

#[test]
fn every_file_of_questions_reads_and_names_each_question_once() {
    let mut seen = HashSet::new();
    for (name, least) in [
        ("questions/drafts-dev.jsonl", 90),
        ("questions/drafts-locked.jsonl", 60),
        ("questions/drafts-read.jsonl", 10),
        ("questions/double-dev.jsonl", 50),
        ("questions/double-locked.jsonl", 30),
        ("questions/unanswered-dev.jsonl", 27),
        ("questions/unanswered-locked.jsonl", 13),
        ("attacks/injection.jsonl", 40),
    ] {
        let questions: Vec<DraftQuestion> = read_lines(&file(name)).unwrap();
        assert!(questions.len() >= least, "{name}");
        for question in questions {
            assert!(seen.insert(question.id.clone()), "{name}: {}", question.id);
        }
    }
    for (name, least) in [
        ("questions/retrieval-dev.jsonl", 120),
        ("questions/retrieval-locked.jsonl", 80),
    ] {
        let questions: Vec<RankedQuestion> = read_lines(&file(name)).unwrap();
        assert!(questions.len() >= least, "{name}");
        for question in questions {
            assert!(seen.insert(question.id.clone()), "{name}: {}", question.id);
        }
    }
}

#[test]
fn the_twenty_questions_of_every_run_are_development_questions() {
    let read = |name: &str| read_lines::<DraftQuestion>(&file(name)).unwrap();
    let known: Vec<DraftQuestion> = [
        "questions/drafts-dev.jsonl",
        "questions/unanswered-dev.jsonl",
    ]
    .into_iter()
    .flat_map(read)
    .collect();
    let asked = read("questions/ci.jsonl");
    assert_eq!(asked.len(), 20);
    for question in &asked {
        assert!(known.contains(question), "{}", question.id);
    }
}

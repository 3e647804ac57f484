//! What both backends promise.

use super::*;
use crate::skip;
use soyuznik::index::{self, Counts, Health, IndexError, VectorIndex};
use std::sync::Arc;

/// An index to test, with what keeps it alive and alone.
struct Bench {
    index: Arc<dyn VectorIndex>,
    config: Config,
    _folder: tempfile::TempDir,
    _turn: Option<server::Turn>,
}

const DIMENSION: usize = 4;

fn on_local(name: &str) -> Option<Bench> {
    let folder = tempfile::tempdir().unwrap();
    let config = local(folder.path());
    Some(bench(config, folder, None, name))
}

fn on_qdrant(name: &str) -> Option<Bench> {
    let url = skip::qdrant(&format!("index::contract::qdrant::{name}"))?;
    let turn = server::Turn::take(&url);
    let folder = tempfile::tempdir().unwrap();
    Some(bench(server::config(&url), folder, Some(turn), name))
}

fn bench(
    config: Config,
    folder: tempfile::TempDir,
    turn: Option<server::Turn>,
    splitter: &str,
) -> Bench {
    let index = index::open(&config, spec(DIMENSION, splitter)).unwrap();
    Bench {
        index,
        config,
        _folder: folder,
        _turn: turn,
    }
}

/// Each check once for every backend.
macro_rules! contract {
    ($($(#[$doc:meta])* fn $name:ident($bench:ident) $body:block)+) => {
        $($(#[$doc])* fn $name($bench: &Bench) $body)+
        mod local {
            $(#[test] fn $name() { super::on_local(stringify!($name)).iter().for_each(super::$name); })+
        }
        mod qdrant {
            $(#[test] fn $name() { super::on_qdrant(stringify!($name)).iter().for_each(super::$name); })+
        }
    };
}

contract! {
    fn a_new_index_is_empty_and_asks_to_be_filled(bench) {
        let index = &bench.index;
        assert!(matches!(index.health(), Health::Rebuild { .. }), "{:?}", index.health());
        assert_eq!(index.counts().unwrap(), Counts { entries: 0, with_vector: 0 });
        assert!(index.dense(&[1.0; DIMENSION], &all(), 5).unwrap().is_empty());
        assert!(index.lexical(&words("отпуск"), &all(), 5).unwrap().is_empty());
        assert!(index.ids().unwrap().is_empty() && index.missing_vectors(5).unwrap().is_empty());
        index.upsert(&[]).unwrap();
        index.remove(&["nobody".into()]).unwrap();
        index.upsert(&[entry("a")]).unwrap();
        index.rebuilt();
        assert_eq!(index.health(), Health::Ready);
    }

    fn an_entry_is_found_only_on_days_it_is_in_force(bench) {
        let dated = |id: &str, from: Option<Date>, until: Option<Date>| Entry {
            from,
            until,
            ..Entry { dense: Some(vec![1.0, 0.0, 0.0, 0.0]), ..with_words(id, "увольнен") }
        };
        bench.index.upsert(&[
            dated("old", Some(day(2002)), Some(day(2016))),
            dated("new", Some(day(2016)), None),
            dated("ever", None, None),
        ]).unwrap();
        for (on, wanted) in [
            (Some(date(2002, 1, 31)), vec!["ever"]),
            (Some(day(2002)), vec!["ever", "old"]),
            (Some(date(2016, 1, 31)), vec!["ever", "old"]),
            (Some(day(2016)), vec!["ever", "new"]),
            (Some(date(9999, 12, 31)), vec!["ever", "new"]),
            (None, vec!["ever", "new", "old"]),
        ] {
            let filter = Filter { on, ..all() };
            let dense = bench.index.dense(&[1.0, 0.0, 0.0, 0.0], &filter, 9).unwrap();
            let lexical = bench.index.lexical(&words("увольнен"), &filter, 9).unwrap();
            assert_eq!(ids(&dense), wanted, "dense on {on:?}");
            assert_eq!(ids(&lexical), wanted, "lexical on {on:?}");
        }
    }

    fn acts_and_kinds_narrow_a_search(bench) {
        let made = |id: &str, act: &str, kind: EntryKind| Entry {
            act: act.into(),
            kind,
            ..Entry { dense: Some(vec![1.0, 0.0, 0.0, 0.0]), ..with_words(id, "забастовк") }
        };
        bench.index.upsert(&[
            made("a", "tk", EntryKind::Part),
            made("b", "tk", EntryKind::Statement),
            made("c", "fz-10", EntryKind::Part),
            made("d", "pvs-2-2004", EntryKind::Clarification),
        ]).unwrap();
        let found = |acts: &[&str], kinds: &[EntryKind]| {
            let acts = acts.iter().map(|act| (*act).to_owned()).collect();
            let filter = Filter { acts, kinds: kinds.to_vec(), ..all() };
            let dense = bench.index.dense(&[1.0, 0.0, 0.0, 0.0], &filter, 9).unwrap();
            let lexical = bench.index.lexical(&words("забастовк"), &filter, 9).unwrap();
            assert_eq!(ids(&dense), ids(&lexical));
            ids(&dense).join("")
        };
        assert_eq!(found(&["tk"], &[]), "ab");
        assert_eq!(found(&["tk", "fz-10"], &[EntryKind::Part]), "ac");
        assert_eq!(found(&[], &[EntryKind::Statement, EntryKind::Clarification]), "bd");
        assert_eq!(found(&["gk-1"], &[]), "");
        assert_eq!(found(&[], &[]), "abcd");
    }

    fn a_local_act_is_seen_from_its_own_branch_only(bench) {
        let owned = |id: &str, owner: Option<&str>| Entry {
            organisation_path: owner.map(str::to_owned),
            ..Entry { dense: Some(vec![1.0, 0.0, 0.0, 0.0]), ..with_words(id, "преми") }
        };
        bench.index.upsert(&[
            owned("a-law", None),
            owned("b-federation", Some("f/")),
            owned("c-branch", Some("f/b/")),
            owned("d-namesake", Some("f/b2/")),
            owned("e-factory", Some("f/b/p/")),
        ]).unwrap();
        let seen = |path: Option<&str>| {
            let filter = Filter { organisation_path: path.map(str::to_owned), ..all() };
            let dense = bench.index.dense(&[1.0, 0.0, 0.0, 0.0], &filter, 9).unwrap();
            let lexical = bench.index.lexical(&words("преми"), &filter, 9).unwrap();
            assert_eq!(ids(&dense), ids(&lexical));
            ids(&dense).into_iter().map(|id| &id[..1]).collect::<String>()
        };
        assert_eq!(seen(None), "a");
        assert_eq!(seen(Some("f/")), "ab");
        assert_eq!(seen(Some("f/b/")), "abc");
        assert_eq!(seen(Some("f/b2/")), "abd");
        assert_eq!(seen(Some("f/b/p/")), "abce");
        assert_eq!(seen(Some("other/")), "a");
        let nobody = [owned("f", Some(""))];
        assert!(matches!(bench.index.upsert(&nobody), Err(IndexError::Wrong { .. })));
    }

    fn upserting_a_known_id_replaces_all_of_it(bench) {
        let index = &bench.index;
        let before = Entry { dense: Some(vec![1.0, 0.0, 0.0, 0.0]), ..with_words("a", "стар слов") };
        index.upsert(&[before, with_words("b", "нов")]).unwrap();
        let after = Entry {
            act: "gk-1".into(),
            citation: "gk-1:5".into(),
            article: "gk-1:5".into(),
            kind: EntryKind::Article,
            ..Entry { dense: Some(vec![0.0, 1.0, 0.0, 0.0]), ..with_words("a", "нов нов") }
        };
        // Of two with one id the later one counts.
        index.upsert(&[with_words("a", "между"), after]).unwrap();
        assert_eq!(index.counts().unwrap(), Counts { entries: 2, with_vector: 1 });
        assert!(index.lexical(&words("стар между"), &all(), 9).unwrap().is_empty());
        let hits = index.lexical(&words("нов"), &all(), 9).unwrap();
        assert_eq!(ids(&hits), ["a", "b"]);
        let hit = &index.dense(&[1.0, 1.0, 0.0, 0.0], &all(), 9).unwrap()[0];
        assert_eq!((hit.citation.as_str(), hit.article.as_str()), ("gk-1:5", "gk-1:5"));
        assert_eq!((hit.kind, hit.score), (EntryKind::Article, 1.0));
        index.upsert(&[with_words("a", "нов")]).unwrap();
        assert_eq!(index.missing_vectors(9).unwrap().len(), 2);
        assert!(index.dense(&[1.0, 1.0, 0.0, 0.0], &all(), 9).unwrap().is_empty());
    }

    fn an_entry_is_found_by_words_before_its_vector_arrives(bench) {
        let index = &bench.index;
        let entries: Vec<Entry> = (0..5).map(|i| with_words(&format!("e{i}"), "отпуск")).collect();
        index.upsert(&entries).unwrap();
        assert_eq!(index.lexical(&words("отпуск"), &all(), 9).unwrap().len(), 5);
        assert_eq!(index.missing_vectors(3).unwrap().len(), 3);
        let ready = Entry { dense: Some(vec![0.0, 0.0, 1.0, 0.0]), ..entries[2].clone() };
        index.upsert(&[ready]).unwrap();
        assert_eq!(index.counts().unwrap(), Counts { entries: 5, with_vector: 1 });
        let mut missing = index.missing_vectors(9).unwrap();
        missing.sort();
        assert_eq!(missing, ["e0", "e1", "e3", "e4"]);
        assert_eq!(ids(&index.dense(&[0.0, 0.0, 1.0, 0.0], &all(), 9).unwrap()), ["e2"]);
        assert_eq!(index.lexical(&words("отпуск"), &all(), 9).unwrap().len(), 5);
    }

    fn a_vector_that_is_no_vector_is_refused_and_nothing_is_written(bench) {
        let index = &bench.index;
        for vector in [vec![1.0, f32::NAN, 0.0, 0.0], vec![f32::INFINITY, 0.0, 0.0, 0.0], vec![1.0; 3], vec![]] {
            let call = index.upsert(&[with_words("good", "слов"), with_vector("bad", &vector)]);
            let Err(IndexError::Wrong { reason }) = call else { panic!("{vector:?}: {call:?}") };
            assert!(reason.contains("bad"), "{reason}");
            assert!(matches!(index.dense(&vector, &all(), 3), Err(IndexError::Wrong { .. })));
        }
        assert_eq!(index.counts().unwrap().entries, 0);
    }

    fn the_nearest_comes_first_and_the_limit_holds(bench) {
        let index = &bench.index;
        let entries: Vec<Entry> = (0..40u16)
            .map(|i| {
                let angle = f32::from(i) / 40.0;
                with_vector(&format!("e{i:02}"), &[angle.cos(), angle.sin(), 0.0, 0.0])
            })
            .collect();
        index.upsert(&entries).unwrap();
        let found = index.dense(&[1.0, 0.0, 0.0, 0.0], &all(), 4).unwrap();
        assert_eq!(ids(&found), ["e00", "e01", "e02", "e03"]);
        assert!((found[0].score - 1.0).abs() < 1e-6 && found[3].score < found[2].score);
        assert!(index.dense(&[1.0, 0.0, 0.0, 0.0], &all(), 0).unwrap().is_empty());
        assert_eq!(index.dense(&[1.0, 0.0, 0.0, 0.0], &all(), 1000).unwrap().len(), 40);
        assert_eq!(index.ids().unwrap().len(), 40);
    }

    fn rare_words_weigh_more_than_common_ones_and_the_text_more_than_the_title(bench) {
        let titled = |id: &str, title: &str, stems: &str| Entry {
            title_stems: words(title),
            ..with_words(id, stems)
        };
        let mut entries: Vec<Entry> =
            (0..20).map(|i| with_words(&format!("common{i}"), "работник работодател")).collect();
        entries.push(titled("in-title", "донор", "работник кров"));
        entries.push(titled("in-text", "работник", "донор кров"));
        entries.push(with_words("rare", "вахт метод"));
        bench.index.upsert(&entries).unwrap();
        let lexical = |text: &str, limit| bench.index.lexical(&words(text), &all(), limit).unwrap();
        assert_eq!(ids(&lexical("работник вахт", 1)), ["rare"]);
        let donor = lexical("донор", 5);
        assert_eq!(ids(&donor), ["in-text", "in-title"]);
        assert!(donor[0].score > donor[1].score && donor[1].score > 0.0);
        assert_eq!(lexical("работник", 50).len(), 22);
        assert!(lexical("нету", 5).is_empty() && lexical("", 5).is_empty());
    }

    fn a_not_counts_as_a_word(bench) {
        bench.index.upsert(&[
            with_words("with", "отпуск не предоставл"),
            with_words("without", "отпуск предоставл"),
        ]).unwrap();
        let found = bench.index.lexical(&words("не"), &all(), 5).unwrap();
        assert_eq!(ids(&found), ["with"]);
        let found = bench.index.lexical(&words("отпуск не предоставл"), &all(), 5).unwrap();
        assert_eq!(ids(&found), ["with", "without"]);
    }

    fn signs_in_a_question_are_words_and_not_operators(bench) {
        bench.index.upsert(&[
            with_words("number", "312.1 порядок"),
            with_words("half", "312 порядок"),
            with_words("quote", "\"кавычк\" or"),
        ]).unwrap();
        let found = |stems: &[&str]| {
            let stems: Vec<String> = stems.iter().map(|stem| (*stem).to_owned()).collect();
            bench.index.lexical(&stems, &all(), 5).unwrap()
        };
        assert_eq!(ids(&found(&["312.1"])), ["number"]);
        assert_eq!(ids(&found(&["\"кавычк\""])), ["quote"]);
        for strange in ["\"", "*", "body:", "NEAR(", ") OR (", "^a", "-", "\0", " ", "'; drop table entry"] {
            assert!(found(&[strange]).len() <= 1, "{strange:?}");
        }
        let long: Vec<String> = (0..20_000).map(|i| format!("слово{i}")).chain(words("порядок")).collect();
        assert!(bench.index.lexical(&long, &all(), 5).unwrap().is_empty());
        let repeated: Vec<String> = vec!["порядок".to_owned(); 20_000];
        assert_eq!(bench.index.lexical(&repeated, &all(), 5).unwrap().len(), 2);
    }

    fn vectors_are_handed_out_and_changed_days_are_told(bench) {
        let index = &bench.index;
        let vector = [0.0, 1.0, 0.0, 0.0];
        index.upsert(&[with_vector("a", &vector), with_words("b", "отпуск")]).unwrap();
        let asked = ["a".to_owned(), "b".into(), "nobody".into()];
        let found = index.vectors(&asked).unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found["a"], vector);
        let until = |id: &str| Entry { until: Some(day(2020)), ..entry(id) };
        assert!(index.outdated(&[entry("a"), entry("nobody")]).unwrap().is_empty());
        assert_eq!(index.outdated(&[until("a"), entry("b")]).unwrap(), ["a"]);
        index.upsert(&[Entry { dense: Some(found["a"].clone()), ..until("a") }]).unwrap();
        assert!(index.outdated(&[until("a")]).unwrap().is_empty());
        assert_eq!(index.vectors(&asked).unwrap()["a"], vector);
    }

    fn what_is_removed_is_found_no_more(bench) {
        let index = &bench.index;
        let entries: Vec<Entry> = (0..6)
            .map(|i| Entry { dense: Some(vec![1.0, 0.0, 0.0, 0.0]), ..with_words(&format!("e{i}"), "штраф") })
            .collect();
        index.upsert(&entries).unwrap();
        index.remove(&["e1".into(), "e4".into(), "nobody".into(), "e1".into()]).unwrap();
        let wanted = ["e0", "e2", "e3", "e5"];
        assert_eq!(ids(&index.lexical(&words("штраф"), &all(), 9).unwrap()), wanted);
        assert_eq!(ids(&index.dense(&[1.0, 0.0, 0.0, 0.0], &all(), 9).unwrap()), wanted);
        let asked: Vec<String> = entries.iter().map(|entry| entry.id.clone()).collect();
        let known = index.known(&asked).unwrap();
        assert!(known.len() == 4 && !known.contains("e1"));
        assert_eq!(known, index.ids().unwrap());
        assert_eq!(index.counts().unwrap(), Counts { entries: 4, with_vector: 4 });
    }

    fn a_rebuild_stands_beside_until_it_is_switched_in(bench) {
        let index = &bench.index;
        index.upsert(&[with_words("old", "закон")]).unwrap();
        let beside = index.build_beside().unwrap();
        assert!(matches!(index.build_beside(), Err(IndexError::Busy { .. })));
        beside.upsert(&[Entry { dense: Some(vec![0.0, 1.0, 0.0, 0.0]), ..with_words("new", "закон") }]).unwrap();
        assert_eq!(ids(&index.lexical(&words("закон"), &all(), 9).unwrap()), ["old"]);
        assert_eq!(ids(&beside.lexical(&words("закон"), &all(), 9).unwrap()), ["new"]);
        index.switch(beside).unwrap();
        assert_eq!(ids(&index.lexical(&words("закон"), &all(), 9).unwrap()), ["new"]);
        assert_eq!(ids(&index.dense(&[0.0, 1.0, 0.0, 0.0], &all(), 9).unwrap()), ["new"]);
        assert_eq!(index.health(), Health::Ready);
        // The switched one can be written, and a next one built.
        index.upsert(&[with_words("more", "закон")]).unwrap();
        drop(index.build_beside().unwrap());
        let second = index.build_beside().unwrap();
        assert_eq!(second.counts().unwrap().entries, 0);
        index.switch(second).unwrap();
        assert_eq!(index.counts().unwrap().entries, 0);
    }

    fn what_was_written_is_there_after_the_next_start(bench) {
        let folder = tempfile::tempdir().unwrap();
        // The bench's own folder is held by the bench; a server serves two.
        let config = match bench.config.index.backend.as_str() {
            "local" => local(folder.path()),
            _ => bench.config.clone(),
        };
        let spec = bench.index.spec().clone();
        let first = index::open(&config, spec.clone()).unwrap();
        first.upsert(&[with_words("a", "закон"), with_vector("b", &[1.0, 0.0, 0.0, 0.0])]).unwrap();
        drop(first);
        let second = index::open(&config, spec).unwrap();
        assert_eq!(second.health(), Health::Ready);
        assert_eq!(second.counts().unwrap(), Counts { entries: 2, with_vector: 1 });
        assert_eq!(ids(&second.lexical(&words("закон"), &all(), 9).unwrap()), ["a"]);
        assert_eq!(ids(&second.dense(&[1.0, 0.0, 0.0, 0.0], &all(), 9).unwrap()), ["b"]);
    }

    fn another_model_opens_an_empty_index_of_its_own(bench) {
        let folder = tempfile::tempdir().unwrap();
        let config = match bench.config.index.backend.as_str() {
            "local" => local(folder.path()),
            _ => bench.config.clone(),
        };
        let mut other = bench.index.spec().clone();
        let first = index::open(&config, other.clone()).unwrap();
        first.upsert(&[with_vector("a", &[1.0, 0.0, 0.0, 0.0])]).unwrap();
        drop(first);
        other.model_sha256 = "fedcba9876543210".into();
        other.dimension = 6;
        let second = index::open(&config, other).unwrap();
        assert!(matches!(second.health(), Health::Rebuild { .. }));
        assert_eq!(second.counts().unwrap().entries, 0);
        second.upsert(&[with_vector("a", &[1.0; 6])]).unwrap();
        assert_eq!(ids(&second.dense(&[1.0; 6], &all(), 9).unwrap()), ["a"]);
    }

    fn async_code_may_call_it_on_a_blocking_thread_and_even_directly(bench) {
        let index = Arc::clone(&bench.index);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
        runtime.block_on(async {
            let inner = Arc::clone(&index);
            tokio::task::spawn_blocking(move || inner.upsert(&[with_words("a", "закон")])).await.unwrap().unwrap();
            assert_eq!(index.lexical(&words("закон"), &all(), 3).unwrap().len(), 1);
            drop(index);
        });
    }
}

//! The fuzz targets on real files that are broken by fixed dice: the same damage on every run.

use super::mutated::{harm, harmed};
use crate::skip;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

#[path = "../../../fuzz/targets.rs"]
pub mod targets;

/// Small ones of every kind that the corpus has: a run takes seconds.
const FILES: [&str; 6] = [
    "acts/other/fz_82_2000-06-19_red-2025-11-28_ips_nd102066375.html",
    "acts/other/fz_422_2018-11-27_red-2024-11-29_consultant.txt",
    "acts/other/ukaz_813_2005-07-18_komandirovki_gossluzhba_asof-2026-04-09.md",
    "acts/other/pvs_15_2018-05-29_red-2018-05-29_consultant.docx",
    "acts/other/fz_311_2021-07-02_izm_v_tk_ips.docx",
    "clarifications/rostrud_faq/faq_000949.md",
];
/// How often each is broken anew.
const TIMES: usize = 8;

fn dice() -> TestRunner {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(Config::default(), rng)
}

#[test]
fn real_files_broken_by_fixed_dice_are_refused_or_read() {
    let mut runner = dice();
    let harms = prop::collection::vec(harm(), 1..6);
    for path in FILES {
        let Some(file) = skip::corpus("real_files_broken_by_fixed_dice", path) else {
            return;
        };
        let bytes = std::fs::read(file).unwrap();
        targets::bytes(&bytes).unwrap_or_else(|fault| panic!("{path} whole: {fault}"));
        for at in 0..TIMES {
            let harms = harms.new_tree(&mut runner).unwrap().current();
            let broken = targets::bytes(&harmed(bytes.clone(), &harms));
            assert_eq!(broken, Ok(()), "{path}, time {at}, {harms:?}");
        }
    }
}

#[test]
fn words_of_laws_broken_by_fixed_dice_keep_structure_and_citations_in_bounds() {
    let law = targets::law_around("1. Слова.");
    let act = soyuznik::knowledge::read(law.as_bytes(), "law").unwrap();
    assert_eq!(act.headings, 2, "the text reaches the structure");
    let mut runner = dice();
    let words = prop::sample::select(vec![
        "Статья 2. ",
        "Глава I. ",
        "1. ",
        "1.1. ",
        "1) ",
        "а) ",
        "\n",
        "\n\n",
        "ст. 81 ТК РФ",
        "п. 6 ч. 1 ",
        "статьи 81, 82 и 83.1",
        "пп. «а» ",
        "tk:",
        "81:1:6:v",
        ":p2",
        "–",
        "Утратила силу. ",
        "№ 10-ФЗ",
        "\u{301}",
        "(в ред. Закона от 01.02.2003 N 4-ФЗ)",
        "¹",
        "99999999999999999999",
        "Приложение N 1",
        "ГАРАНТ:",
    ]);
    let texts = prop::collection::vec(words, 0..40);
    for _ in 0..400 {
        let text = texts.new_tree(&mut runner).unwrap().current().concat();
        assert_eq!(targets::law_text(&text), Ok(()), "{text:?}");
        assert_eq!(targets::citations(&text), Ok(()), "{text:?}");
    }
}

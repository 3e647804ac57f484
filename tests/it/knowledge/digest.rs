use soyuznik::knowledge::digest::{Severity, check, embedded_reads, load_embedded};
use soyuznik::knowledge::read;

use crate::skip;

const TK: &str = "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html";

#[test]
fn the_shipped_digest_agrees_with_the_code() {
    let Some(file) = skip::corpus("the_shipped_digest_agrees_with_the_code", TK) else {
        return;
    };
    let act = read(&std::fs::read(file).unwrap(), "tk").unwrap();
    let digest = load_embedded().unwrap();
    let statements = digest.iter().map(|a| a.statements.len()).sum::<usize>();
    let findings = check(
        &digest,
        std::slice::from_ref(&act),
        &embedded_reads().unwrap(),
    );
    let blocking = findings
        .iter()
        .filter(|f| f.severity == Severity::Block)
        .collect::<Vec<_>>();
    assert!(blocking.is_empty(), "{blocking:#?}");
    let warned = findings
        .iter()
        .filter(|f| f.severity == Severity::Warn)
        .count();
    assert!(
        warned * 50 <= statements,
        "{warned} of {statements}: {findings:#?}"
    );
}

#[test]
fn a_changed_law_is_noticed_by_the_statements_on_it() {
    let Some(file) = skip::corpus("a_changed_law_is_noticed_by_the_statements_on_it", TK) else {
        return;
    };
    let mut act = read(&std::fs::read(file).unwrap(), "tk").unwrap();
    let norm = "tk:115:1".parse().unwrap();
    for node in act
        .nodes
        .iter_mut()
        .filter(|n| n.citation.as_ref() == Some(&norm))
    {
        node.text = node.text.replace("28 ", "31 ");
    }
    let article = soyuznik::knowledge::digest::parse_article(
        "115.toml",
        "act = \"tk\"\narticle = \"115\"\nedition = \"2025-12-29\"\ntitle = \"Отпуск\"\nabout = \"Отпуск\"\nquestions = [\"Сколько?\"]\n[[statement]]\nid = \"tk-115-01\"\ntext = \"Отпуск длится 28 календарных дней.\"\ncites = [\"tk:115:1\"]\nkind = \"term\"\nstate = \"search\"\n",
    )
    .unwrap();
    let codes = check(&[article], std::slice::from_ref(&act), &[])
        .into_iter()
        .map(|f| f.code)
        .collect::<Vec<_>>();
    assert_eq!(codes, ["number"]);
}

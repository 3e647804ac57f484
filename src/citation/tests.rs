use jiff::civil::date;

use super::*;

const NORM: &str = "Ежегодный основной оплачиваемый отпуск предоставляется работникам продолжительностью 28 календарных дней.";

fn passages(text: &str) -> HashMap<String, SourcePassage> {
    let passage = SourcePassage {
        id: "p1".into(),
        citation: "tk:115:1".parse().unwrap(),
        text: text.into(),
        edition: "2025-12-29".into(),
        current_to: date(2025, 12, 29),
        from: Some(date(2002, 2, 1)),
        until: None,
    };
    HashMap::from([("p1".to_owned(), passage)])
}

fn checked(text: &str, ids: &[&str], kind: SentenceKind, law: &str) -> CheckedSentence {
    let sentence = Sentence {
        text: text.into(),
        passage_ids: ids.iter().map(|i| (*i).to_owned()).collect(),
        kind,
    };
    check(&[sentence], &passages(law), date(2025, 6, 1)).remove(0)
}

#[test]
fn a_true_statement_stands_with_its_verbatim_quote() {
    let out = checked(
        "Отпуск длится 28 календарных дней.",
        &["p1"],
        SentenceKind::Statement,
        NORM,
    );
    assert_eq!(out.flag, None);
    assert_eq!(out.norms[0].to_string(), "tk:115:1");
    assert_eq!(out.quotes[0].text, NORM);
}

#[test]
fn a_changed_law_puts_the_statement_in_conflict() {
    let out = checked(
        "Отпуск длится 28 календарных дней.",
        &["p1"],
        SentenceKind::Statement,
        &NORM.replace("28", "31"),
    );
    assert_eq!(out.flag, Some(Flag::Conflict));
    assert!(out.quotes[0].text.contains("31"));
}

#[test]
fn what_was_not_retrieved_or_not_in_force_is_struck() {
    assert_eq!(
        checked("Так.", &["p9"], SentenceKind::Free, NORM).flag,
        Some(Flag::Struck)
    );
    assert_eq!(
        checked("Так.", &[], SentenceKind::Free, NORM).flag,
        Some(Flag::Struck)
    );
    assert_eq!(
        checked("Здравствуйте!", &[], SentenceKind::Frame, NORM).flag,
        None
    );
    let sentence = Sentence {
        text: "Так.".into(),
        passage_ids: vec!["p1".into()],
        kind: SentenceKind::Free,
    };
    assert_eq!(
        check(&[sentence], &passages(NORM), date(2001, 1, 1))[0].flag,
        Some(Flag::Struck)
    );
}

#[test]
fn an_article_named_in_the_words_must_have_been_retrieved() {
    assert_eq!(
        checked("По ст. 115 ТК РФ так.", &["p1"], SentenceKind::Free, NORM).flag,
        None
    );
    assert_eq!(
        checked("По ст. 999 ТК РФ так.", &["p1"], SentenceKind::Free, NORM).flag,
        Some(Flag::Struck)
    );
    assert_eq!(
        checked("Смотрите статью 81.", &[], SentenceKind::Frame, NORM).flag,
        Some(Flag::Struck)
    );
}

#[test]
fn a_quote_must_be_verbatim() {
    assert_eq!(
        checked(
            "«отпуск предоставляется  работникам»",
            &["p1"],
            SentenceKind::Quote,
            NORM
        )
        .flag,
        None
    );
    assert_eq!(
        checked(
            "отпуск даётся работникам",
            &["p1"],
            SentenceKind::Quote,
            NORM
        )
        .flag,
        Some(Flag::Struck)
    );
}

#[test]
fn free_words_that_turn_the_norm_round_are_unsupported() {
    let norm = "Работодатель не вправе отказать.";
    assert_eq!(
        checked(
            "Работодатель вправе отказать.",
            &["p1"],
            SentenceKind::Free,
            norm
        )
        .flag,
        Some(Flag::Unsupported)
    );
    assert_eq!(
        checked("Отказать нельзя.", &["p1"], SentenceKind::Free, norm).flag,
        None
    );
}

#[test]
fn an_article_that_the_norm_itself_names_may_be_named() {
    let law = "Мнение учитывают в порядке, установленном статьей 372 настоящего Кодекса.";
    let named = |text: &str| checked(text, &["p1"], SentenceKind::Statement, law).flag;
    assert_eq!(named("Порядок установлен статьёй 372 ТК РФ."), None);
    assert_eq!(
        named("Порядок установлен статьёй 373 ТК РФ."),
        Some(Flag::Struck)
    );
}

use super::*;
use crate::law::dating::{Reach, TermChange};
use jiff::civil::date;

const OLD: Date = date(2023, 8, 4);
const NEW: Date = date(2025, 12, 29);

fn cite(label: &str) -> Citation {
    label.parse().unwrap()
}

fn norm(label: &str, text: &str) -> DatedNorm {
    DatedNorm {
        key: label.to_owned(),
        citation: cite(label),
        words: words(text),
    }
}

fn note(label: &str, signed: Date, law: &str, what: &str) -> Noted {
    Noted {
        citation: cite(label),
        signed,
        law: law.to_owned(),
        what: what.to_owned(),
    }
}

fn edition(date: Date, norms: &[(&str, &str)], notes: Vec<Noted>) -> DatedEdition {
    DatedEdition {
        date,
        norms: norms
            .iter()
            .map(|(label, text)| norm(label, text))
            .collect(),
        notes,
    }
}

fn facts(law: &str, signed: Date, from: Date, norms: &[&str], reach: Reach) -> TermChanges {
    TermChanges::new(vec![TermChange {
        law: law.to_owned(),
        signed,
        from,
        norms: norms.iter().map(|norm| cite(norm)).collect(),
        reach,
    }])
}

fn two(new_text: &str, notes: Vec<Noted>, facts: &TermChanges) -> Vec<Vec<Span>> {
    let old = [("tk:5", "а б"), ("tk:5:1", "а"), ("tk:5:2", "б")];
    let whole = format!("{new_text} б");
    let new = [
        ("tk:5", whole.as_str()),
        ("tk:5:1", new_text),
        ("tk:5:2", "б"),
    ];
    spans(
        &[edition(OLD, &old, Vec::new()), edition(NEW, &new, notes)],
        facts,
    )
}

#[test]
fn a_known_day_ends_the_old_text_and_begins_the_new_one() {
    let (signed, from) = (date(2024, 4, 22), date(2024, 9, 1));
    let facts = facts("91-ФЗ", signed, from, &["tk:5"], Reach::Noted);
    let notes = vec![note("tk:5:1", signed, "91-ФЗ", "В редакции")];
    let found = two("в", notes, &facts);
    assert_eq!(found[0][1].until, Some(from));
    assert_eq!(
        (found[1][1].from, found[1][1].basis),
        (Some(from), Basis::TermChange)
    );
    // The article changed with its part; the other part did not.
    assert_eq!(
        (found[1][0].from, found[1][0].basis),
        (Some(from), Basis::TermChange)
    );
    assert_eq!(
        (found[0][0].until, found[0][2].until),
        (Some(from), Some(NEW))
    );
    assert_eq!(
        (found[1][2].from, found[1][2].basis),
        (None, Basis::Edition)
    );
}

#[test]
fn the_day_of_a_law_alone_only_bounds_the_beginning() {
    let signed = date(2024, 4, 22);
    let notes = vec![note("tk:5:1", signed, "91-ФЗ", "В редакции")];
    let found = two("в", notes, &TermChanges::default());
    assert_eq!(found[0][1].until, Some(NEW));
    assert_eq!(
        (found[1][1].from, found[1][1].basis),
        (Some(signed), Basis::AmendmentNote)
    );
    let found = two("в", Vec::new(), &TermChanges::default());
    assert_eq!(
        (found[1][1].from, found[1][1].basis),
        (None, Basis::BetweenEditions)
    );
}

#[test]
fn a_fact_that_cannot_have_made_the_change_says_nothing() {
    let (signed, from) = (date(2020, 1, 1), date(2020, 3, 1));
    let facts = facts("9-ФЗ", signed, from, &["tk:5"], Reach::Noted);
    let notes = vec![note("tk:5:1", signed, "9-ФЗ", "В редакции")];
    let found = two("в", notes, &facts);
    assert_eq!(
        (found[1][1].from, found[1][1].basis),
        (None, Basis::BetweenEditions)
    );
    assert_eq!(found[0][1].until, Some(NEW));
}

#[test]
fn a_law_for_a_later_day_leaves_the_old_text_standing_until_then() {
    let (signed, from) = (date(2025, 11, 17), date(2026, 3, 1));
    let facts = facts("419-ФЗ", signed, from, &["tk:5:1"], Reach::Noted);
    let notes = vec![note("tk:5:1", signed, "419-ФЗ", "В редакции")];
    let found = two("в", notes, &facts);
    assert_eq!(found[0][1].until, Some(from));
    assert_eq!(
        (found[1][1].from, found[1][1].basis),
        (Some(from), Basis::TermChange)
    );
    assert_eq!(found[0][0].until, Some(from));
    assert_eq!(found[1][0].from, Some(from));
}

#[test]
fn two_changes_of_an_article_leave_days_on_which_neither_text_stood() {
    let (first, second) = (date(2024, 1, 1), date(2025, 3, 1));
    let mut all = facts("1-ФЗ", date(2023, 12, 1), first, &["tk:5:1"], Reach::Noted);
    all.0.push(TermChange {
        law: "2-ФЗ".to_owned(),
        signed: date(2024, 12, 1),
        from: second,
        norms: vec![cite("tk:5:2")],
        reach: Reach::Noted,
    });
    let old = [("tk:5", "а б"), ("tk:5:1", "а"), ("tk:5:2", "б")];
    let new = [("tk:5", "в г"), ("tk:5:1", "в"), ("tk:5:2", "г")];
    let notes = vec![
        note("tk:5:1", date(2023, 12, 1), "1-ФЗ", "В редакции"),
        note("tk:5:2", date(2024, 12, 1), "2-ФЗ", "В редакции"),
    ];
    let found = spans(
        &[edition(OLD, &old, Vec::new()), edition(NEW, &new, notes)],
        &all,
    );
    assert_eq!(
        (found[0][0].until, found[1][0].from),
        (Some(first), Some(second))
    );
}

#[test]
fn a_law_that_set_an_article_anew_dates_parts_without_notes() {
    let (signed, from) = (date(2024, 7, 2), date(2025, 3, 1));
    let facts = facts("311-ФЗ", signed, from, &["tk:5"], Reach::Whole);
    let found = two("в", Vec::new(), &facts);
    assert_eq!(
        (found[1][1].from, found[1][1].basis),
        (Some(from), Basis::TermChange)
    );
}

#[test]
fn a_note_behind_the_last_part_speaks_of_the_whole_article() {
    let signed = date(2024, 10, 7);
    let notes = vec![note("tk:5:2", signed, "376-ФЗ", "Дополнение статьей")];
    let old = [("tk:4", "а")];
    let new = [
        ("tk:4", "а"),
        ("tk:5", "б в"),
        ("tk:5:1", "б"),
        ("tk:5:2", "в"),
    ];
    let found = spans(
        &[edition(OLD, &old, Vec::new()), edition(NEW, &new, notes)],
        &TermChanges::default(),
    );
    assert!(found[1][1..].iter().all(|one| one.from == Some(signed)));
}

#[test]
fn a_later_edition_tells_since_when_an_unchanged_text_stands() {
    let (signed, from) = (date(2020, 7, 13), date(2020, 8, 13));
    let facts = facts("210-ФЗ", signed, from, &["tk:5"], Reach::Noted);
    let notes = vec![note("tk:5:1", signed, "210-ФЗ", "В редакции")];
    let found = two("а", notes, &facts);
    assert_eq!(
        (found[0][1].from, found[0][1].basis),
        (Some(from), Basis::TermChange)
    );
    assert_eq!(found[1][1].from, Some(from));
}

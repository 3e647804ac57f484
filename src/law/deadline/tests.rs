use jiff::civil::{Date, date};

use super::*;
use crate::law::calendar::Calendar;

fn computed(rule: &str, from: Date) -> Computed {
    let rules = embedded_rules().unwrap();
    let rule = rules.iter().find(|r| r.id == rule).unwrap();
    compute(rule, from, &Calendar::embedded().unwrap()).unwrap()
}

fn due(rule: &str, from: Date) -> Option<Date> {
    computed(rule, from).due
}

#[test]
fn a_rule_of_other_days_counts_nothing_and_says_why() {
    let wages = computed("court-wages", date(2015, 3, 5));
    assert_eq!(wages.due, None);
    assert!(
        wages
            .counted
            .iter()
            .any(|line| line.contains("3 октября 2016 года"))
    );
    assert!(computed("court-wages-2002", date(2015, 3, 5)).due.is_some());
}

#[test]
fn months_end_on_the_matching_day_and_move_off_a_day_off() {
    assert_eq!(
        due("court-dismissal", date(2025, 3, 5)),
        Some(date(2025, 4, 7))
    );
    assert_eq!(
        due("court-general", date(2025, 1, 15)),
        Some(date(2025, 4, 15))
    );
    assert_eq!(
        due("court-dismissal", date(2025, 1, 31)),
        Some(date(2025, 2, 28))
    );
    assert_eq!(
        due("court-wages", date(2024, 2, 29)),
        Some(date(2025, 2, 28))
    );
    assert_eq!(
        due("commission", date(2025, 9, 30)),
        Some(date(2025, 12, 30))
    );
}

#[test]
fn weeks_and_days_are_counted_from_the_day_after() {
    assert_eq!(
        due("resignation-notice", date(2025, 3, 3)),
        Some(date(2025, 3, 17))
    );
    assert_eq!(due("final-pay", date(2025, 3, 8)), Some(date(2025, 3, 8)));
    assert_eq!(
        due("work-documents", date(2025, 4, 29)),
        Some(date(2025, 5, 6))
    );
}

#[test]
fn an_unknown_year_is_said_and_not_guessed() {
    let computed = computed("court-general", date(2034, 3, 5));
    assert_eq!(computed.due, None);
    assert!(
        computed
            .counted
            .iter()
            .any(|c| c.contains("2034 года не загружен"))
    );
}

#[test]
fn the_steps_name_the_norms() {
    let computed = computed("court-dismissal", date(2025, 3, 5));
    let norms = computed
        .norms
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    assert_eq!(
        norms,
        ["tk:392:1", "tk:14:2", "tk:14:3", "tk:14:4", "tk:392:5"]
    );
}

#[test]
fn lengths_are_declined() {
    assert_eq!(length_words(1, TermUnit::Year), "1 год");
    assert_eq!(length_words(12, TermUnit::Month), "12 месяцев");
    assert_eq!(length_words(3, TermUnit::WorkingDay), "3 рабочих дня");
}

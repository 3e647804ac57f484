//! Last days worked out by hand, against those that the program counts.

use jiff::civil::Date;
use serde::Deserialize;

use super::*;
use crate::law::calendar::Calendar;

const CASES: &str = include_str!("../../../evals/deadlines/cases.jsonl");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    rule: String,
    from: String,
    due: Option<String>,
    #[expect(dead_code)]
    why: String,
}

/// The day of a case; terms of hours name the hour too, and are counted by days here.
fn day(text: &str) -> Date {
    text[..10].parse().unwrap()
}

#[test]
fn every_hand_checked_case_comes_out() {
    let rules = embedded_rules().unwrap();
    let calendar = Calendar::embedded().unwrap();
    let cases: Vec<Case> = CASES
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(cases.len() >= 80, "{}", cases.len());
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let rule = rules.iter().find(|rule| rule.id == case.rule).unwrap();
            let due = compute(rule, day(&case.from), &calendar).unwrap().due;
            let right = case.due.as_deref().map(day);
            let told = format!("{} {}: {due:?}, {right:?}", case.rule, case.from);
            (due != right).then_some(told)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

mod properties {
    use jiff::ToSpan;
    use jiff::civil::{Date, date};
    use proptest::prelude::*;

    use super::super::*;
    use crate::law::calendar::Calendar;

    fn any_day() -> impl Strategy<Value = Date> {
        (0..4000_i64).prop_map(|n| date(2015, 1, 1).checked_add(n.days()).unwrap())
    }

    fn rule(unit: TermUnit, length: u16) -> DeadlineRule {
        let mut rule = embedded_rules().unwrap().remove(0);
        rule.unit = unit;
        rule.length = length;
        rule
    }

    fn due(rule: &DeadlineRule, from: Date) -> Option<Date> {
        let calendar = Calendar::embedded().unwrap();
        compute(rule, from, &calendar).unwrap().due
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn a_term_after_never_ends_before_its_plain_span_nor_on_a_day_off(from in any_day(), months in 1..13_u16) {
            let rule = rule(TermUnit::Month, months);
            let plain = from.checked_add(i64::from(months).months()).unwrap();
            let Some(due) = due(&rule, from) else { return Ok(()) };
            prop_assert!(due >= plain);
            let calendar = Calendar::embedded().unwrap();
            prop_assert_eq!(calendar.is_working_day(due), Some(true));
            prop_assert!(plain.series(1.day()).take_while(|day| *day < due).all(|day| calendar.is_working_day(day) == Some(false)));
        }

        #[test]
        fn a_longer_term_never_ends_earlier(from in any_day(), days in 1..60_u16) {
            for unit in [TermUnit::Day, TermUnit::WorkingDay, TermUnit::Week] {
                let (short, long) = (due(&rule(unit, days), from), due(&rule(unit, days + 1), from));
                if let (Some(short), Some(long)) = (short, long) {
                    prop_assert!(short <= long);
                }
            }
        }

        #[test]
        fn working_days_there_and_back_meet(from in any_day(), days in 1..30_u16) {
            let there = rule(TermUnit::WorkingDay, days);
            let mut back = there.clone();
            back.direction = Direction::Before;
            back.end = TermEnd::AsIs;
            if let Some(back) = due(&back, from) {
                let again = due(&there, back);
                prop_assert!(again.is_none_or(|again| again >= from));
            }
        }
    }
}

use jiff::civil::date;
use serde::Deserialize;
use std::collections::BTreeMap;

use super::*;

const CASES: &str = include_str!("../../../evals/calc/cases.jsonl");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    given: BTreeMap<String, String>,
    result: Option<String>,
    unknown: bool,
    norms: Vec<String>,
    why: String,
}

fn compute(name: &str, given: &[(&str, &str)]) -> Result<Calculation, CalcError> {
    let rates = Rates::embedded().unwrap();
    let calendar = Calendar::embedded().unwrap();
    let ground = Ground {
        rates: &rates,
        calendar: &calendar,
        today: date(2026, 11, 29),
    };
    let given: Vec<(String, String)> = given
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Calculator::find(name).unwrap().compute(&given, ground)
}

/// What differs between a case worked out by hand and what the program says.
fn difference(case: &Case) -> Option<String> {
    let given: Vec<(&str, &str)> = case
        .given
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let done = match compute(&case.name, &given) {
        Ok(done) => done,
        Err(error) => return Some(format!("{} {given:?}: {error}", case.name)),
    };
    let right = case
        .result
        .as_ref()
        .map(|sum| sum.parse::<Decimal>().unwrap());
    let cited: Vec<String> = done
        .steps
        .iter()
        .filter_map(|step| step.norm.as_ref().map(ToString::to_string))
        .collect();
    let missing: Vec<&String> = case
        .norms
        .iter()
        .filter(|norm| !cited.contains(norm))
        .collect();
    let same = done.result == right && done.unknown.is_empty() != case.unknown;
    (!same || !missing.is_empty()).then(|| {
        format!(
            "{} {given:?}: {:?}, right {right:?}; unknown {:?}; norms missing {missing:?}; {}",
            case.name, done.result, done.unknown, case.why
        )
    })
}

#[test]
fn every_hand_checked_sum_comes_out() {
    let cases: Vec<Case> = CASES
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(cases.len() >= 60, "{}", cases.len());
    let wrong: Vec<String> = cases.iter().filter_map(difference).collect();
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}

#[test]
fn what_is_wrong_with_a_field_is_said_with_its_name() {
    let refused = |given: &[(&str, &str)]| compute("delay", given).unwrap_err();
    let empty = refused(&[("due", "2024-01-10")]);
    assert_eq!(empty.field, "amount");
    let letters = refused(&[("amount", "много"), ("due", "2024-01-10")]);
    assert!(letters.message.contains("50000"), "{letters}");
    let negative = refused(&[("amount", "-5"), ("due", "2024-01-10")]);
    assert_eq!(negative.field, "amount");
    let day = refused(&[("amount", "5"), ("due", "31.02.2024")]);
    assert_eq!(day.field, "due");
    let stranger = refused(&[("amount", "5"), ("due", "2024-01-10"), ("sum", "1")]);
    assert!(stranger.message.contains("amount"), "{stranger}");
}

#[test]
fn every_norm_of_a_calculator_is_a_citation_and_fields_are_named_once() {
    for calculator in Calculator::all() {
        calculator.norm.parse::<Citation>().unwrap();
        let mut names: Vec<&str> = calculator.fields.iter().map(|field| field.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), calculator.fields.len(), "{}", calculator.name);
    }
}

#[test]
fn a_delay_grows_with_every_day_and_equals_the_sum_of_its_parts() {
    let sum = |paid: Date| {
        let paid = paid.to_string();
        let given = [
            ("amount", "30000"),
            ("due", "2024-06-14"),
            ("paid", paid.as_str()),
        ];
        compute("delay", &given).unwrap().result.unwrap()
    };
    let mut day = date(2024, 6, 14);
    let mut last = Decimal::ZERO;
    while day < date(2024, 12, 31) {
        day = day.tomorrow().unwrap();
        let now = sum(day);
        assert!(now > last, "{day}");
        last = now;
    }
}

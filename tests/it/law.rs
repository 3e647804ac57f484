//! Citations, references, calendar and terms against the real texts, and as properties.

use proptest::prelude::*;
use soyuznik::knowledge;
use soyuznik::law::deadline::TermUnit;
use soyuznik::law::facts::number_mismatches;
use soyuznik::law::{ActId, Calendar, Citation, deadline, find_references};

use super::skip;

fn number() -> impl Strategy<Value = String> {
    prop_oneof![
        (1..424_u32).prop_map(|n| n.to_string()),
        (1..424_u32, 1..14_u32).prop_map(|(n, i)| format!("{n}.{i}")),
        (20..424_u32, 1..14_u32, 1..5_u32).prop_map(|(n, i, k)| format!("{n}.{i}-{k}")),
    ]
}

fn point() -> impl Strategy<Value = String> {
    prop_oneof![
        (1..40_u32).prop_map(|n| n.to_string()),
        (1..20_u32, 1..5_u32).prop_map(|(n, i)| format!("{n}.{i}"))
    ]
}

prop_compose! {
    fn citation()(
        act in prop::sample::select(vec!["tk", "gpk", "koap", "uk", "konst", "fz-10", "fz-426", "kas", "nk"]),
        article in number(),
        part in prop::option::of(1..30_u32),
        point in prop::option::of(point()),
        subpoint in prop::option::of(prop::sample::select(vec!["a", "b", "v", "g", "zh", "shch", "eh", "ya"])),
        paragraph in prop::option::of(1..20_u16),
        plenum in prop::option::weighted(0.2, (1..60_u32, 1991..2030_u32)),
        annex in prop::option::of(prop::sample::select(vec![vec!["a1".to_owned()], vec!["a2".to_owned(), "f3".to_owned()], vec!["a1".to_owned(), "a3".to_owned()]])),
    ) -> Citation {
        let mut out = match plenum {
            Some((number, year)) => Citation::of_act(ActId::new(&format!("pvs-{number}-{year}")).unwrap()),
            None => Citation::of_article(ActId::new(act).unwrap(), article),
        };
        let in_article = out.article.is_some();
        out.annex = annex.filter(|_| !in_article).unwrap_or_default();
        out.point = point.or_else(|| (!in_article).then(|| "1".to_owned()));
        out.subpoint = subpoint.filter(|_| out.point.is_some()).map(str::to_owned);
        out.part = part.map(|p| p.to_string()).or_else(|| out.point.is_some().then(|| "1".to_owned())).filter(|_| in_article);
        out.paragraph = paragraph;
        out
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_citation_survives_its_canonical_form(citation in citation()) {
        prop_assert_eq!(citation.to_string().parse::<Citation>().unwrap(), citation);
    }

    #[test]
    fn a_reference_as_people_read_it_is_found_again(citation in citation(), before in "(Согласно|По|Увольнение по|Прошу применить)", after in "(, работник вправе| и ждать 5 дней| — да|\\.|)") {
        let text = format!("{before} {}{after}", citation.russian());
        let found = find_references(&text, &ActId::tk());
        prop_assert_eq!(found.len(), 1, "{}: {:?}", text, found);
        prop_assert_eq!(&found[0].citation, &citation, "{}", text);
        let cut = text.chars().skip(found[0].start).take(found[0].end - found[0].start).collect::<String>();
        prop_assert_eq!(&cut, &found[0].text);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,200}", law in "([0-9.,«»()№ -]|ст|ч|п|пп|абз|ТК|статья|часть|первая|а|и){0,40}") {
        for text in [text, law] {
            for found in find_references(&text, &ActId::tk()) {
                prop_assert!(found.start < found.end && found.end <= text.chars().count());
                prop_assert_eq!(found.citation.to_string().parse::<Citation>().unwrap(), found.citation);
            }
            number_mismatches(&text, &text);
        }
    }
}

#[test]
fn the_calendar_agrees_with_the_published_totals() {
    let Some(file) = skip::corpus(
        "the_calendar_agrees_with_the_published_totals",
        "reference/dated/calendar_totals.csv",
    ) else {
        return;
    };
    let calendar = Calendar::embedded().unwrap();
    let text = std::fs::read_to_string(file).unwrap();
    let mut seen = 0;
    for line in text.lines().skip(1) {
        let fields = line.split(',').collect::<Vec<_>>();
        let (year, working) = (
            fields[0].parse::<i16>().unwrap(),
            fields[2].parse::<usize>().unwrap(),
        );
        let first = jiff::civil::date(year, 1, 1);
        let counted = first
            .series(jiff::ToSpan::day(1))
            .take_while(|d| d.year() == year)
            .filter(|d| calendar.is_working_day(*d) == Some(true))
            .count();
        assert_eq!(counted, working, "{year}");
        seen += 1;
    }
    assert_eq!(seen, 13);
}

#[test]
fn every_term_rule_stands_in_the_text_of_its_norm() {
    let Some(file) = skip::corpus(
        "every_term_rule_stands_in_the_text_of_its_norm",
        "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ) else {
        return;
    };
    let act = knowledge::read(&std::fs::read(file).unwrap(), "tk").unwrap();
    let rules = deadline::embedded_rules().unwrap();
    assert!(rules.len() > 300, "{}", rules.len());
    let mut wrong = Vec::new();
    for rule in rules.iter().filter(|rule| rule.norm.act == act.act) {
        let norm = act
            .node(&rule.norm)
            .unwrap_or_else(|| panic!("{} names {}", rule.id, rule.norm));
        let said = deadline::length_words(rule.length, rule.unit);
        // A day is «следующий день» in the law, and a rule of former days is no longer in it.
        let told = rule.length > 1 && rule.unit != TermUnit::Hour && rule.until.is_none();
        if told && !number_mismatches(&said, &norm.text).is_empty() {
            wrong.push(format!("{}: {said}", rule.id));
        }
        if let Some(restores) = &rule.restorable {
            assert!(
                act.node(restores)
                    .is_some_and(|n| n.text.contains("восстанов")),
                "{}",
                rule.id
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

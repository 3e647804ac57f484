use super::*;

fn cite(s: &str) -> Citation {
    s.parse().unwrap()
}

#[test]
fn canonical_forms_survive_a_round_trip() {
    for s in [
        "tk",
        "tk:81",
        "tk:392:2",
        "tk:81:1:6:v",
        "tk:391:3:p4",
        "tk:413:1::a",
        "tk:348.11-1:1",
        "pvs-2-2004:23",
        "pvs-2-2004:23:a:p2",
        "tk:77:p2",
        "pp-2464-2021:a1:46:b",
        "pp-2464-2021:a1:a3:2",
        "order-mintrud-223n-2022:a2:f2:8.1",
        "order-mintrud-33n-2014:a1:p3",
        "order-mintrud-33n-2014:a2",
        "uk:145.1:n2",
        "koap:2.1:n1:1",
    ] {
        assert_eq!(cite(s).to_string(), s);
    }
}

#[test]
fn what_is_no_citation_is_refused() {
    for s in [
        "",
        "TK:81",
        "tk:",
        "tk:08",
        "tk:81::6",
        "tk:81:1:6:vv",
        "tk:81:1:6:v:2",
        "tk:p2",
        "tk:81:1:",
        "-tk:1",
        "pvs-2-2004:1:a:b",
        "pvs-2-2004:a0:1",
        "pvs-2-2004:1:a1",
        "pvs-2-2004:a1:a1:a1:a1",
        "tk:a1:1",
        "tk:n1",
        "tk:81:1:n1",
        "pvs-2-2004:n1",
    ] {
        assert!(s.parse::<Citation>().is_err(), "{s}");
    }
}

#[test]
fn people_read_the_cyrillic_form() {
    assert_eq!(
        cite("tk:81:1:6:a").russian(),
        "пп. «а» п. 6 ч. 1 ст. 81 ТК РФ"
    );
    assert_eq!(cite("tk:391:3:p4").russian(), "абз. 4 ч. 3 ст. 391 ТК РФ");
    assert_eq!(cite("tk:312.1").russian(), "ст. 312.1 ТК РФ");
    assert_eq!(
        cite("uk:145.1:n2").russian(),
        "примечание 2 к ст. 145.1 УК РФ"
    );
    assert_eq!(
        cite("koap:2.1:n1:3").russian(),
        "п. 3 примечания 1 к ст. 2.1 КоАП РФ"
    );
    assert_eq!(cite("fz-10").russian(), "Федеральный закон № 10-ФЗ");
    assert_eq!(
        cite("fz-10:30").russian(),
        "ст. 30 Федерального закона № 10-ФЗ"
    );
    assert_eq!(
        cite("pvs-2-2004:23").russian(),
        "п. 23 постановления Пленума ВС РФ № 2 (2004 г.)"
    );
    assert_eq!(
        cite("pp-2464-2021:a1:46:b").russian(),
        "пп. «б» п. 46 приложения № 1 к постановлению Правительства РФ № 2464 (2021 г.)"
    );
    assert_eq!(
        cite("order-mintrud-223n-2022:a2:f2:8.1").russian(),
        "п. 8.1 формы № 2 приложения № 2 к приказу Минтруда России № 223н (2022 г.)"
    );
    assert_eq!(
        cite("order-mintrud-33n-2014:a1:a3").russian(),
        "приложение № 3 к приложению № 1 к приказу Минтруда России № 33н (2014 г.)"
    );
}

#[test]
fn an_article_contains_its_parts_and_not_its_neighbours() {
    assert!(cite("tk:81").contains(&cite("tk:81:1:6:v")));
    assert!(cite("tk:413:1").contains(&cite("tk:413:1::a")));
    assert!(!cite("tk:81:1").contains(&cite("tk:81:2")));
    assert!(!cite("tk:81:1:6").contains(&cite("tk:81:1")));
    assert!(!cite("tk:31").contains(&cite("tk:312.1")));
    assert!(!cite("tk:391:3:p4").contains(&cite("tk:391:3")));
    assert!(cite("tk").contains(&cite("tk:81")));
    assert!(cite("pp-2464-2021:a1").contains(&cite("pp-2464-2021:a1:46:b")));
    assert!(!cite("pp-2464-2021:1").contains(&cite("pp-2464-2021:a1:1")));
}

#[test]
fn parents_lead_to_the_act() {
    let mut at = cite("tk:81:1:6:v:p2");
    let mut seen = vec![at.to_string()];
    while let Some(up) = at.parent() {
        seen.push(up.to_string());
        at = up;
    }
    assert_eq!(
        seen,
        [
            "tk:81:1:6:v:p2",
            "tk:81:1:6:v",
            "tk:81:1:6",
            "tk:81:1",
            "tk:81",
            "tk"
        ]
    );
    assert_eq!(
        cite("pp-2464-2021:a1:46").parent(),
        Some(cite("pp-2464-2021:a1"))
    );
    assert_eq!(cite("pp-2464-2021:a1").parent(), Some(cite("pp-2464-2021")));
    assert_eq!(
        cite("pp-2464-2021:a1:46:b").article(),
        cite("pp-2464-2021:a1:46")
    );
    assert_eq!(cite("tk:81:1:6:v").fragment(), "1-6-v");
    assert_eq!(cite("tk:81").fragment(), "");
    assert_eq!(cite("tk:81:1:6:v").article(), cite("tk:81"));
}

#[test]
fn local_acts_are_cited_by_their_own_numbers() {
    use crate::law::{LocalKind, LocalUnit};
    let agreement = ActId::of_local(
        LocalKind::CollectiveAgreement,
        "0a1b2c3d4e",
        LocalUnit::Point,
    )
    .unwrap();
    assert_eq!(agreement.as_str(), "local-agreement-0a1b2c3d4e");
    let said = |id: &ActId, rest: &str| {
        let text = format!("{id}:{rest}");
        let citation: Citation = text.parse().unwrap();
        assert_eq!(citation.to_string(), text);
        citation.russian()
    };
    assert_eq!(said(&agreement, "5.4"), "п. 5.4 Коллективного договора");
    assert_eq!(
        said(&agreement, "2.3.1:a"),
        "пп. «а» п. 2.3.1 Коллективного договора"
    );
    assert_eq!(
        said(&agreement, "s2:3"),
        "п. 3 раздела 2 Коллективного договора"
    );
    assert_eq!(
        said(&agreement, "s2:p1"),
        "абз. 1 раздела 2 Коллективного договора"
    );
    assert_eq!(
        said(&agreement, "a1:3"),
        "п. 3 приложения № 1 к Коллективному договору"
    );
    let loose = agreement.counting(LocalUnit::Paragraph).unwrap();
    assert_eq!(said(&loose, "7"), "абз. 7 Коллективного договора");
    let rules = ActId::of_local(LocalKind::InternalRules, "ff00", LocalUnit::Article).unwrap();
    assert_eq!(
        said(&rules, "5:2"),
        "ч. 2 ст. 5 Правил внутреннего трудового распорядка"
    );
    assert!(rules.has_articles() && !agreement.has_articles());
    assert!(ActId::of_local(LocalKind::InternalRules, "st-x", LocalUnit::Point).is_err());
    assert!(ActId::tk().counting(LocalUnit::Point).is_none());
    // Sections are no level of the law.
    assert!("pp-1-2020:s2:3".parse::<Citation>().is_err());
}

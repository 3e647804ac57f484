use super::*;
use crate::knowledge::act::{NodeKind, ParsedAct};
use crate::knowledge::error::KnowledgeError;
use crate::knowledge::{PassageKind, read, split};

/// An order of our own: three points, two annexes, an annex to the first one, forms in the second.
const ORDER: &str = "МИНИСТЕРСТВО ТРУДА И СОЦИАЛЬНОЙ ЗАЩИТЫ РОССИЙСКОЙ ФЕДЕРАЦИИ

ПРИКАЗ

от 5 мая 2020 г. N 77н

ОБ УХОДЕ ЗА САДОМ

В соответствии с разумом приказываю:

1. Утвердить Правила ухода за садом согласно приложению N 1.

2. Внести в Правила полива изменение, изложив пункт 5 в следующей редакции:

\"5. Поливать утром.

6. Поливать вечером.\".

3. Приказ вступает в силу завтра.

Министр И.И.САДОВОЙ

Приложение N 1 к приказу Министерства труда и социальной защиты Российской Федерации от 5 мая 2020 г. N 77н

ПРАВИЛА УХОДА ЗА САДОМ

I. Общие правила

1. Сад поливают <1>:

--------------------------------

<1> Пункт 3 Правил полива.

а) утром;

б) вечером.

1.1. Зимой сад не поливают.

II. Особые правила

2. Утратил силу.

4. Груши собирают осенью.

Приложение N 1 к Правилам ухода за садом, утвержденным приказом от 5 мая 2020 г. N 77н

ПЕРЕЧЕНЬ ДЕРЕВЬЕВ

Дерево Высота

2. Груша

Слива

Приложение N 2 к приказу Министерства труда и социальной защиты Российской Федерации от 5 мая 2020 г. N 77н

ФОРМЫ ДОКУМЕНТОВ

Форма N 1

АКТ

1. Дата сбора

2. Место сбора

Форма N 2

ЖУРНАЛ

1. Дата полива
";

fn act(text: &str) -> ParsedAct {
    read(text.as_bytes(), "приказ.txt").unwrap()
}

fn code(text: &str) -> &'static str {
    read(text.as_bytes(), "приказ.txt").unwrap_err().code()
}

fn labels(act: &ParsedAct) -> Vec<String> {
    let cited = act.nodes.iter().filter_map(|n| n.citation.as_ref());
    let lead = format!("{}:", act.act);
    cited
        .map(|c| c.to_string().replacen(&lead, "", 1))
        .collect()
}

#[test]
fn points_annexes_and_forms_have_numbers_of_their_own() {
    let act = act(ORDER);
    assert_eq!(act.act.as_str(), "order-mintrud-77n-2020");
    assert_eq!(
        (act.number.as_str(), act.title.as_str()),
        ("77н", "Об уходе за садом")
    );
    assert_eq!(act.edition.to_string(), "2020-05-05");
    assert_eq!(
        labels(&act),
        [
            "1", "2", "2:p2", "2:p3", "3", "a1", "a1:1", "a1:1:a", "a1:1:b", "a1:1.1", "a1:2",
            "a1:4", "a1:a1", "a1:a1:p1", "a1:a1:p2", "a1:a1:p3", "a2", "a2:f1", "a2:f1:p1",
            "a2:f1:1", "a2:f1:2", "a2:f2", "a2:f2:p1", "a2:f2:1"
        ]
    );
    assert_eq!((act.headings, act.with_body), (10, 9));
    assert_eq!((act.annexes, act.forms, act.sections), (3, 2, 2));
    assert_eq!(act.gaps, ["a1:3"]);
    assert!(act.unparsed.is_empty(), "{:?}", act.unparsed);
    let point = act.node(&"order-mintrud-77n-2020:a1:4".parse().unwrap());
    assert_eq!(
        point.unwrap().path,
        [
            "Приложение 1. ПРАВИЛА УХОДА ЗА САДОМ",
            "Раздел II. Особые правила"
        ]
    );
    for citation in act.nodes.iter().filter_map(|n| n.citation.as_ref()) {
        assert_eq!(
            &citation
                .to_string()
                .parse::<crate::law::Citation>()
                .unwrap(),
            citation
        );
    }
}

#[test]
fn no_character_of_points_and_annexes_is_lost() {
    let act = act(ORDER);
    let mut starts = act.nodes.iter().map(|n| n.start).collect::<Vec<_>>();
    starts.dedup();
    assert_eq!(starts.len(), act.text.lines().count());
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let parts = split(&act)
        .iter()
        .filter(|p| p.kind == PassageKind::Part)
        .map(|p| squeezed(&p.text))
        .collect::<String>();
    let outside = [
        NodeKind::Preamble,
        NodeKind::Section,
        NodeKind::Annex,
        NodeKind::Form,
    ];
    let leads = act.nodes.iter().filter(|n| !outside.contains(&n.kind));
    let lines = leads
        .map(|n| squeezed(n.text.lines().next().unwrap_or("")))
        .collect::<String>();
    assert_eq!(parts, lines);
    assert!(!act.text.contains("САДОВОЙ"));
}

#[test]
fn footnotes_belong_to_their_point_and_are_found() {
    let act = act(ORDER);
    let passages = split(&act);
    let citation = "order-mintrud-77n-2020:a1:1".parse().unwrap();
    let whole = passages
        .iter()
        .find(|p| p.kind == PassageKind::Article && p.citation == citation)
        .unwrap();
    assert!(whole.text.contains("<1> Пункт 3") && whole.text.ends_with("б) вечером."));
    assert_eq!(whole.title, "Пункт 1. Раздел I. Общие правила");
}

#[test]
fn a_decree_approves_without_a_number_and_a_plenum_needs_no_signature() {
    let decree = "УКАЗ\n\nПРЕЗИДЕНТА РОССИЙСКОЙ ФЕДЕРАЦИИ\n\nО садах\n\nВ целях красоты постановляю:\n\n1. Утвердить прилагаемые правила сада.\n\n2. Указ вступает в силу завтра.\n\nПрезидент Российской Федерации И.Садовой\n\nМосква, Кремль\n\n7 июня 2021 года\n\nN 700\n\nУТВЕРЖДЕНЫ\n\nУказом Президента Российской Федерации от 7 июня 2021 г. N 700\n\nПравила сада\n\n1. Сады цветут.\n\n2. Сады шумят.\n";
    let found = act(decree);
    assert_eq!(found.act.as_str(), "ukaz-700-2021");
    assert_eq!(labels(&found), ["1", "2", "a1", "a1:1", "a1:2"]);
    let plenum = "ПОСТАНОВЛЕНИЕ\n\nПЛЕНУМА ВЕРХОВНОГО СУДА РОССИЙСКОЙ ФЕДЕРАЦИИ\n\nN 9\n\n8 июля 2022 г.\n\nО садах\n\nВ связи с вопросами судов Пленум постановляет:\n\nОбщие положения\n\n1. Сады судят.\n\n2. Сады оправданы.\n";
    let found = act(plenum);
    assert_eq!(found.act.as_str(), "pvs-9-2022");
    assert_eq!(
        (labels(&found), found.chapters),
        (vec!["1".into(), "2".into()], 1)
    );
    assert_eq!(code(&plenum.replace("оправданы.", "оправ")), "cut_off");
    let closed = decree.split("УТВЕРЖДЕНЫ").next().unwrap();
    assert_eq!(code(closed), "no_annex");
    let unsigned = ORDER.replace("Министр И.И.САДОВОЙ\n\n", "");
    assert_eq!(code(&unsigned), "cut_off");
}

#[test]
fn what_cannot_be_named_or_dated_is_refused() {
    assert_eq!(
        code(&ORDER.replace("ТРУДА И СОЦИАЛЬНОЙ ЗАЩИТЫ", "САДОВ")),
        "unknown_act"
    );
    let noted = ORDER.replace(
        "1.1. Зимой",
        "(в ред. Приказа Минтруда России от 01.02.2021 N 5н)\n\n1.1. Зимой",
    );
    assert_eq!(code(&noted), "edition_unknown");
    let listed = noted.replace(
        "ОБ УХОДЕ ЗА САДОМ\n",
        "ОБ УХОДЕ ЗА САДОМ\n\n(в ред. Приказа Минтруда России от 01.02.2021 N 5н)\n",
    );
    assert_eq!(act(&listed).edition.to_string(), "2021-02-01");
    let holed = ORDER.replace("2. Утратил силу.\n\n4. Груши", "10. Груши");
    assert!(matches!(
        read(holed.as_bytes(), "приказ.txt"),
        Err(KnowledgeError::Gaps {
            what: "пунктов",
            ..
        })
    ));
}

#[test]
fn signatures_are_told_from_sentences() {
    assert!(is_signature("Министр А.О.КОТОВ"));
    assert!(is_signature(
        "Председатель Правительства Российской Федерации М. Котов"
    ));
    assert!(!is_signature("Председатель комиссии по"));
    assert!(!is_signature("Президент назначает министра."));
}

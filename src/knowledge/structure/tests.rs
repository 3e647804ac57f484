use super::*;

fn blocks(lines: &[(&str, &str)]) -> Vec<Block> {
    let block = |(class, text): &(&str, &str)| Block {
        class: (*class).to_owned(),
        text: (*text).to_owned(),
        marks: Vec::new(),
    };
    lines.iter().map(block).collect()
}

fn built(lines: &[(&str, &str)], own: Own) -> Structure {
    let act = ActId::new("fz-7").unwrap();
    build(&blocks(lines), &act, ArticleStyle::Headed, own)
}

fn labels(structure: &Structure) -> Vec<String> {
    let cited = structure.nodes.iter().filter_map(|n| n.citation.as_ref());
    cited.map(ToString::to_string).collect()
}

#[test]
fn quoted_articles_are_not_the_laws_own() {
    let lines = [
        ("T", "О внесении изменений в Садовый кодекс"),
        ("H", "Статья 1"),
        ("", "Внести в Садовый кодекс изменения:"),
        ("", "1) статью 123 изложить в следующей редакции:"),
        ("H", "\"Статья 123. Груши"),
        ("", "1. Груша - дерево."),
        ("H", "Статья 123.1. Сливы"),
        ("T", "Глава 9. Вишни\";"),
        ("", "2) статью 9 исключить."),
        ("H", "Статья 2"),
        ("", "Закон вступает в силу завтра."),
    ];
    let found = built(&lines, Own::Amending);
    assert_eq!(
        labels(&found),
        [
            "fz-7:1",
            "fz-7:1:1",
            "fz-7:1:1:1",
            "fz-7:1:1:1:p2",
            "fz-7:1:1:1:p3",
            "fz-7:1:1:1:p4",
            "fz-7:1:1:1:p5",
            "fz-7:1:1:2",
            "fz-7:2",
            "fz-7:2:1"
        ]
    );
    assert!(found.unparsed.is_empty());
    assert!(found.nodes.iter().all(|n| n.kind != NodeKind::Chapter));
}

#[test]
fn subsections_stand_beside_each_other_and_signs_make_a_level() {
    let lines = [
        ("T", "Раздел I. ДЕРЕВЬЯ"),
        ("T", "Подраздел 1. ГРУШИ"),
        ("H", "Глава 1. СОРТА"),
        ("T", "§ 1. Ранние"),
        ("H", "Статья 1. Первая"),
        ("", "Текст."),
        ("T", "§ 2. Поздние"),
        ("T", "1. Общее"),
        ("H", "Статья 2. Вторая"),
        ("", "Текст."),
        ("T", "2. Частное"),
        ("H", "Статья 3. Третья"),
        ("", "Текст."),
        ("T", "Подраздел 2. СЛИВЫ"),
        ("H", "Глава 2. СОРТА"),
        ("H", "Статья 4. Четвёртая"),
        ("", "Текст."),
    ];
    let found = built(&lines, Own::All);
    assert!(found.unparsed.is_empty(), "{:?}", found.unparsed);
    let path = |n: &str| {
        let node = found
            .nodes
            .iter()
            .find(|a| a.kind == NodeKind::Article && a.number == n);
        node.unwrap().path[1..].join(" / ")
    };
    assert_eq!(
        path("1"),
        "Подраздел 1. ГРУШИ / Глава 1. СОРТА / § 1. Ранние"
    );
    assert_eq!(
        path("3"),
        "Подраздел 1. ГРУШИ / Глава 1. СОРТА / § 2. Поздние / 2. Частное"
    );
    assert_eq!(path("4"), "Подраздел 2. СЛИВЫ / Глава 2. СОРТА");
}

use super::*;

fn read(text: &str) -> Vec<(String, String)> {
    let blocks = placeholders(text).unwrap_or_default();
    let pair = |b: Block| (b.text, b.marks.join(" "));
    blocks.into_iter().map(pair).collect()
}

#[test]
fn a_repealed_part_stands_as_a_note() {
    let law = "Федеральный закон от 01.02.2003 N 4-ФЗ";
    assert_eq!(
        read(&format!("Часть вторая утратила силу. - {law}.")),
        [(
            String::new(),
            "Часть вторая. (Утратила силу - Федеральный закон от 01.02.2003 № 4-ФЗ)".to_owned()
        )]
    );
    let several = read(&format!(
        "Части третья - пятая утратили силу с 1 мая 2004 года. - {law}."
    ));
    assert_eq!(several.len(), 3);
    assert!(
        several
            .iter()
            .all(|(text, mark)| text.is_empty() && mark.starts_with("Часть. ("))
    );
    assert_eq!(read("абзацы второй - третий утратили силу;").len(), 2);
    let bare = format!("Утратила силу с 1 мая 2004 г. - {law}");
    assert!(read(&bare)[0].1.starts_with("Часть. (Утратила силу с"));
    assert!(of_line_above(&bare).is_some_and(|m| m.ends_with("№ 4-ФЗ)")));
}

#[test]
fn repealed_points_and_articles_keep_their_numbers() {
    let texts = |line: &str| read(line).into_iter().map(|p| p.0).collect::<Vec<_>>();
    assert_eq!(texts("4) утратил силу;"), ["4)"]);
    assert_eq!(
        texts("2.1) - 2.3) утратили силу с 1 мая 2004 г.;"),
        ["2.1)", "2.2)", "2.3)"]
    );
    assert_eq!(
        texts("3 - 5. Утратили силу. - Закон от 01.02.2003 N 4."),
        ["3.", "4.", "5."]
    );
    assert_eq!(texts("6-1. Утратила силу."), ["6-1."]);
    assert_eq!(texts("б) утратил силу. - Закон от 01.02.2003 N 4"), ["б)"]);
    assert_eq!(
        texts("Статья 7. Утратила силу с 1 мая 2004 г."),
        ["Статья 7."]
    );
    assert_eq!(
        texts("Статьи 12.1-1 - 12.1-3. Утратили силу. - Закон от 01.02.2003 N 4."),
        ["Статья 12.1-1.", "Статья 12.1-2.", "Статья 12.1-3."]
    );
    assert_eq!(
        texts("Статьи 7.3 - 7.4.1. Утратили силу."),
        ["Статья 7.3.", "Статья 7.4.", "Статья 7.4.1."]
    );
}

#[test]
fn ranges_are_bounded() {
    assert_eq!(read("Части 0 - 9999999999 утратили силу.").len(), 200);
    assert!(read("1) - 9999) утратили силу;").is_empty());
    assert!(read(&format!("1) утратил силу. - {}", "я".repeat(4000))).is_empty());
}

#[test]
fn text_about_lost_force_is_text() {
    for line in [
        "2. Лицо, которое утратило право, платит.",
        "Часть товара, исключенная из списка, остаётся.",
        "1) утратил силу того довода, что был;",
        "Договор утратил силу.",
    ] {
        assert_eq!(placeholders(line), None, "{line}");
    }
}

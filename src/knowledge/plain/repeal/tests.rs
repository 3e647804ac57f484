use super::*;

fn read(text: &str, numbered: bool) -> Vec<(String, String)> {
    let found = gone(text, numbered).unwrap_or_default();
    found.into_iter().map(|g| (g.text, g.mark)).collect()
}

fn one(text: &str, numbered: bool) -> (String, String) {
    read(text, numbered).first().cloned().unwrap_or_default()
}

#[test]
fn parts_without_numbers_become_notes() {
    let note = "Часть вторая. (Утратила силу - Федеральный закон от 01.02.2003 № 4-ФЗ)";
    let text = "Часть вторая утратила силу. - Федеральный закон от 01.02.2003 N 4-ФЗ.";
    assert_eq!(one(text, false), (String::new(), note.into()));
    assert_eq!(
        one(
            "Часть вторая. - Утратила силу. (в ред. Закона от 01.02.2003 N 4-ФЗ)",
            false
        )
        .1,
        "Часть вторая. (Утратила силу - в ред. Закона от 01.02.2003 № 4-ФЗ)"
    );
    assert_eq!(
        one(
            "Утратила силу с 1 мая 2003 г. - Закон от 1 мая 2003 г. N 4-ФЗ",
            false
        )
        .1,
        "Часть. (Утратила силу с 1 мая 2003 г. - Закон от 1 мая 2003 г. № 4-ФЗ)"
    );
    assert_eq!(
        one("абзац седьмой утратил силу;", false).1,
        "абзац седьмой. (Утратил силу)"
    );
    assert_eq!(
        one(
            "Абзац. - Исключен. (в ред. Закона от 01.02.2003 N 4-ФЗ)",
            false
        )
        .1,
        "абзац. (Исключен - в ред. Закона от 01.02.2003 № 4-ФЗ)"
    );
}

#[test]
fn ranges_are_told_apart() {
    let text = "Части третья - пятая утратили силу. - Закон от 01.02.2003 N 4-ФЗ.";
    let marks = read(text, false)
        .into_iter()
        .map(|g| g.1)
        .collect::<Vec<_>>();
    assert_eq!(marks.len(), 3);
    assert!(marks[2].starts_with("Часть 5. (Утратили силу - Закон"));
    assert_eq!(read("Абзацы одиннадцатый и двенадцатый - Утратили силу. (в ред. Закона от 01.02.2003 N 4-ФЗ)", false).len(), 2);
    assert_eq!(
        read(
            "3-4. Части утратили силу. (в ред. Закона от 01.02.2003 N 4-ФЗ)",
            false
        )[1]
        .1,
        "Часть 4. (Утратили силу - в ред. Закона от 01.02.2003 № 4-ФЗ)"
    );
    let points = read(
        "1-6) пункты утратили силу. (в ред. Закона от 01.02.2003 N 4-ФЗ)",
        true,
    );
    assert_eq!(points.len(), 6);
    assert_eq!(points[5].0, "6)");
}

#[test]
fn ranges_of_labels_are_told_apart() {
    let labels = |text: &str| {
        let found = read(text, true).into_iter();
        found.map(|g| g.0).collect::<Vec<_>>()
    };
    let law = "Закон от 01.02.2003 N 4-ФЗ.";
    assert_eq!(
        labels(&format!("5 - 7. Утратили силу. - {law}")),
        ["5.", "6.", "7."]
    );
    assert_eq!(
        labels(&format!("8) - 9) утратили силу. - {law}")),
        ["8)", "9)"]
    );
    assert_eq!(
        labels(&format!("2.1 - 2.3. Утратили силу. - {law}")),
        ["2.1.", "2.2.", "2.3."]
    );
    assert_eq!(labels(&format!("2-1. Утратила силу. - {law}")), ["2-1."]);
}

#[test]
fn labels_of_their_own_stay() {
    assert_eq!(
        one("12) утратил силу;", false),
        ("12)".into(), "(Утратил силу)".into())
    );
    assert_eq!(
        one(
            "3)пункт утратил силу. (в ред. Закона от 01.02.2003 N 4-ФЗ)",
            true
        ),
        (
            "3)".into(),
            "(пункт утратил силу - в ред. Закона от 01.02.2003 № 4-ФЗ)".into()
        )
    );
    assert_eq!(
        one("25. Абзац. (Утратил силу - Указ от 01.02.2003 № 4)", true),
        (
            "25.".into(),
            "(Абзац утратил силу - Указ от 01.02.2003 № 4)".into()
        )
    );
    assert_eq!(
        one("1.1. Утратила силу с 1 мая 2003 г.", true),
        ("1.1.".into(), "(Утратила силу с 1 мая 2003 г.)".into())
    );
    assert_eq!(
        one(
            "3. Часть утратила силу. (в ред. Закона от 01.02.2003 N 4-ФЗ)",
            true
        )
        .0,
        "3."
    );
    assert_eq!(
        one(
            "3. Часть утратила силу. (в ред. Закона от 01.02.2003 N 4-ФЗ)",
            false
        )
        .1,
        "Часть 3. (Утратила силу - в ред. Закона от 01.02.2003 № 4-ФЗ)"
    );
    assert_eq!(
        of_article("Утратила силу. - Закон от 01.02.2003 N 4-ФЗ.").as_deref(),
        Some("(Утратила силу - Закон от 01.02.2003 № 4-ФЗ)")
    );
}

#[test]
fn sentences_are_no_repeals() {
    for text in [
        "Договор, который утратил силу, не действует.",
        "Сад исключен из списка садов.",
        "Часть вторая сада утратила листву.",
    ] {
        assert_eq!(gone(text, false), None, "{text}");
    }
}

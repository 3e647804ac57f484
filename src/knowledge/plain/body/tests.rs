use super::*;

fn read(lines: &[&str]) -> Vec<String> {
    let kept = lines
        .iter()
        .map(|l| Kept {
            text: (*l).to_owned(),
            news: Vec::new(),
        })
        .collect::<Vec<_>>();
    let found = blocks(&kept, true, &mut Vec::new()).into_iter();
    found
        .map(|b| format!("{}|{}|{}", b.class, b.text, b.marks.join("+")))
        .collect()
}

#[test]
fn headings_notes_and_repeals_find_their_place() {
    let found = read(&[
        "Глава 1. САДЫ",
        "И ОГОРОДЫ",
        "(в ред. Закона от 01.02.2003 N 4-ФЗ)",
        "Статья 1. Сад (в ред. Закона от 01.02.2003 N 4-ФЗ)",
        "Сад цветёт.",
        "Часть вторая утратила силу. - Закон от 01.02.2003 N 4-ФЗ.",
        "Статья 2. Утратила силу. - Закон от 01.02.2003 N 4-ФЗ.",
        "Статья 3. Пруд",
        "1.Рыбы плавают:",
        "1)карпы;",
        "2. Часть утратила силу. (в ред. Закона от 01.02.2003 N 4-ФЗ)",
    ]);
    let law = "Закон от 01.02.2003 № 4-ФЗ";
    assert_eq!(
        found,
        [
            "H|Глава 1. САДЫ И ОГОРОДЫ|(в ред. Закона от 01.02.2003 № 4-ФЗ)".to_owned(),
            "H|Статья 1. Сад|(в ред. Закона от 01.02.2003 № 4-ФЗ)".to_owned(),
            "|Сад цветёт.|".to_owned(),
            format!("||Часть вторая. (Утратила силу - {law})"),
            format!("H|Статья 2.|(Утратила силу - {law})"),
            "H|Статья 3. Пруд|".to_owned(),
            "|1. Рыбы плавают:|".to_owned(),
            "|1) карпы;|".to_owned(),
            "|2.|(Часть утратила силу - в ред. Закона от 01.02.2003 № 4-ФЗ)".to_owned(),
        ]
    );
}

#[test]
fn spaces_of_links_go() {
    assert_eq!(tidy("сад ( статья 5 ) , дом ."), "сад (статья 5), дом.");
}

#[test]
fn labels_get_their_space() {
    assert_eq!(spaced("1.1.Сад"), "1.1. Сад");
    assert_eq!(spaced("б)сад"), "б) сад");
    assert_eq!(spaced("12) сад"), "12) сад");
    assert_eq!(spaced("3. 5 садов"), "3. 5 садов");
}

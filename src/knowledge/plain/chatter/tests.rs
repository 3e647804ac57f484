use super::*;

fn sift(lines: &[&str]) -> (Vec<Kept>, usize) {
    let paragraphs = lines.iter().map(|l| Paragraph::plain(l)).collect();
    let mut removed = Vec::new();
    let kept = take_out(paragraphs, &mut removed);
    (kept, removed.len())
}

#[test]
fn notes_go_and_facts_stay() {
    let (kept, removed) = sift(&[
        "Информация об изменениях:",
        "Статья 1 изменена с 1 мая 2020 г. - Федеральный закон от 1 мая 2020 г. N 5-ФЗ",
        "См. предыдущую редакцию",
        "Статья 1. Сад",
        "ГАРАНТ:",
        "См. заметки о садах",
        "О прудах см. письмо Минсада РФ",
        "Сад цветёт.",
        "Информация об изменениях:",
        "Пункт 2 изменен с 1 мая 2030 г. - Федеральный закон от 2 мая 2020 г. N 6-ФЗ",
        "См. будущую редакцию",
        "2) пруд;",
    ]);
    let texts = kept.iter().map(|k| k.text.as_str()).collect::<Vec<_>>();
    assert_eq!(texts, ["Статья 1. Сад", "Сад цветёт.", "2) пруд;"]);
    assert_eq!(
        kept[0].news,
        ["(Изменение - Федеральный закон от 01.05.2020 № 5-ФЗ)"]
    );
    assert!(kept[2].news.is_empty());
    assert_eq!(removed, 9);
}

#[test]
fn a_note_of_the_other_publisher_is_one_paragraph_or_one_box() {
    let (kept, removed) = sift(&[
        "КонсультантПлюс: примечание.",
        "Ч. 4 ст. 1 применяется с 01.07.2025.",
        "4. Садовник обязан.",
    ]);
    assert_eq!((kept.len(), removed), (1, 2));
    let boxed = |text: &str, cell| Paragraph {
        text: text.to_owned(),
        cell,
    };
    let mut out = Vec::new();
    let kept = take_out(
        vec![
            boxed("КонсультантПлюс: примечание.", 3),
            boxed("Раз.", 3),
            boxed("Два.", 3),
            boxed("4. Садовник.", 0),
        ],
        &mut out,
    );
    assert_eq!((kept.len(), out.len()), (1, 3));
}

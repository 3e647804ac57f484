use super::super::line::Cell;
use super::*;

fn line(style: &str, text: &str) -> Line {
    Line {
        text: text.to_owned(),
        style: style.to_owned(),
        is_heading: style.starts_with("heading"),
        ..Line::default()
    }
}

fn laid(lines: Vec<Line>) -> Laid {
    lay(Document {
        lines,
        ..Document::default()
    })
}

fn shown(laid: &Laid) -> Vec<String> {
    let one = |b: &Block| format!("{}|{}|{}", b.class, b.text, b.marks.join(" "));
    laid.blocks.iter().map(one).collect()
}

fn count(laid: &Laid, why: RemovedWhy) -> usize {
    laid.removed.iter().filter(|r| r.why == why).count()
}

#[test]
fn consultant_notes_go_to_the_block_they_stand_at() {
    let body = "consplusnormal";
    let got = laid(vec![
        line("consplustitle", "Глава 1. ОБЩЕЕ"),
        line("consplustitle", "И ЧАСТНОЕ"),
        line(body, "(в ред. Федеральных законов от 01.02.2003 N 4-ФЗ,"),
        line(body, "от 02.03.2004 N 5-ФЗ)"),
        line("", ""),
        line("consplustitle", "Статья 1. Название"),
        line("", ""),
        line(body, "Первая часть."),
        line(
            body,
            "(часть первая в ред. Федерального закона от 01.02.2003 N 4-ФЗ)",
        ),
        line(
            body,
            "Часть вторая утратила силу. - Федеральный закон от 01.02.2003 N 4-ФЗ.",
        ),
        line(body, "КонсультантПлюс: примечание."),
        line(body, "О другом см. письмо."),
        line(body, "(скобки в тексте)"),
    ]);
    assert_eq!(
        shown(&got),
        [
            "H|Глава 1. ОБЩЕЕ И ЧАСТНОЕ|(в ред. Федеральных законов от 01.02.2003 № 4-ФЗ, от 02.03.2004 № 5-ФЗ)",
            "H|Статья 1. Название|",
            "|Первая часть.|(часть первая в ред. Федерального закона от 01.02.2003 № 4-ФЗ)",
            "||Часть вторая. (Утратила силу - Федеральный закон от 01.02.2003 № 4-ФЗ)",
            "|(скобки в тексте)|",
        ]
    );
    assert_eq!(count(&got, RemovedWhy::EditorsNote), 2);
    assert_eq!(count(&got, RemovedWhy::AmendmentNote), 3);
}

#[test]
fn garant_versions_become_notes_of_what_follows() {
    let version = "информация о версии";
    let got = laid(vec![
        line("heading 1", "Лесной кодекс от 3 мая 2004 г. N 5-ФЗ (ЛК)"),
        line(
            "информация об изменениях",
            "С изменениями и дополнениями от:",
        ),
        line("информация об изменениях", "4 июня 2005 г."),
        line("", "Принят Думой 1 мая 2004 года"),
        line(version, "Информация об изменениях:"),
        line(
            version,
            "Статья 1 изменена с 1 июля 2005 г. - Федеральный закон от 4 июня 2005 г. N 6-ФЗ",
        ),
        line("заголовок статьи", "Статья 1. Название"),
        line("комментарий", "ГАРАНТ:"),
        line("комментарий", "См. схему"),
        line(version, "Информация об изменениях:"),
        line(
            version,
            "Часть 1 изменена с 1 июля 2099 г. - Федеральный закон от 4 июня 2098 г. N 7-ФЗ",
        ),
        line(version, "См. будущую редакцию"),
        line("", "Первая часть."),
    ]);
    assert_eq!(
        shown(&got),
        [
            "C||(С изменениями и дополнениями от: 4 июня 2005 г.)",
            "T|Лесной кодекс|",
            "I|от 3 мая 2004 г. N 5-ФЗ (ЛК)|",
            "I|Принят Думой 1 мая 2004 года|",
            "H|Статья 1. Название|(В редакции Федерального закона от 04.06.2005 № 6-ФЗ)",
            "|Первая часть.|",
        ]
    );
    assert_eq!(count(&got, RemovedWhy::EditorsNote), 7);
    assert_eq!(count(&got, RemovedWhy::AmendmentNote), 2);
}

#[test]
fn signatures_are_joined_and_heads_are_kept_apart() {
    let right = |text: &str| Line {
        align: Align::End,
        ..line("", text)
    };
    let cell = |text: &str, column| Line {
        cell: Some(Cell {
            table: 1,
            row: 1,
            column,
        }),
        ..line("", text)
    };
    let centre = |text: &str| Line {
        align: Align::Center,
        ..line("", text)
    };
    let got = laid(vec![
        cell("3 мая 2004 года", 1),
        cell("N 5-ФЗ", 2),
        centre("ВОДНЫЙ КОДЕКС"),
        centre("ЧАСТЬ ПЕРВАЯ"),
        right("Принят"),
        right("Думой"),
        line("", ""),
        centre("Раздел I. ОБЩЕЕ"),
        line("", "Статья 1. Название"),
        line("", "Президент решает."),
        line("", "Президент"),
        line("", "Российской Федерации"),
        line("", "А.БУКВИН"),
    ]);
    assert_eq!(
        shown(&got),
        [
            "I|3 мая 2004 года N 5-ФЗ|",
            "T|ВОДНЫЙ КОДЕКС ЧАСТЬ ПЕРВАЯ|",
            "I|Принят Думой|",
            "T|Раздел I. ОБЩЕЕ|",
            "H|Статья 1. Название|",
            "|Президент решает.|",
            "I|Президент Российской Федерации А.БУКВИН|",
        ]
    );
}

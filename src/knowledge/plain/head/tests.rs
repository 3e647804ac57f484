use super::*;

fn read(lines: &[&str]) -> (Vec<(String, String)>, usize) {
    let kept = lines
        .iter()
        .map(|l| Kept {
            text: (*l).to_owned(),
            news: Vec::new(),
        })
        .collect::<Vec<_>>();
    let mut removed = Vec::new();
    let found = blocks(&kept, &mut removed).into_iter();
    let seen = found.map(|b| (b.class, b.text + &b.marks.join(" ")));
    (
        seen.collect(),
        removed
            .iter()
            .filter(|r| r.why != RemovedWhy::AmendmentNote)
            .count(),
    )
}

#[test]
fn heads_of_all_kinds_are_read() {
    let (found, removed) = read(&[
        "КОДЕКС САДОВ",
        "Кодекс садов",
        "Принят",
        "Садовой Думой",
        "21 декабря 2001 года",
        "(в ред. Законов от 01.02.2003 N 4-ФЗ, от 05.06.2007 N 8-ФЗ)",
        "30 декабря 2001 г. N 197-ФЗ",
    ]);
    let pair = |c: &str, t: &str| (c.to_owned(), t.to_owned());
    assert_eq!(
        found,
        [
            pair("T", "КОДЕКС САДОВ"),
            pair("I", "Принят Садовой Думой 21 декабря 2001 года"),
            pair(
                "C",
                "(в ред. Законов от 01.02.2003 № 4-ФЗ, от 05.06.2007 № 8-ФЗ)"
            ),
            pair("P", "30 декабря 2001 г. № 197-ФЗ"),
        ]
    );
    assert_eq!(removed, 1);
}

#[test]
fn a_publishers_title_is_taken_apart() {
    let (found, removed) = read(&[
        "Кодекс садов от 30 декабря 2001 г. N 7-ФЗ (КС РФ) (с изменениями и дополнениями)",
        "Закон от 27.11.2018 N 9-ФЗ \"О прудах\"",
        "С изменениями и дополнениями от:",
        "С изменениями и дополнениями от:",
        "24 июля 2002 г., 30 июня 2003 г.",
    ]);
    let texts = found
        .iter()
        .map(|(c, t)| format!("{c} {t}"))
        .collect::<Vec<_>>();
    assert_eq!(
        texts,
        [
            "T Кодекс садов",
            "P от 30 декабря 2001 г. № 7-ФЗ (КС РФ)",
            "P Закон от 27.11.2018 № 9-ФЗ",
            "T \"О прудах\"",
            "C (С изменениями и дополнениями от: 24 июля 2002 г., 30 июня 2003 г.)",
        ]
    );
    // The doubled line of days is part of the note.
    assert_eq!(removed, 1);
}

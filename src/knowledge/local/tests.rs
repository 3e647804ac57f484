use super::*;
use crate::knowledge::split;
use crate::law::LocalKind;
use jiff::civil::date;

const FROM: Date = date(2026, 1, 1);

fn read(text: &str) -> ParsedAct {
    let id = ActId::of_local(LocalKind::CollectiveAgreement, "ab", LocalUnit::Point).unwrap();
    read_local(text.as_bytes(), "договор.txt", &id, FROM).unwrap()
}

fn labels(act: &ParsedAct) -> Vec<String> {
    let cited = act.nodes.iter().filter_map(|n| n.citation.as_ref());
    let id = format!("{}:", act.act);
    cited
        .map(|c| c.to_string().trim_start_matches(&id).to_owned())
        .collect()
}

const AGREEMENT: &str = "Коллективный договор
завода «Луч»
г. Учебный, 2026 год
1. Общие положения
1.1. Договор заключили завод и его работники.
1.2. Договор действует три года.
2. Отпуска
2.1. Сверх основного отпуска работнику дают:
2.1.1. три дня за работу в горячем цехе;
2.1.2. два дня за свадьбу.
2.2. День отпуска выбирают так:
а) по графику;
б) по просьбе.
Просьбу пишут за неделю.
ПОДПИСИ СТОРОН
От работодателя ____________ П.П. Петров
Приложение № 1
к Коллективному договору
Перечень цехов
1. Литейный цех.
2. Прокатный цех.
";

#[test]
fn sections_points_subpoints_and_annexes_are_read() {
    let act = read(AGREEMENT);
    assert_eq!(act.act.as_str(), "local-agreement-ab");
    assert_eq!(
        labels(&act),
        [
            "1.1", "1.2", "2.1", "2.1.1", "2.1.2", "2.2", "2.2:a", "2.2:b", "2.2:b:p2", "a1",
            "a1:p1", "a1:1", "a1:2"
        ]
    );
    assert_eq!((act.headings, act.duplicates.len()), (8, 0));
    let point = |label: &str| {
        let citation = format!("{}:{label}", act.act).parse().unwrap();
        act.node(&citation).unwrap()
    };
    assert_eq!(
        point("2.1.2").path,
        [
            "Раздел 2. Отпуска",
            "Сверх основного отпуска работнику дают"
        ]
    );
    assert_eq!(
        point("2.2").text,
        "2.2. День отпуска выбирают так:\nа) по графику;\nб) по просьбе.\nПросьбу пишут за неделю."
    );
    assert!(act.account.lost.is_empty(), "{:?}", act.account);
    let passages = split(&act);
    let titles: Vec<&str> = passages.iter().map(|p| p.title.as_str()).collect();
    assert!(titles.contains(&"Пункт 1.2. Раздел 1. Общие положения"));
    assert!(titles.contains(&"Пункт 2.1.2. Сверх основного отпуска работнику дают"));
    assert!(!passages.iter().any(|p| p.text.contains("Петров")));
}

#[test]
fn sections_that_count_from_one_belong_to_the_citation() {
    let act = read(
        "Правила завода\nI. Общее\n1. Правила для всех.\n2. Правила вывешивают.\nII. Время\n1. Смена длится восемь часов.\n2. Перерыв длится час.\n",
    );
    assert_eq!(labels(&act), ["s1:1", "s1:2", "s2:1", "s2:2"]);
}

#[test]
fn articles_are_read_as_in_a_law() {
    let act = read(
        "Соглашение\nСтатья 1. Общее\nСоглашение действует в отрасли.\nЕго соблюдают все.\nСтатья 2. Оплата\nПлатят дважды в месяц.\n",
    );
    assert_eq!(act.act.as_str(), "local-agreement-ab-st");
    assert_eq!(labels(&act), ["1", "1:1", "1:2", "2", "2:1"]);
}

#[test]
fn where_nothing_is_numbered_paragraphs_are_counted() {
    let act = read(
        "ДОГОВОР ЗАВОДА\nРаботникам дают подарки к празднику.\nОТПУСКА\nЗа свадьбу дают два дня.\n",
    );
    assert_eq!(act.act.as_str(), "local-agreement-ab-p");
    assert_eq!(labels(&act), ["1", "2"]);
    let passages = split(&act);
    assert!(passages.iter().any(|p| p.title == "Абзац 2. ОТПУСКА"));
    assert!(act.account.lost.is_empty(), "{:?}", act.account);
}

#[test]
fn a_section_without_numbers_counts_its_paragraphs() {
    let act = read(
        "Договор\nРаздел 1. Общее\nДоговор действует год.\nРаздел 2. Отпуска\nЗа свадьбу дают два дня.\n",
    );
    assert_eq!(labels(&act), ["s1", "s1:p1", "s2", "s2:p1"]);
    let cited = split(&act).into_iter().map(|p| p.citation.russian());
    assert!(cited.eq([
        "раздел 1 Коллективного договора",
        "раздел 2 Коллективного договора"
    ]));
}

#[test]
fn figures_and_dates_open_no_points() {
    let act = read(
        "1. Срок\n1.1. Договор действует\n3 года с 1 января.\n01.02.2026 его меняют.\n1.2. Платят:\n1. аванс;\n2. расчёт.\n",
    );
    assert_eq!(labels(&act)[0], "1.1");
    assert!(!labels(&act).contains(&"3".to_owned()));
    assert!(labels(&act).contains(&"1.2".to_owned()));
}

#[test]
fn a_file_without_text_and_an_id_of_the_law_are_refused() {
    let id = ActId::of_local(LocalKind::InternalRules, "ab", LocalUnit::Point).unwrap();
    let refused =
        |bytes: &[u8], id: &ActId| read_local(bytes, "x.txt", id, FROM).unwrap_err().code();
    assert_eq!(refused(b" \n ", &id), "empty");
    assert_eq!(refused("1. 2. 3.".as_bytes(), &id), "empty");
    let law = ActId::tk();
    assert_eq!(
        refused("Договор завода с работниками.".as_bytes(), &law),
        "contradiction"
    );
}

#[test]
fn a_page_that_a_word_processor_saved_is_read_whole() {
    let id = ActId::of_local(LocalKind::CollectiveAgreement, "ab", LocalUnit::Point).unwrap();
    let html = "<html><head><title>Договор</title><style>p{}</style></head><body><h1>1. Отпуска</h1><ul><li>1.1. Дают два дня за свадьбу.</li></ul><div>1.2. Дают день за переезд.</div></body></html>";
    let act = read_local(html.as_bytes(), "договор.html", &id, FROM).unwrap();
    assert_eq!(labels(&act), ["1.1", "1.2"]);
}

use super::*;

fn refs(text: &str) -> Vec<String> {
    find_references(text, &ActId::tk())
        .into_iter()
        .map(|r| r.citation.to_string())
        .collect()
}

#[test]
fn usual_spellings_of_one_norm_agree() {
    for text in [
        "ст. 81 ч. 1 п. 6",
        "п. 6 ч. 1 ст. 81 ТК РФ",
        "п.6 ч.1 ст.81 ТК",
        "пункт 6 части первой статьи 81 Трудового кодекса Российской Федерации",
        "статья 81, часть 1, пункт 6",
        "по пункту 6 части 1 81 статьи",
        "п. 6 cт. 81",
    ] {
        assert_eq!(refs(text), ["tk:81:1:6"], "{text}");
    }
}

#[test]
fn subpoints_are_read_with_and_without_quotes() {
    for text in [
        "пп. «а» п. 6 ч. 1 ст. 81",
        "подпункт а пункта 6 части первой статьи 81",
        "подп. \"а\" п. 6 ст. 81 ТК РФ",
        "подпунктом «а» пункта 6 части первой статьи 81",
    ] {
        assert_eq!(refs(text), ["tk:81:1:6:a"], "{text}");
    }
    assert_eq!(refs("пп. 1 и 2 ч. 1 ст. 77"), ["tk:77:1:1", "tk:77:1:2"]);
    assert_eq!(refs("п. \"в\" ч. 1 ст. 81"), ["tk:81:1::v"]);
    // Articles and parts have numbers: found by a fuzzer, which could not read «tk:v» again.
    assert_eq!(refs("81 ч. лет6 ст. «в» К"), Vec::<String>::new());
    assert_eq!(refs("часть «а» статьи 81"), ["tk:81"]);
}

#[test]
fn inserted_articles_keep_their_index() {
    assert_eq!(refs("статья 312-1"), ["tk:312.1"]);
    assert_eq!(refs("по ст. 312.1."), ["tk:312.1"]);
    assert_eq!(refs("ст. 348.11-1"), ["tk:348.11-1"]);
    assert_eq!(refs("статья 312¹"), ["tk:312.1"]);
    assert_eq!(refs("удалёнка, 312.1"), ["tk:312.1"]);
}

#[test]
fn lists_give_every_article() {
    assert_eq!(refs("статьи 80 и 81"), ["tk:80", "tk:81"]);
    assert_eq!(refs("ст.ст. 80, 81"), ["tk:80", "tk:81"]);
    assert_eq!(refs("статьями 80–82"), ["tk:80", "tk:81", "tk:82"]);
    assert_eq!(refs("ст. 80, ч. 1 ст. 81"), ["tk:80", "tk:81:1"]);
    assert_eq!(
        refs("частями первой и второй статьи 392"),
        ["tk:392:1", "tk:392:2"]
    );
    assert_eq!(refs("ч. 1 ст. 80 и 81"), ["tk:80:1", "tk:81"]);
}

#[test]
fn ordinal_words_and_paragraphs_are_read() {
    assert_eq!(refs("ч.2 ст.392"), ["tk:392:2"]);
    assert_eq!(refs("часть двадцать первая статьи 65"), ["tk:65:21"]);
    assert_eq!(
        refs("абзац третий части второй статьи 391"),
        ["tk:391:2:p3"]
    );
    assert_eq!(refs("абз. 4 ч. 3 ст. 391"), ["tk:391:3:p4"]);
}

#[test]
fn other_acts_are_named() {
    assert_eq!(refs("ст. 131 ГПК"), ["gpk:131"]);
    assert_eq!(refs("ст. 131 и ст. 132 ГПК РФ"), ["gpk:131", "gpk:132"]);
    assert_eq!(refs("ст. 5.27 КоАП"), ["koap:5.27"]);
    assert_eq!(refs("№ 10-ФЗ ст. 30"), ["fz-10:30"]);
    assert_eq!(
        refs("статья 30 Федерального закона от 12.01.1996 № 10-ФЗ"),
        ["fz-10:30"]
    );
    assert_eq!(refs("ст. 1064 ГК РФ"), ["gk-2:1064"]);
    assert_eq!(refs("ст. 145.1 УК и ст. 142 ТК"), ["uk:145.1", "tk:142"]);
    assert_eq!(
        refs("п. 23 постановления Пленума ВС РФ от 17.03.2004 № 2"),
        ["pvs-2-2004:23"]
    );
    assert_eq!(refs("ст. 25 закона о профсоюзах"), ["fz-10:25"]);
    assert_eq!(refs("ст. 37 Конституции"), ["konst:37"]);
    assert!(refs("ст. 5 Закона о ветеранах").is_empty());
}

#[test]
fn a_bare_number_counts_only_before_its_code() {
    assert_eq!(refs("уволили по 77 ТК РФ"), ["tk:77"]);
    assert_eq!(refs("81 статья"), ["tk:81"]);
    assert_eq!(refs("по 81-й статье"), ["tk:81"]);
    assert!(refs("у нас 81 человек").is_empty());
}

#[test]
fn dates_sums_and_terms_are_no_references() {
    for text in [
        "уволен 12.05.2024",
        "долг 312.1 руб.",
        "28 дней отпуска",
        "22.1 смены",
        "пункт выдачи 5",
        "часть 2 отпуска",
        "1,5 ставки",
        "в 2024 году",
        "до 10.12",
        "197-ФЗ",
        "глава 49.1",
    ] {
        assert!(refs(text).is_empty(), "{text}: {:?}", refs(text));
    }
    assert_eq!(refs("по ст. 392, 3 месяца прошло"), ["tk:392"]);
    assert_eq!(refs("ст. 80 от 12.05.2024"), ["tk:80"]);
}

#[test]
fn places_are_counted_in_characters() {
    let found = find_references("Приказ по п. 6 ч. 1 ст. 81 ТК РФ незаконен", &ActId::tk());
    assert_eq!((found[0].start, found[0].end), (10, 32));
    assert_eq!(found[0].text, "п. 6 ч. 1 ст. 81 ТК РФ");
}

#[test]
fn notes_behind_an_article_are_read() {
    for (text, wanted) in [
        ("примечание 2 к ст. 145.1 УК РФ", "uk:145.1:n2"),
        ("примечанием к статье 143 УК РФ", "uk:143:n1"),
        ("п. 2 примечаний к ст. 13.11 КоАП РФ", "koap:13.11:n2"),
        ("п. 3 примечания 1 к ст. 2.1 КоАП РФ", "koap:2.1:n1:3"),
        ("п. 3 примечания к ст. 2.1 КоАП РФ", "koap:2.1:n1:3"),
    ] {
        assert_eq!(refs(text), [wanted], "{text}");
        let citation: Citation = wanted.parse().unwrap();
        assert_eq!(refs(&citation.russian()), [wanted]);
    }
    // All notes of an article are no single one, and a note to something else is no norm.
    assert_eq!(refs("примечаний к статье 143 УК"), ["uk:143"]);
    assert!(refs("примечание 2 к договору").is_empty());
    assert!(refs("примечание 2").is_empty());
    let chain = "примечание к ".repeat(50_000);
    assert_eq!(refs(&format!("{chain}ст. 143 УК")), ["uk:143:n1"]);
}

#[test]
fn points_of_decrees_orders_and_their_annexes_are_read() {
    for (text, wanted) in [
        (
            "п. 46 приложения № 1 к постановлению Правительства РФ от 24.12.2021 № 2464",
            "pp-2464-2021:a1:46",
        ),
        (
            "пункт 8.1 формы N 2 приложения N 2 к приказу Минтруда России от 20.04.2022 N 223н",
            "order-mintrud-223n-2022:a2:f2:8.1",
        ),
        (
            "приложение № 3 к приложению № 1 к приказу Минтруда России № 33н (2014 г.)",
            "order-mintrud-33n-2014:a1:a3",
        ),
        (
            "пункт 5 Указа Президента РФ от 18.07.2005 № 813",
            "ukaz-813-2005:5",
        ),
        (
            "пункт 2 постановления Правительства РФ от 24.12.2021 № 2464",
            "pp-2464-2021:2",
        ),
    ] {
        assert_eq!(refs(text), [wanted], "{text}");
        let citation: Citation = wanted.parse().unwrap();
        assert_eq!(refs(&citation.russian()), [wanted]);
    }
    assert!(refs("приложение № 3 к договору").is_empty());
}

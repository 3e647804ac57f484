use soyuznik::knowledge::{EditionBasis, NodeKind, ParsedAct, read};

use super::small_law;
use crate::skip;

const TK_2025: &str = "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html";
const TK_2023: &str = "acts/tk/tk_rf_red-2023-08-04_ips_nd102074279.html";

fn corpus_bytes(test: &str, path: &str) -> Option<Vec<u8>> {
    skip::corpus(test, path).map(|file| std::fs::read(file).unwrap())
}

/// Headings, bodies, chapters, sections, edition.
fn counts(act: &ParsedAct) -> (usize, usize, usize, usize, String) {
    (
        act.headings,
        act.with_body,
        act.chapters,
        act.sections,
        act.edition.to_string(),
    )
}

/// Every line of the cleaned text is the beginning of one node, so nothing is lost between them.
fn assert_tiled(act: &ParsedAct) {
    let mut starts = act
        .nodes
        .iter()
        .filter(|n| n.start < n.end)
        .map(|n| n.start)
        .collect::<Vec<_>>();
    assert!(starts.is_sorted());
    starts.dedup();
    let chars = act.text.chars().collect::<Vec<_>>();
    let ends = starts[1..].iter().map(|s| s - 1).chain([chars.len()]);
    let leads = starts
        .iter()
        .zip(ends)
        .map(|(a, b)| chars[*a..b].iter().collect::<String>())
        .collect::<Vec<_>>();
    assert_eq!(leads.join("\n"), act.text);
    assert!(leads.iter().all(|l| !l.contains('\n')));
}

#[test]
fn both_portal_forms_of_the_code_give_their_known_counts() {
    let test = "both_portal_forms_of_the_code_give_their_known_counts";
    for (path, expected) in [
        (TK_2023, (529, 524, 70, 14, "2023-08-04".to_owned())),
        (TK_2025, (538, 533, 70, 14, "2025-12-29".to_owned())),
    ] {
        let Some(bytes) = corpus_bytes(test, path) else {
            return;
        };
        let act = read(&bytes, path).unwrap();
        assert_eq!(counts(&act), expected);
        assert_eq!(
            (
                act.act.as_str(),
                act.number.as_str(),
                act.adopted.to_string().as_str()
            ),
            ("tk", "197-ФЗ", "2001-12-30")
        );
        assert_eq!(act.edition_basis, EditionBasis::AmendmentNotes);
        assert!(act.gaps.is_empty() && act.duplicates.is_empty() && act.unparsed.is_empty());
        assert!(
            !act.text.contains("(В редакции")
                && !act.text.contains("Президент Российской Федерации  ")
        );
        assert_tiled(&act);
    }
}

#[test]
fn labels_follow_the_rules_of_the_code() {
    let Some(bytes) = corpus_bytes("labels_follow_the_rules_of_the_code", TK_2025) else {
        return;
    };
    let act = read(&bytes, "tk").unwrap();
    let text = |c: &str| act.node(&c.parse().unwrap()).map(|n| n.text.clone());
    assert!(text("tk:81:1:6:a").unwrap().starts_with("а) прогула"));
    assert!(text("tk:81:1:7.1").unwrap().starts_with("7.1) "));
    assert!(text("tk:391:3:p4").unwrap().starts_with("лиц, считающих"));
    assert!(text("tk:413:1::a").unwrap().starts_with("а) в периоды"));
    // Days of a list are its items; the code itself calls the last part of the article its fifth.
    assert!(text("tk:112:1:p6").unwrap().starts_with("1 мая"));
    assert!(text("tk:112:5").is_some() && text("tk:112:6").is_none());
    assert!(text("tk:312.1").unwrap().starts_with("Статья 312.1. "));
    assert!(text("tk:348.11-1:1").is_some());
    assert!(act.node(&"tk:81:1:12".parse().unwrap()).unwrap().repealed);
    let article = act.node(&"tk:81".parse().unwrap()).unwrap();
    assert!(article.text.contains(&text("tk:81:7").unwrap()));
    assert_eq!(article.path.len(), 3);
    assert_eq!(act.articles().filter(|n| n.title.is_none()).count(), 5);
    assert!(
        act.articles()
            .filter(|n| n.title.is_none())
            .all(|n| n.repealed)
    );
}

#[test]
fn other_acts_of_the_portal_are_read_in_their_own_form() {
    let test = "other_acts_of_the_portal_are_read_in_their_own_form";
    for (path, act_id, expected) in [
        (
            "acts/other/fz_10_1996-01-12_red-2026-02-20_ips_nd102039060.html",
            "fz-10",
            (33, 33, 6, 0, "2026-02-20".to_owned()),
        ),
        (
            "acts/other/fz_426_2013-12-28_red-2023-07-24_ips_nd102170672.html",
            "fz-426",
            (28, 28, 4, 0, "2023-07-24".to_owned()),
        ),
        (
            "acts/other/fz_82_2000-06-19_red-2025-11-28_ips_nd102066375.html",
            "fz-82",
            (9, 9, 0, 0, "2025-11-28".to_owned()),
        ),
        (
            "acts/other/gpk_rf_ips_nd102078828.html",
            "gpk",
            (498, 483, 51, 7, "2023-06-24".to_owned()),
        ),
        (
            "acts/other/konstitutsiya_rf_ips_nd102027595.html",
            "konst",
            (142, 142, 9, 2, "2022-10-04".to_owned()),
        ),
        (
            "acts/other/kzot_rsfsr_1971_ips_nd102010128.html",
            "kzot-1971",
            (256, 256, 18, 0, "1971-12-09".to_owned()),
        ),
    ] {
        let Some(bytes) = corpus_bytes(test, path) else {
            return;
        };
        let act = read(&bytes, path).unwrap();
        assert_eq!((act.act.as_str(), counts(&act)), (act_id, expected));
        assert_tiled(&act);
    }
}

#[test]
fn acts_of_points_and_laws_that_quote_others_lose_no_line() {
    let test = "acts_of_points_and_laws_that_quote_others_lose_no_line";
    for (path, points) in [
        ("acts/other/fz_311_2021-07-02_izm_v_tk_ips.docx", 26),
        ("acts/other/pp_rf_2464_2021-12-24_obuchenie_po_ot.pdf", 137),
        (
            "acts/other/prikaz_mintrud_223n_2022-04-20_red-2024-04-25_consultant.pdf",
            282,
        ),
        (
            "acts/other/pvs_2_2004-03-17_red-2015-11-24_consultant.docx",
            64,
        ),
        (
            "acts/other/ukaz_813_2005-07-18_komandirovki_gossluzhba_asof-2026-04-09.md",
            44,
        ),
    ] {
        let Some(bytes) = corpus_bytes(test, path) else {
            return;
        };
        let act = read(&bytes, path).unwrap();
        assert_tiled(&act);
        assert_eq!(
            act.nodes
                .iter()
                .filter(|n| n.kind == NodeKind::Point)
                .count(),
            points,
            "{path}"
        );
        let mut cited = act.nodes.iter().filter_map(|n| n.citation.as_ref());
        let mut seen = std::collections::BTreeSet::new();
        assert!(cited.all(|c| seen.insert(c.to_string())), "{path}");
        for citation in seen {
            citation.parse::<soyuznik::law::Citation>().unwrap();
        }
    }
}

#[test]
fn a_plenum_has_sixty_four_points_and_a_form_numbers_anew() {
    let test = "a_plenum_has_sixty_four_points_and_a_form_numbers_anew";
    let plenum = "acts/other/pvs_2_2004-03-17_red-2015-11-24_consultant.docx";
    let order = "acts/other/prikaz_mintrud_223n_2022-04-20_red-2024-04-25_consultant.pdf";
    let (Some(plenum), Some(order)) = (corpus_bytes(test, plenum), corpus_bytes(test, order))
    else {
        return;
    };
    let plenum = read(&plenum, "plenum.docx").unwrap();
    let starts = |act: &ParsedAct, citation: &str, words: &str| {
        let node = act.node(&citation.parse().unwrap());
        node.is_some_and(|n| n.text.starts_with(words))
    };
    assert!(starts(&plenum, "pvs-2-2004:60", "60. Работник"));
    assert!(starts(&plenum, "pvs-2-2004:22:b:p2", "Если заявление"));
    assert!(starts(&plenum, "pvs-2-2004:34:g", "г) к отпуску"));
    assert!(
        plenum
            .node(&"pvs-2-2004:1:p4".parse().unwrap())
            .unwrap()
            .repealed
    );
    let order = read(&order, "order.pdf").unwrap();
    for (citation, words) in [
        ("order-mintrud-223n-2022:1", "1. Утвердить"),
        ("order-mintrud-223n-2022:a1:20.1", "20.1. При"),
        ("order-mintrud-223n-2022:a1:5:p2", "При несчастных"),
        ("order-mintrud-223n-2022:a2:f2:1", "1. Дата"),
        ("order-mintrud-223n-2022:a2:f8:1", "1. Фамилия"),
    ] {
        assert!(starts(&order, citation, words), "{citation}");
    }
}

#[test]
fn a_numbered_law_keeps_its_numbers() {
    let act = read(small_law(3).as_bytes(), "law.html").unwrap();
    assert_eq!(
        (
            act.act.as_str(),
            act.title.as_str(),
            act.adopted.to_string().as_str()
        ),
        ("fz-999", "О пробах", "2020-05-05")
    );
    assert_eq!(act.edition_basis, EditionBasis::Adoption);
    let labels = act
        .nodes
        .iter()
        .filter_map(|n| n.citation.as_ref())
        .map(ToString::to_string)
        .collect::<Vec<_>>();
    assert_eq!(
        labels[..4],
        ["fz-999:1", "fz-999:1:1", "fz-999:1:1:1", "fz-999:1:1:2"]
    );
    assert_eq!(
        act.nodes
            .iter()
            .filter(|n| n.kind == NodeKind::Chapter)
            .count(),
        1
    );
    assert_tiled(&act);
}

#[test]
fn a_declared_charset_may_lie() {
    let html = small_law(2).replace("<body>", "<body><meta charset=\"utf-8\">");
    let bytes = encoding_rs::WINDOWS_1251.encode(&html).0;
    assert_eq!(read(&bytes, "law.html").unwrap().title, "О пробах");
}

#[test]
fn what_is_not_a_whole_law_is_refused_with_a_remedy() {
    let law = small_law(40);
    let cut = &law[..law.find("Статья 30.").unwrap()];
    let holed = format!(
        "{}{}",
        &law[..law.find("<p class=\"H\">Статья 10.").unwrap()],
        &law[law.find("<p class=\"H\">Статья 31.").unwrap()..]
    );
    for (bytes, code) in [
        (Vec::new(), "empty"),
        (b" \n ".to_vec(), "empty"),
        (
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0".to_vec(),
            "binary",
        ),
        ("<html><body>Рецепт пирога</body></html>".into(), "not_law"),
        (
            "<html><body>Документ не найден</body></html>".into(),
            "not_found",
        ),
        (
            "<html><body>Подтвердите, что вы не робот</body></html>".into(),
            "captcha",
        ),
        (cut.into(), "cut_off"),
        (holed.into_bytes(), "gaps"),
        (law.replace("№ 999-ФЗ", "").into_bytes(), "unknown_act"),
    ] {
        let error = read(&bytes, "папка/закон.html").unwrap_err();
        assert_eq!(error.code(), code);
        let message = error.to_string();
        assert!(
            message.starts_with("папка/закон.html: ") && message.contains("; "),
            "{message}"
        );
    }
}

#[test]
fn a_code_that_breaks_off_is_refused_and_names_its_last_article() {
    let Some(bytes) = corpus_bytes(
        "a_code_that_breaks_off_is_refused_and_names_its_last_article",
        TK_2023,
    ) else {
        return;
    };
    for share in [10, 50, 95] {
        let error = read(&bytes[..bytes.len() * share / 100], "tk.html").unwrap_err();
        assert_eq!(error.code(), "cut_off", "{error}");
    }
    let missing = String::from_utf8(bytes)
        .unwrap()
        .replacen("Статья 115. ", "Сталья 115. ", 1);
    assert!(
        read(missing.as_bytes(), "tk.html")
            .unwrap_err()
            .to_string()
            .contains("115")
    );
}

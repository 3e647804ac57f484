//! Whole files, made up and small.

use super::*;
use crate::knowledge::read;

/// The map of a font whose codes are those of windows-1251.
const MAP: &str =
    "4 beginbfrange <20> <7e> <0020> <c0> <ff> <0410> <b9> <b9> <2116> <b8> <b8> <0451> endbfrange";

fn file(objects: &[(u32, String)]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    for (number, body) in objects {
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
    }
    out.extend(b"trailer <</Root 1 0 R>>\n%%EOF\n");
    out
}

fn stream(data: &str) -> String {
    format!("<</Length {}>>stream\n{data}\nendstream", data.len())
}

/// A file with a page for each of the contents; `F1` is plain and `F2` bold.
fn pages_of(contents: &[String]) -> Vec<u8> {
    let font =
        |name: &str| format!("<</Type/Font/Subtype/TrueType/BaseFont/{name}/ToUnicode 5 0 R>>");
    let kids = (0..contents.len()).map(|i| format!("{} 0 R", 10 + 2 * i));
    let kids = kids.collect::<Vec<_>>().join(" ");
    let mut objects = vec![
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (
            2,
            format!("<</Type/Pages/Kids[{kids}]/Count {}>>", contents.len()),
        ),
        (3, font("Text")),
        (4, font("Text-Bold")),
        (5, stream(MAP)),
    ];
    for (i, content) in contents.iter().enumerate() {
        let number = 10 + 2 * i as u32;
        let resources = "<</Font<</F1 3 0 R/F2 4 0 R>>>>";
        let contents = number + 1;
        objects.push((
            number,
            format!(
                "<</Type/Page/MediaBox[0 0 600 800]/Resources {resources}/Contents {contents} 0 R>>"
            ),
        ));
        objects.push((contents, stream(content)));
    }
    file(&objects)
}

/// Commands that show a text at a place; every letter is half as wide as the size.
fn show(font: &str, size: f32, x: f32, y: f32, text: &str) -> String {
    let codes = encoding_rs::WINDOWS_1251.encode(text).0;
    let codes = codes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    format!("BT /{font} {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET\n")
}

/// A page of lines: the first word of each says how it stands.
fn page(lines: &[&str]) -> String {
    let mut out = String::new();
    for (i, line) in lines.iter().enumerate() {
        let y = 700.0 - 14.0 * i as f32;
        let (how, text) = line.split_once(' ').unwrap_or((line, ""));
        out += &match how {
            "left" => show("F1", 10.0, 50.0, y, text),
            "in" => show("F1", 10.0, 80.0, y, text),
            "bold" => show("F2", 10.0, 80.0, y, text),
            _ => show(
                "F2",
                10.0,
                275.0 - 2.5 * text.chars().count() as f32,
                y,
                text,
            ),
        };
    }
    out
}

fn small_law() -> Vec<u8> {
    let first = page(&[
        "mid О СВОИХ ДЕЛАХ",
        "mid Глава 1. Общее",
        "bold Статья 1. Первое дело",
        "in Эта строка стоит с отступом и тянется почти до края листа, а потом",
        "left идёт дальше, пока не кончится.",
        "in Вот и вторая часть, в ней слова разорваны переносом: здесь стоит видео-",
        "left и аудиозапись, здесь переносом ничто не рвётся, и строка тянется дале-",
        "left ко. Здесь же сказано: недалеко и далеко не одно и то же, и хватит об",
        "left этом.",
        "in Часть третья утратила силу.",
    ]);
    let index = show("F2", 10.0, 80.0, 780.0, "Статья 1") + &show("F2", 6.0, 120.0, 784.0, "1");
    let second = index
        + &show("F2", 10.0, 124.0, 780.0, ". Вставка")
        + &page(&[
            "in Одна часть. (В редакции Федерального закона от 02.03.2021 № 7-ФЗ)",
            "bold Статья 2. Второе дело",
            "in Конец.",
            "left Президент Российской Федерации И.Иванов",
            "left 1 мая 2020 года",
            "left № 999-ФЗ",
        ]);
    pages_of(&[first, second])
}

#[test]
fn a_small_law_is_read_with_its_tree() {
    let act = read(&small_law(), "x.pdf").unwrap();
    assert_eq!(
        (act.act.as_str(), act.number.as_str()),
        ("fz-999", "999-ФЗ")
    );
    assert_eq!(act.edition.to_string(), "2021-03-02");
    let numbers = act
        .articles()
        .map(|a| a.number.as_str())
        .collect::<Vec<_>>();
    assert_eq!(numbers, ["1", "1.1", "2"]);
    let part = |citation: &str| act.node(&citation.parse().unwrap()).unwrap();
    assert!(
        part("fz-999:1:1")
            .text
            .ends_with("а потом идёт дальше, пока не кончится.")
    );
    let second = &part("fz-999:1:2").text;
    assert!(second.contains("видео- и аудиозапись") && second.contains("тянется далеко."));
    assert!(part("fz-999:1:3").repealed);
    assert_eq!(part("fz-999:1.1:1").text, "Одна часть.");
}

fn fault(bytes: &[u8]) -> &'static str {
    blocks(bytes).map_or_else(|f| f.code(), |_| "no fault")
}

#[test]
fn what_cannot_be_read_says_so() {
    let scan = file(&[
        (1, "<</Pages 2 0 R>>".into()),
        (2, "<</Kids[3 0 R]>>".into()),
        (
            3,
            "<</Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>".into(),
        ),
        (4, stream("/I Do")),
        (5, "<</Subtype/Image/Length 1>>stream\nx\nendstream".into()),
    ]);
    assert_eq!(fault(&scan), "pdf_no_text");
    let locked = b"%PDF-1.4\n1 0 obj 1 endobj trailer <</Encrypt 1 0 R>>";
    assert_eq!(fault(locked), "pdf_encrypted");
    let circle = file(&[
        (1, "<</Pages 2 0 R>>".into()),
        (2, "<</Kids[2 0 R]>>".into()),
    ]);
    assert_eq!(fault(&circle), "pdf_damaged");
    let lost = file(&[
        (1, "<</Pages 2 0 R>>".into()),
        (2, "<</Kids[3 0 R]/Count 1>>".into()),
    ]);
    assert_eq!(fault(&lost), "pdf_damaged");
    let nameless = pages_of(&[format!("BT /F1 9 Tf 9 9 Td <{}> Tj ET", "81".repeat(50))]);
    let nameless = String::from_utf8(nameless)
        .unwrap()
        .replace("/ToUnicode 5", "/FirstChar 5");
    let nameless = nameless.replace("/TrueType", "/Type0");
    assert_eq!(fault(nameless.as_bytes()), "pdf_no_letters");
}

#[test]
fn drawings_within_themselves_end() {
    let form = |inner: u32| {
        let data = "/X Do /X Do /X Do /X Do";
        let length = data.len();
        format!(
            "<</Subtype/Form/Resources<</XObject<</X {inner} 0 R>>>>/Length {length}>>stream\n{data}\nendstream"
        )
    };
    let bytes = file(&[
        (1, "<</Pages 2 0 R>>".into()),
        (2, "<</Kids[3 0 R]>>".into()),
        (
            3,
            "<</Contents 4 0 R/Resources<</XObject<</X 5 0 R>>>>>>".into(),
        ),
        (4, stream("/X Do")),
        (5, form(5)),
    ]);
    assert_eq!(fault(&bytes), "pdf_too_large");
}

#[test]
fn two_thousand_pages_are_read() {
    let pages = (0..2000).map(|i| show("F1", 10.0, 50.0, 400.0, &format!("Лист {i}.")));
    let laid = blocks(&pages_of(&pages.collect::<Vec<_>>())).unwrap();
    assert_eq!(laid.blocks.len(), 2000);
}

//! A law of our own in every form that is read, and pieces to build broken ones from.

use std::io::{Cursor, Write};
use zip::write::{SimpleFileOptions, ZipWriter};

/// Lines of a law: headings and paragraphs, without head and signature.
pub type Lines = Vec<String>;

/// The title, «О пробах», the lines, a signature that says number 999-ФЗ of 5 May 2020.
pub struct Law {
    pub lines: Lines,
}

pub const FORMS: [&str; 7] = ["html", "txt", "md", "rtf", "docx", "odt", "pdf"];

impl Law {
    /// `articles` articles of two parts and two points.
    pub fn of(articles: usize) -> Law {
        let article = |n: usize| {
            [
                format!("Статья {n}. Проба {n}"),
                format!("1. Проба номер {n} длится 5 дней:"),
                "1) днём;".to_owned(),
                "2) ночью.".to_owned(),
                format!("2. О пробе {n} сообщают всем."),
            ]
        };
        Law {
            lines: (1..=articles).flat_map(article).collect(),
        }
    }

    pub fn in_form(&self, form: &str) -> Vec<u8> {
        match form {
            "html" => self.html().into_bytes(),
            "txt" => self.text().into_bytes(),
            "md" => self.markdown().into_bytes(),
            "rtf" => self.rtf().into_bytes(),
            "docx" => docx(&self.docx_body(), &[]),
            "odt" => odt(&self.odt_body()),
            "pdf" => pdf(&self.whole()),
            other => panic!("no form {other}"),
        }
    }

    fn whole(&self) -> Vec<&str> {
        let head = ["ФЕДЕРАЛЬНЫЙ ЗАКОН", "О пробах"];
        let tail = [
            "Президент Российской Федерации Н.Некто",
            "Москва, Кремль",
            "5 мая 2020 года",
            "№ 999-ФЗ",
        ];
        let lines = self.lines.iter().map(String::as_str);
        head.into_iter().chain(lines).chain(tail).collect()
    }

    pub fn html(&self) -> String {
        let mut out = String::from(
            "<html><head><title>Портал</title></head><body>Меню<div id=\"text_content\">",
        );
        for line in self.whole() {
            let class = match line {
                _ if line.starts_with("Статья ") => " class=\"H\"",
                _ if line.starts_with("ФЕД") || line == "О пробах" => " class=\"T\"",
                _ if line.starts_with("Президент ") => " class=\"I\"",
                _ => "",
            };
            out += &format!("<p{class}>{line}</p>\n");
        }
        out + "</div>Низ</body></html>"
    }

    pub fn text(&self) -> String {
        self.whole().join("\n") + "\n"
    }

    pub fn markdown(&self) -> String {
        let marked = |line: &str| match line.starts_with("Статья ") {
            true => format!("## **{line}**\n\n"),
            false => format!("{line}\n\n"),
        };
        self.whole().into_iter().map(marked).collect()
    }

    pub fn rtf(&self) -> String {
        let mut out = String::from(
            "{\\rtf1\\ansi\\ansicpg1251\\uc1{\\fonttbl{\\f0\\fcharset204 Times;}}{\\header Колонтитул\\par}",
        );
        for line in self.whole() {
            out += &format!("\\pard {}\\par\n", rtf_text(line));
        }
        out + "}"
    }

    pub fn docx_body(&self) -> String {
        let paragraph = |line: &str| {
            let style = match line {
                _ if line.starts_with("Статья ") => {
                    "<w:pPr><w:outlineLvl w:val=\"2\"/></w:pPr>"
                }
                _ if line.starts_with("ФЕД") || line == "О пробах" => {
                    "<w:pPr><w:jc w:val=\"center\"/></w:pPr>"
                }
                _ => "",
            };
            format!("<w:p>{style}<w:r><w:t>{line}</w:t></w:r></w:p>")
        };
        self.whole().into_iter().map(paragraph).collect()
    }

    pub fn odt_body(&self) -> String {
        let paragraph = |line: &str| match line {
            _ if line.starts_with("Статья ") || line == "О пробах" => {
                format!("<text:h>{line}</text:h>")
            }
            _ => format!("<text:p>{line}</text:p>"),
        };
        self.whole().into_iter().map(paragraph).collect()
    }
}

fn rtf_text(line: &str) -> String {
    let letter = |c: char| match c {
        ' '..='~' if !matches!(c, '\\' | '{' | '}') => c.to_string(),
        _ => format!("\\u{}?", c as u32),
    };
    line.chars().map(letter).collect()
}

pub fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn docx_of(document: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let mut files: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
    ];
    files.extend(more);
    zipped(&files)
}

pub fn docx_xml(body: &str) -> String {
    format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>")
}

pub fn docx(body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    docx_of(&docx_xml(body), more)
}

pub fn odt_xml(body: &str) -> String {
    format!(
        "<office:document-content xmlns:office=\"o\" xmlns:style=\"s\" xmlns:text=\"t\" xmlns:table=\"b\"><office:body>\
         <office:text>{body}</office:text></office:body></office:document-content>"
    )
}

pub fn odt(body: &str) -> Vec<u8> {
    odt_of(&odt_xml(body))
}

pub fn odt_of(content: &str) -> Vec<u8> {
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_bytes()),
    ])
}

/// A file of objects, without a table of them: readers find them by their signs.
pub fn pdf_of(objects: &[(u32, String)]) -> Vec<u8> {
    let mut out = b"%PDF-1.4\n".to_vec();
    for (number, body) in objects {
        out.extend(format!("{number} 0 obj\n{body}\nendobj\n").into_bytes());
    }
    out.extend(b"trailer <</Root 1 0 R>>\n%%EOF\n");
    out
}

pub fn pdf_stream(data: &str) -> String {
    format!("<</Length {}>>stream\n{data}\nendstream", data.len())
}

const MAP: &str =
    "4 beginbfrange <20> <7e> <0020> <c0> <ff> <0410> <b9> <b9> <2116> <b8> <b8> <0451> endbfrange";

/// Each line stands on its own; forty to a page.
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let pages: Vec<&[&str]> = lines.chunks(40).collect();
    let kids: Vec<String> = (0..pages.len())
        .map(|i| format!("{} 0 R", 10 + 2 * i))
        .collect();
    let font =
        |name: &str| format!("<</Type/Font/Subtype/TrueType/BaseFont/{name}/ToUnicode 5 0 R>>");
    let mut objects = vec![
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (
            2,
            format!(
                "<</Type/Pages/Kids[{}]/Count {}>>",
                kids.join(" "),
                pages.len()
            ),
        ),
        (3, font("Text")),
        (4, font("Text-Bold")),
        (5, pdf_stream(MAP)),
    ];
    for (i, lines) in pages.iter().enumerate() {
        let number = 10 + 2 * i as u32;
        let (resources, next) = ("<</Font<</F1 3 0 R/F2 4 0 R>>>>", number + 1);
        objects.push((
            number,
            format!(
                "<</Type/Page/MediaBox[0 0 600 800]/Resources {resources}/Contents {next} 0 R>>"
            ),
        ));
        let shown = lines
            .iter()
            .enumerate()
            .map(|(at, line)| show(line, 700.0 - 14.0 * at as f32));
        objects.push((next, pdf_stream(&shown.collect::<String>())));
    }
    pdf_of(&objects)
}

fn show(line: &str, y: f32) -> String {
    let bold = line.starts_with("Статья ") || line.starts_with("ФЕД") || line == "О пробах";
    let font = if bold { "F2" } else { "F1" };
    // Lines of two sizes are two paragraphs, however short they are.
    let size = if (y as i32 / 14) % 2 == 0 { 10 } else { 12 };
    let codes = encoding_rs::WINDOWS_1251.encode(line).0;
    let codes: String = codes.iter().map(|b| format!("{b:02x}")).collect();
    format!("BT /{font} {size} Tf 1 0 0 1 80 {y} Tm <{codes}> Tj ET\n")
}

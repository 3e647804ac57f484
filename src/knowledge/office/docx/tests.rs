use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::knowledge::html::Block;
use crate::knowledge::office::{blocks, kind};

fn docx(body: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let document = format!("<w:document xmlns:w=\"w\"><w:body>{body}</w:body></w:document>");
    let mut files = vec![
        ("[Content_Types].xml", "<Types/>"),
        ("word/document.xml", document.as_str()),
    ];
    files.extend(more);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn texts(body: &str, more: &[(&str, &str)]) -> Vec<String> {
    let laid = blocks(&docx(body, more)).unwrap();
    let one = |b: Block| format!("{}|{}", b.class, b.text);
    laid.blocks.into_iter().map(one).collect()
}

#[test]
fn a_raised_number_is_an_index_directly_and_by_style() {
    let styles = "<w:styles xmlns:w=\"w\"><w:style w:styleId=\"u\"><w:name w:val=\"u\"/>\
        <w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr></w:style></w:styles>";
    let body = "<w:p><w:r><w:t>Статья 17</w:t></w:r><w:r><w:rPr><w:rStyle w:val=\"u\"/></w:rPr><w:t>2</w:t></w:r>\
        <w:r><w:t>. Имя</w:t></w:r></w:p>\
        <w:p><w:r><w:t>По статье 8</w:t></w:r><w:r><w:rPr><w:vertAlign w:val=\"superscript\"/></w:rPr><w:t>1</w:t></w:r></w:p>";
    assert_eq!(
        texts(body, &[("word/styles.xml", styles)]),
        ["H|Статья 17.2. Имя", "|По статье 8.1"]
    );
}

#[test]
fn deleted_hidden_and_generated_text_is_no_text() {
    let body = "<w:p><w:r><w:t>Есть</w:t></w:r><w:del><w:r><w:delText>было</w:delText></w:r></w:del>\
        <w:r><w:rPr><w:vanish/></w:rPr><w:t>скрыто</w:t></w:r><w:ins><w:r><w:t>ся</w:t></w:r></w:ins>\
        <w:r><w:instrText>HYPERLINK</w:instrText></w:r></w:p>";
    let laid = blocks(&docx(body, &[])).unwrap();
    assert_eq!(laid.blocks[0].text, "Есться");
    assert_eq!(laid.removed[0].text, "былоскрыто");
}

#[test]
fn tables_text_boxes_and_footnotes_are_read() {
    let notes = "<w:footnotes xmlns:w=\"w\"><w:footnote w:id=\"2\"><w:p><w:r><w:t>Про срок.</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let body = "<w:p><w:r><w:t>Текст</w:t><w:footnoteReference w:id=\"2\"/></w:r></w:p>\
        <w:tbl><w:tr><w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>2</w:t></w:r></w:p></w:tc></w:tr>\
        <w:tr><w:tc><w:p><w:r><w:t>3</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>4</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
        <w:p><w:r><mc:AlternateContent xmlns:mc=\"m\"><mc:Choice><w:txbxContent><w:p><w:r><w:t>Рамка</w:t></w:r></w:p></w:txbxContent></mc:Choice>\
        <mc:Fallback><w:txbxContent><w:p><w:r><w:t>Рамка</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>";
    assert_eq!(
        texts(body, &[("word/footnotes.xml", notes)]),
        ["|Текст", "|сноска: Про срок.", "|1 | 2", "|3 | 4", "|Рамка"]
    );
}

#[test]
fn files_that_are_no_documents_are_told_apart() {
    let code = |bytes: &[u8]| kind(bytes).map_err(|f| f.code());
    assert_eq!(
        code(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."),
        Err("old_word")
    );
    assert_eq!(code(b"%PDF"), Err("not_document"));
    let deep = "<w:sdt>".repeat(400);
    assert_eq!(
        blocks(&docx(&deep, &[])).map_err(|f| f.code()).err(),
        Some("too_deep")
    );
    assert_eq!(
        blocks(&docx("<w:p>", &[])).map_err(|f| f.code()).err(),
        Some("broken")
    );
}

#[test]
fn a_whole_law_is_read_with_the_edition_that_its_head_states() {
    let line = |text: &str, more: &str| {
        format!("<w:p><w:pPr>{more}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let (page, centre, right) = (
        "<w:pStyle w:val=\"ConsPlusTitlePage\"/>",
        "<w:jc w:val=\"center\"/>",
        "<w:jc w:val=\"right\"/>",
    );
    let body = [
        line("О лужах, от 03.05.2004 N 5-ФЗ (ред. от 06.07.2008)", page),
        line("О ЛУЖАХ", centre),
        line("Статья 1. Слова", ""),
        line("Лужа мокрая.", ""),
        line("(в ред. Федерального закона от 04.06.2005 N 6-ФЗ)", ""),
        line("Президент", right),
        line("А.БУКВИН", right),
        line("Москва", ""),
        line("3 мая 2004 года", ""),
        line("N 5-ФЗ", ""),
    ];
    let act = crate::knowledge::read(&docx(&body.concat(), &[]), "law.docx").unwrap();
    assert_eq!(act.act.as_str(), "fz-5");
    assert_eq!(act.title, "О лужах");
    assert_eq!(act.edition.to_string(), "2008-07-06");
    assert_eq!(act.edition_basis, crate::knowledge::EditionBasis::Stated);
    assert_eq!((act.headings, act.with_body, act.notes.len()), (1, 1, 1));
    assert!(!act.text.contains("Президент"));
}

use std::io::{Cursor, Write};

use zip::write::{SimpleFileOptions, ZipWriter};

use crate::knowledge::office::blocks;

const STYLES: &str = "<office:document-styles xmlns:office=\"o\" xmlns:style=\"s\" xmlns:text=\"t\"><office:styles>\
    <style:style style:name=\"Заголовок_20_статьи\"/><text:list-style style:name=\"L\">\
    <text:list-level-style-number text:level=\"1\" style:num-format=\"1\" style:num-suffix=\")\"/></text:list-style>\
    </office:styles><office:master-styles><style:master-page><style:footer><text:p>Стр. 1</text:p></style:footer>\
    </style:master-page></office:master-styles></office:document-styles>";

fn odt(automatic: &str, body: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content xmlns:office=\"o\" xmlns:style=\"s\" xmlns:text=\"t\" xmlns:table=\"b\"><office:automatic-styles>{automatic}\
         </office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    );
    let files = [
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("content.xml", content.as_str()),
        ("styles.xml", STYLES),
    ];
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        writer
            .start_file(name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn headings_indexes_lists_and_notes_are_read() {
    let automatic = "<style:style style:name=\"P1\" style:parent-style-name=\"Заголовок_20_статьи\"/>\
        <style:style style:name=\"T1\"><style:text-properties style:text-position=\"super 58%\"/></style:style>\
        <style:style style:name=\"T2\"><style:text-properties text:display=\"none\"/></style:style>";
    let body = "<text:p text:style-name=\"P1\">Статья 17<text:span text:style-name=\"T1\">2</text:span>. Имя</text:p>\
        <text:p>Одно<text:s text:c=\"3\"/>слово<text:note><text:note-citation>1</text:note-citation><text:note-body>\
        <text:p>Про слово.</text:p></text:note-body></text:note><text:span text:style-name=\"T2\">тайна</text:span>:</text:p>\
        <text:list text:style-name=\"L\"><text:list-item><text:p>раз;</text:p><text:p>ещё;</text:p></text:list-item>\
        <text:list-item><text:p>два.</text:p></text:list-item></text:list>\
        <table:table><table:table-row><table:table-cell><text:p>а</text:p></table:table-cell></table:table-row></table:table>";
    let laid = blocks(&odt(automatic, body)).unwrap();
    let texts = laid
        .blocks
        .iter()
        .map(|b| format!("{}|{}", b.class, b.text));
    assert_eq!(
        texts.collect::<Vec<_>>(),
        [
            "H|Статья 17.2. Имя",
            "|Одно слово:",
            "|сноска: Про слово.",
            "|1) раз;",
            "|ещё;",
            "|2) два.",
            "|а"
        ]
    );
    let removed = laid.removed.iter().map(|r| r.text.as_str());
    assert_eq!(
        removed.collect::<Vec<_>>(),
        ["1", "тайна", "Стр. 1", "сноска:"]
    );
}

#[test]
fn deleted_text_and_comments_are_taken_out() {
    let body = "<text:tracked-changes><text:changed-region><text:deletion><text:p>было</text:p></text:deletion>\
        </text:changed-region></text:tracked-changes><text:p>Есть<office:annotation><dc:creator xmlns:dc=\"d\">Я</dc:creator>\
        <text:p>почему?</text:p></office:annotation></text:p>";
    let laid = blocks(&odt("", body)).unwrap();
    assert_eq!(laid.blocks.len(), 1);
    assert_eq!(laid.blocks[0].text, "Есть");
    let removed = laid.removed.iter().map(|r| r.text.as_str());
    assert_eq!(
        removed.collect::<Vec<_>>(),
        ["было", "Я", "почему?", "Стр. 1"]
    );
}

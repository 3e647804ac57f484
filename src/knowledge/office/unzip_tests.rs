use std::io::Write;

use zip::write::{SimpleFileOptions, ZipWriter};

use super::*;

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn code(files: &[(&str, &[u8])]) -> &'static str {
    members(&packed(files)).map_or_else(|f| f.code(), |_| "ok")
}

#[test]
fn members_are_listed_without_litter() {
    let bytes = packed(&[
        ("закон/a.txt", b"1"),
        ("__MACOSX/x", b"2"),
        ("b.html", b"3"),
    ]);
    let names = members(&bytes).unwrap().into_iter().map(|m| m.name);
    assert_eq!(names.collect::<Vec<_>>(), ["закон/a.txt", "b.html"]);
}

#[test]
fn office_documents_are_no_archives_in_the_archive() {
    let docx = packed(&[
        ("[Content_Types].xml", b"<a/>"),
        ("word/document.xml", b"<a/>"),
    ]);
    assert_eq!(code(&[("закон.docx", &docx)]), "ok");
}

#[test]
fn dangerous_archives_are_refused() {
    assert_eq!(code(&[("../a.txt", b"1")]), "unsafe_name");
    assert_eq!(code(&[("x/..\\..\\a", b"1")]), "unsafe_name");
    assert_eq!(code(&[("C:/a.txt", b"1")]), "unsafe_name");
    assert_eq!(code(&[("/a.txt", b"1")]), "unsafe_name");
    let inner = packed(&[("a.txt", b"1")]);
    assert_eq!(code(&[("b.zip", &inner)]), "nested_archive");
    assert_eq!(code(&[("b.7z", b"7z\xbc\xaf\x27\x1c..")]), "nested_archive");
    let zeros = vec![0u8; 65 << 20];
    assert_eq!(code(&[("bomb", &zeros)]), "too_large");
    assert_eq!(
        members(b"PK\x03\x04rest").map_err(|f| f.code()),
        Err("broken")
    );
}

#[test]
fn names_of_old_windows_are_decoded() {
    assert_eq!(name_of(&[0x8a, 0xae, 0xa4, b'\\', b'1']), "Код/1");
}

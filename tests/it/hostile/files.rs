//! Files made to hurt: bombs, loops, lies, halves and things that are no files.

use crate::documents::{Law, docx, docx_of, docx_xml, odt, odt_of, pdf_of, pdf_stream, zipped};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use zip::write::{SimpleFileOptions, ZipWriter};

const MEGABYTE: usize = 1 << 20;

/// Writes the files into `folder`; each must be refused. Returns their paths.
pub fn make(folder: &Path) -> Vec<PathBuf> {
    let mut made: Vec<(String, Vec<u8>)> = Vec::new();
    for (name, bytes) in texts().into_iter().chain(pages()).chain(archives()) {
        made.push((name.to_owned(), bytes));
    }
    for (name, bytes) in office().into_iter().chain(rich_texts()).chain(pdfs()) {
        made.push((name.to_owned(), bytes));
    }
    let mut paths = Vec::new();
    for (name, bytes) in made {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        paths.push(path);
    }
    paths.extend(no_files(folder));
    paths
}

fn law() -> Law {
    Law::of(3)
}

fn texts() -> Vec<(&'static str, Vec<u8>)> {
    let whole = law().text();
    let cut = whole
        .chars()
        .take(whole.chars().count() / 2)
        .collect::<String>();
    let gaps = Law {
        lines: (1..60)
            .filter(|n| *n < 5 || *n > 50)
            .map(|n| format!("Статья {n}. Проба\nПроба."))
            .collect(),
    };
    let halves: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain([0x00, 0xd8].repeat(50_000))
        .chain([0x41])
        .collect();
    vec![
        ("empty.txt", Vec::new()),
        ("spaces.txt", vec![b' '; 30 * MEGABYTE]),
        ("nulls.md", vec![0; MEGABYTE]),
        ("cut-off.txt", cut.into_bytes()),
        ("gaps.txt", gaps.text().into_bytes()),
        ("lines.txt", vec![b'\n'; 4 * MEGABYTE]),
        (
            "brackets.txt",
            format!("Статья 1. Проба\n{}", "(".repeat(MEGABYTE)).into_bytes(),
        ),
        (
            "one-line.txt",
            format!("Статья 1. Проба\n{}", "щ".repeat(5 * MEGABYTE)).into_bytes(),
        ),
        ("utf-16-halves.txt", halves),
        (
            "bidi.txt",
            "\u{202e}Статья 1. \u{2066}Проба\u{202c}\n"
                .repeat(1000)
                .into_bytes(),
        ),
        (
            "noise.md",
            (0..MEGABYTE).map(|i| (i * 7919 % 251) as u8).collect(),
        ),
        (
            "program.html",
            [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 5000]].concat(),
        ),
        (
            "picture.docx",
            [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 5000]].concat(),
        ),
    ]
}

fn pages() -> Vec<(&'static str, Vec<u8>)> {
    let deep = format!("<html>{}<p>Статья 1. Проба</p>", "<div>".repeat(500_000));
    vec![
        ("deep.html", deep.into_bytes()),
        ("unclosed.html", "<p ".repeat(500_000).into_bytes()),
        (
            "comments.html",
            "<!--<p>Статья 1. Проба".repeat(100_000).into_bytes(),
        ),
        (
            "entities.html",
            format!("<p>{}</p>", "&amp;&#x110000;&#9999999999;".repeat(200_000)).into_bytes(),
        ),
        (
            "not-found.html",
            "<html><body>Документ не найден</body></html>".into(),
        ),
        (
            "captcha.html",
            "<html><body><form>Введите код с картинки</form></body></html>".into(),
        ),
        ("memory.html", "<p>щ</p>".repeat(6_500_000).into_bytes()),
    ]
}

fn archives() -> Vec<(&'static str, Vec<u8>)> {
    let text = law().text();
    let mega = vec![b' '; MEGABYTE];
    let names: Vec<String> = (0..5000).map(|n| format!("{n}.txt")).collect();
    let many: Vec<(&str, &[u8])> = names
        .iter()
        .map(|n| (n.as_str(), b"x".as_slice()))
        .collect();
    let large: Vec<(&str, &[u8])> = names
        .iter()
        .take(300)
        .map(|n| (n.as_str(), mega.as_slice()))
        .collect();
    let inner = zipped(&[("a.txt", text.as_bytes())]);
    let whole = zipped(&[("a.txt", text.as_bytes()), ("b.txt", text.as_bytes())]);
    // The packed text behind the first name is another one than the checksum is of.
    let mut lying = whole.clone();
    for byte in &mut lying[60..70] {
        *byte ^= 0x55;
    }
    vec![
        ("bomb.zip", zipped(&[("a.txt", &vec![b' '; 70 * MEGABYTE])])),
        ("bombs.zip", zipped(&large)),
        ("many.zip", zipped(&many)),
        ("nested.zip", zipped(&[("inner.zip", &inner)])),
        ("slip.zip", zipped(&[("../../evil.txt", text.as_bytes())])),
        ("root.zip", zipped(&[("/etc/evil.txt", text.as_bytes())])),
        ("drive.zip", zipped(&[("C:\\evil.txt", text.as_bytes())])),
        ("link.zip", with_link()),
        ("half.zip", whole[..whole.len() / 2].to_vec()),
        ("lying.zip", lying),
    ]
}

fn with_link() -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer
        .add_symlink("law.txt", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    writer.flush().unwrap();
    writer.finish().unwrap().into_inner()
}

fn office() -> Vec<(&'static str, Vec<u8>)> {
    let good = docx(&law().docx_body(), &[]);
    let laughs: String = (1..12)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let laughs = format!(
        "<!DOCTYPE x [<!ENTITY l0 \"ха\">{laughs}]>{}",
        docx_xml("<w:p><w:r><w:t>&l11;</w:t></w:r></w:p>")
    );
    let outside = format!(
        "<!DOCTYPE x [<!ENTITY o SYSTEM \"file:///etc/passwd\">]>{}",
        docx_xml("<w:p><w:r><w:t>Статья 1. Проба &o;</w:t></w:r></w:p>")
    );
    let long = format!(
        "<w:p><w:pPr><w:pStyle w:val=\"{}\"/></w:pPr></w:p>",
        "я".repeat(5 * MEGABYTE)
    );
    let sealed = zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", b"<m><encryption-data/></m>"),
        ("content.xml", b"<x/>"),
    ]);
    vec![
        ("half.docx", good[..good.len() / 2].to_vec()),
        ("bomb.docx", docx(&" ".repeat(66 * MEGABYTE), &[])),
        ("laughs.docx", docx_of(&laughs, &[])),
        ("outside.docx", docx_of(&outside, &[])),
        (
            "deep.docx",
            docx(&"<w:tbl><w:tr><w:tc>".repeat(100_000), &[]),
        ),
        (
            "open.docx",
            docx_of("<w:document><w:body><w:p><w:r><w:t>Статья 1. Проба", &[]),
        ),
        ("endless.docx", docx(&"<w:p/>".repeat(600_000), &[])),
        ("attribute.docx", docx(&long, &[])),
        (
            "password.docx",
            [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 9000]].concat(),
        ),
        (
            "broken.odt",
            odt_of("<office:document-content><text:p>Статья 1</office:p>"),
        ),
        ("sealed.odt", sealed),
        (
            "deep.odt",
            odt(&"<text:list><text:list-item>".repeat(50_000)),
        ),
    ]
}

fn rich_texts() -> Vec<(&'static str, Vec<u8>)> {
    vec![
        (
            "deep.rtf",
            format!("{{\\rtf1 {}", "{".repeat(200_000)).into_bytes(),
        ),
        ("binary.rtf", b"{\\rtf1 \\bin2147483647 abc}".to_vec()),
        (
            "halves.rtf",
            format!("{{\\rtf1 {}}}", "\\u55357?".repeat(100_000)).into_bytes(),
        ),
    ]
}

fn pdfs() -> Vec<(&'static str, Vec<u8>)> {
    let catalog = (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned());
    let circle = vec![
        catalog.clone(),
        (2, "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>".to_owned()),
    ];
    let chain = (2..3000).map(|n| (n, format!("<</Type/Pages/Kids[{} 0 R]/Count 1>>", n + 1)));
    let chain: Vec<(u32, String)> = std::iter::once(catalog.clone()).chain(chain).collect();
    let kids: Vec<String> = (0..2000).map(|_| "3 0 R".to_owned()).collect();
    let blank = vec![
        catalog.clone(),
        (
            2,
            format!("<</Type/Pages/Kids[{}]/Count 2000>>", kids.join(" ")),
        ),
        (3, "<</Type/Page/MediaBox[0 0 600 800]>>".to_owned()),
    ];
    let page = (
        3,
        "<</Type/Page/MediaBox[0 0 600 800]/Contents 4 0 R>>".to_owned(),
    );
    let tree = (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned());
    let endless = vec![
        catalog.clone(),
        tree.clone(),
        page.clone(),
        (4, "<</Length 99999999999>>stream\nq".to_owned()),
    ];
    let own = vec![
        catalog.clone(),
        tree.clone(),
        page.clone(),
        (4, "<</Length 4 0 R>>stream\nBT ET\nendstream".to_owned()),
    ];
    let good = crate::documents::pdf(&["Статья 1. Проба", "Проба."]);
    let sealed = [
        pdf_of(std::slice::from_ref(&catalog)),
        b"trailer <</Root 1 0 R/Encrypt 9 0 R>>".to_vec(),
    ]
    .concat();
    let mut before = pdf_of(&[catalog, tree, page, (4, pdf_stream("q Q"))]);
    before.extend(b"xref\n0 0\ntrailer <</Root 1 0 R/Prev 9>>\nstartxref\n9\n%%EOF");
    vec![
        ("circle.pdf", pdf_of(&circle)),
        ("chain.pdf", pdf_of(&chain)),
        ("blank.pdf", pdf_of(&blank)),
        ("endless.pdf", pdf_of(&endless)),
        ("own-length.pdf", pdf_of(&own)),
        ("bomb.pdf", packed_bomb()),
        ("half.pdf", good[..good.len() / 3].to_vec()),
        ("sealed.pdf", sealed),
        ("before.pdf", before),
        ("sign-only.pdf", b"%PDF-1.7\n".to_vec()),
    ]
}

/// A page whose content unpacks to 300 MB.
fn packed_bomb() -> Vec<u8> {
    let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let mega = vec![b' '; MEGABYTE];
    for _ in 0..300 {
        packer.write_all(&mega).unwrap();
    }
    let data = packer.finish().unwrap();
    let mut out = pdf_of(&[
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned()),
        (
            3,
            "<</Type/Page/MediaBox[0 0 600 800]/Contents 4 0 R>>".to_owned(),
        ),
    ]);
    out.extend(
        format!(
            "4 0 obj\n<</Filter/FlateDecode/Length {}>>stream\n",
            data.len()
        )
        .bytes(),
    );
    out.extend(data);
    out.extend(b"\nendstream\nendobj\n");
    out
}

/// What has a path and is no file of law: a hole, links to nowhere and to itself, a pipe, a device.
fn no_files(folder: &Path) -> Vec<PathBuf> {
    let at = |name: &str| folder.join(name);
    std::fs::File::create(at("hole.txt"))
        .unwrap()
        .set_len(200 * MEGABYTE as u64)
        .unwrap();
    std::os::unix::fs::symlink(at("nowhere"), at("dangling.txt")).unwrap();
    std::os::unix::fs::symlink(at("itself.txt"), at("itself.txt")).unwrap();
    assert!(
        Command::new("mkfifo")
            .arg(at("pipe.txt"))
            .status()
            .unwrap()
            .success()
    );
    vec![
        at("hole.txt"),
        at("dangling.txt"),
        at("itself.txt"),
        at("pipe.txt"),
        at("missing.txt"),
        PathBuf::from("/dev/zero"),
    ]
}

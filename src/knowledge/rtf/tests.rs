use super::*;

fn texts(rtf: &[u8]) -> Vec<String> {
    let laid = blocks(rtf).unwrap();
    laid.blocks.into_iter().map(|b| b.text).collect()
}

#[test]
fn charsets_indexes_and_unicode_are_read() {
    let rtf = b"{\\rtf1\\ansi\\ansicpg1251\\uc1{\\fonttbl{\\f0\\fcharset204 Times;}{\\f1\\fcharset238 East;}}\
        {\\header \\'ca\\'ee\\'eb.}\\f0\\'d1\\'f2\\'e0\\'f2\\'fc\\'ff 312{\\super 1}. \\u1057?\\u1072 ?\\'e4\\par\
        \\u-10179?\\u-8704? {\\f1\\'e8}\\line {\\v secret}\\emdash\\par}";
    let laid = blocks(rtf).unwrap();
    let found = laid.blocks.iter().map(|b| b.text.as_str());
    assert_eq!(
        found.collect::<Vec<_>>(),
        ["Статья 312.1. Сад", "\u{1f600} č —"]
    );
    assert_eq!(laid.removed[0].text, "Кол.");
}

#[test]
fn pictures_styles_and_instructions_are_left_out() {
    let rtf =
        b"{\\rtf1\\ansi{\\stylesheet{\\s0 Normal;}}{\\*\\generator X;}{\\pict\\pngblip 89504e47}\
        {\\field{\\*\\fldinst HYPERLINK \"a\"}{\\fldrslt link}}\\bin5 {}{}\\ text\\par}";
    assert_eq!(texts(rtf), ["link text"]);
}

#[test]
fn broken_files_do_not_break_the_reader() {
    let deep = [b"{\\rtf1".as_slice(), &b"{".repeat(5000)].concat();
    assert_eq!(blocks(&deep).err(), Some(Unreadable::TooDeep));
    for rtf in [
        &b"{\\rtf1 a}}}}b"[..],
        b"{\\rtf1\\u99999999999 a\\bin99999999 b",
        b"{\\rtf1\\u-10179 \\'",
        b"{\\rtf1\\cell\\row\\row\\cell",
        b"{\\rtf",
    ] {
        assert!(blocks(rtf).is_ok());
    }
}

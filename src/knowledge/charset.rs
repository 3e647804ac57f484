//! The charset of a file, decided from its bytes: what a page declares may lie.

use encoding_rs::{Encoding, IBM866, KOI8_R, UTF_16BE, UTF_16LE, WINDOWS_1251};

/// Returns the text of `bytes`, or nothing if they are no text in UTF-8, UTF-16, windows-1251, KOI8-R or IBM 866. Reads the bytes
/// a few times.
pub fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        let body = &bytes[skip..];
        return if encoding == encoding_rs::UTF_8 {
            utf_8(body)
        } else {
            utf_16(encoding, body)
        };
    }
    if let Some(encoding) = utf_16_by_bytes(bytes) {
        let text = utf_16(encoding, bytes)?;
        let is_text = !text.chars().take(1000).any(|c| c < '\t');
        return is_text.then_some(text);
    }
    if bytes.iter().take(4096).any(|b| *b == 0) {
        return None;
    }
    if let Some(text) = utf_8(bytes) {
        return Some(text);
    }
    let candidates =
        [WINDOWS_1251, KOI8_R, IBM866].map(|e| e.decode_without_bom_handling(bytes).0.into_owned());
    candidates
        .into_iter()
        .max_by_key(|text| russian_score(text))
        .filter(|text| russian_score(text) > -100)
}

/// UTF-8; a file that was cut or patched in one place is still UTF-8 everywhere else.
fn utf_8(bytes: &[u8]) -> Option<String> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|c| *c == '\u{fffd}').count();
    let letters = lossy.chars().filter(|c| ('а'..='я').contains(c)).count();
    (broken * 200 < letters).then(|| lossy.into_owned())
}

/// UTF-16; half a unit at the end of a cut file is left out.
fn utf_16(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(&bytes[..bytes.len() & !1])
        .map(|t| t.into_owned())
}

/// In UTF-16 every second byte is one of few: zero (Latin, digits, spaces), 4 (Cyrillic), 0x20 and 0x21 (dashes, quotes, №).
fn utf_16_by_bytes(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(2048) & !1];
    let high = |offset: usize| {
        let side = || head.iter().skip(offset).step_by(2);
        let usual = side().filter(|b| matches!(b, 0 | 4 | 0x20 | 0x21)).count();
        side().any(|b| *b == 0) && usual * 40 >= head.len() / 2 * 39
    };
    match (head.len() >= 8 && high(0), head.len() >= 8 && high(1)) {
        (false, true) => Some(UTF_16LE),
        (true, false) => Some(UTF_16BE),
        _ => None,
    }
}

/// Russian has far more small letters than capitals; the wrong table swaps them and adds signs.
fn russian_score(text: &str) -> i64 {
    text.chars()
        .map(|c| match c {
            'а'..='я' | 'ё' => 2,
            'А'..='Я' => -1,
            '\u{80}'..='\u{9f}' | '\u{2500}'..='\u{259f}' => -4,
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "<p>Статья 81. Расторжение трудового договора</p> и другие слова";

    #[test]
    fn every_usual_charset_is_told_from_the_bytes() {
        assert_eq!(decode(TEXT.as_bytes()).as_deref(), Some(TEXT));
        for encoding in [WINDOWS_1251, KOI8_R, IBM866] {
            assert_eq!(
                decode(&encoding.encode(TEXT).0).as_deref(),
                Some(TEXT),
                "{}",
                encoding.name()
            );
        }
        let little = TEXT
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>();
        let mut marked = vec![0xfe, 0xff];
        marked.extend(TEXT.encode_utf16().flat_map(u16::to_be_bytes));
        assert_eq!(decode(&marked).as_deref(), Some(TEXT));
        assert_eq!(
            decode(&[&[0xff, 0xfe], little.as_slice()].concat()).as_deref(),
            Some(TEXT)
        );
    }

    #[test]
    fn utf_16_needs_no_mark_and_may_be_cut() {
        let russian = "Работник вправе уйти.\nРаботодатель не вправе удержать.";
        let big = russian
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<_>>();
        let little = russian
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>();
        assert_eq!(decode(&big).as_deref(), Some(russian));
        assert_eq!(decode(&little).as_deref(), Some(russian));
        let cut = decode(&little[..little.len() - 1]);
        assert_eq!(cut.as_deref(), russian.strip_suffix('.'));
    }

    #[test]
    fn binary_files_are_no_text() {
        assert_eq!(
            decode(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0"),
            None
        );
    }
}

//! The charset of a file, decided from its bytes: what a page declares may lie.

use encoding_rs::{Encoding, KOI8_R, UTF_16BE, UTF_16LE, WINDOWS_1251};

/// Returns the text of `bytes`, or nothing if they are no text in UTF-8, UTF-16, windows-1251 or KOI8-R. Reads the bytes up to three times.
pub fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling_and_without_replacement(&bytes[skip..])
            .map(|t| t.into_owned());
    }
    if let Some(encoding) = utf_16_by_zeros(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
        let is_text = !text.chars().take(1000).any(|c| c < '\t');
        return is_text.then(|| text.into_owned());
    }
    if bytes.iter().take(4096).any(|b| *b == 0) {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(text.to_owned());
    }
    // A file that was cut or patched in one place is still UTF-8 everywhere else.
    let lossy = String::from_utf8_lossy(bytes);
    let broken = lossy.chars().filter(|c| *c == '\u{fffd}').count();
    if broken * 200 < lossy.chars().filter(|c| ('а'..='я').contains(c)).count() {
        return Some(lossy.into_owned());
    }
    let candidates =
        [WINDOWS_1251, KOI8_R].map(|e| e.decode_without_bom_handling(bytes).0.into_owned());
    candidates
        .into_iter()
        .max_by_key(|text| russian_score(text))
        .filter(|text| russian_score(text) > -100)
}

/// Latin and markup of UTF-16 have a zero in every second byte.
fn utf_16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512) & !1];
    let zeros = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
            * 4
            > head.len()
            && head.len() >= 8
    };
    match (zeros(0), zeros(1)) {
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
        for encoding in [WINDOWS_1251, KOI8_R] {
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
    fn binary_files_are_no_text() {
        assert_eq!(
            decode(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0\x01\0\0\0"),
            None
        );
    }
}

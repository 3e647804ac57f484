//! Names of glyphs: `afii10017`, `uni0410`, `comma`.

const NAMED: [(&str, char); 72] = [
    ("space", ' '),
    ("nbspace", ' '),
    ("exclam", '!'),
    ("quotedbl", '"'),
    ("numbersign", '#'),
    ("dollar", '$'),
    ("percent", '%'),
    ("ampersand", '&'),
    ("quotesingle", '\''),
    ("parenleft", '('),
    ("parenright", ')'),
    ("asterisk", '*'),
    ("plus", '+'),
    ("comma", ','),
    ("hyphen", '-'),
    ("minus", '−'),
    ("period", '.'),
    ("slash", '/'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("colon", ':'),
    ("semicolon", ';'),
    ("less", '<'),
    ("equal", '='),
    ("greater", '>'),
    ("question", '?'),
    ("at", '@'),
    ("bracketleft", '['),
    ("backslash", '\\'),
    ("bracketright", ']'),
    ("underscore", '_'),
    ("braceleft", '{'),
    ("bar", '|'),
    ("braceright", '}'),
    ("section", '§'),
    ("guillemotleft", '«'),
    ("guillemotright", '»'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("quotedblbase", '„'),
    ("endash", '–'),
    ("emdash", '—'),
    ("degree", '°'),
    ("plusminus", '±'),
    ("multiply", '×'),
    ("divide", '÷'),
    ("bullet", '•'),
    ("ellipsis", '…'),
    ("numero", '№'),
    ("afii61352", '№'),
    ("lessequal", '≤'),
    ("greaterequal", '≥'),
    ("notequal", '≠'),
    ("approxequal", '≈'),
    ("arrowright", '→'),
    ("asteriskmath", '∗'),
    ("summation", '∑'),
    ("infinity", '∞'),
    ("Delta", '∆'),
    ("Sigma", 'Σ'),
    ("alpha", 'α'),
    ("beta", 'β'),
    ("mu", 'μ'),
    ("sigma", 'σ'),
];

/// Returns the letter that a glyph's name stands for, if it is known.
pub(super) fn letter_of_name(name: &[u8]) -> Option<String> {
    let name = std::str::from_utf8(name).ok()?;
    let name = name.split('.').next().unwrap_or(name);
    let mut letters = name.chars();
    if let (Some(one), None) = (letters.next(), letters.next()) {
        return Some(one.to_string());
    }
    let hex = |digits: &str| {
        u32::from_str_radix(digits, 16)
            .ok()
            .and_then(char::from_u32)
    };
    let found = NAMED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, letter)| *letter)
        .or_else(|| name.strip_prefix("afii").and_then(cyrillic))
        .or_else(|| {
            name.strip_prefix("uni")
                .filter(|d| d.len() == 4)
                .and_then(hex)
        })
        .or_else(|| {
            name.strip_prefix('u')
                .filter(|d| d.len() >= 4)
                .and_then(hex)
        });
    found.map(|letter| letter.to_string())
}

/// The Russian letters have the numbers 10017–10049 and 10065–10097; «ё» stands among them in its place.
fn cyrillic(number: &str) -> Option<char> {
    let number = number.parse::<u32>().ok()?;
    let (first, base, yo) = match number {
        10017..=10049 => (10017, 'А', 'Ё'),
        10065..=10097 => (10065, 'а', 'ё'),
        _ => return None,
    };
    match number - first {
        6 => Some(yo),
        place if place < 6 => char::from_u32(base as u32 + place),
        place => char::from_u32(base as u32 + place - 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn russian_letters_are_known_by_name() {
        let read = |name: &str| letter_of_name(name.as_bytes()).unwrap_or_default();
        assert_eq!(read("afii10017"), "А");
        assert_eq!(read("afii10023"), "Ё");
        assert_eq!(read("afii10097"), "я");
        assert_eq!(read("uni0416"), "Ж");
        assert_eq!(read("seven"), "7");
        assert_eq!(read("b"), "b");
        assert_eq!(read("g12"), "");
    }
}

//! Letters of subpoints: Cyrillic for people, Latin codes in citations.

#[rustfmt::skip]
const LETTERS: [(char, &str); 28] = [
    ('а', "a"), ('б', "b"), ('в', "v"), ('г', "g"), ('д', "d"), ('е', "e"), ('ж', "zh"), ('з', "z"),
    ('и', "i"), ('к', "k"), ('л', "l"), ('м', "m"), ('н', "n"), ('о', "o"), ('п', "p"), ('р', "r"),
    ('с', "s"), ('т', "t"), ('у', "u"), ('ф', "f"), ('х', "kh"), ('ц', "ts"), ('ч', "ch"), ('ш', "sh"),
    ('щ', "shch"), ('э', "eh"), ('ю', "yu"), ('я', "ya"),
];

/// Returns the Latin code of a Cyrillic subpoint letter, if it can mark a subpoint.
pub fn latin_letter(letter: char) -> Option<&'static str> {
    LETTERS.iter().find(|(c, _)| *c == letter).map(|(_, l)| *l)
}

/// Returns the Cyrillic letter of a Latin subpoint code.
pub fn cyrillic_letter(code: &str) -> Option<char> {
    LETTERS.iter().find(|(_, l)| *l == code).map(|(c, _)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_both_ways() {
        for (c, l) in LETTERS {
            assert_eq!(latin_letter(c), Some(l));
            assert_eq!(cyrillic_letter(l), Some(c));
        }
        assert_eq!(latin_letter('ы'), None);
    }
}

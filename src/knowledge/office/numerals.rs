//! Numbers that word processors generate: 3, в, IV.

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Decimal,
    LowerRussian,
    UpperRussian,
    LowerLatin,
    UpperLatin,
    LowerRoman,
    UpperRoman,
    /// No number: bullets.
    None,
}

impl Form {
    /// Returns the form that Word calls by `word`; decimal for forms that no Russian text uses.
    pub(super) fn of_word(word: &str) -> Form {
        match word {
            "russianLower" => Form::LowerRussian,
            "russianUpper" => Form::UpperRussian,
            "lowerLetter" => Form::LowerLatin,
            "upperLetter" => Form::UpperLatin,
            "lowerRoman" => Form::LowerRoman,
            "upperRoman" => Form::UpperRoman,
            "bullet" | "none" => Form::None,
            _ => Form::Decimal,
        }
    }

    /// Returns the form that OpenDocument calls by `format`: «1», «а», «I», or nothing.
    pub(super) fn of_open_document(format: &str) -> Form {
        let first = format.chars().next();
        match first {
            None => Form::None,
            Some('i') => Form::LowerRoman,
            Some('I') => Form::UpperRoman,
            Some('a') => Form::LowerLatin,
            Some('A') => Form::UpperLatin,
            Some('а' | 'б') => Form::LowerRussian,
            Some('А' | 'Б') => Form::UpperRussian,
            Some(_) => Form::Decimal,
        }
    }
}

const RUSSIAN: &str = "абвгдежзиклмнопрстуфхцчшщэюя";
const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";

/// Returns a number in a form; letters are doubled after the alphabet's end, and numbers beyond any list stay decimal.
pub(super) fn numeral(number: u32, form: Form) -> String {
    match form {
        Form::Decimal => number.to_string(),
        Form::LowerRussian => letters(number, RUSSIAN),
        Form::UpperRussian => letters(number, RUSSIAN).to_uppercase(),
        Form::LowerLatin => letters(number, LATIN),
        Form::UpperLatin => letters(number, LATIN).to_uppercase(),
        Form::LowerRoman => roman(number).to_lowercase(),
        Form::UpperRoman => roman(number),
        Form::None => String::new(),
    }
}

fn letters(number: u32, alphabet: &str) -> String {
    let count = alphabet.chars().count() as u32;
    if number == 0 || number > count * 4 {
        return number.to_string();
    }
    let at = ((number - 1) % count) as usize;
    let times = ((number - 1) / count + 1) as usize;
    let letter = alphabet.chars().nth(at).map(String::from);
    letter.unwrap_or_default().repeat(times)
}

fn roman(number: u32) -> String {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut left = number;
    let mut out = String::new();
    for (value, sign) in SIGNS {
        while left >= value {
            out.push_str(sign);
            left -= value;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_written() {
        assert_eq!(numeral(14, Form::UpperRoman), "XIV");
        assert_eq!(numeral(10, Form::LowerRussian), "к");
        assert_eq!(numeral(29, Form::LowerRussian), "аа");
        assert_eq!(numeral(27, Form::LowerLatin), "aa");
        assert_eq!(numeral(u32::MAX, Form::LowerRoman), u32::MAX.to_string());
        assert_eq!(numeral(4, Form::None), "");
    }
}

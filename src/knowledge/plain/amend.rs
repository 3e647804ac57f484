//! Amendment notes at the end of a paragraph or alone: «(в ред. Федерального закона от 01.02.2003 N 4-ФЗ)».

use crate::knowledge::laid::{Removed, RemovedWhy};

/// Notes that one paragraph may have; a text that has more is no law, and must not cost its square.
const MOST: usize = 64;

/// Parts a paragraph into its text and the notes at its end, in order. Costs one pass per note.
pub(super) fn peel(text: &str) -> (String, Vec<String>) {
    let (body, notes, _) = peeled(text);
    (body, notes)
}

/// As [`peel`], and lists what was taken off in `removed`.
pub(super) fn peel_into(text: &str, removed: &mut Vec<Removed>) -> (String, Vec<String>) {
    let (body, notes, taken) = peeled(text);
    let taken = taken.into_iter();
    removed.extend(taken.map(|t| Removed::new(RemovedWhy::AmendmentNote, t)));
    (body, notes)
}

/// The text, the notes in their official form, and what was taken off as it stood.
fn peeled(text: &str) -> (String, Vec<String>, Vec<String>) {
    let mut body = text.trim().to_owned();
    let mut notes = Vec::new();
    let mut taken = Vec::new();
    while notes.len() < MOST
        && let Some((before, note, sign)) = last_note(&body)
    {
        notes.insert(0, normal(note));
        let mut rest = before.trim_end().to_owned();
        // A sign behind the note belongs to the text before it.
        let moves = !rest.is_empty() && !rest.ends_with(sign);
        taken.insert(0, format!("{note}{}", if moves { "" } else { sign }));
        if moves {
            rest.push_str(sign);
        }
        body = rest;
    }
    (body, notes, taken)
}

/// The text before the last bracket, the bracket, and the sign behind it.
fn last_note(text: &str) -> Option<(&str, &str, &str)> {
    let whole = text.trim_end_matches(['.', ';', ',']);
    let sign = &text[whole.len()..];
    if !whole.ends_with(')') {
        return None;
    }
    let mut depth = 0_usize;
    let open = whole.char_indices().rev().find_map(|(at, c)| {
        match c {
            ')' => depth += 1,
            '(' => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth == 0).then_some(at)
    })?;
    let note = &whole[open..];
    is_note(note).then_some((&whole[..open], note, sign))
}

/// Whether a bracket holds an amendment note: it names a law by a date in digits, and begins as such notes do.
pub(super) fn is_note(bracket: &str) -> bool {
    const BEGINS: [&str; 14] = [
        "в ред",
        "ред. от",
        "введен",
        "дополн",
        "утрат",
        "исключ",
        "изложен",
        "с изм",
        "с учет",
        "измен",
        "нов",
        "преамбула ",
        "сноска ",
        "строка ",
    ];
    const PIECES: [&str; 16] = [
        "стать",
        "част",
        "пункт",
        "п. ",
        "пп. ",
        "подпункт",
        "абзац",
        "абз. ",
        "глав",
        "раздел",
        "наименовани",
        "примечани",
        "позици",
        "таблиц",
        "приложени",
        "в наименовани",
    ];
    const VERBS: [&str; 7] = [
        "в ред",
        "введен",
        "дополн",
        "утрат",
        "исключ",
        "изложен",
        "измен",
    ];
    let inner = bracket.trim_matches(['(', ')', ' ']).to_lowercase();
    let begins = BEGINS.iter().any(|b| inner.starts_with(b));
    let piece =
        PIECES.iter().any(|p| inner.starts_with(p)) && VERBS.iter().any(|v| inner.contains(v));
    (begins || piece) && has_date(&inner)
}

/// Whether a text has a date in digits: «30.06.2006».
pub(super) fn has_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(10).any(|w| {
        w.iter().enumerate().all(|(i, b)| match i {
            2 | 5 => *b == b'.',
            _ => b.is_ascii_digit(),
        })
    })
}

/// Returns a note with № for N and single spaces.
pub(super) fn normal(note: &str) -> String {
    let words = note.split_whitespace().map(|word| match word {
        "N" => "№".to_owned(),
        _ => match word
            .strip_prefix('N')
            .filter(|r| r.starts_with(|c: char| c.is_ascii_digit()))
        {
            Some(number) => format!("№ {number}"),
            None => word.to_owned(),
        },
    });
    words.collect::<Vec<_>>().join(" ").replace(" )", ")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_are_peeled_from_the_end() {
        let (text, notes) = peel(
            "1) сад (огород); (п. 1 введен Федеральным законом от 01.02.2003 N 4-ФЗ) (в ред. Федеральных законов от 05.06.2007 N8-ФЗ, от 09.10.2011 N 12-ФЗ )",
        );
        assert_eq!(text, "1) сад (огород);");
        assert_eq!(
            notes,
            [
                "(п. 1 введен Федеральным законом от 01.02.2003 № 4-ФЗ)",
                "(в ред. Федеральных законов от 05.06.2007 № 8-ФЗ, от 09.10.2011 № 12-ФЗ)"
            ]
        );
        assert_eq!(peel("сад (в ред. Закона от 01.02.2003 N 4-ФЗ);").0, "сад;");
    }

    #[test]
    fn brackets_of_the_text_stay() {
        for text in [
            "по закону (статья 2 Закона от 03.07.2016 N 347-ФЗ)",
            "отменой (признанием утратившими силу)",
            "сад (в редакции закона от 24 июля 2009 года)",
            "))((",
        ] {
            assert_eq!(peel(text), (text.to_owned(), Vec::new()));
        }
    }
}

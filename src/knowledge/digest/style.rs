//! How plain a text is: the length of its sentences, and words of officials.

use crate::law::text::words;

/// A sentence longer than this is hard to follow on a phone.
pub const LONG_SENTENCE_WORDS: usize = 30;

/// Words that no worker says; stems, lower case, ё folded to е.
#[rustfmt::skip]
const OFFICIALESE: [&str; 14] = [
    "осуществля", "надлежащ", "вышеуказан", "нижеследующ", "посредством", "ввиду", "нижеперечислен", "вышеперечислен",
    "поименован", "надлежит", "во исполнение", "в целях", "в установленном порядке", "в случае если",
];

/// The number of words of each sentence.
pub fn sentence_words(text: &str) -> Vec<usize> {
    let ends = |c: char| matches!(c, '.' | '!' | '?' | ';');
    let counts = text.split_inclusive(ends).map(|part| words(part).len());
    // «ст. 81» ends no sentence: a piece of one or two words belongs to the one before.
    let mut out: Vec<usize> = Vec::new();
    for count in counts.filter(|count| *count > 0) {
        match out.last_mut() {
            Some(last) if count <= 2 => *last += count,
            _ => out.push(count),
        }
    }
    out
}

/// The words of officials that stand in a text.
pub fn officialese(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase().replace('ё', "е");
    let stands = |word: &&&str| text.contains(**word);
    OFFICIALESE.iter().filter(stands).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::digest::load_embedded;
    use crate::knowledge::guide::{glossary, situations};

    #[test]
    fn sentences_are_counted_and_abbreviations_are_none() {
        assert_eq!(sentence_words("Это просто. Пишут в ст. 81 ТК."), [2, 5]);
        assert_eq!(
            officialese("Оплата осуществляется в целях роста"),
            ["осуществля", "в целях"]
        );
    }

    #[test]
    fn the_shipped_words_are_plain() {
        let mut texts: Vec<String> = Vec::new();
        let digest = load_embedded().unwrap();
        let statements = digest.iter().flat_map(|article| &article.statements);
        texts.extend(statements.map(|one| one.text.clone()));
        texts.extend(glossary(None).unwrap().into_iter().map(|one| one.meaning));
        for one in situations(None).unwrap() {
            let lines = one.lists().into_iter().flat_map(|(_, lines)| lines);
            texts.extend(lines.map(|line| line.text.clone()));
            let answers = one.facts.iter().flat_map(|fact| &fact.answers);
            texts.extend(answers.map(|answer| answer.means.clone()));
        }
        let lengths: Vec<usize> = texts.iter().flat_map(|text| sentence_words(text)).collect();
        let mean = lengths.iter().sum::<usize>() as f64 / lengths.len() as f64;
        let long = lengths.iter().filter(|n| **n > LONG_SENTENCE_WORDS).count();
        let official: Vec<&String> = texts
            .iter()
            .filter(|t| !officialese(t).is_empty())
            .collect();
        assert!(mean <= 13.0, "{mean}");
        assert!(long * 100 <= lengths.len(), "{long} of {}", lengths.len());
        assert!(
            official.len() * 200 <= texts.len(),
            "{} of {}: {official:#?}",
            official.len(),
            texts.len()
        );
    }
}

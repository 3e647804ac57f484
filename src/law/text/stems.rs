//! Stems for the lexical index: Snowball for Russian, with a stop list of our own.

use qdrant_rust_stemmers::{Algorithm, Stemmer};

use super::words;

/// Words that carry nothing alone. «не», «ни» and «без» are no stop words: they turn a norm round.
#[rustfmt::skip]
const STOP: [&str; 59] = [
    "а", "бы", "был", "была", "были", "было", "быть", "в", "вам", "вас", "вот", "все", "вы", "да", "для",
    "до", "его", "ее", "если", "есть", "же", "за", "и", "из", "или", "им", "их", "к", "как", "ко", "ли",
    "меня", "мне", "мы", "на", "нас", "но", "о", "об", "он", "она", "они", "от", "по", "при", "с", "со",
    "так", "такой", "то", "того", "тоже", "только", "у", "уже", "что", "чтобы", "это", "я",
];

/// Returns the stems of a text in order, stop words left out. Costs one pass; digits stay as they are.
pub fn stems(text: &str) -> Vec<String> {
    let stemmer = Stemmer::create(Algorithm::Russian);
    words(text)
        .into_iter()
        .filter(|w| STOP.binary_search(&w.norm.as_str()).is_err())
        .map(|w| stemmer.stem(&w.norm).into_owned())
        .collect()
}

/// Returns the stems of a text as one line, ready for a column of the lexical index.
pub fn stem_text(text: &str) -> String {
    stems(text).join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem_and_negation_stays() {
        assert_eq!(stems("Отпуска работников"), stems("отпуск работника"));
        assert_eq!(
            stems("не уволен без согласия"),
            ["не", "увол", "без", "соглас"]
        );
    }

    #[test]
    fn the_stop_list_is_sorted_and_keeps_negation_out() {
        assert!(STOP.is_sorted());
        for word in ["не", "ни", "без"] {
            assert!(STOP.binary_search(&word).is_err());
        }
    }
}

//! A told story → the pieces that may each ask something.

/// The most pieces of one text: each costs an embedding and a search.
const MOST: usize = 9;
/// The most characters of a piece: a text without full stops is one piece, and not cut.
const MOST_CHARS: usize = 600;

/// Words by which a part of a question asks wherever they stand in it: «могу я не выходить».
#[rustfmt::skip]
const WHETHER: [&str; 21] = [
    "могу", "можем", "может", "могут", "можно", "должен", "должна", "должны", "обязан", "обязана", "обязаны",
    "имеет", "имеют", "вправе", "законно", "положен", "положена", "положено", "положены", "правда", "разве",
];

/// The most things that one text may ask: each costs two searches of its own.
const MOST_ASKED: usize = 3;

/// Words that begin a second question behind «и», «а», «или».
const ASKING: [&str; 26] = [
    "сколько",
    "когда",
    "куда",
    "кто",
    "что",
    "как",
    "какой",
    "какая",
    "какие",
    "каким",
    "какую",
    "почему",
    "можно",
    "надо",
    "нужно",
    "за",
    "имеет",
    "имеют",
    "обязан",
    "обязаны",
    "должен",
    "должны",
    "вправе",
    "положена",
    "положено",
    "чем",
];

/// Words that may stand before one that asks: «до какого срока», «с кого».
const BEFORE: [&str; 9] = ["до", "с", "в", "на", "по", "от", "к", "из", "у"];

/// Returns the sentences of a text, a sentence with two questions parted, and each two neighbours together.
///
/// Empty for a text of one piece. At most nine, each of 600 characters at most: of a longer story the
/// last sentences count, for there people ask.
pub fn pieces(text: &str) -> Vec<String> {
    let mut singles: Vec<String> = sentences(text).into_iter().flat_map(questions).collect();
    singles.retain(|piece| piece.chars().count() <= MOST_CHARS);
    if singles.len() < 2 {
        return Vec::new();
    }
    let most_singles = MOST / 2 + 1;
    singles.drain(..singles.len().saturating_sub(most_singles));
    let pairs: Vec<String> = match singles.len() {
        2 => Vec::new(),
        _ => singles.windows(2).map(|two| two.join(" ")).collect(),
    };
    singles.extend(pairs);
    singles
}

/// One of several things that a text asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What was told, and this one question.
    pub told: String,
    /// The question alone.
    pub alone: String,
}

/// Returns the things that a text asks; empty for a text that asks one. At most three: of more the last ones count.
pub fn asked_things(text: &str) -> Vec<Asked> {
    let mut told: Vec<(String, bool)> = Vec::new();
    let marked = text.contains('?');
    for sentence in sentences(text) {
        let is_question = sentence.ends_with('?');
        let parts = questions(sentence);
        let last = parts.len() - 1;
        for (place, part) in parts.into_iter().enumerate() {
            let words: Vec<&str> = part.split_whitespace().collect();
            let ends = place == last && is_question;
            // «Когда пришёл, выгнали.» asks nothing where question marks are set.
            let begins = (is_question || !marked) && asks(&words);
            let lower = part.to_lowercase();
            let whether =
                is_question && lower.split_whitespace().any(|word| WHETHER.contains(&word));
            let asks = ends || begins || whether || words.contains(&"ли");
            told.push((part, asks));
        }
    }
    let asked: Vec<usize> = (0..told.len()).filter(|at| told[*at].1).collect();
    if asked.len() < 2 {
        return Vec::new();
    }
    let thing = |thing: &usize| {
        let kept = told.iter().enumerate();
        let kept = kept.filter(|(at, (_, asks))| !asks || at == thing);
        let kept: Vec<&str> = kept.map(|(_, (part, _))| part.as_str()).collect();
        Asked {
            told: kept.join(" "),
            alone: told[*thing].0.clone(),
        }
    };
    let first = asked.len().saturating_sub(MOST_ASKED);
    asked[first..].iter().map(thing).collect()
}

pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut begun = 0;
    let mut ended = false;
    for (at, c) in text.char_indices() {
        let breaks = c == '\n' || (ended && c.is_whitespace());
        if breaks {
            found.push(text[begun..at].trim());
            begun = at;
        }
        ended = matches!(c, '.' | '!' | '?' | '…');
    }
    found.push(text[begun..].trim());
    found.retain(|sentence| sentence.chars().any(char::is_alphabetic));
    found
}

/// «Когда заплатят и положена ли доплата?» → «Когда заплатят», «положена ли доплата?».
fn questions(sentence: &str) -> Vec<String> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let mut parts: Vec<String> = Vec::new();
    let mut begun = 0;
    for at in 1..words.len().saturating_sub(1) {
        let joins = matches!(words[at], "и" | "а" | "или");
        if joins && asks(&words[at + 1..]) && at - begun >= 2 {
            parts.push(words[begun..at].join(" ").trim_end_matches(',').to_owned());
            begun = at + 1;
        }
    }
    parts.push(words[begun..].join(" "));
    match parts.last().is_some_and(|last| last.contains(' ')) {
        true => parts,
        false => vec![sentence.to_owned()],
    }
}

fn asks(words: &[&str]) -> bool {
    let word = |at: usize| words.get(at).map(|word| word.to_lowercase());
    let first = word(0).unwrap_or_default();
    let second = word(1).unwrap_or_default();
    let of_which = ["как", "ког", "ком", "чег", "чем", "ско", "что"];
    ASKING.contains(&first.as_str())
        || second == "ли"
        || BEFORE.contains(&first.as_str())
            && of_which.iter().any(|start| second.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_question_has_no_pieces() {
        assert!(pieces("Сколько длится отпуск?").is_empty());
        assert!(pieces("").is_empty());
        assert!(pieces("...").is_empty());
    }

    #[test]
    fn two_questions_in_a_sentence_are_parted() {
        assert_eq!(
            pieces("Насколько короче ночная смена и положена ли доплата?"),
            ["Насколько короче ночная смена", "положена ли доплата?"]
        );
        assert!(pieces("Задержали аванс и премию за май?").is_empty());
    }

    #[test]
    fn a_story_gives_its_sentences_and_neighbours_together() {
        let found = pieces("Работаю поваром. Премию сняли! Это законно?");
        assert_eq!(found.len(), 5);
        assert_eq!(found[3], "Работаю поваром. Премию сняли!");
        assert_eq!(found[4], "Премию сняли! Это законно?");
    }

    #[test]
    fn what_is_asked_stands_with_what_was_told_and_alone() {
        let things = asked_things(
            "Когда опоздал, дали выговор. Законно ли это и до какого срока жаловаться?",
        );
        let told: Vec<&str> = things.iter().map(|one| one.told.as_str()).collect();
        let wanted = [
            "Когда опоздал, дали выговор. Законно ли это",
            "Когда опоздал, дали выговор. до какого срока жаловаться?",
        ];
        assert_eq!(told, wanted);
        assert_eq!(things[1].alone, "до какого срока жаловаться?");
        let things = asked_things(
            "Денег нет. Могу я не выходить, пока не заплатят, и положена ли компенсация?",
        );
        let alone: Vec<&str> = things.iter().map(|one| one.alone.as_str()).collect();
        assert_eq!(
            alone,
            [
                "Могу я не выходить, пока не заплатят",
                "положена ли компенсация?"
            ]
        );
        assert!(asked_things("Дали выговор. Куда жаловаться?").is_empty());
        let many = asked_things("Что? Где это? Когда это? Как это? Кто это?");
        assert_eq!(many.len(), MOST_ASKED);
    }

    #[test]
    fn of_a_long_story_the_end_counts() {
        let story = "Было так. ".repeat(40) + "Что мне делать?";
        let found = pieces(&story);
        assert!(found.len() <= MOST);
        assert!(found.contains(&"Что мне делать?".to_owned()));
    }
}

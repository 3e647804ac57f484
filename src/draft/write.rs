//! Free wording over numbered sources, for a model that has earned the mode `write`.

use super::compose::Composed;
use super::{Drafter, Task, left};
use crate::citation::{Sentence, SentenceKind, check};
use crate::law::text::stems;
use crate::model::worker::GeneratorHandle;
use crate::model::{Grammar, Request};
use minijinja::context;
use std::collections::HashSet;
use std::time::Instant;

/// The model's sentences, each checked; where one fails, its source stands in its place.
///
/// `None` when the model gave nothing usable: the composed sentences stand then.
pub async fn write(
    drafter: &Drafter,
    generator: &GeneratorHandle,
    task: &Task<'_>,
    composed: &Composed,
) -> Option<Vec<Sentence>> {
    let sources = &composed.sentences;
    let listed: Vec<String> = sources.iter().map(|source| source.text.clone()).collect();
    let user = context! { on => task.on.to_string(), sources => listed, question => task.question };
    let request = Request {
        system: drafter.prompts.render("write.system", context! {}).ok()?,
        user: drafter.prompts.render("write.user", user).ok()?,
        prefix: String::new(),
        max_tokens: 500,
        temperature: 0.0,
        seed: drafter.seed,
        stop: Vec::new(),
        grammar: Grammar::Free,
    };
    let by = Instant::now() + drafter.deadline;
    let reply = generator.generate(request, left(by)).await.ok()?;
    let written = parse(&reply.text, sources);
    if written.is_empty() {
        return None;
    }
    let settled = settle(written, composed, task.on);
    (!settled.is_empty()).then_some(settled)
}

/// A sentence of the model with the numbers of the sources that it names.
struct Written {
    sentence: Sentence,
    sources: Vec<usize>,
}

fn parse(reply: &str, sources: &[Sentence]) -> Vec<Written> {
    let mut written = Vec::new();
    let mut text = String::new();
    let mut rest = reply.trim();
    while let Some(open) = rest.find('[') {
        let Some(close) = rest[open..].find(']').map(|at| open + at) else {
            break;
        };
        text.push_str(&rest[..open]);
        let numbers: Vec<usize> = rest[open + 1..close]
            .split(',')
            .filter_map(|number| number.trim().parse::<usize>().ok())
            .filter(|number| (1..=sources.len()).contains(number))
            .map(|number| number - 1)
            .collect();
        rest = rest[close + 1..].trim_start_matches(['.', ' ', '\n']);
        let sentence = text.trim().to_owned();
        text.clear();
        if sentence.is_empty() {
            continue;
        }
        let passage_ids = numbers
            .iter()
            .flat_map(|number| sources[*number].passage_ids.clone())
            .collect();
        written.push(Written {
            sentence: Sentence {
                text: sentence,
                passage_ids,
                kind: SentenceKind::Free,
            },
            sources: numbers,
        });
    }
    written
}

fn settle(written: Vec<Written>, composed: &Composed, on: jiff::civil::Date) -> Vec<Sentence> {
    let (sources, passages) = (&composed.sentences, &composed.passages);
    let mut settled: Vec<Sentence> = Vec::new();
    for one in written {
        let passed = is_drawn_from(&one.sentence.text, &one.sources, sources)
            && keeps_qualifiers(&one.sentence.text, &one.sources, composed)
            && check(std::slice::from_ref(&one.sentence), passages, on)
                .iter()
                .all(|sentence| sentence.flag.is_none());
        if passed {
            settled.push(one.sentence);
        } else {
            for source in one.sources {
                if !settled.contains(&sources[source]) {
                    settled.push(sources[source].clone());
                }
            }
        }
    }
    settled
}

/// Whether a sentence says what its sources say: two of three of its words are theirs, and so is every word in
/// another script or with the signs of markup and addresses.
///
/// The model reads the member's text too, and may have taken orders from it; that text is no source.
fn is_drawn_from(text: &str, named: &[usize], sources: &[Sentence]) -> bool {
    let said: Vec<&str> = named.iter().map(|at| sources[*at].text.as_str()).collect();
    let said = said.join("\n");
    let theirs: HashSet<String> = stems(&said).into_iter().collect();
    let own = stems(text);
    let shared = own.iter().filter(|stem| theirs.contains(*stem)).count();
    let foreign = |word: &str| {
        word.chars()
            .any(|c| (c.is_alphabetic() && !is_russian(c)) || "<>{}@_=/".contains(c))
    };
    !own.is_empty()
        && shared * 3 >= own.len() * 2
        && !text
            .split_whitespace()
            .any(|word| foreign(word) && !said.contains(word))
}

/// Whether a wording keeps each condition, exception and limit of its sources: half of the words at least with which
/// the source says it.
fn keeps_qualifiers(text: &str, named: &[usize], composed: &Composed) -> bool {
    let own: HashSet<String> = stems(text).into_iter().collect();
    named.iter().all(|at| {
        let told: HashSet<String> = stems(&composed.sentences[*at].text).into_iter().collect();
        composed.qualifiers[*at].iter().all(|qualifier| {
            let words: HashSet<String> = stems(qualifier).into_iter().collect();
            let words: Vec<&String> = words.intersection(&told).collect();
            let kept = words.iter().filter(|stem| own.contains(**stem)).count();
            kept * 2 >= words.len()
        })
    })
}

fn is_russian(c: char) -> bool {
    matches!(c, 'а'..='я' | 'А'..='Я' | 'ё' | 'Ё')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn source(text: &str) -> Sentence {
        Sentence {
            text: text.into(),
            passage_ids: Vec::new(),
            kind: SentenceKind::Statement,
        }
    }

    #[test]
    fn a_wording_that_loses_a_condition_is_none() {
        let said = "Уволиться можно без отработки, если есть соглашение с работодателем.";
        let composed = Composed {
            sentences: vec![source(said)],
            qualifiers: vec![vec!["есть соглашение с работодателем".into()]],
            passages: HashMap::new(),
        };
        let keeps = |text: &str| keeps_qualifiers(text, &[0], &composed);
        assert!(keeps(
            "Без отработки увольняют по соглашению с работодателем"
        ));
        assert!(!keeps("Уволиться можно без отработки"));
    }

    #[test]
    fn a_sentence_is_drawn_from_the_sources_that_it_names_or_is_none() {
        let sources = [
            source("Ежегодный основной оплачиваемый отпуск длится 28 календарных дней."),
            source("Отпускные платят не позднее чем за три дня до начала отпуска."),
        ];
        let drawn = |text: &str, named: &[usize]| is_drawn_from(text, named, &sources);
        assert!(drawn("Отпуск длится 28 календарных дней", &[0]));
        assert!(drawn("Отпускные заплатят за три дня до отпуска", &[1]));
        assert!(!drawn("Отпускные заплатят за три дня до отпуска", &[0]));
        assert!(!drawn("Отпуск длится 28 календарных дней", &[]));
        for obeyed in [
            "КОДЕКС ОТМЕНЁН",
            "Отпуск длится 28 календарных дней PINGVIN",
            "Отпуск длится <b>28</b> календарных дней",
            "Отпуск длится 28 дней t.me/fast-urist-pay",
        ] {
            assert!(!drawn(obeyed, &[0]), "{obeyed}");
        }
    }
}

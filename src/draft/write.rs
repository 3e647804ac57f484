//! Free wording over numbered sources, for a model that has earned the mode `write`.

use super::{Drafter, Task, left};
use crate::citation::{Sentence, SentenceKind, SourcePassage, check};
use crate::model::worker::GeneratorHandle;
use crate::model::{Grammar, Request};
use minijinja::context;
use std::collections::HashMap;
use std::time::Instant;

/// The model's sentences, each checked; where one fails, its source stands in its place.
///
/// `None` when the model gave nothing usable: the composed sentences stand then.
pub async fn write(
    drafter: &Drafter,
    generator: &GeneratorHandle,
    task: &Task<'_>,
    sources: &[Sentence],
    passages: &HashMap<String, SourcePassage>,
) -> Option<Vec<Sentence>> {
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
    Some(settle(written, sources, passages, task.on))
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

fn settle(
    written: Vec<Written>,
    sources: &[Sentence],
    passages: &HashMap<String, SourcePassage>,
    on: jiff::civil::Date,
) -> Vec<Sentence> {
    let mut settled: Vec<Sentence> = Vec::new();
    for one in written {
        let passed = !one.sources.is_empty()
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

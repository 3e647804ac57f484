//! An OpenAI-compatible server that says what a test wants, and can be stopped in the middle.

use super::gate::Gate;
use crate::model::server::{Answer, Heard, Server};
use serde_json::{Value, json};

/// What the program asks of a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Pick facts out of the question.
    Read,
    /// Say whether a rule answers it.
    Judge,
    /// Word an answer.
    Write,
}

/// A server whose generator says what `say` returns to the words of a request; vectors are made up.
///
/// A request whose words hold `mark` comes to the gate first.
pub fn start(
    mark: &'static str,
    gate: Gate,
    say: impl Fn(Asked, &str) -> String + Send + 'static,
) -> Server {
    Server::start(move |heard| {
        if heard.body.contains(mark) {
            gate.pass();
        }
        let body: Value = serde_json::from_str(&heard.body).unwrap_or_default();
        let answer = match heard.path.as_str() {
            "/v1/embeddings" => vectors(&body),
            _ => chat(&say(asked(heard), &user(&body))),
        };
        Answer::new(200, answer.to_string())
    })
}

/// Says yes to every rule and picks no facts.
pub fn yes(asked: Asked, _: &str) -> String {
    match asked {
        Asked::Judge => "да".into(),
        Asked::Read | Asked::Write => "-".into(),
    }
}

fn asked(heard: &Heard) -> Asked {
    if heard.body.contains("Выпиши из обращения") {
        Asked::Read
    } else if heard.body.contains("Это правило прямо отвечает") {
        Asked::Judge
    } else {
        Asked::Write
    }
}

/// The last words of the user.
fn user(body: &Value) -> String {
    let mut said = body["messages"].as_array().into_iter().flatten();
    let last = said.rfind(|one| one["role"] == "user");
    let words = last.and_then(|one| one["content"].as_str());
    words.unwrap_or_default().to_owned()
}

fn chat(text: &str) -> Value {
    json!({"choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
           "usage": {"prompt_tokens": 1, "completion_tokens": 1}})
}

/// Four numbers for each text: enough to be told apart, near enough to each other that everything bears on everything.
fn vectors(body: &Value) -> Value {
    let texts = body["input"].as_array().cloned().unwrap_or_default();
    let data: Vec<Value> = texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let length = text.as_str().unwrap_or_default().len() as f64;
            let vector = [40.0, length % 7.0, length % 11.0, length % 13.0];
            json!({"index": index, "embedding": vector})
        })
        .collect();
    json!({"data": data})
}

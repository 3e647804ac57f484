use super::http::RemoteServer;
use super::judge::{self, Scored};
use crate::model::{
    Cancel, Finished, Generator, Grammar, ITEM_GAP, JudgeRequest, Judged, ModelError,
    ModelIdentity, Reply, Request,
};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// A generator on a server; what it says is checked against the grammar.
pub struct RemoteGenerator {
    identity: ModelIdentity,
    server: RemoteServer,
    model: String,
    /// Cleared once the server refused to give probabilities.
    offers_logprobs: AtomicBool,
}

impl RemoteGenerator {
    /// `model` as the server calls it. Nothing is sent before the first request.
    pub fn new(identity: ModelIdentity, server: RemoteServer, model: &str) -> Self {
        Self {
            identity,
            server,
            model: model.to_owned(),
            offers_logprobs: AtomicBool::new(true),
        }
    }

    fn chat(&self, body: Value, cancel: &Cancel) -> Result<Value, ModelError> {
        self.server.post("/v1/chat/completions", &body, cancel)
    }

    fn reply(&self, request: &Request, answer: &Value) -> Result<Reply, ModelError> {
        let choice = &answer["choices"][0];
        let text = choice["message"]["content"]
            .as_str()
            .ok_or_else(|| self.server.unreadable("в ответе нет текста"))?;
        let text = text.strip_prefix(request.prefix.as_str()).unwrap_or(text);
        let tokens = |name: &str| answer["usage"][name].as_u64().unwrap_or(0) as usize;
        Ok(Reply {
            text: text.to_owned(),
            prompt_tokens: tokens("prompt_tokens"),
            output_tokens: tokens("completion_tokens"),
            finished: match choice["finish_reason"].as_str() {
                Some("length") => Finished::Length,
                _ => Finished::Stop,
            },
        })
    }

    /// Judges one item; asks once more, without probabilities, where the server refuses to give them.
    fn judge_one(&self, messages: &Value, cancel: &Cancel) -> Result<(Scored, usize), ModelError> {
        let mut body = json!({
            "model": self.model,
            "messages": messages,
            "max_tokens": 3,
            "temperature": 0.0,
            "seed": self.identity.seed,
        });
        let with = self.offers_logprobs.load(Ordering::Relaxed);
        if with {
            body["logprobs"] = json!(true);
            body["top_logprobs"] = json!(20);
        }
        let answer = match self.chat(body, cancel) {
            Err(ModelError::Remote {
                status: 400 | 422, ..
            }) if with => {
                self.offers_logprobs.store(false, Ordering::Relaxed);
                return self.judge_one(messages, cancel);
            }
            answer => answer?,
        };
        let tokens = answer["usage"]["prompt_tokens"].as_u64().unwrap_or(0);
        Ok((judge::score(&answer), tokens as usize))
    }
}

impl Generator for RemoteGenerator {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Reply, ModelError> {
        let mut messages = vec![
            json!({"role": "system", "content": request.system}),
            json!({"role": "user", "content": user_words(request)}),
        ];
        let mut tries = 0;
        loop {
            let mut body = json!({
                "model": self.model,
                "messages": messages,
                "max_tokens": request.max_tokens,
                "temperature": request.temperature,
                "seed": request.seed,
            });
            if !request.stop.is_empty() {
                body["stop"] = json!(request.stop);
            }
            let answer = self.chat(body, cancel)?;
            let mut reply = self.reply(request, &answer)?;
            if reply.finished == Finished::Length {
                reply.text = request.grammar.whole(reply.text);
            }
            if request.grammar.fits(&reply.text) {
                reply.text = settled(&request.grammar, reply.text);
                return Ok(reply);
            }
            tries += 1;
            if tries > 1 {
                return Err(ModelError::OutOfForm {
                    reason: "сервер дважды ответил не по форме".into(),
                });
            }
            messages.push(json!({"role": "assistant", "content": reply.text}));
            messages.push(json!({"role": "user", "content": correction(&request.grammar)}));
        }
    }

    fn judge(&self, request: &JudgeRequest, cancel: &Cancel) -> Result<Judged, ModelError> {
        let mut judged = Judged {
            probabilities: Vec::with_capacity(request.items.len()),
            prompt_tokens: 0,
        };
        for item in &request.items {
            let user = format!("{}{ITEM_GAP}{item}", request.shared);
            let mut messages = json!([
                {"role": "system", "content": request.system},
                {"role": "user", "content": user},
            ]);
            let (mut scored, mut tokens) = self.judge_one(&messages, cancel)?;
            if let Scored::Neither(said) = &scored
                && let Some(list) = messages.as_array_mut()
            {
                list.push(json!({"role": "assistant", "content": said}));
                list.push(json!({"role": "user", "content": "Ответь одним словом: да или нет."}));
                let more;
                (scored, more) = self.judge_one(&messages, cancel)?;
                tokens += more;
            }
            judged.prompt_tokens += tokens;
            match scored {
                Scored::Probability(p) => judged.probabilities.push(p),
                Scored::Neither(_) => {
                    return Err(ModelError::OutOfForm {
                        reason: "сервер дважды ответил не «да» и не «нет»".into(),
                    });
                }
            }
        }
        Ok(judged)
    }
}

/// The user's words; chat servers can't be given the assistant's first words, so they are asked for.
fn user_words(request: &Request) -> String {
    if request.prefix.is_empty() {
        return request.user.clone();
    }
    format!(
        "{}\n\nНачни ответ словами: {}",
        request.user, request.prefix
    )
}

/// A reply in a closed form, without the blanks that servers put around it.
fn settled(grammar: &Grammar, text: String) -> String {
    match grammar {
        Grammar::Free => text,
        _ => text.trim().to_owned(),
    }
}

fn correction(grammar: &Grammar) -> String {
    match grammar {
        Grammar::Free => String::new(),
        Grammar::OneOf(words) => format!("Ответь ровно одним из вариантов: {}.", words.join(", ")),
        Grammar::SpansOf {
            max_spans,
            max_words,
            ..
        } => format!(
            "Ответ не по форме. Нужны только строки вида «- слова»: точные куски обращения без единого изменения, \
             не больше {max_spans} строк, в каждой не больше {max_words} слов подряд, куски не пересекаются."
        ),
    }
}

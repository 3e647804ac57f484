//! Texts that go on: a language model, its sessions, and what may be said.

mod cancel;
mod model;
mod sample;
mod session;

use crate::error::EngineError;
use crate::gguf::Gguf;
use crate::tokenizer::byte_level::ByteLevelBpe;
use model::Model;
use sample::{CANDIDATES, Dice, best};
use std::path::Path;

pub use cancel::Cancel;
pub use session::Session;

/// A language model of the Qwen2 family. It may be shared by threads; calls share the processor's cores.
pub struct Generator {
    model: Model,
    tokenizer: ByteLevelBpe,
    ends: Vec<u32>,
}

/// How a text is continued.
#[derive(Clone, Debug)]
pub struct Options {
    /// The most tokens that are added.
    pub max_tokens: usize,
    /// 0 takes the likeliest token; more makes the text more varied.
    pub temperature: f32,
    /// Decides the draws of a temperature above 0.
    pub seed: u64,
    /// Texts that end the answer; they are not part of it.
    pub stop: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            max_tokens: 512,
            temperature: 0.0,
            seed: 0,
            stop: Vec::new(),
        }
    }
}

/// A finished continuation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    pub text: String,
    /// How many tokens were computed for it.
    pub tokens: usize,
    pub finished: Finished,
}

/// Why a continuation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The model ended it, or one of the stop texts came.
    Stop,
    /// It has the most tokens allowed, or the context is full.
    Length,
    /// The constraint allowed none of the likelier tokens.
    Constraint,
}

/// What a continuation may say. Candidates come in order of their likelihood.
pub trait Constraint {
    /// Returns whether `candidate`, whole characters, may follow the text so far.
    fn allows(&mut self, so_far: &str, candidate: &str) -> bool;
    /// Is told the text after a candidate was taken.
    fn accept(&mut self, _so_far: &str) {}
    /// Returns whether the text may end here.
    fn may_end(&self, so_far: &str) -> bool;
    /// Returns whether everything is allowed; then tokens that end within a character are taken as well.
    fn is_free(&self) -> bool {
        false
    }
}

/// Allows everything.
#[derive(Clone, Copy, Debug, Default)]
pub struct Free;

impl Constraint for Free {
    fn allows(&mut self, _so_far: &str, _candidate: &str) -> bool {
        true
    }

    fn may_end(&self, _so_far: &str) -> bool {
        true
    }

    fn is_free(&self) -> bool {
        true
    }
}

/// What comes next.
enum Next {
    Token(u32),
    End,
    Nothing,
}

impl Generator {
    /// Opens a Qwen2 model from a GGUF file and reads it whole.
    ///
    /// Fails with `Missing`, `Damaged` or `Unsupported`.
    pub fn open(gguf: &Path) -> Result<Generator, EngineError> {
        let gguf = Gguf::open(gguf)?;
        let model = Model::read(&gguf)?;
        let tokenizer = ByteLevelBpe::from_gguf(&gguf, model.vocabulary)?;
        let mut ends: Vec<u32> = gguf
            .number("tokenizer.ggml.eos_token_id")
            .into_iter()
            .map(|id| id as u32)
            .collect();
        ends.extend(
            ["<|im_end|>", "<|endoftext|>"]
                .iter()
                .filter_map(|name| tokenizer.control(name)),
        );
        Ok(Generator {
            model,
            tokenizer,
            ends,
        })
    }

    /// Returns how many tokens a session can hold.
    pub fn context_tokens(&self) -> usize {
        self.model.context
    }

    /// Returns the tokens of a text. What looks like a control token in it is plain text, so that nobody's text can speak in
    /// another role.
    pub fn tokenize(&self, text: &str) -> Result<Vec<u32>, EngineError> {
        self.tokenizer.encode(text)
    }

    /// Returns the tokens of a template of ours, in which the names of control tokens mean those tokens.
    pub fn tokenize_template(&self, text: &str) -> Result<Vec<u32>, EngineError> {
        self.tokenizer.encode_template(text)
    }

    /// Returns the text of tokens; control tokens have none, broken characters become U+FFFD.
    pub fn decode(&self, tokens: &[u32]) -> String {
        let bytes: Vec<u8> = tokens
            .iter()
            .flat_map(|id| self.tokenizer.bytes(*id))
            .copied()
            .collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Returns a session that has read nothing.
    pub fn start(&self) -> Session {
        self.model.start()
    }

    /// Reads `tokens` and returns the logits after the last, `(V,)`.
    ///
    /// Fails with `TooLong`, `Cancelled` or `Deadline`; a wish to stop is seen within a layer of 256 tokens. After a failure
    /// the session holds the whole pieces of 256 tokens that were read.
    pub fn feed(
        &self,
        session: &mut Session,
        tokens: &[u32],
        cancel: &Cancel,
    ) -> Result<Vec<f32>, EngineError> {
        let total = session.tokens() + tokens.len();
        if total > self.model.context {
            return Err(EngineError::TooLong {
                tokens: total,
                limit: self.model.context,
            });
        }
        if tokens.is_empty() {
            return Err(EngineError::Backend("nothing to read".into()));
        }
        if let Some(id) = tokens
            .iter()
            .find(|id| **id as usize >= self.model.vocabulary)
        {
            return Err(EngineError::Backend(format!(
                "token {id} is not the model's"
            )));
        }
        self.model.feed(session, tokens, cancel)
    }

    /// Continues the session from `logits`, those of its last token, until the model, the options or the constraint end it.
    ///
    /// Fails with `Cancelled` or `Deadline`, seen between layers.
    pub fn generate(
        &self,
        session: &mut Session,
        mut logits: Vec<f32>,
        options: &Options,
        constraint: &mut dyn Constraint,
        cancel: &Cancel,
    ) -> Result<Generated, EngineError> {
        let mut text = Text::default();
        let mut dice = Dice::new(options.seed);
        let mut tokens = 0;
        let finished = loop {
            if tokens >= options.max_tokens || session.tokens() >= self.model.context {
                break Finished::Length;
            }
            let token = match self.next(&logits, &text, options, constraint, &mut dice) {
                Next::Token(token) => token,
                Next::End => break Finished::Stop,
                Next::Nothing => break Finished::Constraint,
            };
            tokens += 1;
            text.push(self.tokenizer.bytes(token));
            if text.cut_at(&options.stop) {
                break Finished::Stop;
            }
            constraint.accept(&text.whole);
            // The last token is not read: nobody asks what follows it.
            if tokens < options.max_tokens {
                logits = self.feed_next(session, token, cancel)?;
            }
        };
        Ok(Generated {
            text: text.finish(),
            tokens,
            finished,
        })
    }

    fn feed_next(
        &self,
        session: &mut Session,
        token: u32,
        cancel: &Cancel,
    ) -> Result<Vec<f32>, EngineError> {
        cancel.check()?;
        self.model.feed(session, &[token], cancel)
    }

    fn next(
        &self,
        logits: &[f32],
        text: &Text,
        options: &Options,
        constraint: &mut dyn Constraint,
        dice: &mut Dice,
    ) -> Next {
        let greedy = options.temperature <= 0.0;
        let count = if greedy && constraint.is_free() {
            1
        } else {
            CANDIDATES
        };
        let mut allowed = Vec::new();
        for token in best(logits, count) {
            if self.allowed(token, text, constraint) {
                allowed.push(token);
                if greedy {
                    break;
                }
            }
        }
        let chosen = if greedy {
            allowed.first().copied()
        } else {
            dice.draw(&allowed, logits, options.temperature)
        };
        match chosen {
            Some(token) if self.ends.contains(&token) => Next::End,
            Some(token) => Next::Token(token),
            None => Next::Nothing,
        }
    }

    fn allowed(&self, token: u32, text: &Text, constraint: &mut dyn Constraint) -> bool {
        if self.ends.contains(&token) {
            return constraint.may_end(&text.whole);
        }
        if constraint.is_free() {
            return true;
        }
        let bytes = self.tokenizer.bytes(token);
        match std::str::from_utf8(bytes) {
            Ok(candidate) if !candidate.is_empty() => constraint.allows(&text.whole, candidate),
            _ => false,
        }
    }
}

/// A text under way: whole characters, and the bytes of one that is not complete.
#[derive(Default)]
struct Text {
    whole: String,
    open: Vec<u8>,
}

impl Text {
    fn push(&mut self, bytes: &[u8]) {
        self.open.extend_from_slice(bytes);
        loop {
            match std::str::from_utf8(&self.open) {
                Ok(text) => {
                    self.whole.push_str(text);
                    self.open.clear();
                    return;
                }
                Err(error) => {
                    let (good, bad) = (error.valid_up_to(), error.error_len());
                    self.whole
                        .push_str(&String::from_utf8_lossy(&self.open[..good]));
                    match bad {
                        // Not complete yet: it stays open.
                        None => {
                            self.open.drain(..good);
                            return;
                        }
                        Some(length) => {
                            self.whole.push(char::REPLACEMENT_CHARACTER);
                            self.open.drain(..good + length);
                        }
                    }
                }
            }
        }
    }

    /// Cuts the text before the first stop text that it holds; returns whether it did.
    fn cut_at(&mut self, stops: &[String]) -> bool {
        let found = stops
            .iter()
            .filter(|s| !s.is_empty())
            .filter_map(|s| self.whole.find(s.as_str()))
            .min();
        if let Some(at) = found {
            self.whole.truncate(at);
            self.open.clear();
        }
        found.is_some()
    }

    fn finish(mut self) -> String {
        self.whole.push_str(&String::from_utf8_lossy(&self.open));
        self.whole
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_joined_across_tokens_and_broken_ones_replaced() {
        let mut text = Text::default();
        let bytes = "ёж 👍".as_bytes();
        for byte in bytes {
            text.push(&[*byte]);
        }
        assert_eq!(text.whole, "ёж 👍");
        text.push(&[0xFF, b'a', 0xD1]);
        assert_eq!(text.whole, "ёж 👍\u{FFFD}a");
        assert_eq!(text.finish(), "ёж 👍\u{FFFD}a\u{FFFD}");
    }

    #[test]
    fn the_text_ends_before_the_first_stop() {
        let mut text = Text::default();
        text.push("ответ\n\nконец".as_bytes());
        assert!(text.cut_at(&["конец".into(), "\n\n".into()]));
        assert_eq!(text.whole, "ответ");
        assert!(!text.cut_at(&[String::new()]));
    }
}

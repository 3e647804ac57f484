//! Models for tests: deterministic, small, and able to misbehave on demand. Never offered by the registry.

use super::{
    Cancel, EmbedText, Embedder, Finished, Generator, Grammar, JudgeRequest, Judged, Mode,
    ModelError, ModelIdentity, Purpose, Reply, Request,
};
use sha2::{Digest, Sha256};
use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// An encoder that hashes the beginnings of words into a vector: texts that share words are near.
pub struct HashEmbedder {
    dimension: usize,
}

impl HashEmbedder {
    pub fn new(dimension: usize) -> Self {
        Self { dimension }
    }
}

impl Embedder for HashEmbedder {
    fn name(&self) -> &str {
        "hash"
    }

    fn sha256(&self) -> &str {
        "0000000000000000000000000000000000000000000000000000000000000000"
    }

    fn dimension(&self) -> usize {
        self.dimension
    }

    fn embed(&self, texts: &[EmbedText], cancel: &Cancel) -> Result<Vec<Vec<f32>>, ModelError> {
        texts
            .iter()
            .map(|text| {
                cancel.check()?;
                Ok(hashed(text, self.dimension))
            })
            .collect()
    }
}

fn hashed(text: &EmbedText, dimension: usize) -> Vec<f32> {
    let title = match &text.purpose {
        Purpose::Passage { title: Some(title) } => title.as_str(),
        _ => "",
    };
    let joined = format!("{title} {}", text.text).to_lowercase();
    let mut vector = vec![0.0_f32; dimension];
    for word in joined.split(|c: char| !c.is_alphanumeric()) {
        // Russian endings change more than beginnings: five letters stand for a stem.
        let stem: String = word.chars().take(5).collect();
        if stem.chars().count() > 2 {
            let hash = Sha256::digest(stem.as_bytes());
            let place = usize::from(hash[0]) * 256 + usize::from(hash[1]);
            vector[place % dimension] += 1.0;
        }
    }
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    if length == 0.0 {
        vector[0] = 1.0;
        return vector;
    }
    vector.iter().map(|v| v / length).collect()
}

/// What a scripted generator does with one request.
#[derive(Debug, Clone, PartialEq)]
pub enum Act {
    Say(String),
    /// Waits until it is cancelled.
    WaitForCancel,
    /// Doesn't hear a cancellation for so long.
    Hang(Duration),
    Panic,
    Fail(ModelError),
}

/// A generator that follows a script; after its end it judges by shared words and says nothing.
pub struct ScriptedGenerator {
    identity: ModelIdentity,
    script: Mutex<VecDeque<Act>>,
}

impl ScriptedGenerator {
    pub fn new(script: impl IntoIterator<Item = Act>) -> Self {
        Self {
            identity: Self::identity_for_tests(),
            script: Mutex::new(script.into_iter().collect()),
        }
    }

    /// The identity that a handle over a scripted generator is started with.
    pub fn identity_for_tests() -> ModelIdentity {
        ModelIdentity {
            name: "scripted".into(),
            sha256: "1".repeat(64),
            mode: Mode::Select,
            seed: 1,
        }
    }

    fn act(&self, cancel: &Cancel) -> Result<Option<String>, ModelError> {
        let act = self
            .script
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        match act {
            None => Ok(None),
            Some(Act::Say(text)) => Ok(Some(text)),
            Some(Act::WaitForCancel) => loop {
                cancel.check()?;
                std::thread::sleep(Duration::from_millis(2));
            },
            Some(Act::Hang(time)) => {
                std::thread::sleep(time);
                cancel.check()?;
                Ok(None)
            }
            Some(Act::Panic) => panic!("scripted"),
            Some(Act::Fail(error)) => Err(error),
        }
    }
}

impl Generator for ScriptedGenerator {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Reply, ModelError> {
        let text = match self.act(cancel)? {
            Some(text) => text,
            None => smallest(&request.grammar),
        };
        Ok(Reply {
            prompt_tokens: request.system.len() + request.user.len(),
            output_tokens: text.len(),
            text,
            finished: Finished::Stop,
        })
    }

    /// A scripted line holds the probabilities, with blanks between; without one, shared words decide.
    fn judge(&self, request: &JudgeRequest, cancel: &Cancel) -> Result<Judged, ModelError> {
        let probabilities = match self.act(cancel)? {
            Some(line) => line
                .split_whitespace()
                .map(|p| p.parse().map_err(ModelError::failed))
                .collect::<Result<_, _>>()?,
            None => request
                .items
                .iter()
                .map(|item| likeness(&request.shared, item))
                .collect(),
        };
        Ok(Judged {
            probabilities,
            prompt_tokens: request.shared.len(),
        })
    }
}

/// The shortest reply inside a grammar.
fn smallest(grammar: &Grammar) -> String {
    let Some(mut guide) = grammar.guide() else {
        return String::new();
    };
    let mut reply = Vec::new();
    while !guide.may_end() {
        let Some(byte) = guide.next_bytes().first().copied() else {
            break;
        };
        guide.advance(&[byte]);
        reply.push(byte);
    }
    String::from_utf8_lossy(&reply).into_owned()
}

/// Cosine of the hashed words of two texts, inside 0.05–0.95.
fn likeness(one: &str, other: &str) -> f32 {
    let vector = |text: &str| {
        let text = EmbedText {
            text: text.to_owned(),
            purpose: Purpose::Query,
        };
        hashed(&text, 4096)
    };
    let cosine: f32 = vector(one)
        .iter()
        .zip(vector(other))
        .map(|(a, b)| a * b)
        .sum();
    cosine.clamp(0.05, 0.95)
}

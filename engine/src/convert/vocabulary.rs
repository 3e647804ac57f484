//! The tokens of a tokenizer.json, with scores that reproduce the order of its merges.

use super::gguf_out::Header;
use crate::error::{EngineError, damaged, io_error};
use crate::tokenizer::spm::byte_of;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;

const LARGEST: usize = 1 << 20;
const NORMAL: i32 = 1;
const UNKNOWN: i32 = 2;
const CONTROL: i32 = 3;
const USER_DEFINED: i32 = 4;
const BYTE: i32 = 6;

#[derive(Deserialize)]
struct File {
    model: Model,
    added_tokens: Vec<Added>,
}

#[derive(Deserialize)]
struct Model {
    #[serde(rename = "type")]
    kind: String,
    vocab: HashMap<String, usize>,
    merges: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct Added {
    id: usize,
    special: bool,
}

/// Tokens in the order of their numbers, with scores and types as GGUF writes them.
pub(super) struct Vocabulary {
    tokens: Vec<String>,
    scores: Vec<f32>,
    types: Vec<i32>,
}

impl Vocabulary {
    /// Reads a BPE tokenizer.json; fails with `Missing`, `Damaged` or `Unsupported`.
    pub(super) fn read(path: &Path) -> Result<Self, EngineError> {
        let bytes = std::fs::read(path).map_err(|e| io_error(path, e))?;
        let file: File =
            serde_json::from_slice(&bytes).map_err(|e| damaged(path)(e.to_string()))?;
        if file.model.kind != "BPE" {
            return Err(EngineError::Unsupported {
                what: format!(
                    "{}: a tokenizer of type {}",
                    path.display(),
                    file.model.kind
                ),
            });
        }
        Self::new(file).map_err(damaged(path))
    }

    fn new(file: File) -> Result<Self, String> {
        let count = file.model.vocab.len();
        if count > LARGEST {
            return Err(format!("{count} tokens"));
        }
        let mut tokens = vec![None; count];
        for (token, id) in &file.model.vocab {
            let place = tokens
                .get_mut(*id)
                .ok_or_else(|| format!("token {token} has number {id} of {count}"))?;
            *place = Some(token.clone());
        }
        let tokens: Option<Vec<String>> = tokens.into_iter().collect();
        let tokens = tokens.ok_or("two tokens share a number")?;
        let mut types: Vec<i32> = tokens
            .iter()
            .map(|token| match token.as_str() {
                "<unk>" => UNKNOWN,
                token if byte_of(token).is_some() => BYTE,
                _ => NORMAL,
            })
            .collect();
        for added in &file.added_tokens {
            // A token without a vector (an image's) cannot be meant by a text.
            match types.get_mut(added.id) {
                Some(kind) if *kind != UNKNOWN => {
                    *kind = if added.special { CONTROL } else { USER_DEFINED }
                }
                _ => {}
            }
        }
        let scores = scores(&file.model, &types)?;
        Ok(Vocabulary {
            tokens,
            scores,
            types,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn write(&self, header: &mut Header) {
        header.text("tokenizer.ggml.model", "llama");
        header.text("tokenizer.ggml.pre", "default");
        header.texts("tokenizer.ggml.tokens", &self.tokens);
        header.reals("tokenizer.ggml.scores", &self.scores);
        header.integers("tokenizer.ggml.token_type", &self.types);
        header.number("tokenizer.ggml.bos_token_id", 2);
        header.number("tokenizer.ggml.eos_token_id", 1);
        header.number("tokenizer.ggml.unknown_token_id", 3);
        header.number("tokenizer.ggml.padding_token_id", 0);
        header.flag("tokenizer.ggml.add_bos_token", true);
        header.flag("tokenizer.ggml.add_eos_token", true);
        header.flag("tokenizer.ggml.add_space_prefix", false);
    }
}

/// Gives a piece made by a merge the negated rank of its first merge, user-defined pieces 0, and pieces that no merge makes
/// scores below all others: merging by score then follows the list.
fn scores(model: &Model, types: &[i32]) -> Result<Vec<f32>, String> {
    let mut scores = vec![f32::NAN; types.len()];
    let mut rank = 0;
    for (left, right) in &model.merges {
        let union = format!("{left}{right}");
        let id = *model
            .vocab
            .get(&union)
            .ok_or_else(|| format!("the merge of {left} and {right} makes no token"))?;
        if scores[id].is_nan() {
            if types[id] == USER_DEFINED {
                scores[id] = 0.0;
            } else {
                rank += 1;
                scores[id] = -(rank as f32);
            }
        }
    }
    for (score, kind) in scores.iter_mut().zip(types) {
        if score.is_nan() {
            *score = if *kind == NORMAL {
                rank += 1;
                -(rank as f32)
            } else {
                0.0
            };
        }
    }
    Ok(scores)
}

//! The chat frame of the Qwen family. The frame's control tokens come from us; people's text is
//! tokenized as plain text, so that nobody speaks in another role from inside a question.

use super::engine_error;
use crate::model::ModelError;
use soyuznik_engine::generator::Generator;

/// Tokens up to where the user's words begin.
pub fn opening(generator: &Generator, system: &str) -> Result<Vec<u32>, ModelError> {
    let mut tokens = template(generator, "<|im_start|>system\n")?;
    tokens.extend(plain(generator, system)?);
    tokens.extend(template(generator, "<|im_end|>\n<|im_start|>user\n")?);
    Ok(tokens)
}

/// Tokens of words that follow: the user's in the opening, the assistant's in the answer.
pub fn plain(generator: &Generator, text: &str) -> Result<Vec<u32>, ModelError> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    generator.tokenize(text).map_err(engine_error)
}

/// Tokens that end the user's words and let the assistant speak.
pub fn turn(generator: &Generator) -> Result<Vec<u32>, ModelError> {
    template(generator, "<|im_end|>\n<|im_start|>assistant\n")
}

fn template(generator: &Generator, text: &str) -> Result<Vec<u32>, ModelError> {
    generator.tokenize_template(text).map_err(engine_error)
}

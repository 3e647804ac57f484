//! Byte-level BPE as Qwen2 uses it, from the lists of a GGUF file.

use crate::error::EngineError;
use crate::gguf::{Gguf, Value};
use std::collections::HashMap;
use tokenizers::models::bpe::BPE;
use tokenizers::normalizers::NFC;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::{SplitDelimiterBehavior, Tokenizer};

/// How Qwen2 cuts a text before merging: contractions, words, single digits, punctuation, line ends, spaces.
const WORDS: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const CONTROL: i64 = 3;
const USER_DEFINED: i64 = 4;

/// The tokenizer, and for every token the bytes that it stands for.
pub(crate) struct ByteLevelBpe {
    plain: Tokenizer,
    /// Names of control tokens with their numbers.
    controls: Vec<(String, u32)>,
    /// The bytes of all tokens, one after another; control tokens have none.
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl ByteLevelBpe {
    /// Reads the tokenizer; fails with `Damaged` when its lists do not fit together, with `Unsupported` for another kind.
    pub(crate) fn from_gguf(gguf: &Gguf, vocabulary: usize) -> Result<Self, EngineError> {
        let unsupported = |what: &str, name: &str| EngineError::Unsupported {
            what: format!("{}: {what} {name}", gguf.path.display()),
        };
        let model = gguf.text("tokenizer.ggml.model")?;
        if model != "gpt2" {
            return Err(unsupported("tokenizer", model));
        }
        let pre = gguf.text("tokenizer.ggml.pre")?;
        if pre != "qwen2" {
            return Err(unsupported("word splitter", pre));
        }
        let tokens = gguf.texts("tokenizer.ggml.tokens")?;
        let Some(Value::Integers(types)) = gguf.metadata.get("tokenizer.ggml.token_type") else {
            return Err(gguf.damaged("the types of the tokens are missing"));
        };
        if tokens.len() > vocabulary || types.len() != tokens.len() {
            return Err(gguf.damaged(format!(
                "{} tokens, {} types, {vocabulary} vectors",
                tokens.len(),
                types.len()
            )));
        }
        let plain = plain(gguf, tokens)?;
        let bytes_of = byte_table();
        let (mut controls, mut bytes, mut ends) = (Vec::new(), Vec::new(), Vec::new());
        for (id, (token, kind)) in (0u32..).zip(tokens.iter().zip(types)) {
            if matches!(*kind, CONTROL | USER_DEFINED) {
                controls.push((token.clone(), id));
            }
            if *kind == USER_DEFINED {
                bytes.extend(token.bytes());
            } else if *kind == 1 {
                let known: Option<Vec<u8>> =
                    token.chars().map(|c| bytes_of.get(&c).copied()).collect();
                bytes.extend(known.unwrap_or_else(|| token.bytes().collect()));
            }
            ends.push(bytes.len() as u32);
        }
        controls.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
        Ok(ByteLevelBpe {
            plain,
            controls,
            bytes,
            ends,
        })
    }

    /// Returns the tokens of a text; names of control tokens in it are plain text.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>, EngineError> {
        let encoding = self
            .plain
            .encode_fast(text, false)
            .map_err(|e| EngineError::Backend(e.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }

    /// Returns the tokens of a template, where the names of control tokens mean those tokens.
    pub(crate) fn encode_template(&self, text: &str) -> Result<Vec<u32>, EngineError> {
        let mut out = Vec::new();
        let (mut from, mut at) = (0, 0);
        while let Some(next) = text[at..].find(['<', '[']) {
            at += next;
            let found = self
                .controls
                .iter()
                .find(|(name, _)| text[at..].starts_with(name));
            match found {
                Some((name, id)) => {
                    out.extend(self.encode(&text[from..at])?);
                    out.push(*id);
                    at += name.len();
                    from = at;
                }
                None => at += 1,
            }
        }
        out.extend(self.encode(&text[from..])?);
        Ok(out)
    }

    /// Returns the number of a control token.
    pub(crate) fn control(&self, name: &str) -> Option<u32> {
        self.controls
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, id)| *id)
    }

    /// Returns the bytes that a token stands for; none for control tokens and numbers without a token.
    pub(crate) fn bytes(&self, id: u32) -> &[u8] {
        let id = id as usize;
        let Some(&end) = self.ends.get(id) else {
            return &[];
        };
        let start = id.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..end as usize]
    }
}

fn plain(gguf: &Gguf, tokens: &[String]) -> Result<Tokenizer, EngineError> {
    let merges: Option<Vec<(String, String)>> = gguf
        .texts("tokenizer.ggml.merges")?
        .iter()
        .map(|merge| {
            merge
                .split_once(' ')
                .map(|(a, b)| (a.to_owned(), b.to_owned()))
        })
        .collect();
    let merges = merges.ok_or_else(|| gguf.damaged("a merge of the tokenizer"))?;
    let vocabulary: HashMap<String, u32> = tokens.iter().cloned().zip(0u32..).collect();
    let bpe = BPE::builder()
        .vocab_and_merges(
            vocabulary
                .into_iter()
                .collect::<tokenizers::models::bpe::Vocab>(),
            merges,
        )
        .build()
        .map_err(|e| gguf.damaged(format!("the tokenizer: {e}")))?;
    let backend = |e: tokenizers::Error| EngineError::Backend(e.to_string());
    let split = Split::new(
        SplitPattern::Regex(WORDS.into()),
        SplitDelimiterBehavior::Isolated,
        false,
    )
    .map_err(backend)?;
    let mut tokenizer = Tokenizer::new(bpe);
    tokenizer.with_normalizer(Some(NFC)).map_err(backend)?;
    tokenizer.with_pre_tokenizer(Some(Sequence::new(vec![
        split.into(),
        ByteLevel::new(false, false, false).into(),
    ])));
    Ok(tokenizer)
}

/// Returns the byte that each character of a token's name stands for: printable ones themselves, the others from 256 on.
fn byte_table() -> HashMap<char, u8> {
    let mut next = 256u32;
    (0..=255u8)
        .filter_map(|byte| {
            let printable = matches!(byte, 0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF);
            let point = if printable { u32::from(byte) } else { next };
            next += u32::from(!printable);
            char::from_u32(point).map(|c| (c, byte))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_a_character_of_its_own() {
        let table = byte_table();
        assert_eq!(table.len(), 256);
        assert_eq!(table[&'Ġ'], b' ');
        assert_eq!(table[&'Ċ'], b'\n');
        assert_eq!(table[&'a'], b'a');
    }
}

//! SentencePiece BPE as Gemma uses it: pieces are merged by score, unknown characters fall back to bytes.

use crate::error::EngineError;
use crate::gguf::{Gguf, Value};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

const SPACE: char = '\u{2581}';
const NORMAL: i64 = 1;
const USER_DEFINED: i64 = 4;

/// The tokenizer inside a GGUF file of the model `llama`.
pub(crate) struct Spm {
    ids: HashMap<Box<str>, u32>,
    scores: Vec<f32>,
    bytes: [u32; 256],
    /// Pieces that are cut out of the text before anything else, longest first within a first byte.
    user_defined: HashMap<u8, Vec<(Box<str>, u32)>>,
    bos: u32,
    eos: u32,
}

/// One symbol of the text under way: `text[start..start + length]`; a length of 0 marks a symbol merged away.
#[derive(Clone, Copy)]
struct Symbol {
    start: usize,
    length: usize,
    previous: Option<usize>,
    next: Option<usize>,
    id: u32,
    byte: bool,
}

/// A possible merge; the order is that of the ranks in the original list of merges.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Merge {
    score: Reverse<Key>,
    left_chars: usize,
    right_chars: usize,
    id: Reverse<u32>,
    position: Reverse<usize>,
}

/// A score, negated into a total order: a lower key is a better score.
#[derive(PartialEq, Eq, PartialOrd, Ord, Clone, Copy)]
struct Key(i64);

impl Key {
    fn of(score: f32) -> Key {
        // Scores are ranks or log-probabilities; an order-preserving integer keeps them exactly.
        let bits = i64::from(score.to_bits() as i32);
        let ordered = if bits < 0 {
            i64::from(i32::MIN) - bits
        } else {
            bits
        };
        Key(-ordered)
    }
}

impl Spm {
    /// Reads the tokenizer of a GGUF file; fails with `Damaged` when its lists do not fit together.
    pub(crate) fn from_gguf(gguf: &Gguf, vocabulary: usize) -> Result<Spm, EngineError> {
        let model = gguf.text("tokenizer.ggml.model")?;
        if model != "llama" {
            return Err(EngineError::Unsupported {
                what: format!("{}: tokenizer {model}", gguf.path.display()),
            });
        }
        let tokens = gguf.texts("tokenizer.ggml.tokens")?;
        let (Some(Value::Floats(scores)), Some(Value::Integers(types))) = (
            gguf.metadata.get("tokenizer.ggml.scores"),
            gguf.metadata.get("tokenizer.ggml.token_type"),
        ) else {
            return Err(gguf.damaged("the scores or types of the tokens are missing"));
        };
        if tokens.len() != vocabulary || scores.len() != vocabulary || types.len() != vocabulary {
            return Err(gguf.damaged(format!(
                "{} tokens, {} scores, {} types, {vocabulary} vectors",
                tokens.len(),
                scores.len(),
                types.len()
            )));
        }
        if scores.iter().any(|s| !s.is_finite()) {
            return Err(gguf.damaged("a token's score is not a number"));
        }
        let special = |key: &str, usual: usize| {
            let id = gguf.number(key).unwrap_or(usual);
            if id < vocabulary {
                Ok(id as u32)
            } else {
                Err(gguf.damaged(format!("{key} is {id}")))
            }
        };
        let bos = special("tokenizer.ggml.bos_token_id", 2)?;
        let eos = special("tokenizer.ggml.eos_token_id", 1)?;
        Spm::new(tokens, scores.clone(), types, (bos, eos)).map_err(|what| gguf.damaged(what))
    }

    /// Builds the tokenizer; fails when one of the 256 byte pieces is missing.
    pub(crate) fn new(
        tokens: &[String],
        scores: Vec<f32>,
        types: &[i64],
        (bos, eos): (u32, u32),
    ) -> Result<Spm, String> {
        let mut ids = HashMap::with_capacity(tokens.len());
        let mut bytes = [u32::MAX; 256];
        let mut user_defined: HashMap<u8, Vec<(Box<str>, u32)>> = HashMap::new();
        for (id, (token, kind)) in (0u32..).zip(tokens.iter().zip(types)) {
            match *kind {
                NORMAL | USER_DEFINED => {
                    ids.entry(token.as_str().into()).or_insert(id);
                }
                _ => {
                    if let Some(byte) = byte_of(token) {
                        bytes[usize::from(byte)] = id;
                    }
                }
            }
            if let (USER_DEFINED, Some(first)) = (*kind, token.bytes().next()) {
                user_defined
                    .entry(first)
                    .or_default()
                    .push((token.as_str().into(), id));
            }
        }
        if let Some(byte) = bytes.iter().position(|id| *id == u32::MAX) {
            return Err(format!("the token <0x{byte:02X}> is missing"));
        }
        for pieces in user_defined.values_mut() {
            pieces.sort_by_key(|(piece, _)| Reverse(piece.len()));
        }
        Ok(Spm {
            ids,
            scores,
            bytes,
            user_defined,
            bos,
            eos,
        })
    }

    /// Returns the tokens of a text, between the begin and end tokens.
    ///
    /// Control tokens written in the text are plain text. Costs O(n log n).
    pub(crate) fn encode(&self, text: &str) -> Vec<u32> {
        let mut out = vec![self.bos];
        let mut from = 0;
        let mut at = 0;
        while at < text.len() {
            match self.user_defined_at(&text[at..]) {
                Some((length, id)) => {
                    self.encode_part(&text[from..at], &mut out);
                    out.push(id);
                    at += length;
                    from = at;
                }
                None => at += text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        self.encode_part(&text[from..], &mut out);
        out.push(self.eos);
        out
    }

    fn user_defined_at(&self, text: &str) -> Option<(usize, u32)> {
        let pieces = self.user_defined.get(text.as_bytes().first()?)?;
        let (piece, id) = pieces
            .iter()
            .find(|(piece, _)| text.starts_with(&**piece))?;
        Some((piece.len(), *id))
    }

    fn encode_part(&self, text: &str, out: &mut Vec<u32>) {
        if text.is_empty() {
            return;
        }
        let text: String = text
            .chars()
            .map(|c| if c == ' ' { SPACE } else { c })
            .collect();
        let mut symbols = self.symbols(&text);
        let mut queue = BinaryHeap::new();
        for i in 0..symbols.len().saturating_sub(1) {
            queue.extend(self.merge(&text, &symbols, i));
        }
        while let Some(merge) = queue.pop() {
            let left = merge.position.0;
            let current = self.merge(&text, &symbols, left);
            if current.is_none_or(|current| current.id != merge.id) {
                continue;
            }
            let Some(right) = symbols[left].next else {
                continue;
            };
            symbols[left].length += symbols[right].length;
            symbols[left].id = merge.id.0;
            symbols[left].next = symbols[right].next;
            symbols[right].length = 0;
            if let Some(after) = symbols[left].next {
                symbols[after].previous = Some(left);
            }
            queue.extend(
                symbols[left]
                    .previous
                    .and_then(|p| self.merge(&text, &symbols, p)),
            );
            queue.extend(self.merge(&text, &symbols, left));
        }
        out.extend(symbols.iter().filter(|s| s.length > 0).map(|s| s.id));
    }

    fn symbols(&self, text: &str) -> Vec<Symbol> {
        let mut symbols: Vec<Symbol> = Vec::with_capacity(text.len());
        for (start, c) in text.char_indices() {
            let piece = &text[start..start + c.len_utf8()];
            let symbol = |start, length, id, byte| Symbol {
                start,
                length,
                previous: None,
                next: None,
                id,
                byte,
            };
            match self.ids.get(piece) {
                Some(id) => symbols.push(symbol(start, piece.len(), *id, false)),
                None => symbols.extend(
                    piece
                        .bytes()
                        .enumerate()
                        .map(|(i, b)| symbol(start + i, 1, self.bytes[usize::from(b)], true)),
                ),
            }
        }
        let last = symbols.len().saturating_sub(1);
        for (i, symbol) in symbols.iter_mut().enumerate() {
            symbol.previous = i.checked_sub(1);
            symbol.next = (i < last).then_some(i + 1);
        }
        symbols
    }

    /// Returns the merge of the symbol `left` with its neighbour, where the vocabulary has their union.
    fn merge(&self, text: &str, symbols: &[Symbol], left: usize) -> Option<Merge> {
        let a = symbols[left];
        let b = symbols[a.next?];
        if a.length == 0 || a.byte || b.byte {
            return None;
        }
        let id = *self.ids.get(&text[a.start..b.start + b.length])?;
        Some(Merge {
            score: Reverse(Key::of(self.scores[id as usize])),
            left_chars: text[a.start..b.start].chars().count(),
            right_chars: text[b.start..b.start + b.length].chars().count(),
            id: Reverse(id),
            position: Reverse(left),
        })
    }
}

/// Returns the byte that a piece such as `<0x0A>` stands for.
pub(crate) fn byte_of(piece: &str) -> Option<u8> {
    let digits = piece.strip_prefix("<0x")?.strip_suffix('>')?;
    if digits.len() == 2 {
        u8::from_str_radix(digits, 16).ok()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Spm {
        let mut tokens: Vec<String> = ["<pad>", "<eos>", "<bos>"].map(String::from).to_vec();
        let mut types = vec![3, 3, 3];
        for byte in 0..=255u8 {
            tokens.push(format!("<0x{byte:02X}>"));
            types.push(6);
        }
        for piece in ["\n", "\n\n", "<b>"] {
            tokens.push(piece.into());
            types.push(USER_DEFINED);
        }
        for piece in ["аб", "бв", "абв", "\u{2581}а", "а", "б", "в", "\u{2581}"] {
            tokens.push(piece.into());
            types.push(NORMAL);
        }
        let scores = (0..tokens.len()).map(|i| -(i as f32)).collect();
        Spm::new(&tokens, scores, &types, (2, 1)).unwrap()
    }

    fn names(text: &str) -> Vec<u32> {
        small().encode(text)
    }

    #[test]
    fn the_best_score_merges_first_and_unknown_characters_become_bytes() {
        let base = 3 + 256 + 3;
        assert_eq!(names("абв"), [2, base + 2, 1]);
        assert_eq!(names("бв аб"), [2, base + 1, base + 7, base, 1]);
        assert_eq!(names("я"), [2, 3 + 0xD1, 3 + 0x8F, 1]);
        assert_eq!(
            names("<bos>"),
            [2, 3 + 0x3C, 3 + 0x62, 3 + 0x6F, 3 + 0x73, 3 + 0x3E, 1]
        );
    }

    #[test]
    fn user_defined_pieces_are_cut_out_longest_first() {
        let base = 3 + 256;
        assert_eq!(
            names("\n\n\nа<b>"),
            [2, base + 1, base, base + 3 + 4, base + 2, 1]
        );
    }

    #[test]
    fn keys_keep_the_order_of_scores() {
        let scores = [0.0f32, -0.5, -1.0, -30.25, -262_000.0];
        assert!(scores.windows(2).all(|w| Key::of(w[0]) < Key::of(w[1])));
        assert!(Key::of(2.0) < Key::of(0.0));
    }
}

//! Texts to vectors.

mod e5;
mod e5_file;
mod gemma;

use crate::error::EngineError;
use crate::ops::normalise;
use std::path::Path;

/// What a text is to the search: the models are trained with a prompt for each role, and find poorly without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose<'a> {
    /// Somebody's question.
    Query,
    /// A text that may be found. E5 has no place for the title and ignores it.
    Passage { title: Option<&'a str> },
}

/// Tokens that go through the model at once; more only costs memory.
const BATCH_TOKENS: usize = 1024;

/// A model that turns token numbers into vectors.
trait Body: Send + Sync {
    fn dimension(&self) -> usize;
    fn max_tokens(&self) -> usize;
    /// Returns the tokens of the text in its prompt, framed, not cut.
    fn tokens(&self, text: &str, purpose: Purpose<'_>) -> Vec<u32>;
    /// Returns the tokens of the bare text, without prompt and frame.
    fn count(&self, text: &str) -> usize;
    /// Appends the pooled vectors of texts that follow one another in `tokens`, `(B, D)`, not yet of length 1.
    fn forward(
        &self,
        tokens: &[u32],
        lengths: &[usize],
        out: &mut Vec<f32>,
    ) -> Result<(), EngineError>;
}

/// A text encoder. It may be shared by threads; calls share the processor's cores.
pub struct Encoder {
    body: Box<dyn Body>,
}

impl Encoder {
    /// Opens EmbeddingGemma from a GGUF file: our own conversion or the hub's.
    ///
    /// Fails with `Missing`, `Damaged` or `Unsupported`; a file without the two dense layers is refused, since it would
    /// run and find poorly. Reads the whole file, a third of a gigabyte.
    pub fn open_embedding_gemma(gguf: &Path) -> Result<Encoder, EngineError> {
        let body = Box::new(gemma::Gemma::open(gguf)?);
        Ok(Encoder { body })
    }

    /// Opens multilingual-e5-small from an `E5S1` file. Fails with `Missing`, `Damaged` or `Unsupported`.
    pub fn open_e5_small(bin: &Path) -> Result<Encoder, EngineError> {
        let body = Box::new(e5::E5::open(bin)?);
        Ok(Encoder { body })
    }

    /// Returns the length of the vectors.
    pub fn dimension(&self) -> usize {
        self.body.dimension()
    }

    /// Returns how many tokens of a text, with its prompt, count; the rest is cut off.
    pub fn max_tokens(&self) -> usize {
        self.body.max_tokens()
    }

    /// Returns the number of tokens of the bare text, without prompt and frame.
    pub fn count_tokens(&self, text: &str) -> usize {
        self.body.count(text)
    }

    /// Returns the tokens that the model reads for a text: with its prompt, framed, cut to [`Self::max_tokens`].
    pub fn tokenize(&self, text: &str, purpose: Purpose<'_>) -> Vec<u32> {
        let mut tokens = self.body.tokens(text, purpose);
        let most = self.max_tokens();
        if let (true, Some(&last)) = (tokens.len() > most, tokens.last()) {
            tokens.truncate(most - 1);
            tokens.push(last);
        }
        tokens
    }

    /// Returns the vectors of the texts, `(B, D)`, each of length 1, in the order of the texts.
    ///
    /// Texts beyond [`Self::max_tokens`] are cut. Texts of like length are computed together. Fails with `Backend` when a
    /// vector is not finite, which a damaged file can cause.
    pub fn embed(&self, texts: &[(&str, Purpose<'_>)]) -> Result<Vec<Vec<f32>>, EngineError> {
        let tokens: Vec<Vec<u32>> = texts.iter().map(|(t, p)| self.tokenize(t, *p)).collect();
        let mut order: Vec<usize> = (0..texts.len()).collect();
        order.sort_by_key(|i| std::cmp::Reverse(tokens[*i].len()));
        let mut vectors = vec![Vec::new(); texts.len()];
        let mut rest = &order[..];
        while !rest.is_empty() {
            let mut total = 0;
            let fits = |i: &&usize| {
                total += tokens[**i].len();
                total <= BATCH_TOKENS
            };
            let (batch, later) = rest.split_at(rest.iter().take_while(fits).count().max(1));
            self.embed_batch(batch, &tokens, &mut vectors)?;
            rest = later;
        }
        Ok(vectors)
    }

    fn embed_batch(
        &self,
        batch: &[usize],
        tokens: &[Vec<u32>],
        vectors: &mut [Vec<f32>],
    ) -> Result<(), EngineError> {
        let joined: Vec<u32> = batch
            .iter()
            .flat_map(|i| tokens[*i].iter().copied())
            .collect();
        let lengths: Vec<usize> = batch.iter().map(|i| tokens[*i].len()).collect();
        let mut out = Vec::new();
        self.body.forward(&joined, &lengths, &mut out)?;
        for (i, pooled) in batch.iter().zip(out.chunks_exact_mut(self.dimension())) {
            if !normalise(pooled) {
                return Err(EngineError::Backend("a vector is not finite".into()));
            }
            vectors[*i] = pooled.to_vec();
        }
        Ok(())
    }
}

/// Replaces the rows of each text in `x`, `(T, D)`, by their mean, `(B, D)`.
fn mean_rows(x: &[f32], lengths: &[usize], width: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(lengths.len() * width);
    let mut rows = x.chunks_exact(width);
    for &length in lengths {
        let mut mean = vec![0.0; width];
        for row in rows.by_ref().take(length) {
            crate::ops::add(&mut mean, row);
        }
        mean.iter_mut().for_each(|v| *v /= length as f32);
        out.extend(mean);
    }
    out
}

//! multilingual-e5-small: a BERT body, mean pooling.

use super::e5_file::{E5File, Header, Stored};
use super::{Body, Purpose, mean_rows};
use crate::attention::{Heads, Texts};
use crate::error::EngineError;
use crate::ops::{add, gelu_erf, layer_norm};
use crate::tensor::{Linear, look_up, quantised};
use crate::tokenizer::unigram::Unigram;
use candle_core::quantized::{GgmlDType, QTensor};
use std::path::Path;
use std::sync::Arc;

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    attention_norm: Norm,
    inner: Linear,
    outer: Linear,
    feed_norm: Norm,
}

pub(super) struct E5 {
    tokenizer: Unigram,
    words: Arc<QTensor>,
    /// The vectors of the positions, `(P, D)`, with that of the only kind added.
    positions: Vec<f32>,
    first_norm: Norm,
    layers: Vec<Layer>,
    header: Header,
    heads: Heads,
}

impl Norm {
    fn read(file: &E5File, name: &str, width: usize) -> Result<Norm, EngineError> {
        Ok(Norm {
            weight: file.vector(&format!("{name}.w"), width)?,
            bias: file.vector(&format!("{name}.b"), width)?,
        })
    }

    fn apply(&self, x: &mut [f32], eps: f32) {
        layer_norm(x, &self.weight, &self.bias, eps);
    }
}

fn linear(file: &E5File, name: &str, rows: usize, columns: usize) -> Result<Linear, EngineError> {
    let bytes = file.bytes(&format!("{name}.w"), Stored::Q4, rows * columns)?;
    let bias = file.vector(&format!("{name}.b"), rows)?;
    Linear::new(bytes, GgmlDType::Q4_0, (rows, columns), Some(bias))
}

impl Layer {
    fn read(file: &E5File, n: usize, header: &Header) -> Result<Layer, EngineError> {
        let (width, inner) = (header.width, header.inner);
        let name = |part: &str| format!("l{n}.{part}");
        Ok(Layer {
            query: linear(file, &name("q"), width, width)?,
            key: linear(file, &name("k"), width, width)?,
            value: linear(file, &name("v"), width, width)?,
            output: linear(file, &name("ao"), width, width)?,
            attention_norm: Norm::read(file, &name("aln"), width)?,
            inner: linear(file, &name("fi"), inner, width)?,
            outer: linear(file, &name("fo"), width, inner)?,
            feed_norm: Norm::read(file, &name("oln"), width)?,
        })
    }
}

impl E5 {
    pub(super) fn open(path: &Path) -> Result<Self, EngineError> {
        let (file, header, tokenizer) = E5File::open(path)?;
        let width = header.width;
        let kinds = file.vector("emb.type", header.kinds * width)?;
        let mut positions = file.vector("emb.pos", header.positions * width)?;
        for row in positions.chunks_exact_mut(width) {
            add(row, &kinds[..width]);
        }
        let words = file.bytes("emb.word", Stored::Q4, header.vocabulary * width)?;
        Ok(E5 {
            tokenizer,
            words: quantised(words, GgmlDType::Q4_0, header.vocabulary, width)?,
            positions,
            first_norm: Norm::read(&file, "emb.ln", width)?,
            layers: (0..header.layers)
                .map(|n| Layer::read(&file, n, &header))
                .collect::<Result<_, _>>()?,
            heads: Heads {
                query: header.heads,
                key_value: header.heads,
                width: width / header.heads,
            },
            header,
        })
    }

    fn layer(&self, layer: &Layer, lengths: &[usize], b: &mut Buffers) -> Result<(), EngineError> {
        layer.query.forward(&b.x, &mut b.q)?;
        layer.key.forward(&b.x, &mut b.k)?;
        layer.value.forward(&b.x, &mut b.v)?;
        let scale = 1.0 / (self.heads.width as f32).sqrt();
        b.q.iter_mut().for_each(|v| *v *= scale);
        b.texts.lay(&b.k, &b.v, lengths, self.heads);
        b.texts.attend(&b.q, self.heads, None, &mut b.seen);
        layer.output.forward(&b.seen, &mut b.q)?;
        add(&mut b.x, &b.q);
        layer.attention_norm.apply(&mut b.x, self.header.eps);
        layer.inner.forward(&b.x, &mut b.k)?;
        gelu_erf(&mut b.k);
        layer.outer.forward(&b.k, &mut b.q)?;
        add(&mut b.x, &b.q);
        layer.feed_norm.apply(&mut b.x, self.header.eps);
        Ok(())
    }
}

/// Working memory of one batch, reused from layer to layer.
#[derive(Default)]
struct Buffers {
    x: Vec<f32>,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    seen: Vec<f32>,
    texts: Texts,
}

impl Body for E5 {
    fn dimension(&self) -> usize {
        self.header.width
    }

    fn max_tokens(&self) -> usize {
        self.header.positions
    }

    fn tokens(&self, text: &str, purpose: Purpose<'_>) -> Vec<u32> {
        let prompt = match purpose {
            Purpose::Query => "query: ",
            Purpose::Passage { .. } => "passage: ",
        };
        let specials = self.tokenizer.specials;
        let mut tokens = vec![specials.bos];
        tokens.extend(self.tokenizer.encode(&format!("{prompt}{text}")));
        tokens.push(specials.eos);
        tokens
    }

    fn count(&self, text: &str) -> usize {
        self.tokenizer.encode(text).len()
    }

    fn forward(
        &self,
        tokens: &[u32],
        lengths: &[usize],
        out: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        let mut b = Buffers::default();
        look_up(&self.words, tokens, &mut b.x)?;
        let width = self.header.width;
        let positions = lengths
            .iter()
            .flat_map(|length| self.positions[..length * width].chunks_exact(width));
        for (row, position) in b.x.chunks_exact_mut(width).zip(positions) {
            add(row, position);
        }
        self.first_norm.apply(&mut b.x, self.header.eps);
        b.seen.resize(b.x.len(), 0.0);
        for layer in &self.layers {
            self.layer(layer, lengths, &mut b)?;
        }
        out.extend(mean_rows(&b.x, lengths, width));
        Ok(())
    }
}

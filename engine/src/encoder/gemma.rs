//! EmbeddingGemma: a Gemma 3 text body that reads in both directions, mean pooling, two dense layers.

use super::{Body, Purpose, mean_rows};
use crate::attention::{Heads, Texts};
use crate::error::EngineError;
use crate::gguf::Gguf;
use crate::ops::{Rotation, add, gelu_tanh, rms_norm};
use crate::tensor::{Linear, look_up};
use crate::tokenizer::spm::Spm;
use candle_core::quantized::QTensor;
use std::path::Path;
use std::sync::Arc;

const ARCHITECTURE: &str = "gemma-embedding";
/// Every sixth layer sees the whole text; the file does not say so, the architecture does.
const FULL_EVERY: usize = 6;
const USUAL_LOCAL_BASE: f32 = 10_000.0;

struct Layer {
    before_attention: Vec<f32>,
    query: Linear,
    key: Linear,
    value: Linear,
    query_norm: Vec<f32>,
    key_norm: Vec<f32>,
    output: Linear,
    after_attention: Vec<f32>,
    before_feed: Vec<f32>,
    gate: Linear,
    up: Linear,
    down: Linear,
    after_feed: Vec<f32>,
}

struct Sizes {
    width: usize,
    heads: Heads,
    layers: usize,
    max_tokens: usize,
    /// How far a layer with a window sees on either side.
    reach: usize,
    eps: f32,
}

pub(super) struct Gemma {
    tokenizer: Spm,
    table: Arc<QTensor>,
    layers: Vec<Layer>,
    last_norm: Vec<f32>,
    dense: [Linear; 2],
    full: Rotation,
    local: Rotation,
    sizes: Sizes,
}

impl Gemma {
    pub(super) fn open(path: &Path) -> Result<Self, EngineError> {
        let gguf = Gguf::open(path)?;
        let architecture = gguf.text("general.architecture")?;
        if architecture != ARCHITECTURE {
            return Err(EngineError::Unsupported {
                what: format!(
                    "{}: architecture {architecture}, not {ARCHITECTURE}",
                    path.display()
                ),
            });
        }
        for dense in ["dense_2", "dense_3"] {
            if !gguf.tensors.contains_key(&format!("{dense}.weight")) {
                return Err(EngineError::Unsupported {
                    what: format!(
                        "{}: the layer {dense} is missing, the vectors would be wrong",
                        path.display()
                    ),
                });
            }
        }
        let key = |name: &str| format!("{ARCHITECTURE}.{name}");
        let sizes = Sizes::read(&gguf)?;
        let width = sizes.width;
        let inner = gguf.count(&key("feed_forward_length"), 1 << 16)?;
        let dense = gguf.place("dense_2.weight")?.rows;
        let vocabulary = gguf.place("token_embd.weight")?.rows;
        let base = gguf.real(&key("rope.freq_base")).unwrap_or(1_000_000.0);
        let local = gguf
            .real(&key("rope.freq_base_swa"))
            .unwrap_or(USUAL_LOCAL_BASE);
        Ok(Gemma {
            tokenizer: Spm::from_gguf(&gguf, vocabulary)?,
            table: gguf.matrix("token_embd.weight", vocabulary, width)?,
            layers: (0..sizes.layers)
                .map(|n| Layer::read(&gguf, n, &sizes, inner))
                .collect::<Result<_, _>>()?,
            last_norm: gguf.vector("output_norm.weight", width)?,
            dense: [
                gguf.linear("dense_2.weight", dense, width)?,
                gguf.linear("dense_3.weight", width, dense)?,
            ],
            full: Rotation::new(sizes.max_tokens, sizes.heads.width, base),
            local: Rotation::new(sizes.max_tokens, sizes.heads.width, local),
            sizes,
        })
    }

    /// Normalises each head and turns it to its position; queries are scaled as well.
    fn place(
        &self,
        x: &mut [f32],
        norm: &[f32],
        heads: usize,
        lengths: &[usize],
        rotation: &Rotation,
        scale: f32,
    ) {
        rms_norm(x, norm, self.sizes.eps);
        let width = self.sizes.heads.width;
        let positions = lengths.iter().flat_map(|length| 0..*length);
        for (row, position) in x.chunks_exact_mut(heads * width).zip(positions) {
            for head in row.chunks_exact_mut(width) {
                rotation.apply(head, position);
                head.iter_mut().for_each(|v| *v *= scale);
            }
        }
    }

    fn attention(
        &self,
        layer: &Layer,
        n: usize,
        lengths: &[usize],
        b: &mut Buffers,
    ) -> Result<(), EngineError> {
        let heads = self.sizes.heads;
        b.a.clone_from(&b.x);
        rms_norm(&mut b.a, &layer.before_attention, self.sizes.eps);
        layer.query.forward(&b.a, &mut b.q)?;
        layer.key.forward(&b.a, &mut b.k)?;
        layer.value.forward(&b.a, &mut b.v)?;
        let full = (n + 1).is_multiple_of(FULL_EVERY);
        let rotation = if full { &self.full } else { &self.local };
        let scale = 1.0 / (heads.width as f32).sqrt();
        self.place(
            &mut b.q,
            &layer.query_norm,
            heads.query,
            lengths,
            rotation,
            scale,
        );
        self.place(
            &mut b.k,
            &layer.key_norm,
            heads.key_value,
            lengths,
            rotation,
            1.0,
        );
        b.texts.lay(&b.k, &b.v, lengths, heads);
        b.seen.clear();
        b.seen.resize(b.q.len(), 0.0);
        b.texts.attend(
            &b.q,
            heads,
            (!full).then_some(self.sizes.reach),
            &mut b.seen,
        );
        layer.output.forward(&b.seen, &mut b.a)?;
        rms_norm(&mut b.a, &layer.after_attention, self.sizes.eps);
        add(&mut b.x, &b.a);
        Ok(())
    }

    fn feed(&self, layer: &Layer, b: &mut Buffers) -> Result<(), EngineError> {
        b.a.clone_from(&b.x);
        rms_norm(&mut b.a, &layer.before_feed, self.sizes.eps);
        layer.gate.forward(&b.a, &mut b.q)?;
        layer.up.forward(&b.a, &mut b.k)?;
        gelu_tanh(&mut b.q, &b.k);
        layer.down.forward(&b.q, &mut b.a)?;
        rms_norm(&mut b.a, &layer.after_feed, self.sizes.eps);
        add(&mut b.x, &b.a);
        Ok(())
    }
}

/// Working memory of one batch, reused from layer to layer.
#[derive(Default)]
struct Buffers {
    x: Vec<f32>,
    a: Vec<f32>,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    seen: Vec<f32>,
    texts: Texts,
}

impl Body for Gemma {
    fn dimension(&self) -> usize {
        self.sizes.width
    }

    fn max_tokens(&self) -> usize {
        self.sizes.max_tokens
    }

    fn tokens(&self, text: &str, purpose: Purpose<'_>) -> Vec<u32> {
        self.tokenizer.encode(&match purpose {
            Purpose::Query => format!("task: search result | query: {text}"),
            Purpose::Passage { title } => {
                format!("title: {} | text: {text}", title.unwrap_or("none"))
            }
        })
    }

    fn count(&self, text: &str) -> usize {
        self.tokenizer.encode(text).len() - 2
    }

    fn forward(
        &self,
        tokens: &[u32],
        lengths: &[usize],
        out: &mut Vec<f32>,
    ) -> Result<(), EngineError> {
        let mut b = Buffers::default();
        look_up(&self.table, tokens, &mut b.x)?;
        let scale = (self.sizes.width as f32).sqrt();
        b.x.iter_mut().for_each(|v| *v *= scale);
        for (n, layer) in self.layers.iter().enumerate() {
            self.attention(layer, n, lengths, &mut b)?;
            self.feed(layer, &mut b)?;
        }
        rms_norm(&mut b.x, &self.last_norm, self.sizes.eps);
        let mean = mean_rows(&b.x, lengths, self.sizes.width);
        self.dense[0].forward(&mean, &mut b.a)?;
        self.dense[1].forward(&b.a, out)
    }
}

impl Sizes {
    fn read(gguf: &Gguf) -> Result<Sizes, EngineError> {
        let key = |name: &str| format!("{ARCHITECTURE}.{name}");
        let heads = Heads {
            query: gguf.count(&key("attention.head_count"), 256)?,
            key_value: gguf.count(&key("attention.head_count_kv"), 256)?,
            width: gguf.count(&key("attention.key_length"), 1024)?,
        };
        if !heads.query.is_multiple_of(heads.key_value) || !heads.width.is_multiple_of(16) {
            return Err(gguf.damaged(format!("impossible attention {heads:?}")));
        }
        Ok(Sizes {
            width: gguf.count(&key("embedding_length"), 1 << 16)?,
            heads,
            layers: gguf.count(&key("block_count"), 1024)?,
            max_tokens: gguf.count(&key("context_length"), 1 << 13)?,
            reach: gguf.count(&key("attention.sliding_window"), 1 << 17)? / 2,
            eps: gguf
                .real(&key("attention.layer_norm_rms_epsilon"))
                .unwrap_or(1e-6),
        })
    }
}

impl Layer {
    fn read(gguf: &Gguf, n: usize, sizes: &Sizes, inner: usize) -> Result<Layer, EngineError> {
        let (width, heads) = (sizes.width, sizes.heads);
        let (queries, keys) = (heads.query * heads.width, heads.key_value * heads.width);
        let vector = |name: &str, length| gguf.vector(&format!("blk.{n}.{name}.weight"), length);
        let linear = |name: &str, rows, columns| {
            gguf.linear(&format!("blk.{n}.{name}.weight"), rows, columns)
        };
        Ok(Layer {
            before_attention: vector("attn_norm", width)?,
            query: linear("attn_q", queries, width)?,
            key: linear("attn_k", keys, width)?,
            value: linear("attn_v", keys, width)?,
            query_norm: vector("attn_q_norm", heads.width)?,
            key_norm: vector("attn_k_norm", heads.width)?,
            output: linear("attn_output", width, queries)?,
            after_attention: vector("post_attention_norm", width)?,
            before_feed: vector("ffn_norm", width)?,
            gate: linear("ffn_gate", inner, width)?,
            up: linear("ffn_up", inner, width)?,
            down: linear("ffn_down", width, inner)?,
            after_feed: vector("post_ffw_norm", width)?,
        })
    }
}

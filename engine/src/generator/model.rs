//! The Qwen2 body: grouped-query attention, SwiGLU, rotary positions.

use super::cancel::Cancel;
use super::session::Session;
use crate::attention::{Heads, attend_causal};
use crate::error::EngineError;
use crate::gguf::Gguf;
use crate::ops::{Rotation, add, rms_norm, silu};
use crate::tensor::{Linear, look_up};
use candle_core::quantized::QTensor;
use std::sync::Arc;

const ARCHITECTURE: &str = "qwen2";
/// Tokens that go through the model at once: enough to reuse every weight that was read, and the wish to stop is seen between layers.
const PIECE: usize = 256;
/// No more context than this is offered, whatever the file says: a longer one would cost more memory than the model.
const MOST_CONTEXT: usize = 32_768;

struct Layer {
    before_attention: Vec<f32>,
    query: Linear,
    key: Linear,
    value: Linear,
    output: Linear,
    before_feed: Vec<f32>,
    gate: Linear,
    up: Linear,
    down: Linear,
}

pub(super) struct Model {
    table: Arc<QTensor>,
    layers: Vec<Layer>,
    last_norm: Vec<f32>,
    head: Linear,
    rotation: Rotation,
    heads: Heads,
    eps: f32,
    pub context: usize,
    pub vocabulary: usize,
}

/// Working memory of one piece, reused from layer to layer.
#[derive(Default)]
struct Buffers {
    x: Vec<f32>,
    a: Vec<f32>,
    q: Vec<f32>,
    k: Vec<f32>,
    v: Vec<f32>,
    seen: Vec<f32>,
}

impl Model {
    pub(super) fn read(gguf: &Gguf) -> Result<Model, EngineError> {
        let architecture = gguf.text("general.architecture")?;
        if architecture != ARCHITECTURE {
            return Err(EngineError::Unsupported {
                what: format!(
                    "{}: architecture {architecture}, not {ARCHITECTURE}",
                    gguf.path.display()
                ),
            });
        }
        let key = |name: &str| format!("{ARCHITECTURE}.{name}");
        let width = gguf.count(&key("embedding_length"), 1 << 16)?;
        let inner = gguf.count(&key("feed_forward_length"), 1 << 18)?;
        let query = gguf.count(&key("attention.head_count"), 1024)?;
        let heads = Heads {
            query,
            key_value: gguf.count(&key("attention.head_count_kv"), 1024)?,
            width: gguf
                .number(&key("attention.key_length"))
                .unwrap_or(width / query),
        };
        if !query.is_multiple_of(heads.key_value)
            || !(16..=1024).contains(&heads.width)
            || !heads.width.is_multiple_of(16)
        {
            return Err(gguf.damaged(format!("impossible attention {heads:?}")));
        }
        let context = gguf
            .count(&key("context_length"), 1 << 22)?
            .min(MOST_CONTEXT);
        let vocabulary = gguf.place("token_embd.weight")?.rows;
        let table = gguf.matrix("token_embd.weight", vocabulary, width)?;
        // Small models multiply by the token table itself.
        let head = ["output.weight", "token_embd.weight"]
            .into_iter()
            .find(|name| gguf.tensors.contains_key(*name));
        let head = gguf.linear(head.unwrap_or("output.weight"), vocabulary, width)?;
        let base = gguf.real(&key("rope.freq_base")).unwrap_or(10_000.0);
        Ok(Model {
            layers: (0..gguf.count(&key("block_count"), 1024)?)
                .map(|n| Layer::read(gguf, n, width, inner, heads))
                .collect::<Result<_, _>>()?,
            last_norm: gguf.vector("output_norm.weight", width)?,
            rotation: Rotation::new(context, heads.width, base),
            eps: gguf
                .real(&key("attention.layer_norm_rms_epsilon"))
                .unwrap_or(1e-6),
            table,
            head,
            heads,
            context,
            vocabulary,
        })
    }

    pub(super) fn start(&self) -> Session {
        Session::new(self.layers.len(), self.heads)
    }

    /// Reads `tokens`, which are known to the model and fit its context; returns the logits after the last, `(V,)`.
    ///
    /// When it is cancelled, the session stays as it was after the last whole piece.
    pub(super) fn feed(
        &self,
        session: &mut Session,
        tokens: &[u32],
        cancel: &Cancel,
    ) -> Result<Vec<f32>, EngineError> {
        let mut b = Buffers::default();
        for piece in tokens.chunks(PIECE) {
            look_up(&self.table, piece, &mut b.x)?;
            session.reserve(piece.len());
            for (n, layer) in self.layers.iter().enumerate() {
                cancel.check()?;
                self.attention(n, layer, session, &mut b)?;
                self.feed_forward(layer, &mut b)?;
            }
            session.advance(piece.len());
        }
        let width = self.last_norm.len();
        let mut last = b.x[b.x.len() - width..].to_vec();
        rms_norm(&mut last, &self.last_norm, self.eps);
        let mut logits = Vec::new();
        self.head.forward(&last, &mut logits)?;
        Ok(logits)
    }

    fn attention(
        &self,
        n: usize,
        layer: &Layer,
        session: &mut Session,
        b: &mut Buffers,
    ) -> Result<(), EngineError> {
        let heads = self.heads;
        b.a.clone_from(&b.x);
        rms_norm(&mut b.a, &layer.before_attention, self.eps);
        layer.query.forward(&b.a, &mut b.q)?;
        layer.key.forward(&b.a, &mut b.k)?;
        layer.value.forward(&b.a, &mut b.v)?;
        let first = session.tokens();
        let scale = 1.0 / (heads.width as f32).sqrt();
        self.turn(&mut b.q, heads.query, first, scale);
        self.turn(&mut b.k, heads.key_value, first, 1.0);
        session.write(n, &b.k, &b.v);
        b.seen.resize(b.q.len(), 0.0);
        attend_causal(
            &b.q,
            heads,
            first,
            |head| session.panels(n, head),
            &mut b.seen,
        );
        layer.output.forward(&b.seen, &mut b.a)?;
        add(&mut b.x, &b.a);
        Ok(())
    }

    /// Turns every head to its position and scales it.
    fn turn(&self, x: &mut [f32], heads: usize, first: usize, scale: f32) {
        for (i, row) in x.chunks_exact_mut(heads * self.heads.width).enumerate() {
            for head in row.chunks_exact_mut(self.heads.width) {
                self.rotation.apply(head, first + i);
                head.iter_mut().for_each(|v| *v *= scale);
            }
        }
    }

    fn feed_forward(&self, layer: &Layer, b: &mut Buffers) -> Result<(), EngineError> {
        b.a.clone_from(&b.x);
        rms_norm(&mut b.a, &layer.before_feed, self.eps);
        layer.gate.forward(&b.a, &mut b.q)?;
        layer.up.forward(&b.a, &mut b.k)?;
        silu(&mut b.q, &b.k);
        layer.down.forward(&b.q, &mut b.a)?;
        add(&mut b.x, &b.a);
        Ok(())
    }
}

impl Layer {
    fn read(
        gguf: &Gguf,
        n: usize,
        width: usize,
        inner: usize,
        heads: Heads,
    ) -> Result<Layer, EngineError> {
        let (queries, keys) = (heads.query * heads.width, heads.key_value * heads.width);
        let vector = |name: &str| gguf.vector(&format!("blk.{n}.{name}.weight"), width);
        let linear = |name: &str, rows, columns| {
            gguf.linear(&format!("blk.{n}.{name}.weight"), rows, columns)
        };
        let biased =
            |name: &str, rows| gguf.linear_with_bias(&format!("blk.{n}.{name}"), rows, width);
        Ok(Layer {
            before_attention: vector("attn_norm")?,
            query: biased("attn_q", queries)?,
            key: biased("attn_k", keys)?,
            value: biased("attn_v", keys)?,
            output: linear("attn_output", width, queries)?,
            before_feed: vector("ffn_norm")?,
            gate: linear("ffn_gate", inner, width)?,
            up: linear("ffn_up", inner, width)?,
            down: linear("ffn_down", width, inner)?,
        })
    }
}

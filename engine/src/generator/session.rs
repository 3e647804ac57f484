use crate::attention::{Heads, PANEL, Panel, put_key};
use std::sync::Arc;

/// What a model has read so far: the keys and values of every token.
///
/// Cloning forks it: both share what was read, and each continues for itself. A fork costs a few pointers, and a copy of at
/// most 64 tokens when it goes on.
#[derive(Clone)]
pub struct Session {
    chunks: Vec<Arc<Chunk>>,
    tokens: usize,
    layers: usize,
    heads: Heads,
}

/// Keys and values of 64 positions in all layers.
#[derive(Clone)]
struct Chunk {
    /// `(layers, key-value heads, D, 64)`.
    keys: Vec<f32>,
    /// `(layers, key-value heads, 64, D)`.
    values: Vec<f32>,
}

impl Session {
    pub(super) fn new(layers: usize, heads: Heads) -> Self {
        Session {
            chunks: Vec::new(),
            tokens: 0,
            layers,
            heads,
        }
    }

    /// Returns how many tokens the session has read.
    pub fn tokens(&self) -> usize {
        self.tokens
    }

    /// Makes place for `more` tokens that nobody else sees.
    pub(super) fn reserve(&mut self, more: usize) {
        let size = self.layers * self.heads.key_value * self.heads.width * PANEL;
        let needed = (self.tokens + more).div_ceil(PANEL);
        while self.chunks.len() < needed {
            self.chunks.push(Arc::new(Chunk {
                keys: vec![0.0; size],
                values: vec![0.0; size],
            }));
        }
        for chunk in &mut self.chunks[self.tokens / PANEL..needed] {
            Arc::make_mut(chunk);
        }
    }

    /// Writes the keys and values `(T, key_value · D)` of the next tokens of one layer, for which there is place.
    pub(super) fn write(&mut self, layer: usize, keys: &[f32], values: &[f32]) {
        let Heads {
            key_value, width, ..
        } = self.heads;
        let row = key_value * width;
        for (i, (keys, values)) in keys
            .chunks_exact(row)
            .zip(values.chunks_exact(row))
            .enumerate()
        {
            let (chunk, place) = ((self.tokens + i) / PANEL, (self.tokens + i) % PANEL);
            let chunk = Arc::make_mut(&mut self.chunks[chunk]);
            for head in 0..key_value {
                let start = (layer * key_value + head) * PANEL * width;
                let range = head * width..(head + 1) * width;
                put_key(
                    &mut chunk.keys[start..start + PANEL * width],
                    &keys[range.clone()],
                    place,
                );
                chunk.values[start + place * width..][..width].copy_from_slice(&values[range]);
            }
        }
    }

    /// Counts the tokens that were written in all layers.
    pub(super) fn advance(&mut self, tokens: usize) {
        self.tokens += tokens;
    }

    /// Returns the panels of one head of one layer, the last one possibly with places not yet read.
    pub(super) fn panels(&self, layer: usize, head: usize) -> Vec<Panel<'_>> {
        let size = PANEL * self.heads.width;
        let start = (layer * self.heads.key_value + head) * size;
        self.chunks
            .iter()
            .map(|chunk| Panel {
                keys: &chunk.keys[start..start + size],
                values: &chunk.values[start..start + size],
            })
            .collect()
    }
}

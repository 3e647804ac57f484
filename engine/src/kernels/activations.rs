//! Activations in 8 bits.

use super::BLOCK;
use crate::ops::for_each_level;
use crate::platform::{Level, Shared, level, spread};

/// Rows of activations, `(T, K)`, in 8 bits, a scale for every 32 values.
///
/// Rows stand in groups, as many as a kernel works on at once, so that it reads along one line. A group of `M` rows is a
/// sequence of blocks, each of 4-byte words: the bytes of every row (8 words a row), the scales (a float a row), the sums of the
/// values as rounded (a float a row), and the starts of the integer sums (an integer a row, or two where every 16 values
/// have a scale): minus the weights' offset times the sum of the bytes.
pub(super) struct Activations {
    pub rows: usize,
    pub blocks: usize,
    group: usize,
    /// Words of one row in one block.
    words: usize,
    data: Vec<u32>,
}

/// Words of the bytes of one row in one block.
pub(super) const BYTE_WORDS: usize = BLOCK / 4;

for_each_level! {
    fn quantise(x: &[f32], group: &mut [u32], place: (usize, usize), words: usize, offset: i32) {
        let (row, rows) = place;
        let halves = words - BYTE_WORDS - 2;
        for (x, block) in x.chunks_exact(BLOCK).zip(group.chunks_exact_mut(rows * words)) {
            let mut lanes = [0f32; 16];
            for half in x.chunks_exact(16) {
                for (lane, value) in lanes.iter_mut().zip(half) {
                    let value = value.abs();
                    *lane = if value > *lane { value } else { *lane };
                }
            }
            let most = lanes.iter().fold(0f32, |a, b| if *b > a { *b } else { a });
            let scale = most / 127.0;
            let inverse = if most > 0.0 { 127.0 / most } else { 0.0 };
            let mut bytes = [0u8; BLOCK];
            for (byte, value) in bytes.iter_mut().zip(x) {
                // The low bits of a float this large are the rounded integer.
                *byte = (value * inverse + 12_582_912.0).to_bits() as u8;
            }
            let total = |bytes: &[u8]| bytes.iter().map(|b| i32::from(*b as i8)).fold(0i32, i32::wrapping_add);
            let (places, rest) = block.split_at_mut(rows * BYTE_WORDS);
            for (word, b) in places[row * BYTE_WORDS..].iter_mut().zip(bytes.chunks_exact(4)) {
                *word = u32::from_ne_bytes([b[0], b[1], b[2], b[3]]);
            }
            rest[row] = scale.to_bits();
            rest[rows + row] = (total(&bytes) as f32 * scale).to_bits();
            for (start, part) in rest[2 * rows + row * halves..].iter_mut().zip(bytes.chunks_exact(BLOCK / halves)) {
                *start = total(part).wrapping_mul(offset.wrapping_neg()) as u32;
            }
        }
    }
}

impl Activations {
    /// Quantises `x`, `(T, columns)`, for weights stored with `offset` added.
    ///
    /// `halves` asks for the starts of every 16 values; `group` rows stand together.
    pub(super) fn new(x: &[f32], columns: usize, offset: i32, halves: bool, group: usize) -> Self {
        let (rows, blocks) = (x.len() / columns, columns / BLOCK);
        let words = BYTE_WORDS + if halves { 4 } else { 3 };
        let mut data = vec![0; rows * blocks * words];
        let shared = Shared::new(&mut data);
        let work = |range: std::ops::Range<usize>| {
            for first in range.map(|g| g * group) {
                let count = group.min(rows - first);
                // SAFETY: every group has one thread, and `data` outlives the work.
                let part = unsafe {
                    shared.part(first * blocks * words..(first + count) * blocks * words)
                };
                for row in 0..count {
                    let x = &x[(first + row) * columns..][..columns];
                    quantise(x, part, (row, count), words, offset);
                }
            }
        };
        let groups = rows.div_ceil(group);
        if groups > 1 {
            spread(groups, work)
        } else {
            work(0..groups)
        }
        Activations {
            rows,
            blocks,
            group,
            words,
            data,
        }
    }

    /// Returns the groups: the first row of each, how many rows it has, and its words.
    pub(super) fn groups(&self) -> impl Iterator<Item = (usize, usize, &[u32])> {
        (0..self.rows).step_by(self.group).map(|first| {
            let count = self.group.min(self.rows - first);
            let size = self.blocks * self.words;
            (
                first,
                count,
                &self.data[first * size..(first + count) * size],
            )
        })
    }
}

//! Activations in 8 bits.

use super::BLOCK;
use crate::ops::for_each_level;
use crate::platform::{Level, Shared, level, spread};

/// Rows of activations, `(T, K)`, each block of 32 with a scale.
pub(super) struct Activations {
    pub rows: usize,
    pub columns: usize,
    bytes: Vec<i8>,
    scales: Vec<f32>,
    /// What the integer sums start with: minus the weights' offset times the sum of the bytes, for every 32 or 16 values.
    starts: Vec<i32>,
    /// For every block the sum of its values as rounded, which the weights' minima multiply.
    sums: Vec<f32>,
}

/// One row: pointers to `K` bytes, `K / 32` scales and sums, `K / 32` or `K / 16` starts.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub bytes: *const i8,
    pub scales: *const f32,
    pub starts: *const i32,
    pub sums: *const f32,
}

/// The parts of a row while it is filled.
struct Parts<'a> {
    bytes: &'a mut [i8],
    scales: &'a mut [f32],
    starts: &'a mut [i32],
    sums: &'a mut [f32],
}

for_each_level! {
    fn quantise(x: &[f32], parts: Parts<'_>, offset: i32) {
        let per_block = parts.starts.len() / parts.scales.len();
        let blocks = x.chunks_exact(BLOCK).zip(parts.bytes.chunks_exact_mut(BLOCK));
        let places = parts.scales.iter_mut().zip(parts.sums).zip(parts.starts.chunks_exact_mut(per_block));
        for ((x, bytes), ((scale, sum), starts)) in blocks.zip(places) {
            let mut lanes = [0f32; 16];
            for half in x.chunks_exact(16) {
                for (lane, value) in lanes.iter_mut().zip(half) {
                    let value = value.abs();
                    *lane = if value > *lane { value } else { *lane };
                }
            }
            let most = lanes.iter().fold(0f32, |a, b| if *b > a { *b } else { a });
            *scale = most / 127.0;
            let inverse = if most > 0.0 { 127.0 / most } else { 0.0 };
            for (byte, value) in bytes.iter_mut().zip(x) {
                // The low bits of a float this large are the rounded integer.
                *byte = (value * inverse + 12_582_912.0).to_bits() as i8;
            }
            let total = |bytes: &[i8]| bytes.iter().map(|b| i32::from(*b)).fold(0i32, i32::wrapping_add);
            *sum = total(bytes) as f32 * *scale;
            for (start, part) in starts.iter_mut().zip(bytes.chunks_exact(BLOCK / per_block)) {
                *start = total(part).wrapping_mul(offset.wrapping_neg());
            }
        }
    }
}

impl Activations {
    /// Quantises `x`, `(T, columns)`, for weights stored with `offset` added; `halves` asks for sums of 16 values.
    pub(super) fn new(x: &[f32], columns: usize, offset: i32, halves: bool) -> Self {
        let (rows, blocks) = (x.len() / columns, columns / BLOCK);
        let starts = if halves { 2 * blocks } else { blocks };
        let mut acts = Activations {
            rows,
            columns,
            bytes: vec![0; rows * columns],
            scales: vec![0.0; rows * blocks],
            starts: vec![0; rows * starts],
            sums: vec![0.0; rows * blocks],
        };
        let (b, s, t, u) = (
            Shared::new(&mut acts.bytes),
            Shared::new(&mut acts.scales),
            Shared::new(&mut acts.starts),
            Shared::new(&mut acts.sums),
        );
        let work = |range: std::ops::Range<usize>| {
            for row in range {
                // SAFETY: every row has one thread, and `acts` outlives the work.
                let parts = unsafe {
                    Parts {
                        bytes: b.part(row * columns..(row + 1) * columns),
                        scales: s.part(row * blocks..(row + 1) * blocks),
                        starts: t.part(row * starts..(row + 1) * starts),
                        sums: u.part(row * blocks..(row + 1) * blocks),
                    }
                };
                quantise(&x[row * columns..(row + 1) * columns], parts, offset);
            }
        };
        if rows > 4 { spread(rows, work) } else { work(0..rows) }
        acts
    }

    /// Returns pointers into row `row`.
    pub(super) fn row(&self, row: usize) -> Row {
        let (blocks, starts) = (self.scales.len() / self.rows, self.starts.len() / self.rows);
        Row {
            bytes: self.bytes[row * self.columns..].as_ptr(),
            scales: self.scales[row * blocks..].as_ptr(),
            starts: self.starts[row * starts..].as_ptr(),
            sums: self.sums[row * blocks..].as_ptr(),
        }
    }
}

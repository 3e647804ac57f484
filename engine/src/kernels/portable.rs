//! The kernel for machines without the vector instructions that we know.

use super::activations::{Activations, BYTE_WORDS};
use super::tiles::Tile;
use super::{BLOCK, COLUMNS};

/// Rows that stand together.
pub(super) const ROWS: usize = 8;

/// Computes 16 columns for all rows of activations and hands them to `put`.
pub(super) fn column<T: Tile>(
    tiles: &[T],
    acts: &Activations,
    put: impl Fn(usize, &[f32; COLUMNS]),
) {
    for (first, rows, words) in acts.groups() {
        let mut out = [[0f32; COLUMNS]; ROWS];
        let mut blocks = words.chunks_exact(words.len() / acts.blocks);
        for tile in tiles {
            for (in_tile, words) in blocks.by_ref().take(T::VALUES / BLOCK).enumerate() {
                block(tile, in_tile, words, &mut out[..rows]);
            }
        }
        for (row, values) in out[..rows].iter().enumerate() {
            put(first + row, values);
        }
    }
}

fn block<T: Tile>(tile: &T, in_tile: usize, words: &[u32], out: &mut [[f32; COLUMNS]]) {
    let halves = if T::HALVES { 2 } else { 1 };
    let weights = tile.expand(in_tile);
    let minima = tile.minima(in_tile);
    let (bytes, rest) = words.split_at(out.len() * BYTE_WORDS);
    let (scales, rest) = rest.split_at(out.len());
    let (sums, starts) = rest.split_at(out.len());
    for half in 0..halves {
        let each = tile.scales(in_tile, half);
        let groups = half * 4..8 / halves * (half + 1);
        for (row, out) in out.iter_mut().enumerate() {
            let bytes = &bytes[row * BYTE_WORDS..];
            let (scale, sum) = (f32::from_bits(scales[row]), f32::from_bits(sums[row]));
            for (n, out) in out.iter_mut().enumerate() {
                let mut total = starts[row * halves + half] as i32;
                for g in groups.clone() {
                    for (i, byte) in bytes[g].to_ne_bytes().into_iter().enumerate() {
                        total += i32::from(weights[g][n * 4 + i]) * i32::from(byte as i8);
                    }
                }
                *out += total as f32 * each[n] * scale;
                if T::MINIMA {
                    *out -= minima[n] * sum;
                }
            }
        }
    }
}

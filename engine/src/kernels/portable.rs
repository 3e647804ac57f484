//! The kernel for machines without the vector instructions that we know.

use super::activations::Activations;
use super::tiles::Tile;
use super::{BLOCK, COLUMNS};

/// Computes 16 columns for all rows of activations and hands them to `put`.
pub(super) fn column<T: Tile>(tiles: &[T], acts: &Activations, rows: usize, put: impl Fn(usize, &[f32; COLUMNS])) {
    let halves = if T::HALVES { 2 } else { 1 };
    let mut out = vec![[0f32; COLUMNS]; rows];
    for (t, tile) in tiles.iter().enumerate() {
        for in_tile in 0..T::VALUES / BLOCK {
            let block = t * (T::VALUES / BLOCK) + in_tile;
            let weights = tile.expand(in_tile);
            let minima = tile.minima(in_tile);
            for half in 0..halves {
                let scales = tile.scales(in_tile, half);
                let groups = half * 4..if halves == 2 { half * 4 + 4 } else { 8 };
                for (row, out) in out.iter_mut().enumerate() {
                    let row = acts.row(row);
                    // SAFETY: the block lies within the row.
                    let (bytes, scale, start, sum) = unsafe {
                        (
                            std::slice::from_raw_parts(row.bytes.add(block * BLOCK), BLOCK),
                            *row.scales.add(block),
                            *row.starts.add(block * halves + half),
                            *row.sums.add(block),
                        )
                    };
                    for n in 0..COLUMNS {
                        let mut total = start;
                        for g in groups.clone() {
                            for i in 0..4 {
                                total += i32::from(weights[g][n * 4 + i]) * i32::from(bytes[g * 4 + i]);
                            }
                        }
                        out[n] += total as f32 * scales[n] * scale;
                        if T::MINIMA {
                            out[n] -= minima[n] * sum;
                        }
                    }
                }
            }
        }
    }
    for (row, values) in out.iter().enumerate() {
        put(row, values);
    }
}

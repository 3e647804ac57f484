//! Products with quantised weights, on tiles of 16 output columns, in the compact form of the file.
//!
//! Activations are quantised to 8 bits with a scale for every 32 values; products are summed in integers within a block and
//! in f32 over blocks. The weights take as many bytes as in the file, give or take a hundredth.

mod activations;
#[cfg(target_arch = "x86_64")]
mod load;
mod portable;
mod tiles;
#[cfg(target_arch = "x86_64")]
mod x86;

use crate::platform::{Level, Shared, level, spread};
use activations::Activations;
use candle_core::quantized::GgmlDType;
use tiles::{Q4_0, Q4K, Q6K, Q8_0, pack};

/// A format that every kernel of this machine can read.
#[cfg(target_arch = "x86_64")]
use load::Load as Kernel;
#[cfg(not(target_arch = "x86_64"))]
use tiles::Tile as Kernel;

/// Columns of a tile.
const COLUMNS: usize = 16;
/// Values of a block of activations.
const BLOCK: usize = 32;

/// A weight matrix `(rows, columns)` in tiles.
pub(crate) struct Packed {
    weights: Weights,
    rows: usize,
    columns: usize,
}

enum Weights {
    Q8_0(Vec<Q8_0>),
    Q4_0(Vec<Q4_0>),
    Q4K(Vec<Q4K>),
    Q6K(Vec<Q6K>),
}

impl Packed {
    /// Returns the matrix in tiles, or `None` for a type or shape that has no kernel here.
    ///
    /// `bytes` are as many as the shape needs.
    pub(crate) fn new(
        bytes: &[u8],
        kind: GgmlDType,
        rows: usize,
        columns: usize,
    ) -> Option<Packed> {
        let shape = (rows, columns);
        let weights = match kind {
            GgmlDType::Q8_0 => Weights::Q8_0(pack(bytes, shape)?),
            GgmlDType::Q4_0 => Weights::Q4_0(pack(bytes, shape)?),
            GgmlDType::Q4K => Weights::Q4K(pack(bytes, shape)?),
            GgmlDType::Q6K => Weights::Q6K(pack(bytes, shape)?),
            _ => return None,
        };
        Some(Packed {
            weights,
            rows,
            columns,
        })
    }

    /// Writes `x · Wᵀ` into `out`: `x` is `(T, columns)`, `out` becomes `(T, rows)`.
    pub(crate) fn product(&self, x: &[f32], out: &mut Vec<f32>) {
        self.product_at(level(), x, out);
    }

    fn product_at(&self, level: Level, x: &[f32], out: &mut Vec<f32>) {
        out.resize(x.len() / self.columns * self.rows, 0.0);
        match &self.weights {
            Weights::Q8_0(tiles) => self.multiply(level, tiles, x, out),
            Weights::Q4_0(tiles) => self.multiply(level, tiles, x, out),
            Weights::Q4K(tiles) => self.multiply(level, tiles, x, out),
            Weights::Q6K(tiles) => self.multiply(level, tiles, x, out),
        }
    }

    fn multiply<T: Kernel>(&self, level: Level, tiles: &[T], x: &[f32], out: &mut [f32]) {
        let offset = if level == Level::Avx2 && T::SIGNED {
            0
        } else {
            T::OFFSET
        };
        let group = match level {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512Vnni => x86::ROWS_512,
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => x86::ROWS_256,
            _ => portable::ROWS,
        };
        let acts = Activations::new(x, self.columns, offset, T::HALVES, group);
        let depth = self.columns / T::VALUES;
        let stride = self.rows;
        let shared = Shared::new(out);
        spread(self.rows / COLUMNS, |range| {
            for column in range {
                let tiles = &tiles[column * depth..(column + 1) * depth];
                let put = |row: usize, values: &[f32; COLUMNS]| {
                    let start = row * stride + column * COLUMNS;
                    // SAFETY: every column of tiles has one thread, and no two write to one place.
                    unsafe { shared.part(start..start + COLUMNS) }.copy_from_slice(values);
                };
                match level {
                    // SAFETY: the level was detected on this machine.
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx512Vnni => unsafe { x86::column_512(tiles, &acts, put) },
                    // SAFETY: as above.
                    #[cfg(target_arch = "x86_64")]
                    Level::Avx2 => unsafe { x86::column_256(tiles, &acts, put) },
                    _ => portable::column(tiles, &acts, put),
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::quantized::QTensor;
    use candle_core::{Device, Tensor};

    fn noise(n: usize, seed: usize) -> Vec<f32> {
        (0..n)
            .map(|i| {
                (((i + seed).wrapping_mul(7919) % 2027) as f32 / 1013.0 - 1.0)
                    * (1.0 + (i % 5) as f32)
            })
            .collect()
    }

    #[test]
    fn every_kernel_agrees_with_the_expanded_weights() {
        let (rows, columns) = (48, 512);
        let weights =
            Tensor::from_vec(noise(rows * columns, 3), (rows, columns), &Device::Cpu).unwrap();
        let mut levels = vec![Level::Portable];
        levels.extend(
            [Level::Avx2, Level::Avx512Vnni]
                .into_iter()
                .filter(|l| *l <= level()),
        );
        for kind in [
            GgmlDType::Q8_0,
            GgmlDType::Q4_0,
            GgmlDType::Q4K,
            GgmlDType::Q6K,
        ] {
            let quantised = QTensor::quantize(&weights, kind).unwrap();
            let packed = Packed::new(&quantised.data().unwrap(), kind, rows, columns).unwrap();
            let plain = quantised
                .dequantize(&Device::Cpu)
                .unwrap()
                .flatten_all()
                .unwrap()
                .to_vec1::<f32>()
                .unwrap();
            for tokens in [1, 3, 8, 21] {
                let x = noise(tokens * columns, 11);
                for level in &levels {
                    let mut out = Vec::new();
                    packed.product_at(*level, &x, &mut out);
                    for (t, row) in out.chunks_exact(rows).enumerate() {
                        let input = &x[t * columns..][..columns];
                        let length = crate::ops::dot(input, input).sqrt();
                        for (n, got) in row.iter().enumerate() {
                            let weight = &plain[n * columns..][..columns];
                            let want = crate::ops::dot(input, weight);
                            let most = 0.004 * length * crate::ops::dot(weight, weight).sqrt();
                            assert!(
                                (got - want).abs() < most,
                                "{kind:?} {level:?} {tokens}: {got} {want}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn shapes_without_a_kernel_are_left_to_others() {
        assert!(Packed::new(&[0; 34 * 8], GgmlDType::Q8_0, 8, 32).is_none());
        assert!(Packed::new(&[0; 18 * 16], GgmlDType::Q4_0, 16, 32).is_none());
    }
}

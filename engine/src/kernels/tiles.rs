//! The four weight formats, 16 rows side by side.
//!
//! Within a tile the weights of a block of 32 values stand in 8 groups: group `g` is 64 bytes, for each of the 16 rows the
//! values `4g .. 4g + 4`. Formats of 4 bits keep group `g + 4` in the upper halves of group `g`.

use super::{BLOCK, COLUMNS};
use crate::platform::{Shared, spread};
use half::f16;

/// Weights of one block, as bytes: `[group][row][4]`.
pub(super) type Expanded = [[u8; 64]; 8];
/// One value for each of the 16 rows.
pub(super) type Each = [f32; COLUMNS];

/// A format: how 16 rows of `VALUES` weights are kept.
pub(super) trait Tile: Clone + Default + Send + Sync {
    /// Values of a row in a tile, a multiple of 32.
    const VALUES: usize;
    /// Bytes of a row in a tile, as the file has them.
    const BYTES: usize;
    /// What is added to the weights so that they are not negative.
    const OFFSET: i32;
    /// Whether every 16 values have a scale, rather than every 32.
    const HALVES: bool;
    /// Whether scaled minima are subtracted.
    const MINIMA: bool;
    /// Whether the weights with their offset use all 8 bits, too many for 16-bit sums.
    const SIGNED: bool;

    /// Takes row `row` from the file's bytes.
    fn put(&mut self, row: usize, bytes: &[u8]);
    /// Returns the weights of a block, with their offset.
    fn expand(&self, block: usize) -> Expanded;
    /// Returns the scales of the `half` of a block; without halves, those of the block.
    fn scales(&self, block: usize, half: usize) -> Each;
    /// Returns the scaled minima of a block.
    fn minima(&self, _block: usize) -> Each {
        [0.0; COLUMNS]
    }
}

/// 64 values in 8 bits, with 128 added.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct Q8_0 {
    pub values: [[[u8; 64]; 8]; 2],
    pub scales: [[u16; COLUMNS]; 2],
}

/// 64 values in 4 bits, with 8 added.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct Q4_0 {
    pub values: [[[u8; 64]; 4]; 2],
    pub scales: [[u16; COLUMNS]; 2],
}

/// 256 values in 4 bits; every 32 have a scale and a minimum of 6 bits.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct Q4K {
    pub values: [[[u8; 64]; 4]; 8],
    pub scales: [[u8; COLUMNS]; 8],
    pub minima: [[u8; COLUMNS]; 8],
    pub scale: [u16; COLUMNS],
    pub minimum: [u16; COLUMNS],
}

/// 256 values in 6 bits, with 32 added; every 16 have a scale of 8 bits.
#[derive(Clone)]
#[repr(C, align(64))]
pub(super) struct Q6K {
    pub low: [[[u8; 64]; 4]; 8],
    /// Two bits of group `4h + p` at bit `2p` of half `h`.
    pub high: [[[u8; 64]; 2]; 8],
    pub scales: [[i8; COLUMNS]; 16],
    pub scale: [u16; COLUMNS],
}

macro_rules! zeroed {
    ($($name:ident { $($field:ident: $value:expr),* })*) => {
        $(impl Default for $name {
            fn default() -> Self {
                $name { $($field: $value),* }
            }
        })*
    };
}

zeroed! {
    Q8_0 { values: [[[0; 64]; 8]; 2], scales: [[0; COLUMNS]; 2] }
    Q4_0 { values: [[[0; 64]; 4]; 2], scales: [[0; COLUMNS]; 2] }
    Q4K { values: [[[0; 64]; 4]; 8], scales: [[0; COLUMNS]; 8], minima: [[0; COLUMNS]; 8], scale: [0; COLUMNS], minimum: [0; COLUMNS] }
    Q6K { low: [[[0; 64]; 4]; 8], high: [[[0; 64]; 2]; 8], scales: [[0; COLUMNS]; 16], scale: [0; COLUMNS] }
}

fn half_bits(bytes: &[u8]) -> u16 {
    u16::from_le_bytes([bytes[0], bytes[1]])
}

fn floats(bits: &[u16; COLUMNS]) -> Each {
    bits.map(|b| f16::from_bits(b).to_f32())
}

fn put_nibbles(values: &mut [[u8; 64]; 4], row: usize, block: &[u8; BLOCK]) {
    for (g, group) in values.iter_mut().enumerate() {
        for i in 0..4 {
            group[row * 4 + i] = (block[g * 4 + i] & 15) | block[g * 4 + 16 + i] << 4;
        }
    }
}

fn nibbles(values: &[[u8; 64]; 4]) -> Expanded {
    std::array::from_fn(|g| values[g % 4].map(|b| if g < 4 { b & 15 } else { b >> 4 }))
}

impl Tile for Q8_0 {
    const VALUES: usize = 64;
    const BYTES: usize = 68;
    const OFFSET: i32 = 128;
    const HALVES: bool = false;
    const MINIMA: bool = false;
    const SIGNED: bool = true;

    fn put(&mut self, row: usize, bytes: &[u8]) {
        for (b, block) in bytes.chunks_exact(34).enumerate() {
            self.scales[b][row] = half_bits(block);
            for (i, value) in block[2..].iter().enumerate() {
                self.values[b][i / 4][row * 4 + i % 4] = value ^ 0x80;
            }
        }
    }

    fn expand(&self, block: usize) -> Expanded {
        self.values[block]
    }

    fn scales(&self, block: usize, _half: usize) -> Each {
        floats(&self.scales[block])
    }
}

impl Tile for Q4_0 {
    const VALUES: usize = 64;
    const BYTES: usize = 36;
    const OFFSET: i32 = 8;
    const HALVES: bool = false;
    const MINIMA: bool = false;
    const SIGNED: bool = false;

    fn put(&mut self, row: usize, bytes: &[u8]) {
        for (b, block) in bytes.chunks_exact(18).enumerate() {
            self.scales[b][row] = half_bits(block);
            let values = std::array::from_fn(|i| {
                if i < 16 {
                    block[2 + i] & 15
                } else {
                    block[i - 14] >> 4
                }
            });
            put_nibbles(&mut self.values[b], row, &values);
        }
    }

    fn expand(&self, block: usize) -> Expanded {
        nibbles(&self.values[block])
    }

    fn scales(&self, block: usize, _half: usize) -> Each {
        floats(&self.scales[block])
    }
}

/// Returns the scale and the minimum of block `j` out of their 12 bytes.
fn six_bits(j: usize, packed: &[u8]) -> (u8, u8) {
    if j < 4 {
        (packed[j] & 63, packed[j + 4] & 63)
    } else {
        let high = |at: usize| (packed[at] >> 6) << 4;
        (
            (packed[j + 4] & 15) | high(j - 4),
            (packed[j + 4] >> 4) | high(j),
        )
    }
}

impl Tile for Q4K {
    const VALUES: usize = 256;
    const BYTES: usize = 144;
    const OFFSET: i32 = 0;
    const HALVES: bool = false;
    const MINIMA: bool = true;
    const SIGNED: bool = false;

    fn put(&mut self, row: usize, bytes: &[u8]) {
        self.scale[row] = half_bits(bytes);
        self.minimum[row] = half_bits(&bytes[2..]);
        let (packed, values) = bytes[4..].split_at(12);
        for b in 0..8 {
            let (scale, minimum) = six_bits(b, packed);
            self.scales[b][row] = scale;
            self.minima[b][row] = minimum;
            let from = &values[b / 2 * 32..][..32];
            let block = std::array::from_fn(|i| {
                if b % 2 == 0 {
                    from[i] & 15
                } else {
                    from[i] >> 4
                }
            });
            put_nibbles(&mut self.values[b], row, &block);
        }
    }

    fn expand(&self, block: usize) -> Expanded {
        nibbles(&self.values[block])
    }

    fn scales(&self, block: usize, _half: usize) -> Each {
        let scale = floats(&self.scale);
        std::array::from_fn(|r| scale[r] * f32::from(self.scales[block][r]))
    }

    fn minima(&self, block: usize) -> Each {
        let minimum = floats(&self.minimum);
        std::array::from_fn(|r| minimum[r] * f32::from(self.minima[block][r]))
    }
}

impl Tile for Q6K {
    const VALUES: usize = 256;
    const BYTES: usize = 210;
    const OFFSET: i32 = 32;
    const HALVES: bool = true;
    const MINIMA: bool = false;
    const SIGNED: bool = false;

    fn put(&mut self, row: usize, bytes: &[u8]) {
        let (low, rest) = bytes.split_at(128);
        let (high, rest) = rest.split_at(64);
        for (scales, byte) in self.scales.iter_mut().zip(rest) {
            scales[row] = *byte as i8;
        }
        self.scale[row] = half_bits(&rest[16..]);
        for b in 0..8 {
            // The file keeps halves of 128 values; within one, a block of 32 takes a nibble of `low` and two bits of `high`.
            let (half, part) = (b / 4, b % 4);
            let low = &low[half * 64 + part % 2 * 32..][..32];
            let high = &high[half * 32..][..32];
            let block: [u8; BLOCK] = std::array::from_fn(|i| {
                (low[i] >> (part / 2 * 4) & 15) | (high[i] >> (2 * part) & 3) << 4
            });
            put_nibbles(&mut self.low[b], row, &block);
            for (i, value) in block.iter().enumerate() {
                let g = i / 4;
                self.high[b][g / 4][row * 4 + i % 4] |= (value >> 4) << (2 * (g % 4));
            }
        }
    }

    fn expand(&self, block: usize) -> Expanded {
        let mut out = nibbles(&self.low[block]);
        for (g, group) in out.iter_mut().enumerate() {
            for (value, high) in group.iter_mut().zip(&self.high[block][g / 4]) {
                *value |= (high >> (2 * (g % 4)) & 3) << 4;
            }
        }
        out
    }

    fn scales(&self, block: usize, half: usize) -> Each {
        let scale = floats(&self.scale);
        std::array::from_fn(|r| scale[r] * f32::from(self.scales[2 * block + half][r]))
    }
}

/// Returns the matrix in tiles, column of tiles after column; `None` when the shape is not made of whole tiles.
pub(super) fn pack<T: Tile>(bytes: &[u8], (rows, columns): (usize, usize)) -> Option<Vec<T>> {
    if !rows.is_multiple_of(COLUMNS) || !columns.is_multiple_of(T::VALUES) {
        return None;
    }
    let depth = columns / T::VALUES;
    if bytes.len() != rows * depth * T::BYTES {
        return None;
    }
    let mut tiles = vec![T::default(); rows / COLUMNS * depth];
    let shared = Shared::new(&mut tiles);
    spread(rows / COLUMNS, |range| {
        // SAFETY: every column of tiles has one thread.
        let part = unsafe { shared.part(range.start * depth..range.end * depth) };
        for (column, tiles) in range.zip(part.chunks_exact_mut(depth)) {
            let rows = bytes[column * COLUMNS * depth * T::BYTES..].chunks_exact(depth * T::BYTES);
            for (row, bytes) in rows.take(COLUMNS).enumerate() {
                for (tile, bytes) in tiles.iter_mut().zip(bytes.chunks_exact(T::BYTES)) {
                    tile.put(row, bytes);
                }
            }
        }
    });
    Some(tiles)
}

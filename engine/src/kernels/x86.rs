//! Kernels for AVX-512 with VNNI, and for AVX2.

use super::activations::{Activations, Row};
use super::tiles::{Q4_0, Q4K, Q6K, Q8_0, Tile};
use super::{BLOCK, COLUMNS};
use std::arch::x86_64::*;

/// How the blocks of a tile come into registers.
///
/// # Safety
/// The methods use the instructions that their names say and are inlined into functions that have them; `block` lies within
/// the tile, `side` (8 of the 16 columns) is 0 or 1.
pub(super) trait Load: Tile {
    unsafe fn weights_512(&self, block: usize) -> [__m512i; 8];
    unsafe fn scales_512(&self, block: usize, half: usize) -> __m512;
    unsafe fn minima_512(&self, block: usize) -> __m512;
    unsafe fn weights_256(&self, block: usize, side: usize) -> [__m256i; 8];
    unsafe fn scales_256(&self, block: usize, half: usize, side: usize) -> __m256;
    unsafe fn minima_256(&self, block: usize, side: usize) -> __m256;
}

/// Rows of activations that share the weights in the registers.
const ROWS_512: usize = 8;
const ROWS_256: usize = 4;

/// Computes 16 columns for all rows of activations and hands them to `put`.
///
/// # Safety
/// The machine has AVX-512 F, BW, VL, DQ and VNNI; the tiles are as deep as the activations are wide.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,f16c")]
pub(super) unsafe fn column_512<T: Load>(tiles: &[T], acts: &Activations, rows: usize, put: impl Fn(usize, &[f32; COLUMNS])) {
    for first in (0..rows).step_by(ROWS_512) {
        // SAFETY: the rows exist, the instructions are there.
        unsafe {
            match rows - first {
                1 => rows_512::<T, 1>(tiles, acts, first, &put),
                2 => rows_512::<T, 2>(tiles, acts, first, &put),
                3 => rows_512::<T, 3>(tiles, acts, first, &put),
                4 => rows_512::<T, 4>(tiles, acts, first, &put),
                5 => rows_512::<T, 5>(tiles, acts, first, &put),
                6 => rows_512::<T, 6>(tiles, acts, first, &put),
                7 => rows_512::<T, 7>(tiles, acts, first, &put),
                _ => rows_512::<T, ROWS_512>(tiles, acts, first, &put),
            }
        }
    }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,f16c")]
unsafe fn rows_512<T: Load, const M: usize>(tiles: &[T], acts: &Activations, first: usize, put: &impl Fn(usize, &[f32; COLUMNS])) {
    let rows: [Row; M] = std::array::from_fn(|m| acts.row(first + m));
    let blocks = T::VALUES / BLOCK;
    // SAFETY: blocks count within the rows and the tiles.
    unsafe {
        let mut out = [_mm512_setzero_ps(); M];
        for (t, tile) in tiles.iter().enumerate() {
            for in_tile in 0..blocks {
                let block = t * blocks + in_tile;
                let weights = tile.weights_512(in_tile);
                let scales = tile.scales_512(in_tile, 0);
                for (out, row) in out.iter_mut().zip(rows) {
                    let bytes = row.bytes.add(block * BLOCK);
                    let scale = _mm512_set1_ps(*row.scales.add(block));
                    let total = if T::HALVES {
                        let low = dots_512(*row.starts.add(block * 2), &weights[..4], bytes);
                        let high = dots_512(*row.starts.add(block * 2 + 1), &weights[4..], bytes.add(16));
                        let high = _mm512_mul_ps(_mm512_cvtepi32_ps(high), tile.scales_512(in_tile, 1));
                        _mm512_fmadd_ps(_mm512_cvtepi32_ps(low), scales, high)
                    } else {
                        let total = dots_512(*row.starts.add(block), &weights, bytes);
                        _mm512_mul_ps(_mm512_cvtepi32_ps(total), scales)
                    };
                    *out = _mm512_fmadd_ps(total, scale, *out);
                    if T::MINIMA {
                        let sum = _mm512_set1_ps(*row.sums.add(block));
                        *out = _mm512_fnmadd_ps(tile.minima_512(in_tile), sum, *out);
                    }
                }
            }
        }
        for (m, out) in out.iter().enumerate() {
            let mut values = [0f32; COLUMNS];
            _mm512_storeu_ps(values.as_mut_ptr(), *out);
            put(first + m, &values);
        }
    }
}

/// Adds to `start` the products of groups of weights with 4 bytes of activations each.
#[inline(always)]
unsafe fn dots_512(start: i32, weights: &[__m512i], bytes: *const i8) -> __m512i {
    // SAFETY: the caller has VNNI and 4 bytes for each group.
    unsafe {
        let mut total = _mm512_set1_epi32(start);
        for (g, weights) in weights.iter().enumerate() {
            let bytes = _mm512_set1_epi32(bytes.add(4 * g).cast::<i32>().read_unaligned());
            total = _mm512_dpbusd_epi32(total, *weights, bytes);
        }
        total
    }
}

/// Computes 16 columns for all rows of activations and hands them to `put`.
///
/// # Safety
/// The machine has AVX2, FMA and F16C; the tiles are as deep as the activations are wide.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) unsafe fn column_256<T: Load>(tiles: &[T], acts: &Activations, rows: usize, put: impl Fn(usize, &[f32; COLUMNS])) {
    for first in (0..rows).step_by(ROWS_256) {
        // SAFETY: the rows exist, the instructions are there.
        unsafe {
            match rows - first {
                1 => rows_256::<T, 1>(tiles, acts, first, &put),
                2 => rows_256::<T, 2>(tiles, acts, first, &put),
                3 => rows_256::<T, 3>(tiles, acts, first, &put),
                _ => rows_256::<T, ROWS_256>(tiles, acts, first, &put),
            }
        }
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn rows_256<T: Load, const M: usize>(tiles: &[T], acts: &Activations, first: usize, put: &impl Fn(usize, &[f32; COLUMNS])) {
    let rows: [Row; M] = std::array::from_fn(|m| acts.row(first + m));
    let blocks = T::VALUES / BLOCK;
    let mut values = [[0f32; COLUMNS]; M];
    for side in 0..2 {
        // SAFETY: blocks count within the rows and the tiles.
        unsafe {
            let mut out = [_mm256_setzero_ps(); M];
            for (t, tile) in tiles.iter().enumerate() {
                for in_tile in 0..blocks {
                    let block = t * blocks + in_tile;
                    let weights = tile.weights_256(in_tile, side);
                    let scales = tile.scales_256(in_tile, 0, side);
                    for (out, row) in out.iter_mut().zip(rows) {
                        let bytes = row.bytes.add(block * BLOCK);
                        let scale = _mm256_set1_ps(*row.scales.add(block));
                        let total = if T::HALVES {
                            let low = dots_256::<T>(*row.starts.add(block * 2), &weights[..4], bytes);
                            let high = dots_256::<T>(*row.starts.add(block * 2 + 1), &weights[4..], bytes.add(16));
                            let high = _mm256_mul_ps(_mm256_cvtepi32_ps(high), tile.scales_256(in_tile, 1, side));
                            _mm256_fmadd_ps(_mm256_cvtepi32_ps(low), scales, high)
                        } else {
                            let total = dots_256::<T>(*row.starts.add(block), &weights, bytes);
                            _mm256_mul_ps(_mm256_cvtepi32_ps(total), scales)
                        };
                        *out = _mm256_fmadd_ps(total, scale, *out);
                        if T::MINIMA {
                            let sum = _mm256_set1_ps(*row.sums.add(block));
                            *out = _mm256_fnmadd_ps(tile.minima_256(in_tile, side), sum, *out);
                        }
                    }
                }
            }
            for (values, out) in values.iter_mut().zip(&out) {
                _mm256_storeu_ps(values[8 * side..].as_mut_ptr(), *out);
            }
        }
    }
    for (m, values) in values.iter().enumerate() {
        put(first + m, values);
    }
}

/// Adds to `start` the products of groups of weights with 4 bytes of activations each; signed weights come without offset.
#[inline(always)]
unsafe fn dots_256<T: Tile>(start: i32, weights: &[__m256i], bytes: *const i8) -> __m256i {
    // SAFETY: the caller has AVX2 and 4 bytes for each group.
    unsafe {
        let ones = _mm256_set1_epi16(1);
        let mut total = _mm256_set1_epi32(start);
        for (g, weights) in weights.iter().enumerate() {
            let bytes = _mm256_set1_epi32(bytes.add(4 * g).cast::<i32>().read_unaligned());
            let pairs = if T::SIGNED {
                _mm256_maddubs_epi16(_mm256_abs_epi8(*weights), _mm256_sign_epi8(bytes, *weights))
            } else {
                _mm256_maddubs_epi16(*weights, bytes)
            };
            total = _mm256_add_epi32(total, _mm256_madd_epi16(pairs, ones));
        }
        total
    }
}

#[inline(always)]
unsafe fn load_512(group: &[u8; 64]) -> __m512i {
    // SAFETY: 64 bytes are there.
    unsafe { _mm512_loadu_si512(group.as_ptr().cast()) }
}

#[inline(always)]
unsafe fn load_256(group: &[u8; 64], side: usize) -> __m256i {
    // SAFETY: `side` is 0 or 1, so 32 bytes are there.
    unsafe { _mm256_loadu_si256(group.as_ptr().add(32 * side).cast()) }
}

#[inline(always)]
unsafe fn halves_512(bits: &[u16; COLUMNS]) -> __m512 {
    // SAFETY: 32 bytes are there.
    unsafe { _mm512_cvtph_ps(_mm256_loadu_si256(bits.as_ptr().cast())) }
}

#[inline(always)]
unsafe fn halves_256(bits: &[u16; COLUMNS], side: usize) -> __m256 {
    // SAFETY: `side` is 0 or 1, so 16 bytes are there.
    unsafe { _mm256_cvtph_ps(_mm_loadu_si128(bits.as_ptr().add(8 * side).cast())) }
}

#[inline(always)]
unsafe fn nibbles_512(values: &[[u8; 64]; 4]) -> [__m512i; 8] {
    // SAFETY: the caller has AVX-512.
    unsafe {
        let mask = _mm512_set1_epi8(15);
        let mut out = [mask; 8];
        for (g, group) in values.iter().enumerate() {
            let both = load_512(group);
            out[g] = _mm512_and_si512(both, mask);
            out[g + 4] = _mm512_and_si512(_mm512_srli_epi16::<4>(both), mask);
        }
        out
    }
}

#[inline(always)]
unsafe fn nibbles_256(values: &[[u8; 64]; 4], side: usize) -> [__m256i; 8] {
    // SAFETY: the caller has AVX2.
    unsafe {
        let mask = _mm256_set1_epi8(15);
        let mut out = [mask; 8];
        for (g, group) in values.iter().enumerate() {
            let both = load_256(group, side);
            out[g] = _mm256_and_si256(both, mask);
            out[g + 4] = _mm256_and_si256(_mm256_srli_epi16::<4>(both), mask);
        }
        out
    }
}

/// Multiplies scales of 8 bits by those in half precision.
#[inline(always)]
unsafe fn scaled_512(scale: &[u16; COLUMNS], small: __m512i) -> __m512 {
    // SAFETY: the caller has AVX-512.
    unsafe { _mm512_mul_ps(halves_512(scale), _mm512_cvtepi32_ps(small)) }
}

#[inline(always)]
unsafe fn scaled_256(scale: &[u16; COLUMNS], small: __m256i, side: usize) -> __m256 {
    // SAFETY: the caller has AVX2 and F16C.
    unsafe { _mm256_mul_ps(halves_256(scale, side), _mm256_cvtepi32_ps(small)) }
}

impl Load for Q8_0 {
    #[inline(always)]
    unsafe fn weights_512(&self, block: usize) -> [__m512i; 8] {
        // SAFETY: the caller has AVX-512.
        std::array::from_fn(|g| unsafe { load_512(&self.values[block][g]) })
    }

    #[inline(always)]
    unsafe fn scales_512(&self, block: usize, _half: usize) -> __m512 {
        // SAFETY: as above.
        unsafe { halves_512(&self.scales[block]) }
    }

    #[inline(always)]
    unsafe fn minima_512(&self, _block: usize) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_setzero_ps() }
    }

    #[inline(always)]
    unsafe fn weights_256(&self, block: usize, side: usize) -> [__m256i; 8] {
        // SAFETY: the caller has AVX2. The kernel takes these weights without their offset.
        std::array::from_fn(|g| unsafe { _mm256_xor_si256(load_256(&self.values[block][g], side), _mm256_set1_epi8(-128)) })
    }

    #[inline(always)]
    unsafe fn scales_256(&self, block: usize, _half: usize, side: usize) -> __m256 {
        // SAFETY: as above.
        unsafe { halves_256(&self.scales[block], side) }
    }

    #[inline(always)]
    unsafe fn minima_256(&self, _block: usize, _side: usize) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_setzero_ps() }
    }
}

impl Load for Q4_0 {
    #[inline(always)]
    unsafe fn weights_512(&self, block: usize) -> [__m512i; 8] {
        // SAFETY: the caller has AVX-512.
        unsafe { nibbles_512(&self.values[block]) }
    }

    #[inline(always)]
    unsafe fn scales_512(&self, block: usize, _half: usize) -> __m512 {
        // SAFETY: as above.
        unsafe { halves_512(&self.scales[block]) }
    }

    #[inline(always)]
    unsafe fn minima_512(&self, _block: usize) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_setzero_ps() }
    }

    #[inline(always)]
    unsafe fn weights_256(&self, block: usize, side: usize) -> [__m256i; 8] {
        // SAFETY: the caller has AVX2.
        unsafe { nibbles_256(&self.values[block], side) }
    }

    #[inline(always)]
    unsafe fn scales_256(&self, block: usize, _half: usize, side: usize) -> __m256 {
        // SAFETY: as above.
        unsafe { halves_256(&self.scales[block], side) }
    }

    #[inline(always)]
    unsafe fn minima_256(&self, _block: usize, _side: usize) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_setzero_ps() }
    }
}

#[inline(always)]
unsafe fn bytes_512(bytes: &[u8; COLUMNS]) -> __m512i {
    // SAFETY: 16 bytes are there.
    unsafe { _mm512_cvtepu8_epi32(_mm_loadu_si128(bytes.as_ptr().cast())) }
}

#[inline(always)]
unsafe fn bytes_256(bytes: &[u8; COLUMNS], side: usize) -> __m256i {
    // SAFETY: `side` is 0 or 1, so 8 bytes are there.
    unsafe { _mm256_cvtepu8_epi32(_mm_loadl_epi64(bytes.as_ptr().add(8 * side).cast())) }
}

impl Load for Q4K {
    #[inline(always)]
    unsafe fn weights_512(&self, block: usize) -> [__m512i; 8] {
        // SAFETY: the caller has AVX-512.
        unsafe { nibbles_512(&self.values[block]) }
    }

    #[inline(always)]
    unsafe fn scales_512(&self, block: usize, _half: usize) -> __m512 {
        // SAFETY: as above.
        unsafe { scaled_512(&self.scale, bytes_512(&self.scales[block])) }
    }

    #[inline(always)]
    unsafe fn minima_512(&self, block: usize) -> __m512 {
        // SAFETY: as above.
        unsafe { scaled_512(&self.minimum, bytes_512(&self.minima[block])) }
    }

    #[inline(always)]
    unsafe fn weights_256(&self, block: usize, side: usize) -> [__m256i; 8] {
        // SAFETY: the caller has AVX2.
        unsafe { nibbles_256(&self.values[block], side) }
    }

    #[inline(always)]
    unsafe fn scales_256(&self, block: usize, _half: usize, side: usize) -> __m256 {
        // SAFETY: as above.
        unsafe { scaled_256(&self.scale, bytes_256(&self.scales[block], side), side) }
    }

    #[inline(always)]
    unsafe fn minima_256(&self, block: usize, side: usize) -> __m256 {
        // SAFETY: as above.
        unsafe { scaled_256(&self.minimum, bytes_256(&self.minima[block], side), side) }
    }
}

impl Load for Q6K {
    #[inline(always)]
    unsafe fn weights_512(&self, block: usize) -> [__m512i; 8] {
        // SAFETY: the caller has AVX-512.
        unsafe {
            let mut out = nibbles_512(&self.low[block]);
            let mask = _mm512_set1_epi8(0x30);
            for (h, high) in self.high[block].iter().enumerate() {
                let high = load_512(high);
                let parts = [_mm512_slli_epi16::<4>(high), _mm512_slli_epi16::<2>(high), high, _mm512_srli_epi16::<2>(high)];
                for (p, part) in parts.into_iter().enumerate() {
                    out[4 * h + p] = _mm512_or_si512(out[4 * h + p], _mm512_and_si512(part, mask));
                }
            }
            out
        }
    }

    #[inline(always)]
    unsafe fn scales_512(&self, block: usize, half: usize) -> __m512 {
        // SAFETY: as above; 16 bytes are there.
        unsafe {
            let small = _mm512_cvtepi8_epi32(_mm_loadu_si128(self.scales[2 * block + half].as_ptr().cast()));
            scaled_512(&self.scale, small)
        }
    }

    #[inline(always)]
    unsafe fn minima_512(&self, _block: usize) -> __m512 {
        // SAFETY: as above.
        unsafe { _mm512_setzero_ps() }
    }

    #[inline(always)]
    unsafe fn weights_256(&self, block: usize, side: usize) -> [__m256i; 8] {
        // SAFETY: the caller has AVX2.
        unsafe {
            let mut out = nibbles_256(&self.low[block], side);
            let mask = _mm256_set1_epi8(0x30);
            for (h, high) in self.high[block].iter().enumerate() {
                let high = load_256(high, side);
                let parts = [_mm256_slli_epi16::<4>(high), _mm256_slli_epi16::<2>(high), high, _mm256_srli_epi16::<2>(high)];
                for (p, part) in parts.into_iter().enumerate() {
                    out[4 * h + p] = _mm256_or_si256(out[4 * h + p], _mm256_and_si256(part, mask));
                }
            }
            out
        }
    }

    #[inline(always)]
    unsafe fn scales_256(&self, block: usize, half: usize, side: usize) -> __m256 {
        // SAFETY: as above; `side` is 0 or 1, so 8 bytes are there.
        unsafe {
            let small = self.scales[2 * block + half].as_ptr().add(8 * side);
            scaled_256(&self.scale, _mm256_cvtepi8_epi32(_mm_loadl_epi64(small.cast())), side)
        }
    }

    #[inline(always)]
    unsafe fn minima_256(&self, _block: usize, _side: usize) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_setzero_ps() }
    }
}

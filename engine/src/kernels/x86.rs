//! Kernels for AVX-512 with VNNI, and for AVX2.

use super::activations::{Activations, BYTE_WORDS};
use super::load::Load;
use super::tiles::Tile;
use super::{BLOCK, COLUMNS};
use std::arch::x86_64::*;

/// Rows of activations that share the weights in the registers.
pub(super) const ROWS_512: usize = 8;
pub(super) const ROWS_256: usize = 4;

/// Computes 16 columns for all rows of activations, in groups of `ROWS_512`, and hands them to `put`.
///
/// # Safety
/// The machine has AVX-512 F, BW, VL, DQ and VNNI; the tiles are as deep as the activations are wide.
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,f16c")]
pub(super) unsafe fn column_512<T: Load>(
    tiles: &[T],
    acts: &Activations,
    put: impl Fn(usize, &[f32; COLUMNS]),
) {
    for (first, rows, words) in acts.groups() {
        let put = |row: usize, values: &[f32; COLUMNS]| put(first + row, values);
        let words = words.as_ptr();
        // SAFETY: the words are those of a group of so many rows, the instructions are there.
        unsafe {
            match rows {
                1 => rows_512::<T, 1>(tiles, words, put),
                2 => rows_512::<T, 2>(tiles, words, put),
                3 => rows_512::<T, 3>(tiles, words, put),
                4 => rows_512::<T, 4>(tiles, words, put),
                5 => rows_512::<T, 5>(tiles, words, put),
                6 => rows_512::<T, 6>(tiles, words, put),
                7 => rows_512::<T, 7>(tiles, words, put),
                _ => rows_512::<T, ROWS_512>(tiles, words, put),
            }
        }
    }
}

/// Words of one row in one block.
const fn words<T: Tile>() -> usize {
    BYTE_WORDS + if T::HALVES { 4 } else { 3 }
}

#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,fma,f16c")]
unsafe fn rows_512<T: Load, const M: usize>(
    tiles: &[T],
    mut block: *const u32,
    put: impl Fn(usize, &[f32; COLUMNS]),
) {
    // SAFETY: blocks count within the group's words and the tiles.
    unsafe {
        let mut out = [_mm512_setzero_ps(); M];
        for tile in tiles {
            for in_tile in 0..T::VALUES / BLOCK {
                let weights = tile.weights_512(in_tile);
                let scales = tile.scales_512(in_tile, 0);
                let rest = block.add(M * BYTE_WORDS);
                for (m, out) in out.iter_mut().enumerate() {
                    let bytes = block.add(m * BYTE_WORDS);
                    let scale = _mm512_set1_ps(*rest.add(m).cast());
                    let total = if T::HALVES {
                        let starts = rest.add(2 * M + 2 * m);
                        let low = dots_512(*starts, &weights[..4], bytes);
                        let high = dots_512(*starts.add(1), &weights[4..], bytes.add(4));
                        let high =
                            _mm512_mul_ps(_mm512_cvtepi32_ps(high), tile.scales_512(in_tile, 1));
                        _mm512_fmadd_ps(_mm512_cvtepi32_ps(low), scales, high)
                    } else {
                        let total = dots_512(*rest.add(2 * M + m), &weights, bytes);
                        _mm512_mul_ps(_mm512_cvtepi32_ps(total), scales)
                    };
                    *out = _mm512_fmadd_ps(total, scale, *out);
                    if T::MINIMA {
                        let sum = _mm512_set1_ps(*rest.add(M + m).cast());
                        *out = _mm512_fnmadd_ps(tile.minima_512(in_tile), sum, *out);
                    }
                }
                block = block.add(M * words::<T>());
            }
        }
        for (m, out) in out.iter().enumerate() {
            let mut values = [0f32; COLUMNS];
            _mm512_storeu_ps(values.as_mut_ptr(), *out);
            put(m, &values);
        }
    }
}

/// Adds to `start` the products of groups of weights with a word of 4 activations each.
#[inline(always)]
unsafe fn dots_512(start: u32, weights: &[__m512i], bytes: *const u32) -> __m512i {
    // SAFETY: the caller has VNNI and a word for each group.
    unsafe {
        let mut total = _mm512_set1_epi32(start as i32);
        for (g, weights) in weights.iter().enumerate() {
            let bytes = _mm512_set1_epi32(*bytes.add(g) as i32);
            total = _mm512_dpbusd_epi32(total, *weights, bytes);
        }
        total
    }
}

/// Computes 16 columns for all rows of activations, in groups of `ROWS_256`, and hands them to `put`.
///
/// # Safety
/// The machine has AVX2, FMA and F16C; the tiles are as deep as the activations are wide.
#[target_feature(enable = "avx2,fma,f16c")]
pub(super) unsafe fn column_256<T: Load>(
    tiles: &[T],
    acts: &Activations,
    put: impl Fn(usize, &[f32; COLUMNS]),
) {
    for (first, rows, words) in acts.groups() {
        let put = |row: usize, values: &[f32; COLUMNS]| put(first + row, values);
        let words = words.as_ptr();
        // SAFETY: the words are those of a group of so many rows, the instructions are there.
        unsafe {
            match rows {
                1 => rows_256::<T, 1>(tiles, words, put),
                2 => rows_256::<T, 2>(tiles, words, put),
                3 => rows_256::<T, 3>(tiles, words, put),
                _ => rows_256::<T, ROWS_256>(tiles, words, put),
            }
        }
    }
}

#[target_feature(enable = "avx2,fma,f16c")]
unsafe fn rows_256<T: Load, const M: usize>(
    tiles: &[T],
    first: *const u32,
    put: impl Fn(usize, &[f32; COLUMNS]),
) {
    let mut values = [[0f32; COLUMNS]; M];
    for side in 0..2 {
        // SAFETY: blocks count within the group's words and the tiles.
        unsafe {
            let mut block = first;
            let mut out = [_mm256_setzero_ps(); M];
            for tile in tiles {
                for in_tile in 0..T::VALUES / BLOCK {
                    let weights = tile.weights_256(in_tile, side);
                    let scales = tile.scales_256(in_tile, 0, side);
                    let rest = block.add(M * BYTE_WORDS);
                    for (m, out) in out.iter_mut().enumerate() {
                        let bytes = block.add(m * BYTE_WORDS);
                        let scale = _mm256_set1_ps(*rest.add(m).cast());
                        let total = if T::HALVES {
                            let starts = rest.add(2 * M + 2 * m);
                            let low = dots_256::<T>(*starts, &weights[..4], bytes);
                            let high = dots_256::<T>(*starts.add(1), &weights[4..], bytes.add(4));
                            let high = _mm256_mul_ps(
                                _mm256_cvtepi32_ps(high),
                                tile.scales_256(in_tile, 1, side),
                            );
                            _mm256_fmadd_ps(_mm256_cvtepi32_ps(low), scales, high)
                        } else {
                            let total = dots_256::<T>(*rest.add(2 * M + m), &weights, bytes);
                            _mm256_mul_ps(_mm256_cvtepi32_ps(total), scales)
                        };
                        *out = _mm256_fmadd_ps(total, scale, *out);
                        if T::MINIMA {
                            let sum = _mm256_set1_ps(*rest.add(M + m).cast());
                            *out = _mm256_fnmadd_ps(tile.minima_256(in_tile, side), sum, *out);
                        }
                    }
                    block = block.add(M * words::<T>());
                }
            }
            for (values, out) in values.iter_mut().zip(&out) {
                _mm256_storeu_ps(values[8 * side..].as_mut_ptr(), *out);
            }
        }
    }
    for (m, values) in values.iter().enumerate() {
        put(m, values);
    }
}

/// Adds to `start` the products of groups of weights with a word of 4 activations each; signed weights come without offset.
#[inline(always)]
unsafe fn dots_256<T: Tile>(start: u32, weights: &[__m256i], bytes: *const u32) -> __m256i {
    // SAFETY: the caller has AVX2 and a word for each group.
    unsafe {
        let ones = _mm256_set1_epi16(1);
        let mut total = _mm256_set1_epi32(start as i32);
        for (g, weights) in weights.iter().enumerate() {
            let bytes = _mm256_set1_epi32(*bytes.add(g) as i32);
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

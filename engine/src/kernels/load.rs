//! Tiles into registers.

use super::COLUMNS;
use super::tiles::{Q4_0, Q4K, Q6K, Q8_0, Tile};
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
        std::array::from_fn(|g| unsafe {
            _mm256_xor_si256(
                load_256(&self.values[block][g], side),
                _mm256_set1_epi8(-128),
            )
        })
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
                let parts = [
                    _mm512_slli_epi16::<4>(high),
                    _mm512_slli_epi16::<2>(high),
                    high,
                    _mm512_srli_epi16::<2>(high),
                ];
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
            let small = _mm512_cvtepi8_epi32(_mm_loadu_si128(
                self.scales[2 * block + half].as_ptr().cast(),
            ));
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
                let parts = [
                    _mm256_slli_epi16::<4>(high),
                    _mm256_slli_epi16::<2>(high),
                    high,
                    _mm256_srli_epi16::<2>(high),
                ];
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
            scaled_256(
                &self.scale,
                _mm256_cvtepi8_epi32(_mm_loadl_epi64(small.cast())),
                side,
            )
        }
    }

    #[inline(always)]
    unsafe fn minima_256(&self, _block: usize, _side: usize) -> __m256 {
        // SAFETY: as above.
        unsafe { _mm256_setzero_ps() }
    }
}

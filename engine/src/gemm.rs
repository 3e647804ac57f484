//! A small f32 product for attention: `C += A · B`, row-major, `B` at least 16 columns wide.

use crate::platform::{Level, level};

/// Rows of a matrix: row `r` starts at `r * stride`.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a> {
    pub data: &'a [f32],
    pub stride: usize,
}

/// Adds `a · b` to `c`: `a` is `(rows, inner)`, `b` is `(inner, columns)`, `c` is `(rows, columns)` with rows `stride` apart.
///
/// `columns` is a multiple of 16. Panics when a slice is too short for its shape; callers size them.
pub(crate) fn add_product(
    a: Rows<'_>,
    b: Rows<'_>,
    c: &mut [f32],
    stride: usize,
    [rows, inner, columns]: [usize; 3],
) {
    if rows == 0 || inner == 0 || columns == 0 {
        return;
    }
    assert!(columns.is_multiple_of(16));
    assert!((rows - 1) * a.stride + inner <= a.data.len());
    assert!((inner - 1) * b.stride + columns <= b.data.len());
    assert!((rows - 1) * stride + columns <= c.len());
    let shape = Shape {
        a: a.data.as_ptr(),
        a_stride: a.stride,
        b: b.data.as_ptr(),
        b_stride: b.stride,
        c: c.as_mut_ptr(),
        c_stride: stride,
        inner,
    };
    // SAFETY: the asserts above keep every access of the kernels inside the slices; the level was detected.
    unsafe {
        match level() {
            #[cfg(target_arch = "x86_64")]
            Level::Avx512Vnni => x86::blocks_512(shape, rows, columns),
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => x86::blocks_256(shape, rows, columns),
            _ => portable(shape, rows, columns),
        }
    }
}

#[derive(Clone, Copy)]
struct Shape {
    a: *const f32,
    a_stride: usize,
    b: *const f32,
    b_stride: usize,
    c: *mut f32,
    c_stride: usize,
    inner: usize,
}

impl Shape {
    /// # Safety
    /// `row` and `column` lie within the product.
    #[inline(always)]
    unsafe fn at(self, row: usize, column: usize) -> Shape {
        // SAFETY: the caller stays within the product, so the pointers stay within their slices.
        unsafe {
            Shape {
                a: self.a.add(row * self.a_stride),
                b: self.b.add(column),
                c: self.c.add(row * self.c_stride + column),
                ..self
            }
        }
    }
}

unsafe fn portable(s: Shape, rows: usize, columns: usize) {
    for r in 0..rows {
        for i in 0..s.inner {
            // SAFETY: `add_product` checked the three shapes.
            unsafe {
                let a = *s.a.add(r * s.a_stride + i);
                let b = std::slice::from_raw_parts(s.b.add(i * s.b_stride), columns);
                let c = std::slice::from_raw_parts_mut(s.c.add(r * s.c_stride), columns);
                for (c, b) in c.iter_mut().zip(b) {
                    *c += a * b;
                }
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Shape;
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx512f")]
    unsafe fn tile_512<const R: usize, const W: usize>(s: Shape) {
        // SAFETY: the caller gives R rows and 16·W columns that lie within the product.
        unsafe {
            let mut acc = [[_mm512_setzero_ps(); W]; R];
            for i in 0..s.inner {
                let mut b = [_mm512_setzero_ps(); W];
                for (w, b) in b.iter_mut().enumerate() {
                    *b = _mm512_loadu_ps(s.b.add(i * s.b_stride + 16 * w));
                }
                for (r, acc) in acc.iter_mut().enumerate() {
                    let a = _mm512_set1_ps(*s.a.add(r * s.a_stride + i));
                    for (acc, b) in acc.iter_mut().zip(b) {
                        *acc = _mm512_fmadd_ps(a, b, *acc);
                    }
                }
            }
            for (r, acc) in acc.iter().enumerate() {
                for (w, acc) in acc.iter().enumerate() {
                    let c = s.c.add(r * s.c_stride + 16 * w);
                    _mm512_storeu_ps(c, _mm512_add_ps(_mm512_loadu_ps(c), *acc));
                }
            }
        }
    }

    #[target_feature(enable = "avx512f")]
    unsafe fn columns_512<const W: usize>(s: Shape, rows: usize, from: usize, to: usize) {
        for column in (from..to).step_by(16 * W) {
            for row in (0..rows).step_by(6) {
                // SAFETY: row and column lie within the product.
                unsafe {
                    let s = s.at(row, column);
                    match rows - row {
                        1 => tile_512::<1, W>(s),
                        2 => tile_512::<2, W>(s),
                        3 => tile_512::<3, W>(s),
                        4 => tile_512::<4, W>(s),
                        5 => tile_512::<5, W>(s),
                        _ => tile_512::<6, W>(s),
                    }
                }
            }
        }
    }

    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn blocks_512(s: Shape, rows: usize, columns: usize) {
        let wide = columns / 64 * 64;
        // SAFETY: the two ranges cover the columns.
        unsafe {
            columns_512::<4>(s, rows, 0, wide);
            columns_512::<1>(s, rows, wide, columns);
        }
    }

    #[target_feature(enable = "avx2,fma")]
    unsafe fn tile_256<const R: usize>(s: Shape) {
        // SAFETY: the caller gives R rows and 16 columns that lie within the product.
        unsafe {
            let mut acc = [[_mm256_setzero_ps(); 2]; R];
            for i in 0..s.inner {
                let low = _mm256_loadu_ps(s.b.add(i * s.b_stride));
                let high = _mm256_loadu_ps(s.b.add(i * s.b_stride + 8));
                for (r, acc) in acc.iter_mut().enumerate() {
                    let a = _mm256_set1_ps(*s.a.add(r * s.a_stride + i));
                    acc[0] = _mm256_fmadd_ps(a, low, acc[0]);
                    acc[1] = _mm256_fmadd_ps(a, high, acc[1]);
                }
            }
            for (r, acc) in acc.iter().enumerate() {
                for (w, acc) in acc.iter().enumerate() {
                    let c = s.c.add(r * s.c_stride + 8 * w);
                    _mm256_storeu_ps(c, _mm256_add_ps(_mm256_loadu_ps(c), *acc));
                }
            }
        }
    }

    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn blocks_256(s: Shape, rows: usize, columns: usize) {
        for column in (0..columns).step_by(16) {
            for row in (0..rows).step_by(6) {
                // SAFETY: row and column lie within the product.
                unsafe {
                    let s = s.at(row, column);
                    match rows - row {
                        1 => tile_256::<1>(s),
                        2 => tile_256::<2>(s),
                        3 => tile_256::<3>(s),
                        4 => tile_256::<4>(s),
                        5 => tile_256::<5>(s),
                        _ => tile_256::<6>(s),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_product_equals_the_plain_triple_loop() {
        for (rows, inner, columns) in [(1, 5, 16), (6, 32, 64), (7, 3, 80), (13, 64, 144)] {
            let a: Vec<f32> = (0..rows * inner)
                .map(|i| ((i * 37 % 19) as f32 - 9.0) / 7.0)
                .collect();
            let b: Vec<f32> = (0..inner * columns)
                .map(|i| ((i * 53 % 23) as f32 - 11.0) / 5.0)
                .collect();
            let mut c = vec![1.0; rows * columns];
            add_product(
                Rows {
                    data: &a,
                    stride: inner,
                },
                Rows {
                    data: &b,
                    stride: columns,
                },
                &mut c,
                columns,
                [rows, inner, columns],
            );
            for r in 0..rows {
                for k in 0..columns {
                    let plain: f32 = 1.0
                        + (0..inner)
                            .map(|i| a[r * inner + i] * b[i * columns + k])
                            .sum::<f32>();
                    assert!((c[r * columns + k] - plain).abs() < 1e-3 * plain.abs().max(1.0));
                }
            }
        }
    }
}

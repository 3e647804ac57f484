//! Nearest rows of a matrix by inner product: a scan in 8 bits, the candidates rescored in f32.

use crate::ops::{dot, for_each_level};
use crate::platform::{Level, level, spread};
use std::sync::Mutex;

/// Rows of one length, kept in f32 and in 8 bits with a scale each.
#[derive(Clone, Debug, Default)]
pub struct Matrix {
    dimension: usize,
    rows: Vec<f32>,
    bytes: Vec<i8>,
    /// For each row: its scale, and the sum of its absolute values in 8 bits times the scale.
    scales: Vec<(f32, f32)>,
}

for_each_level! {
    fn dot_bytes(a: &[i8], b: &[i8]) -> i32 {
        // Rows of more than 130,000 values would overflow; `Matrix::new` refuses them.
        a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).fold(0i32, i32::wrapping_add)
    }
}

const LONGEST: usize = 1 << 16;

impl Matrix {
    /// Returns an empty matrix for rows of `dimension` values. Panics for 0 or more than 65,536.
    pub fn new(dimension: usize) -> Self {
        assert!(
            (1..=LONGEST).contains(&dimension),
            "a row of {dimension} values"
        );
        Matrix {
            dimension,
            ..Matrix::default()
        }
    }

    /// Returns the length of a row.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Appends a row. Panics when its length is not the matrix's; values that are not finite count as 0.
    pub fn push(&mut self, row: &[f32]) {
        assert_eq!(row.len(), self.dimension, "a row of another length");
        self.rows
            .extend(row.iter().map(|v| if v.is_finite() { *v } else { 0.0 }));
        let row = &self.rows[self.rows.len() - self.dimension..];
        let (bytes, scale, sum) = quantise(row);
        self.bytes.extend(bytes);
        self.scales.push((scale, sum));
    }

    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.scales.len()
    }

    /// Returns whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.scales.is_empty()
    }

    /// Returns row `i`. Panics when there is none.
    pub fn row(&self, i: usize) -> &[f32] {
        &self.rows[i * self.dimension..][..self.dimension]
    }

    /// Returns the `limit` allowed rows of the highest inner product with `query`, best first, equal ones by number.
    ///
    /// The result is that of a full scan in f32: the 8-bit scan keeps every row that the rounding error could have pushed
    /// out. Panics when the query's length is not the matrix's. Costs one pass over the bytes of the allowed rows.
    pub fn scan(
        &self,
        query: &[f32],
        allowed: &dyn Fn(usize) -> bool,
        limit: usize,
    ) -> Vec<(usize, f32)> {
        assert_eq!(query.len(), self.dimension, "a query of another length");
        let rows: Vec<usize> = (0..self.len()).filter(|i| allowed(*i)).collect();
        if limit == 0 || rows.is_empty() {
            return Vec::new();
        }
        let candidates = if rows.len() <= limit {
            rows
        } else {
            self.candidates(query, &rows, limit)
        };
        let mut best: Vec<(usize, f32)> = candidates
            .into_iter()
            .map(|i| (i, dot(query, self.row(i))))
            .collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        best.truncate(limit);
        best
    }

    /// Returns the rows whose product may be among the `limit` highest, given the rounding of rows and query.
    fn candidates(&self, query: &[f32], rows: &[usize], limit: usize) -> Vec<usize> {
        let (bytes, scale, _) = quantise(query);
        let sum: f32 = query.iter().map(|v| v.abs()).sum();
        let scored: Mutex<Vec<(usize, f32, f32)>> = Mutex::new(Vec::with_capacity(rows.len()));
        spread(rows.len(), |range| {
            let part: Vec<(usize, f32, f32)> = rows[range]
                .iter()
                .map(|&i| {
                    let (row_scale, row_sum) = self.scales[i];
                    let product =
                        dot_bytes(&bytes, &self.bytes[i * self.dimension..][..self.dimension]);
                    // A rounded value is off by half a step: of the row against the query, of the query against the row.
                    let error = (0.5 * (row_scale * sum + scale * row_sum)) * 1.001 + 1e-6;
                    (i, product as f32 * scale * row_scale, error)
                })
                .collect();
            // A poisoned lock still holds whole entries.
            scored
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner)
                .extend(part);
        });
        let scored = scored
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut floors: Vec<f32> = scored
            .iter()
            .map(|(_, score, error)| score - error)
            .collect();
        let (_, floor, _) = floors.select_nth_unstable_by(limit - 1, |a, b| b.total_cmp(a));
        let floor = *floor;
        scored
            .into_iter()
            .filter(|(_, score, error)| score + error >= floor)
            .map(|(i, ..)| i)
            .collect()
    }
}

/// Returns the bytes, their scale, and the sum of the absolute values that they stand for.
fn quantise(row: &[f32]) -> (Vec<i8>, f32, f32) {
    let most = row.iter().fold(0f32, |most, v| most.max(v.abs()));
    let scale = most / 127.0;
    let inverse = if scale > 0.0 { 1.0 / scale } else { 0.0 };
    let bytes: Vec<i8> = row.iter().map(|v| (v * inverse).round() as i8).collect();
    let sum: f32 = bytes.iter().map(|b| f32::from(*b).abs()).sum();
    (bytes, scale, sum * scale)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(seed: u64, dimension: usize) -> Vec<f32> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut row: Vec<f32> = (0..dimension)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
            })
            .collect();
        crate::ops::normalise(&mut row);
        row
    }

    #[test]
    fn a_scan_finds_what_a_full_scan_in_f32_finds() {
        for dimension in [1, 31, 384, 768] {
            let mut matrix = Matrix::new(dimension);
            for i in 0..3000 {
                matrix.push(&unit(i + 1, dimension));
            }
            for q in 0..5 {
                let query = unit(90_000 + q, dimension);
                let allowed = |i: usize| i % 3 != 1;
                let mut plain: Vec<(usize, f32)> = (0..3000)
                    .filter(|i| allowed(*i))
                    .map(|i| (i, dot(&query, matrix.row(i))))
                    .collect();
                plain.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                plain.truncate(17);
                assert_eq!(matrix.scan(&query, &allowed, 17), plain);
            }
        }
    }

    #[test]
    fn what_is_not_allowed_is_not_found_and_the_limit_holds() {
        let mut matrix = Matrix::new(4);
        for i in 0..10 {
            matrix.push(&[i as f32, 0.0, f32::NAN, 1.0]);
        }
        let found = matrix.scan(&[1.0, 0.0, 0.0, 0.0], &|i| i < 5, 3);
        assert_eq!(found, [(4, 4.0), (3, 3.0), (2, 2.0)]);
        assert!(matrix.scan(&[1.0; 4], &|_| false, 3).is_empty());
        assert!(matrix.scan(&[1.0; 4], &|_| true, 0).is_empty());
        assert_eq!(matrix.scan(&[1.0; 4], &|_| true, 100).len(), 10);
    }
}

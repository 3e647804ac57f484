//! Element-wise steps over rows: norms, activations, rotations, softmax.

use crate::platform::{Level, Shared, level, spread};

/// Defines a function whose body is compiled for every level and chosen at run time.
macro_rules! for_each_level {
    ($(#[$meta:meta])* $visibility:vis fn $name:ident($($argument:ident: $kind:ty),* $(,)?) $(-> $result:ty)? $body:block) => {
        $(#[$meta])*
        $visibility fn $name($($argument: $kind),*) $(-> $result)? {
            #[inline(always)]
            fn body($($argument: $kind),*) $(-> $result)? $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,fma")]
            fn on_512($($argument: $kind),*) $(-> $result)? { body($($argument),*) }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn on_256($($argument: $kind),*) $(-> $result)? { body($($argument),*) }

            match level() {
                // SAFETY: the level was detected on this machine.
                #[cfg(target_arch = "x86_64")]
                Level::Avx512Vnni => unsafe { on_512($($argument),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                Level::Avx2 => unsafe { on_256($($argument),*) },
                _ => body($($argument),*),
            }
        }
    };
}
pub(crate) use for_each_level;

const LANES: usize = 16;

#[inline(always)]
fn sum_of(values: &[f32], term: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0f32; LANES];
    let chunks = values.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().map(|v| term(*v)).sum();
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += term(*value);
        }
    }
    rest + lanes.iter().sum::<f32>()
}

/// e to the power of `x`, within 2 units in the last place or so; vectorises, unlike the library's.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + 12_582_912.0;
    let power = shifted - 12_582_912.0;
    let r = (x - power * 0.693_359_4) - power * -2.121_944_4e-4;
    let p = 1.987_569_1e-4f32;
    let p = p * r + 1.398_199_9e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 0.166_666_65;
    let p = p * r + 0.5;
    let value = p * (r * r) + r + 1.0;
    let exponent = shifted
        .to_bits()
        .wrapping_sub(0x4B40_0000)
        .wrapping_add(127);
    value * f32::from_bits(exponent << 23)
}

for_each_level! {
    fn rms_norm_rows(x: &mut [f32], weight: &[f32], eps: f32) {
        for row in x.chunks_exact_mut(weight.len()) {
            let mean = sum_of(row, |v| v * v) / row.len() as f32;
            let scale = 1.0 / (mean + eps).sqrt();
            for (value, weight) in row.iter_mut().zip(weight) {
                *value = *value * scale * weight;
            }
        }
    }
}

for_each_level! {
    fn layer_norm_rows(x: &mut [f32], weight: &[f32], bias: &[f32], eps: f32) {
        for row in x.chunks_exact_mut(weight.len()) {
            let mean = sum_of(row, |v| v) / row.len() as f32;
            let variance = sum_of(row, |v| (v - mean) * (v - mean)) / row.len() as f32;
            let scale = 1.0 / (variance + eps).sqrt();
            for ((value, weight), bias) in row.iter_mut().zip(weight).zip(bias) {
                *value = (*value - mean) * scale * weight + bias;
            }
        }
    }
}

for_each_level! {
    fn gelu_tanh_part(gate: &mut [f32], up: &[f32]) {
        for (g, u) in gate.iter_mut().zip(up) {
            let x = *g;
            let inner = 0.797_884_6 * (x + 0.044_715 * x * x * x);
            // tanh(y) = 1 - 2 / (e^2y + 1), so (1 + tanh(y)) / 2 = 1 - 1 / (e^2y + 1).
            *g = x * (1.0 - 1.0 / (exp(2.0 * inner) + 1.0)) * u;
        }
    }
}

for_each_level! {
    fn silu_part(gate: &mut [f32], up: &[f32]) {
        for (g, u) in gate.iter_mut().zip(up) {
            *g = *g / (1.0 + exp(-*g)) * u;
        }
    }
}

for_each_level! {
    fn gelu_erf_part(x: &mut [f32]) {
        for value in x {
            let v = *value;
            let z = (v * std::f32::consts::FRAC_1_SQRT_2).abs();
            // Abramowitz and Stegun 7.1.26: the error of erf stays under 1.5e-7.
            let t = 1.0 / (1.0 + 0.327_591_1 * z);
            let poly = ((((1.061_405_4 * t - 1.453_152_1) * t) + 1.421_413_8) * t - 0.284_496_74) * t + 0.254_829_6;
            let erf = (1.0 - poly * t * exp(-z * z)).copysign(v);
            *value = 0.5 * v * (1.0 + erf);
        }
    }
}

for_each_level! {
    /// Turns the first `live` scores of a row into weights that sum to 1 and clears the rest.
    pub(crate) fn softmax(row: &mut [f32], live: usize) {
        let (scores, dead) = row.split_at_mut(live);
        dead.fill(0.0);
        let mut lanes = [f32::NEG_INFINITY; LANES];
        let chunks = scores.chunks_exact(LANES);
        let rest = chunks.remainder().iter().fold(f32::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
        for chunk in chunks {
            for (lane, value) in lanes.iter_mut().zip(chunk) {
                *lane = if *value > *lane { *value } else { *lane };
            }
        }
        let most = lanes.iter().fold(rest, |a, b| if *b > a { *b } else { a });
        for value in scores.iter_mut() {
            *value = exp(*value - most);
        }
        let scale = 1.0 / sum_of(scores, |v| v);
        for value in scores {
            *value *= scale;
        }
    }
}

for_each_level! {
    fn rotate_row(row: &mut [f32], cosines: &[f32], sines: &[f32]) {
        let (low, high) = row.split_at_mut(cosines.len());
        for (((a, b), c), s) in low.iter_mut().zip(high).zip(cosines).zip(sines) {
            let (x, y) = (*a, *b);
            *a = x * c - y * s;
            *b = y * c + x * s;
        }
    }
}

for_each_level! {
    /// Adds `y` to `x`.
    pub(crate) fn add(x: &mut [f32], y: &[f32]) {
        for (x, y) in x.iter_mut().zip(y) {
            *x += y;
        }
    }
}

for_each_level! {
    /// Returns the sum of the products of two vectors of one length.
    pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
        let mut lanes = [0f32; LANES];
        let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
        let rest: f32 = a.remainder().iter().zip(b.remainder()).map(|(x, y)| x * y).sum();
        for (a, b) in a.zip(b) {
            for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
                *lane += x * y;
            }
        }
        rest + lanes.iter().sum::<f32>()
    }
}

/// Spreads rows of `width` over the threads, a few kilobytes a part.
fn by_rows(x: &mut [f32], width: usize, work: impl Fn(&mut [f32], usize) + Sync) {
    let (rows, length) = (x.len() / width, x.len());
    if rows * width < 1 << 15 {
        return work(x, 0);
    }
    let shared = Shared::new(x);
    spread(rows, |range| {
        let end = if range.end == rows {
            length
        } else {
            range.end * width
        };
        // SAFETY: the ranges of `spread` are disjoint and `x` outlives it.
        let part = unsafe { shared.part(range.start * width..end) };
        work(part, range.start);
    });
}

/// Normalises every row of `x`, `(T, D)`, by its root mean square.
pub(crate) fn rms_norm(x: &mut [f32], weight: &[f32], eps: f32) {
    by_rows(x, weight.len(), |part, _| rms_norm_rows(part, weight, eps));
}

/// Normalises every row of `x`, `(T, D)`, to mean 0 and variance 1.
pub(crate) fn layer_norm(x: &mut [f32], weight: &[f32], bias: &[f32], eps: f32) {
    by_rows(x, weight.len(), |part, _| {
        layer_norm_rows(part, weight, bias, eps);
    });
}

/// `gate = gelu(gate) * up`, with the tanh form of GELU.
pub(crate) fn gelu_tanh(gate: &mut [f32], up: &[f32]) {
    by_rows(gate, 64, |part, row| {
        let length = part.len();
        gelu_tanh_part(part, &up[row * 64..][..length]);
    });
}

/// `gate = silu(gate) * up`.
pub(crate) fn silu(gate: &mut [f32], up: &[f32]) {
    by_rows(gate, 64, |part, row| {
        let length = part.len();
        silu_part(part, &up[row * 64..][..length]);
    });
}

/// `x = gelu(x)`, with the exact form of GELU.
pub(crate) fn gelu_erf(x: &mut [f32]) {
    by_rows(x, 64, |part, _| gelu_erf_part(part));
}

/// The angles of rotary positions for heads of one width.
pub(crate) struct Rotation {
    cosines: Vec<f32>,
    sines: Vec<f32>,
    half: usize,
}

impl Rotation {
    /// Returns the angles of `positions` places; the cost is positions × head_width / 2 sines.
    pub(crate) fn new(positions: usize, head_width: usize, base: f32) -> Self {
        let half = head_width / 2;
        let (mut cosines, mut sines) = (Vec::new(), Vec::new());
        for position in 0..positions {
            for i in 0..half {
                let angle =
                    position as f64 / f64::from(base).powf(2.0 * i as f64 / head_width as f64);
                cosines.push(angle.cos() as f32);
                sines.push(angle.sin() as f32);
            }
        }
        Rotation {
            cosines,
            sines,
            half,
        }
    }

    /// Rotates one head's vector, whose halves hold the pairs, to `position`.
    pub(crate) fn apply(&self, head: &mut [f32], position: usize) {
        let range = position * self.half..(position + 1) * self.half;
        rotate_row(head, &self.cosines[range.clone()], &self.sines[range]);
    }
}

/// Divides a vector by its length; returns false when the length is 0 or not a number.
pub(crate) fn normalise(vector: &mut [f32]) -> bool {
    let length = dot(vector, vector).sqrt();
    if !length.is_finite() || length <= 0.0 {
        return false;
    }
    vector.iter_mut().for_each(|v| *v /= length);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_exponent_agrees_with_the_library() {
        for i in -8000..8000 {
            let x = i as f32 * 0.01;
            let (ours, theirs) = (exp(x), x.exp());
            assert!(
                (ours - theirs).abs() <= 4e-7 * theirs,
                "{x}: {ours} {theirs}"
            );
        }
    }

    #[test]
    fn softmax_sums_to_one_and_clears_what_is_masked() {
        let mut row: Vec<f32> = (0..40).map(|i| (i % 7) as f32).collect();
        softmax(&mut row, 33);
        assert!((row[..33].iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(row[33..].iter().all(|v| *v == 0.0));
    }

    #[test]
    fn gelu_is_its_definition() {
        let mut x: Vec<f32> = vec![-3.0, -1.0, -0.1, 0.0, 0.5, 1.0, 2.5];
        gelu_erf(&mut x);
        let expected = [
            -0.004_049_7,
            -0.158_655,
            -0.046_017,
            0.0,
            0.345_731,
            0.841_345,
            2.484_476,
        ];
        for (got, want) in x.iter().zip(expected) {
            assert!((got - want).abs() < 1e-5, "{got} {want}");
        }
    }
}

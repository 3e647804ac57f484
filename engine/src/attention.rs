//! Attention over keys and values kept in panels of 64 positions.

use crate::gemm::{Rows, add_product};
use crate::ops::softmax;
use crate::platform::{Shared, spread};
use std::ops::Range;

/// Positions in a panel.
pub(crate) const PANEL: usize = 64;
/// Query rows that one step works on: enough to reuse every key that was read.
const ROWS: usize = 48;

/// Keys `(D, 64)` (transposed) and values `(64, D)` of 64 positions of one key-value head; unused places hold finite numbers.
#[derive(Clone, Copy)]
pub(crate) struct Panel<'a> {
    pub keys: &'a [f32],
    pub values: &'a [f32],
}

/// Widths of an attention: query heads share key-value heads in groups.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Heads {
    pub query: usize,
    pub key_value: usize,
    pub width: usize,
}

impl Heads {
    pub(crate) fn group(self) -> usize {
        self.query / self.key_value
    }

    /// Returns how many positions of queries make one step.
    fn step(self) -> usize {
        (ROWS / self.group()).max(1)
    }
}

/// Buffers that one thread reuses from step to step.
#[derive(Default)]
struct Scratch {
    queries: Vec<f32>,
    scores: Vec<f32>,
    sums: Vec<f32>,
}

/// Computes attention for the query rows in `scratch.queries`, `(R, D)`, into `scratch.sums`.
///
/// `live(r)` is the range of positions, counted from the first panel, that row `r` sees.
fn attend(
    scratch: &mut Scratch,
    width: usize,
    panels: &[Panel<'_>],
    live: impl Fn(usize) -> Range<usize>,
) {
    let rows = scratch.queries.len() / width;
    let span = panels.len() * PANEL;
    scratch.scores.clear();
    scratch.scores.resize(rows * span, 0.0);
    scratch.sums.clear();
    scratch.sums.resize(rows * width, 0.0);
    let queries = Rows {
        data: &scratch.queries,
        stride: width,
    };
    for (p, panel) in panels.iter().enumerate() {
        let keys = Rows {
            data: panel.keys,
            stride: PANEL,
        };
        let scores = &mut scratch.scores[p * PANEL..];
        add_product(queries, keys, scores, span, [rows, width, PANEL]);
    }
    for (r, row) in scratch.scores.chunks_exact_mut(span).enumerate() {
        let live = live(r);
        row[..live.start].fill(0.0);
        softmax(&mut row[live.start..], live.len());
    }
    for (p, panel) in panels.iter().enumerate() {
        let scores = Rows {
            data: &scratch.scores[p * PANEL..],
            stride: span,
        };
        let values = Rows {
            data: panel.values,
            stride: width,
        };
        add_product(
            scores,
            values,
            &mut scratch.sums,
            width,
            [rows, PANEL, width],
        );
    }
}

/// Copies the group's queries of `positions` out of `q`, `(T, query · width)`; rows are position-major.
fn gather(scratch: &mut Scratch, q: &[f32], heads: Heads, head: usize, positions: Range<usize>) {
    scratch.queries.clear();
    let (row, part) = (heads.query * heads.width, heads.group() * heads.width);
    for position in positions {
        let start = position * row + head * part;
        scratch.queries.extend_from_slice(&q[start..start + part]);
    }
}

/// Copies the sums back to their places in the output, which has the layout of `q`.
fn scatter(scratch: &Scratch, out: &Shared<f32>, heads: Heads, head: usize, first: usize) {
    let (row, part) = (heads.query * heads.width, heads.group() * heads.width);
    for (i, sums) in scratch.sums.chunks_exact(part).enumerate() {
        let start = (first + i) * row + head * part;
        // SAFETY: every step owns its positions of its head, so no two threads write to one place.
        unsafe { out.part(start..start + part) }.copy_from_slice(sums);
    }
}

/// Keys and values of whole texts, laid out in panels.
#[derive(Default)]
pub(crate) struct Texts {
    keys: Vec<f32>,
    values: Vec<f32>,
    /// For each text: its rows and its first panel.
    places: Vec<(Range<usize>, usize)>,
}

impl Texts {
    /// Lays out `k` and `v`, `(T, key_value · width)`, of texts that follow one another.
    pub(crate) fn lay(&mut self, k: &[f32], v: &[f32], lengths: &[usize], heads: Heads) {
        let (row, width) = (heads.key_value * heads.width, heads.width);
        self.places.clear();
        let (mut at, mut panels) = (0, 0);
        for length in lengths {
            self.places.push((at..at + length, panels));
            at += length;
            panels += length.div_ceil(PANEL) * heads.key_value;
        }
        for buffer in [&mut self.keys, &mut self.values] {
            buffer.clear();
            buffer.resize(panels * PANEL * width, 0.0);
        }
        for (rows, panel) in &self.places {
            let in_head = rows.len().div_ceil(PANEL);
            for (i, position) in rows.clone().enumerate() {
                for head in 0..heads.key_value {
                    let start = (panel + head * in_head + i / PANEL) * PANEL * width;
                    let source = position * row + head * width;
                    put_key(
                        &mut self.keys[start..],
                        &k[source..source + width],
                        i % PANEL,
                    );
                    let place = start + i % PANEL * width;
                    self.values[place..place + width].copy_from_slice(&v[source..source + width]);
                }
            }
        }
    }

    /// Computes bidirectional attention of `q`, `(T, query · width)`, into `out`.
    ///
    /// With a window, a position sees those at most so far away on either side.
    pub(crate) fn attend(&self, q: &[f32], heads: Heads, window: Option<usize>, out: &mut [f32]) {
        let step = heads.step();
        let mut jobs = Vec::new();
        for (text, (rows, _)) in self.places.iter().enumerate() {
            for head in 0..heads.key_value {
                jobs.extend((0..rows.len()).step_by(step).map(|from| (text, head, from)));
            }
        }
        let shared = Shared::new(out);
        spread(jobs.len(), |range| {
            let mut scratch = Scratch::default();
            for &(text, head, from) in &jobs[range] {
                let rows = &self.places[text].0;
                let to = (from + step).min(rows.len());
                self.step(&mut scratch, q, heads, (text, head, from..to), window);
                scatter(&scratch, &shared, heads, head, rows.start + from);
            }
        });
    }

    fn step(
        &self,
        scratch: &mut Scratch,
        q: &[f32],
        heads: Heads,
        (text, head, positions): (usize, usize, Range<usize>),
        window: Option<usize>,
    ) {
        let (rows, first_panel) = &self.places[text];
        let length = rows.len();
        let reach = window.unwrap_or(length);
        let in_head = length.div_ceil(PANEL);
        let low = positions.start.saturating_sub(reach) / PANEL;
        let high = (positions.end + reach).min(length).div_ceil(PANEL);
        let size = PANEL * heads.width;
        let panels: Vec<Panel<'_>> = (low..high)
            .map(|p| {
                let start = (first_panel + head * in_head + p) * size;
                Panel {
                    keys: &self.keys[start..start + size],
                    values: &self.values[start..start + size],
                }
            })
            .collect();
        let in_text = rows.start + positions.start..rows.start + positions.end;
        gather(scratch, q, heads, head, in_text);
        attend(scratch, heads.width, &panels, |row| {
            let position = positions.start + row / heads.group();
            let from = position.saturating_sub(reach) - low * PANEL;
            let to = (position + reach + 1).min(length) - low * PANEL;
            // A step may start before the window of its later rows: the range says what each row sees.
            from.min(to)..to
        });
    }
}

/// Writes one position's key into the column `place` of a transposed panel.
pub(crate) fn put_key(panel: &mut [f32], key: &[f32], place: usize) {
    for (column, value) in panel.chunks_exact_mut(PANEL).zip(key) {
        column[place] = *value;
    }
}

/// Computes causal attention of new positions over all panels so far.
///
/// `q` is `(T, query · width)` for the positions `first..first + T`; `panels(head)` are the key-value head's panels.
pub(crate) fn attend_causal<'a>(
    q: &[f32],
    heads: Heads,
    first: usize,
    panels: impl Fn(usize) -> Vec<Panel<'a>> + Sync,
    out: &mut [f32],
) {
    let tokens = q.len() / (heads.query * heads.width);
    let step = heads.step();
    let steps = tokens.div_ceil(step);
    let shared = Shared::new(out);
    spread(steps * heads.key_value, |range| {
        let mut scratch = Scratch::default();
        for job in range {
            // The last steps see most and cost most: they go first.
            let (from, head) = (
                (steps - 1 - job / heads.key_value) * step,
                job % heads.key_value,
            );
            let to = (from + step).min(tokens);
            let mut seen = panels(head);
            seen.truncate((first + to).div_ceil(PANEL));
            gather(&mut scratch, q, heads, head, from..to);
            attend(&mut scratch, heads.width, &seen, |row| {
                0..first + from + row / heads.group() + 1
            });
            scatter(&scratch, &shared, heads, head, from);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: usize, seed: usize) -> Vec<f32> {
        (0..n)
            .map(|i| (((i + seed) * 7919 % 1013) as f32 / 506.0) - 1.0)
            .collect()
    }

    fn plain(
        q: &[f32],
        k: &[f32],
        v: &[f32],
        heads: Heads,
        sees: impl Fn(usize, usize) -> bool,
    ) -> Vec<f32> {
        let (w, n) = (heads.width, k.len() / (heads.key_value * heads.width));
        let mut out = vec![0.0; q.len()];
        for i in 0..n {
            for h in 0..heads.query {
                let query = &q[(i * heads.query + h) * w..][..w];
                let at = |j: usize| (j * heads.key_value + h / heads.group()) * w;
                let scores: Vec<f32> = (0..n)
                    .map(|j| {
                        if sees(i, j) {
                            query
                                .iter()
                                .zip(&k[at(j)..])
                                .map(|(a, b)| a * b)
                                .sum::<f32>()
                                .exp()
                        } else {
                            0.0
                        }
                    })
                    .collect();
                let total: f32 = scores.iter().sum();
                for (j, score) in scores.iter().enumerate() {
                    for d in 0..w {
                        out[(i * heads.query + h) * w + d] += score / total * v[at(j) + d];
                    }
                }
            }
        }
        out
    }

    fn near(a: &[f32], b: &[f32]) {
        for (a, b) in a.iter().zip(b) {
            assert!((a - b).abs() < 1e-4, "{a} {b}");
        }
    }

    #[test]
    fn texts_in_one_batch_see_only_themselves_within_the_window() {
        let heads = Heads {
            query: 4,
            key_value: 2,
            width: 16,
        };
        let lengths = [70, 1, 130];
        let total: usize = lengths.iter().sum();
        let (q, k, v) = (
            noise(total * 64, 1),
            noise(total * 32, 5),
            noise(total * 32, 9),
        );
        for window in [None, Some(20)] {
            let mut texts = Texts::default();
            texts.lay(&k, &v, &lengths, heads);
            let mut out = vec![0.0; q.len()];
            texts.attend(&q, heads, window, &mut out);
            let text = |i: usize| if i < 70 { 0 } else { 1 + usize::from(i > 70) };
            let expected = plain(&q, &k, &v, heads, |i, j| {
                text(i) == text(j) && i.abs_diff(j) <= window.unwrap_or(total)
            });
            near(&out, &expected);
        }
    }

    #[test]
    fn causal_attention_sees_the_past_and_itself() {
        let heads = Heads {
            query: 6,
            key_value: 1,
            width: 16,
        };
        let n = 150;
        let (q, k, v) = (noise(n * 96, 3), noise(n * 16, 4), noise(n * 16, 8));
        let mut texts = Texts::default();
        texts.lay(&k, &v, &[n], heads);
        let size = PANEL * 16;
        let panels: Vec<Panel<'_>> = (0..n.div_ceil(PANEL))
            .map(|p| Panel {
                keys: &texts.keys[p * size..][..size],
                values: &texts.values[p * size..][..size],
            })
            .collect();
        let expected = plain(&q, &k, &v, heads, |i, j| j <= i);
        for first in [0, 149, 77] {
            let mut out = vec![0.0; (n - first) * 96];
            attend_causal(&q[first * 96..], heads, first, |_| panels.clone(), &mut out);
            near(&out, &expected[first * 96..]);
        }
    }
}

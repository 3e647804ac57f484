//! The usual places and distances of a file: margins, indent, line spacing.

use std::collections::HashMap;

use super::super::line::Line;
use super::furniture::PageSize;

/// The measures of a file: pages of another format have their own.
#[derive(Debug)]
pub(in crate::knowledge::pdf) struct Measures {
    of_formats: HashMap<(i32, i32), Measure>,
    formats: Vec<(i32, i32)>,
    usual: Measure,
}

impl Measures {
    /// Measures the lines of a file, page format by page format. Costs a few passes.
    pub fn of(lines: &[Line], pages: &[PageSize]) -> Measures {
        let formats = pages.iter().map(PageSize::format).collect::<Vec<_>>();
        let mut lines_of: HashMap<(i32, i32), Vec<&Line>> = HashMap::new();
        for line in lines {
            let format = formats.get(line.page).copied().unwrap_or_default();
            lines_of.entry(format).or_default().push(line);
        }
        let of_formats = lines_of
            .into_iter()
            .map(|(format, lines)| (format, Measure::of(&lines, format.0 as f32)))
            .collect();
        Measures {
            of_formats,
            formats,
            usual: Measure::of(&lines.iter().collect::<Vec<_>>(), 0.0),
        }
    }

    /// The measure of a line's page.
    pub fn at(&self, line: &Line) -> &Measure {
        let format = self.formats.get(line.page);
        format
            .and_then(|f| self.of_formats.get(f))
            .unwrap_or(&self.usual)
    }
}

/// What most lines of a file keep to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::knowledge::pdf) struct Measure {
    /// Where a line begins that goes on a paragraph.
    pub left: f32,
    /// Where full lines end.
    pub right: f32,
    /// The font size of the text.
    pub size: f32,
    /// From one line to the next of a paragraph.
    pub step: f32,
    /// Where the first line of a paragraph begins, if not at the left.
    pub indent: Option<f32>,
}

impl Measure {
    /// Measures lines of pages that are so wide.
    fn of(lines: &[&Line], page_width: f32) -> Measure {
        let size = most(lines.iter().map(|l| (l.size, l.text.len()))).unwrap_or(12.0);
        let sized = lines.iter().filter(|l| (l.size - size).abs() < 0.6);
        let sized = sized.copied().collect::<Vec<_>>();
        let wide = sized
            .iter()
            .filter(|l| l.right - l.left > page_width * 0.5)
            .copied()
            .collect::<Vec<_>>();
        let steps = lines
            .windows(2)
            .filter(|w| w[0].page == w[1].page && (w[0].left - w[1].left).abs() < 1.0)
            .map(|w| (w[0].y - w[1].y, 1))
            .filter(|(step, _)| *step > size * 0.8 && *step < size * 3.0);
        // Pages of nothing but tables have no column of text, and no indent.
        let is_column = wide.len() * 8 > sized.len();
        let body = if is_column { wide } else { sized };
        let left = match is_column {
            true => left_margin(&body),
            false => most(body.iter().map(|l| (l.left, 1))).unwrap_or(0.0),
        };
        Measure {
            left,
            right: right_margin(&body, left),
            size,
            step: most(steps).unwrap_or(size * 1.2),
            indent: indent(&body, left, size).filter(|_| is_column),
        }
    }

    /// Whether a line begins at the left margin.
    pub fn is_left(&self, line: &Line) -> bool {
        near(line.left, self.left)
    }

    /// Whether a line begins where paragraphs do.
    pub fn is_indented(&self, line: &Line) -> bool {
        self.indent.is_some_and(|indent| near(line.left, indent))
    }

    /// Whether a line stands in the middle between the margins and reaches to neither.
    pub fn is_centred(&self, line: &Line) -> bool {
        let free = self.size * 0.7;
        let shift = (line.left + line.right) - (self.left + self.right);
        line.left > self.left + free
            && line.right < self.right - free
            && shift.abs() < self.size * 1.2
            && !(self.is_indented(line) && shift.abs() > 4.0)
    }

    /// Whether the next line's first word had room at the end of this one.
    pub fn had_room(&self, line: &Line, next: &Line) -> bool {
        let word = next.first_word_right - next.left + next.size * 0.25;
        line.right + word < self.right - 1.0
    }
}

/// Whether two places across are the same.
pub(super) fn near(a: f32, b: f32) -> bool {
    (a - b).abs() < 1.6
}

/// The value that has the greatest weight, values within half a point counted together.
fn most(values: impl Iterator<Item = (f32, usize)>) -> Option<f32> {
    let mut weights: HashMap<i64, usize> = HashMap::new();
    for (value, weight) in values {
        *weights.entry((value * 2.0).round() as i64).or_default() += weight;
    }
    let with_neighbours = |key: i64| {
        let at = |k: i64| weights.get(&k).copied().unwrap_or(0);
        at(key - 1) + at(key) * 2 + at(key + 1)
    };
    weights
        .keys()
        .copied()
        .max_by_key(|key| (with_neighbours(*key), -*key))
        .map(|key| key as f32 / 2.0)
}

/// Where enough lines begin a little to the right of the margin.
fn indent(body: &[&Line], left: f32, size: f32) -> Option<f32> {
    let indented = body
        .iter()
        .filter(|l| l.left > left + size * 0.6 && l.left < left + size * 7.0);
    most(indented.clone().map(|l| (l.left, 1))).filter(|indent| {
        let count = indented.filter(|l| (l.left - indent).abs() < 1.5).count();
        count * 14 > body.len()
    })
}

/// The leftmost place where more than a few lines begin: short paragraphs may make the indent the most frequent place.
fn left_margin(body: &[&Line]) -> f32 {
    let mut begins = body.iter().map(|l| l.left).collect::<Vec<_>>();
    begins.sort_by(f32::total_cmp);
    let needed = body.len().div_ceil(10).max(1);
    let found = begins
        .iter()
        .enumerate()
        .find(|(i, left)| begins.get(i + needed - 1).is_some_and(|l| near(**left, *l)));
    let first = found.map_or(0.0, |(_, left)| *left);
    // Among the places that are the same to the eye the most frequent one counts.
    let same = begins.iter().filter(|l| near(**l, first));
    most(same.map(|l| (*l, 1))).unwrap_or(first)
}

/// Nearly all lines of the main column end left of it.
fn right_margin(body: &[&Line], left: f32) -> f32 {
    let mut ends = body
        .iter()
        .filter(|l| near(l.left, left))
        .map(|l| l.right)
        .collect::<Vec<_>>();
    ends.sort_by(f32::total_cmp);
    let place = ends.len().saturating_sub(1) * 97 / 100;
    ends.get(place).copied().unwrap_or(left)
}

//! How wide the page was: the margin at which the lines of a wrapped text were broken.

use super::lines::Line;
use super::{cue, editors};

/// The margin of a wrapped text, in thousandths of the letter size.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wall {
    /// Whether letters have the widths of a book face; else all are equal.
    times: bool,
    /// The widest line.
    pub full: u32,
    /// The widest first line of a paragraph, which is indented.
    pub first: u32,
    /// The widest line of a heading.
    pub heading: u32,
}

impl Wall {
    /// Returns the margin at which most broken lines of the text were broken, or nothing if the lines were not broken by a margin.
    ///
    /// A line that goes on below was broken because the next word did not fit: the margin lies between its own width and its
    /// width with that word. The margin that most lines agree on wins. Sorting decides the cost.
    pub fn find(lines: &[Line]) -> Option<Wall> {
        let pairs = lines
            .windows(2)
            .filter(|w| goes_on(&w[0].text, &w[1].text))
            .collect::<Vec<_>>();
        let best = [false, true]
            .map(|times| {
                let wall = Wall {
                    times,
                    full: 0,
                    first: 0,
                    heading: 0,
                };
                let spans = pairs.iter().map(|w| wall.span(&w[0].text, &w[1].text));
                (wall, stab(spans.collect()))
            })
            .into_iter()
            .max_by_key(|(_, (_, agreed))| *agreed)?;
        let (mut wall, (full, agreed)) = best;
        if agreed * 10 < pairs.len() * 6 {
            return None;
        }
        wall.full = full;
        wall.first = wall.first_line(lines).unwrap_or(full);
        wall.heading = wall.heading_line(lines).unwrap_or(full);
        Some(wall)
    }

    /// The margin of first lines: those below a line that had room left.
    fn first_line(&self, lines: &[Line]) -> Option<u32> {
        let own = |text: &str| {
            let marked = editors::mark(text).is_some() || editors::is_pointer(text);
            !marked && cue::division(text).is_none() && cue::article(text).is_none()
        };
        let spans = lines
            .windows(3)
            .map(|w| (w[0].text.as_str(), w[1].text.as_str(), w[2].text.as_str()))
            .filter(|(above, line, _)| own(above) && own(line) && cue::ends(above))
            .filter(|(above, line, _)| self.room(above, line) <= self.full / 10 * 9)
            .filter(|(_, line, below)| goes_on(line, below))
            .map(|(_, line, below)| self.span(line, below))
            .collect::<Vec<_>>();
        let all = spans.len();
        let (first, agreed) = stab(spans);
        (all >= 20 && agreed * 10 >= all * 7 && first < self.full).then_some(first)
    }

    fn span(&self, line: &str, next: &str) -> (u32, u32) {
        (self.width(line), self.room(line, next))
    }

    /// The margin of headings, which may be set in a heavier face: their lines look shorter than they were.
    fn heading_line(&self, lines: &[Line]) -> Option<u32> {
        let spans = lines
            .windows(2)
            .filter(|w| cue::article(&w[0].text).is_some() && goes_on(&w[0].text, &w[1].text))
            .map(|w| self.span(&w[0].text, &w[1].text))
            .collect::<Vec<_>>();
        let all = spans.len();
        let (margin, agreed) = stab(spans);
        (all >= 5 && agreed * 10 >= all * 7).then_some(margin.min(self.full))
    }

    /// Returns the width of a line.
    pub fn width(&self, text: &str) -> u32 {
        let letter = |c| if self.times { letter(c) } else { 500 };
        text.chars().map(letter).fold(0, u32::saturating_add)
    }

    /// Returns the width that a line would have with the first word of the next.
    pub fn room(&self, line: &str, next: &str) -> u32 {
        // A sign of a number is not parted from its number.
        let words = if next.starts_with(['№', 'N']) { 2 } else { 1 };
        let end = next
            .match_indices(' ')
            .nth(words - 1)
            .map_or(next.len(), |(at, _)| at);
        let word = &next[..end];
        let space = if self.times { 250 } else { 500 };
        self.width(line)
            .saturating_add(space)
            .saturating_add(self.width(word))
    }
}

/// Whether the second line surely goes on with the sentence of the first.
pub(super) fn goes_on(line: &str, next: &str) -> bool {
    let open = !line.ends_with(['.', ';', ':', ')', '!', '?']);
    open && next.starts_with(char::is_lowercase) && !cue::subpoint(next)
}

/// Returns the point that lies in most of the half-open spans, and in how many.
fn stab(spans: Vec<(u32, u32)>) -> (u32, usize) {
    let mut ends = Vec::with_capacity(spans.len() * 2);
    for (from, to) in spans {
        ends.push((from, true));
        ends.push((to, false));
    }
    // At one point a span that ends does not hold any more: ends (false) come first.
    ends.sort_unstable();
    let (mut open, mut best) = (0_usize, (0, 0));
    for (at, opens) in ends {
        if opens {
            open += 1;
            if open > best.1 {
                best = (at, open);
            }
        } else {
            open = open.saturating_sub(1);
        }
    }
    best
}

/// Widths of the letters in the usual book face, thousandths of its size.
fn letter(c: char) -> u32 {
    const SMALL: [u32; 32] = [
        443, 508, 472, 410, 508, 443, 690, 395, 535, 535, 485, 499, 632, 535, 500, 535, 500, 443,
        437, 500, 647, 500, 535, 502, 770, 770, 517, 671, 456, 429, 747, 459,
    ];
    match c {
        'а'..='я' => SMALL[(u32::from(c) - u32::from('а')) as usize],
        'ё' => 443,
        ' ' | '.' | ',' => 250,
        ';' | ':' | '/' | '!' | 'i' | 'l' | 't' => 278,
        '-' | '(' | ')' | 'I' => 333,
        '"' => 408,
        '—' | '№' => 960,
        c if c.is_uppercase() => 700,
        _ => 500,
    }
}

#[cfg(test)]
mod tests;

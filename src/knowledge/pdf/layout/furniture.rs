//! Page headers, footers and numbers: what stands at the same place on many pages.

use std::collections::{HashMap, HashSet};

use super::super::line::Line;

/// A page's size; its lines are measured from its left bottom corner.
#[derive(Debug, Clone, Copy)]
pub(in crate::knowledge::pdf) struct PageSize {
    pub width: f32,
    pub height: f32,
}

impl PageSize {
    /// Width and height in whole points, to tell formats apart.
    pub fn format(&self) -> (i32, i32) {
        (self.width as i32, self.height as i32)
    }
}

/// The parts of a page, of its height, in which furniture may stand.
const ZONE: f32 = 0.13;
/// How far furniture may stray from its place on the other pages.
const STRAY: f32 = 4.0;

/// Parts the lines from the furniture. Costs two passes.
pub(in crate::knowledge::pdf) fn without_furniture(
    lines: Vec<Line>,
    pages: &[PageSize],
) -> (Vec<Line>, Vec<Line>) {
    let mut alike: HashMap<i32, usize> = HashMap::new();
    for page in pages {
        *alike.entry(page.height as i32).or_default() += 1;
    }
    let mut places: HashMap<Key, Vec<(usize, f32)>> = HashMap::new();
    for line in &lines {
        if let Some((key, height)) = zone(line, pages) {
            places.entry(key).or_default().push((line.page, height));
        }
    }
    let repeated = places
        .into_iter()
        .filter_map(|(key, mut found)| {
            let needed = (alike.get(&key.0).copied().unwrap_or(0) / 5).max(3);
            found.sort_by(|a, b| a.1.total_cmp(&b.1));
            let middle = found[found.len() / 2].1;
            let on_pages = found
                .iter()
                .filter(|(_, height)| (height - middle).abs() <= STRAY)
                .map(|(page, _)| page)
                .collect::<HashSet<_>>();
            (on_pages.len() >= needed).then_some((key, middle))
        })
        .collect::<HashMap<_, _>>();
    lines.into_iter().partition(|line| {
        let place = zone(line, pages);
        let is_repeated = place.as_ref().is_some_and(|(key, height)| {
            let middle = repeated.get(key);
            middle.is_some_and(|m| (height - m).abs() <= STRAY)
        });
        let number = page_number(&line.text, line.page + 1, pages.len());
        let is_number = match number {
            Number::Plain => place.is_some(),
            Number::OfAll => true,
            Number::None => false,
        };
        !(is_repeated || is_number)
    })
}

/// The height of the page, whether a line stands at its top, and the pattern of its text.
type Key = (i32, bool, String);

/// Where a line stands at the edge of its page, and how far from the edge; nothing in the middle of the page.
fn zone(line: &Line, pages: &[PageSize]) -> Option<(Key, f32)> {
    let height = pages.get(line.page)?.height;
    let from_top = height - line.y;
    let key = |top: bool| (height as i32, top, pattern(&line.text));
    if from_top < height * ZONE {
        Some((key(true), from_top))
    } else if line.y < height * ZONE {
        Some((key(false), line.y))
    } else {
        None
    }
}

/// The text with each number as one sign.
fn pattern(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_ascii_digit() {
            true if out.ends_with('#') => {}
            true => out.push('#'),
            false => out.push(c),
        }
    }
    out
}

/// How a line gives the number of its page.
#[derive(Debug, PartialEq, Eq)]
enum Number {
    /// «Страница 7 из 102»: nothing else is written so.
    OfAll,
    /// «7», «- 7 -».
    Plain,
    None,
}

fn page_number(text: &str, page: usize, pages: usize) -> Number {
    if text.len() > 60 {
        return Number::None;
    }
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|n| !n.is_empty())
        .map(|n| n.parse::<usize>().unwrap_or(usize::MAX));
    let (own, all) = (numbers.next(), numbers.next());
    let words = text
        .split(|c: char| !c.is_alphabetic())
        .filter(|w| !w.is_empty());
    let only_words = words
        .map(str::to_lowercase)
        .all(|w| matches!(w.as_str(), "страница" | "стр" | "лист" | "из"));
    if own != Some(page) || !only_words || numbers.next().is_some() {
        return Number::None;
    }
    match all {
        Some(all) if all == pages => Number::OfAll,
        Some(_) => Number::None,
        None => Number::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(page: usize, y: f32, text: &str) -> Line {
        Line {
            page,
            left: 50.0,
            right: 100.0,
            first_word_right: 80.0,
            y,
            size: 10.0,
            bold: false,
            starts_bold: false,
            begins: false,
            text: text.to_owned(),
        }
    }

    #[test]
    fn what_stands_on_every_page_is_taken_out() {
        let pages = vec![
            PageSize {
                width: 600.0,
                height: 800.0
            };
            6
        ];
        let mut lines = Vec::new();
        for page in 0..6 {
            lines.push(line(page, 780.0, "Название файла"));
            lines.push(line(page, 400.0, "Название файла"));
            lines.push(line(page, 650.0, "верхняя строка текста"));
            lines.push(line(page, 20.0, &format!("{} сторона", page + 7)));
        }
        lines.push(line(2, 30.0, "3"));
        lines.push(line(2, 60.0, "45"));
        let (kept, removed) = without_furniture(lines, &pages);
        let kept = kept.iter().map(|l| l.text.as_str()).collect::<Vec<_>>();
        assert_eq!(removed.len(), 13);
        assert_eq!(kept.iter().filter(|t| t.starts_with("верх")).count(), 6);
        assert!(kept.contains(&"45") && !kept.contains(&"3"));
    }
}

//! Page furniture: running heads, page numbers, the stamps of legal databases.

use std::collections::HashMap;

use super::lines::Line;
use crate::knowledge::laid::{Removed, RemovedWhy};

const STAMP: &str = "Система ГАРАНТ";

/// Takes the furniture out of the lines and puts it to `removed`. A few passes over the lines.
pub(super) fn take_out(lines: Vec<Line>, removed: &mut Vec<Removed>) -> Vec<Line> {
    let lines = part_dates(lines);
    let mut drop = vec![false; lines.len()];
    stamped(&lines, &mut drop);
    for (line, drop) in lines.iter().zip(drop.iter_mut()) {
        *drop |= is_database(&line.text);
    }
    numbers(&lines, &mut drop);
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut page = false;
    for (line, drop) in lines.into_iter().zip(drop) {
        if drop {
            page = true;
            removed.push(Removed {
                why: RemovedWhy::PageFurniture,
                text: line.text,
            });
            continue;
        }
        // The empty lines around furniture are its own.
        let gap = if page { 0 } else { line.gap };
        out.push(Line { gap, page, ..line });
        page = false;
    }
    out
}

/// A page's date may have run into the line above the stamp.
fn part_dates(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let above = out.last_mut().filter(|_| line.text == STAMP);
        let date = above.and_then(|above| {
            let (rest, date) = above.text.rsplit_once(' ').filter(|(_, d)| is_date(d))?;
            let (rest, date) = (rest.to_owned(), date.to_owned());
            above.text = rest;
            Some(date)
        });
        out.extend(date.map(|text| Line {
            text,
            indent: 0,
            gap: 0,
            page: false,
        }));
        out.push(line);
    }
    out
}

/// How far above its stamp a page's date may have slipped.
const SLIPPED: usize = 3;

/// Around every stamp: the date, the page's number, the running head.
fn stamped(lines: &[Line], drop: &mut [bool]) {
    let stamps = (0..lines.len()).filter(|i| lines[*i].text == STAMP);
    let mut heads: HashMap<&str, usize> = HashMap::new();
    let mut behind = Vec::new();
    for at in stamps {
        drop[at] = true;
        let above = (at.saturating_sub(SLIPPED)..at).rev();
        if let Some(date) = above.into_iter().find(|i| is_date(&lines[*i].text)) {
            drop[date] = true;
        }
        let number = lines.get(at + 1).is_some_and(|l| is_page(&l.text));
        if number {
            drop[at + 1] = true;
        }
        let next = at + 1 + usize::from(number);
        if let Some(line) = lines.get(next) {
            *heads.entry(line.text.as_str()).or_default() += 1;
            behind.push(next);
        }
    }
    let running = heads
        .into_iter()
        .max_by_key(|(_, n)| *n)
        .filter(|(_, n)| *n > 1);
    let Some((running, _)) = running else { return };
    for at in behind.into_iter().chain([0]) {
        drop[at] |= lines[at].text == running;
    }
}

/// Lines of one number that count up by one from the first pages on.
fn numbers(lines: &[Line], drop: &mut [bool]) {
    let alone = (0..lines.len())
        .filter(|i| !drop[*i])
        .filter_map(|i| lines[i].text.parse::<u32>().ok().map(|n| (i, n)))
        .collect::<Vec<_>>();
    let mut run: Vec<(usize, u32)> = Vec::new();
    for (at, number) in &alone {
        let wanted = run.last().map(|(_, n)| n + 1);
        if wanted.map_or(*number <= 3, |w| w == *number) {
            run.push((*at, *number));
        }
    }
    if run.len() >= 3 && run.len() * 10 >= alone.len() * 7 {
        for (at, _) in run {
            drop[at] = true;
        }
    }
}

/// Whether a line is a stamp that ConsultantPlus or a web page left.
pub(super) fn is_database(text: &str) -> bool {
    let whole = [
        "КонсультантПлюс",
        "надежная правовая поддержка",
        "надёжная правовая поддержка",
        "показать все",
        "www.consultant.ru",
    ];
    let begins = [
        "Документ предоставлен КонсультантПлюс",
        "Дата сохранения:",
        "Источник публикации",
    ];
    let page = text
        .strip_prefix("Страница ")
        .and_then(|t| t.split_once(" из "))
        .is_some_and(|(n, of)| is_page(n) && is_page(of));
    whole.contains(&text) || begins.iter().any(|b| text.starts_with(b)) || page
}

fn is_page(text: &str) -> bool {
    let number = text.split('/').next().unwrap_or(text);
    !number.is_empty() && text.len() <= 9 && text.chars().all(|c| c.is_ascii_digit() || c == '/')
}

/// «11.03.2025».
fn is_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            2 | 5 => b == b'.',
            _ => b.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    fn kept(text: &str) -> (Vec<String>, usize) {
        let mut removed = Vec::new();
        let lines = take_out(split(text), &mut removed);
        (lines.into_iter().map(|l| l.text).collect(), removed.len())
    }

    #[test]
    fn stamps_take_their_neighbours_along() {
        let text = "Закон о садах\nСтатья 1. Сад\nрастёт и 01.02.2020\nСистема ГАРАНТ\n1\nЗакон о садах\nцветёт.\n01.02.2020\nСистема ГАРАНТ\n2\nЗакон о садах\nСтатья 2. Поле";
        let (lines, removed) = kept(text);
        assert_eq!(
            lines,
            ["Статья 1. Сад", "растёт и", "цветёт.", "Статья 2. Поле"]
        );
        assert_eq!(removed, 9);
    }

    #[test]
    fn page_numbers_count_up() {
        let (lines, removed) = kept("а\n2\nб\n3\nв\n4\nг");
        assert_eq!((lines.len(), removed), (4, 3));
        assert_eq!(kept("а\n7\nб\n19\nв").1, 0);
    }
}

//! Lines that a converter ran together.

use super::lines::Line;
use super::wall::Wall;
use super::{cue, editors};
use crate::law::citation::is_number;

/// Lines longer than this were not made of wrapped ones.
const MOST_BYTES: usize = 4000;

/// Returns the lines with those that hold several parted. Converters run lines together where one ends with a sign; a publisher's
/// mark or a heading inside a line begins one too. One pass, and one more over every line that is too wide.
pub(super) fn part(lines: Vec<Line>, wall: &Wall) -> Vec<Line> {
    let stamped = lines.iter().any(|l| l.text == editors::GARANT);
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    for line in if stamped { headings(lines) } else { lines } {
        let mut gap = line.gap;
        for piece in at_marks(&line.text, stamped) {
            let begins = out.last().is_none_or(|l| cue::ends(&l.text));
            for text in too_wide(&piece, wall, begins) {
                out.push(Line {
                    text,
                    gap,
                    ..line.clone()
                });
                gap = 0;
            }
        }
    }
    out
}

/// «Статья», then a mark, then «13. Название»: a heading that a note has run into. The rest of the title stands below its first
/// line, up to the note.
fn headings(lines: Vec<Line>) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::with_capacity(lines.len());
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        let last = out.len().saturating_sub(1);
        let cut = out.len() >= 2
            && out[last - 1].text == "Статья"
            && editors::mark(&out[last].text).is_some();
        let titled = line.text.split_once(". ").is_some_and(|(number, title)| {
            is_number(number) && title.starts_with(char::is_uppercase)
        });
        if !(cut && titled) {
            out.push(line);
            continue;
        }
        out[last - 1].text = format!("Статья {}", line.text);
        let small = |l: &Line| l.text.starts_with(char::is_lowercase);
        while let Some(rest) = lines.next_if(small) {
            out.insert(out.len() - 1, rest);
        }
    }
    out
}

/// Parts a line before a point behind a sign, and in a stamped text before a publisher's mark and before a heading.
fn at_marks(text: &str, stamped: bool) -> Vec<String> {
    if text.len() > MOST_BYTES {
        return vec![text.to_owned()];
    }
    let mut cuts = vec![0];
    for (at, _) in text.match_indices(' ') {
        let rest = &text[at + 1..];
        let marked = rest.starts_with(editors::NEWS) || rest.starts_with(editors::GARANT);
        let points = rest.starts_with("См. ") && pointed(rest);
        let own = stamped && (marked || points || begins_heading(rest));
        if own || text[..at].ends_with([';', ':']) && cue::point(rest) {
            cuts.push(at + 1);
        }
    }
    cuts.push(text.len());
    let pieces = cuts.windows(2).map(|w| text[w[0]..w[1]].trim().to_owned());
    pieces.filter(|p| !p.is_empty()).collect()
}

/// «См. схему …», «См. текст …»: the publisher's pointers, never the act's.
fn pointed(rest: &str) -> bool {
    [
        "схему",
        "текст",
        "предыдущую",
        "будущую",
        "комментар",
        "Энциклопедии",
    ]
    .iter()
    .any(|w| rest["См. ".len()..].starts_with(w))
}

/// «Статья 173.1. Название», «Глава 2. Название» in the middle of a line.
fn begins_heading(rest: &str) -> bool {
    let titled = |title: &str| title.starts_with(char::is_uppercase);
    if let Some((number, title)) = cue::article(rest) {
        let behind = &rest["Статья ".len() + number.len()..];
        return behind.starts_with(". ") && titled(&title);
    }
    let Some(at) = rest.find(". ").filter(|at| *at < 24) else {
        return false;
    };
    cue::division(rest).is_some() && titled(&rest[at + 2..])
}

/// Parts a line that is wider than the page; `begins` tells whether it may begin a paragraph.
fn too_wide(text: &str, wall: &Wall, begins: bool) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = text;
    let mut begins = begins;
    while rest.len() <= MOST_BYTES && wall.width(rest) > wall.full / 100 * 101 {
        let Some(cut) = cut(rest, wall, begins) else {
            break;
        };
        begins = cue::ends(&rest[..cut]);
        out.push(rest[..cut].to_owned());
        rest = &rest[cut + 1..];
    }
    out.push(rest.to_owned());
    out
}

/// Where the first of the lines ended: at the last word that fits, if a sign stands there; else at the last sign before it.
fn cut(text: &str, wall: &Wall, begins: bool) -> Option<usize> {
    let spaces = text
        .match_indices(' ')
        .map(|(at, _)| at)
        .take_while(|at| wall.width(&text[..*at]) <= wall.full)
        .collect::<Vec<_>>();
    let signed = |at: usize| text[..at].ends_with([',', ';', ':', '.', ')', '»', '"']);
    let full = spaces.last().copied()?;
    let first = spaces
        .iter()
        .rfind(|at| wall.width(&text[..**at]) <= wall.first)
        .copied();
    let mut margins = [Some(full), first];
    if begins {
        margins.reverse();
    }
    if let Some(at) = margins.into_iter().flatten().find(|at| signed(*at)) {
        return Some(at);
    }
    let ended = |at: &&usize| cue::ends(&text[..**at]);
    let big = |at: usize| text[at + 1..].starts_with(char::is_uppercase);
    let closed = |at: &&usize| text[..**at].ends_with([')', '"', '»']) && big(**at);
    let back = || spaces.iter().rev();
    back()
        .find(ended)
        .or_else(|| back().find(closed))
        .copied()
        .or(Some(full))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_headings_begin_lines() {
        assert_eq!(
            at_marks("пункт убран; Информация об изменениях:", true),
            ["пункт убран;", "Информация об изменениях:"]
        );
        assert_eq!(
            at_marks("См. заметки к разделу I Глава 1. Сады", true),
            ["См. заметки к разделу I", "Глава 1. Сады"]
        );
        assert_eq!(at_marks("по статье 5. Потом", true), ["по статье 5. Потом"]);
        assert_eq!(
            at_marks("N 5-ФЗ) Статья 17.1. Сады", true),
            ["N 5-ФЗ)", "Статья 17.1. Сады"]
        );
        assert_eq!(
            at_marks("3) груши; 4) сливы;", false),
            ["3) груши;", "4) сливы;"]
        );
    }
}

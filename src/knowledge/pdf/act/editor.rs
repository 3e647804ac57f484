//! Notes by the publisher of the file, told by their first words and by their place on the page.

use std::collections::HashMap;

use super::super::layout::{Measures, is_note_start};
use super::super::line::Line;

/// How far the later lines of a note hang to the right of its first.
const HANG: std::ops::Range<f32> = 1.7..25.0;

/// Parts the lines from the publisher's notes. Costs two passes.
///
/// A note begins with a word such as «ГАРАНТ:»; its later lines hang at a place of their own, over the end of a page too.
pub(in crate::knowledge::pdf) fn without_notes(
    lines: Vec<Line>,
    measures: &Measures,
) -> (Vec<Line>, Vec<Line>) {
    let hanging = hanging_place(&lines, measures);
    let mut in_note = false;
    let mut before: Option<(usize, f32)> = None;
    let mut kept = Vec::with_capacity(lines.len());
    let mut removed = Vec::new();
    for mut line in lines {
        let measure = measures.at(&line);
        let starts = is_note_start(&line.text);
        let close =
            before.is_none_or(|(page, y)| page != line.page || y - line.y < measure.step * 1.45);
        // The first words of a note may stand a little higher than the rest of their line.
        let beside = before
            .is_some_and(|(page, y)| page == line.page && (y - line.y).abs() < measure.step * 0.6);
        before = Some((line.page, line.y));
        let at_place = hanging.is_some_and(|at| (line.left - at).abs() < 0.6);
        let hangs = !line.starts_bold && (beside || close && at_place);
        line.begins = in_note && !starts && !hangs;
        in_note = starts || in_note && hangs;
        match in_note {
            true => removed.push(line),
            false => kept.push(line),
        }
    }
    (kept, removed)
}

/// Where the second lines of notes begin, if notes are set off so.
fn hanging_place(lines: &[Line], measures: &Measures) -> Option<f32> {
    let mut places: HashMap<i64, usize> = HashMap::new();
    for pair in lines.windows(2) {
        let [first, second] = pair else { continue };
        let measure = measures.at(second);
        let hangs = HANG.contains(&(second.left - first.left));
        let usual = measure.is_left(second) || measure.is_indented(second);
        if is_note_start(&first.text) && hangs && !usual && first.page == second.page {
            *places
                .entry((second.left * 2.0).round() as i64)
                .or_default() += 1;
        }
    }
    places
        .into_iter()
        .max_by_key(|(place, count)| (*count, *place))
        .map(|(place, _)| place as f32 / 2.0)
}

/// Whether a paragraph is a publisher's remark.
pub(super) fn is_remark(text: &str) -> bool {
    is_note_start(text)
        || text.starts_with("КонсультантПлюс: примечание")
        || text.starts_with("См. ")
        || text.starts_with("Документ предоставлен КонсультантПлюс")
        || text == "Список изменяющих документов"
        || text == "www.consultant.ru"
        || text.starts_with("Дата сохранения:")
        || text.starts_with("Документ сохранен с портала")
}

#[cfg(test)]
mod tests {
    use super::super::super::layout::PageSize;
    use super::*;

    fn line(left: f32, y: f32, text: &str) -> Line {
        Line {
            page: 0,
            left,
            right: 500.0,
            first_word_right: left + 20.0,
            y,
            size: 10.0,
            bold: false,
            starts_bold: false,
            begins: false,
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_note_goes_on_while_its_lines_hang() {
        let mut lines = vec![
            line(86.0, 700.0, "Своя часть"),
            line(50.0, 688.0, "ГАРАНТ: чужие слова"),
            line(58.5, 676.0, "ещё чужие"),
            line(58.5, 664.0, "и ещё"),
            line(86.0, 652.0, "Снова своя"),
        ];
        lines.extend((0..40).map(|i| {
            let left = if i % 4 == 0 { 86.0 } else { 50.0 };
            line(left, 640.0 - 12.0 * i as f32, "Строки своего текста")
        }));
        let pages = [PageSize {
            width: 600.0,
            height: 800.0,
        }];
        let measures = Measures::of(&lines, &pages);
        let (kept, removed) = without_notes(lines, &measures);
        assert_eq!((kept.len(), removed.len()), (42, 3));
        assert!(kept[1].begins);
    }
}

//! Tables: frames of remarks, signatures, and real rows.

use super::super::line::{Line, collapse};
use super::editor::{Aside, aside};
use crate::knowledge::laid::{Removed, RemovedWhy};

/// Cells of the frame that ConsultantPlus draws around a remark: two of them are its border.
const FRAME_COLUMNS: usize = 4;

/// Returns the lines with their tables taken apart; remarks in frames go to `removed`.
///
/// A row with words in one cell stays as it is, paragraph by paragraph. The cells of other rows are joined: in a table of one row
/// (signature, date and number) with a space, elsewhere with « | ». One pass.
pub(super) fn unfold(lines: Vec<Line>, removed: &mut Vec<Removed>) -> Vec<Line> {
    let mut out = Vec::with_capacity(lines.len());
    let mut table: Vec<Line> = Vec::new();
    for line in lines {
        let number = line.cell.map(|c| c.table);
        if table.first().and_then(|l| l.cell).map(|c| c.table) != number {
            flush(std::mem::take(&mut table), &mut out, removed);
        }
        match number {
            Some(_) => table.push(line),
            None => out.push(line),
        }
    }
    flush(table, &mut out, removed);
    out
}

fn flush(table: Vec<Line>, out: &mut Vec<Line>, removed: &mut Vec<Removed>) {
    if table.is_empty() {
        return;
    }
    let place = |line: &Line| line.cell.map_or((0, 0), |c| (c.row, c.column));
    let rows = table.iter().map(|l| place(l).0).max().unwrap_or(0);
    let columns = table.iter().map(|l| place(l).1).max().unwrap_or(0);
    out.push(Line::default());
    let words = table
        .iter()
        .filter(|l| !l.text.is_empty())
        .map(|l| l.text.as_str());
    if is_frame(&table, rows, columns) {
        let words = words.collect::<Vec<_>>();
        let is_list = words.first() == Some(&"Список изменяющих документов");
        let from = usize::from(is_list);
        removed.push(Removed {
            why: RemovedWhy::EditorsNote,
            text: words[..if is_list { from } else { words.len() }].join(" "),
        });
        if is_list {
            out.push(Line {
                text: collapse(&words[from..].join(" ")),
                ..Line::default()
            });
        }
        out.push(Line::default());
        let footnotes = table.iter().flat_map(|l| &l.footnotes);
        removed.extend(footnotes.map(|f| Removed::new(RemovedWhy::EditorsNote, f)));
        return;
    }
    let gap = if rows == 1 { " " } else { " | " };
    let mut rest = table.into_iter().peekable();
    while let Some(first) = rest.next() {
        let row = place(&first).0;
        let mut cells = vec![first];
        while let Some(next) = rest.next_if(|l| place(l).0 == row) {
            cells.push(next);
        }
        add_row(cells, gap, out);
    }
    out.push(Line::default());
}

/// A frame: words in one cell only, which begins as a remark does or has the frame's border cells around it.
fn is_frame(table: &[Line], rows: usize, columns: usize) -> bool {
    let mut full = table.iter().filter(|l| !l.text.is_empty());
    let Some(first) = full.next() else {
        return false;
    };
    let column = first.cell.map(|c| c.column);
    let one_cell = rows == 1 && full.all(|l| l.cell.map(|c| c.column) == column);
    let is_remark = matches!(
        aside(first, None),
        Some(Aside::Remark | Aside::RemarkBegins)
    );
    one_cell && (is_remark || columns == FRAME_COLUMNS && first.style.starts_with("consplus"))
}

fn add_row(cells: Vec<Line>, gap: &str, out: &mut Vec<Line>) {
    let column = |line: &Line| line.cell.map(|c| c.column);
    let mut full = cells.iter().filter(|l| !l.text.is_empty());
    let first = full.next().and_then(column);
    if full.all(|l| column(l) == first) {
        out.extend(cells);
        return;
    }
    let mut row: Option<Line> = None;
    let mut last = None;
    let mut footnotes = Vec::new();
    for mut line in cells {
        if line.text.is_empty() {
            footnotes.append(&mut line.footnotes);
            continue;
        }
        let at = column(&line);
        match &mut row {
            None => row = Some(line),
            Some(row) => {
                row.text.push_str(if at == last { " " } else { gap });
                row.text.push_str(&line.text);
                row.footnotes.extend(line.footnotes);
            }
        }
        last = at;
    }
    if let Some(row) = &mut row {
        row.footnotes.append(&mut footnotes);
    }
    out.extend(row);
}

#[cfg(test)]
mod tests {
    use super::super::super::line::Cell;
    use super::*;

    fn cell(text: &str, row: usize, column: usize) -> Line {
        Line {
            text: text.to_owned(),
            style: "consplusnormal".to_owned(),
            cell: Some(Cell {
                table: 1,
                row,
                column,
            }),
            ..Line::default()
        }
    }

    fn texts(lines: Vec<Line>) -> (Vec<String>, Vec<String>) {
        let mut removed = Vec::new();
        let out = unfold(lines, &mut removed).into_iter().map(|l| l.text);
        let out = out.filter(|t| !t.is_empty()).collect();
        (out, removed.into_iter().map(|r| r.text).collect())
    }

    #[test]
    fn rows_are_joined_and_frames_are_taken_out() {
        let rows = vec![
            cell("а", 1, 1),
            cell("б", 1, 2),
            cell("в", 2, 1),
            cell("", 2, 2),
        ];
        assert_eq!(texts(rows).0, ["а | б", "в"]);
        assert_eq!(texts(vec![cell("А.", 1, 1), cell("Б", 1, 2)]).0, ["А. Б"]);
        let frame = vec![
            cell("", 1, 1),
            cell("КонсультантПлюс: примечание.", 1, 3),
            cell("Слова.", 1, 3),
            cell("", 1, 4),
        ];
        assert_eq!(texts(frame).1, ["КонсультантПлюс: примечание. Слова."]);
        let list = vec![
            cell("", 1, 1),
            cell("Список изменяющих документов", 1, 3),
            cell("(в ред. …", 1, 3),
            cell("и …)", 1, 3),
            cell("", 1, 4),
        ];
        assert_eq!(texts(list).0, ["(в ред. … и …)"]);
    }
}

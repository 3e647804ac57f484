//! The order of lines on a page.

use super::super::line::Line;

/// Puts the lines of each page in order where they are drawn out of it.
///
/// Most files draw a page from top to bottom, and a table cell by cell; that order is the best there is. Where lines above one
/// another come in the wrong order more than now and then, the page is sorted from top to bottom.
pub(in crate::knowledge::pdf) fn in_order(mut lines: Vec<Line>) -> Vec<Line> {
    for page in lines.chunk_by_mut(|a, b| a.page == b.page) {
        let pairs = page.windows(2);
        let backwards = pairs.filter(|w| is_backwards(&w[0], &w[1])).count();
        if backwards * 12 > page.len() && backwards > 2 {
            page.sort_by(|a, b| b.y.total_cmp(&a.y));
            for row in page.chunk_by_mut(|a, b| a.y - b.y < a.size.min(b.size) * 0.3) {
                row.sort_by(|a, b| a.left.total_cmp(&b.left));
            }
        }
    }
    lines
}

/// The second line lies above the first, and one of them lies under the other's middle.
fn is_backwards(first: &Line, second: &Line) -> bool {
    let above = second.y - first.y > first.size * 0.8;
    let covered = first.right.min(second.right) - first.left.max(second.left);
    let narrow = (first.right - first.left).min(second.right - second.left);
    above && covered > narrow * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(left: f32, y: f32, text: &str) -> Line {
        Line {
            page: 0,
            left,
            right: left + 100.0,
            first_word_right: left + 20.0,
            y,
            size: 10.0,
            bold: false,
            starts_bold: false,
            begins: false,
            text: text.to_owned(),
        }
    }

    fn order(lines: Vec<Line>) -> String {
        in_order(lines).into_iter().map(|l| l.text).collect()
    }

    #[test]
    fn only_a_scattered_page_is_sorted() {
        let scattered = [3, 1, 4, 0, 5, 2].map(|i| {
            let y = 700.0 - 12.0 * i as f32;
            line(50.0, y, &i.to_string())
        });
        assert_eq!(order(scattered.to_vec()), "012345");
        // Two cells of a table, each of two lines.
        let cells = vec![
            line(50.0, 700.0, "а"),
            line(50.0, 688.0, "б"),
            line(300.0, 700.0, "в"),
            line(300.0, 688.0, "г"),
        ];
        assert_eq!(order(cells), "абвг");
    }
}

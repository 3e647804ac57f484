//! Texts of fixed-width lines where an indent begins a paragraph.

use super::cue;
use super::layout::{append, is_open};
use super::lines::Line;

/// Returns the paragraphs. One pass.
pub(super) fn paragraphs(lines: &[Line]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        let joins = out.last().is_some_and(|last| joins(last, line));
        match out.last_mut().filter(|_| joins) {
            Some(last) => append(last, &line.text),
            None => out.push(line.text.clone()),
        }
    }
    out
}

fn joins(last: &str, line: &Line) -> bool {
    if is_open(last) {
        return true;
    }
    if line.gap > 0 && !line.page {
        return false;
    }
    // The second line of a heading is set deeper than any paragraph.
    let heading = cue::article(last).is_some() || cue::division(last).is_some();
    line.indent < 2 || heading && line.indent >= 8
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::*;

    #[test]
    fn an_indent_begins_a_paragraph() {
        let text = "     Статья 1. Сады и\n               огороды\n\n     1. Сад  цветёт  у\nреки и\n     (Пункт дополнен - Закон\nот 01.02.2003)\n    2. Поле.";
        assert_eq!(
            paragraphs(&split(text)),
            [
                "Статья 1. Сады и огороды",
                "1. Сад цветёт у реки и",
                "(Пункт дополнен - Закон от 01.02.2003)",
                "2. Поле."
            ]
        );
    }
}

//! A text cut into lines, with what the eye sees of the layout.

/// A line that is not empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The text, white space collapsed.
    pub text: String,
    /// Spaces before the text.
    pub indent: usize,
    /// Empty lines above it.
    pub gap: usize,
    /// Whether page furniture stood above it.
    pub page: bool,
}

/// Returns the lines of a text. One pass; as many characters as the text has, at most.
pub(super) fn split(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut gap = 0;
    let breaks = |c: char| {
        matches!(
            c,
            '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
        )
    };
    for raw in text.replace("\r\n", "\n").replace('\r', "\n").split(breaks) {
        let clean = clean(raw);
        if clean.is_empty() {
            gap += 1;
            continue;
        }
        out.push(Line {
            text: clean,
            indent: indent(raw),
            gap,
            page: false,
        });
        gap = 0;
    }
    out
}

fn indent(raw: &str) -> usize {
    raw.chars()
        .take_while(|c| c.is_whitespace())
        .map(|c| if c == '\t' { 5 } else { 1 })
        .sum()
}

/// Returns the text with single spaces, without invisible signs, indexes behind digits written with a dot («312¹» → «312.1»).
pub(in crate::knowledge) fn clean(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut raised = false;
    for c in raw.chars() {
        if matches!(
            c,
            '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{200c}' | '\u{200d}'
        ) {
            continue;
        }
        let (plain, is_raised) = lowered(c);
        if is_raised && !raised && out.ends_with(|l: char| l.is_ascii_digit()) {
            out.push('.');
        }
        // A raised sign that stands behind a word is a footnote's: it stays as it is.
        let behind_digit = out.ends_with(|l: char| l.is_ascii_digit() || matches!(l, '.' | '-'));
        raised = is_raised && behind_digit;
        let shown = if raised { plain } else { c };
        if shown.is_whitespace() || shown.is_control() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            out.push(shown);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The digit that a raised digit stands for, and whether it is raised.
fn lowered(c: char) -> (char, bool) {
    const RAISED: [char; 11] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '⁻'];
    const LOWERED: [char; 11] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '-'];
    match RAISED.iter().position(|r| *r == c) {
        Some(at) => (LOWERED[at], true),
        None => (c, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_know_their_place() {
        let found = split("раз\r\n\r\n     два\u{a0} три\u{c}че\u{ad}тыре");
        let seen = found.iter().map(|l| (l.text.as_str(), l.indent, l.gap));
        assert_eq!(
            seen.collect::<Vec<_>>(),
            [("раз", 0, 0), ("два три", 5, 1), ("четыре", 0, 0)]
        );
    }

    #[test]
    fn raised_digits_become_indexes() {
        assert_eq!(clean("Статья 21¹. Сад"), "Статья 21.1. Сад");
        assert_eq!(clean("348¹¹⁻¹ и сноска²"), "348.11-1 и сноска²");
    }
}

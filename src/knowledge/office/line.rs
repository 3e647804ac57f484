//! A paragraph of a document before it is known what it is.

/// Where the paragraph's text is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Align {
    /// At the beginning of the line, or on both sides.
    #[default]
    Start,
    Center,
    End,
}

/// The place of a paragraph in the outermost table that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub table: usize,
    pub row: usize,
    pub column: usize,
}

/// What a style, or a run of letters, says about them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Letters {
    pub superscript: Option<bool>,
    pub hidden: Option<bool>,
}

impl Letters {
    /// Returns these, and where they are silent what `below` says.
    pub(super) fn over(self, below: Letters) -> Letters {
        Letters {
            superscript: self.superscript.or(below.superscript),
            hidden: self.hidden.or(below.hidden),
        }
    }
}

/// A paragraph as it stands in the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// White space collapsed, superscripts of numbers written with a dot.
    pub text: String,
    /// Name of the paragraph's style, small letters.
    pub style: String,
    pub align: Align,
    /// Whether the file itself calls it a heading: by a level, or by a heading style.
    pub is_heading: bool,
    pub cell: Option<Cell>,
    /// Footnotes that the paragraph refers to.
    pub footnotes: Vec<String>,
}

/// Builds a line's text from pieces.
#[derive(Debug, Default)]
pub(super) struct TextBuilder {
    text: String,
    in_superscript: bool,
}

impl TextBuilder {
    /// Adds a piece. A raised number behind a number is the index of an inserted article: «209» and raised «1» are 209.1.
    pub(super) fn push(&mut self, piece: &str, superscript: bool) {
        if piece.trim().is_empty() {
            self.text.push_str(piece);
            return;
        }
        let begins_index = superscript
            && !self.in_superscript
            && piece.trim_start().starts_with(|c: char| c.is_ascii_digit());
        self.in_superscript = superscript;
        let trimmed = self.text.trim_end().len();
        if begins_index && self.text[..trimmed].ends_with(|c: char| c.is_ascii_digit()) {
            self.text.truncate(trimmed);
            self.text.push('.');
            self.text.push_str(piece.trim_start());
        } else {
            self.text.push_str(piece);
        }
    }

    /// Returns the text, white space collapsed.
    pub(super) fn finish(self) -> String {
        lower_digits(&collapse(&self.text))
    }
}

/// Raised digits that are characters of their own (U+00B9 …) behind a number are an index too.
fn lower_digits(text: &str) -> String {
    if text.is_ascii() || !text.chars().any(|c| raised(c).is_some()) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut in_index = false;
    for c in text.chars() {
        match raised(c) {
            Some(digit) if in_index => out.push(digit),
            Some(digit) if out.ends_with(|p: char| p.is_ascii_digit()) => {
                out.push('.');
                out.push(digit);
                in_index = true;
                continue;
            }
            _ => out.push(c),
        }
        in_index &= raised(c).is_some();
    }
    out
}

fn raised(c: char) -> Option<char> {
    Some(match c {
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴' => '4',
        '⁵' => '5',
        '⁶' => '6',
        '⁷' => '7',
        '⁸' => '8',
        '⁹' => '9',
        _ => return None,
    })
}

/// Returns the words with one space between them; optional hyphens, zero-width signs and the control characters are dropped.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let at = out.len();
        out.extend(word.chars().filter(|c| !is_invisible(*c)));
        if at > 0 && out.len() > at {
            out.insert(at, ' ');
        }
    }
    out
}

fn is_invisible(c: char) -> bool {
    c.is_control() || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(pieces: &[(&str, bool)]) -> String {
        let mut builder = TextBuilder::default();
        for (piece, superscript) in pieces {
            builder.push(piece, *superscript);
        }
        builder.finish()
    }

    #[test]
    fn raised_numbers_become_indexes() {
        assert_eq!(
            built(&[("Статья 17", false), ("2", true), (". Общее", false)]),
            "Статья 17.2. Общее"
        );
        assert_eq!(
            built(&[("48", false), ("1", true), ("1-1", true)]),
            "48.11-1"
        );
        assert_eq!(built(&[("48 ", false), (" 3", true)]), "48.3");
        assert_eq!(built(&[("м", false), ("2", true)]), "м2");
        assert_eq!(built(&[("5 м² и ст. 17¹²-1", false)]), "5 м² и ст. 17.12-1");
    }

    #[test]
    fn white_space_and_invisible_signs_are_folded() {
        assert_eq!(collapse(" а\u{a0}\u{a0}б\n\u{ad} в\u{200b}г "), "а б вг");
    }
}

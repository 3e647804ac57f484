//! What a reply may look like, as a machine that reads bytes: it steers the engine's sampling and
//! checks what a remote server sent.

use std::ops::Range;

/// The shape of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grammar {
    Free,
    /// One of these words, and nothing else.
    OneOf(Vec<String>),
    /// Lines «- words», each a verbatim piece of `text` between word borders; pieces don't overlap.
    SpansOf {
        text: String,
        max_spans: usize,
        max_words: usize,
    },
}

/// Where a reply stands in its grammar. Cheap to clone for a short text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guide<'a> {
    OneOf { words: Vec<&'a str>, at: usize },
    Spans(Spans<'a>),
}

impl Grammar {
    /// The guide at the beginning of a reply; `None` where everything is allowed.
    pub fn guide(&self) -> Option<Guide<'_>> {
        match self {
            Self::Free => None,
            Self::OneOf(words) => Some(Guide::OneOf {
                words: words.iter().map(String::as_str).collect(),
                at: 0,
            }),
            Self::SpansOf {
                text,
                max_spans,
                max_words,
            } => Some(Guide::Spans(Spans::new(text, *max_spans, *max_words))),
        }
    }

    /// `reply` cut back to where this shape allows it to end: a reply may run out of tokens inside a line.
    pub fn whole(&self, mut reply: String) -> String {
        while matches!(self, Self::SpansOf { .. }) && !self.fits(&reply) && !reply.is_empty() {
            let end = reply.trim_end().rfind('\n').unwrap_or(0);
            reply.truncate(end);
        }
        reply
    }

    /// Whether a whole reply, blanks around it aside, has this shape.
    pub fn fits(&self, reply: &str) -> bool {
        let Some(mut guide) = self.guide() else {
            return true;
        };
        guide.advance(reply.trim().as_bytes()) && guide.may_end()
    }
}

impl Guide<'_> {
    /// Reads `bytes`; `false` when no reply goes on like this, and the guide is useless then.
    pub fn advance(&mut self, bytes: &[u8]) -> bool {
        match self {
            Self::OneOf { words, at } => {
                words.retain(|word| word.as_bytes()[*at..].starts_with(bytes));
                *at += bytes.len();
                !words.is_empty()
            }
            Self::Spans(spans) => bytes.iter().all(|byte| spans.step(*byte)),
        }
    }

    /// Whether the reply may end here.
    pub fn may_end(&self) -> bool {
        match self {
            Self::OneOf { words, at } => words.iter().any(|word| word.len() == *at),
            Self::Spans(spans) => spans.may_end(),
        }
    }

    /// The bytes that may come next, each once.
    pub fn next_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = match self {
            Self::OneOf { words, at } => words
                .iter()
                .filter_map(|word| word.as_bytes().get(*at).copied())
                .collect(),
            Self::Spans(spans) => spans.next_bytes(),
        };
        bytes.sort_unstable();
        bytes.dedup();
        bytes
    }
}

/// The state of «- piece» lines over a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spans<'a> {
    text: &'a str,
    spans_left: usize,
    max_words: usize,
    /// Ranges of the text that earlier lines took.
    taken: Vec<Range<usize>>,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    LineStart,
    AfterDash,
    /// `length` bytes of a piece are read; it began at one of `starts`.
    Piece {
        starts: Vec<usize>,
        length: usize,
    },
}

impl<'a> Spans<'a> {
    pub fn new(text: &'a str, max_spans: usize, max_words: usize) -> Self {
        Self {
            text,
            spans_left: max_spans,
            max_words,
            taken: Vec::new(),
            place: Place::LineStart,
        }
    }

    fn step(&mut self, byte: u8) -> bool {
        match (&mut self.place, byte) {
            (Place::LineStart, b'-') if self.spans_left > 0 => {
                self.place = Place::AfterDash;
                !self.starts().is_empty()
            }
            (Place::AfterDash, b' ') => {
                let starts = self.starts();
                self.place = Place::Piece { starts, length: 0 };
                true
            }
            (Place::Piece { .. }, b'\n') => self.end_line(),
            (Place::Piece { starts, length }, byte) => {
                let text = self.text;
                let (taken, words) = (&self.taken, self.max_words);
                starts.retain(|start| goes_on(text, taken, words, *start, *length, byte));
                *length += 1;
                !starts.is_empty()
            }
            _ => false,
        }
    }

    fn end_line(&mut self) -> bool {
        let Some(range) = self.ended() else {
            return false;
        };
        self.taken.push(range);
        self.spans_left -= 1;
        self.place = Place::LineStart;
        true
    }

    /// The range of the piece, when it may end here.
    fn ended(&self) -> Option<Range<usize>> {
        let Place::Piece { starts, length } = &self.place else {
            return None;
        };
        starts
            .iter()
            .map(|start| *start..start + length)
            .find(|range| ends_a_word(self.text, range))
    }

    fn may_end(&self) -> bool {
        match &self.place {
            Place::LineStart => !self.taken.is_empty() || self.starts().is_empty(),
            Place::AfterDash => false,
            Place::Piece { .. } => self.ended().is_some(),
        }
    }

    fn next_bytes(&self) -> Vec<u8> {
        match &self.place {
            Place::LineStart if self.spans_left > 0 && !self.starts().is_empty() => vec![b'-'],
            Place::LineStart => Vec::new(),
            Place::AfterDash => vec![b' '],
            Place::Piece { starts, length } => {
                let bytes = self.text.as_bytes();
                let mut next: Vec<u8> = starts
                    .iter()
                    .filter_map(|start| Some((*start, *bytes.get(start + length)?)))
                    .filter(|(start, byte)| {
                        goes_on(
                            self.text,
                            &self.taken,
                            self.max_words,
                            *start,
                            *length,
                            *byte,
                        )
                    })
                    .map(|(_, byte)| byte)
                    .collect();
                if self.ended().is_some() {
                    next.push(b'\n');
                }
                next
            }
        }
    }

    /// Where a piece may begin: at the first letter or digit of a word that no line took.
    fn starts(&self) -> Vec<usize> {
        let mut before = ' ';
        let mut starts = Vec::new();
        for (at, c) in self.text.char_indices() {
            let free = !self.taken.iter().any(|range| range.contains(&at));
            if in_word(c) && !in_word(before) && free {
                starts.push(at);
            }
            before = c;
        }
        starts
    }
}

/// Whether the piece from `start`, `length` bytes long, may take `byte`.
fn goes_on(
    text: &str,
    taken: &[Range<usize>],
    max_words: usize,
    start: usize,
    length: usize,
    byte: u8,
) -> bool {
    let at = start + length;
    let matches = text.as_bytes().get(at) == Some(&byte) && byte != b'\n' && byte != b'\r';
    matches
        && !taken.iter().any(|range| range.contains(&at))
        && (!text.is_char_boundary(at) || words_of(&text[start..at], &text[at..]) <= max_words)
}

/// Words in `piece` once the next character is in it.
fn words_of(piece: &str, rest: &str) -> usize {
    let begins = piece.chars().next_back().is_none_or(|c| !in_word(c))
        && rest.chars().next().is_some_and(in_word);
    let inside = piece
        .split(|c| !in_word(c))
        .filter(|word| !word.is_empty())
        .count();
    inside + usize::from(begins)
}

fn ends_a_word(text: &str, range: &Range<usize>) -> bool {
    text.is_char_boundary(range.end)
        && text[range.clone()]
            .chars()
            .next_back()
            .is_some_and(|c| !c.is_whitespace())
        && !(text[range.clone()].chars().next_back().is_some_and(in_word)
            && text[range.end..].chars().next().is_some_and(in_word))
}

fn in_word(c: char) -> bool {
    c.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str) -> Grammar {
        Grammar::SpansOf {
            text: text.into(),
            max_spans: 3,
            max_words: 4,
        }
    }

    #[test]
    fn only_pieces_between_word_borders_fit() {
        let grammar = spans("Меня уволили 5 марта, расчёт не дали");
        assert!(grammar.fits("- Меня уволили 5 марта\n- расчёт не дали"));
        assert!(grammar.fits("- расчёт не дали\n- уволили\n"));
        assert!(!grammar.fits("- Меня уволи"), "cut inside a word");
        assert!(!grammar.fits("- еня уволили"), "begins inside a word");
        assert!(
            !grammar.fits("- Меня уволили 5 марта, расчёт"),
            "five words"
        );
        assert!(!grammar.fits("- Меня обманули"), "not in the text");
        assert!(!grammar.fits("- уволили\n- Меня уволили"), "overlaps");
        assert!(!grammar.fits("уволили"), "no dash");
        assert!(
            !grammar.fits(""),
            "a text with words gives a piece at least"
        );
    }

    #[test]
    fn following_the_next_bytes_always_ends_in_a_reply_that_fits() {
        let text = "Кран-балка <|im_end|> упала 01.02.2025; мне 17 лет\nи я 😀 в смене";
        let grammar = spans(text);
        for choice in 0..7_usize {
            let mut guide = grammar.guide().unwrap();
            let mut reply = Vec::new();
            for turn in 0..2000 {
                let next = guide.next_bytes();
                let end = guide.may_end() && (next.is_empty() || turn > 100);
                if end {
                    break;
                }
                let byte = next[(choice + turn * choice) % next.len()];
                assert!(guide.advance(&[byte]));
                reply.push(byte);
            }
            let reply = String::from_utf8(reply).unwrap();
            assert!(grammar.fits(&reply), "{reply:?}");
        }
    }

    #[test]
    fn one_of_reads_words_that_begin_alike() {
        let grammar = Grammar::OneOf(vec!["да".into(), "давно".into()]);
        assert!(grammar.fits("да") && grammar.fits(" давно\n"));
        assert!(!grammar.fits("дав") && !grammar.fits("нет") && !grammar.fits(""));
        let mut guide = grammar.guide().unwrap();
        assert!(guide.advance("да".as_bytes()) && guide.may_end());
        assert_eq!(guide.next_bytes(), ["в".as_bytes()[0]]);
    }

    #[test]
    fn a_reply_cut_inside_a_line_loses_that_line_only() {
        let grammar = spans("Меня уволили 5 марта, расчёт не дали");
        let cut = grammar.whole("- Меня уволили\n- расчё".into());
        assert_eq!(cut, "- Меня уволили");
        assert_eq!(grammar.whole("- Ме".into()), "");
        let whole = "- расчёт\n";
        assert_eq!(grammar.whole(whole.into()), whole);
    }

    #[test]
    fn a_text_without_words_may_give_no_piece() {
        assert!(spans("?!").fits(""));
        assert!(!spans("?!").fits("- ?"));
    }
}

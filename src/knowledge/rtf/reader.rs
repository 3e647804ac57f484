//! What the tokens of an RTF file mean.

use std::collections::HashMap;

use encoding_rs::Encoding;

use super::page::Page;
use super::state::{self, State, Target};
use super::token::Token;
use super::{DEEPEST, MOST_LETTERS, codepage};
use crate::knowledge::laid::{Removed, RemovedWhy};
use crate::knowledge::plain::{self, Paragraph};
use crate::knowledge::unreadable::Unreadable;

/// Reads tokens one after another; the stack of groups is the only thing that grows with nesting.
pub(super) struct Reader {
    state: State,
    stack: Vec<State>,
    /// Bytes of one charset that wait for their decoding.
    bytes: Vec<u8>,
    /// The first half of a character that takes two `\u`.
    half: Option<u16>,
    /// Characters still to leave out behind a `\u`.
    skip: usize,
    /// Whether the group has just begun, so that a destination may follow; `\*` makes unknown ones go nowhere.
    fresh: bool,
    starred: bool,
    document: &'static Encoding,
    fonts: HashMap<i32, &'static Encoding>,
    page: Page,
    headers: String,
    /// Hidden and deleted text.
    hidden: String,
    /// Every letter of the document, its margins and its hidden text.
    read: String,
    letters: usize,
}

/// What an RTF file gives.
pub(super) struct Found {
    pub paragraphs: Vec<Paragraph>,
    /// What stood in headers and footers, and what was hidden.
    pub removed: Vec<Removed>,
    /// Every letter, paragraphs parted by line ends.
    pub read: String,
}

impl Reader {
    /// Returns a reader at the file's start.
    pub fn new() -> Reader {
        Reader {
            state: State::first(),
            stack: Vec::new(),
            bytes: Vec::new(),
            half: None,
            skip: 0,
            fresh: false,
            starred: false,
            document: codepage::of_page(1252),
            fonts: HashMap::new(),
            page: Page::default(),
            headers: String::new(),
            hidden: String::new(),
            read: String::new(),
            letters: 0,
        }
    }

    /// Takes the next token. Fails on groups nested too deep and on too much text.
    pub fn token(&mut self, token: Token<'_>) -> Result<(), Unreadable> {
        if !matches!(token, Token::Byte(_)) {
            self.flush();
        }
        match token {
            Token::Open => {
                if self.stack.len() >= DEEPEST {
                    return Err(Unreadable::TooDeep);
                }
                self.stack.push(self.state);
                (self.fresh, self.starred, self.skip) = (true, false, 0);
                return Ok(());
            }
            Token::Close => {
                if let Some(outer) = self.stack.pop() {
                    self.state = outer;
                }
                self.skip = 0;
            }
            Token::Sign(b'*') if self.fresh => {
                self.starred = true;
                return Ok(());
            }
            Token::Word(word, number) => self.word(word, number),
            Token::Sign(b'~') => self.letter(' '),
            Token::Sign(b'_') => self.letter('-'),
            Token::Sign(_) => {}
            Token::Byte(_) if self.skips() => {}
            Token::Byte(byte) => self.bytes.push(byte),
            Token::Text(text) => text.chars().for_each(|c| self.letter(c)),
        }
        (self.fresh, self.starred) = (false, false);
        if self.letters > MOST_LETTERS {
            return Err(Unreadable::TooLarge);
        }
        Ok(())
    }

    fn word(&mut self, word: &str, number: Option<i32>) {
        if self.starred {
            // What a star announces may be left out by readers that do not know it; none holds text of an act.
            self.state.target = Target::Nowhere;
            return;
        }
        if self.fresh {
            self.state.destination(word);
        }
        if self.state.format(word, number) {
            return;
        }
        match (word, number) {
            ("u", Some(code)) => self.unicode(code),
            ("ansicpg", Some(page)) => self.document = codepage::of_page(page),
            ("mac", _) => self.document = codepage::of_page(10000),
            ("pca" | "pc", _) => self.document = codepage::of_page(866),
            ("f", Some(font)) => {
                self.state.font = font;
                self.state.charset = self.fonts.get(&font).copied();
            }
            ("fcharset", Some(set)) if self.state.target == Target::Fonts => {
                if let Some(found) = codepage::of_font(set) {
                    self.fonts.insert(self.state.font, found);
                }
            }
            ("cpg", Some(page)) if self.state.target == Target::Fonts => {
                self.fonts.insert(self.state.font, codepage::of_page(page));
            }
            _ if self.state.target == Target::Body => self.layout(word),
            _ => {}
        }
    }

    /// Words that end paragraphs and cells, and words that are letters.
    fn layout(&mut self, word: &str) {
        if matches!(word, "par" | "sect" | "page" | "cell" | "nestcell" | "row") {
            self.read.push('\n');
        }
        match word {
            "par" | "sect" | "page" => self.page.end_paragraph(),
            "cell" | "nestcell" => self.page.end_cell(),
            "row" | "nestrow" => self.page.end_row(),
            "intbl" => self.page.table(true),
            "pard" => self.page.table(false),
            _ => {
                if let Some(letter) = state::letter(word) {
                    self.letter(letter);
                }
            }
        }
    }

    /// Whether the next character is one that `\u` has already given.
    fn skips(&mut self) -> bool {
        let skips = self.skip > 0;
        self.skip = self.skip.saturating_sub(1);
        skips
    }

    /// Decodes the bytes that have gathered.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let charset = self.state.charset.unwrap_or(self.document);
        let bytes = std::mem::take(&mut self.bytes);
        let (text, _) = charset.decode_without_bom_handling(&bytes);
        text.chars().for_each(|c| self.write(c));
    }

    fn unicode(&mut self, code: i32) {
        // Numbers above 32767 are written as negative ones.
        let unit = u16::try_from(code.rem_euclid(0x1_0000)).unwrap_or(0);
        self.skip = self.state.skip;
        let units = self.half.take().into_iter().chain([unit]);
        for found in char::decode_utf16(units) {
            match found {
                Ok(c) => self.write(c),
                Err(e) if e.unpaired_surrogate() == unit => self.half = Some(unit),
                Err(_) => {}
            }
        }
    }

    fn letter(&mut self, letter: char) {
        if !self.skips() {
            self.write(letter);
        }
    }

    fn write(&mut self, letter: char) {
        self.letters += 1;
        if matches!(self.state.target, Target::Body | Target::Furniture) {
            self.read.push(letter);
        }
        match self.state.target {
            Target::Fonts | Target::Nowhere => {}
            _ if self.state.hidden => self.hidden.push(letter),
            Target::Body => self.page.push(letter, self.state.raised),
            Target::Furniture => self.headers.push(letter),
        }
    }

    /// Returns what was read.
    pub fn finish(mut self) -> Found {
        self.flush();
        let pieces = [
            (RemovedWhy::PageFurniture, plain::clean(&self.headers)),
            (RemovedWhy::Markup, plain::clean(&self.hidden)),
        ];
        let pieces = pieces.into_iter().filter(|(_, text)| !text.is_empty());
        Found {
            paragraphs: self.page.finish(),
            removed: pieces.map(|(why, text)| Removed { why, text }).collect(),
            read: self.read,
        }
    }
}

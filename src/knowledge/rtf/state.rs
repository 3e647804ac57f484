//! What a group of an RTF file inherits and changes.

use encoding_rs::Encoding;

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The document.
    Body,
    /// The table of fonts.
    Fonts,
    /// Headers and footers.
    Furniture,
    /// Nowhere: pictures, styles, instructions.
    Nowhere,
}

/// Returns the letter that a word stands for.
pub(super) fn letter(word: &str) -> Option<char> {
    Some(match word {
        "tab" | "line" | "emspace" | "enspace" | "qmspace" => ' ',
        "emdash" => '—',
        "endash" => '–',
        "lquote" => '‘',
        "rquote" => '’',
        "ldblquote" => '“',
        "rdblquote" => '”',
        "bullet" => '•',
        _ => return None,
    })
}

/// The state of a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    pub target: Target,
    /// Characters to leave out behind `\u`.
    pub skip: usize,
    pub font: i32,
    /// The font's charset, if it has one.
    pub charset: Option<&'static Encoding>,
    /// Raised text.
    pub raised: bool,
    /// Hidden or deleted text.
    pub hidden: bool,
}

impl State {
    /// Returns the state at the file's start.
    pub fn first() -> State {
        State {
            target: Target::Body,
            skip: 1,
            font: 0,
            charset: None,
            raised: false,
            hidden: false,
        }
    }

    /// Changes what a word says of the letters; returns whether it did.
    pub fn format(&mut self, word: &str, number: Option<i32>) -> bool {
        let on = number != Some(0);
        match word {
            "uc" => {
                self.skip = number
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or(1)
                    .min(16)
            }
            "super" => self.raised = on,
            "nosupersub" | "sub" => self.raised = false,
            "up" => self.raised = number.unwrap_or(6) >= 4,
            "v" | "deleted" => self.hidden = on,
            "plain" => (self.raised, self.hidden) = (false, false),
            _ => return false,
        }
        true
    }

    /// Changes where text goes, if the word begins a destination.
    pub fn destination(&mut self, word: &str) {
        if self.target == Target::Nowhere {
            return;
        }
        match word {
            "fonttbl" => self.target = Target::Fonts,
            "header" | "headerl" | "headerr" | "headerf" | "footer" | "footerl" | "footerr"
            | "footerf" => self.target = Target::Furniture,
            "colortbl" | "stylesheet" | "info" | "pict" | "object" | "filetbl" | "revtbl"
            | "ftnsep" | "ftnsepc" | "aftnsep" | "aftnsepc" | "nonshppict" | "objdata" | "xe"
            | "tc" | "listtable" | "listoverridetable" | "rsidtbl" | "generator" | "falt"
            | "panose" | "themedata" | "colorschememapping" | "latentstyles" | "datastore" => {
                self.target = Target::Nowhere;
            }
            _ => {}
        }
    }
}

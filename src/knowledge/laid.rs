//! What a reader of files hands on: paragraphs, what it took out of the text, and what it read at all.

use serde::{Deserialize, Serialize};

use super::html::Block;

/// A text laid out in paragraphs.
#[derive(Debug, Default)]
pub struct Laid {
    /// The paragraphs in order of place.
    pub blocks: Vec<Block>,
    /// Everything that was read and is no text of the act, and what the reader wrote itself.
    pub removed: Vec<Removed>,
    /// The characters as the file has them, before anything was done to them; lines of the file parted by `\n`.
    pub read: String,
}

/// A piece that was taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// Why.
    pub why: RemovedWhy,
    /// The words as they stood.
    pub text: String,
}

impl Removed {
    /// Returns a piece of the text that was taken out.
    pub fn new(why: RemovedWhy, text: impl Into<String>) -> Removed {
        let text = text.into();
        Removed { why, text }
    }
}

/// Why a piece is no text of the act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RemovedWhy {
    /// A remark of the publisher.
    EditorsNote,
    /// What the official text, or a publisher, says about a change; it lives on as history.
    AmendmentNote,
    /// Headers, footers, page numbers, title pages, menus of a page.
    PageFurniture,
    /// Hidden or deleted text, and signs of the format.
    Markup,
    /// The signature that closes the act.
    Signature,
    /// What stands behind the signature.
    BehindSignature,
    /// Nothing was taken out: a lost index was read from its neighbours, and this says how.
    Repaired,
    /// Nothing was taken out: the reader wrote this, as a label for each norm of a repealed range.
    Written,
}

impl RemovedWhy {
    /// All of them, in the order of lists.
    pub const ALL: [RemovedWhy; 8] = [
        RemovedWhy::EditorsNote,
        RemovedWhy::AmendmentNote,
        RemovedWhy::PageFurniture,
        RemovedWhy::Markup,
        RemovedWhy::Signature,
        RemovedWhy::BehindSignature,
        RemovedWhy::Repaired,
        RemovedWhy::Written,
    ];

    /// Returns the words for people.
    pub fn russian(self) -> &'static str {
        match self {
            RemovedWhy::EditorsNote => "примечания редакторов",
            RemovedWhy::AmendmentNote => "сведения об изменениях",
            RemovedWhy::PageFurniture => "колонтитулы и обвязка страниц",
            RemovedWhy::Markup => "разметка и скрытый текст",
            RemovedWhy::Signature => "подпись",
            RemovedWhy::BehindSignature => "стоит за подписью",
            RemovedWhy::Repaired => "восстановленные индексы",
            RemovedWhy::Written => "дописано при чтении",
        }
    }

    /// Returns whether the piece stood in the file and was taken out.
    pub fn is_taken_out(self) -> bool {
        !matches!(self, RemovedWhy::Repaired | RemovedWhy::Written)
    }
}

//! A law text as it was read: structure, notes and places.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::account::{Account, RemovedPiece};
use crate::law::{ActId, Citation};

/// An act (акт) in one edition, as read from a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParsedAct {
    /// The act's id.
    pub act: ActId,
    /// The title as the text gives it.
    pub title: String,
    /// The number, «197-ФЗ»; empty where the text has none.
    pub number: String,
    /// The day the act was signed.
    pub adopted: Date,
    /// The edition's date: the newest amending law that left a note in the text.
    pub edition: Date,
    /// What the edition's date rests on.
    pub edition_basis: EditionBasis,
    /// The cleaned text: one paragraph a line, without notes and signature.
    pub text: String,
    /// Everything in the text, outer nodes before inner ones, in order of place.
    pub nodes: Vec<ParsedNode>,
    /// Amendment notes in order of place.
    pub notes: Vec<AmendmentNote>,
    /// Numbered article headings; in an act of points its points, those of annexes and forms with them.
    pub headings: usize,
    /// Articles, or points, that have a text.
    pub with_body: usize,
    /// Chapters.
    pub chapters: usize,
    /// Sections.
    pub sections: usize,
    /// Annexes of an act of points.
    #[serde(default)]
    pub annexes: usize,
    /// Numbered forms inside its annexes.
    #[serde(default)]
    pub forms: usize,
    /// Whole numbers of articles or points that are missing between 1 and the last one; in an annex as `a1:7`.
    pub gaps: Vec<String>,
    /// Numbers that stand twice.
    pub duplicates: Vec<String>,
    /// Lines that the reader could not place, as they stand.
    pub unparsed: Vec<String>,
    /// What the text was read from: `html`, `docx`, `odt`, `rtf`, `text`, `pdf`.
    pub format: String,
    /// Checksum of the file's bytes, hexadecimal.
    pub sha256: String,
    /// What was read and is no text of the act, in order of place.
    #[serde(default)]
    pub removed: Vec<RemovedPiece>,
    /// Whether every character that was read is in `text` or in `removed`.
    #[serde(default)]
    pub account: Account,
}

/// What an edition's date rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionBasis {
    /// The newest amending law noted in the body.
    AmendmentNotes,
    /// The newest amending law of the head; the body has no notes.
    HeadList,
    /// The day of the act itself: it names no amendment.
    Adoption,
    /// The head names the edition: «(ред. от 29.09.2025)».
    Stated,
    /// The day on which a publisher exported the text that names no amendment: on it the text was in force.
    InForceOn,
    /// The one who added the file said so; the file does not say otherwise.
    Given,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A line of the head, or one outside every article.
    Preamble,
    /// Part of a code («ЧАСТЬ ПЕРВАЯ») or a subsection (подраздел).
    Division,
    /// Раздел.
    Section,
    /// Глава; in an act of points also a heading without a number.
    Chapter,
    /// A heading between chapter and article: «§ 1. …», and the numbered headings inside it.
    Subchapter,
    /// Приложение, and what an act approves («Утверждены …»).
    Annex,
    /// A numbered form (форма) inside an annex.
    Form,
    /// Статья.
    Article,
    /// Часть.
    Part,
    /// Пункт.
    Point,
    /// Подпункт.
    Subpoint,
    /// Абзац.
    Paragraph,
    /// Сноска: part of the text above it, and no paragraph that is counted.
    Footnote,
}

impl NodeKind {
    /// Returns whether such a node lies inside an article.
    pub fn is_inside_article(self) -> bool {
        matches!(
            self,
            NodeKind::Part
                | NodeKind::Point
                | NodeKind::Subpoint
                | NodeKind::Paragraph
                | NodeKind::Footnote
        )
    }
}

/// A piece of the act.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ParsedNode {
    /// How people cite it; nothing for sections, chapters and lines outside articles.
    pub citation: Option<Citation>,
    /// What it is.
    pub kind: NodeKind,
    /// Its number or letter code.
    pub number: String,
    /// Title of an article, chapter or section.
    pub title: Option<String>,
    /// Headings above it, outermost first.
    pub path: Vec<String>,
    /// First character in the cleaned text.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
    /// Whether the text says that it is no longer in force.
    pub repealed: bool,
    /// Its text; an article's begins with the heading and holds its parts.
    pub text: String,
}

/// An amendment note (span.mark).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmendmentNote {
    /// The amending law's date.
    pub date: Date,
    /// Its number, «90-ФЗ».
    pub law: String,
    /// What the note stands at; nothing above the articles.
    pub citation: Option<Citation>,
    /// What happened, in the note's words: «Дополнение частью».
    pub what: String,
}

impl ParsedAct {
    /// Returns the node of a citation. Walks the nodes once.
    pub fn node(&self, citation: &Citation) -> Option<&ParsedNode> {
        self.nodes
            .iter()
            .find(|n| n.citation.as_ref() == Some(citation))
    }

    /// Returns the articles in order.
    pub fn articles(&self) -> impl Iterator<Item = &ParsedNode> {
        self.nodes.iter().filter(|n| n.kind == NodeKind::Article)
    }
}

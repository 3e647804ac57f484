//! A paragraph of Word while it is being read.

use super::lists::Lists;
use super::styles::{ListPlace, Styles, align_of, is_level};
use crate::knowledge::office::line::{Align, Cell, Letters, Line, TextBuilder};
use crate::knowledge::office::xml::Element;

/// What was read of a paragraph so far.
#[derive(Debug, Default)]
pub(super) struct Paragraph {
    pub text: TextBuilder,
    /// Hidden and deleted text.
    pub gone: String,
    pub style: String,
    pub align: Option<Align>,
    pub has_level: bool,
    pub place: ListPlace,
    pub footnotes: Vec<String>,
    pub in_properties: bool,
    pub in_run: bool,
    /// What the run itself says, and what its style says.
    pub run: Letters,
    pub run_style: Letters,
}

impl Paragraph {
    /// Takes what an element of `w:pPr` says.
    pub(super) fn take(&mut self, element: &Element) {
        match element.name() {
            "pStyle" => self.style = element.value(),
            "jc" => self.align = Some(align_of(&element.value())),
            "outlineLvl" => self.has_level |= is_level(&element.value()),
            "numId" => self.place.list = Some(element.value()),
            "ilvl" => self.place.level = element.value().parse().ok(),
            _ => {}
        }
    }

    /// Forgets the run before.
    pub(super) fn begin_run(&mut self) {
        self.in_run = true;
        self.run = Letters::default();
        self.run_style = Letters::default();
    }

    /// Returns the paragraph as a line; a number that Word generates goes before `text`.
    pub(super) fn line(
        self,
        text: String,
        cell: Option<Cell>,
        styles: &Styles,
        lists: &mut Lists,
    ) -> Line {
        let of_style = styles.list(&self.style);
        let place = ListPlace {
            list: self.place.list.or(of_style.list),
            level: self.place.level.or(of_style.level),
        };
        // An empty paragraph shows no number and takes none.
        let label = match text.is_empty() {
            true => String::new(),
            false => lists.next(&place),
        };
        let text = match label.is_empty() {
            true => text,
            false => format!("{label} {text}"),
        };
        Line {
            text,
            style: styles.name(&self.style),
            align: self
                .align
                .or_else(|| styles.align(&self.style))
                .unwrap_or_default(),
            is_heading: self.has_level || styles.is_heading(&self.style),
            cell,
            footnotes: self.footnotes,
        }
    }
}

//! What else a quoted norm said or will say: both versions stand before the lawyer where the day does not settle which.

use crate::law::Citation;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Another text of a norm that a draft quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayNote {
    pub norm: String,
    pub kind: DayNoteKind,
    /// The day from which the younger of the two texts is the law, where it is known.
    pub from: Option<Date>,
    /// With [`DayNoteKind::Changed`]: the day of the dispute on which the other text stood.
    pub day: Option<Date>,
    /// The edition that the draft quotes.
    pub shown: Date,
    /// The edition that has the other text; nothing where the norm is gone.
    pub edition: Option<Date>,
    /// The other text.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayNoteKind {
    /// The day lies between two editions that differ, and nobody knows when it changed.
    Between,
    /// The norm read otherwise on another day of the dispute.
    Changed,
    /// A law is there and comes into force later.
    Coming,
}

impl DayNote {
    /// What a lawyer reads, with the words of the other text.
    pub fn russian(&self) -> String {
        let norm = self
            .norm
            .parse::<Citation>()
            .map_or_else(|_| self.norm.clone(), |norm| norm.russian());
        let day = |day: Option<Date>| day.map_or("неизвестного дня".to_owned(), |d| d.to_string());
        let other = day(self.edition);
        match self.kind {
            DayNoteKind::Between if self.edition.is_none() => format!(
                "{norm}: в следующей за {} редакции этой нормы нет; с какого дня, неизвестно.",
                self.shown
            ),
            DayNoteKind::Between => format!(
                "{norm}: изменилась между редакциями {} и {other}, в какой день — неизвестно. В проекте первая; вторая: «{}»",
                self.shown, self.text
            ),
            DayNoteKind::Changed => format!(
                "{norm}: изменилась внутри спора (с {}). В проекте слова редакции {}; на {} действовали слова редакции {other}: «{}»",
                day(self.from),
                self.shown,
                day(self.day),
                self.text
            ),
            DayNoteKind::Coming => format!(
                "{norm}: с {} вступает в силу другой текст: «{}»",
                day(self.from),
                self.text
            ),
        }
    }
}

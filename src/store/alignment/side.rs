//! An edition as the aligner reads it.

use crate::law::align::{Kind, Link, Node, Note, align};
use crate::store::sql::{self, row, rows};
use crate::store::{NewEdition, StoreError};
use jiff::civil::Date;
use sqlx::AnyConnection;
use std::collections::HashMap;

/// What an edition says; nothing here changes once it is held.
pub(in crate::store) struct Side {
    pub date: Date,
    pub texts: Vec<Text>,
    notes: HashMap<String, Vec<StoredNote>>,
}

/// A norm of an edition.
pub(in crate::store) struct Text {
    pub citation: String,
    /// The citation; of the second norm that bears it `tk:5:1#2`.
    pub label: String,
    pub kind: String,
    pub text: String,
    pub repealed: bool,
    title: Option<String>,
}

struct StoredNote {
    date: Date,
    law: String,
    what: String,
}

impl Side {
    /// Reads a held edition, norms in the order of the text.
    pub async fn load(conn: &mut AnyConnection, edition: &str) -> Result<Self, StoreError> {
        let day = row!(
            conn,
            "select edition_date from edition where id = $1",
            edition
        )?
        .ok_or_else(|| StoreError::not_found("редакция"))?;
        let found = rows!(
            conn,
            "select citation, kind, title, text, repealed from provision_version where edition_id = $1 order by ordinal",
            edition
        )?;
        let mut texts = Vec::with_capacity(found.len());
        for row in &found {
            texts.push(Text {
                citation: sql::text(row, "citation")?,
                label: String::new(),
                kind: sql::text(row, "kind")?,
                title: sql::text_or_none(row, "title")?,
                text: sql::text(row, "text")?,
                repealed: sql::int(row, "repealed")? != 0,
            });
        }
        let mut notes: HashMap<String, Vec<StoredNote>> = HashMap::new();
        for row in rows!(
            conn,
            "select citation, noted_on, law, what from amendment_note where edition_id = $1 order by noted_on, id",
            edition
        )? {
            if let Some(date) = sql::date_or_none(&row, "noted_on")? {
                let of_norm = notes.entry(sql::text(&row, "citation")?).or_default();
                of_norm.push(StoredNote {
                    date,
                    law: sql::text(&row, "law")?,
                    what: sql::text(&row, "what")?,
                });
            }
        }
        Ok(Self::new(sql::date(&day, "edition_date")?, texts, notes))
    }

    /// An edition that is about to be added.
    pub fn of_new(new: &NewEdition) -> Self {
        let texts = new.versions.iter().map(|version| Text {
            citation: version.citation.clone(),
            label: String::new(),
            kind: version.kind.clone(),
            title: version.title.clone(),
            text: version.text.clone(),
            repealed: version.repealed,
        });
        let mut notes: HashMap<String, Vec<StoredNote>> = HashMap::new();
        for note in &new.notes {
            if let Some(date) = note.date {
                notes
                    .entry(note.citation.clone())
                    .or_default()
                    .push(StoredNote {
                        date,
                        law: note.law.clone(),
                        what: note.what.clone(),
                    });
            }
        }
        Self::new(new.edition_date, texts.collect(), notes)
    }

    fn new(date: Date, mut texts: Vec<Text>, notes: HashMap<String, Vec<StoredNote>>) -> Self {
        let labels = labels(texts.iter().map(|text| text.citation.as_str()));
        for (text, label) in texts.iter_mut().zip(labels) {
            text.label = label;
        }
        Self { date, texts, notes }
    }

    /// The labels of its norms, each once.
    pub fn labels(&self) -> Vec<String> {
        self.texts.iter().map(|text| text.label.clone()).collect()
    }

    fn nodes(&self) -> Vec<Node<'_>> {
        self.texts
            .iter()
            .map(|text| Node {
                citation: &text.citation,
                kind: kind(&text.kind),
                title: text.title.as_deref(),
                text: &text.text,
                repealed: text.repealed,
                notes: self.notes_at(&text.citation),
            })
            .collect()
    }

    fn notes_at(&self, citation: &str) -> Vec<Note<'_>> {
        let notes = self.notes.get(citation).into_iter().flatten();
        notes
            .map(|note| Note {
                date: note.date,
                law: &note.law,
                what: &note.what,
            })
            .collect()
    }

    /// The newest day on which a note says that the norm was changed.
    pub fn noted(&self, at: usize) -> Option<Date> {
        let text = &self.texts[at];
        let notes = self.notes.get(&text.citation)?;
        (text.kind != "article").then(|| notes.iter().map(|note| note.date).max())?
    }
}

/// How the norms of a newer edition continue those of an older one. About a third of a second for two codes.
pub(in crate::store) fn links(older: &Side, newer: &Side) -> Vec<Link> {
    align(&older.nodes(), &newer.nodes())
}

/// Labels that are unique in an edition, from its citations in order.
pub(in crate::store) fn labels<'a>(citations: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    citations
        .map(|citation| {
            let nth = seen.entry(citation).or_insert(0);
            *nth += 1;
            match *nth {
                1 => citation.to_owned(),
                nth => format!("{citation}#{nth}"),
            }
        })
        .collect()
}

fn kind(code: &str) -> Kind {
    match code {
        "preamble" | "division" | "section" => Kind::Section,
        "chapter" => Kind::Chapter,
        "article" => Kind::Article,
        "part" => Kind::Part,
        "point" => Kind::Point,
        "subpoint" => Kind::Subpoint,
        _ => Kind::Paragraph,
    }
}

#[cfg(test)]
mod tests {
    use super::labels;

    #[test]
    fn a_label_that_stands_twice_is_told_apart() {
        let found = labels(["tk:1", "tk:1:1", "tk:1:1", "tk:2"].into_iter());
        assert_eq!(found, ["tk:1", "tk:1:1", "tk:1:1#2", "tk:2"]);
    }
}

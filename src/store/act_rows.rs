//! Acts, editions, versions of provisions and passages, as the rest of the house sees them.

use super::StoreError;
use super::sql;
use crate::case::OrganisationId;
use jiff::civil::Date;
use serde_json::Value;
use sqlx::any::AnyRow;

/// An act (акт), such as `tk`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    pub id: String,
    pub title: String,
    pub number: Option<String>,
    pub adopted: Option<Date>,
    /// The number the official portal knows it by.
    pub nd: Option<String>,
    /// Set for a local act: whose it is.
    pub owner: Option<OrganisationId>,
    /// Lower comes first in lists.
    pub priority: i64,
}

/// Where the first day of a version is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FromBasis {
    /// The day on which the change came into force is known.
    TermChange,
    /// A note at the provision names the law: in force since the day of the law or a later one.
    AmendmentNote,
    /// Only the edition is known to have it.
    Edition,
    /// It changed somewhere between two editions that are held.
    BetweenEditions,
}

impl FromBasis {
    pub const ALL: [Self; 4] = [
        Self::TermChange,
        Self::AmendmentNote,
        Self::Edition,
        Self::BetweenEditions,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::TermChange => "term_change",
            Self::AmendmentNote => "amendment_note",
            Self::Edition => "edition",
            Self::BetweenEditions => "between_editions",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|basis| basis.code() == code)
    }
}

/// How a version goes with the edition before: what became of the provision since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    /// The edition before does not have it, or there is none.
    New,
    /// The same label and the same words.
    Same,
    /// The same label, other words.
    Changed,
    /// Another label, with the same words or others.
    Moved,
    /// A piece of a provision that was divided; the main piece keeps the key.
    Split,
    /// Several provisions in one; it bears the key of the main one.
    Merged,
    /// Only a note is left in its place.
    Repealed,
}

impl Alignment {
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Same,
        Self::Changed,
        Self::Moved,
        Self::Split,
        Self::Merged,
        Self::Repealed,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Moved => "moved",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Repealed => "repealed",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }
}

/// An edition (редакция) to be added, whole.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEdition {
    pub act: Act,
    pub edition_date: Date,
    /// Up to which day it is known to be current; its own date until somebody verifies a later one.
    pub current_to: Date,
    /// The first day on which a local act is no longer in force, where that is known beforehand; a law ends with its next
    /// edition only.
    pub until: Option<Date>,
    /// What says so: a file, the portal.
    pub basis: String,
    pub format: String,
    /// Hex SHA-256 of the file.
    pub sha256: String,
    /// The whole text, which offsets count into, in Unicode characters.
    pub text: String,
    /// What `kb check` prints: gaps, duplicates, what was not parsed.
    pub counts: Value,
    pub headings: i64,
    pub with_body: i64,
    pub versions: Vec<NewVersion>,
    pub passages: Vec<NewPassage>,
    pub notes: Vec<NewNote>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NewVersion {
    pub citation: String,
    /// The article's number, `312.1`.
    pub article: String,
    /// `section`, `chapter`, `article`, `part`, `point`, `subpoint`, `paragraph`.
    pub kind: String,
    pub title: Option<String>,
    /// Section, chapter and so on above it.
    pub path: Value,
    pub text: String,
    pub start_char: i64,
    pub end_char: i64,
    pub repealed: bool,
    pub in_force_from: Option<Date>,
    pub from_basis: FromBasis,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPassage {
    /// Index into [`NewEdition::versions`], where the passage is one version's text.
    pub version: Option<usize>,
    pub citation: String,
    pub article: String,
    /// `part` or `article`.
    pub kind: String,
    pub title: Option<String>,
    pub text: String,
    pub start_char: i64,
    pub end_char: i64,
}

/// A note in the text that says when and by what a provision was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewNote {
    pub citation: String,
    pub date: Option<Date>,
    pub law: String,
    pub what: String,
}

/// How far a form of files is trusted, lowest first: the official page, then what keeps the structure, then what lost it.
pub(super) fn trust(format: &str) -> usize {
    const FORMATS: [&str; 6] = ["html", "docx", "odt", "rtf", "text", "pdf"];
    let place = FORMATS.iter().position(|known| *known == format);
    place.unwrap_or(FORMATS.len())
}

/// What adding an edition did.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EditionReport {
    pub edition: String,
    pub outcome: EditionOutcome,
    pub versions: usize,
    pub passages: usize,
    /// Versions that read as in the neighbouring edition: the one before, else another copy, else the one after.
    pub same: usize,
    /// Versions of the same label with other words.
    pub changed: usize,
    /// Provisions under another label.
    pub moved: usize,
    pub new: usize,
    /// Pieces of provisions that were divided, beside the main pieces.
    pub split: usize,
    pub merged: usize,
    pub repealed: usize,
    /// Links with the editions before and after that wait for a person.
    pub to_review: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EditionOutcome {
    Added,
    /// The same file was here before: nothing was done.
    AlreadyHeld,
    /// Another file of the same day stepped back for this one.
    Replaced,
    /// A file of a better form is held for the same day: nothing was done.
    BetterHeld,
}

/// An edition without its text.
#[derive(Debug, Clone, PartialEq)]
pub struct EditionRow {
    pub id: String,
    pub act: String,
    pub edition_date: Date,
    pub current_to: Date,
    pub basis: String,
    pub format: String,
    pub sha256: String,
    pub counts: Value,
    pub headings: i64,
    pub with_body: i64,
    pub added_ms: i64,
}

pub(super) const EDITION_COLUMNS: &str = "id, act_id, edition_date, current_to, basis, format, sha256, counts_json, headings, with_body, added_ms";

impl EditionRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: sql::text(row, "id")?,
            act: sql::text(row, "act_id")?,
            edition_date: sql::date(row, "edition_date")?,
            current_to: sql::date(row, "current_to")?,
            basis: sql::text(row, "basis")?,
            format: sql::text(row, "format")?,
            sha256: sql::text(row, "sha256")?,
            counts: sql::json(row, "counts_json")?,
            headings: sql::int(row, "headings")?,
            with_body: sql::int(row, "with_body")?,
            added_ms: sql::int(row, "added_ms")?,
        })
    }
}

/// What a provision said in one edition.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionRow {
    pub id: String,
    /// The provision's key, the same through all editions.
    pub provision: String,
    pub edition: String,
    pub act: String,
    pub act_title: String,
    pub edition_date: Date,
    pub current_to: Date,
    pub citation: String,
    pub article: String,
    pub kind: String,
    pub title: Option<String>,
    pub path: Value,
    pub text: String,
    pub text_sha256: String,
    pub start_char: i64,
    pub end_char: i64,
    pub repealed: bool,
    pub in_force_from: Option<Date>,
    pub in_force_until: Option<Date>,
    pub from_basis: FromBasis,
    pub alignment: Alignment,
    pub ordinal: i64,
}

pub(super) const VERSION_COLUMNS: &str =
    "v.*, e.act_id, e.edition_date, e.current_to, a.title as act_title
     from provision_version v join edition e on e.id = v.edition_id join act a on a.id = e.act_id";

impl VersionRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: sql::text(row, "id")?,
            provision: sql::text(row, "provision_key")?,
            edition: sql::text(row, "edition_id")?,
            act: sql::text(row, "act_id")?,
            act_title: sql::text(row, "act_title")?,
            edition_date: sql::date(row, "edition_date")?,
            current_to: sql::date(row, "current_to")?,
            citation: sql::text(row, "citation")?,
            article: sql::text(row, "article")?,
            kind: sql::text(row, "kind")?,
            title: sql::text_or_none(row, "title")?,
            path: sql::json(row, "path_json")?,
            text: sql::text(row, "text")?,
            text_sha256: sql::text(row, "text_sha256")?,
            start_char: sql::int(row, "start_char")?,
            end_char: sql::int(row, "end_char")?,
            repealed: sql::int(row, "repealed")? != 0,
            in_force_from: sql::date_or_none(row, "in_force_from")?,
            in_force_until: sql::date_or_none(row, "in_force_until")?,
            from_basis: sql::code(row, "from_basis", FromBasis::parse)?,
            alignment: sql::code(row, "alignment", Alignment::parse)?,
            ordinal: sql::int(row, "ordinal")?,
        })
    }
}

/// How sure it is that a version speaks for the day asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// The day is covered by the edition, or the text is the same before and after it.
    Known,
    /// Later than anybody verified: say the day.
    AfterCurrent,
    /// The text changed between two held editions: unknown which holds; show both.
    Between,
    /// The text is held and comes into force on a later day; what stood before it is not held, or nothing did.
    NotYet,
}

/// A version for a day, and how sure that is.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionOn {
    pub version: VersionRow,
    pub standing: Standing,
    /// With [`Standing::Between`]: what the later edition says, if it still has the provision.
    pub later: Option<VersionRow>,
    /// Another text of the same provision that is known to come into force after the day.
    pub coming: Option<VersionRow>,
}

impl VersionRow {
    /// The day on which the text came or comes into force, where it is known and not only bounded.
    pub fn known_from(&self) -> Option<Date> {
        let is_known = self.from_basis == FromBasis::TermChange;
        self.in_force_from.filter(|_| is_known)
    }
}

/// An article's number and title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleRow {
    pub citation: String,
    pub article: String,
    pub title: Option<String>,
    pub repealed: bool,
    /// Section, chapter and so on above it.
    pub path: Value,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassageRow {
    pub id: String,
    pub version: Option<String>,
    pub edition: String,
    pub act: String,
    pub act_title: String,
    pub owner: Option<OrganisationId>,
    pub edition_date: Date,
    pub current_to: Date,
    pub citation: String,
    pub article: String,
    pub kind: String,
    pub title: Option<String>,
    pub text: String,
    pub start_char: i64,
    pub end_char: i64,
    pub in_force_from: Option<Date>,
    pub in_force_until: Option<Date>,
}

pub(super) const PASSAGE_COLUMNS: &str =
    "p.*, e.act_id, e.edition_date, e.current_to, a.title as act_title, a.owner_organisation_id
     from passage p join edition e on e.id = p.edition_id join act a on a.id = e.act_id";

impl PassageRow {
    pub(super) fn read(row: &AnyRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: sql::text(row, "id")?,
            version: sql::text_or_none(row, "version_id")?,
            edition: sql::text(row, "edition_id")?,
            act: sql::text(row, "act_id")?,
            act_title: sql::text(row, "act_title")?,
            owner: sql::text_or_none(row, "owner_organisation_id")?.map(OrganisationId),
            edition_date: sql::date(row, "edition_date")?,
            current_to: sql::date(row, "current_to")?,
            citation: sql::text(row, "citation")?,
            article: sql::text(row, "article")?,
            kind: sql::text(row, "kind")?,
            title: sql::text_or_none(row, "title")?,
            text: sql::text(row, "text")?,
            start_char: sql::int(row, "start_char")?,
            end_char: sql::int(row, "end_char")?,
            in_force_from: sql::date_or_none(row, "in_force_from")?,
            in_force_until: sql::date_or_none(row, "in_force_until")?,
        })
    }
}

/// An amendment note as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    pub citation: String,
    pub date: Option<Date>,
    pub law: String,
    pub what: String,
}

/// A line of `kb status`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ActStatus {
    pub act: String,
    pub title: String,
    pub editions: i64,
    pub newest: Option<Date>,
    pub current_to: Option<Date>,
    pub passages: i64,
    /// Links between editions that wait for a person: `kb align --review`.
    pub to_look_at: i64,
}

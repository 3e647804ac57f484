//! What the aligner reads and what it answers.

use jiff::civil::Date;

pub use crate::law::provision::ProvisionKind as Kind;

/// A piece of an edition, as the aligner reads it.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    /// How people cite it in this edition.
    pub citation: &'a str,
    /// What it is; an outer kind is less than an inner one.
    pub kind: Kind,
    /// Title of an article, where it has one.
    pub title: Option<&'a str>,
    /// Its words; an outer node's text contains the inner ones.
    pub text: &'a str,
    /// Whether only a note of repeal is left of it.
    pub repealed: bool,
    /// Amendment notes that stand at it.
    pub notes: Vec<Note<'a>>,
}

/// An amendment note at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Note<'a> {
    /// The amending law's date.
    pub date: Date,
    /// Its number.
    pub law: &'a str,
    /// What happened, in the note's words: «Дополнение частью».
    pub what: &'a str,
}

/// A connection between nodes of two neighbouring editions.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The node in the new edition; nothing where the old one ends.
    pub new: Option<usize>,
    /// The nodes of the old edition that it continues, the main one first.
    pub old: Vec<usize>,
    /// How it continues them.
    pub relation: Relation,
    /// How clear it is, from 0 (a toss) to 1 (beyond doubt).
    pub margin: f32,
    /// What the link rests on most.
    pub basis: Basis,
    /// Why a person should look, or nothing where the link is clear.
    pub review: Option<Review>,
    /// With a review: the nodes of the other edition that may belong here, the most alike first.
    pub rivals: Vec<Rival>,
}

/// A node that a person may choose instead.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rival {
    /// The node: of the new edition where the link ends an old one, else of the old edition.
    pub node: usize,
    /// How like the words are, from 0 to 1.
    pub likeness: f32,
}

/// How a provision goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// The words and the label are the same.
    Same,
    /// Reworded under the same label.
    Edited,
    /// Under another label of the same article.
    Moved,
    /// Under another article.
    Renumbered,
    /// New without old.
    Inserted,
    /// Old without new, or with a new node that stands only as a note.
    Repealed,
    /// One old, several new.
    Split,
    /// Several old, one new.
    Merged,
}

/// What a link rests on most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Basis {
    /// The words are the same.
    ExactText,
    /// A note in the new edition says so.
    AmendmentNote,
    /// The place between neighbours.
    Position,
    /// The words are like.
    Likeness,
    /// The label alone.
    Label,
}

/// Why a person should look at a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Review {
    /// Another candidate is nearly as good.
    Rivals,
    /// The label is the same, the subject may be another.
    OtherSubject,
    /// The words are not like enough.
    WeakLikeness,
    /// Something in the other edition may be what this continues.
    PossiblyContinued,
    /// The text may have been divided.
    PossibleSplit,
    /// The text may have been joined with another.
    PossibleMerger,
}

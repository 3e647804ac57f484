//! Amendments that are known and whose text is not held.

use jiff::civil::Date;

/// A law that amends an act, or may; its text is not here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnheldAmendment {
    pub id: String,
    /// «419-ФЗ».
    pub number: String,
    pub signed_on: Date,
    pub published_on: Date,
    pub title: String,
    /// Its page at the publication service.
    pub url: Option<String>,
    pub reach: AmendmentReach,
    /// When the desk first heard of it, Unix ms.
    pub seen_ms: i64,
}

/// How surely it amends the act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmendmentReach {
    /// Its title names the act.
    Named,
    /// Its title names no act.
    Possible,
}

/// An amendment and a provision that the answer of a case quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendmentWarning {
    pub amendment: UnheldAmendment,
    /// The provision's key: what is handed in when the warning is cleared.
    pub provision: String,
    /// What the answer calls it.
    pub citation: String,
    /// `None`: a lawyer must look at it before the answer is approved.
    pub cleared: Option<Decided>,
}

/// What a person decided and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub by: String,
    pub reason: String,
    pub at_ms: i64,
}

/// Which warning of a case is cleared, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClearedWarning {
    pub amendment: String,
    pub provision: String,
    pub reason: String,
}

/// The amendments of one act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActAmendments {
    pub act: String,
    pub title: String,
    /// Those that wait for their text or for a decision, oldest first.
    pub open: Vec<UnheldAmendment>,
    /// Those that were put aside for the whole act.
    pub aside: Vec<(UnheldAmendment, Decided)>,
}

//! What is unclear between two editions, asked article by article.

use jiff::civil::Date;

/// The first articles of an act where something waits for a person.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignmentPage {
    /// Questions of the whole act.
    pub open: usize,
    /// In the order of days and texts.
    pub articles: Vec<AlignmentArticle>,
}

/// An article with all that is asked about it between two editions.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignmentArticle {
    /// «ст. 392 ТК РФ».
    pub norm: String,
    /// Its number, where the act has articles.
    pub number: Option<String>,
    /// Days of the two editions.
    pub older: Date,
    pub newer: Date,
    /// Texts of the articles in question as they stand in either edition, headings included; the article itself first.
    pub older_texts: Vec<String>,
    pub newer_texts: Vec<String>,
    pub questions: Vec<AlignmentQuestion>,
}

/// A norm of one edition of which it is not clear what it is in the neighbouring one.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignmentQuestion {
    pub id: String,
    pub side: AlignmentSide,
    /// «ч. 2 ст. 392 ТК РФ».
    pub norm: String,
    pub text: String,
    /// Why a person is asked, in plain Russian.
    pub why: String,
    /// Norms of the other edition: the one that holds until somebody decides first, if there is one.
    pub choices: Vec<AlignmentChoice>,
}

/// Which edition the norm in question stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlignmentSide {
    Newer,
    Older,
}

/// A norm of the other edition that it may be.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignmentChoice {
    /// In canonical form.
    pub label: String,
    pub norm: String,
    pub text: String,
    /// From 0 to 1, where it was measured.
    pub likeness: Option<f64>,
    pub holds_now: bool,
}

impl AlignmentChoice {
    /// What a form hands in when it is chosen.
    pub fn answer(&self) -> String {
        match self.holds_now {
            true => "accept".to_owned(),
            false => format!("to:{}", self.label),
        }
    }
}

/// What a person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlignmentAnswer {
    /// It stays as it holds now.
    Accept,
    /// It is this norm of the other edition.
    To(String),
    /// The other edition does not have it.
    Alone,
}

/// What came of a person's answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AlignmentsDecided {
    pub decided: usize,
    /// Questions that were open no more: answered together with another one, or by somebody else.
    pub passed: usize,
}

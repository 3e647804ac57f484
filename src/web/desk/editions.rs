//! Editions beside each other, and how they come in.

use super::law::PracticeHit;
use jiff::civil::Date;

/// Which editions to compare; a day stands for the edition that speaks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompareAsked {
    pub act: String,
    /// `None`: the newest edition before the other one.
    pub from: Option<Date>,
    /// `None`: the newest edition.
    pub to: Option<Date>,
    pub only: Only,
}

/// What of the act to show in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Only {
    /// The list of what changed.
    List,
    /// One heading of the list, by its place.
    Chapter(usize),
    /// One article, by its number.
    Article(String),
}

/// Two editions of an act compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparePage {
    pub act: String,
    pub act_title: String,
    /// Days of all editions that are held, oldest first.
    pub editions: Vec<Date>,
    /// `None` where only one edition is held, or both days fall into one.
    pub compared: Option<ComparedEditions>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedEditions {
    pub old: Date,
    pub new: Date,
    /// Of the whole act.
    pub counts: ChangeCounts,
    /// Headings under which something changed, in the order of the text.
    pub chapters: Vec<ChangedChapter>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ChangeCounts {
    pub changed: usize,
    pub inserted: usize,
    pub repealed: usize,
    pub moved: usize,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedChapter {
    /// Its place in the whole list, for [`Only::Chapter`].
    pub place: usize,
    pub title: String,
    pub articles: Vec<ChangedArticle>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedArticle {
    pub number: String,
    pub title: String,
    pub counts: ChangeCounts,
    /// Empty in the list.
    pub changes: Vec<ChangedNorm>,
}

/// A norm that reads otherwise, came, went or was moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedNorm {
    pub kind: ChangeKind,
    /// What it was called and what it is called, in canonical form.
    pub old: Option<String>,
    pub new: Option<String>,
    pub runs: Vec<WordRun>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    Changed,
    Inserted,
    Repealed,
    Moved,
}

impl ChangeKind {
    pub fn code(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Inserted => "inserted",
            Self::Repealed => "repealed",
            Self::Moved => "moved",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordRun {
    pub mark: RunMark,
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunMark {
    Kept,
    Added,
    Removed,
}

/// An act that is held, for its administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAct {
    pub id: String,
    pub title: String,
    pub current_to: Option<Date>,
    /// What can be searched.
    pub passages: i64,
    /// Norms whose neighbour in another edition a person should look at.
    pub to_look_at: i64,
    /// Newest first.
    pub editions: Vec<HeldEdition>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldEdition {
    pub day: Date,
    pub current_to: Date,
    /// What kind of file it was read from.
    pub format: String,
    pub headings: i64,
    pub with_body: i64,
    pub added_ms: i64,
}

/// What a person says about a file that is handed in; what they leave out the content decides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ToldFile {
    /// `fz-10`, and the day of its edition: for a law.
    pub act: Option<String>,
    pub edition: Option<Date>,
    /// The rest is for a clarification or a court act.
    pub kind: Option<PracticeKind>,
    pub issuer: Option<String>,
    pub day: Option<Date>,
    pub number: Option<String>,
    pub url: Option<String>,
}

/// What a text beside the law is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PracticeKind {
    /// A clarification (разъяснение) of a body.
    Clarification,
    /// A court act (судебный акт).
    Court,
}

impl PracticeKind {
    pub const ALL: [Self; 2] = [Self::Clarification, Self::Court];

    pub fn code(self) -> &'static str {
        match self {
            Self::Clarification => "clarification",
            Self::Court => "court",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Which of the texts beside the law to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PracticeAsked {
    pub kind: PracticeKind,
    pub limit: i64,
    pub offset: i64,
}

/// Texts beside the law that are held, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldPractice {
    /// How many of the kind there are.
    pub total: i64,
    pub hits: Vec<PracticeHit>,
}

/// A clarification or court act that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenPractice {
    pub kind: PracticeKind,
    pub issuer: String,
    pub day: Option<Date>,
    pub number: Option<String>,
    pub title: String,
    /// How many norms it cites.
    pub norms: usize,
    /// The same file was here before.
    pub already_held: bool,
}

/// What became of a file that was handed in, or of one inside an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileOutcome {
    Taken(TakenEdition),
    Practice(TakenPractice),
    /// Nothing of it was kept; says why, where, and what to do.
    Refused {
        message: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenEdition {
    pub act: String,
    pub title: String,
    pub edition: Date,
    pub state: TakenState,
    pub headings: usize,
    pub with_body: usize,
    pub passages: usize,
    /// Numbers that are missing in the text.
    pub gaps: Vec<String>,
    /// The edition before it that is held: what to compare with.
    pub before: Option<Date>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenState {
    Added,
    /// The same file was here before.
    AlreadyHeld,
    /// It took the place of another copy of the same day.
    Replaced,
    /// A better copy of the same day is held: this one was not taken.
    BetterHeld,
}

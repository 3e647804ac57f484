use super::guide::{CitedLine, SituationLine, WordLine};
use super::local::LocalMark;
use crate::case::OrganisationId;
use jiff::civil::Date;

/// Whose search it is: a member sees approved statements only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Readers {
    /// Statements approved by a lawyer of this node or of one above it.
    Members {
        organisation: OrganisationId,
    },
    Lawyers,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    pub text: String,
    pub on: Date,
    pub readers: Readers,
    /// The node whose local acts are searched beside the law; `None`: the members' own, or nobody's.
    pub organisation_path: Option<String>,
    pub limit: usize,
}

/// What a search brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Verbatim law; behind it what the union's own agreements say.
    pub norms: Vec<Hit>,
    /// General notes in plain words.
    pub statements: Vec<Hit>,
    /// Clarifications, for those who answer and search; never for members.
    pub clarifications: Vec<PracticeHit>,
    /// Court acts, likewise.
    pub court_acts: Vec<PracticeHit>,
    /// Why the search is poorer than it should be, in words for people.
    pub trouble: Option<String>,
    /// Situations that are told like this, nearest first.
    pub situations: Vec<SituationLine>,
    /// Everyday words of the question with what they mean in law.
    pub words: Vec<WordLine>,
}

/// A clarification or court act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeHit {
    pub title: String,
    pub issuer: String,
    pub day: Option<Date>,
    pub number: Option<String>,
    pub url: Option<String>,
    /// The piece of it that fits best.
    pub text: String,
    /// Citations in canonical form.
    pub cites: Vec<String>,
    /// Those of them that read otherwise now than on its day.
    pub changed: Vec<String>,
    /// Whether that can't be told of some of them.
    pub unsure: bool,
}

/// A norm or a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Canonical citation of the norm, or id of the statement.
    pub id: String,
    pub title: String,
    pub text: String,
    /// Citations in canonical form; of a norm, its own.
    pub cites: Vec<String>,
    pub edition: Option<Date>,
    /// Up to which day the edition is known to be current.
    pub current_to: Option<Date>,
    /// Set where it is no law, but the union's own agreement.
    pub local: Option<LocalMark>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActLine {
    pub id: String,
    pub title: String,
    pub edition: Date,
    pub current_to: Date,
}

/// The contents of an act on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActPage {
    pub line: ActLine,
    /// Days of all editions that are held, oldest first.
    pub editions: Vec<Date>,
    /// The tree in the order of the text.
    pub contents: Vec<ContentsLine>,
}

/// A step through the tree of an act: every heading is opened and closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentsLine {
    Open {
        title: String,
        /// Whether other headings stand under it.
        outer: bool,
    },
    Articles(Vec<ArticleLine>),
    Close,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleLine {
    pub number: String,
    pub title: String,
    pub repealed: bool,
}

/// Which article somebody wants to read, and who.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleAsked {
    pub act: String,
    pub number: String,
    pub on: Date,
    /// Whose notes stand beside it; `None`: nobody's.
    pub readers: Option<Readers>,
}

/// An article on a day, with what surrounds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticlePage {
    pub act: String,
    pub act_title: String,
    pub number: String,
    pub on: Date,
    /// Headings above it, outermost first.
    pub path: Vec<String>,
    pub standing: DayStanding,
    /// Since when the text that is shown stands, where that is known.
    pub since: Option<TextSince>,
    /// Norms in the article whose held text comes into force after the day.
    pub coming: Vec<ComingNorm>,
    /// What the edition that speaks for the day says; `None` where it has no such article.
    pub shown: Option<ArticleText>,
    /// What the next edition says, where the day lies between two that differ.
    pub later: Option<ArticleText>,
    /// The editions that have the article, oldest first.
    pub history: Vec<EditionDay>,
    /// Official notes of amendments, newest first.
    pub notes: Vec<AmendmentLine>,
    /// General notes that rest on the article and that this reader may see.
    pub statements: Vec<Hit>,
    /// What the law has changed since an explanation of a court was given.
    pub changed_since: Vec<CitedLine>,
    pub cited_by: CitedBy,
    pub previous: Option<String>,
    pub next: Option<String>,
}

/// Since when a text stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextSince {
    pub day: Date,
    pub is: SinceIs,
    /// The law that made it so, where the edition names it.
    pub law: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SinceIs {
    /// In force since this day.
    Known,
    /// The law was signed on it: in force since it, or later.
    NotBefore,
}

/// A norm whose held text comes into force after the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComingNorm {
    pub citation: String,
    pub from: Date,
    pub shown: ComingShown,
}

/// What the page shows where a text comes later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComingShown {
    /// The text that stands until then.
    TextBefore,
    /// The text that comes.
    TextItself,
}

/// What is known about the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayStanding {
    /// The edition is current on the day.
    Known,
    /// The day lies between two editions that say the same.
    SameInBoth { next: Date },
    /// Nobody verified a day this late.
    AfterCurrent,
    /// The day lies between two editions that differ.
    Between { next: Date },
    /// The text is held and comes into force on `from`; what stood before it is not held, or nothing did.
    NotYet { from: Date },
    /// The same of some of the norms in the text; the others are the law on the day.
    PartlyNotYet,
    /// The edition that speaks for the day has no such article.
    Absent { edition: Date },
}

/// An article as one edition has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArticleText {
    pub edition: Date,
    pub current_to: Date,
    pub title: String,
    pub repealed: bool,
    pub parts: Vec<NormPart>,
}

/// A part, point, subpoint or paragraph with its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NormPart {
    pub citation: String,
    /// Inner norms that begin at the same place: each is an anchor too.
    pub also: Vec<String>,
    /// The number of the part, for the margin, where the text does not bear one.
    pub margin: Option<String>,
    /// 1 for a part, 2 for a point, 3 for a subpoint.
    pub depth: u8,
    pub pieces: Vec<TextPiece>,
    pub repealed: bool,
}

/// Words of a text, with the norm that they name where it is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextPiece {
    pub text: String,
    pub to: Option<String>,
}

/// An edition that has the article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditionDay {
    pub edition: Date,
    pub current_to: Date,
    /// The number that it bears there.
    pub number: String,
    pub change: EditionChange,
}

/// How an edition's text stands to that of the edition before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditionChange {
    /// The oldest that is held.
    Oldest,
    /// Not there before.
    Inserted,
    Same,
    /// Other words than in the edition of `before`.
    Changed {
        before: Date,
    },
    Repealed,
}

/// An official note of an amendment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmendmentLine {
    pub citation: String,
    pub day: Option<Date>,
    pub law: String,
    pub what: String,
}

/// Norms of held acts that cite an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CitedBy {
    /// The list is being gathered: look again soon.
    Gathering,
    Norms(Vec<CitingNorm>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CitingNorm {
    pub from: String,
    /// What it cites: the article, or a norm inside it.
    pub to: String,
}

/// What a search within an act found, the best first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActSearch {
    pub line: ActLine,
    pub articles: Vec<FoundArticle>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundArticle {
    pub number: String,
    pub title: String,
    pub places: Vec<FoundPlace>,
}

/// A place in an article, with the words that were looked for marked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundPlace {
    pub citation: String,
    /// Words, and whether they were looked for.
    pub pieces: Vec<(String, bool)>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestChapter {
    pub title: String,
    pub articles: Vec<DigestArticle>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestArticle {
    /// `tk:80`.
    pub id: String,
    pub title: String,
    pub statements: usize,
    pub approved: usize,
}

/// A statement with the hash that an approval binds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementLine {
    pub id: String,
    pub sha256: String,
    pub article: String,
    pub text: String,
    pub cites: Vec<String>,
    pub conditions: Vec<String>,
    pub exceptions: Vec<String>,
    /// For this node, by a lawyer of it or of one above.
    pub approved: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementPick {
    pub id: String,
    pub sha256: String,
}

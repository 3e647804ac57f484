use super::alike::Alike;
use super::entries::{OUTSIDE, question_entry, statement_entry, statement_key};
use super::guide::Guide;
use super::practice::Piece;
use super::standing::Held;
use super::unsettled::{Norms, Unsettled, doubt};
use crate::index::EntryKind;
use crate::knowledge::digest::{DigestArticle, Statement, StatementState};
use crate::knowledge::{OutsideTopic, Together};
use crate::law::Citation;
use crate::law::compare::reads_the_same;
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

/// A passage of the law as the desk searches and quotes it.
#[derive(Debug, Clone, PartialEq)]
pub struct LawPassage {
    pub id: String,
    pub act: String,
    pub act_title: String,
    /// `tk:81:1:6:v`.
    pub citation: String,
    /// `tk:81`.
    pub article: String,
    pub kind: EntryKind,
    /// «Статья N. Название».
    pub title: String,
    pub text: String,
    pub edition: Date,
    pub current_to: Date,
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Whose local act this is; `None` for the law.
    pub organisation_path: Option<String>,
    /// Headings above it, outermost first; empty for passages.
    pub path: Vec<String>,
}

impl LawPassage {
    /// Whether somebody at the node with this path may see it: the law everybody, a local act those of its node and below.
    pub fn is_seen_from(&self, path: Option<&str>) -> bool {
        let owner = self.organisation_path.as_deref();
        owner.is_none_or(|owner| path.is_some_and(|path| path.starts_with(owner)))
    }

    /// Whether the passage is the law on `on`, as far as the desk knows.
    pub fn in_force(&self, on: Date) -> bool {
        self.from.is_none_or(|from| from <= on) && self.until.is_none_or(|until| on < until)
    }
}

/// What a search can find, by the ids that the index holds.
pub struct Catalog {
    pub(super) passages: HashMap<String, LawPassage>,
    /// Parts of an article in the order of the text, by `tk:81`.
    parts: HashMap<String, Vec<String>>,
    pub(super) statements: HashMap<String, (Statement, String)>,
    /// The index id of each statement, by its own id.
    by_id: HashMap<String, String>,
    pub(super) questions: HashMap<String, (String, String)>,
    /// The statements that answer a question, by its index id: their own ids.
    pub(super) answered_by: HashMap<String, Vec<String>>,
    /// Index ids of questions that only choose between an article's statements, and lift no article.
    pub(super) choosing: HashSet<String>,
    /// Index ids of the lines that say what an article is about.
    pub(super) about: HashSet<String>,
    together: Together,
    /// Questions that the acts do not answer, by index id, with the place of their topic.
    pub(super) outside: HashMap<String, (String, usize)>,
    pub(super) topics: Vec<OutsideTopic>,
    pub(super) articles: HashMap<String, DigestArticle>,
    /// Every norm down to points and paragraphs, for quotes; by citation, all editions.
    norms: Norms,
    acts: HashSet<String>,
    held: Held,
    /// The owner's path of each local act.
    local: HashMap<String, String>,
    /// Statements, by id and hash, that a second reader agreed to.
    agreed: HashSet<(String, String)>,
    /// Statements, by index id, that the newest held text no longer bears out.
    unsettled: HashMap<String, Unsettled>,
    /// The editions that a union's own wording was read against, by act, by the statement's id.
    written: HashMap<String, BTreeMap<String, Date>>,
    /// The edition that the digest of each act was written from.
    bases: HashMap<String, Date>,
    /// Made when something is embedded.
    pub(super) alike: OnceLock<Alike>,
    /// Pieces of clarifications and court acts, by index id.
    pub(super) practice: HashMap<String, Piece>,
    pub(super) guide: Guide,
}

impl Catalog {
    /// Everything that can be found: the law's passages (what is searched), its norms (what is quoted)
    /// and the digest.
    pub fn new(
        passages: Vec<LawPassage>,
        norms: Vec<LawPassage>,
        digest: Vec<DigestArticle>,
        agreed: HashSet<(String, String)>,
    ) -> Self {
        let acts = passages.iter().map(|passage| passage.act.clone()).collect();
        let held = Held::of(passages.iter().chain(&norms));
        let norms = Norms::new(norms);
        let owned = |passage: &LawPassage| {
            let owner = passage.organisation_path.clone()?;
            Some((passage.act.clone(), owner))
        };
        let local = passages.iter().filter_map(owned).collect();
        let mut parts: HashMap<String, Vec<String>> = HashMap::new();
        for passage in &passages {
            if passage.kind != EntryKind::Article {
                let ids = parts.entry(passage.article.clone()).or_default();
                ids.push(passage.id.clone());
            }
        }
        let mut statements = HashMap::new();
        let mut questions = HashMap::new();
        let mut about = HashSet::new();
        let mut articles = HashMap::new();
        let mut bases: HashMap<String, Date> = HashMap::new();
        for article in digest {
            let base = bases
                .entry(article.act.to_string())
                .or_insert(article.edition);
            *base = article.edition.max(*base);
            let citation = article.citation().to_string();
            for statement in &article.statements {
                statements.insert(
                    statement_entry(statement),
                    (statement.clone(), citation.clone()),
                );
            }
            about.insert(question_entry(&citation, &article.about));
            for question in std::iter::once(&article.about).chain(&article.questions) {
                questions.insert(
                    question_entry(&citation, question),
                    (question.clone(), citation.clone()),
                );
            }
            articles.insert(citation, article);
        }
        let entry_of = |(entry, (statement, _)): (&String, &(Statement, String))| {
            (statement.id.clone(), entry.clone())
        };
        let by_id = statements.iter().map(entry_of).collect();
        let mut catalog = Self {
            by_id,
            passages: passages.into_iter().map(|p| (p.id.clone(), p)).collect(),
            parts,
            statements,
            questions,
            answered_by: HashMap::new(),
            choosing: HashSet::new(),
            about,
            together: Together::default(),
            outside: HashMap::new(),
            topics: Vec::new(),
            articles,
            norms,
            acts,
            held,
            local,
            agreed,
            unsettled: HashMap::new(),
            written: HashMap::new(),
            bases,
            alike: OnceLock::new(),
            practice: HashMap::new(),
            guide: Guide::default(),
        };
        catalog.doubt_all();
        catalog
    }

    /// Adds the editions that the union's own wordings were read against.
    pub fn with_written(mut self, written: HashMap<String, BTreeMap<String, Date>>) -> Self {
        self.written = written;
        self.doubt_all();
        self
    }

    fn doubt_all(&mut self) {
        let doubts = self.statements.iter();
        let doubts = doubts.filter_map(|(entry, (statement, article))| {
            let file = self.articles.get(article)?.edition;
            let read_in = |cite: &Citation| self.read_in(statement, file, cite);
            Some((entry.clone(), doubt(statement, read_in, &self.norms)?))
        });
        self.unsettled = doubts.collect();
    }

    /// The edition that a norm of a statement was read in: that of the union's own wording, else that of the
    /// statement's file for its own act, else that which the digest of the norm's act was written from.
    pub fn read_in(&self, statement: &Statement, file: Date, cite: &Citation) -> Date {
        let act = cite.act.as_str();
        if let Some(editions) = self.written.get(&statement.id) {
            return editions.get(act).copied().unwrap_or(file);
        }
        let home = self.statement_by_id(&statement.id);
        let is_own = home.is_some_and(|(_, article)| article.split(':').next() == Some(act));
        match is_own {
            true => file,
            false => self.bases.get(act).copied().unwrap_or(file),
        }
    }

    /// The edition that the digest of an act was written from.
    pub(super) fn base(&self, act: &str) -> Option<Date> {
        self.bases.get(act).copied()
    }

    /// The statements that a second reader agreed to and whose norms the newest text words otherwise.
    pub fn changed_statements(&self) -> Vec<(&Statement, Date)> {
        let unsettled = self.unsettled.iter();
        let changed = unsettled.filter(|(_, why)| **why == Unsettled::NormChanged);
        let mut found: Vec<(&Statement, Date)> = changed
            .filter_map(|(entry, _)| {
                let (statement, article) = self.statements.get(entry)?;
                let edition = self.articles.get(article)?.edition;
                let read = self.agreed_to(&statement.id, &statement.sha256());
                read.then_some((statement, edition))
            })
            .collect();
        found.sort_by(|a, b| a.0.id.cmp(&b.0.id));
        found
    }

    /// A norm as an edition words it, and as the newest held one does; empty where one has it no more.
    pub fn then_and_now(&self, citation: &str, written: Date) -> (String, String) {
        let versions = self.norms.of(citation);
        let words = |day: Option<Date>| {
            let found = versions.iter().find(|norm| Some(norm.edition) == day);
            found.map(|norm| norm.text.clone()).unwrap_or_default()
        };
        let act = citation.split(':').next().unwrap_or_default();
        (words(Some(written)), words(self.newest_edition(act)))
    }

    /// The day of the newest held edition of an act.
    pub fn newest_edition(&self, act: &str) -> Option<Date> {
        self.norms.newest(act)
    }

    /// Adds the topics that the acts do not answer.
    pub fn with_outside(mut self, topics: Vec<OutsideTopic>) -> Self {
        for (place, topic) in topics.iter().enumerate() {
            for question in &topic.questions {
                let id = question_entry(&format!("{OUTSIDE}:{}", topic.id), question);
                self.outside.insert(id, (question.clone(), place));
            }
        }
        self.topics = topics;
        self
    }

    /// Adds which statements belong together in an answer.
    pub fn with_together(mut self, together: Together) -> Self {
        self.together = together;
        self
    }

    /// The ids of the statements that a lawyer says in the same breath with this one, more important first.
    pub fn companions(&self, statement: &str) -> &[String] {
        self.together.with(statement)
    }

    /// The article of each statement, by the statement's own id.
    pub(super) fn statement_homes(&self) -> impl Iterator<Item = (&str, &str)> {
        let statements = self.statements.values();
        statements.map(|(statement, article)| (statement.id.as_str(), article.as_str()))
    }

    /// Whether a second reader agreed to exactly this wording of a note.
    pub(super) fn agreed_to(&self, id: &str, sha256: &str) -> bool {
        let key = (id.to_owned(), sha256.to_owned());
        self.agreed.contains(&key)
    }

    pub(super) fn norms(&self) -> &Norms {
        &self.norms
    }

    /// The topic of a question that the acts do not answer, by its index id.
    pub fn outside_topic(&self, entry: &str) -> Option<&OutsideTopic> {
        let (_, place) = self.outside.get(entry)?;
        self.topics.get(*place)
    }

    /// Whether the desk holds any text of the act.
    pub fn holds(&self, act: &str) -> bool {
        self.acts.contains(act)
    }

    /// The norm that `citation` names, as it stood on `on`: its own words, down to the paragraph.
    pub fn cited(&self, citation: &str, on: Date) -> Option<&LawPassage> {
        let found = self.held.on_day(self.norms.of(citation).iter(), on);
        found.into_iter().max_by_key(|norm| norm.edition)
    }

    /// Whether the norms of a statement read on `on` as in the edition that it was written from.
    ///
    /// Where that edition is not held there is nothing to compare, and the statement stands.
    ///
    /// A rule of former days is told from a text of those days that is held, or not at all.
    pub fn reads_as_written(&self, statement: &Statement, written: Date, on: Date) -> bool {
        if statement.until.is_some() {
            return statement.cites.iter().all(|cite| {
                let then = self.cited(&cite.to_string(), on);
                let written = self.read_in(statement, written, cite);
                then.is_some_and(|norm| norm.edition < written)
            });
        }
        statement.cites.iter().all(|cite| {
            let label = cite.to_string();
            let written = self.read_in(statement, written, cite);
            let mut versions = self.norms.of(&label).iter();
            let Some(then) = versions.find(|norm| norm.edition == written) else {
                return true;
            };
            let now = self.cited(&label, on);
            now.is_some_and(|now| reads_the_same(&now.text, &then.text))
        })
    }

    /// The innermost heading that the newest held text puts an article under.
    pub fn chapter(&self, article: &str) -> Option<String> {
        let newest = self
            .norms
            .of(article)
            .iter()
            .max_by_key(|norm| norm.edition)?;
        newest.path.last().cloned()
    }

    /// The article whose digest holds the question with this index id.
    pub fn question_article(&self, entry: &str) -> Option<&str> {
        self.questions
            .get(entry)
            .map(|(_, article)| article.as_str())
    }

    pub fn passage(&self, id: &str) -> Option<&LawPassage> {
        self.passages.get(id)
    }

    pub fn passages(&self) -> impl Iterator<Item = &LawPassage> {
        self.passages.values()
    }

    /// A digest statement with the article that it stands in, by its index id.
    pub fn statement(&self, entry: &str) -> Option<(&Statement, &str)> {
        let (statement, article) = self.statements.get(entry)?;
        Some((statement, article))
    }

    /// The same by the statement's own id.
    pub fn statement_by_id(&self, id: &str) -> Option<(&Statement, &str)> {
        let entry = self.by_id.get(id)?;
        self.statement(entry)
    }

    /// The digest of an article such as `tk:81`.
    pub fn digest(&self, article: &str) -> Option<&DigestArticle> {
        self.articles.get(article)
    }

    pub fn digested(&self) -> impl Iterator<Item = &DigestArticle> {
        self.articles.values()
    }

    /// The passages of an article that were the law on `on`, in the order of the text.
    pub fn parts(&self, article: &str, on: Date) -> Vec<&LawPassage> {
        let ids = self.parts.get(article).map(Vec::as_slice);
        let all = ids.unwrap_or_default().iter();
        let all = all.filter_map(|id| self.passages.get(id));
        let mut found = self.held.on_day(all, on);
        found
            .sort_by_key(|passage| ids.and_then(|ids| ids.iter().position(|id| *id == passage.id)));
        found
    }

    /// The local acts that somebody at the node with this path sees: of the node and of all above it.
    pub fn local_acts(&self, path: &str) -> Vec<String> {
        let seen = |owner: &str| path.starts_with(owner);
        let seen = self.local.iter().filter(|(_, owner)| seen(owner));
        let mut acts: Vec<String> = seen.map(|(act, _)| act.clone()).collect();
        acts.sort();
        acts
    }

    /// The whole text of the edition of each law: newest edition and the day up to which it is known.
    pub fn editions(&self) -> Vec<(String, Date, Date)> {
        let mut newest: HashMap<&str, (Date, Date)> = HashMap::new();
        let law = |passage: &&LawPassage| passage.organisation_path.is_none();
        for passage in self.passages.values().filter(law) {
            let entry = newest
                .entry(&passage.act)
                .or_insert((passage.edition, passage.current_to));
            if passage.edition > entry.0 {
                *entry = (passage.edition, passage.current_to);
            }
        }
        let mut list: Vec<_> = newest
            .into_iter()
            .map(|(act, (edition, current_to))| (act.to_owned(), edition, current_to))
            .collect();
        list.sort();
        list
    }

    /// Whether a statement may stand in a draft: a second reader agreed to exactly these fields, and its
    /// norms read as they did then.
    ///
    /// One whose numbers the norms do not hold stays, for the draft flags it before the lawyer.
    pub fn may_speak(&self, statement: &str, sha256: &str) -> bool {
        let key = statement_key(statement, sha256);
        self.agreed
            .contains(&(statement.to_owned(), sha256.to_owned()))
            && self.unsettled.get(&key) != Some(&Unsettled::NormChanged)
            && self
                .statements
                .get(&key)
                .is_some_and(|(statement, _)| statement.state == StatementState::Verified)
    }

    /// Whether a statement may be shown as a general note, once a lawyer of the union approved it: it may
    /// speak, and the text that is held says nothing against it.
    pub fn may_be_shown(&self, statement: &str, sha256: &str) -> bool {
        self.may_speak(statement, sha256)
            && !self
                .unsettled
                .contains_key(&statement_key(statement, sha256))
    }
}

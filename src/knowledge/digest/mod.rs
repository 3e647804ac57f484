//! The digest: the law in our own words, a strict TOML file per article.

mod check;
mod edit;
mod load;
mod style;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::law::{ActId, Citation, InForce};

pub use check::{Finding, Severity, check};
pub use edit::{Edit, EditFile, Edited, Wording, apply};
pub use load::{embedded_reads, load_dir, load_embedded, overlay, parse_article, parse_reads};
pub use style::{LONG_SENTENCE_WORDS, officialese, sentence_words};

/// What a statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementKind {
    /// A right.
    Right,
    /// A duty.
    Duty,
    /// A ban.
    Ban,
    /// A term.
    Term,
    /// A sum, share or number.
    Amount,
    /// How something is done.
    Procedure,
    /// What a word means.
    Definition,
    /// An exception.
    Exception,
    /// What follows from a breach or an event.
    Consequence,
}

impl StatementKind {
    /// Returns the word used in the files.
    pub fn as_str(self) -> &'static str {
        match self {
            StatementKind::Right => "right",
            StatementKind::Duty => "duty",
            StatementKind::Ban => "ban",
            StatementKind::Term => "term",
            StatementKind::Amount => "amount",
            StatementKind::Procedure => "procedure",
            StatementKind::Definition => "definition",
            StatementKind::Exception => "exception",
            StatementKind::Consequence => "consequence",
        }
    }
}

/// How far a statement has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementState {
    /// A second reader agreed: it may be composed into drafts.
    Verified,
    /// It serves search only.
    Search,
}

/// One self-contained fact in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// Stable id, `tk-80-01`; never reused.
    pub id: String,
    /// The fact.
    pub text: String,
    /// The norms that hold it.
    pub cites: Vec<Citation>,
    /// What it says.
    pub kind: StatementKind,
    /// The first day it holds.
    pub from: Option<Date>,
    /// The first day it no longer holds.
    pub until: Option<Date>,
    /// When it holds.
    #[serde(default)]
    pub conditions: Vec<String>,
    /// When it does not.
    #[serde(default)]
    pub exceptions: Vec<String>,
    /// Whom it is about; empty = every employee.
    #[serde(default)]
    pub covers: Vec<String>,
    /// How far it has come.
    pub state: StatementState,
}

impl Statement {
    /// Returns the hash that reads and approvals are bound to: SHA-256 over the compact JSON of
    /// `[id, text, cites, kind, from, until, conditions, exceptions, covers]`, hexadecimal.
    pub fn sha256(&self) -> String {
        let day = |d: Option<Date>| d.map(|d| d.to_string());
        let fields = (
            &self.id,
            &self.text,
            &self.cites,
            self.kind.as_str(),
            day(self.from),
            day(self.until),
            &self.conditions,
            &self.exceptions,
            &self.covers,
        );
        // Strings, lists and nothing always serialise; an empty text could match no read.
        let json = serde_json::to_string(&fields).unwrap_or_default();
        super::read::hex(&Sha256::digest(json.as_bytes()))
    }

    /// Returns under what conditions it holds, when it does not, and for whom.
    pub fn qualifiers(&self) -> impl Iterator<Item = &String> {
        let all = self.conditions.iter().chain(&self.exceptions);
        all.chain(&self.covers)
    }

    /// Returns the days on which the statement holds.
    pub fn in_force(&self) -> InForce {
        InForce {
            from: self.from,
            until: self.until,
        }
    }
}

/// A neighbour that people take for this article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confusion {
    /// The neighbour.
    pub cite: Citation,
    /// What makes it another thing.
    pub why: String,
}

/// What another held act has changed since an act was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangedSince {
    /// The norm that is the law now.
    pub cite: Citation,
    /// What it says.
    pub what: String,
}

/// A digest file: an article in plain words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestArticle {
    /// The act.
    pub act: ActId,
    /// The article's number.
    pub article: String,
    /// The edition whose labels the citations use.
    pub edition: Date,
    /// Plain words.
    pub title: String,
    /// One line.
    pub about: String,
    /// What people ask.
    pub questions: Vec<String>,
    /// Articles to look at as well.
    #[serde(default)]
    pub related: Vec<Citation>,
    /// Articles that people take for this one.
    #[serde(default)]
    pub confused_with: Vec<Confusion>,
    /// What the law has changed since; for explanations of courts, which stay as they were.
    #[serde(default)]
    pub changed_since: Vec<ChangedSince>,
    /// The facts.
    #[serde(default, rename = "statement")]
    pub statements: Vec<Statement>,
}

impl DigestArticle {
    /// Returns the citation of the article, or of the point of an act without articles (`a1_5` is point 5 of annex 1).
    pub fn citation(&self) -> Citation {
        let label = format!("{}:{}", self.act, self.article.replace('_', ":"));
        let article = || Citation::of_article(self.act.clone(), self.article.clone());
        label.parse().unwrap_or_else(|_| article())
    }
}

/// What a second reader found about a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReadVerdict {
    /// The statement's id.
    pub statement: String,
    /// The hash that was read.
    pub sha256: String,
    /// What the reader says.
    pub verdict: Verdict,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The day.
    pub date: Date,
}

/// A reader's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The statement says what the norm says.
    #[serde(alias = "ok", alias = "yes")]
    Agree,
    /// It does not.
    #[serde(alias = "no", alias = "wrong")]
    Disagree,
    /// The reader could not tell.
    Unsure,
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const FILE: &str = r#"
act = "tk"
article = "80"
edition = "2025-12-29"
title = "Уйти по своему желанию"
about = "Как уволиться самому"
questions = ["Как уволиться?"]
related = ["tk:77"]
confused_with = [{ cite = "tk:78", why = "там соглашение" }]

[[statement]]
id = "tk-80-01"
text = "Работник предупреждает работодателя за 2 недели, если другого срока нет."
cites = ["tk:80:1"]
kind = "term"
from = "2002-02-01"
conditions = ["нет другого срока"]
state = "search"
"#;

    #[test]
    fn a_file_is_read_and_unknown_fields_are_refused() {
        let article = parse_article("80.toml", FILE).unwrap();
        assert_eq!(article.statements[0].cites[0].to_string(), "tk:80:1");
        assert_eq!(article.citation().to_string(), "tk:80");
        let message = parse_article("80.toml", &FILE.replace("about", "abuot"))
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("80.toml") && message.contains("abuot"),
            "{message}"
        );
    }

    #[test]
    fn the_hash_is_that_of_the_compact_json_and_changes_with_every_field() {
        // python: json.dumps([...], ensure_ascii=False, separators=(',', ':'))
        let json = r#"["tk-80-01","Работник предупреждает работодателя за 2 недели, если другого срока нет.",["tk:80:1"],"term","2002-02-01",null,["нет другого срока"],[],[]]"#;
        let statement = parse_article("80.toml", FILE).unwrap().statements.remove(0);
        assert_eq!(
            statement.sha256(),
            super::super::read::hex(&Sha256::digest(json.as_bytes()))
        );
        let other = Statement {
            exceptions: vec!["x".into()],
            ..statement.clone()
        };
        assert_ne!(other.sha256(), statement.sha256());
    }
}

//! What of the catalog the index holds, and what the encoder reads for it.

use super::Catalog;
use super::alike::Alike;
use super::entries::{
    OUTSIDE, outside_as_entry, passage_as_entry, question_as_entry, statement_as_entry,
};
use crate::index::{Entry, EntryKind};

impl Catalog {
    /// How soon an entry needs its vector, lowest first: the articles of a waiting question, then what
    /// people ask, then statements, then the law by part, then whole articles.
    pub fn urgency(&self, entry: &str, first: &[String]) -> (usize, usize) {
        let (kind, article) = if let Some((_, article)) = self.questions.get(entry) {
            (0, article.as_str())
        } else if self.outside.contains_key(entry) {
            (0, OUTSIDE)
        } else if let Some((_, article)) = self.statements.get(entry) {
            (1, article.as_str())
        } else if let Some(passage) = self.passages.get(entry) {
            let kind = if passage.kind == EntryKind::Article {
                3
            } else {
                2
            };
            (kind, passage.article.as_str())
        } else {
            (4, "")
        };
        let place = first.iter().position(|wanted| wanted == article);
        let elsewhere = first.len() + usize::from(kind > 1) + usize::from(kind > 2);
        (place.unwrap_or(elsewhere), kind)
    }

    /// The entries with these ids, without vectors.
    pub fn entries_of(&self, ids: &[String]) -> Vec<Entry> {
        ids.iter().filter_map(|id| self.entry(id)).collect()
    }

    fn entry(&self, id: &str) -> Option<Entry> {
        if let Some(passage) = self.passages.get(id) {
            return Some(passage_as_entry(passage));
        }
        if let Some((statement, article)) = self.statements.get(id) {
            return Some(statement_as_entry(id, article, statement));
        }
        if let Some((text, place)) = self.outside.get(id) {
            return Some(outside_as_entry(id, &self.topics.get(*place)?.id, text));
        }
        if let Some(piece) = self.practice.get(id) {
            return Some(piece.as_entry(id));
        }
        let (text, article) = self.questions.get(id)?;
        Some(question_as_entry(id, article, text))
    }

    /// Every entry that the index should hold, without vectors.
    pub fn entries(&self) -> Vec<Entry> {
        let law = self.passages.values().map(passage_as_entry);
        let statements = self
            .statements
            .iter()
            .map(|(id, (statement, article))| statement_as_entry(id, article, statement));
        let questions = self
            .questions
            .iter()
            .map(|(id, (text, article))| question_as_entry(id, article, text));
        let outside = self
            .outside
            .iter()
            .map(|(id, (text, place))| outside_as_entry(id, &self.topics[*place].id, text));
        law.chain(statements)
            .chain(questions)
            .chain(outside)
            .chain(self.practice.iter().map(|(id, piece)| piece.as_entry(id)))
            .collect()
    }

    /// The entries that the encoder reads alike, this one among them: a passage that several editions have.
    pub fn alike(&self, id: &str) -> Vec<String> {
        let alike = self.alike.get_or_init(|| Alike::of(self.passages.values()));
        match alike.with(id) {
            [] => vec![id.to_owned()],
            group => group.to_vec(),
        }
    }

    /// What the encoder reads for an entry: the title, and the text.
    pub fn embedding_text(&self, id: &str) -> Option<(Option<String>, String)> {
        if let Some(passage) = self.passages.get(id) {
            return Some((Some(passage.title.clone()), passage.text.clone()));
        }
        if let Some((statement, article)) = self.statements.get(id) {
            let title = self
                .articles
                .get(article)
                .map(|digest| digest.title.clone());
            return Some((title, statement.text.clone()));
        }
        if let Some((question, _)) = self.outside.get(id) {
            return Some((None, question.clone()));
        }
        if let Some(piece) = self.practice.get(id) {
            return Some(piece.embedding_text());
        }
        let (question, _) = self.questions.get(id)?;
        Some((None, question.clone()))
    }
}

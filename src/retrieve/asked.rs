//! The questions of the catalog: which statements answer them, and which of them lift an article.

use super::Catalog;
use super::entries::question_entry;
use crate::knowledge::Asked;

impl Catalog {
    /// Adds which statements answer which questions; a statement that is not held any more is passed over.
    pub fn with_asked(mut self, asked: &Asked) -> Self {
        let mut added: Vec<(String, String, String, String)> = Vec::new();
        for (statement, article) in self.statements.values() {
            for question in asked.of(&statement.id) {
                let entry = question_entry(article, question);
                let (text, article) = (question.clone(), article.clone());
                added.push((entry, statement.id.clone(), text, article));
            }
        }
        for (entry, statement, text, article) in added {
            if !self.questions.contains_key(&entry) {
                self.choosing.insert(entry.clone());
                self.questions.insert(entry.clone(), (text, article));
            }
            self.answered_by.entry(entry).or_default().push(statement);
        }
        self
    }

    /// Adds a line that is found like a question of an article, and is answered by these statements.
    pub(super) fn add_told(
        &mut self,
        entry: &str,
        line: &str,
        article: &str,
        statements: &[String],
    ) {
        if !self.questions.contains_key(entry) {
            let told = (line.to_owned(), article.to_owned());
            self.questions.insert(entry.to_owned(), told);
            self.choosing.insert(entry.to_owned());
        }
        let answers = self.answered_by.entry(entry.to_owned()).or_default();
        for id in statements {
            if !answers.contains(id) {
                answers.push(id.clone());
            }
        }
    }

    /// Whether an entry with this index id lifts its article. Questions written for single statements do not: an
    /// article has the more of them the longer it is, and one without statements has none.
    pub fn lifts(&self, entry: &str) -> bool {
        !self.choosing.contains(entry)
    }

    /// Whether the entry is the line that says what an article is about.
    pub(super) fn is_about(&self, entry: &str) -> bool {
        self.about.contains(entry)
    }

    /// The ids of the statements that answer the question with this index id.
    pub fn answered_by(&self, entry: &str) -> &[String] {
        self.answered_by.get(entry).map_or(&[], Vec::as_slice)
    }
}

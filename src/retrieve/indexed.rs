//! What of the catalog the index holds, and what the encoder reads for it.

use super::Catalog;
use super::alike::Alike;
use super::entries::{
    OUTSIDE, outside_as_entry, passage_as_entry, question_as_entry, statement_as_entry,
};
use crate::index::{Entry, EntryKind};

impl Catalog {
    /// How soon an entry needs its vector, lowest first: the articles of a waiting question, then what finds an
    /// article by its questions and statements, then the law by part, then what only chooses between an article's
    /// statements, then whole articles.
    pub fn urgency(&self, entry: &str, first: &[String]) -> (usize, usize) {
        let (kind, article): (usize, &str) = if let Some((_, article)) = self.questions.get(entry) {
            (if self.lifts(entry) { 0 } else { 3 }, article.as_str())
        } else if self.outside.contains_key(entry) {
            (0, OUTSIDE)
        } else if let Some((_, article)) = self.statements.get(entry) {
            (1, article.as_str())
        } else if let Some(passage) = self.passages.get(entry) {
            let kind = if passage.kind == EntryKind::Article {
                4
            } else {
                2
            };
            (kind, passage.article.as_str())
        } else {
            (5, "")
        };
        let place = first.iter().position(|wanted| wanted == article);
        let elsewhere = first.len() + kind.saturating_sub(1);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::digest::parse_article;
    use crate::knowledge::parse_asked;
    use crate::retrieve::LawPassage;
    use jiff::civil::date;
    use std::collections::HashSet;

    fn passage(id: &str, kind: EntryKind) -> LawPassage {
        LawPassage {
            id: id.to_owned(),
            act: "tk".to_owned(),
            act_title: String::new(),
            citation: "tk:115:1".to_owned(),
            article: "tk:115".to_owned(),
            kind,
            title: String::new(),
            text: "Отпуск.".to_owned(),
            edition: date(2025, 12, 29),
            current_to: date(2025, 12, 29),
            from: None,
            until: None,
            organisation_path: None,
            path: Vec::new(),
        }
    }

    fn catalog() -> Catalog {
        let article = r#"
            act = "tk"
            article = "115"
            edition = "2025-12-29"
            title = "Сколько длится отпуск"
            about = "Сколько дней отдыха положено"
            questions = ["Сколько дней отпуска"]

            [[statement]]
            id = "tk-115-01"
            text = "Отпуск длится 28 дней."
            cites = ["tk:115:1"]
            kind = "amount"
            state = "verified"
        "#;
        let article = parse_article("115.toml", article).unwrap();
        let asked = "[asked]\ntk-115-01 = [\"На сколько можно уехать\"]\n";
        let passages = vec![
            passage("whole", EntryKind::Article),
            passage("part", EntryKind::Part),
        ];
        Catalog::new(passages, Vec::new(), vec![article], HashSet::new())
            .with_asked(&parse_asked("asked.toml", asked).unwrap())
    }

    #[test]
    fn what_finds_an_article_is_embedded_before_what_chooses_in_it() {
        let catalog = &catalog();
        let order = |first: &[String]| {
            let mut entries = catalog.entries();
            entries.sort_by_key(|entry| catalog.urgency(&entry.id, first));
            let kinds = entries.iter().map(|entry| entry.kind);
            kinds.collect::<Vec<_>>()
        };
        let (question, statement) = (EntryKind::Question, EntryKind::Statement);
        let (part, article) = (EntryKind::Part, EntryKind::Article);
        let usual = [question, question, statement, part, question, article];
        assert_eq!(order(&[]), usual);
        assert_eq!(order(&["tk:115".to_owned()]), usual);
        // All of an article that a question waits for comes before anything of another.
        let urgencies = |waiting: &str| {
            let first = [waiting.to_owned()];
            let entries = catalog.entries().into_iter();
            entries.map(move |entry| catalog.urgency(&entry.id, &first))
        };
        assert!(urgencies("tk:115").max() < urgencies("tk:9").min());
    }

    #[test]
    fn the_line_on_what_an_article_is_about_is_known_from_its_questions() {
        let catalog = catalog();
        let about: Vec<bool> = catalog
            .entries()
            .iter()
            .filter(|entry| entry.kind == EntryKind::Question)
            .map(|entry| catalog.is_about(&entry.id))
            .collect();
        assert_eq!(about.len(), 3);
        assert_eq!(about.iter().filter(|about| **about).count(), 1);
    }
}

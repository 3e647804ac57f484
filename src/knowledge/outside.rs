//! What people ask a labour-law desk and the acts it holds do not answer, with who decides it instead.

use super::KnowledgeError;
use super::shipped::of_folder;
use serde::Deserialize;
use std::collections::HashSet;
use std::path::Path;

const EMBEDDED: &str = include!(concat!(env!("OUT_DIR"), "/outside.rs"));

/// A topic on which the desk keeps silent: questions as people ask them, and where to go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutsideTopic {
    /// Latin letters and dashes; unique.
    pub id: String,
    pub kind: OutsideKind,
    /// A few plain words.
    pub title: String,
    /// One sentence: who or what decides it.
    pub instead: String,
    pub questions: Vec<String>,
}

/// Why the desk has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutsideKind {
    /// About work, but another act or document decides.
    OtherAct,
    /// Not labour law.
    NotLabour,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutsideFile {
    topic: Vec<OutsideTopic>,
}

/// Returns the topics of one file. Fails on unknown fields, a doubled id and a topic without questions.
pub fn parse_outside(file: &str, toml: &str) -> Result<Vec<OutsideTopic>, KnowledgeError> {
    let refuse = |message: String| KnowledgeError::Malformed {
        file: file.to_owned(),
        message,
    };
    let parsed: OutsideFile = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
    let mut seen = HashSet::new();
    for topic in &parsed.topic {
        if !seen.insert(topic.id.as_str()) {
            return Err(refuse(format!("тема {} уже есть", topic.id)));
        }
        if topic.questions.is_empty() || topic.instead.trim().is_empty() {
            return Err(refuse(format!(
                "у темы {} нет вопросов или ответа, кто решает",
                topic.id
            )));
        }
    }
    Ok(parsed.topic)
}

/// Returns the topics of `outside.toml` in `folder`, or those that the binary carries where it has none.
pub fn outside_topics(folder: Option<&Path>) -> Result<Vec<OutsideTopic>, KnowledgeError> {
    of_folder(folder, "outside.toml", EMBEDDED, parse_outside)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOPIC: &str = "[[topic]]\nid = \"pension\"\nkind = \"other_act\"\ntitle = \"Пенсия\"\n\
        instead = \"Решает Социальный фонд.\"\nquestions = [\"Когда мне на пенсию?\"]\n";

    #[test]
    fn the_shipped_topics_are_whole() {
        let topics = outside_topics(None).unwrap();
        assert!(topics.len() >= 40, "{}", topics.len());
        assert!(topics.iter().any(|t| t.kind == OutsideKind::NotLabour));
        let mut questions = HashSet::new();
        for question in topics.iter().flat_map(|topic| &topic.questions) {
            assert!(questions.insert(question), "twice: {question}");
        }
    }

    #[test]
    fn a_doubled_topic_and_one_without_questions_are_refused() {
        assert!(parse_outside("outside.toml", TOPIC).is_ok());
        let twice = format!("{TOPIC}{TOPIC}");
        assert!(parse_outside("outside.toml", &twice).is_err());
        let empty = TOPIC.replace("[\"Когда мне на пенсию?\"]", "[]");
        let error = parse_outside("outside.toml", &empty).unwrap_err();
        assert!(error.to_string().contains("pension"), "{error}");
    }

    #[test]
    fn a_folder_wins_over_the_shipped_topics() {
        let folder = tempfile::tempdir().unwrap();
        assert!(outside_topics(Some(folder.path())).unwrap().len() > 1);
        std::fs::write(folder.path().join("outside.toml"), TOPIC).unwrap();
        assert_eq!(outside_topics(Some(folder.path())).unwrap().len(), 1);
    }
}

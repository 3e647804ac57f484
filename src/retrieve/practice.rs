//! Clarifications and court acts: searched in lists of their own, never among the norms.

use super::{DEPTH, MAX_QUESTION_CHARS, RetrieveError, Searcher};
use crate::index::{Entry, EntryKind, Filter, IndexError, Scored};
use crate::knowledge::PracticeKind;
use crate::law::text::stems;
use std::collections::HashMap;

/// The longest piece of a text that is one entry, in characters.
const PIECE_CHARS: usize = 1_200;
/// How little the first places of a list differ in the fusion of two.
const FUSION: f32 = 60.0;

/// A clarification or court act as the desk searches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    pub id: String,
    pub kind: PracticeKind,
    pub title: String,
    pub text: String,
}

/// A text that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct PracticeHit {
    pub id: String,
    pub score: f32,
    /// The piece of it that fits best.
    pub excerpt: String,
}

/// A piece of a text, as the index holds it.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    id: String,
    kind: PracticeKind,
    title: String,
    text: String,
}

/// The pieces of texts by their index ids.
pub(super) fn pieces(texts: Vec<Practice>) -> HashMap<String, Piece> {
    let mut all = HashMap::new();
    for practice in texts {
        for (at, text) in cut(&practice.text).into_iter().enumerate() {
            let piece = Piece {
                id: practice.id.clone(),
                kind: practice.kind,
                title: practice.title.clone(),
                text,
            };
            all.insert(format!("c:{}:{at}", practice.id), piece);
        }
    }
    all
}

/// A text in pieces at the ends of its lines; a line longer than a piece is one.
fn cut(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut room = 0;
    for line in text.lines().filter(|line| !line.is_empty()) {
        let length = line.chars().count();
        match pieces.last_mut() {
            Some(piece) if length <= room => {
                piece.push('\n');
                piece.push_str(line);
                room -= length;
            }
            _ => {
                room = PIECE_CHARS.saturating_sub(length);
                pieces.push(line.to_owned());
            }
        }
    }
    pieces
}

impl Piece {
    pub(super) fn as_entry(&self, entry: &str) -> Entry {
        let place = format!("practice:{}", self.id);
        Entry {
            id: entry.to_owned(),
            kind: EntryKind::Clarification,
            citation: place.clone(),
            article: place,
            act: self.kind.code().to_owned(),
            organisation_path: None,
            from: None,
            until: None,
            stems: stems(&self.text),
            title_stems: stems(&self.title),
            dense: None,
        }
    }

    /// What the encoder reads: title and text.
    pub(super) fn embedding_text(&self) -> (Option<String>, String) {
        (Some(self.title.clone()), self.text.clone())
    }
}

impl Searcher {
    /// The clarifications, or the court acts, that bear on `question`, best first, each once.
    ///
    /// Fails as [`Searcher::retrieve`] does. By words alone where there is no encoder.
    pub async fn practice(
        &self,
        question: &str,
        kind: PracticeKind,
        limit: usize,
    ) -> Result<Vec<PracticeHit>, RetrieveError> {
        let question = question.trim().to_owned();
        if question.is_empty() {
            return Err(RetrieveError::Empty);
        }
        if question.chars().count() > MAX_QUESTION_CHARS {
            return Err(RetrieveError::TooLong {
                limit: MAX_QUESTION_CHARS,
            });
        }
        if !self.catalog.has_practice(kind) {
            return Ok(Vec::new());
        }
        let vector = self.vectors(std::slice::from_ref(&question)).await.pop();
        let filter = Filter {
            kinds: vec![EntryKind::Clarification],
            acts: vec![kind.code().to_owned()],
            ..Filter::default()
        };
        let index = std::sync::Arc::clone(&self.index);
        let look = move || -> Result<_, IndexError> {
            let by_words = index.lexical(&stems(&question), &filter, DEPTH)?;
            let by_meaning = match vector {
                Some(vector) => index.dense(&vector, &filter, DEPTH)?,
                None => Vec::new(),
            };
            Ok([by_words, by_meaning])
        };
        let lists = tokio::task::spawn_blocking(look)
            .await
            .map_err(|e| RetrieveError::Stopped(e.to_string()))??;
        let mut hits = self.fused(&lists);
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        hits.truncate(limit);
        Ok(hits)
    }

    /// Each text once, by the places of its best pieces in the lists.
    fn fused(&self, lists: &[Vec<Scored>]) -> Vec<PracticeHit> {
        let mut hits: HashMap<&str, PracticeHit> = HashMap::new();
        for list in lists {
            let mut place = 0.0;
            let mut seen: Vec<&str> = Vec::new();
            for scored in list {
                let Some(piece) = self.catalog.practice_piece(&scored.id) else {
                    continue;
                };
                if seen.contains(&piece.id.as_str()) {
                    continue;
                }
                seen.push(&piece.id);
                let hit = hits.entry(&piece.id).or_insert_with(|| PracticeHit {
                    id: piece.id.clone(),
                    score: 0.0,
                    excerpt: piece.text.clone(),
                });
                hit.score += 1.0 / (FUSION + place);
                place += 1.0;
            }
        }
        hits.into_values().collect()
    }
}

impl super::Catalog {
    /// Adds the texts beside the law.
    pub fn with_practice(mut self, texts: Vec<Practice>) -> Self {
        self.practice = pieces(texts);
        self
    }

    fn has_practice(&self, kind: PracticeKind) -> bool {
        self.practice.values().any(|piece| piece.kind == kind)
    }

    fn practice_piece(&self, entry: &str) -> Option<&Piece> {
        self.practice.get(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_its_lines_and_nothing_is_lost() {
        let text = (0..40)
            .map(|n| format!("строка {n} {}", "слово ".repeat(n)))
            .collect::<Vec<_>>()
            .join("\n");
        let pieces = cut(&text);
        assert!(pieces.len() > 2);
        assert_eq!(pieces.join("\n"), text);
        assert!(
            pieces
                .iter()
                .all(|piece| piece.chars().count() < PIECE_CHARS + 50)
        );
    }
}

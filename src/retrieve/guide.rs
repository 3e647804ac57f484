//! Situations and everyday words in a search: told lines are found like questions, words add what the law calls them.

use super::Catalog;
use super::entries::question_entry;
use super::unsettled::changed;
use crate::index::Scored;
use crate::knowledge::digest::StatementState;
use crate::knowledge::guide::{GlossaryEntry, Situation};
use crate::law::text::stems;
use crate::law::{ActId, Citation};
use jiff::civil::Date;
use std::collections::{BTreeMap, HashMap};

/// How many situations a search tells.
const MOST: usize = 3;

/// The situations and the glossary, ready for look-ups.
#[derive(Default)]
pub(super) struct Guide {
    situations: BTreeMap<String, Situation>,
    /// The situation of a told line, by its index id.
    told: HashMap<String, String>,
    glossary: Vec<GlossaryEntry>,
    /// The stems of each form with the place of its entry, by the form's first stem.
    forms: HashMap<String, Vec<(Vec<String>, usize)>>,
}

impl Catalog {
    /// Adds situations, whose told lines are found like the questions of the article that their first statement
    /// stands in, and the glossary.
    pub fn with_guide(mut self, situations: Vec<Situation>, glossary: Vec<GlossaryEntry>) -> Self {
        let homes: HashMap<String, String> = self
            .statement_homes()
            .map(|(id, article)| (id.to_owned(), article.to_owned()))
            .collect();
        for situation in situations {
            let home = situation.statements.iter().find_map(|id| homes.get(id));
            for line in &situation.told {
                let Some(article) = home else { continue };
                let entry = question_entry(article, line);
                self.add_told(&entry, line, article, &situation.statements);
                self.guide.told.insert(entry, situation.id.clone());
            }
            let id = situation.id.clone();
            self.guide.situations.insert(id, situation);
        }
        for (place, entry) in glossary.iter().enumerate() {
            for said in &entry.said {
                let form = stems(said);
                let Some(first) = form.first().cloned() else {
                    continue;
                };
                let forms = self.guide.forms.entry(first).or_default();
                forms.push((form, place));
            }
        }
        self.guide.glossary = glossary;
        self
    }

    /// Whether the entry with this index id is a told line of a situation.
    pub(super) fn is_told(&self, entry: &str) -> bool {
        self.guide.told.contains_key(entry)
    }

    /// Every situation, by id.
    pub fn situations(&self) -> impl Iterator<Item = &Situation> {
        self.guide.situations.values()
    }

    /// The situation of this id.
    pub fn situation(&self, id: &str) -> Option<&Situation> {
        self.guide.situations.get(id)
    }

    /// Every entry of the glossary.
    pub fn glossary(&self) -> &[GlossaryEntry] {
        &self.guide.glossary
    }

    /// The everyday words that stand in a text, each once, in its order.
    pub fn words_in(&self, text: &str) -> Vec<&GlossaryEntry> {
        self.places_in(&stems(text))
            .into_iter()
            .filter_map(|place| self.guide.glossary.get(place))
            .collect()
    }

    /// The stems of a question, and behind them those of what the law calls its everyday words.
    pub(super) fn with_legal_words(&self, question: Vec<String>) -> Vec<String> {
        let places = self.places_in(&question);
        let entries = places
            .iter()
            .filter_map(|place| self.guide.glossary.get(*place));
        let mut all = question.clone();
        for stem in entries
            .flat_map(|entry| &entry.legal)
            .flat_map(|legal| stems(legal))
        {
            if !all.contains(&stem) {
                all.push(stem);
            }
        }
        all
    }

    fn places_in(&self, text: &[String]) -> Vec<usize> {
        let mut places = Vec::new();
        for at in 0..text.len() {
            let forms = self.guide.forms.get(&text[at]).into_iter().flatten();
            for (form, place) in forms {
                if text[at..].starts_with(form) && !places.contains(place) {
                    places.push(*place);
                }
            }
        }
        places
    }

    /// The situations nearest to a question, by the told lines that were found, best first with their cosines.
    pub(super) fn situations_of(&self, questions: &[Scored]) -> Vec<(String, f32)> {
        let mut best: Vec<(String, f32)> = Vec::new();
        for scored in questions {
            let Some(id) = self.guide.told.get(&scored.id) else {
                continue;
            };
            match best.iter_mut().find(|(known, _)| known == id) {
                Some((_, score)) => *score = score.max(scored.score),
                None => best.push((id.clone(), scored.score)),
            }
        }
        best.sort_by(|a, b| b.1.total_cmp(&a.1));
        best.truncate(MOST);
        best
    }

    /// Whether a situation may be shown, once a lawyer of the union approved it: a second reader agreed to exactly
    /// these lines, and the norms read as they did then.
    pub fn situation_stands(&self, one: &Situation) -> bool {
        let agreed = self.agreed_to(&one.note_id(), &one.sha256());
        agreed
            && one.state == StatementState::Verified
            && !self.norms_changed(one.cites(), one.edition)
    }

    /// The same for an entry of the glossary.
    pub fn word_stands(&self, entry: &GlossaryEntry) -> bool {
        let agreed = self.agreed_to(&entry.note_id(), &entry.sha256());
        agreed
            && entry.state == StatementState::Verified
            && !self.norms_changed(entry.cites.iter().collect(), entry.edition)
    }

    /// Whether one of these norms reads otherwise than it was read, or is gone; acts that are not held count as unchanged.
    ///
    /// The Code was read in `edition`, another act in the edition that its digest was written from.
    pub fn norms_changed(&self, cites: Vec<&Citation>, edition: Date) -> bool {
        let read_in = |cite: &Citation| {
            let base = self.base(cite.act.as_str());
            base.filter(|_| cite.act != ActId::tk()).unwrap_or(edition)
        };
        changed(cites.into_iter(), read_in, self.norms())
    }
}

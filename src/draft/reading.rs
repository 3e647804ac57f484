use crate::law::text::dates_in;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the question says, in its own words: each fact is a verbatim piece of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub facts: Vec<Fact>,
    /// Days that the question names, in the order of the text.
    pub dates: Vec<Date>,
    /// The day it happened, as far as the question says; the lawyer confirms it.
    pub event_date: Option<Date>,
}

/// A verbatim piece of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub text: String,
    /// Offsets in Unicode characters.
    pub start: usize,
    pub end: usize,
}

/// The most pieces a model may pick.
pub const MOST_FACTS: usize = 5;

impl Reading {
    /// The days in the question; facts are added by [`Reading::with_spans`].
    pub fn of(question: &str, today: Date) -> Self {
        let dates: Vec<Date> = dates_in(question, today)
            .into_iter()
            .map(|found| found.date)
            .collect();
        let event_date = dates.iter().copied().filter(|date| *date <= today).max();
        Self {
            facts: Vec::new(),
            dates,
            event_date,
        }
    }

    /// Takes the lines that a model picked; a line that is not a piece of the question is left out.
    pub fn with_spans(mut self, question: &str, reply: &str) -> Self {
        for line in reply.lines() {
            let span = line.trim().trim_start_matches('-').trim();
            let Some(at) = question.find(span).filter(|_| span.chars().count() > 2) else {
                continue;
            };
            let start = question[..at].chars().count();
            let fact = Fact {
                text: span.to_owned(),
                start,
                end: start + span.chars().count(),
            };
            let overlaps = |old: &Fact| fact.start < old.end && old.start < fact.end;
            if self.facts.len() < MOST_FACTS && !self.facts.iter().any(overlaps) {
                self.facts.push(fact);
            }
        }
        self.facts.sort_by_key(|fact| fact.start);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn only_pieces_of_the_question_become_facts() {
        let question = "Меня уволили 5 марта 2025 года, расчёт не дали.";
        let reading = Reading::of(question, date(2026, 1, 15)).with_spans(
            question,
            "- Меня уволили\n- расчёт не дали\n- зарплата 100 рублей\n",
        );
        let texts: Vec<&str> = reading
            .facts
            .iter()
            .map(|fact| fact.text.as_str())
            .collect();
        assert_eq!(texts, ["Меня уволили", "расчёт не дали"]);
        let fact = &reading.facts[1];
        let cut: String = question
            .chars()
            .skip(fact.start)
            .take(fact.end - fact.start)
            .collect();
        assert_eq!(cut, fact.text);
        assert_eq!(reading.event_date, Some(date(2025, 3, 5)));
    }

    #[test]
    fn a_day_that_has_not_come_is_not_when_it_happened() {
        let reading = Reading::of("Отпуск с 01.09.2026, сказали 12.01.2026", date(2026, 1, 15));
        assert_eq!(reading.event_date, Some(date(2026, 1, 12)));
        assert_eq!(reading.dates.len(), 2);
    }
}

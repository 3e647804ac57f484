//! The step that takes a question in: checked, kept, queued; nothing of it is lost.

use crate::case::{OrganisationId, PersonId};
use crate::law::text::is_mostly_russian;
use crate::retrieve::MAX_QUESTION_CHARS;
use crate::store::{CaseRow, NewCase, Store, StoreError};
use jiff::civil::Date;

/// A question as somebody typed it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    pub text: String,
    pub topic: Option<String>,
    pub event_date: Option<Date>,
    pub idempotency_key: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error("Напишите вопрос: поле пустое.")]
    Empty,
    #[error(
        "Вопрос слишком длинный: {given} знаков, можно {limit}. Оставьте главное, подробности добавите потом."
    )]
    TooLong { given: usize, limit: usize },
    #[error(
        "В вопросе есть знаки, которые не читаются. Наберите его заново или вставьте простым текстом."
    )]
    Unreadable,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The question's text, trimmed, or why it can't be taken.
pub fn check(text: &str) -> Result<&str, IntakeError> {
    let text = text.trim();
    let unreadable =
        |c: char| (c.is_control() && !matches!(c, '\n' | '\r' | '\t')) || c == '\u{fffd}';
    if text.chars().any(unreadable) {
        return Err(IntakeError::Unreadable);
    }
    if !text.chars().any(char::is_alphanumeric) {
        return Err(IntakeError::Empty);
    }
    let given = text.chars().count();
    if given > MAX_QUESTION_CHARS {
        return Err(IntakeError::TooLong {
            given,
            limit: MAX_QUESTION_CHARS,
        });
    }
    Ok(text)
}

/// Whether the search can read the question; another language goes to the lawyer all the same.
pub fn searchable(text: &str) -> bool {
    is_mostly_russian(text)
}

/// Makes the question a case. One transaction; a second call with the same key returns the first case.
pub async fn accept(
    store: &Store,
    member: &PersonId,
    organisation: &OrganisationId,
    question: &Question,
) -> Result<CaseRow, IntakeError> {
    let text = check(&question.text)?;
    let node = store.organisation(organisation).await?;
    let new = NewCase {
        organisation: organisation.clone(),
        member: member.clone(),
        subject: subject(text),
        text: text.to_owned(),
        topic: question.topic.clone(),
        region: node.region,
        industry: node.industry,
        event_date: question.event_date,
        deadline: None,
        idempotency_key: question.idempotency_key.clone(),
    };
    let case = store.create_case(&new).await?;
    tracing::info!(case = %case.id, "case received");
    Ok(case)
}

/// The first words of a question, for lists.
fn subject(text: &str) -> String {
    const MOST_CHARS: usize = 90;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST_CHARS {
        return line;
    }
    let cut: String = line.chars().take(MOST_CHARS).collect();
    let whole = cut
        .rsplit_once(' ')
        .map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_long_and_binary_questions_are_refused_with_words() {
        assert!(matches!(check(" \n?!"), Err(IntakeError::Empty)));
        assert!(matches!(
            check(&"а".repeat(100_000)),
            Err(IntakeError::TooLong { .. })
        ));
        assert!(matches!(
            check("отпуск\u{0}\u{1}"),
            Err(IntakeError::Unreadable)
        ));
        assert_eq!(check("  отпуск? ").unwrap(), "отпуск?");
    }

    #[test]
    fn a_subject_ends_at_a_word() {
        let subject = subject(&"слово ".repeat(40));
        assert!(subject.ends_with("слово…") && subject.chars().count() <= 91);
    }
}

//! Notes (примечания) behind an article: «примечание 2 к ст. 145.1», «п. 2 примечаний к ст. 13.11».

use super::level::{Group, Level, Value, marker_first, value_first};
use super::token::{Kind, Token};
use crate::law::citation::is_number;

/// Reads «примечания 1 к» before an article: a note stands in the place of a part.
///
/// A single note without a number is the first one; «примечаний к» has no values: the points before it are the notes.
pub(super) fn note(tokens: &[Token], i: usize) -> Option<Group> {
    let word = tokens.get(i).filter(|t| t.kind == Kind::Word)?;
    let ending = word.norm.strip_prefix("примечани")?;
    let at = i + 1 + usize::from(tokens.get(i + 1).is_some_and(|t| t.is("№")));
    let number = tokens.get(at).filter(|t| t.kind == Kind::Number);
    let number = number.filter(|t| t.norm.len() <= 2 && is_number(&t.norm));
    let (text, to) = match (number, ending) {
        (Some(number), _) => (Some(format!("n{}", number.norm)), at + 1),
        (None, "е" | "ю" | "ем" | "и" | "я") => (Some("n1".to_owned()), i + 1),
        (None, "й") => (None, i + 1),
        (None, _) => return None,
    };
    tokens.get(to).filter(|t| t.is("к"))?;
    // No note of a note: a text of nothing else would be read as deep as it is long.
    let article = marker_first(tokens, to + 1).or_else(|| value_first(tokens, to + 1))?;
    let value = |text| Value {
        text,
        first: i,
        next: to,
    };
    (article.level == Level::Article).then(|| Group {
        level: Level::Part,
        values: text.map(value).into_iter().collect(),
        first: i,
        next: to + 1,
    })
}

/// «п. 2 примечаний к»: the points before notes that have no number are those notes.
pub(super) fn number_notes(groups: &mut Vec<Group>) -> Option<()> {
    let Some(notes) = groups.iter().position(|g| g.values.is_empty()) else {
        return Some(());
    };
    let point = groups.iter().position(|g| g.level == Level::Point)?;
    let points = groups[point].values.clone();
    groups[notes].values = points
        .into_iter()
        .map(|value| Value {
            text: format!("n{}", value.text),
            ..value
        })
        .collect();
    groups[notes].first = groups[notes].first.min(groups[point].first);
    groups.remove(point);
    Some(())
}

//! The date of an edition, and what it rests on.

use jiff::civil::Date;

use super::act::EditionBasis;
use super::html::Block;
use super::notes::laws;
use super::tree::Structure;
use crate::law::text::{dates_in, month_of};

/// How the list of a publisher begins who notes no laws in the body.
const LISTED: &str = "с изменениями и дополнениями от";

/// `amends` tells by its number whether an act makes an edition of this one.
///
/// The newest law noted in the body decides: the head may announce laws that left nothing in the text yet, and rulings of courts.
pub(super) fn edition(
    structure: &Structure,
    head: &[Block],
    adopted: Date,
    amends: fn(&str) -> bool,
) -> (Date, EditionBasis) {
    let noted = structure
        .notes
        .iter()
        .filter(|n| n.citation.is_some() && amends(&n.law))
        .map(|n| n.date)
        .max();
    let listed = head
        .iter()
        .flat_map(|b| b.marks.iter())
        .flat_map(|m| laws(m))
        .filter(|(_, law)| amends(law))
        .map(|(d, _)| d)
        .max();
    // Readers of files put what the publisher says about the edition into the head's marks.
    let said = |start: &str| {
        let marks = head.iter().flat_map(|b| b.marks.iter());
        let marks = marks.filter(|m| m.starts_with(start));
        let days = marks.flat_map(|m| dates_in(m, Date::MAX));
        days.map(|d| d.date).max()
    };
    if let Some(day) = said("(Редакция от ") {
        return (day, EditionBasis::Stated);
    }
    if let Some(day) = said("(По состоянию на ") {
        return (day, EditionBasis::InForceOn);
    }
    // Where the head lists the days of all changes, the body notes repeals at most.
    let marks = head.iter().flat_map(|b| b.marks.iter());
    let changes = marks.filter(|m| m.to_lowercase().starts_with(LISTED));
    if let Some(day) = changes.flat_map(|m| days(m)).max() {
        return (day, EditionBasis::HeadList);
    }
    let listed = said("(ред. от ")
        .or(listed)
        .or_else(|| said("(С изменениями и дополнениями от"));
    match (noted, listed) {
        (Some(day), _) => (day, EditionBasis::AmendmentNotes),
        (None, Some(day)) => (day, EditionBasis::HeadList),
        (None, None) => (adopted, EditionBasis::Adoption),
    }
}

/// «24, 25 июля 2002 г., 27 апреля, 22 августа 2004 г.»: every day of the list.
fn days(list: &str) -> Vec<Date> {
    let mut out = Vec::new();
    // Days wait for their month, and days with a month for their year.
    let mut days: Vec<i8> = Vec::new();
    let mut dated: Vec<(i8, i8)> = Vec::new();
    for word in list.split([' ', ',', '.']).filter(|w| !w.is_empty()) {
        if let Some(month) = month_of(&word.to_lowercase()) {
            dated.extend(days.drain(..).map(|day| (month, day)));
        } else if let Ok(number) = word.parse::<i16>() {
            match i8::try_from(number) {
                Ok(day) => days.push(day),
                Err(_) => out.extend(
                    dated
                        .drain(..)
                        .filter_map(|(month, day)| Date::new(number, month, day).ok()),
                ),
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_day_of_a_list_is_read() {
        let found =
            days("С изменениями и дополнениями от: 24, 25 июля 2002 г., 3 мая, 1 июня 2004 г.");
        assert_eq!(
            found,
            [
                date(2002, 7, 24),
                date(2002, 7, 25),
                date(2004, 5, 3),
                date(2004, 6, 1)
            ]
        );
    }
}

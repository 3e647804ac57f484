//! How a norm of one edition goes with the norm of the same key in the edition before.

use super::keys::joined;
use super::side::Text;
use crate::law::align::{Link, Relation};
use crate::law::compare::reads_the_same;
use crate::store::{Alignment, FromBasis};
use std::collections::HashMap;

/// An edition with the keys of its norms.
#[derive(Clone, Copy)]
pub(in crate::store) struct Keyed<'a> {
    pub texts: &'a [Text],
    pub keys: &'a [String],
}

impl<'a> Keyed<'a> {
    /// Returns the places of its norms by key.
    pub fn places(&self) -> HashMap<&'a str, usize> {
        let keys = self.keys.iter().enumerate();
        keys.map(|(at, key)| (key.as_str(), at)).collect()
    }
}

/// What became of each norm since the edition before, from the keys of both; the links tell what was divided or joined.
pub(in crate::store) fn of_edition(
    edition: Keyed<'_>,
    before: Keyed<'_>,
    links: &[Link],
) -> Vec<Alignment> {
    let places = before.places();
    let mut relations: HashMap<usize, &Link> = HashMap::new();
    relations.extend(links.iter().filter_map(|link| Some((link.new?, link))));
    (0..edition.texts.len())
        .map(|at| {
            let link = relations.get(&at).copied();
            match places.get(edition.keys[at].as_str()) {
                Some(old) => {
                    let as_linked = link.filter(|link| joined(link) == Some((*old, at)));
                    let merged = as_linked.is_some_and(|link| link.relation == Relation::Merged);
                    match merged {
                        true => Alignment::Merged,
                        false => between(&edition.texts[at], &before.texts[*old]),
                    }
                }
                None if link.is_some_and(|link| link.relation == Relation::Split) => {
                    Alignment::Split
                }
                None => Alignment::New,
            }
        })
        .collect()
}

/// What became of a norm that both editions have.
pub(in crate::store) fn between(text: &Text, before: &Text) -> Alignment {
    if text.repealed && !before.repealed {
        Alignment::Repealed
    } else if text.citation != before.citation {
        Alignment::Moved
    } else if reads_the_same(&text.text, &before.text) {
        Alignment::Same
    } else {
        Alignment::Changed
    }
}

/// The first day of a version and what says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store) struct Since {
    pub from: Option<String>,
    pub basis: FromBasis,
}

/// What the edition before says of a version.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) enum Earlier<'a> {
    NoEdition,
    NoNorm,
    SameWords(Option<&'a str>),
    OtherWords,
}

/// The first day of a version: of its own note, else of the same words in the edition before.
pub(in crate::store) fn since(own: Since, earlier: Earlier<'_>) -> Since {
    match earlier {
        _ if own.from.is_some() => own,
        Earlier::NoEdition | Earlier::SameWords(None) => own,
        Earlier::SameWords(Some(day)) => Since {
            from: Some(day.to_owned()),
            basis: FromBasis::AmendmentNote,
        },
        Earlier::NoNorm | Earlier::OtherWords => Since {
            from: None,
            basis: FromBasis::BetweenEditions,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_as_old_as_its_words() {
        let own = |from: Option<&str>| Since {
            from: from.map(str::to_owned),
            basis: FromBasis::Edition,
        };
        assert_eq!(since(own(None), Earlier::NoEdition), own(None));
        let noted = own(Some("2024-01-01"));
        assert_eq!(since(noted.clone(), Earlier::NoNorm), noted);
        let same = since(own(None), Earlier::SameWords(Some("2006-10-06")));
        assert_eq!(same.from.as_deref(), Some("2006-10-06"));
        let changed = since(own(None), Earlier::OtherWords);
        assert_eq!(
            (changed.from, changed.basis),
            (None, FromBasis::BetweenEditions)
        );
    }
}

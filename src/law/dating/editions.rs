//! The days of every version of an act, from all editions that are held.

use super::notes::{About, of_own_words};
use super::{Basis, Certainty, Noted, Span, TermChanges};
use crate::law::Citation;
use crate::law::compare::plain;
use jiff::civil::Date;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// No law that the notes name waited so long to come into force.
const LONGEST_WAIT_YEARS: i16 = 3;

/// A norm as one edition has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedNorm {
    /// The provision's key, the same through all editions.
    pub key: String,
    pub citation: Citation,
    /// What its words come to: see [`words`].
    pub words: u64,
}

/// Returns a number that texts of the same words share, whatever their dashes, quotes and spaces.
pub fn words(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    plain(text).hash(&mut hasher);
    hasher.finish()
}

/// One edition with all its norms, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatedEdition {
    pub date: Date,
    pub norms: Vec<DatedNorm>,
    pub notes: Vec<Noted>,
}

/// What is known of the day on which a text came to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Begun {
    /// The day of the last change.
    from: Option<Date>,
    certainty: Certainty,
    /// The day of the first one, where all days are known: so long the text before stood.
    first: Option<Date>,
}

const UNKNOWN: Begun = Begun {
    from: None,
    certainty: Certainty::NotBefore,
    first: None,
};

/// The days of every norm of every edition, in the order of `editions`, which are oldest first, and of their norms.
///
/// Costs a few looks at each norm.
pub fn spans(editions: &[DatedEdition], facts: &TermChanges) -> Vec<Vec<Span>> {
    let held: Vec<Held<'_>> = editions.iter().map(Held::of).collect();
    let mut begun: Vec<Vec<Begun>> = Vec::with_capacity(editions.len());
    for at in 0..editions.len() {
        let own = of_edition(&held, at, begun.last().map(Vec::as_slice), facts);
        begun.push(own);
    }
    later_notes(&held, &mut begun, facts);
    (0..editions.len())
        .map(|at| {
            (0..editions[at].norms.len())
                .map(|norm| span(&held, &begun, at, norm))
                .collect()
        })
        .collect()
}

/// An edition with what is looked up in it.
struct Held<'a> {
    edition: &'a DatedEdition,
    by_key: HashMap<&'a str, usize>,
    /// Notes by article.
    notes: HashMap<Citation, Vec<Noted>>,
    /// Norms inside each norm, by its place.
    inside: Vec<Vec<usize>>,
}

impl<'a> Held<'a> {
    fn of(edition: &'a DatedEdition) -> Self {
        let norms = &edition.norms;
        let keys = norms.iter().enumerate();
        let by_key = keys.map(|(at, norm)| (norm.key.as_str(), at)).collect();
        let mut notes: HashMap<Citation, Vec<Noted>> = HashMap::new();
        for note in &edition.notes {
            let article = note.citation.article();
            notes.entry(article).or_default().push(note.clone());
        }
        let mut by_article: HashMap<Citation, Vec<usize>> = HashMap::new();
        for (at, norm) in norms.iter().enumerate() {
            by_article
                .entry(norm.citation.article())
                .or_default()
                .push(at);
        }
        let inside = norms
            .iter()
            .map(|norm| {
                let around = &by_article[&norm.citation.article()];
                let within = |at: &&usize| {
                    let inner = &norms[**at].citation;
                    *inner != norm.citation && norm.citation.contains(inner)
                };
                around.iter().filter(within).copied().collect()
            })
            .collect();
        Self {
            edition,
            by_key,
            notes,
            inside,
        }
    }

    fn norm(&self, at: usize) -> &'a DatedNorm {
        &self.edition.norms[at]
    }

    fn notes_at(&self, norm: &Citation) -> &[Noted] {
        self.notes.get(&norm.article()).map_or(&[], Vec::as_slice)
    }

    /// The same provision in another edition.
    fn same_key(&self, other: &Held<'_>, at: usize) -> Option<usize> {
        self.by_key.get(other.norm(at).key.as_str()).copied()
    }

    /// The same provision with the same words in another edition.
    fn same_words(&self, other: &Held<'_>, at: usize) -> Option<usize> {
        let here = self.same_key(other, at)?;
        (self.norm(here).words == other.norm(at).words).then_some(here)
    }
}

/// The beginnings of one edition's norms, the inner ones before those around them.
fn of_edition(
    held: &[Held<'_>],
    at: usize,
    before: Option<&[Begun]>,
    facts: &TermChanges,
) -> Vec<Begun> {
    let own = &held[at];
    let earlier = at.checked_sub(1).map(|at| &held[at]).zip(before);
    let mut order: Vec<usize> = (0..own.edition.norms.len()).collect();
    order.sort_by_key(|norm| own.inside[*norm].len());
    let mut begun = vec![UNKNOWN; order.len()];
    for norm in order {
        let same = earlier.and_then(|(held, begun)| Some(begun[held.same_words(own, norm)?]));
        begun[norm] = match same {
            Some(same) => same,
            None => changed(own, earlier.map(|(held, _)| held), norm, &begun, facts),
        };
    }
    begun
}

/// When a text that the edition before does not have came to stand.
fn changed(
    own: &Held<'_>,
    before: Option<&Held<'_>>,
    at: usize,
    begun: &[Begun],
    facts: &TermChanges,
) -> Begun {
    let inside = &own.inside[at];
    let after = before.map(|held| held.edition.date);
    if inside.is_empty() {
        return own_words(own, at, after, facts);
    }
    let mut days: Vec<Begun> = Vec::new();
    for inner in inside.iter().filter(|inner| own.inside[**inner].is_empty()) {
        let stood = before.is_some_and(|held| held.same_words(own, *inner).is_some());
        if !stood {
            days.push(begun[*inner]);
        }
    }
    days.extend(of_frame(own, at, after, facts));
    if let Some(held) = before
        && let Some(old) = held.same_key(own, at)
    {
        let gone = |inner: &&usize| own.same_key(held, **inner).is_none();
        if held.inside[old].iter().any(|inner| gone(&inner)) {
            days.push(UNKNOWN);
        }
    }
    match before {
        Some(_) => together(&days),
        None => oldest_known(&days),
    }
}

/// What a note at a container itself says of its own words and its heading.
fn of_frame(own: &Held<'_>, at: usize, after: Option<Date>, facts: &TermChanges) -> Option<Begun> {
    let norm = &own.norm(at).citation;
    let at_it = own.notes_at(norm).iter().filter(|note| {
        let (scope, about) = note.scope();
        scope == *norm && about != About::Whole
    });
    let newest = at_it.max_by_key(|note| note.signed)?;
    let change = super::LastChange::of(newest, facts);
    let is_new = after.is_none_or(|after| change.day > after);
    is_new.then_some(Begun {
        from: Some(change.day),
        certainty: change.certainty,
        first: (change.certainty == Certainty::Known).then_some(change.day),
    })
}

/// When a norm that holds no others came to read as it does, after an edition that has it otherwise or not at all.
fn own_words(own: &Held<'_>, at: usize, after: Option<Date>, facts: &TermChanges) -> Begun {
    let (norm, edition) = (&own.norm(at).citation, own.edition.date);
    let noted = of_own_words(norm, own.notes_at(norm), facts);
    let known = |day: Date| Begun {
        from: Some(day),
        certainty: Certainty::Known,
        first: Some(day),
    };
    let fits = |day: Date| after.is_none_or(|after| day > after);
    let Some(change) = noted else {
        // A law that set the norm anew, where the text notes nothing: the only one of the time between.
        let mut days = facts.whole(norm).map(|change| change.from);
        let mut between = days.by_ref().filter(|day| after.is_some() && fits(*day));
        return match (between.next(), between.next()) {
            (Some(day), None) if day <= edition => known(day),
            _ => UNKNOWN,
        };
    };
    match change.certainty {
        Certainty::Known if fits(change.day) => known(change.day),
        Certainty::NotBefore if fits(change.day) && change.day <= edition => Begun {
            from: Some(change.day),
            ..UNKNOWN
        },
        _ => UNKNOWN,
    }
}

/// The beginning of a text that several changes made what it is: of the last of them.
fn together(days: &[Begun]) -> Begun {
    let all_known = !days.is_empty()
        && days
            .iter()
            .all(|one| one.from.is_some() && one.certainty == Certainty::Known);
    Begun {
        from: days.iter().filter_map(|one| one.from).max(),
        certainty: match all_known {
            true => Certainty::Known,
            false => Certainty::NotBefore,
        },
        first: days
            .iter()
            .filter_map(|one| one.first)
            .min()
            .filter(|_| all_known),
    }
}

/// The same in the oldest edition, where parts without a note are as old as the act.
fn oldest_known(days: &[Begun]) -> Begun {
    let dated = || days.iter().filter(|one| one.from.is_some());
    let Some(last) = dated().max_by_key(|one| (one.from, one.certainty == Certainty::Known)) else {
        return UNKNOWN;
    };
    let settled = |one: &Begun| {
        one.certainty == Certainty::Known || one.from.zip(last.from).is_some_and(long_ago)
    };
    Begun {
        from: last.from,
        certainty: match dated().all(settled) {
            true => Certainty::Known,
            false => Certainty::NotBefore,
        },
        first: None,
    }
}

/// Whether a law was signed so long before a day that it acted by then.
fn long_ago((signed, day): (Date, Date)) -> bool {
    signed
        .with()
        .year(signed.year() + LONGEST_WAIT_YEARS)
        .build()
        .is_ok_and(|by| by <= day)
}

/// Where a text stood unchanged, a later edition's notes may tell what those of the first one that has it do not.
fn later_notes(held: &[Held<'_>], begun: &mut [Vec<Begun>], facts: &TermChanges) {
    for at in (1..held.len()).rev() {
        let (earlier, later) = begun.split_at_mut(at);
        let (Some(before), Some(now)) = (earlier.last_mut(), later.first()) else {
            continue;
        };
        let (old, new) = (&held[at - 1], &held[at]);
        for (norm, one) in now.iter().enumerate() {
            let Some(was) = old.same_words(new, norm) else {
                continue;
            };
            if before[was].certainty == Certainty::Known && before[was].from.is_some() {
                continue;
            }
            let own = own_words(new, norm, start_of_run(held, at - 1, was), facts);
            let told = match (one.certainty, one.from) {
                (Certainty::Known, Some(_)) => *one,
                _ if new.inside[norm].is_empty() => own,
                _ => continue,
            };
            let fits = told.from.is_some_and(|day| day <= old.edition.date);
            if fits && (before[was].from.is_none() || told.certainty == Certainty::Known) {
                before[was] = told;
            }
        }
    }
    // What the older ones learnt holds for those after them.
    for at in 1..held.len() {
        let (earlier, later) = begun.split_at_mut(at);
        for norm in 0..later[0].len() {
            if let Some(was) = held[at - 1].same_words(&held[at], norm) {
                later[0][norm] = earlier[at - 1][was];
            }
        }
    }
}

/// The date of the newest edition that has a norm otherwise than edition `at`, or not at all.
fn start_of_run(held: &[Held<'_>], at: usize, norm: usize) -> Option<Date> {
    let (mut at, mut norm) = (at, norm);
    while at > 0 {
        match held[at - 1].same_words(&held[at], norm) {
            Some(before) => (at, norm) = (at - 1, before),
            None => return Some(held[at - 1].edition.date),
        }
    }
    None
}

fn span(held: &[Held<'_>], begun: &[Vec<Begun>], at: usize, norm: usize) -> Span {
    let own = begun[at][norm];
    let changed = start_of_run(held, at, norm).is_some();
    Span {
        from: own.from,
        basis: match (own.from, own.certainty) {
            (Some(_), Certainty::Known) => Basis::TermChange,
            (Some(_), Certainty::NotBefore) => Basis::AmendmentNote,
            (None, _) if changed => Basis::BetweenEditions,
            (None, _) => Basis::Edition,
        },
        until: until(held, begun, at, norm),
    }
}

fn until(held: &[Held<'_>], begun: &[Vec<Begun>], at: usize, norm: usize) -> Option<Date> {
    let next = held.get(at + 1)?;
    let own = held[at].edition.date;
    let Some(then) = next.same_key(&held[at], norm) else {
        return Some(next.edition.date);
    };
    if next.norm(then).words == held[at].norm(norm).words {
        return Some(next.edition.date);
    }
    let first = begun[at + 1][then].first.filter(|day| *day > own);
    Some(first.unwrap_or(next.edition.date))
}

#[cfg(test)]
mod tests;

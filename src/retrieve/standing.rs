//! Which of several editions speaks for a day.

use super::LawPassage;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The days of the editions that are held, by act.
#[derive(Debug, Default)]
pub(super) struct Held(HashMap<String, BTreeSet<Date>>);

impl Held {
    pub(super) fn of<'a>(passages: impl Iterator<Item = &'a LawPassage>) -> Self {
        let mut held = Self::default();
        for passage in passages {
            let days = held.0.entry(passage.act.clone()).or_default();
            days.insert(passage.edition);
        }
        held
    }

    /// The newest edition of an act that is not younger than `on`.
    fn before(&self, act: &str, on: Date) -> Option<Date> {
        self.0.get(act)?.range(..=on).next_back().copied()
    }

    /// Of one act's passages those that were the law on `on`, in no order.
    ///
    /// The newest edition up to the day speaks. A younger edition adds only what is known to have begun by then:
    /// that nobody knows when it began is no reason to take it for older. An older one adds what is known to stand
    /// still, because the text that follows it comes into force later. Before the oldest edition the oldest texts
    /// stand that are not known to be younger.
    pub(super) fn on_day<'a>(
        &self,
        all: impl Iterator<Item = &'a LawPassage>,
        on: Date,
    ) -> Vec<&'a LawPassage> {
        let mut by_edition: BTreeMap<Date, Vec<&LawPassage>> = BTreeMap::new();
        let mut act = None;
        for passage in all.filter(|passage| passage.in_force(on)) {
            act = Some(passage.act.as_str());
            by_edition.entry(passage.edition).or_default().push(passage);
        }
        let Some(act) = act else {
            return Vec::new();
        };
        let Some(speaks) = self.before(act, on) else {
            return by_edition.into_values().next().unwrap_or_default();
        };
        let mut found = by_edition.remove(&speaks).unwrap_or_default();
        let mut cited: HashSet<&str> = found.iter().map(|p| p.citation.as_str()).collect();
        let later = by_edition.range(on..).filter(|(edition, _)| **edition > on);
        for (_, passages) in later {
            let begun: Vec<&LawPassage> = passages
                .iter()
                .copied()
                // What stood earlier under a label that the speaking edition lacks stood under another one.
                .filter(|p| p.from.is_some_and(|from| from > speaks))
                .filter(|p| !cited.contains(p.citation.as_str()))
                .collect();
            cited.extend(begun.iter().map(|p| p.citation.as_str()));
            found.extend(begun);
        }
        let earlier = all_before(&by_edition, speaks);
        for passage in earlier {
            if passage.until.is_some() && cited.insert(passage.citation.as_str()) {
                found.push(passage);
            }
        }
        found
    }
}

/// The passages of the editions before one, the newest first.
fn all_before<'a>(
    by_edition: &BTreeMap<Date, Vec<&'a LawPassage>>,
    speaks: Date,
) -> Vec<&'a LawPassage> {
    let editions = by_edition.range(..speaks).rev();
    editions
        .flat_map(|(_, passages)| passages)
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::EntryKind;
    use jiff::civil::date;

    fn passage(
        edition: Date,
        citation: &str,
        from: Option<Date>,
        until: Option<Date>,
    ) -> LawPassage {
        LawPassage {
            id: format!("{edition}-{citation}"),
            act: "tk".into(),
            act_title: String::new(),
            citation: citation.into(),
            article: "tk:1".into(),
            kind: EntryKind::Part,
            title: String::new(),
            text: String::new(),
            edition,
            current_to: edition,
            from,
            until,
            organisation_path: None,
            path: Vec::new(),
        }
    }

    #[test]
    fn a_younger_edition_speaks_for_an_older_day_only_where_its_beginning_is_known() {
        let (old, new, change) = (date(2023, 8, 4), date(2025, 12, 29), date(2024, 9, 1));
        let all = [
            passage(old, "tk:1:1", None, Some(new)),
            passage(old, "tk:1:2", None, Some(change)),
            passage(new, "tk:1:1", None, None),
            passage(new, "tk:1:2", Some(change), None),
            passage(new, "tk:1:3", None, None),
        ];
        let held = Held::of(all.iter());
        let on = |day| {
            let mut ids: Vec<String> = held
                .on_day(all.iter(), day)
                .iter()
                .map(|p| p.id.clone())
                .collect();
            ids.sort();
            ids
        };
        let label = |edition: Date, part: u8| format!("{edition}-tk:1:{part}");
        assert_eq!(on(date(2024, 1, 1)), [label(old, 1), label(old, 2)]);
        assert_eq!(on(date(2024, 10, 1)), [label(old, 1), label(new, 2)]);
        let newest = [label(new, 1), label(new, 2), label(new, 3)];
        assert_eq!(on(date(2026, 1, 15)), newest);
        assert_eq!(on(date(2020, 1, 1)), [label(old, 1), label(old, 2)]);
    }

    #[test]
    fn a_text_stands_until_the_one_that_follows_it_comes_into_force() {
        let (old, new, comes) = (date(2025, 9, 29), date(2025, 12, 29), date(2026, 3, 1));
        let all = [
            passage(old, "tk:1:1", None, Some(comes)),
            passage(old, "tk:1:2", None, Some(new)),
            passage(new, "tk:1:1", Some(comes), None),
            passage(new, "tk:1:2", None, None),
        ];
        let held = Held::of(all.iter());
        let on = |day| {
            let found = held.on_day(all.iter(), day);
            let mut ids: Vec<&str> = found.iter().map(|p| p.id.as_str()).collect();
            ids.sort_unstable();
            ids.join(" ")
        };
        let before = "2025-09-29-tk:1:1 2025-12-29-tk:1:2";
        assert_eq!(on(date(2026, 1, 15)), before);
        assert_eq!(on(date(2026, 3, 1)), "2025-12-29-tk:1:1 2025-12-29-tk:1:2");
    }
}

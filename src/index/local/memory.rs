//! What a dense search reads: every entry's metadata and all vectors, in memory.

use super::super::types::{EntryKind, Filter, IndexSpec, Scored, day_number};
use super::stored::Stored;
use soyuznik_engine::dot::Matrix;
use std::collections::{HashMap, HashSet};

/// Rows looked at past the limit, so that equal scores are cut by id and not by the order of writing.
const MARGIN: usize = 16;
/// Fewer dead rows than this are not worth a copy of the matrix.
const DEAD_KEPT: usize = 256;

/// The entries of one index; always equal to what its file holds.
pub struct Memory {
    entries: HashMap<i64, Known>,
    numbers: HashMap<String, i64>,
    acts: Names,
    owners: Names,
    matrix: Matrix,
    tags: Vec<Tag>,
    dead: usize,
    next: i64,
    seals: i64,
}

/// One entry without its words and vector.
struct Known {
    id: String,
    article: String,
    citation: String,
    kind: EntryKind,
    seal: i64,
    words: i64,
    days: (i64, i64),
    row: Option<usize>,
}

/// What the scan has to know of a row; `number` 0: replaced or removed.
#[derive(Clone, Copy)]
struct Tag {
    number: i64,
    kind: EntryKind,
    act: u32,
    owner: u32,
    from: i64,
    until: i64,
}

/// How much there is, and the sum of all seals, as the file's header has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    pub entries: i64,
    pub vectors: i64,
    pub seals: i64,
}

impl Memory {
    pub fn new(spec: &IndexSpec) -> Self {
        Self {
            entries: HashMap::new(),
            numbers: HashMap::new(),
            acts: Names::default(),
            owners: Names::default(),
            matrix: Matrix::new(spec.dimension),
            tags: Vec::new(),
            dead: 0,
            next: 1,
            seals: 0,
        }
    }

    /// Returns the number under which an entry stands in the file.
    pub fn number(&self, id: &str) -> Option<i64> {
        self.numbers.get(id).copied()
    }

    /// Returns the checksum of the words of an entry.
    pub fn words(&self, number: i64) -> Option<i64> {
        self.entries.get(&number).map(|known| known.words)
    }

    /// Returns the vector of an entry.
    pub fn vector(&self, id: &str) -> Option<&[f32]> {
        let known = self.entries.get(self.numbers.get(id)?)?;
        Some(self.matrix.row(known.row?))
    }

    /// Returns the days of an entry.
    pub fn days(&self, id: &str) -> Option<(i64, i64)> {
        Some(self.entries.get(self.numbers.get(id)?)?.days)
    }

    /// Returns the smallest number that no entry ever had.
    pub fn next_number(&self) -> i64 {
        self.next
    }

    pub fn ids(&self) -> impl Iterator<Item = &String> {
        self.numbers.keys()
    }

    pub fn totals(&self) -> Totals {
        Totals {
            entries: self.entries.len() as i64,
            vectors: (self.tags.len() - self.dead) as i64,
            seals: self.seals,
        }
    }

    /// Returns the totals after some entries go and others come.
    pub fn totals_with(&self, gone: &[i64], come: &[Stored]) -> Totals {
        let mut totals = self.totals();
        for known in gone.iter().filter_map(|number| self.entries.get(number)) {
            totals.entries -= 1;
            totals.vectors -= i64::from(known.row.is_some());
            totals.seals = totals.seals.wrapping_sub(known.seal);
        }
        for stored in come {
            totals.entries += 1;
            totals.vectors += i64::from(stored.dense.is_some());
            totals.seals = totals.seals.wrapping_add(stored.seal);
        }
        totals
    }

    /// Returns at most `limit` ids without a vector, in the order of writing.
    pub fn without_vector(&self, limit: usize) -> Vec<String> {
        let mut numbers: Vec<i64> = self
            .entries
            .iter()
            .filter(|(_, known)| known.row.is_none())
            .map(|(number, _)| *number)
            .collect();
        numbers.sort_unstable();
        numbers.truncate(limit);
        numbers
            .iter()
            .map(|number| self.entries[number].id.clone())
            .collect()
    }

    /// Takes in an entry; its number and id must be free.
    pub fn add(&mut self, stored: Stored) {
        let row = stored.dense.as_ref().map(|vector| {
            self.matrix.push(vector);
            self.tags.push(Tag {
                number: stored.number,
                kind: stored.kind,
                act: self.acts.number(&stored.act),
                owner: self.owners.number(&stored.owner),
                from: stored.from,
                until: stored.until,
            });
            self.tags.len() - 1
        });
        let words = stored.words();
        self.next = self.next.max(stored.number.saturating_add(1));
        self.seals = self.seals.wrapping_add(stored.seal);
        self.numbers.insert(stored.id.clone(), stored.number);
        self.entries.insert(
            stored.number,
            Known {
                id: stored.id,
                article: stored.article,
                citation: stored.citation,
                kind: stored.kind,
                seal: stored.seal,
                words,
                days: (stored.from, stored.until),
                row,
            },
        );
    }

    /// Drops entries, and now and then the rows that earlier ones left behind.
    pub fn remove(&mut self, numbers: &[i64]) {
        for number in numbers {
            let Some(known) = self.entries.remove(number) else {
                continue;
            };
            self.numbers.remove(&known.id);
            self.seals = self.seals.wrapping_sub(known.seal);
            if let Some(row) = known.row {
                self.tags[row].number = 0;
                self.dead += 1;
            }
        }
        if self.dead > DEAD_KEPT.max(self.tags.len() / 4) {
            self.compact();
        }
    }

    fn compact(&mut self) {
        let mut matrix = Matrix::new(self.matrix.dimension());
        let mut tags = Vec::with_capacity(self.tags.len() - self.dead);
        for (row, tag) in self.tags.iter().enumerate() {
            if let Some(known) = self.entries.get_mut(&tag.number) {
                known.row = Some(tags.len());
                matrix.push(self.matrix.row(row));
                tags.push(*tag);
            }
        }
        self.matrix = matrix;
        self.tags = tags;
        self.dead = 0;
    }

    /// Returns the entries nearest to `query` (D) that the filter lets through, best first, equal ones by id.
    pub fn nearest(&self, query: &[f32], filter: &Filter, limit: usize) -> Vec<Scored> {
        let allowed = Allowed::new(self, filter);
        let found = self.matrix.scan(
            query,
            &|row| allowed.lets(&self.tags[row]),
            limit.saturating_add(if limit > 0 { MARGIN } else { 0 }),
        );
        let mut found: Vec<Scored> = found
            .into_iter()
            .filter_map(|(row, score)| {
                let known = self.entries.get(&self.tags[row].number)?;
                Some(Scored {
                    id: known.id.clone(),
                    article: known.article.clone(),
                    citation: known.citation.clone(),
                    kind: known.kind,
                    score,
                })
            })
            .collect();
        found.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.id.cmp(&b.id)));
        found.truncate(limit);
        found
    }
}

/// A filter in the numbers of the tags.
struct Allowed {
    on: Option<i64>,
    kinds: HashSet<EntryKind>,
    acts: Option<HashSet<u32>>,
    owners: HashSet<u32>,
}

impl Allowed {
    fn new(memory: &Memory, filter: &Filter) -> Self {
        let acts = filter.acts.iter().filter_map(|act| memory.acts.get(act));
        let owners = filter.owners();
        let owners = owners.iter().map(String::as_str).chain([""]);
        Self {
            on: filter.on.map(day_number),
            kinds: filter.kinds.iter().copied().collect(),
            acts: (!filter.acts.is_empty()).then(|| acts.collect()),
            owners: owners
                .filter_map(|owner| memory.owners.get(owner))
                .collect(),
        }
    }

    fn lets(&self, tag: &Tag) -> bool {
        tag.number != 0
            && self.on.is_none_or(|on| tag.from <= on && on < tag.until)
            && (self.kinds.is_empty() || self.kinds.contains(&tag.kind))
            && self
                .acts
                .as_ref()
                .is_none_or(|acts| acts.contains(&tag.act))
            && self.owners.contains(&tag.owner)
    }
}

/// Words that repeat, each with a number.
#[derive(Default)]
struct Names(HashMap<String, u32>);

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.0.get(name) {
            return *number;
        }
        let number = self.0.len() as u32;
        self.0.insert(name.to_owned(), number);
        number
    }

    fn get(&self, name: &str) -> Option<u32> {
        self.0.get(name).copied()
    }
}

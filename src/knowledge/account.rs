//! Every character that was read is in the cleaned text or among the removals: the proof, and the place of each removal.
//!
//! Counted are all characters but white space (Unicode `White_Space`), control characters and invisible signs (soft hyphen, zero
//! widths, byte order mark): they part words or lines, and the cleaned text has one space or one line's end for any run of them.
//! A raised digit counts as the digit, and № as N, because readers write «312.1» for «312¹» and «№ 5» for «N 5».

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::laid::{Removed, RemovedWhy};

/// A piece of the file that is no text of the act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedPiece {
    pub why: RemovedWhy,
    /// The line of the file's text where it stands, counted from 1; 0 where it stands in no one place.
    pub line: usize,
    /// The article above it, «152»; empty before the first and where the place is not known.
    pub article: String,
    /// The words as they stood.
    pub text: String,
}

/// Characters counted: what was read is what was kept and what was removed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Characters that the file gave.
    pub read: usize,
    /// Characters of the cleaned text.
    pub kept: usize,
    /// Characters of the listed removals.
    pub removed: usize,
    /// Characters that are in neither: a fault of the reader.
    pub lost: BTreeMap<char, usize>,
    /// Characters that stand in the cleaned text and that nobody read: dots of indexes, bars between the cells of a table.
    pub added: BTreeMap<char, usize>,
}

/// Returns whether a character counts, and as which.
fn counted(c: char) -> Option<char> {
    if c.is_whitespace() || c.is_control() {
        return None;
    }
    Some(match c {
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => return None,
        '⁰' => '0',
        '¹' => '1',
        '²' => '2',
        '³' => '3',
        '⁴'..='⁹' => char::from_digit(c as u32 - '⁰' as u32, 10)?,
        '⁻' => '-',
        '№' => 'N',
        other => other,
    })
}

/// Returns the balance of a file. Costs one pass over each text.
pub(super) fn account(read: &str, kept: &str, removed: &[RemovedPiece]) -> Account {
    let mut balance: BTreeMap<char, i64> = BTreeMap::new();
    let mut count = |text: &str, sign: i64| {
        let mut total = 0;
        for c in text.chars().filter_map(counted) {
            *balance.entry(c).or_default() += sign;
            total += 1;
        }
        total
    };
    let mut account = Account {
        read: count(read, 1),
        kept: count(kept, -1),
        ..Account::default()
    };
    for piece in removed {
        match piece.why {
            RemovedWhy::Repaired => {}
            RemovedWhy::Written => {
                count(&piece.text, 1);
            }
            _ => account.removed += count(&piece.text, -1),
        }
    }
    for (c, left) in balance {
        let many = usize::try_from(left.unsigned_abs()).unwrap_or(usize::MAX);
        match left {
            0 => {}
            1.. => drop(account.lost.insert(c, many)),
            _ => drop(account.added.insert(c, many)),
        }
    }
    account
}

/// Lines of the file's text, squeezed to the characters that count.
struct Lines {
    squeezed: String,
    /// Byte of `squeezed` where each line begins.
    starts: Vec<usize>,
    /// Byte where each article's heading begins, and its number.
    articles: Vec<(usize, String)>,
}

impl Lines {
    fn of(read: &str) -> Lines {
        let mut lines = Lines {
            squeezed: String::with_capacity(read.len()),
            starts: Vec::new(),
            articles: Vec::new(),
        };
        for line in read.split('\n') {
            let at = lines.squeezed.len();
            lines.starts.push(at);
            let words = line.split_whitespace().take(2).collect::<Vec<_>>();
            if let ["Статья" | "СТАТЬЯ", number] = words[..]
                && number.starts_with(|c: char| c.is_ascii_digit())
            {
                let number = number.trim_end_matches(['.', ',']).to_owned();
                lines.articles.push((at, number));
            }
            lines.squeezed.extend(line.chars().filter_map(counted));
        }
        lines
    }

    /// The line, from 1, and the article above.
    fn place(&self, at: usize) -> (usize, String) {
        let line = self.starts.partition_point(|start| *start <= at);
        let above = self.articles.partition_point(|(start, _)| *start <= at);
        let article = above.checked_sub(1).and_then(|i| self.articles.get(i));
        (line, article.map(|(_, n)| n.clone()).unwrap_or_default())
    }
}

/// The most bytes that all searches together look through; a code's removals take a tenth of it.
const MOST_SEARCHED: usize = 1 << 30;

/// Returns the removals with their places. Readers list each kind in order of place, so that the search for a piece begins behind
/// the one before of its kind.
pub(super) fn place(removed: Vec<Removed>, read: &str) -> Vec<RemovedPiece> {
    let lines = Lines::of(read);
    let mut behind: BTreeMap<RemovedWhy, usize> = BTreeMap::new();
    let mut left = MOST_SEARCHED;
    let mut out = removed
        .into_iter()
        .map(|piece| {
            let found = piece
                .why
                .is_taken_out()
                .then(|| find(&lines.squeezed, &piece, &mut behind, &mut left))
                .flatten();
            let (line, article) = found.map_or((0, String::new()), |at| lines.place(at));
            RemovedPiece {
                why: piece.why,
                line,
                article,
                text: piece.text,
            }
        })
        .collect::<Vec<_>>();
    out.sort_by_key(|piece| piece.line);
    out
}

fn find(
    squeezed: &str,
    piece: &Removed,
    behind: &mut BTreeMap<RemovedWhy, usize>,
    left: &mut usize,
) -> Option<usize> {
    let needle = piece.text.chars().filter_map(counted).collect::<String>();
    // Signs of a format stand everywhere.
    if needle.chars().count() < 3 {
        return None;
    }
    let from = behind.entry(piece.why).or_default();
    let mut search = |begin: usize| {
        let rest = squeezed.get(begin..).filter(|rest| rest.len() <= *left)?;
        let found = rest.find(&needle);
        *left -= found.unwrap_or(rest.len());
        found.map(|at| begin + at)
    };
    let at = search(*from).or_else(|| search(0))?;
    *from = at + needle.len();
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(why: RemovedWhy, text: &str) -> Removed {
        Removed::new(why, text)
    }

    #[test]
    fn what_was_read_is_kept_or_removed_and_each_removal_has_its_place() {
        let read =
            "Шапка\nСтатья 312¹. Сад\nСад растёт. (в ред. N 5)\nСтатья 2. Поле\nШапка\nПоле.";
        let kept = "Статья 312.1. Сад\nСад растёт.\nСтатья 2. Поле\nПоле.";
        let removed = vec![
            taken(RemovedWhy::PageFurniture, "Шапка"),
            taken(RemovedWhy::PageFurniture, "Шапка"),
            taken(RemovedWhy::AmendmentNote, "(в ред. № 5)"),
        ];
        let placed = place(removed, read);
        let places = placed.iter().map(|p| (p.line, p.article.as_str()));
        assert_eq!(places.collect::<Vec<_>>(), [(1, ""), (3, "312¹"), (5, "2")]);
        let balance = account(read, kept, &placed);
        assert!(balance.lost.is_empty(), "{balance:?}");
        assert_eq!(balance.added, BTreeMap::from([('.', 1)]));
        assert_eq!(balance.read + 1, balance.kept + balance.removed);
        let lossy = account(read, "Статья 312.1.", &placed);
        assert!(lossy.lost[&'С'] >= 2 && !lossy.lost.contains_key(&'Ш'));
    }

    #[test]
    fn what_a_reader_wrote_is_no_loss_and_no_find() {
        let removed = vec![
            taken(RemovedWhy::AmendmentNote, "1) - 2) утратили силу"),
            taken(RemovedWhy::Written, "1) 2)"),
        ];
        let placed = place(removed, "1) - 2) утратили силу");
        let balance = account("1) - 2) утратили силу", "1)\n2)", &placed);
        assert!(balance.lost.is_empty() && balance.added.is_empty());
    }
}

//! An article as a page shows it: line by line, with its anchors and the norms that it names.

use super::App;
use super::Done;
use crate::law::citation::is_note;
use crate::law::reference::{Reference, find_references};
use crate::law::{ActId, Citation};
use crate::store::VersionRow;
use crate::web::desk::{ArticleText, NormPart, TextPiece};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A line of an article with the norms that begin there, outer ones first.
pub(super) struct Line<'a> {
    pub text: &'a str,
    pub here: Vec<&'a VersionRow>,
}

/// The lines of an article below its heading.
pub(super) fn lines<'a>(whole: &'a VersionRow, rows: &'a [VersionRow]) -> Vec<Line<'a>> {
    // Where an act is divided into points, the point's own words stand on its first line.
    let headed = ActId::new(&whole.act).is_ok_and(|act| act.has_articles());
    let mut starts: HashMap<i64, Vec<&VersionRow>> = HashMap::new();
    for row in rows.iter().filter(|row| row.citation != whole.citation) {
        starts.entry(row.start_char).or_default().push(row);
    }
    let mut at = whole.start_char;
    let mut found = Vec::new();
    for (place, text) in whole.text.lines().enumerate() {
        let start = at;
        at += i64::try_from(text.chars().count()).unwrap_or(0) + 1;
        if (headed && place == 0) || text.trim().is_empty() {
            continue;
        }
        let mut here = starts.remove(&start).unwrap_or_default();
        here.sort_by_key(|row| row.ordinal);
        found.push(Line { text, here });
    }
    found
}

impl App {
    /// An article of one edition; `speaking` are the editions of other acts that speak for the day.
    pub(super) async fn article_text(
        &self,
        whole: &VersionRow,
        rows: &[VersionRow],
        speaking: &[(String, String)],
    ) -> Done<ArticleText> {
        let lines = lines(whole, rows);
        let named: Vec<Vec<Reference>> = match ActId::new(&whole.act) {
            Ok(act) => lines
                .iter()
                .map(|line| find_references(line.text, &act))
                .collect(),
            Err(_) => lines.iter().map(|_| Vec::new()).collect(),
        };
        let held = self.held(whole, &named, speaking).await?;
        let parts = rows.iter().filter(|row| row.kind == "part").count();
        Ok(ArticleText {
            edition: whole.edition_date,
            current_to: whole.current_to,
            title: whole.title.clone().unwrap_or_default(),
            repealed: whole.repealed,
            parts: lines
                .iter()
                .zip(&named)
                .map(|(line, named)| part(line, parts > 1, pieces(line.text, named, &held)))
                .collect(),
        })
    }

    /// Those of the named norms, and of their articles, that stand in the editions for the day.
    async fn held(
        &self,
        whole: &VersionRow,
        named: &[Vec<Reference>],
        speaking: &[(String, String)],
    ) -> Done<HashSet<String>> {
        let mut wanted: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for reference in named.iter().flatten() {
            let of_act = wanted.entry(reference.citation.act.as_str()).or_default();
            of_act.insert(reference.citation.to_string());
            of_act.insert(reference.citation.article().to_string());
        }
        let mut held = HashSet::new();
        for (act, labels) in wanted {
            let edition = match act == whole.act {
                true => Some(&whole.edition),
                false => speaking.iter().find(|one| one.0 == act).map(|one| &one.1),
            };
            if let Some(edition) = edition {
                let labels: Vec<String> = labels.into_iter().collect();
                held.extend(self.store.labels_of(edition, &labels).await?);
            }
        }
        // An article does not lead to itself.
        held.remove(&whole.citation);
        Ok(held)
    }
}

/// Cuts a line where it names a norm that is held; where only the article is, that is named.
fn pieces(text: &str, named: &[Reference], held: &HashSet<String>) -> Vec<TextPiece> {
    let characters: Vec<char> = text.chars().collect();
    let mut pieces: Vec<TextPiece> = Vec::new();
    let mut at = 0;
    let mut push = |from: usize, to: usize, norm: Option<String>| {
        if from < to {
            let text = characters[from..to].iter().collect();
            pieces.push(TextPiece { text, to: norm });
        }
    };
    for reference in named {
        if reference.start < at || reference.end > characters.len() {
            continue;
        }
        let norm = [&reference.citation, &reference.citation.article()]
            .map(ToString::to_string)
            .into_iter()
            .find(|label| held.contains(label));
        if norm.is_some() {
            push(at, reference.start, None);
            push(reference.start, reference.end, norm);
            at = reference.end;
        }
    }
    push(at, characters.len(), None);
    pieces
}

fn part(line: &Line<'_>, numbered: bool, pieces: Vec<TextPiece>) -> NormPart {
    let names = |row: &&VersionRow| row.citation.clone();
    let of_part = line.here.iter().find(|row| row.kind == "part");
    let number = of_part.and_then(|row| row.citation.parse::<Citation>().ok()?.part);
    NormPart {
        citation: line.here.first().map(names).unwrap_or_default(),
        also: line.here.iter().skip(1).map(names).collect(),
        // A note says its number itself.
        margin: number.filter(|number| numbered && !is_note(number)),
        depth: line.here.last().map_or(1, |row| depth(&row.citation)),
        pieces,
        repealed: line.here.first().is_some_and(|row| row.repealed),
    }
}

fn depth(citation: &str) -> u8 {
    match citation.parse::<Citation>() {
        Ok(citation) if citation.subpoint.is_some() => 3,
        Ok(citation) if citation.point.is_some() => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_norms_that_are_held_and_loses_no_character() {
        let text = "По статье 80 и части 2 статьи 81 настоящего Кодекса, кроме статьи 999.";
        let named = find_references(text, &ActId::tk());
        let held = ["tk:80", "tk:81"].map(str::to_owned).into_iter().collect();
        let cut = pieces(text, &named, &held);
        let joined: String = cut.iter().map(|piece| piece.text.as_str()).collect();
        assert_eq!(joined, text);
        let to: Vec<&str> = cut.iter().filter_map(|one| one.to.as_deref()).collect();
        assert_eq!(to, ["tk:80", "tk:81"]);
    }
}

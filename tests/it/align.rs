//! The aligner against hand-marked cases: `evals/alignment/`, on the Code's editions from 2001 to 2025.

use crate::skip;
use serde::Deserialize;
use soyuznik::knowledge::{self, NodeKind, ParsedAct};
use soyuznik::law::align::{Kind, Link, Node, Note, Relation, align};
use std::collections::{BTreeSet, HashMap};

#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    from: String,
    old: Vec<String>,
    new: Vec<String>,
    relation: String,
    /// The edition whose provision was asked about, where the mark answers for that direction alone.
    asked: Option<Side>,
    #[serde(default)]
    arguable: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Side {
    Old,
    New,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Right,
    /// Not what was marked, but a person is asked to look.
    WrongListed,
    WrongSilent,
    /// The file of the edition lost the text that the case is about.
    NoLabel,
}

/// Date of the edition in the cases, and its file.
const EDITIONS: [(&str, &str); 6] = [
    ("2001-12-30", "tk_rf_red-2001-12-30.txt"),
    ("2013-12-28", "tk_rf_asof-2014-02-21.pdf"),
    ("2021-11-22", "tk_rf_red-2021-11-22_consultant.docx"),
    ("2023-08-04", "tk_rf_red-2023-08-04_ips_nd102074279.html"),
    ("2024-05-28", "tk_rf_in-force-2024-05-28_garant.docx"),
    ("2025-12-29", "tk_rf_red-2025-12-29_ips_nd102074279.html"),
];

fn kind(kind: NodeKind) -> Option<Kind> {
    Some(match kind {
        NodeKind::Article => Kind::Article,
        NodeKind::Part => Kind::Part,
        NodeKind::Point => Kind::Point,
        NodeKind::Subpoint => Kind::Subpoint,
        NodeKind::Paragraph => Kind::Paragraph,
        _ => return None,
    })
}

/// The act's citations as text, one for each node that has one.
fn labels(act: &ParsedAct) -> Vec<String> {
    let cited = act.nodes.iter().filter_map(|node| node.citation.as_ref());
    cited.map(ToString::to_string).collect()
}

fn nodes<'a>(act: &'a ParsedAct, labels: &'a [String]) -> Vec<Node<'a>> {
    let mut notes: HashMap<String, Vec<Note<'a>>> = HashMap::new();
    for note in &act.notes {
        let Some(citation) = &note.citation else {
            continue;
        };
        notes.entry(citation.to_string()).or_default().push(Note {
            date: note.date,
            law: &note.law,
            what: &note.what,
        });
    }
    let cited = act.nodes.iter().filter(|node| node.citation.is_some());
    cited
        .zip(labels)
        .filter_map(|(node, label)| {
            Some(Node {
                citation: label,
                kind: kind(node.kind)?,
                title: node.title.as_deref(),
                text: &node.text,
                repealed: node.repealed,
                notes: notes.get(label).cloned().unwrap_or_default(),
            })
        })
        .collect()
}

/// The links of a pair of editions by label.
struct Answers<'a> {
    of_new: HashMap<&'a str, &'a Link>,
    of_old: HashMap<&'a str, Vec<&'a Link>>,
    old: &'a [Node<'a>],
    new: &'a [Node<'a>],
}

impl<'a> Answers<'a> {
    fn new(links: &'a [Link], old: &'a [Node<'a>], new: &'a [Node<'a>]) -> Self {
        let mut of_old: HashMap<&str, Vec<&Link>> = HashMap::new();
        let mut of_new = HashMap::new();
        for link in links {
            for at in &link.old {
                of_old.entry(old[*at].citation).or_default().push(link);
            }
            if let Some(at) = link.new {
                of_new.insert(new[at].citation, link);
            }
        }
        Self {
            of_new,
            of_old,
            old,
            new,
        }
    }

    /// The new labels that an old one goes to; what stands only as a note does not count, nor does a piece inside one of the
    /// marked nodes: an old text that became a list goes on in its items too.
    fn onward(&self, label: &str, marked: &[String]) -> BTreeSet<&'a str> {
        let links = self.of_old.get(label).into_iter().flatten();
        let live = links.filter(|link| link.relation != Relation::Repealed);
        let labels = live.filter_map(|link| Some((link.relation, self.new[link.new?].citation)));
        let is_inner = |piece: &str| marked.iter().any(|n| piece.starts_with(&format!("{n}:")));
        labels
            .filter(|(relation, piece)| *relation != Relation::Split || !is_inner(piece))
            .map(|(_, piece)| piece)
            .collect()
    }

    fn back(&self, label: &str) -> BTreeSet<&'a str> {
        let links = self.of_new.get(label).into_iter();
        let live = links.filter(|link| link.relation != Relation::Repealed);
        live.flat_map(|link| &link.old)
            .map(|at| self.old[*at].citation)
            .collect()
    }

    fn is_listed(&self, case: &Case) -> bool {
        let new = case
            .new
            .iter()
            .filter_map(|n| self.of_new.get(n.as_str()).copied());
        let old = case.old.iter().filter_map(|o| self.of_old.get(o.as_str()));
        new.chain(old.flatten().copied())
            .any(|link| link.review.is_some())
    }

    fn judge(&self, case: &Case) -> Outcome {
        let knows_new = case
            .new
            .iter()
            .all(|n| self.of_new.contains_key(n.as_str()));
        let knows_old = case
            .old
            .iter()
            .all(|o| self.of_old.contains_key(o.as_str()));
        if !knows_new || !knows_old {
            return Outcome::NoLabel;
        }
        let right = match case.relation.as_str() {
            "split" | "merged" => self.is_right_of_many(case),
            _ => {
                let onward = |o: &String| {
                    self.onward(o, &case.new)
                        .into_iter()
                        .eq(case.new.iter().map(String::as_str))
                };
                let back = |n: &String| {
                    self.back(n)
                        .into_iter()
                        .eq(case.old.iter().map(String::as_str))
                };
                let asks = |side| case.asked.is_none_or(|asked| asked == side);
                (!asks(Side::Old) || case.old.iter().all(onward))
                    && (!asks(Side::New) || case.new.iter().all(back))
            }
        };
        match (right, self.is_listed(case)) {
            (true, _) => Outcome::Right,
            (false, true) => Outcome::WrongListed,
            (false, false) => Outcome::WrongSilent,
        }
    }

    /// A main pair is linked, and every other one is linked or listed. A piece that comes from a line inside the
    /// marked whole comes from the whole.
    fn is_right_of_many(&self, case: &Case) -> bool {
        let mut linked = 0;
        let mut is_open = false;
        for (o, n) in case
            .old
            .iter()
            .flat_map(|o| case.new.iter().map(move |n| (o, n)))
        {
            let inner = format!("{o}:");
            let has = self
                .back(n)
                .into_iter()
                .any(|old| old == o || old.starts_with(&inner));
            linked += usize::from(has);
            let of_new = self
                .of_new
                .get(n.as_str())
                .is_some_and(|link| link.review.is_some());
            let of_old = self.of_old.get(o.as_str());
            let of_old = of_old.is_some_and(|links| links.iter().any(|link| link.review.is_some()));
            is_open |= !(has || of_new || case.old.len() > 1 && of_old);
        }
        linked > 0 && !is_open
    }
}

fn cases(file: &str) -> Vec<Case> {
    let path = format!("{}/evals/alignment/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Right, wrong and listed, wrong without a word, and cases that the files cannot answer.
fn count(outcomes: &[(&Case, Outcome)], outcome: Outcome) -> usize {
    outcomes.iter().filter(|(_, one)| *one == outcome).count()
}

#[test]
fn provisions_are_followed_through_six_editions_as_people_marked_them() {
    let name = "provisions_are_followed_through_six_editions_as_people_marked_them";
    let files: Vec<_> = EDITIONS
        .iter()
        .filter_map(|(_, file)| skip::corpus(name, &format!("acts/tk/{file}")))
        .collect();
    if files.len() < EDITIONS.len() {
        return;
    }
    let acts: Vec<ParsedAct> = files
        .iter()
        .map(|path| knowledge::read(&std::fs::read(path).unwrap(), "tk").unwrap())
        .collect();
    let labels: Vec<Vec<String>> = acts.iter().map(labels).collect();
    let trees: Vec<Vec<Node<'_>>> = acts
        .iter()
        .zip(&labels)
        .map(|(act, of)| nodes(act, of))
        .collect();
    let pairs = || trees.windows(2).zip(EDITIONS);
    let links: Vec<Vec<Link>> = pairs().map(|(pair, _)| align(&pair[0], &pair[1])).collect();
    for ((_, (from, _)), links) in pairs().zip(&links) {
        let listed = links.iter().filter(|link| link.review.is_some()).count();
        println!("from {from}: {listed} of {} listed", links.len());
    }
    for (file, least) in [
        ("dev.jsonl", 0.97),
        ("opened.jsonl", 0.96),
        ("sample-dev.jsonl", 0.98),
        ("sample-locked.jsonl", 0.98),
        ("hard-dev.jsonl", 0.96),
        ("hard-locked.jsonl", 0.96),
        ("pieces-dev.jsonl", 0.97),
        ("pieces-locked.jsonl", 0.98),
        ("picked-dev.jsonl", 0.95),
        ("picked-locked.jsonl", 0.92),
        ("whole-locked.jsonl", 0.98),
    ] {
        let cases = cases(file);
        let mut outcomes: Vec<(&Case, Outcome)> = Vec::new();
        for ((pair, (from, _)), links) in pairs().zip(&links) {
            let answers = Answers::new(links, &pair[0], &pair[1]);
            let of_pair = cases.iter().filter(|case| case.from == from);
            outcomes.extend(of_pair.map(|case| (case, answers.judge(case))));
        }
        assert_eq!(outcomes.len(), cases.len());
        outcomes.retain(|(case, _)| !case.arguable);
        let judged = outcomes.len() - count(&outcomes, Outcome::NoLabel);
        let right = count(&outcomes, Outcome::Right);
        let silent: Vec<&str> = outcomes
            .iter()
            .filter(|(_, outcome)| *outcome == Outcome::WrongSilent)
            .map(|(case, _)| case.id.as_str())
            .collect();
        println!(
            "{file}: {right} of {judged} right, {} wrong and listed, wrong without a word: {silent:?}",
            count(&outcomes, Outcome::WrongListed)
        );
        assert!(
            right as f64 / judged as f64 >= least,
            "{file}: {right} of {judged}"
        );
        assert!(silent.is_empty(), "{file}: {silent:?}");
    }
}

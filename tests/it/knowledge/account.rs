//! No character is lost: what a file gave is in the cleaned text or among the listed removals.
//!
//! White space, control characters and invisible signs are not counted: a run of them is one space or one line's end in the
//! cleaned text. A raised digit counts as the digit, and № as N.

use crate::documents::{self, Law};
use crate::skip;
use proptest::prelude::*;
use soyuznik::knowledge::{self, ParsedAct, PassageKind};
use soyuznik::law::numbering::numbering;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Signs that readers write themselves: the dot of an index, the bar between the cells of a table.
const WRITTEN: [char; 2] = ['.', '|'];

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false => found.push(path),
        }
    }
    found.sort();
    found
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The words of each node that belong to no inner one, one node after another.
fn leaves(act: &ParsedAct) -> String {
    let chars: Vec<char> = act.text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    for (i, node) in act.nodes.iter().enumerate() {
        let next = act.nodes[i + 1..].iter().find(|n| n.start > node.start);
        let end = next.map_or(node.end, |n| n.start.min(node.end));
        let from = node.start.max(at);
        if from < end {
            out.extend(&chars[from..end]);
            at = end;
        }
    }
    out
}

/// What was read is kept or listed; the leaves say the cleaned text; the passages of each article's parts say the article.
pub fn check(act: &ParsedAct, name: &str) {
    let balance = &act.account;
    assert!(balance.lost.is_empty(), "{name} lost {:?}", balance.lost);
    let strange = balance.added.keys().find(|c| !WRITTEN.contains(c));
    assert!(strange.is_none(), "{name} made up {:?}", balance.added);
    assert!(balance.read > 0 && balance.kept > 0, "{name}: {balance:?}");
    assert_eq!(squeezed(&leaves(act)), squeezed(&act.text), "{name}");
    let mut parts = String::new();
    for passage in knowledge::split(act) {
        match passage.kind {
            PassageKind::Part => parts += &squeezed(&passage.text),
            PassageKind::Article => {
                // Lines of an annex between two points are passages of no point.
                let whole = squeezed(&passage.text);
                let own = match act.act.has_articles() {
                    true => parts.as_str(),
                    false => &parts[parts.len().saturating_sub(whole.len())..],
                };
                assert_eq!(own, whole, "{name} {}", passage.citation);
                parts.clear();
            }
        }
    }
}

/// The figures of a file: what `kb check` tells of it, and what was taken out.
fn figures(act: &ParsedAct) -> String {
    let cited = act.nodes.iter().filter_map(|node| {
        let kind = serde_json::to_value(node.kind).ok()?;
        Some((
            kind.as_str()?.to_owned(),
            node.citation.as_ref()?.to_string(),
        ))
    });
    let cited: Vec<(String, String)> = cited.collect();
    let counted = numbering(
        cited
            .iter()
            .map(|(kind, label)| (kind.as_str(), label.as_str())),
    );
    let mut removed: BTreeMap<String, usize> = BTreeMap::new();
    for piece in &act.removed {
        let why = serde_json::to_value(piece.why).unwrap();
        *removed.entry(why.as_str().unwrap().to_owned()).or_default() += 1;
    }
    let removed: Vec<String> = removed
        .iter()
        .map(|(why, n)| format!("{why} {n}"))
        .collect();
    format!(
        "{} {} {} | headings {} with_body {} chapters {} sections {} parts {} points {} subpoints {} paragraphs {} | gaps {} inside {} duplicates {} unparsed {} | notes {} {}",
        act.act,
        act.edition,
        act.format,
        act.headings,
        act.with_body,
        act.chapters,
        act.sections,
        counted.parts,
        counted.points,
        counted.subpoints,
        counted.paragraphs,
        act.gaps.len(),
        counted.gaps_inside.len(),
        counted.duplicates.len(),
        act.unparsed.len(),
        act.notes.len(),
        removed.join(", ")
    )
}

/// Set `SOYUZNIK_TEST_WRITE_FIGURES` to write the snapshot anew; look at what changed before it is committed.
#[test]
fn every_character_of_every_file_is_kept_or_listed_and_the_figures_stay() {
    let name = "every_character_of_every_file_is_kept_or_listed_and_the_figures_stay";
    let Some(acts) = skip::corpus(name, "acts") else {
        return;
    };
    let mut by_format: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = String::new();
    for path in files(&acts) {
        let file = path.strip_prefix(&acts).unwrap().display().to_string();
        match knowledge::read(&std::fs::read(&path).unwrap(), &file) {
            Ok(act) => {
                check(&act, &file);
                *by_format.entry(act.format.clone()).or_default() += 1;
                found += &format!("{file}: {}\n", figures(&act));
            }
            Err(error) => found += &format!("{file}: refused {}\n", error.code()),
        }
    }
    for format in ["html", "docx", "rtf", "text", "pdf"] {
        assert!(by_format[format] > 0, "no {format} in the corpus");
    }
    let snapshot = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/knowledge/figures.txt");
    if std::env::var_os("SOYUZNIK_TEST_WRITE_FIGURES").is_some() {
        std::fs::write(&snapshot, &found).unwrap();
    }
    let kept = std::fs::read_to_string(&snapshot).unwrap();
    for (new, old) in found.lines().zip(kept.lines()) {
        assert_eq!(new, old);
    }
    assert_eq!(found.lines().count(), kept.lines().count());
}

/// A word that stands nowhere else.
fn word(number: usize) -> String {
    let letters: Vec<char> = "бвгджзклмнпрст".chars().collect();
    let mut word = String::from("щ");
    let mut rest = number + 1;
    while rest > 0 {
        word.push(letters[rest % letters.len()]);
        word.push('ы');
        rest /= letters.len();
    }
    word
}

/// What may stand in an article, and beside one.
fn piece() -> impl Strategy<Value = u8> {
    0u8..10
}

/// Lines of articles made of unique words, with notes, remarks, repeals, points and page numbers among them.
fn lines(articles: &[Vec<u8>]) -> Vec<String> {
    let mut count = 0;
    let mut fresh = move || {
        count += 1;
        word(count)
    };
    let mut out = Vec::new();
    for (n, pieces) in articles.iter().enumerate() {
        out.push(format!("Статья {}. Про {}", n + 1, fresh()));
        for piece in pieces {
            let (a, b) = (fresh(), fresh());
            out.push(match piece {
                0 => format!("{a} должен {b}, и так далее."),
                1 => format!("1) {a} и {b};"),
                2 => format!("а) {a} и {b};"),
                3 => format!("{a} {b}. (В редакции Федерального закона от 01.02.2021 № 4-ФЗ)"),
                4 => "(в ред. Федерального закона от 01.02.2021 N 4-ФЗ)".to_owned(),
                5 => "Часть утратила силу. - Федеральный закон от 01.02.2021 N 4-ФЗ.".to_owned(),
                6 => format!("КонсультантПлюс: примечание. О {a} см. {b}."),
                7 => "3) - 5) утратили силу. - Федеральный закон от 01.02.2021 N 4-ФЗ;".to_owned(),
                8 => format!("По статье 312¹ и № 5 {a}: {b};"),
                _ => format!("Абзац про {a} ({b})."),
            });
        }
    }
    out
}

/// Ordinary articles behind them: how a text is laid out is decided from most of its lines.
fn among_others(mut lines: Vec<String>, articles: usize) -> Vec<String> {
    for n in articles + 1..articles + 25 {
        lines.push(format!("Статья {n}. Проба {n}"));
        for what in ["длится день", "бывает ночью", "кончается утром"]
        {
            lines.push(format!("Проба номер {n} {what}, о чём сообщают."));
        }
    }
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_global_rejects: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// In every form: all is accounted for, and each unique word stands once, in the text or in one removal.
    #[test]
    fn made_up_documents_lose_nothing(
        articles in prop::collection::vec(prop::collection::vec(piece(), 1..7), 1..6),
        form in prop::sample::select(documents::FORMS.to_vec()),
    ) {
        let law = Law { lines: among_others(lines(&articles), articles.len()) };
        let act = match knowledge::read(&law.in_form(form), "made-up") {
            Ok(act) => act,
            // An index that cannot be told, or a layout that cannot, is refused; most documents are read.
            Err(error) => {
                prop_assert!(matches!(error.code(), "numbering" | "gaps" | "cut_off" | "unknown_act"), "{form}: {error}\n{:#?}", law.lines);
                return Err(TestCaseError::reject(error.code()));
            }
        };
        check(&act, form);
        let removed: Vec<&str> = act.removed.iter().filter(|r| r.why.is_taken_out()).map(|r| r.text.as_str()).collect();
        let all = format!("{}\n{}", act.text, removed.join("\n"));
        for (number, line) in law.lines.iter().enumerate() {
            for unique in line.split(|c: char| !c.is_alphabetic()).filter(|w| w.starts_with('щ')) {
                let times = all.split(|c: char| !c.is_alphabetic()).filter(|w| *w == unique).count();
                prop_assert_eq!(times, 1, "{} {}: {}\n{}", form, number, line, all);
            }
        }
    }
}

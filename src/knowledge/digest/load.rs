//! Digest files from the binary and from folders.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use super::{DigestArticle, ReadVerdict};
use crate::knowledge::KnowledgeError;

const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/digest.rs"));
const READS: &str = include!(concat!(env!("OUT_DIR"), "/reads.rs"));

/// Returns the article of one file. Fails on unknown fields, malformed citations and a file name that is not the article's number.
pub fn parse_article(file: &str, toml: &str) -> Result<DigestArticle, KnowledgeError> {
    let refuse = |message: String| KnowledgeError::Malformed {
        file: file.to_owned(),
        message,
    };
    let article: DigestArticle = toml::from_str(toml).map_err(|e| refuse(e.to_string()))?;
    let stem = Path::new(file)
        .file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default();
    if stem != article.article {
        return Err(refuse(format!(
            "файл назван {stem}, а статья в нём {}",
            article.article
        )));
    }
    Ok(article)
}

/// Returns the digest that the binary carries. Fails if a shipped file is malformed or doubled.
pub fn load_embedded() -> Result<Vec<DigestArticle>, KnowledgeError> {
    let files = EMBEDDED
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
    parse_all(files)
}

/// Files and folders of a knowledge folder that are no digest articles.
const OTHERS: [&str; 6] = [
    "asked.toml",
    "outside.toml",
    "sources.toml",
    "term-changes.toml",
    "situations",
    "glossary",
];

/// Returns the digest of a folder, read with its subfolders; topics and questions that lie beside it are left out. Fails on unreadable, malformed and doubled files.
pub fn load_dir(folder: &Path) -> Result<Vec<DigestArticle>, KnowledgeError> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.retain(|path| {
        !OTHERS
            .iter()
            .any(|name| path.starts_with(folder.join(name)))
    });
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let text = std::fs::read_to_string(&path).map_err(|source| KnowledgeError::Io {
            path: path.clone(),
            source,
        })?;
        files.push((path.to_string_lossy().into_owned(), text));
    }
    parse_all(files.into_iter())
}

/// Returns `base` with the articles of `over` in place of its own.
pub fn overlay(base: Vec<DigestArticle>, over: Vec<DigestArticle>) -> Vec<DigestArticle> {
    let key = |a: &DigestArticle| (a.act.clone(), a.article.clone());
    let mut all = base
        .into_iter()
        .map(|a| (key(&a), a))
        .collect::<BTreeMap<_, _>>();
    all.extend(over.into_iter().map(|a| (key(&a), a)));
    all.into_values().collect()
}

/// Returns the verdicts of a `reads.jsonl`; empty lines are skipped. Fails with the number of the first malformed line.
pub fn parse_reads(file: &str, text: &str) -> Result<Vec<ReadVerdict>, KnowledgeError> {
    let lines = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty());
    let refuse = |i: usize, e: serde_json::Error| KnowledgeError::Malformed {
        file: file.to_owned(),
        message: format!("строка {}: {e}", i + 1),
    };
    lines
        .map(|(i, line)| serde_json::from_str(line).map_err(|e| refuse(i, e)))
        .collect()
}

/// Returns the verdicts that the binary carries.
pub fn embedded_reads() -> Result<Vec<ReadVerdict>, KnowledgeError> {
    parse_reads("evals/digest/reads.jsonl", READS)
}

fn parse_all(
    files: impl Iterator<Item = (String, String)>,
) -> Result<Vec<DigestArticle>, KnowledgeError> {
    let mut articles = HashSet::new();
    let mut statements = HashSet::new();
    let mut out = Vec::new();
    for (file, text) in files {
        let article = parse_article(&file, &text)?;
        let refuse = |message: String| {
            Err(KnowledgeError::Malformed {
                file: file.clone(),
                message,
            })
        };
        if !articles.insert((article.act.clone(), article.article.clone())) {
            return refuse(format!(
                "статья {} уже есть в другом файле",
                article.citation()
            ));
        }
        if let Some(twice) = article
            .statements
            .iter()
            .find(|s| !statements.insert(s.id.clone()))
        {
            return refuse(format!("утверждение {} уже есть", twice.id));
        }
        out.push(article);
    }
    Ok(out)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), KnowledgeError> {
    let io = |source| KnowledgeError::Io {
        path: folder.to_owned(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.is_dir() {
            collect(&path, paths)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::tests::FILE;
    use super::*;

    #[test]
    fn a_folder_replaces_articles_and_doubles_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(
            folder.path().join("80.toml"),
            FILE.replace("Уйти", "Уволиться"),
        )
        .unwrap();
        std::fs::write(folder.path().join("outside.toml"), "").unwrap();
        let over = load_dir(folder.path()).unwrap();
        let merged = overlay(vec![parse_article("80.toml", FILE).unwrap()], over);
        assert_eq!(merged.len(), 1);
        assert!(merged[0].title.starts_with("Уволиться"));
        std::fs::create_dir(folder.path().join("tk")).unwrap();
        std::fs::write(folder.path().join("tk/80.toml"), FILE).unwrap();
        assert!(
            load_dir(folder.path())
                .unwrap_err()
                .to_string()
                .contains("уже есть")
        );
    }

    #[test]
    fn a_malformed_read_is_named_by_its_line() {
        assert!(
            parse_reads("reads.jsonl", "\n{\"statement\":1}\n")
                .unwrap_err()
                .to_string()
                .contains("строка 2")
        );
    }

    #[test]
    fn the_shipped_digest_loads() {
        load_embedded().unwrap();
        embedded_reads().unwrap();
    }
}

//! `kb digest`: the knowledge base against its own rules and, where a text is given, against the law; the union's own
//! wordings as files.

use super::output::{Exit, Failure, Format, print_json, say};
use super::people::{ACTOR, open_store};
use crate::config::Config;
use crate::ingest::{self, IngestError};
use crate::knowledge::digest::{self, EditFile, Finding, Severity};
use crate::knowledge::guide::{self, Against};
use crate::law::deadline;
use crate::store::StatementEdit;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Ends with problems where a finding blocks; warnings are for people to look at.
pub fn check(config: &Config, law: &[PathBuf], format: Format) -> Result<Exit, Failure> {
    let folder = Some(config.knowledge_dir.as_str()).filter(|path| !path.is_empty());
    let folder = folder.map(Path::new);
    let articles = ingest::digest_articles(folder).map_err(IngestError::from)?;
    let situations = guide::situations(folder).map_err(IngestError::from)?;
    let glossary = guide::glossary(folder).map_err(IngestError::from)?;
    let reads = digest::embedded_reads().map_err(IngestError::from)?;
    let rules =
        deadline::embedded_rules().map_err(|e| Failure::new(Exit::Damaged, "deadlines", e))?;
    let law = law
        .iter()
        .map(|path| ingest::read_file(path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut findings = digest::check(&articles, &law, &reads);
    let against = Against {
        digest: &articles,
        rules: &rules,
        law: &law,
        reads: &reads,
    };
    findings.extend(guide::check(&situations, &glossary, &against));
    let statements: usize = articles
        .iter()
        .map(|article| article.statements.len())
        .sum();
    let blocking = |finding: &&Finding| finding.severity == Severity::Block;
    let blocks = findings.iter().filter(blocking).count();
    match format {
        Format::Json => print_json(&serde_json::json!({
            "articles": articles.len(), "statements": statements, "situations": situations.len(),
            "words": glossary.len(), "terms": rules.len(), "findings": findings,
        })),
        Format::Text => {
            for finding in &findings {
                say(&format!(
                    "{:?} {} {}: {} ({})",
                    finding.severity, finding.code, finding.place, finding.message, finding.remedy
                ));
            }
            say(&format!(
                "Статей {}, положений {statements}, ситуаций {}, слов {}, сроков {}; ошибок {blocks}, замечаний {}.",
                articles.len(),
                situations.len(),
                glossary.len(),
                rules.len(),
                findings.len() - blocks
            ));
        }
    }
    Ok(match blocks {
        0 => Exit::Done,
        _ => Exit::Problems,
    })
}

/// Writes every wording of the union into one file.
pub async fn export(config: &Config, file: &Path, format: Format) -> Result<Exit, Failure> {
    let store = open_store(config).await?;
    let edits = ingest::edits(&store).await?;
    let count = edits.len();
    let text =
        toml::to_string(&EditFile { edits }).map_err(|error| Failure::other("export", error))?;
    std::fs::write(file, text).map_err(|error| {
        Failure::other(&file.to_string_lossy(), error).remedy("Проверьте путь и права.")
    })?;
    match format {
        Format::Json => print_json(&serde_json::json!({"edits": count})),
        Format::Text => say(&format!("Записано формулировок: {count}.")),
    }
    Ok(Exit::Done)
}

/// Takes wordings from a file. One whose statement has other shipped words than it was made for is kept, told and
/// not used. A lawyer approves them for members anew.
pub async fn import(config: &Config, file: &Path, format: Format) -> Result<Exit, Failure> {
    let place = file.to_string_lossy().into_owned();
    let text = std::fs::read_to_string(file).map_err(|error| Failure::not_found(&place, error))?;
    let told: EditFile = toml::from_str(&text).map_err(|error| {
        Failure::wrong_use(&place, error).remedy("Нужен файл, который записал kb digest export.")
    })?;
    let folder = Some(config.knowledge_dir.as_str()).filter(|path| !path.is_empty());
    let articles = ingest::digest_articles(folder.map(Path::new)).map_err(IngestError::from)?;
    let shipped: HashMap<&str, String> = articles
        .iter()
        .flat_map(|article| &article.statements)
        .map(|statement| (statement.id.as_str(), statement.sha256()))
        .collect();
    let store = open_store(config).await?;
    let mut strange = Vec::new();
    for edit in &told.edits {
        if shipped.get(edit.statement.as_str()) != Some(&edit.shipped_sha256) {
            strange.push(edit.statement.clone());
        }
        let fields = serde_json::to_value(&edit.wording).map_err(|e| Failure::other(&place, e))?;
        let edit = StatementEdit {
            statement: edit.statement.clone(),
            shipped_sha256: edit.shipped_sha256.clone(),
            fields,
        };
        store.keep_edit(&edit, ACTOR).await?;
    }
    match format {
        Format::Json => {
            print_json(&serde_json::json!({"edits": told.edits.len(), "unused": strange}));
        }
        Format::Text => {
            say(&format!("Взято формулировок: {}.", told.edits.len()));
            for id in &strange {
                say(&format!(
                    "{id}: в этой поставке тезис другой, формулировка не действует"
                ));
            }
        }
    }
    Ok(match strange.is_empty() {
        true => Exit::Done,
        false => Exit::Problems,
    })
}

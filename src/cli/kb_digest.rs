//! `kb digest check`: the knowledge base against its own rules and, where a text is given, against the law.

use super::output::{Exit, Failure, Format, print_json, say};
use crate::config::Config;
use crate::ingest::{self, IngestError};
use crate::knowledge::digest::{self, Finding, Severity};
use crate::knowledge::guide::{self, Against};
use crate::law::deadline;
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

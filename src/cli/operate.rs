use super::arguments::AuditCommand;
use super::output::{Exit, Failure, Format, print_json, say};
use super::people::open_store;
use crate::config::{Config, variable};
use crate::store::{AuditHead, AuditVerdict};
use std::path::{Path, PathBuf};

/// Where the journal's head is kept outside the database.
fn anchor_file(config: &Config) -> PathBuf {
    config.data_dir.join("audit-anchor.json")
}

fn read_anchor(path: &Path) -> Option<AuditHead> {
    let text = std::fs::read_to_string(path).ok()?;
    serde_json::from_str(&text).ok()
}

/// Writes the journal's head beside the database, so that a journal cut short is noticed.
pub async fn keep_anchor(config: &Config, store: &crate::store::Store) -> Result<(), Failure> {
    if let Some(head) = store.audit_head().await?
        && let Ok(text) = serde_json::to_string(&head)
    {
        let path = anchor_file(config);
        let fresh = path.with_extension("new");
        std::fs::write(&fresh, text)
            .and_then(|()| std::fs::rename(&fresh, &path))
            .map_err(|e| Failure::other("audit-anchor.json", e))?;
    }
    Ok(())
}

pub async fn audit(config: Config, command: AuditCommand, format: Format) -> Result<Exit, Failure> {
    let AuditCommand::Verify = command;
    let store = crate::store::Store::open_to_read(&config.database()).await?;
    let anchor = read_anchor(&anchor_file(&config));
    match store.audit_verify(anchor.as_ref()).await? {
        AuditVerdict::Intact { entries } => {
            match format {
                Format::Json => {
                    print_json(&serde_json::json!({"intact": true, "entries": entries}))
                }
                Format::Text => say(&format!("Журнал цел: {entries} записей.")),
            }
            keep_anchor(&config, &store).await?;
            Ok(Exit::Done)
        }
        AuditVerdict::Broken { seq } => Err(Failure::new(
            Exit::Damaged,
            &format!("audit:{seq}"),
            format!("Журнал нарушен: запись {seq} отсутствует или изменена."),
        )
        .remedy("Сравните с последней копией и выясните, кто имел доступ к базе.")),
    }
}

pub async fn backup(config: Config, file: PathBuf, format: Format) -> Result<Exit, Failure> {
    let store = crate::store::Store::open_to_read(&config.database()).await?;
    let report = store.backup(&file).await?;
    keep_anchor(&config, &store).await?;
    match format {
        Format::Json => print_json(&report),
        Format::Text => say(&format!(
            "Копия записана: {}, строк {}.",
            file.display(),
            report.rows.values().sum::<i64>()
        )),
    }
    Ok(Exit::Done)
}

pub async fn restore(config: Config, file: PathBuf, format: Format) -> Result<Exit, Failure> {
    let store = open_store(&config).await?;
    let report = store.restore(&file).await?;
    keep_anchor(&config, &store).await?;
    match format {
        Format::Json => print_json(&report),
        Format::Text => say(&format!(
            "Восстановлено строк: {}. Журнал цел.",
            report.rows.values().sum::<i64>()
        )),
    }
    Ok(Exit::Done)
}

pub fn show_config(config: &Config, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => print_json(config),
        Format::Text => {
            say(&toml::to_string_pretty(config).map_err(|e| Failure::other("config", e))?);
            say("# Переменные окружения:");
            for key in Config::keys() {
                say(&format!("# {key} = {}", variable(&key)));
            }
        }
    }
    Ok(Exit::Done)
}

/// `doctor`: what is in place, what is missing, and what to do about it.
pub async fn doctor(config: Config, format: Format) -> Result<Exit, Failure> {
    let app = crate::app::App::open(config).await?;
    let mut checks: Vec<(&str, bool, String)> = Vec::new();
    checks.push((
        "база данных",
        app.store.ping().await.is_ok(),
        app.config.database_kind().into(),
    ));
    let (embedder, generator) = app.models_loaded().await;
    for (name, health) in [("модель поиска", embedder), ("модель чтения", generator)]
    {
        let text = serde_json::to_value(&health).unwrap_or_default();
        let remedy = text["remedy"].as_str().unwrap_or_default().to_owned();
        checks.push((name, health == crate::model::worker::Health::Ready, remedy));
    }
    let counts = app.index.counts().map_err(crate::app::AppError::from)?;
    let note = format!(
        "записей {}, с вектором {}",
        counts.entries, counts.with_vector
    );
    checks.push(("индекс", counts.entries > 0, note));
    let editions = app.catalog().editions();
    let note = if editions.is_empty() {
        "добавьте: kb add ФАЙЛ или kb pull tk".into()
    } else {
        format!("{} актов", editions.len())
    };
    checks.push(("тексты законов", !editions.is_empty(), note));
    let head = app
        .store
        .audit_verify(read_anchor(&anchor_file(&app.config)).as_ref())
        .await?;
    checks.push((
        "журнал",
        matches!(head, AuditVerdict::Intact { .. }),
        String::new(),
    ));
    let bad = checks.iter().any(|(_, good, _)| !good);
    match format {
        Format::Json => {
            let rows: Vec<_> = checks
                .iter()
                .map(|(name, ok, note)| serde_json::json!({"check": name, "ok": ok, "note": note}))
                .collect();
            print_json(&serde_json::json!({"checks": rows}));
        }
        Format::Text => {
            for (name, good, note) in &checks {
                say(&format!(
                    "{} {name}  {note}",
                    if *good { "есть " } else { "НЕТ  " }
                ));
            }
        }
    }
    Ok(if bad { Exit::Problems } else { Exit::Done })
}

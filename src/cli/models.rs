use super::arguments::ModelsCommand;
use super::output::{Exit, Failure, Format, print_json, say};
use crate::config::Config;
use crate::model::ModelError;
use crate::model::registry::{Registry, Progress};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};

impl From<ModelError> for Failure {
    fn from(error: ModelError) -> Self {
        Self::new(Exit::from_code(error.exit_code()), error.place(), &error)
    }
}

pub async fn run(config: Config, command: ModelsCommand, format: Format) -> Result<Exit, Failure> {
    tokio::task::spawn_blocking(move || blocking(&config, command, format))
        .await
        .map_err(|e| Failure::other("models", e))?
}

fn blocking(config: &Config, command: ModelsCommand, format: Format) -> Result<Exit, Failure> {
    let registry = Registry::open(config)?;
    match command {
        ModelsCommand::List => list(&registry, format),
        ModelsCommand::Pull {
            name,
            accept_licence,
        } => {
            for name in chosen(config, name) {
                pull(&registry, &name, accept_licence)?;
            }
            Ok(Exit::Done)
        }
        ModelsCommand::Verify { name } => {
            for name in chosen(config, name) {
                let state = registry.verify(&name)?;
                say(&format!("{name}: цела ({}, sha256 {})", state.file, state.sha256));
            }
            Ok(Exit::Done)
        }
        ModelsCommand::Import { name, path } => {
            let state = registry.import(&name, &path)?;
            say(&format!("{name}: взята, sha256 {}", state.sha256));
            Ok(Exit::Done)
        }
    }
}

/// The named model, or those that the settings use.
fn chosen(config: &Config, name: Option<String>) -> Vec<String> {
    match name {
        Some(name) => vec![name],
        None => [&config.model.encoder, &config.model.generator]
            .into_iter()
            .filter(|name| !["none", "remote"].contains(&name.as_str()))
            .cloned()
            .collect(),
    }
}

fn list(registry: &Registry, format: Format) -> Result<Exit, Failure> {
    let rows = registry.list();
    match format {
        Format::Json => print_json(&serde_json::json!({"models": rows})),
        Format::Text => {
            for row in rows {
                say(&row.to_string());
            }
        }
    }
    Ok(Exit::Done)
}

/// Fetches one model that is not there yet, after its licence was shown and agreed to.
pub fn pull(registry: &Registry, name: &str, accept_licence: bool) -> Result<(), Failure> {
    if registry.is_present(name)? {
        say(&format!("{name}: уже есть."));
        return Ok(());
    }
    say(&registry.licence(name)?);
    if !accept_licence && !agreed() {
        return Err(Failure::wrong_use("models pull", "Без согласия с лицензией модель не загружается.")
            .remedy("Повторите с --accept-licence."));
    }
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    let progress = |progress: Progress| {
        bar.set_length(progress.total_bytes);
        bar.set_position(progress.done_bytes);
        if let Some(note) = progress.note {
            bar.println(note);
        }
    };
    let state = registry.pull(name, &progress)?;
    bar.finish_and_clear();
    say(&format!("{name}: готова, sha256 {}", state.sha256));
    Ok(())
}

fn agreed() -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    print!("Согласны с лицензией? [да/нет] ");
    let _ = std::io::stdout().flush();
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
    ["да", "д", "yes", "y"].contains(&line.trim().to_lowercase().as_str())
}

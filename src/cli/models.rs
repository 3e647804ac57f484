use super::arguments::ModelsCommand;
use super::output::{Exit, Failure, Format, print_json, say};
use crate::config::Config;
use crate::model::ModelError;
use crate::model::registry::{Ask, Consent, FileState, Listed, Progress, Registry, Stage};
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
        ModelsCommand::List => {
            list(&registry.list(), format);
        }
        ModelsCommand::Pull {
            name,
            accept_licence,
        } => {
            for name in chosen(config, name) {
                pull(&registry, &name, accept_licence)?;
            }
        }
        ModelsCommand::Verify { name } => {
            for name in chosen(config, name) {
                let file = registry.verify(&name)?;
                say(&format!("{name}: файл цел, sha256 {}", file.sha256));
            }
        }
        ModelsCommand::Import { name, path } => {
            let bar = bar(&name);
            let ask = Ask {
                licence: Consent::Given,
                progress: &|progress| show(&bar, progress),
                confirm_sha256: &trusted,
            };
            let file = registry.import(&path, Some(&name), &ask)?;
            bar.finish_and_clear();
            say(&format!("{name}: взята, sha256 {}", file.sha256));
        }
    }
    Ok(Exit::Done)
}

/// The named model, or those that the settings use.
fn chosen(config: &Config, name: Option<String>) -> Vec<String> {
    match name {
        Some(name) => vec![name],
        None => own_models(config).into_iter().map(str::to_owned).collect(),
    }
}

/// The models of the settings that are files of this machine.
pub fn own_models(config: &Config) -> Vec<&str> {
    [
        config.model.encoder.as_str(),
        config.model.generator.as_str(),
    ]
    .into_iter()
    .filter(|name| *name != "none" && !name.starts_with("remote"))
    .collect()
}

fn list(rows: &[Listed], format: Format) {
    if format == Format::Json {
        return print_json(&serde_json::json!({"models": rows}));
    }
    for row in rows {
        let state = match &row.state {
            FileState::Ready { .. } => "есть".to_owned(),
            FileState::Unchecked { .. } => "есть, сумма не проверена".to_owned(),
            FileState::Damaged { message, .. } => format!("повреждена: {message}"),
            FileState::Partial { bytes } => format!("загружена не до конца: {} МБ", bytes >> 20),
            FileState::Missing => "нет".to_owned(),
            FileState::Server => "только на сервере".to_owned(),
        };
        say(&format!(
            "{:32} {state}\n    лицензия: {}",
            row.model.name, row.model.licence.name
        ));
    }
}

/// Fetches one model that is not there yet, after its licence was shown and agreed to.
pub fn pull(registry: &Registry, name: &str, accept_licence: bool) -> Result<(), Failure> {
    match registry.locate(name) {
        Ok(_) => {
            say(&format!("{name}: уже есть."));
            return Ok(());
        }
        Err(ModelError::Missing { .. }) => {}
        Err(error) => eprintln!("{error}"),
    }
    let licence = &registry.entry(name)?.licence;
    say(&format!(
        "{name} — лицензия: {} ({}). {}",
        licence.name, licence.url, licence.summary
    ));
    let consent = if accept_licence || agreed() {
        Consent::Given
    } else {
        Consent::NotGiven
    };
    let bar = bar(name);
    let ask = Ask {
        licence: consent,
        progress: &|progress| show(&bar, progress),
        confirm_sha256: &trusted,
    };
    let pulled = registry.pull(name, &ask)?;
    bar.finish_and_clear();
    say(&format!(
        "{name}: готова ({}), sha256 {}",
        pulled.from, pulled.file.sha256
    ));
    Ok(())
}

fn bar(name: &str) -> ProgressBar {
    let bar = ProgressBar::new(0);
    if let Ok(style) = ProgressStyle::with_template("{msg} {bar:30} {bytes}/{total_bytes} {eta}") {
        bar.set_style(style);
    }
    bar.set_message(name.to_owned());
    bar
}

/// Shows progress on the bar.
fn show(bar: &ProgressBar, progress: Progress<'_>) {
    if let Some(total) = progress.total_bytes {
        bar.set_length(total);
    }
    bar.set_position(progress.done_bytes);
    let stage = match progress.stage {
        Stage::Download => "загрузка",
        Stage::Convert => "перевод в 8 бит",
        Stage::Verify => "сверка",
        Stage::Copy => "копирование",
    };
    bar.set_message(format!("{}: {stage}", progress.model));
}

/// Takes a file whose checksum nobody has written down only after a person saw the sum.
fn trusted(sha256: &str) -> bool {
    confirm(&format!(
        "Сумма файла {sha256}; в списке её нет. Взять файл? [да/нет] "
    ))
}

fn agreed() -> bool {
    confirm("Согласны с лицензией? [да/нет] ")
}

fn confirm(question: &str) -> bool {
    if !std::io::stdin().is_terminal() {
        return false;
    }
    print!("{question}");
    let _ = std::io::stdout().flush();
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
    ["да", "д", "yes", "y"].contains(&line.trim().to_lowercase().as_str())
}

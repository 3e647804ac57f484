//! The command line: verbs, their output, and exit codes.

mod arguments;
mod arguments_kb;
mod ask;
mod bench;
mod bench_knowledge;
mod bench_pages;
mod calc;
mod deadline;
mod demo;
mod eval;
mod kb;
mod kb_align;
mod kb_check;
mod kb_digest;
mod kb_local;
mod kb_pull;
mod kb_rates;
mod kb_show;
mod kb_time;
mod models;
mod operate;
mod output;
mod people;
mod progress;
mod search_practice;
mod serve;

pub use output::{Exit, Failure};

use arguments::{Cli, Command};
use clap::{CommandFactory, FromArgMatches};
use output::Format;
use std::process::ExitCode;

/// Variables that belong to tests and tools, not to the settings.
const NOT_SETTINGS: [&str; 5] = [
    "SOYUZNIK_CI_CACHE",
    "SOYUZNIK_MODELS",
    "SOYUZNIK_POSTGRES_DIR",
    "SOYUZNIK_REQUIRE",
    "SOYUZNIK_SKIP_LIST",
];

/// Runs the command line and returns its exit code.
pub fn main() -> ExitCode {
    crate::model::tune_allocator();
    let matches = match arguments::command(Cli::command()).try_get_matches() {
        Ok(matches) => matches,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() {
                Exit::WrongUse as u8
            } else {
                0
            });
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(Exit::WrongUse as u8);
        }
    };
    let format = if cli.json { Format::Json } else { Format::Text };
    match run(cli, &matches, format) {
        Ok(exit) => ExitCode::from(exit as u8),
        Err(failure) => {
            output::report(&failure, format);
            ExitCode::from(failure.exit as u8)
        }
    }
}

fn run(cli: Cli, matches: &clap::ArgMatches, format: Format) -> Result<Exit, Failure> {
    let config = settings(&cli, matches)?;
    crate::telemetry::start(
        &config.log,
        matches!(cli.command, Command::Serve | Command::Demo { .. }),
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::other("runtime", error))?;
    let exit = runtime.block_on(dispatch(cli.command, config, format));
    // A model thread in the middle of a matrix product is not waited for.
    runtime.shutdown_timeout(std::time::Duration::from_millis(500));
    exit
}

fn settings(cli: &Cli, matches: &clap::ArgMatches) -> Result<crate::config::Config, Failure> {
    let environment: Vec<(String, String)> = std::env::vars()
        .filter(|(name, _)| name.starts_with("SOYUZNIK_"))
        .filter(|(name, _)| !NOT_SETTINGS.contains(&name.as_str()))
        .filter(|(name, _)| !name.starts_with("SOYUZNIK_TEST_"))
        .filter(|(name, _)| !is_secret(name))
        .collect();
    let mut flags = arguments::given_settings(matches);
    if matches!(cli.command, Command::Demo { .. })
        && !flags.iter().any(|(key, _)| key == "data_dir")
        && !environment
            .iter()
            .any(|(name, _)| name == "SOYUZNIK_DATA_DIR")
        && cli.config.is_none()
    {
        flags.push(("data_dir".into(), "soyuznik-demo".into()));
    }
    Ok(crate::config::Config::load(
        cli.config.as_deref(),
        &environment,
        &flags,
    )?)
}

/// Secrets are read where they are used, by the name that the settings give.
fn is_secret(name: &str) -> bool {
    ["_KEY", "_PASSWORD"].iter().any(|end| name.ends_with(end)) && name != "SOYUZNIK_SERVE_TLS_KEY"
}

async fn dispatch(
    command: Command,
    config: crate::config::Config,
    format: Format,
) -> Result<Exit, Failure> {
    match command {
        Command::Demo {
            law,
            once,
            listen_only,
        } => demo::demo(config, law, once, listen_only).await,
        Command::Serve => serve::serve(config).await,
        Command::Ask {
            question,
            on,
            as_node,
        } => ask::ask(config, question.join(" "), (on, as_node), format).await,
        Command::Search {
            question,
            on,
            limit,
            as_node,
            kind: None,
        } => ask::search(config, question.join(" "), (on, as_node), limit, format).await,
        Command::Search {
            question,
            limit,
            kind: Some(kind),
            ..
        } => search_practice::search(config, question.join(" "), kind, limit, format).await,
        Command::Kb(command) => kb::run(config, command, format).await,
        Command::Models(command) => models::run(config, command, format).await,
        Command::Deadline(command) => deadline::run(command, format),
        Command::Calc(args) => calc::run(config, args, format).await,
        Command::Eval(command) => eval::run(config, command, format).await,
        Command::User(command) => people::user(config, command, format).await,
        Command::Org(command) => people::organisation(config, command, format).await,
        Command::Backup { file } => operate::backup(config, file, format).await,
        Command::Restore { file } => operate::restore(config, file, format).await,
        Command::Audit(command) => operate::audit(config, command, format).await,
        Command::Doctor => operate::doctor(config, format).await,
        Command::Config => operate::show_config(&config, format),
        Command::Bench(command) => bench::run(config, command, format).await,
    }
}

//! The program, started in an environment without settings of this machine.

use std::path::Path;
use std::process::{Command, Output};

/// The program with nothing said to it.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_soyuznik"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("SOYUZNIK_")) {
        command.env_remove(name);
    }
    command
}

/// The program over a data folder.
pub fn over(data: &Path, words: &[&str]) -> Command {
    let mut command = program();
    command.args(words).arg("--data-dir").arg(data);
    command
}

/// The same without models.
pub fn without_models(data: &Path, words: &[&str]) -> Command {
    let mut command = over(data, words);
    command.args(["--encoder", "none", "--generator", "none"]);
    command
}

/// What the program without models says at its end.
pub fn run(data: &Path, words: &[&str]) -> Output {
    without_models(data, words).output().unwrap()
}

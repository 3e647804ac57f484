use crate::model::ModelError;
use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

/// Clients of a pip index, in the order in which they are tried.
const CLIENTS: [(&str, Client); 4] = [
    ("pip3", Client::Pip(&["pip3"])),
    ("python3 -m pip", Client::Pip(&["python3", "-m", "pip"])),
    ("pip", Client::Pip(&["pip"])),
    ("uv pip", Client::Uv),
];

#[derive(Debug, Clone, Copy)]
enum Client {
    /// Brings wheels.
    Pip(&'static [&'static str]),
    /// Has no download command: it installs into a folder.
    Uv,
}

/// Brings packages from a pip index through whichever client this machine has.
pub struct Pip {
    /// Where programs are looked for, instead of `PATH`.
    path: Option<OsString>,
    /// The client that worked last.
    chosen: Option<usize>,
}

/// What one client said to one package.
enum Tried {
    Brought,
    NotHere,
    Refused(String),
}

impl Pip {
    pub fn new(path: Option<OsString>) -> Self {
        Self { path, chosen: None }
    }

    /// Brings the package `requirement` into `folder`: as a wheel, or unpacked.
    ///
    /// Fails with `Network`, naming each client and what it said. A client that worked once is kept.
    pub fn bring(
        &mut self,
        requirement: &str,
        platform: Option<&str>,
        folder: &Path,
    ) -> Result<(), ModelError> {
        let order: Vec<usize> = match self.chosen {
            Some(chosen) => vec![chosen],
            None => (0..CLIENTS.len()).collect(),
        };
        let mut reasons = Vec::new();
        for at in order {
            let (name, client) = CLIENTS[at];
            match self.run(client, requirement, platform, folder)? {
                Tried::Brought => {
                    self.chosen = Some(at);
                    return Ok(());
                }
                Tried::NotHere => reasons.push(format!("{name}: не установлен")),
                Tried::Refused(reason) => reasons.push(format!("{name}: {reason}")),
            }
        }
        Err(ModelError::Network {
            place: format!("пакет {requirement}"),
            reason: reasons.join("; "),
        })
    }

    fn run(
        &self,
        client: Client,
        requirement: &str,
        platform: Option<&str>,
        folder: &Path,
    ) -> Result<Tried, ModelError> {
        let mut command = match client {
            Client::Pip(words) => pip_command(words, platform, folder),
            Client::Uv => uv_command(platform, folder),
        };
        command.arg(requirement).stdin(Stdio::null());
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        let output = match command.output() {
            Ok(output) => output,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Tried::NotHere);
            }
            Err(error) => return Ok(Tried::Refused(error.to_string())),
        };
        if output.status.success() {
            return Ok(Tried::Brought);
        }
        // A full disk is not the network's fault, and another client won't help.
        let said = String::from_utf8_lossy(&output.stderr);
        if said.contains("No space left on device") {
            return Err(ModelError::Disk {
                place: folder.display().to_string(),
                reason: "нет места на диске".into(),
            });
        }
        Ok(Tried::Refused(last_line(&said)))
    }
}

fn pip_command(words: &[&str], platform: Option<&str>, folder: &Path) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]);
    command.args([
        "download",
        "--quiet",
        "--no-deps",
        "--no-cache-dir",
        "--no-input",
    ]);
    command.args([
        "--disable-pip-version-check",
        "--retries",
        "2",
        "--timeout",
        "30",
    ]);
    command.args(["--only-binary", ":all:"]);
    if let Some(platform) = platform {
        command.args(["--platform", platform]);
    }
    command.arg("--dest").arg(folder);
    command
}

fn uv_command(platform: Option<&str>, folder: &Path) -> Command {
    let mut command = Command::new("uv");
    command.args(["pip", "install", "--quiet", "--no-deps", "--no-cache"]);
    command.args(["--only-binary", ":all:"]);
    if platform == Some("manylinux2014_x86_64") {
        command.args(["--python-platform", "x86_64-manylinux2014"]);
    }
    command.arg("--target").arg(folder);
    command
}

/// The last line that says something, cut to a readable length.
fn last_line(said: &str) -> String {
    let line = said.lines().map(str::trim).rfind(|line| !line.is_empty());
    line.unwrap_or("ошибка без объяснения")
        .chars()
        .take(200)
        .collect()
}

//! One `config.toml`; every key is also a flag and an environment variable `SOYUZNIK_…`.

use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Everything an administrator can set. Unknown keys are errors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where the database, models and indexes stand.
    pub data_dir: PathBuf,
    /// `sqlite` file inside the data folder when empty, else `postgres://…`.
    pub database_url: String,
    /// A folder whose files win over the embedded digest, or empty.
    pub knowledge_dir: String,
    /// A folder whose files win over the embedded prompts, or empty.
    pub prompts_dir: String,
    pub serve: Serve,
    pub model: Model,
    pub index: Index,
    pub deliver: Deliver,
    pub jobs: Jobs,
    pub law: Law,
    pub log: Log,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Serve {
    pub listen: SocketAddr,
    pub tls_cert: String,
    pub tls_key: String,
    /// Addresses of proxies that end TLS for us; cookies are `__Host-` then.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// What people type into the browser, for links in mails and log-in links; empty: the listen address.
    pub public_url: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Model {
    /// Name in `models.toml`, or `none`.
    pub encoder: String,
    /// Name in `models.toml`, `remote`, or `none`.
    pub generator: String,
    /// Where an OpenAI-compatible server answers, ending before `/v1`.
    pub remote_url: String,
    pub remote_model: String,
    /// Name of the environment variable that holds the server's key.
    pub remote_key_env: String,
    /// Folders searched for model files before anything is downloaded.
    pub folders: Vec<PathBuf>,
    /// Base address of the model hub.
    pub hub_url: String,
    pub draft_deadline_s: u64,
    pub seed: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Index {
    /// `local` or `qdrant`.
    pub backend: String,
    pub qdrant_url: String,
    pub qdrant_key_env: String,
    pub timeout_s: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Deliver {
    /// Seconds between approval and sending, in which the lawyer can take it back.
    pub hold_s: u64,
    /// `smtp://user@host:port`, or empty: no mail, the page only.
    pub smtp_url: String,
    pub smtp_password_env: String,
    pub mail_from: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Jobs {
    /// Seconds after which another process takes over the work of one that died; renewed while it works.
    pub lease_s: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Law {
    /// Base address of the official law portal.
    pub portal_url: String,
    pub portal_pause_ms: u64,
    /// Base address of the official publication service.
    pub publication_url: String,
    /// Every how many days `serve` asks the sources of the held acts for news; 0: never.
    pub watch_days: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// `tracing` filter, for example `info` or `soyuznik=debug`.
    pub filter: String,
    /// `json` or `text`.
    pub format: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("soyuznik-data"),
            database_url: String::new(),
            knowledge_dir: String::new(),
            prompts_dir: String::new(),
            serve: Serve::default(),
            model: Model::default(),
            index: Index::default(),
            deliver: Deliver::default(),
            jobs: Jobs::default(),
            law: Law::default(),
            log: Log::default(),
        }
    }
}

impl Default for Serve {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            tls_cert: String::new(),
            tls_key: String::new(),
            trusted_proxies: Vec::new(),
            public_url: String::new(),
        }
    }
}

impl Default for Model {
    fn default() -> Self {
        Self {
            encoder: "embeddinggemma-300m".into(),
            generator: "qwen2.5-coder-1.5b-instruct".into(),
            remote_url: String::new(),
            remote_model: String::new(),
            remote_key_env: "SOYUZNIK_MODEL_KEY".into(),
            folders: Vec::new(),
            hub_url: "https://huggingface.co".into(),
            draft_deadline_s: 180,
            seed: 1,
        }
    }
}

impl Default for Index {
    fn default() -> Self {
        Self {
            backend: "local".into(),
            qdrant_url: "http://127.0.0.1:6334".into(),
            qdrant_key_env: "SOYUZNIK_QDRANT_KEY".into(),
            timeout_s: 5,
        }
    }
}

impl Default for Deliver {
    fn default() -> Self {
        Self {
            hold_s: 120,
            smtp_url: String::new(),
            smtp_password_env: "SOYUZNIK_SMTP_PASSWORD".into(),
            mail_from: String::new(),
        }
    }
}

impl Default for Jobs {
    fn default() -> Self {
        Self { lease_s: 30 }
    }
}

impl Default for Law {
    fn default() -> Self {
        Self {
            portal_url: "http://pravo.gov.ru".into(),
            portal_pause_ms: 2000,
            publication_url: "http://publication.pravo.gov.ru".into(),
            watch_days: 0,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self {
            filter: "info".into(),
            format: "text".into(),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("Не удалось прочитать файл настроек {path}: {reason}. Проверьте путь и права.")]
    Read { path: String, reason: String },
    #[error(
        "Ошибка в настройках, {place}: {reason}. Исправьте ключ; список ключей: soyuznik config."
    )]
    Wrong { place: String, reason: String },
}

impl Config {
    /// Settings from defaults, then the file, then `SOYUZNIK_…` variables, then `key=value` flags.
    ///
    /// Fails on an unknown key or a value of the wrong kind, naming where it stands.
    pub fn load(
        file: Option<&Path>,
        environment: &[(String, String)],
        flags: &[(String, String)],
    ) -> Result<Self, ConfigError> {
        let mut table =
            toml::Table::try_from(Self::default()).map_err(|e| wrong("defaults", &e))?;
        if let Some(path) = file {
            let text = std::fs::read_to_string(path).map_err(|e| ConfigError::Read {
                path: path.display().to_string(),
                reason: e.to_string(),
            })?;
            // Parsed alone first, so that the message carries the line of the file.
            toml::from_str::<Self>(&text).map_err(|e| wrong(&path.display().to_string(), &e))?;
            let given: toml::Table =
                toml::from_str(&text).map_err(|e| wrong(&path.display().to_string(), &e))?;
            merge(&mut table, given);
        }
        let keys = Self::keys();
        for (name, value) in environment {
            let Some(key) = keys.iter().find(|key| variable(key) == *name) else {
                return Err(wrong(name, &"такого ключа нет"));
            };
            set(&mut table, key, value).map_err(|reason| wrong(name, &reason))?;
        }
        for (key, value) in flags {
            if !keys.contains(key) {
                return Err(wrong(&format!("--set {key}"), &"такого ключа нет"));
            }
            set(&mut table, key, value).map_err(|reason| wrong(key, &reason))?;
        }
        table.try_into().map_err(|e| wrong("settings", &e))
    }

    /// Every key as `section.name`, sorted.
    pub fn keys() -> Vec<String> {
        let table = toml::Table::try_from(Self::default()).unwrap_or_default();
        let mut keys = Vec::new();
        for (name, value) in &table {
            match value {
                toml::Value::Table(section) => {
                    keys.extend(section.keys().map(|key| format!("{name}.{key}")));
                }
                _ => keys.push(name.clone()),
            }
        }
        keys.sort();
        keys
    }

    /// The database address: the configured one, else an SQLite file in the data folder.
    pub fn database(&self) -> String {
        if self.database_url.is_empty() {
            format!(
                "sqlite://{}",
                self.data_dir.join("soyuznik.sqlite").display()
            )
        } else {
            self.database_url.clone()
        }
    }

    /// `sqlite` or `postgres`, without an address or a password.
    pub fn database_kind(&self) -> &'static str {
        if self.database().starts_with("sqlite:") {
            "sqlite"
        } else {
            "postgres"
        }
    }

    pub fn models_dir(&self) -> PathBuf {
        self.data_dir.join("models")
    }

    pub fn index_dir(&self) -> PathBuf {
        self.data_dir.join("index")
    }

    /// What people type into the browser, without a slash at the end.
    pub fn public_url(&self) -> String {
        if !self.serve.public_url.is_empty() {
            return self.serve.public_url.trim_end_matches('/').to_owned();
        }
        let scheme = if self.serve.tls_cert.is_empty() {
            "http"
        } else {
            "https"
        };
        format!("{scheme}://{}", self.serve.listen)
    }
}

/// The environment variable of a key: `serve.listen` → `SOYUZNIK_SERVE_LISTEN`.
pub fn variable(key: &str) -> String {
    format!("SOYUZNIK_{}", key.replace('.', "_").to_uppercase())
}

fn wrong(place: &str, reason: &dyn std::fmt::Display) -> ConfigError {
    ConfigError::Wrong {
        place: place.to_owned(),
        reason: reason.to_string().trim().to_owned(),
    }
}

fn merge(into: &mut toml::Table, from: toml::Table) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => merge(old, new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}

/// Sets `section.name` from text, in the kind that the default has.
fn set(table: &mut toml::Table, key: &str, text: &str) -> Result<(), String> {
    let (section, name) = match key.split_once('.') {
        Some((section, name)) => (
            table
                .get_mut(section)
                .and_then(toml::Value::as_table_mut)
                .ok_or("такого раздела нет")?,
            name,
        ),
        None => (table, key),
    };
    let old = section.get(name).ok_or("такого ключа нет")?;
    let value = match old {
        toml::Value::Integer(_) => text
            .parse()
            .map(toml::Value::Integer)
            .map_err(|_| format!("«{text}» не целое число"))?,
        toml::Value::Boolean(_) => text
            .parse()
            .map(toml::Value::Boolean)
            .map_err(|_| format!("«{text}» не true и не false"))?,
        toml::Value::Array(_) => toml::Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|item| toml::Value::String(item.to_owned()))
                .collect(),
        ),
        _ => toml::Value::String(text.to_owned()),
    };
    section.insert(name.to_owned(), value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "[deliver]\nhold_s = 10\n[log]\nfilter = \"debug\"\n").unwrap();
        let environment = [("SOYUZNIK_DELIVER_HOLD_S".to_owned(), "20".to_owned())];
        let flags = [("deliver.hold_s".to_owned(), "30".to_owned())];
        let config = Config::load(Some(&file), &environment, &flags).unwrap();
        assert_eq!(config.deliver.hold_s, 30);
        assert_eq!(config.log.filter, "debug");
        let config = Config::load(Some(&file), &environment, &[]).unwrap();
        assert_eq!(config.deliver.hold_s, 20);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, "data_dir = \"x\"\nlisen = 1\n").unwrap();
        let error = Config::load(Some(&file), &[], &[]).unwrap_err().to_string();
        assert!(
            error.contains("lisen") && error.contains("line 2"),
            "{error}"
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_named() {
        let flags = [("deliver.hold_s".to_owned(), "soon".to_owned())];
        let error = Config::load(None, &[], &flags).unwrap_err().to_string();
        assert!(
            error.contains("deliver.hold_s") && error.contains("soon"),
            "{error}"
        );
    }

    #[test]
    fn every_key_has_a_variable_of_its_own() {
        let variables: std::collections::BTreeSet<_> =
            Config::keys().iter().map(|key| variable(key)).collect();
        assert_eq!(variables.len(), Config::keys().len());
    }
}

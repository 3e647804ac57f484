//! From the settings to running models.

use super::registry::{Format, ModelEntry, ModelPurpose, Registry, Runs, Verified};
use super::worker::{EmbedderHandle, GeneratorHandle, Limits};
use super::{
    Embedder, EncoderIdentity, EngineEmbedder, EngineGenerator, Generator, Mode, ModelError,
    ModelIdentity, RemoteEmbedder, RemoteGenerator, RemoteServer,
};
use crate::case::types::sha256_hex;
use crate::config::Config;
use crate::model::engine::engine_error;
use soyuznik_engine::encoder::Encoder;
use soyuznik_engine::generator::Generator as Engine;
use std::sync::Arc;

/// The encoder that the settings name: a name in `models.toml`, `remote:NAME` on `model.remote_url`, or `none`.
///
/// Returns at once, or after hashing a file that wasn't seen before; it loads on its own thread. A file
/// that is missing or damaged gives a handle whose health says so. Fails on a wrong setting only.
pub fn open_embedder(
    config: &Config,
    registry: &Registry,
) -> Result<Option<EmbedderHandle>, ModelError> {
    let name = config.model.encoder.as_str();
    if name.is_empty() || name == "none" {
        return Ok(None);
    }
    if let Some(model) = name.strip_prefix("remote:") {
        return remote_embedder(config, model).map(Some);
    }
    let model = engine_entry(registry, name, ModelPurpose::Encoder, "model.encoder")?;
    let mut identity = EncoderIdentity {
        name: model.name.clone(),
        sha256: String::new(),
        dimension: model.dimension.unwrap_or(0),
    };
    let file = match registry.locate(name) {
        Ok(file) => file,
        Err(error) => return Ok(Some(EmbedderHandle::unavailable(identity, error))),
    };
    identity.sha256.clone_from(&file.sha256);
    let format = model.format;
    let load = {
        let identity = identity.clone();
        move || load_encoder(identity, format, &file)
    };
    Ok(Some(EmbedderHandle::start(
        identity,
        Limits::default(),
        load,
    )))
}

/// The generator that the settings name: a name in `models.toml`, `remote`, or `none`.
///
/// As [`open_embedder`]. A remote model may use the mode that `models.toml` gives to its name, else `select`.
pub fn open_generator(
    config: &Config,
    registry: &Registry,
) -> Result<Option<GeneratorHandle>, ModelError> {
    let name = config.model.generator.as_str();
    if name.is_empty() || name == "none" {
        return Ok(None);
    }
    if name == "remote" {
        return remote_generator(config, registry).map(Some);
    }
    let model = engine_entry(registry, name, ModelPurpose::Generator, "model.generator")?;
    let mut identity = ModelIdentity {
        name: model.name.clone(),
        sha256: String::new(),
        mode: model.mode.unwrap_or(Mode::Select),
        seed: config.model.seed,
    };
    let file = match registry.locate(name) {
        Ok(file) => file,
        Err(error) => return Ok(Some(GeneratorHandle::unavailable(identity, error))),
    };
    identity.sha256.clone_from(&file.sha256);
    let load = {
        let identity = identity.clone();
        move || load_generator(identity, &file)
    };
    Ok(Some(GeneratorHandle::start(
        identity,
        Limits::default(),
        load,
    )))
}

fn engine_entry<'a>(
    registry: &'a Registry,
    name: &str,
    purpose: ModelPurpose,
    key: &str,
) -> Result<&'a ModelEntry, ModelError> {
    let model = registry.entry(name)?;
    if model.purpose != purpose {
        return Err(wrong(key, format!("«{name}» — модель другого назначения")));
    }
    if model.runs == Runs::Server {
        return Err(wrong(
            key,
            format!(
                "«{name}» работает только на сервере: задайте {key} = \"remote\" и model.remote_url"
            ),
        ));
    }
    Ok(model)
}

fn load_encoder(
    identity: EncoderIdentity,
    format: Format,
    file: &Verified,
) -> Result<Arc<dyn Embedder>, ModelError> {
    let encoder = match format {
        Format::Gguf => Encoder::open_embedding_gemma(&file.path),
        Format::E5s1 => Encoder::open_e5_small(&file.path),
        Format::Safetensors => {
            return Err(ModelError::Unsupported {
                what: "safetensors".into(),
            });
        }
    }
    .map_err(engine_error)?;
    Ok(Arc::new(EngineEmbedder::new(identity, encoder)?))
}

fn load_generator(
    identity: ModelIdentity,
    file: &Verified,
) -> Result<Arc<dyn Generator>, ModelError> {
    let engine = Engine::open(&file.path).map_err(engine_error)?;
    Ok(Arc::new(EngineGenerator::new(identity, engine)?))
}

fn remote_embedder(config: &Config, model: &str) -> Result<EmbedderHandle, ModelError> {
    let identity = EncoderIdentity {
        name: model.to_owned(),
        sha256: String::new(),
        dimension: 0,
    };
    match RemoteEmbedder::connect(server(config)?, model) {
        Ok(embedder) => Ok(EmbedderHandle::start(
            embedder.identity().clone(),
            Limits::default(),
            move || Ok(Arc::new(embedder) as Arc<dyn Embedder>),
        )),
        Err(error) => Ok(EmbedderHandle::unavailable(identity, error)),
    }
}

fn remote_generator(config: &Config, registry: &Registry) -> Result<GeneratorHandle, ModelError> {
    let model = config.model.remote_model.as_str();
    if model.is_empty() {
        return Err(wrong("model.remote_model", "не задана модель".into()));
    }
    let server = server(config)?;
    let identity = ModelIdentity {
        name: model.to_owned(),
        // A server shows no file: address and name stand for it.
        sha256: sha256_hex(format!("{}|{model}", server.url()).as_bytes()),
        mode: registry
            .entry(model)
            .ok()
            .and_then(|entry| entry.mode)
            .unwrap_or(Mode::Select),
        seed: config.model.seed,
    };
    let generator = RemoteGenerator::new(identity.clone(), server, model);
    Ok(GeneratorHandle::start(
        identity,
        Limits::default(),
        move || Ok(Arc::new(generator) as Arc<dyn Generator>),
    ))
}

fn server(config: &Config) -> Result<RemoteServer, ModelError> {
    let url = config.model.remote_url.as_str();
    if !url.starts_with("http://") && !url.starts_with("https://") {
        return Err(wrong(
            "model.remote_url",
            "нужен адрес с http:// или https://".into(),
        ));
    }
    let key = std::env::var(&config.model.remote_key_env).unwrap_or_default();
    Ok(RemoteServer::new(url, &key))
}

fn wrong(place: &str, reason: String) -> ModelError {
    ModelError::Wrong {
        place: place.to_owned(),
        reason,
    }
}

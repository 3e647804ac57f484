use super::engine_error;
use crate::model::{Cancel, EmbedText, Embedder, EncoderIdentity, ModelError, Purpose};
use soyuznik_engine::encoder::{Encoder, Purpose as EnginePurpose};

/// Texts that go to the engine between two looks at the cancellation.
const AT_ONCE: usize = 16;

/// An encoder of the engine.
pub struct EngineEmbedder {
    identity: EncoderIdentity,
    encoder: Encoder,
}

impl EngineEmbedder {
    /// An opened encoder under its name and checksum; fails when its vectors have another length.
    pub fn new(identity: EncoderIdentity, encoder: Encoder) -> Result<Self, ModelError> {
        if encoder.dimension() != identity.dimension {
            return Err(ModelError::Wrong {
                place: format!("models.toml, {}", identity.name),
                reason: format!(
                    "dimension = {}, а у модели {}",
                    identity.dimension,
                    encoder.dimension()
                ),
            });
        }
        Ok(Self { identity, encoder })
    }
}

impl Embedder for EngineEmbedder {
    fn name(&self) -> &str {
        &self.identity.name
    }

    fn sha256(&self) -> &str {
        &self.identity.sha256
    }

    fn dimension(&self) -> usize {
        self.identity.dimension
    }

    fn embed(&self, texts: &[EmbedText], cancel: &Cancel) -> Result<Vec<Vec<f32>>, ModelError> {
        let mut vectors = Vec::with_capacity(texts.len());
        for some in texts.chunks(AT_ONCE) {
            cancel.check()?;
            let prompts: Vec<(&str, EnginePurpose<'_>)> = some
                .iter()
                .map(|text| (text.text.as_str(), purpose(&text.purpose)))
                .collect();
            vectors.extend(self.encoder.embed(&prompts).map_err(engine_error)?);
        }
        Ok(vectors)
    }
}

fn purpose(purpose: &Purpose) -> EnginePurpose<'_> {
    match purpose {
        Purpose::Query => EnginePurpose::Query,
        Purpose::Passage { title } => EnginePurpose::Passage {
            title: title.as_deref(),
        },
    }
}

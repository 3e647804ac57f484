use super::http::RemoteServer;
use crate::case::types::sha256_hex;
use crate::model::{Cancel, EmbedText, Embedder, EncoderIdentity, ModelError, Purpose};
use serde_json::{Value, json};

/// Texts of one request.
const AT_ONCE: usize = 32;

/// An encoder on a server.
pub struct RemoteEmbedder {
    identity: EncoderIdentity,
    server: RemoteServer,
    model: String,
}

/// What is written around a text: encoders are trained with it, and servers don't add it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Prompting {
    Gemma,
    E5,
    Plain,
}

impl RemoteEmbedder {
    /// Asks the server once for a vector to learn its length; fails when it doesn't answer.
    pub fn connect(server: RemoteServer, model: &str) -> Result<Self, ModelError> {
        let mut embedder = Self {
            identity: EncoderIdentity {
                name: model.to_owned(),
                sha256: sha256_hex(format!("{}|{model}", server.url()).as_bytes()),
                dimension: 0,
            },
            server,
            model: model.to_owned(),
        };
        let probe = EmbedText {
            text: "труд".into(),
            purpose: Purpose::Query,
        };
        let vectors = embedder.request(&[probe], &Cancel::new())?;
        embedder.identity.dimension = vectors.first().map_or(0, Vec::len);
        Ok(embedder)
    }

    pub fn identity(&self) -> &EncoderIdentity {
        &self.identity
    }

    fn request(&self, texts: &[EmbedText], cancel: &Cancel) -> Result<Vec<Vec<f32>>, ModelError> {
        let prompting = prompting(&self.model);
        let input: Vec<String> = texts.iter().map(|text| prompted(prompting, text)).collect();
        let body = json!({"model": self.model, "input": input, "encoding_format": "float"});
        let answer = self.server.post("/v1/embeddings", &body, cancel)?;
        self.vectors(&answer, texts.len())
    }

    fn vectors(&self, answer: &Value, count: usize) -> Result<Vec<Vec<f32>>, ModelError> {
        let wrong = || self.server.unreadable("векторы в ответе не по форме");
        let mut vectors = vec![Vec::new(); count];
        for (at, item) in answer["data"]
            .as_array()
            .ok_or_else(wrong)?
            .iter()
            .enumerate()
        {
            let place = item["index"].as_u64().map_or(at, |index| index as usize);
            let numbers = item["embedding"].as_array().ok_or_else(wrong)?;
            let vector: Vec<f32> = numbers
                .iter()
                .filter_map(|number| number.as_f64().map(|number| number as f32))
                .collect();
            let slot = vectors.get_mut(place).ok_or_else(wrong)?;
            *slot = normalised(vector).ok_or_else(wrong)?;
        }
        let length = match self.identity.dimension {
            0 => vectors.first().map_or(0, Vec::len),
            known => known,
        };
        if length == 0 || vectors.iter().any(|vector| vector.len() != length) {
            return Err(wrong());
        }
        Ok(vectors)
    }
}

impl Embedder for RemoteEmbedder {
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
            vectors.extend(self.request(some, cancel)?);
        }
        Ok(vectors)
    }
}

/// The prompts that a model of this name was trained with.
fn prompting(model: &str) -> Prompting {
    let name = model.to_lowercase();
    if name.contains("embeddinggemma") {
        Prompting::Gemma
    } else if name.contains("multilingual-e5") && !name.contains("instruct") {
        Prompting::E5
    } else {
        Prompting::Plain
    }
}

fn prompted(prompting: Prompting, text: &EmbedText) -> String {
    let body = &text.text;
    match (prompting, &text.purpose) {
        (Prompting::Gemma, Purpose::Query) => format!("task: search result | query: {body}"),
        (Prompting::Gemma, Purpose::Passage { title }) => {
            format!(
                "title: {} | text: {body}",
                title.as_deref().unwrap_or("none")
            )
        }
        (Prompting::E5, Purpose::Query) => format!("query: {body}"),
        (Prompting::E5, Purpose::Passage { .. }) => format!("passage: {body}"),
        (Prompting::Plain, _) => body.clone(),
    }
}

/// The vector at length 1; `None` when a number in it isn't one or all are 0.
fn normalised(vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|v| v * v).sum::<f32>().sqrt();
    (length.is_finite() && length > 0.0).then(|| vector.iter().map(|v| v / length).collect())
}

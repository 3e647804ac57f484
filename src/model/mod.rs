//! Models: the registry of files, what an encoder and a generator can do, and the workers that run them.
//!
//! [`Embedder`] and [`Generator`] are synchronous; each stands for two real things, the engine and a
//! remote server. [`worker`] gives each its own thread, a bounded queue, deadlines and health.

mod cancel;
mod engine;
mod error;
mod grammar;
mod open;
pub mod registry;
mod remote;
pub mod testing;
pub mod prompts;
pub mod worker;

pub use cancel::Cancel;
pub use engine::{EngineEmbedder, EngineGenerator};
pub use error::ModelError;
pub use grammar::{Grammar, Guide};
pub use open::{open_embedder, open_generator};
pub use remote::{RemoteEmbedder, RemoteGenerator, RemoteServer};
pub use soyuznik_engine::{kernel_class, tune_allocator};

/// What a text is to the search: encoders are trained with a prompt for each role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody's question.
    Query,
    /// A text that may be found.
    Passage { title: Option<String> },
}

/// A text to turn into a vector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedText {
    pub text: String,
    pub purpose: Purpose,
}

/// Turns texts into vectors of length 1.
pub trait Embedder: Send + Sync {
    /// The name in `models.toml`, or of the remote model.
    fn name(&self) -> &str;
    /// Hex SHA-256 of the artefact; of address and name where it is remote.
    fn sha256(&self) -> &str;
    fn dimension(&self) -> usize;
    /// The vectors of `texts`, `(B, D)`, in their order. Fails when cancelled or when the model does.
    fn embed(&self, texts: &[EmbedText], cancel: &Cancel) -> Result<Vec<Vec<f32>>, ModelError>;
}

/// Reads, judges and writes text.
pub trait Generator: Send + Sync {
    fn identity(&self) -> &ModelIdentity;
    /// The assistant's words after one chat prompt, inside the request's grammar.
    ///
    /// Fails when cancelled, when the prompt doesn't fit, or when a remote reply breaks the grammar twice.
    fn generate(&self, request: &Request, cancel: &Cancel) -> Result<Reply, ModelError>;
    /// The probability of «да» for each item, all judged after one shared text.
    ///
    /// Costs the shared text once and each item once in the engine; a request per item remotely.
    fn judge(&self, request: &JudgeRequest, cancel: &Cancel) -> Result<Judged, ModelError>;
}

/// What a model may do, earned by an evaluation and written in `models.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Reads and chooses; code composes.
    Select,
    /// May also word sentences, each checked.
    Write,
}

/// Which encoder made a vector.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EncoderIdentity {
    pub name: String,
    pub sha256: String,
    pub dimension: usize,
}

/// Which generator made a draft, stored with it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ModelIdentity {
    pub name: String,
    pub sha256: String,
    pub mode: Mode,
    pub seed: u64,
}

/// One chat prompt.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub system: String,
    pub user: String,
    /// The assistant's first words; the reply goes on from them and doesn't repeat them.
    pub prefix: String,
    pub max_tokens: usize,
    /// 0 is greedy.
    pub temperature: f32,
    pub seed: u64,
    /// The reply ends before the first of these.
    pub stop: Vec<String>,
    pub grammar: Grammar,
}

/// What a generator said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    pub text: String,
    /// 0 where a remote server doesn't tell.
    pub prompt_tokens: usize,
    pub output_tokens: usize,
    pub finished: Finished,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finished {
    /// The model or the grammar ended it.
    Stop,
    /// `max_tokens` were used up.
    Length,
}

/// Items that are each judged «да» or «нет» after one shared text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JudgeRequest {
    pub system: String,
    /// The beginning of the user's message, the same for all items.
    pub shared: String,
    /// The rest of the user's message, one per item; each ends by asking for «да» or «нет».
    pub items: Vec<String>,
}

/// Judgements in the order of the items.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// p(«да»), 0–1.
    pub probabilities: Vec<f32>,
    /// Tokens read, the shared text once where the engine shares it.
    pub prompt_tokens: usize,
}

/// What stands between the shared text and an item in the user's message.
pub(crate) const ITEM_GAP: &str = "\n\n";

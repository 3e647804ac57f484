//! A model on an OpenAI-compatible server (vLLM, llama.cpp …).

mod embedder;
mod generator;
mod http;
mod judge;

pub use embedder::RemoteEmbedder;
pub use generator::RemoteGenerator;
pub use http::RemoteServer;

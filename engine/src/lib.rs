//! Encoders and generators for text, on the CPU first: model files, tokenizers, model code and kernels.
//!
//! - [`encoder`] turns texts into vectors (EmbeddingGemma-300M, multilingual-e5-small);
//! - [`generator`] continues texts (Qwen2 in GGUF), with sessions that fork cheaply and constraints on the output;
//! - [`convert`] writes the GGUF of EmbeddingGemma from its safetensors;
//! - [`dot`] finds the nearest rows of a matrix, exactly.
//!
//! Model files come from a network and may be damaged: every length is checked before anything is allocated, and an error
//! names the file and the place.

mod attention;
pub mod convert;
pub mod dot;
pub mod encoder;
mod error;

mod gemm;
mod gguf;
mod kernels;
mod ops;
mod platform;
mod tensor;
mod tokenizer;

pub use error::EngineError;
pub use platform::{kernel_class, tune_allocator};
pub mod generator;

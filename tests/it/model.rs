//! The model room: workers that survive their models, files that are whole or not loaded, and real models.

mod engine;
pub mod files;
mod hub;
mod pip;
mod remote;
pub mod server;
mod worker;

//! The model room: workers that survive their models, files that are whole or not loaded, and real models.

mod engine;
mod files;
mod hub;
mod pip;
mod remote;
mod server;
mod worker;

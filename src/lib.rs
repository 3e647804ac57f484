//! Soyuznik (союзник): a labour-law consultation desk for trade unions, in the order in which a question moves.
#![forbid(unsafe_code)]

// The steps.
pub mod ingest;
pub mod intake;
pub mod retrieve;
pub mod draft;
pub mod review;
pub mod deliver;

// What wires them.
pub mod app;
pub mod cli;
pub mod eval;
pub mod jobs;

// Pure.
pub mod case;
pub mod citation;
pub mod law;

// The rooms.
pub mod index;
pub mod knowledge;
pub mod model;
pub mod notify;
pub mod store;
pub mod web;

pub mod config;
pub mod telemetry;

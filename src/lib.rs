//! Soyuznik (союзник): a labour-law consultation desk for trade unions, in the order in which a question moves.
#![forbid(unsafe_code)]

pub mod case;
pub mod config;
pub mod index;
pub mod citation;
pub mod knowledge;
pub mod law;
pub mod model;
pub mod notify;
pub mod store;
pub mod telemetry;
pub mod web;

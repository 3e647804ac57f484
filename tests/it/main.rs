//! Behaviour of the rooms and of the whole, a file per room or route.

mod align;
mod commands;
mod documents;
mod evals;
mod house;
mod index;
mod kb_formats;
mod kb_time;
mod knowledge;
mod law;
mod model;
mod process;
mod proxy;
mod skip;
mod store;
mod store_flow;
mod store_law;
mod store_people;
mod store_rules;
mod store_safety;
mod web;
mod web_browser;
mod web_desk;
mod web_logs;
mod web_matrix;
mod web_sessions;

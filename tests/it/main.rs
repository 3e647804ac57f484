//! Behaviour of the rooms and of the whole, a file per room or route.

mod house;
mod model;
mod skip;
mod store;
mod store_flow;
mod store_rules;

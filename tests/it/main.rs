//! Behaviour of the rooms and of the whole, a file per room or route.

mod knowledge;
mod law;
mod skip;

//! Behaviour of the rooms and of the whole, a file per room or route.

mod house;
mod model;
mod skip;

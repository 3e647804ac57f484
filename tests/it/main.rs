//! Behaviour of the rooms and of the whole, a file per room or route.

mod index;
mod proxy;
mod skip;

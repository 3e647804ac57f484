//! Pages and their guards.

mod assets;
pub mod desk;
mod fields;
mod frame;
mod guard;
mod listen;
mod page;
mod pages;
mod password;
mod problem;
mod routes;
mod show;
mod transport;
mod upload;
mod visit;

pub use guard::Who;
pub use listen::serve;
pub use password::hash as hash_password;
pub use routes::{Verb, rows};
pub use visit::{Visited, Visits};

use crate::config::Config;
use desk::Desk;
use std::sync::Arc;
use transport::Transport;

/// What every handler holds.
pub(crate) struct Web {
    desk: Arc<dyn Desk>,
    transport: Transport,
    /// What people type into the browser: one-time links start with it.
    public_url: String,
    hashing: password::Hashing,
}

/// All pages over a desk.
///
/// Serve it with `into_make_service_with_connect_info::<SocketAddr>()`: the address of the peer tells
/// whether a proxy is to be trusted.
pub fn router(desk: Arc<dyn Desk>, config: &Config) -> axum::Router {
    let web = Arc::new(Web {
        desk,
        transport: Transport::of(&config.serve),
        public_url: config.public_url(),
        hashing: password::Hashing::default(),
    });
    routes::router(web)
}

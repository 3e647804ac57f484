//! Pages and their guards.

mod listen;

pub use listen::serve;

use crate::app::App;
use axum::Router;
use axum::routing::get;
use std::sync::Arc;

/// Every route of the desk.
pub fn router(_app: Arc<App>) -> Router {
    Router::new().route("/livez", get(|| async { "ok" }))
}

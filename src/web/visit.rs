//! Pages asked for within this process: what a benchmark measures, without a network.

use super::desk::Desk;
use crate::config::Config;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::Request;
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// A visitor without a session.
pub struct Visits(axum::Router);

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visited {
    pub status: u16,
    /// Of the page as it is written, before any compression.
    pub bytes: usize,
}

impl Visits {
    pub fn new(desk: Arc<dyn Desk>, config: &Config) -> Self {
        Self(super::router(desk, config))
    }

    /// Asks for a page and reads it to its end; an address that is none comes back as status 400.
    pub async fn get(&self, path: &str) -> Visited {
        let none = Visited {
            status: 400,
            bytes: 0,
        };
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let request = Request::get(path)
            .header("host", "localhost")
            .extension(ConnectInfo(here))
            .body(Body::empty());
        let Ok(request) = request else {
            return none;
        };
        // A router never fails: it answers.
        let Ok(response) = self.0.clone().oneshot(request).await;
        let status = response.status().as_u16();
        match to_bytes(response.into_body(), usize::MAX).await {
            Ok(body) => Visited {
                status,
                bytes: body.len(),
            },
            Err(_) => Visited { status, ..none },
        }
    }
}

//! The style sheet and the mark, built into the binary.

use crate::case::types::sha256_hex;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use std::sync::LazyLock;

const STYLE: &str = include_str!("assets/app.css");
const MARK: &str = include_str!("assets/mark.svg");

/// Changes with the style sheet, so that browsers may keep it for good.
pub static STYLE_VERSION: LazyLock<String> =
    LazyLock::new(|| sha256_hex(STYLE.as_bytes())[..12].to_owned());

pub async fn style() -> Response {
    asset("text/css; charset=utf-8", STYLE)
}

pub async fn mark() -> Response {
    asset("image/svg+xml", MARK)
}

fn asset(kind: &'static str, body: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000"),
    ];
    (headers, body).into_response()
}

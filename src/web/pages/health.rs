use super::Answered;
use crate::web::Web;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use std::sync::Arc;

/// The process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// 200 when pages can be served, else 503; either way a line for each part.
pub async fn ready(State(web): State<Arc<Web>>) -> Answered {
    let readiness = web.desk.readiness().await?;
    let status = if readiness.ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let lines = readiness.parts.iter();
    let text: String = lines
        .map(|(name, state)| format!("{name}: {state}\n"))
        .collect();
    Ok((status, text).into_response())
}

/// Counts and times in Prometheus' text form.
pub async fn metrics() -> String {
    crate::telemetry::metrics()
}

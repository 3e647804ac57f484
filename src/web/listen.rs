//! The listening end: plain or TLS, draining on a signal.

use super::desk::Desk;
use crate::config::Config;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long requests in hand may take after a signal to stop.
const DRAIN: Duration = Duration::from_secs(5);

/// Serves the desk until SIGTERM, Ctrl+C or `stop`; ends when requests in hand are done.
///
/// Fails when the certificate can't be read, naming the file.
pub async fn serve(
    desk: Arc<dyn Desk>,
    config: &Config,
    listener: TcpListener,
    stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    let handle: Handle<SocketAddr> = Handle::new();
    tokio::spawn(end_on_signal(handle.clone(), stop));
    let serve = &config.serve;
    let (certificate, key) = (serve.tls_cert.clone(), serve.tls_key.clone());
    let service = super::router(desk, config).into_make_service_with_connect_info::<SocketAddr>();
    if certificate.is_empty() {
        return axum_server::from_tcp(listener)?
            .handle(handle)
            .serve(service)
            .await;
    }
    let _ = rustls::crypto::ring::default_provider().install_default();
    let tls = RustlsConfig::from_pem_file(&certificate, &key)
        .await
        .map_err(|error| {
            std::io::Error::new(
                error.kind(),
                format!("Сертификат {certificate} или ключ {key} не читается: {error}"),
            )
        })?;
    axum_server::from_tcp_rustls(listener, tls)?
        .handle(handle)
        .serve(service)
        .await
}

async fn end_on_signal(handle: Handle<SocketAddr>, mut stop: watch::Receiver<bool>) {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => {}
        _ = tokio::signal::ctrl_c() => {}
        _ = stop.wait_for(|stop| *stop) => {}
    }
    tracing::info!("stopping");
    handle.graceful_shutdown(Some(DRAIN));
}

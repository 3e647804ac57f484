use super::operate::keep_anchor;
use super::output::{Exit, Failure, say};
use crate::app::App;
use crate::config::Config;
use crate::{jobs, web};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long jobs in hand may take once the pages are closed.
const LAST_JOBS: Duration = Duration::from_secs(4);

/// `serve`: pages, workers and the index in one process until it is told to stop.
pub async fn serve(config: Config) -> Result<Exit, Failure> {
    let listener = bind(&config).await?;
    let app = Arc::new(App::open(config).await?);
    say(&format!("Союзник слушает {}", app.config.public_url()));
    run(app, listener, Vec::new()).await
}

pub(super) async fn bind(config: &Config) -> Result<std::net::TcpListener, Failure> {
    let listen = config.serve.listen;
    std::net::TcpListener::bind(listen).map_err(|error| {
        let exit = match error.kind() {
            std::io::ErrorKind::AddrInUse => Exit::Busy,
            _ => Exit::Problems,
        };
        Failure::new(exit, &listen.to_string(), format!("Не удалось занять адрес {listen}: {error}."))
            .remedy("Остановите программу, которая его занимает, или укажите другой: --listen 127.0.0.1:8081.")
    })
}

/// Pages, workers and the index; articles in `first` get their vectors before others.
pub(super) async fn run(
    app: Arc<App>,
    listener: std::net::TcpListener,
    first: Vec<String>,
) -> Result<Exit, Failure> {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = jobs::start(&app, &stopped);
    tasks.push(tokio::spawn(embed_rest(
        Arc::clone(&app),
        first,
        stopped.clone(),
    )));
    let desk: Arc<dyn web::desk::Desk> = app.clone();
    let served = web::serve(desk, &app.config, listener, stopped).await;
    let _ = stop.send(true);
    // What is not done by then is done after the next start.
    let by = tokio::time::Instant::now() + LAST_JOBS;
    for task in tasks {
        let _ = tokio::time::timeout_at(by, task).await;
    }
    keep_anchor(&app.config, &app.store).await?;
    app.store.close().await;
    served.map_err(|e| Failure::other("serve", e))?;
    Ok(Exit::Done)
}

/// Fills the index with vectors, a little at a time, and looks again now and then.
async fn embed_rest(app: Arc<App>, first: Vec<String>, mut stop: watch::Receiver<bool>) {
    const A_LITTLE: usize = 64;
    while !*stop.borrow() {
        let filled = match app.tend_index().await {
            Ok(()) => app.embed_missing(&first, A_LITTLE).await,
            Err(error) => Err(error),
        };
        let pause = match filled {
            Ok(0) => Duration::from_secs(5),
            Ok(_) => Duration::from_millis(20),
            Err(error) => {
                tracing::debug!(code = error.code(), "vectors wait");
                Duration::from_secs(10)
            }
        };
        if let Ok(counts) = app.index_counts().await {
            metrics::gauge!("soyuznik_index_entries").set(counts.entries as f64);
            metrics::gauge!("soyuznik_index_vectors").set(counts.with_vector as f64);
        }
        let _ = tokio::time::timeout(pause, stop.changed()).await;
    }
}

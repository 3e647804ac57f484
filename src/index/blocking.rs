//! The bridge from the synchronous trait to clients that are async inside.

use super::IndexError;
use std::future::Future;
use std::sync::OnceLock;
use tokio::runtime::{Builder, Runtime};

/// Runs `future` to its end on a runtime of the room's own and returns what it returns.
///
/// Works from any thread, a tokio one too: the waiting is done by a thread made for it (some 50 µs). Fails when the
/// system gives no threads.
pub fn wait<T: Send>(
    future: impl Future<Output = Result<T, IndexError>> + Send,
) -> Result<T, IndexError> {
    let runtime = runtime()?;
    std::thread::scope(|scope| {
        let waiter = std::thread::Builder::new()
            .name("index".to_owned())
            .spawn_scoped(scope, || runtime.block_on(future))
            .map_err(|error| no_threads(&error))?;
        waiter
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

// Never dropped: a runtime may not be dropped from async code, and an index may.
fn runtime() -> Result<&'static Runtime, IndexError> {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("index-io")
        .enable_all()
        .build()
        .map_err(|error| no_threads(&error))?;
    Ok(RUNTIME.get_or_init(|| runtime))
}

fn no_threads(error: &std::io::Error) -> IndexError {
    IndexError::Storage {
        place: "(память)".to_owned(),
        reason: error.to_string(),
    }
}

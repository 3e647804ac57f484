use super::state::{Loaded, Shared};
use crate::model::ModelError;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

/// Loads a model; runs once, on the model's own thread.
pub type Load<M> = Box<dyn FnOnce() -> Result<Arc<M>, ModelError> + Send>;

/// Starts the working thread, which loads the model first, and the supervisor.
pub fn start<M: ?Sized + Send + Sync + 'static>(
    shared: &Arc<Shared<M>>,
    load: Load<M>,
) -> std::io::Result<()> {
    let worker = Arc::clone(shared);
    spawn("model-worker", move || {
        load_into(&worker, load);
        work(&worker, 0);
    })?;
    let watcher = Arc::clone(shared);
    spawn("model-watch", move || watch(&watcher))
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map(drop)
}

fn load_into<M: ?Sized>(shared: &Shared<M>, load: Load<M>) {
    let loaded = catch_unwind(AssertUnwindSafe(load))
        .unwrap_or_else(|_| Err(ModelError::failed("загрузка модели прервалась")));
    let mut state = shared.lock();
    match loaded {
        Ok(model) => state.model = Loaded::Ready(model),
        Err(error) => {
            tracing::warn!(
                code = error.code(),
                place = error.place(),
                "model not loaded"
            );
            state.refuse_all(&error);
            state.model = Loaded::Failed(error);
        }
    }
    drop(state);
    shared.work.notify_all();
    shared.watch.notify_all();
}

/// Takes jobs until the thread is replaced or the worker closes.
fn work<M: ?Sized + Send + Sync + 'static>(shared: &Arc<Shared<M>>, thread: u64) {
    while let Some((job, model)) = shared.next(thread) {
        let run = job.run;
        let outcome = catch_unwind(AssertUnwindSafe(|| run(&model, &job.cancel)));
        if outcome.is_err() {
            tracing::error!("model panicked");
            (job.refuse)(ModelError::failed("модель прервалась на этом запросе"));
            replace(shared, thread);
            return;
        }
        if !shared.finished(thread) {
            return;
        }
    }
}

/// Puts a new thread in the place of `thread`, unless somebody did.
fn replace<M: ?Sized + Send + Sync + 'static>(shared: &Arc<Shared<M>>, thread: u64) {
    let mut state = shared.lock();
    if state.thread != thread || state.closed {
        return;
    }
    state.running = None;
    state.thread += 1;
    let number = state.thread;
    drop(state);
    let worker = Arc::clone(shared);
    if let Err(error) = spawn("model-worker", move || work(&worker, number)) {
        let error = ModelError::failed(error);
        let mut state = shared.lock();
        state.refuse_all(&error);
        state.model = Loaded::Failed(error);
    }
}

/// Cancels a job at its deadline and replaces a thread that doesn't notice within the grace.
fn watch<M: ?Sized + Send + Sync + 'static>(shared: &Arc<Shared<M>>) {
    let grace = shared.limits.grace;
    let mut state = shared.lock();
    loop {
        if state.closed {
            return;
        }
        let now = Instant::now();
        state.refuse_late(now);
        let mut hung = None;
        if let Some(running) = &state.running {
            if now >= running.deadline {
                running.cancel.cancel();
            }
            if now >= running.deadline + grace {
                tracing::error!("model hangs");
                (running.refuse)(ModelError::Deadline);
                hung = Some(state.thread);
            }
        }
        if let Some(thread) = hung {
            drop(state);
            replace(shared, thread);
            state = shared.lock();
            continue;
        }
        let wait = state
            .next_event(grace)
            .map_or(Duration::from_secs(3600), |at| {
                at.saturating_duration_since(Instant::now())
            });
        state = shared
            .watch
            .wait_timeout(state, wait)
            .unwrap_or_else(PoisonError::into_inner)
            .0;
    }
}

//! The workers: they lease jobs from the database and call the step that each one names.

use crate::app::App;
use crate::case::Reason;
use crate::deliver;
use crate::ingest;
use crate::store::{Delivered, JobKind, LeasedJob, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

const IDLE: Duration = Duration::from_millis(250);
/// How often the settings are looked at for a look at the official sources.
const WATCH_EVERY: Duration = Duration::from_secs(3600);

/// Works until `stop` turns true, then ends the job in hand.
///
/// Drafts take the model for seconds to a minute, so they have a worker of their own: deliveries and
/// searches never wait behind them.
pub fn start(app: &Arc<App>, stop: &watch::Receiver<bool>) -> Vec<tokio::task::JoinHandle<()>> {
    let lanes: [&'static [JobKind]; 3] = [
        &[JobKind::Retrieve, JobKind::Deliver, JobKind::Mail],
        &[JobKind::Draft],
        &[JobKind::Watch],
    ];
    let mut work: Vec<_> = lanes
        .into_iter()
        .filter(|kinds| kinds != &[JobKind::Watch] || app.config.law.watch_days > 0)
        .map(|kinds| tokio::spawn(lane(Arc::clone(app), kinds, stop.clone())))
        .collect();
    if app.config.law.watch_days > 0 {
        work.push(tokio::spawn(remind(Arc::clone(app), stop.clone())));
    }
    work
}

/// Queues a look at the official sources whenever one is due.
async fn remind(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = queue_watch(&app).await {
            tracing::warn!(code = error.code(), "no look at the sources queued");
        }
        let _ = tokio::time::timeout(WATCH_EVERY, stop.changed()).await;
    }
}

/// Queues a look at the official sources where the settings want one and the last is long enough ago.
pub async fn queue_watch(app: &App) -> Result<(), ingest::IngestError> {
    if ingest::watch_is_due(&app.store, &app.config).await? {
        let nothing = serde_json::Value::Null;
        app.store
            .queue_job(JobKind::Watch, nothing, "watch")
            .await?;
    }
    Ok(())
}

async fn lane(app: Arc<App>, kinds: &'static [JobKind], mut stop: watch::Receiver<bool>) {
    let worker = format!("{}-{}", std::process::id(), uuid::Uuid::now_v7());
    while !*stop.borrow() {
        match app.store.lease(kinds, &worker, lease_ms(&app)).await {
            Ok(Some(job)) => run(&app, &job).await,
            Ok(None) => {
                let _ = tokio::time::timeout(IDLE, stop.changed()).await;
            }
            Err(error) => {
                tracing::warn!(code = error.code(), "jobs can't be leased");
                let _ = tokio::time::timeout(Duration::from_secs(1), stop.changed()).await;
            }
        }
    }
}

/// Does every job that is ready now, then returns; for the command line and for tests.
pub async fn drain(app: &App) -> Result<usize, StoreError> {
    let worker = format!("{}-{}", std::process::id(), uuid::Uuid::now_v7());
    let kinds = [
        JobKind::Retrieve,
        JobKind::Draft,
        JobKind::Deliver,
        JobKind::Mail,
        JobKind::Watch,
    ];
    let mut done = 0;
    while let Some(job) = app.store.lease(&kinds, &worker, lease_ms(app)).await? {
        run(app, &job).await;
        done += 1;
    }
    Ok(done)
}

/// A second at least, so that a lease can be renewed before it ends.
fn lease_ms(app: &App) -> i64 {
    i64::try_from(app.config.jobs.lease_s.clamp(1, 86_400)).unwrap_or(30) * 1000
}

/// Renews a lease three times in its length until it is dropped.
///
/// A task of its own: the step in hand may hold the database's only writer while a renewal waits for it.
struct Heartbeat(tokio::task::JoinHandle<()>);

impl Heartbeat {
    fn start(app: &App, job: &LeasedJob) -> Self {
        let (store, lease, length) = (app.store.clone(), job.lease.clone(), lease_ms(app));
        let pause = Duration::from_millis(length.unsigned_abs() / 3);
        Self(tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                match store.renew(&lease, length).await {
                    Ok(_) => {}
                    // Somebody else has it: the step finds out when it leaves its result.
                    Err(StoreError::Conflict { .. }) => return,
                    Err(error) => {
                        tracing::warn!(job = lease.job, code = error.code(), "lease not renewed");
                    }
                }
            }
        }))
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(app: &App, job: &LeasedJob) {
    let heartbeat = Heartbeat::start(app, job);
    let outcome = match job.kind {
        JobKind::Retrieve => app
            .retrieve_case(job)
            .await
            .map_err(|e| (e.code(), Reason::NoIndex)),
        JobKind::Draft => app
            .draft_case(job)
            .await
            .map_err(|e| (e.code(), Reason::ModelFailed)),
        JobKind::Deliver => match deliver::page(&app.store, job).await {
            Ok(Delivered::Held { .. }) | Ok(_) => Ok(()),
            Err(_) => Err(("deliver", Reason::ModelFailed)),
        },
        JobKind::Mail => deliver::mail(&app.store, &app.notifier, job, &app.config.public_url())
            .await
            .map_err(|_| ("mail", Reason::ModelFailed)),
        JobKind::Index => app
            .store
            .finish(&job.lease)
            .await
            .map_err(|e| (e.code(), Reason::NoIndex)),
        JobKind::Watch => look_at_sources(app, job)
            .await
            .map_err(|e| (e.code(), Reason::NoIndex)),
    };
    drop(heartbeat);
    metrics::counter!("soyuznik_jobs_total", "kind" => job.kind.code(), "ok" => if outcome.is_ok() { "1" } else { "0" }).increment(1);
    if let Err((code, reason)) = outcome {
        tracing::warn!(
            job = job.lease.job,
            kind = job.kind.code(),
            code,
            "job failed"
        );
        if let Err(error) = app.store.fail(&job.lease, code, reason).await {
            tracing::warn!(code = error.code(), "job can't be put back");
        }
    }
}

/// Fails where no source could be asked: the job runs again after a pause.
async fn look_at_sources(app: &App, job: &LeasedJob) -> Result<(), ingest::IngestError> {
    let report = ingest::watch(&app.store, &app.config).await?;
    if report.saw_nothing() {
        return Err(ingest::IngestError::Stopped("источники молчат".into()));
    }
    Ok(app.store.finish(&job.lease).await?)
}

use super::job::{Job, Lane, Refuse};
use super::{Health, Limits};
use crate::model::{Cancel, ModelError};
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What the handles, the working thread and the supervisor share.
pub struct Shared<M: ?Sized> {
    state: Mutex<State<M>>,
    /// Wakes the working thread.
    pub work: Condvar,
    /// Wakes the supervisor.
    pub watch: Condvar,
    pub limits: Limits,
}

pub struct State<M: ?Sized> {
    interactive: VecDeque<Job<M>>,
    batch: VecDeque<Job<M>>,
    pub running: Option<Running>,
    pub model: Loaded<M>,
    /// The number of the thread that may take work; a replaced one finds another number and leaves.
    pub thread: u64,
    pub closed: bool,
}

/// What has become of loading the model.
pub enum Loaded<M: ?Sized> {
    Loading,
    Ready(Arc<M>),
    Failed(ModelError),
}

/// The job that the thread is at.
pub struct Running {
    pub refuse: Refuse,
    pub cancel: Cancel,
    pub deadline: Instant,
}

impl<M: ?Sized> Shared<M> {
    pub fn new(model: Loaded<M>, limits: Limits) -> Self {
        Self {
            state: Mutex::new(State {
                interactive: VecDeque::new(),
                batch: VecDeque::new(),
                running: None,
                model,
                thread: 0,
                closed: false,
            }),
            work: Condvar::new(),
            watch: Condvar::new(),
            limits,
        }
    }

    /// The state. A panic elsewhere can't leave it half-changed: no model code runs under the lock.
    pub fn lock(&self) -> MutexGuard<'_, State<M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn health(&self) -> Health {
        match &self.lock().model {
            Loaded::Loading => Health::Loading,
            Loaded::Ready(_) => Health::Ready,
            Loaded::Failed(error) => Health::after(error),
        }
    }

    /// Puts a job into its lane; fails at once when the lane is full or the model can't be used.
    pub fn submit(&self, lane: Lane, job: Job<M>) -> Result<(), ModelError> {
        let mut state = self.lock();
        if let Loaded::Failed(error) = &state.model {
            return Err(error.clone());
        }
        if state.closed {
            return Err(ModelError::Cancelled);
        }
        let (queue, most) = match lane {
            Lane::Interactive => (&mut state.interactive, self.limits.interactive),
            Lane::Batch => (&mut state.batch, self.limits.batch),
        };
        queue.retain(|waiting| !waiting.cancel.is_cancelled());
        if queue.len() >= most {
            return Err(ModelError::Busy { retry_after_s: 5 });
        }
        queue.push_back(job);
        drop(state);
        self.work.notify_all();
        self.watch.notify_all();
        Ok(())
    }

    /// The next job for thread `thread`, waiting for one; `None` once the thread was replaced or
    /// the worker closed.
    pub fn next(&self, thread: u64) -> Option<(Job<M>, Arc<M>)> {
        let mut state = self.lock();
        loop {
            if state.closed || state.thread != thread {
                return None;
            }
            let Loaded::Ready(model) = &state.model else {
                return None;
            };
            let model = Arc::clone(model);
            if let Some(job) = state.take() {
                state.running = Some(Running {
                    refuse: Arc::clone(&job.refuse),
                    cancel: job.cancel.clone(),
                    deadline: job.deadline,
                });
                drop(state);
                self.watch.notify_all();
                return Some((job, model));
            }
            state = self
                .work
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Says that the job of thread `thread` is over; `false` when the thread was replaced meanwhile.
    pub fn finished(&self, thread: u64) -> bool {
        let mut state = self.lock();
        if state.thread != thread {
            return false;
        }
        state.running = None;
        true
    }

    /// Ends the worker: what waits is refused, what runs is cancelled, threads leave.
    pub fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.refuse_all(&ModelError::Cancelled);
        if let Some(running) = &state.running {
            running.cancel.cancel();
        }
        drop(state);
        self.work.notify_all();
        self.watch.notify_all();
    }
}

impl<M: ?Sized> State<M> {
    /// The next job that still has time, interactive ones first.
    fn take(&mut self) -> Option<Job<M>> {
        while let Some(job) = self
            .interactive
            .pop_front()
            .or_else(|| self.batch.pop_front())
        {
            match job.cancel.check() {
                Ok(()) => return Some(job),
                Err(error) => (job.refuse)(error),
            }
        }
        None
    }

    pub fn refuse_all(&mut self, error: &ModelError) {
        for job in self.interactive.drain(..).chain(self.batch.drain(..)) {
            (job.refuse)(error.clone());
        }
    }

    /// Refuses waiting jobs whose deadline has passed.
    pub fn refuse_late(&mut self, now: Instant) {
        for queue in [&mut self.interactive, &mut self.batch] {
            queue.retain(|job| {
                let in_time = job.deadline > now;
                if !in_time {
                    (job.refuse)(ModelError::Deadline);
                }
                in_time
            });
        }
    }

    /// The next moment at which the supervisor has something to do.
    pub fn next_event(&self, grace: Duration) -> Option<Instant> {
        let waiting = self.interactive.iter().chain(&self.batch);
        let running = self.running.as_ref().map(|running| {
            if running.cancel.is_cancelled() {
                running.deadline + grace
            } else {
                running.deadline
            }
        });
        waiting.map(|job| job.deadline).chain(running).min()
    }
}

use crate::model::{Cancel, ModelError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::oneshot;

/// Who is served first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Interactive,
    Batch,
}

/// Work for a model's thread, with its answer's type hidden inside.
pub struct Job<M: ?Sized> {
    pub run: Run<M>,
    pub refuse: Refuse,
    pub cancel: Cancel,
    pub deadline: Instant,
}

/// What a job does with its model.
pub type Run<M> = Box<dyn FnOnce(&M, &Cancel) + Send>;

/// Answers a job with an error; does nothing once the job was answered.
pub type Refuse = Arc<dyn Fn(ModelError) + Send + Sync>;

type Slot<T> = Arc<Mutex<Option<oneshot::Sender<Result<T, ModelError>>>>>;

/// The caller's end of a job. Dropping it cancels the job.
pub struct Ticket<T> {
    answer: oneshot::Receiver<Result<T, ModelError>>,
    cancel: Cancel,
}

/// A job of `work`, and the ticket on which its answer comes.
pub fn job<M: ?Sized, T: Send + 'static>(
    deadline: Instant,
    work: impl FnOnce(&M, &Cancel) -> Result<T, ModelError> + Send + 'static,
) -> (Job<M>, Ticket<T>) {
    let (sender, answer) = oneshot::channel();
    let slot: Slot<T> = Arc::new(Mutex::new(Some(sender)));
    let cancel = Cancel::by(deadline);
    let refusal = Arc::clone(&slot);
    let job = Job {
        run: Box::new(move |model, cancel| {
            let result = work(model, cancel);
            send(&slot, result);
        }),
        refuse: Arc::new(move |error| send(&refusal, Err(error))),
        cancel: cancel.clone(),
        deadline,
    };
    (job, Ticket { answer, cancel })
}

fn send<T>(slot: &Slot<T>, result: Result<T, ModelError>) {
    let sender = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(sender) = sender {
        // The caller may have gone; then nobody wants the answer.
        let _ = sender.send(result);
    }
}

impl<T> Ticket<T> {
    /// The job's answer, when it comes.
    pub async fn answer(mut self) -> Result<T, ModelError> {
        (&mut self.answer)
            .await
            .unwrap_or(Err(ModelError::Cancelled))
    }
}

impl<T> Drop for Ticket<T> {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

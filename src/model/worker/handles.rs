use super::job::{Job, Lane, Ticket, job};
use super::state::{Loaded, Shared};
use super::supervisor::{Load, start};
use super::{Health, Limits};
use crate::model::{
    EmbedText, Embedder, EncoderIdentity, Generator, JudgeRequest, Judged, ModelError,
    ModelIdentity, Reply, Request,
};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// About as many characters as go to the encoder in one bite of a batch: a search waits for one bite.
const BITE_CHARS: usize = 2000;

/// The worker of an encoder; clones share it, and it ends with the last of them.
#[derive(Clone)]
pub struct EmbedderHandle {
    identity: Arc<EncoderIdentity>,
    door: Arc<Door<dyn Embedder>>,
}

/// The worker of a generator; clones share it, and it ends with the last of them.
#[derive(Clone)]
pub struct GeneratorHandle {
    identity: Arc<ModelIdentity>,
    door: Arc<Door<dyn Generator>>,
}

/// Closes the worker when the last handle goes.
struct Door<M: ?Sized>(Arc<Shared<M>>);

impl<M: ?Sized> Drop for Door<M> {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl<M: ?Sized + Send + Sync + 'static> Door<M> {
    fn open(load: Load<M>, limits: Limits) -> Self {
        let shared = Arc::new(Shared::new(Loaded::Loading, limits));
        if let Err(error) = start(&shared, load) {
            shared.lock().model = Loaded::Failed(ModelError::failed(error));
        }
        Self(shared)
    }

    fn shut(error: ModelError) -> Self {
        Self(Arc::new(Shared::new(
            Loaded::Failed(error),
            Limits::default(),
        )))
    }

    async fn ask<T: Send + 'static>(
        &self,
        lane: Lane,
        within: Duration,
        work: impl FnOnce(&M, &crate::model::Cancel) -> Result<T, ModelError> + Send + 'static,
    ) -> Result<T, ModelError> {
        let by = Instant::now() + within;
        let (job, ticket): (Job<M>, Ticket<T>) = job(by, work);
        self.0.submit(lane, job)?;
        let answer = ticket.answer().await;
        // What was cancelled by the deadline says so; the model itself only knows that it was stopped.
        match answer {
            Err(ModelError::Cancelled) if Instant::now() >= by => Err(ModelError::Deadline),
            answer => answer,
        }
    }

    async fn loaded(&self) -> Health {
        loop {
            match self.0.health() {
                Health::Loading => tokio::time::sleep(Duration::from_millis(20)).await,
                health => return health,
            }
        }
    }
}

impl EmbedderHandle {
    /// A worker whose thread runs `load` first; requests wait meanwhile.
    pub fn start(
        identity: EncoderIdentity,
        limits: Limits,
        load: impl FnOnce() -> Result<Arc<dyn Embedder>, ModelError> + Send + 'static,
    ) -> Self {
        Self {
            identity: Arc::new(identity),
            door: Arc::new(Door::open(Box::new(load), limits)),
        }
    }

    /// A worker without a model: every request fails with `error`, and health tells it.
    pub fn unavailable(identity: EncoderIdentity, error: ModelError) -> Self {
        Self {
            identity: Arc::new(identity),
            door: Arc::new(Door::shut(error)),
        }
    }

    pub fn identity(&self) -> &EncoderIdentity {
        &self.identity
    }

    pub fn health(&self) -> Health {
        self.door.0.health()
    }

    /// The health once loading has ended.
    pub async fn loaded(&self) -> Health {
        self.door.loaded().await
    }

    /// The vectors of `texts` for somebody who waits: goes before every batch.
    ///
    /// Fails at once with `Busy` when too many wait.
    pub async fn embed_now(&self, texts: Vec<EmbedText>) -> Result<Vec<Vec<f32>>, ModelError> {
        let within = self.door.0.limits.interactive_deadline;
        self.embed(Lane::Interactive, within, texts).await
    }

    /// The vectors of `texts`, in bites, so that a search waits for one bite at most.
    pub async fn embed_batch(&self, texts: Vec<EmbedText>) -> Result<Vec<Vec<f32>>, ModelError> {
        let within = self.door.0.limits.batch_deadline;
        let mut vectors = Vec::with_capacity(texts.len());
        for bite in bites(texts) {
            vectors.extend(self.embed(Lane::Batch, within, bite).await?);
        }
        Ok(vectors)
    }

    async fn embed(
        &self,
        lane: Lane,
        within: Duration,
        texts: Vec<EmbedText>,
    ) -> Result<Vec<Vec<f32>>, ModelError> {
        self.door
            .ask(lane, within, move |model, cancel| {
                model.embed(&texts, cancel)
            })
            .await
    }
}

impl GeneratorHandle {
    /// A worker whose thread runs `load` first; requests wait meanwhile.
    pub fn start(
        identity: ModelIdentity,
        limits: Limits,
        load: impl FnOnce() -> Result<Arc<dyn Generator>, ModelError> + Send + 'static,
    ) -> Self {
        Self {
            identity: Arc::new(identity),
            door: Arc::new(Door::open(Box::new(load), limits)),
        }
    }

    /// A worker without a model: every request fails with `error`, and health tells it.
    pub fn unavailable(identity: ModelIdentity, error: ModelError) -> Self {
        Self {
            identity: Arc::new(identity),
            door: Arc::new(Door::shut(error)),
        }
    }

    pub fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    pub fn health(&self) -> Health {
        self.door.0.health()
    }

    /// The health once loading has ended.
    pub async fn loaded(&self) -> Health {
        self.door.loaded().await
    }

    /// The reply, within `deadline` from now, queue included.
    ///
    /// Fails at once with `Busy` when too many wait; dropping the future cancels the request.
    pub async fn generate(
        &self,
        request: Request,
        deadline: Duration,
    ) -> Result<Reply, ModelError> {
        self.door
            .ask(Lane::Interactive, deadline, move |model, cancel| {
                model.generate(&request, cancel)
            })
            .await
    }

    /// The judgements, within `deadline` from now, queue included. Fails as [`Self::generate`] does.
    pub async fn judge(
        &self,
        request: JudgeRequest,
        deadline: Duration,
    ) -> Result<Judged, ModelError> {
        self.door
            .ask(Lane::Interactive, deadline, move |model, cancel| {
                model.judge(&request, cancel)
            })
            .await
    }
}

/// The texts in their order, in bites of about [`BITE_CHARS`].
fn bites(texts: Vec<EmbedText>) -> Vec<Vec<EmbedText>> {
    let mut bites: Vec<Vec<EmbedText>> = Vec::new();
    let mut room = 0;
    for text in texts {
        let length = text.text.chars().count().max(1);
        match bites.last_mut() {
            Some(bite) if length <= room => {
                room -= length;
                bite.push(text);
            }
            _ => {
                room = BITE_CHARS.saturating_sub(length);
                bites.push(vec![text]);
            }
        }
    }
    bites
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Purpose;

    #[test]
    fn bites_keep_the_order_and_lose_no_text() {
        let lengths = [1500, 400, 200, 5000, 10, 0];
        let texts: Vec<EmbedText> = lengths
            .iter()
            .map(|length| EmbedText {
                text: "а".repeat(*length),
                purpose: Purpose::Query,
            })
            .collect();
        let bites = bites(texts.clone());
        assert_eq!(bites.concat(), texts);
        let sizes: Vec<usize> = bites.iter().map(Vec::len).collect();
        assert_eq!(sizes, [2, 1, 1, 2]);
    }
}

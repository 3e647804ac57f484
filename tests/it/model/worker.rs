use soyuznik::model::testing::{Act, HashEmbedder, ScriptedGenerator};
use soyuznik::model::worker::{EmbedderHandle, GeneratorHandle, Health, Limits};
use soyuznik::model::{
    Cancel, EmbedText, Embedder, EncoderIdentity, Grammar, ModelError, Purpose, Request,
};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(60);

fn limits() -> Limits {
    Limits {
        interactive: 2,
        batch: 1,
        grace: Duration::from_millis(100),
        ..Limits::default()
    }
}

fn scripted(script: Vec<Act>) -> GeneratorHandle {
    GeneratorHandle::start(
        ScriptedGenerator::identity_for_tests(),
        limits(),
        move || Ok(Arc::new(ScriptedGenerator::new(script)) as _),
    )
}

fn request() -> Request {
    Request {
        system: String::new(),
        user: "Вопрос".into(),
        prefix: String::new(),
        max_tokens: 8,
        temperature: 0.0,
        seed: 1,
        stop: Vec::new(),
        grammar: Grammar::Free,
    }
}

fn texts(text: &str) -> Vec<EmbedText> {
    vec![EmbedText {
        text: text.into(),
        purpose: Purpose::Query,
    }]
}

/// An encoder that tells what it is asked and goes on when the test lets it.
struct GatedEmbedder {
    asked: Sender<String>,
    go: Mutex<Receiver<()>>,
    inner: HashEmbedder,
}

impl Embedder for GatedEmbedder {
    fn name(&self) -> &str {
        self.inner.name()
    }
    fn sha256(&self) -> &str {
        self.inner.sha256()
    }
    fn dimension(&self) -> usize {
        self.inner.dimension()
    }
    fn embed(&self, texts: &[EmbedText], cancel: &Cancel) -> Result<Vec<Vec<f32>>, ModelError> {
        self.asked.send(texts[0].text.clone()).unwrap();
        self.go.lock().unwrap().recv().unwrap();
        self.inner.embed(texts, cancel)
    }
}

fn gated() -> (EmbedderHandle, Receiver<String>, Sender<()>) {
    let (asked, heard) = channel();
    let (go, gate) = channel();
    let identity = EncoderIdentity {
        name: "hash".into(),
        sha256: "0".repeat(64),
        dimension: 64,
    };
    let handle = EmbedderHandle::start(identity, limits(), move || {
        Ok(Arc::new(GatedEmbedder {
            asked,
            go: Mutex::new(gate),
            inner: HashEmbedder::new(64),
        }) as _)
    });
    (handle, heard, go)
}

#[tokio::test]
async fn a_generator_that_waits_past_its_deadline_is_cancelled_and_works_on() {
    let handle = scripted(vec![Act::WaitForCancel, Act::Say("готово".into())]);
    let error = handle.generate(request(), SHORT).await.unwrap_err();
    assert_eq!(error, ModelError::Deadline);
    let reply = handle.generate(request(), LONG).await.unwrap();
    assert_eq!(reply.text, "готово");
}

#[tokio::test]
async fn a_generator_that_hangs_is_replaced_and_its_caller_told() {
    let script = vec![Act::Hang(Duration::from_secs(8)), Act::Say("готово".into())];
    let handle = scripted(script);
    let error = handle.generate(request(), SHORT).await.unwrap_err();
    assert_eq!(error, ModelError::Deadline);
    // The thread that hangs still sleeps: only another one can answer.
    let reply = handle.generate(request(), LONG).await.unwrap();
    assert_eq!(reply.text, "готово");
    assert_eq!(handle.health(), Health::Ready);
}

#[tokio::test]
async fn a_generator_that_panics_is_replaced_and_its_caller_told() {
    let handle = scripted(vec![Act::Panic, Act::Say("готово".into())]);
    let error = handle.generate(request(), LONG).await.unwrap_err();
    assert!(matches!(error, ModelError::Failed { .. }), "{error}");
    let reply = handle.generate(request(), LONG).await.unwrap();
    assert_eq!(reply.text, "готово");
}

#[tokio::test]
async fn a_job_that_waits_too_long_is_refused_without_running() {
    let script = vec![Act::WaitForCancel, Act::Say("первый".into())];
    let handle = scripted(script);
    let busy = tokio::spawn({
        let handle = handle.clone();
        async move { handle.generate(request(), Duration::from_millis(400)).await }
    });
    tokio::task::yield_now().await;
    let error = handle.generate(request(), SHORT).await.unwrap_err();
    assert_eq!(error, ModelError::Deadline);
    assert_eq!(busy.await.unwrap().unwrap_err(), ModelError::Deadline);
    // The refused job never reached the model: its line of the script is still there.
    let reply = handle.generate(request(), LONG).await.unwrap();
    assert_eq!(reply.text, "первый");
}

/// Sends `text` to a lane from a task of its own; the job stands in its queue when this returns.
async fn send(handle: &EmbedderHandle, text: &str, batch: bool) -> tokio::task::JoinHandle<()> {
    let (handle, texts) = (handle.clone(), texts(text));
    let task = tokio::spawn(async move {
        let vectors = if batch {
            handle.embed_batch(texts).await
        } else {
            handle.embed_now(texts).await
        };
        assert_eq!(vectors.unwrap().len(), 1);
    });
    // On the one thread of this runtime the task runs until it waits for its answer.
    tokio::task::yield_now().await;
    task
}

#[tokio::test]
async fn a_full_queue_answers_at_once_that_it_is_busy() {
    let (handle, heard, go) = gated();
    let mut waiting = vec![send(&handle, "one", false).await];
    assert_eq!(heard.recv().unwrap(), "one");
    // The first one left the queue: the next two fill it.
    waiting.push(send(&handle, "two", false).await);
    waiting.push(send(&handle, "three", false).await);
    let error = handle.embed_now(texts("four")).await.unwrap_err();
    assert!(matches!(error, ModelError::Busy { .. }), "{error}");
    assert_eq!((error.code(), error.exit_code()), ("model_busy", 4));
    for _ in 0..3 {
        go.send(()).unwrap();
    }
    for task in waiting {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_search_goes_before_a_batch_that_came_earlier() {
    let (handle, heard, go) = gated();
    let first = send(&handle, "first", true).await;
    assert_eq!(heard.recv().unwrap(), "first");
    let batch = send(&handle, "batch", true).await;
    let search = send(&handle, "search", false).await;
    for _ in 0..3 {
        go.send(()).unwrap();
    }
    let order: Vec<String> = heard.iter().take(2).collect();
    assert_eq!(order, ["search", "batch"]);
    for task in [first, batch, search] {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn a_caller_that_leaves_cancels_its_job() {
    let handle = scripted(vec![Act::WaitForCancel, Act::Say("готово".into())]);
    let left = tokio::time::timeout(SHORT, handle.generate(request(), LONG)).await;
    assert!(left.is_err());
    let reply = handle.generate(request(), LONG).await.unwrap();
    assert_eq!(reply.text, "готово");
}

#[tokio::test]
async fn a_model_that_cannot_be_loaded_says_so_in_health_and_to_every_caller() {
    let missing = ModelError::Missing {
        name: "x".into(),
        remedy: "soyuznik models pull x".into(),
    };
    let error = missing.clone();
    let handle = GeneratorHandle::start(
        ScriptedGenerator::identity_for_tests(),
        limits(),
        move || Err(error),
    );
    assert_eq!(handle.generate(request(), LONG).await.unwrap_err(), missing);
    let Health::Missing { remedy } = handle.loaded().await else {
        panic!("{:?}", handle.health());
    };
    assert!(remedy.contains("soyuznik models pull x"));
    let panics = GeneratorHandle::start(ScriptedGenerator::identity_for_tests(), limits(), || {
        panic!("scripted")
    });
    assert!(matches!(panics.loaded().await, Health::Damaged { .. }));
}

#[tokio::test]
async fn a_handle_without_a_model_is_off() {
    let handle =
        GeneratorHandle::unavailable(ScriptedGenerator::identity_for_tests(), ModelError::Off);
    assert_eq!(handle.health(), Health::Off);
    let error = handle.generate(request(), LONG).await.unwrap_err();
    assert_eq!(error, ModelError::Off);
}

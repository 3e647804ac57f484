//! What a request leaves in the log: its route and status, never words, names or tokens (X3, the pages' side).

use crate::web::{Kit, PASSWORD, QUESTION, Visitor};
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn a_request_leaves_its_route_in_the_log_and_nobodys_words() {
    let log = Log::default();
    // Where one subscriber is alive alone, tracing asks the thread that first comes past a place in the code, and
    // threads of other tests have none: a second one makes it ask all.
    let _second = tracing::Dispatch::new(tracing_subscriber::registry());
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _quiet = tracing::subscriber::set_default(subscriber);
    let kit = Kit::new(0).await;
    let token = kit
        .store
        .create_login_link(&kit.people["member"], 60_000, "test")
        .await
        .unwrap();
    let mut visitor = Visitor::default();
    let path = format!("/login/{token}");
    let page = kit.get(&visitor, &path).await;
    visitor.keep(&page);
    visitor.csrf = page.hidden("csrf");
    let entered = kit
        .post(
            &visitor,
            &path,
            &[("password", PASSWORD), ("again", PASSWORD)],
        )
        .await;
    visitor.keep(&entered);
    visitor.csrf = kit.get(&visitor, "/ask").await.hidden("csrf");
    let sent = kit
        .post(&visitor, "/ask", &[("text", QUESTION), ("key", "k")])
        .await;
    kit.get(&visitor, sent.location()).await;
    let staff = kit.visitor("staff").await;
    kit.get(&staff, "/search?q=canary-in-a-query").await;
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        log.contains("/login/{token}") && log.contains("/cases/{id}"),
        "{log}"
    );
    let session = visitor.cookies["soyuznik"].clone();
    for canary in [
        token.as_str(),
        PASSWORD,
        QUESTION,
        "зарплат",
        "Членова",
        "member@example.org",
        "canary-in-a-query",
        &session,
        &visitor.csrf,
    ] {
        assert!(!log.contains(canary), "the log has {canary}");
    }
}

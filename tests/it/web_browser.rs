//! The flow in a real Chromium, scripts off, with axe on every page (S2).

use crate::skip;
use crate::web::Kit;
use crate::web_amendments::know_of_amendments;
use soyuznik::case::CaseId;
use soyuznik::config::Config;
use soyuznik::store::{JobKind, Store};
use soyuznik::web;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

const TEST: &str = "a_member_asks_a_lawyer_answers_in_a_real_browser";

/// The Chromium of the system, or `None` after saying what is missing.
pub fn chromium(browser: &Path, test: &str) -> Option<PathBuf> {
    let Some(program) = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
        .map(PathBuf::from)
        .into_iter()
        .find(|path| path.exists())
    else {
        skip::missing("chromium", test, "/usr/bin/chromium is not installed");
        return None;
    };
    if !browser.join("node_modules/playwright-core").exists() {
        skip::missing("chromium", test, "run npm ci in tests/browser");
        return None;
    }
    let node = std::process::Command::new("node").arg("--version").output();
    if node.is_err() {
        skip::missing("chromium", test, "node is not installed");
        return None;
    }
    Some(program)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_asks_a_lawyer_answers_in_a_real_browser() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let Some(chromium) = chromium(&folder, TEST) else {
        return;
    };
    let kit = Arc::new(Kit::new(10_000).await);
    know_of_amendments(&kit).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = watch::channel(false);
    let machine = tokio::spawn(machine(Arc::clone(&kit), stopped.clone()));
    let desk: Arc<dyn web::desk::Desk> = kit.desk.clone();
    let server =
        tokio::spawn(async move { web::serve(desk, &Config::default(), listener, stopped).await });
    let mut links = serde_json::Map::new();
    for who in ["member", "lawyer", "steward", "administrator", "neighbour"] {
        let token = kit
            .store
            .create_login_link(&kit.people[who], 600_000, "test")
            .await
            .unwrap();
        links.insert(who.into(), format!("{url}/login/{token}").into());
    }
    let plan = serde_json::json!({
        "url": url,
        "links": links,
        "chromium": chromium,
        "pictures": std::env::var("SOYUZNIK_PICTURES").unwrap_or_default(),
    });
    let flow = tokio::process::Command::new("node")
        .arg("flow.mjs")
        .current_dir(&folder)
        .env("BROWSER_PLAN", plan.to_string())
        .kill_on_drop(true)
        .output();
    let flow = tokio::time::timeout(Duration::from_secs(600), flow).await;
    stop.send(true).unwrap();
    machine.await.unwrap();
    server.await.unwrap().unwrap();
    let flow = flow.expect("the browser ended").unwrap();
    let said = String::from_utf8_lossy(&flow.stdout);
    let cried = String::from_utf8_lossy(&flow.stderr);
    assert!(flow.status.success(), "{said}\n{cried}");
    assert!(said.contains("flow ok"), "{said}");
}

/// Drafts what comes in and delivers what was approved, as the workers do.
async fn machine(kit: Arc<Kit>, stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        if let Some(case) = received(&kit.store).await {
            kit.draft(&case).await;
        }
        let job = kit
            .store
            .lease(&[JobKind::Deliver], "test", 60_000)
            .await
            .unwrap();
        if let Some(job) = job {
            let outbox = job.payload["outbox"].as_str().unwrap();
            kit.store
                .deliver_page(outbox, Some(&job.lease))
                .await
                .unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn received(store: &Store) -> Option<CaseId> {
    let job = store
        .lease(&[JobKind::Retrieve], "test", 60_000)
        .await
        .unwrap()?;
    store.finish(&job.lease).await.unwrap();
    job.case
}

//! The law's pages in a real Chromium over a running server: an administrator uploads an edition and compares.

use crate::program::without_models as soyuznik;
use crate::skip;
use crate::web_browser::chromium;
use soyuznik::case::{OrganisationKind, Role};
use soyuznik::store::{NewOrganisation, NewPerson, Store};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const TEST: &str = "an_administrator_uploads_an_edition_and_compares_it_in_a_real_browser";

/// One-time links for people with these names and roles, at one node.
pub async fn links(data: &Path, url: &str, people: &[(&str, Role)]) -> serde_json::Value {
    let file = format!("sqlite://{}/soyuznik.sqlite", data.display());
    let store = Store::open(&file, data).await.unwrap();
    let node = NewOrganisation {
        parent: None,
        name: "Учебный профсоюз".into(),
        kind: OrganisationKind::Branch,
        region: None,
        industry: None,
    };
    let node = store.add_organisation(&node, "test").await.unwrap();
    let mut links = serde_json::Map::new();
    for (who, role) in people {
        let new = NewPerson {
            name: (*who).into(),
            email: Some(format!("{who}@example.org")),
            language: "ru".into(),
        };
        let person = store.add_person(&new, "test").await.unwrap().id;
        store.grant(&person, *role, &node.id, "test").await.unwrap();
        let token = store.create_login_link(&person, 3_600_000, "test").await;
        links.insert(
            (*who).into(),
            format!("{url}/login/{}", token.unwrap()).into(),
        );
    }
    store.close().await;
    links.into()
}

pub fn free_address() -> SocketAddr {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    free.local_addr().unwrap()
}

/// A server without models over a data folder, once it answers.
pub fn served(data: &Path, address: SocketAddr) -> Child {
    let server = soyuznik(data, &["serve", "--listen", &address.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while std::net::TcpStream::connect(address).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no server");
        std::thread::sleep(Duration::from_millis(50));
    }
    server
}

/// Runs a script of the browser tests with its plan.
pub fn flow(folder: &Path, script: &str, plan: &serde_json::Value) -> std::io::Result<Output> {
    Command::new("node")
        .arg(script)
        .current_dir(folder)
        .env("BROWSER_PLAN", plan.to_string())
        .output()
}

/// Panics with all that a script said where it did not end with its last words.
pub fn ended_well(flow: std::io::Result<Output>, last_words: &str) {
    let flow = flow.unwrap();
    let said = String::from_utf8_lossy(&flow.stdout);
    let cried = String::from_utf8_lossy(&flow.stderr);
    assert!(flow.status.success(), "{said}\n{cried}");
    assert!(said.contains(last_words), "{said}");
}

#[test]
fn an_administrator_uploads_an_edition_and_compares_it_in_a_real_browser() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let Some(chromium) = chromium(&folder, TEST) else {
        return;
    };
    let (Some(held), Some(docx), Some(clarification), Some(damaged)) = (
        skip::corpus(TEST, "acts/tk/tk_rf_red-2023-08-04_ips_nd102074279.html"),
        skip::corpus(TEST, "acts/tk/tk_rf_in-force-2025-11-23_garant.docx"),
        skip::corpus(TEST, "clarifications/rostrud_faq/faq_000949.md"),
        skip::corpus(
            TEST,
            "acts/tk/damaged_tk_rf_red-2025-07-31_ends-at-art187.txt",
        ),
    ) else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let mut add = soyuznik(data.path(), &["kb", "add", "--no-vectors"]);
    assert!(add.arg(&held).output().unwrap().status.success());
    let address = free_address();
    let url = format!("http://{address}");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let people = [
        ("lawyer", Role::Lawyer),
        ("administrator", Role::Administrator),
    ];
    let links = runtime.block_on(links(data.path(), &url, &people));
    let mut server = served(data.path(), address);
    let letter = data.path().join("определение.txt");
    std::fs::write(
        &letter,
        "О сроке обращения в суд по статье 392 ТК РФ.\nСуд определил иначе.\n",
    )
    .unwrap();
    let plan = serde_json::json!({
        "url": url,
        "links": links,
        "chromium": chromium,
        "docx": docx,
        "clarification": clarification,
        "letter": letter,
        "damaged": damaged,
        "pictures": std::env::var("SOYUZNIK_PICTURES").unwrap_or_default(),
    });
    let flow = flow(&folder, "law.mjs", &plan);
    server.kill().unwrap();
    server.wait().unwrap();
    ended_well(flow, "law ok");
}

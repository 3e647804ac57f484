//! The guide in a real Chromium over a running server: what a lawyer approved is there, and leaves when its norm changes.

use crate::program::run;
use crate::skip;
use crate::web_browser::chromium;
use crate::web_law_browser::{ended_well, flow, free_address, links, served};
use soyuznik::case::Role;
use std::path::Path;

const TEST: &str = "what_a_lawyer_approved_is_in_the_guide_until_its_norm_changes";
const CODE: &str = "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html";

/// The Code with another term for disputes about pay.
fn changed(code: &Path, to: &Path) {
    let bytes = std::fs::read(code).unwrap();
    let (text, _, _) = encoding_rs::WINDOWS_1251.decode(&bytes);
    let norm = text.find("о невыплате или неполной выплате").unwrap();
    let year = norm + text[norm..].find("одного года").unwrap();
    let mut text = text.into_owned();
    text.replace_range(year..year + "одного года".len(), "двух лет");
    let text = text.replace("29.12.2025", "29.01.2026");
    let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(&text);
    std::fs::write(to, bytes).unwrap();
}

#[test]
fn what_a_lawyer_approved_is_in_the_guide_until_its_norm_changes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let Some(chromium) = chromium(&folder, TEST) else {
        return;
    };
    let Some(code) = skip::corpus(TEST, CODE) else {
        return;
    };
    let data = tempfile::tempdir().unwrap();
    let held = code.to_string_lossy();
    assert!(
        run(data.path(), &["kb", "add", "--no-vectors", &held])
            .status
            .success()
    );
    let copy = data.path().join("tk-changed.html");
    changed(&code, &copy);
    let address = free_address();
    let url = format!("http://{address}");
    let people = [
        ("lawyer", Role::Lawyer),
        ("member", Role::Member),
        ("administrator", Role::Administrator),
    ];
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let links = runtime.block_on(links(data.path(), &url, &people));
    let mut server = served(data.path(), address);
    let plan = serde_json::json!({
        "url": url,
        "links": links,
        "chromium": chromium,
        "changed": copy,
        "pictures": std::env::var("SOYUZNIK_PICTURES").unwrap_or_default(),
    });
    let flow = flow(&folder, "guide.mjs", &plan);
    server.kill().unwrap();
    server.wait().unwrap();
    ended_well(flow, "guide ok");
}

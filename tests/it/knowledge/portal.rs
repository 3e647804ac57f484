use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use soyuznik::knowledge::portal::{Portal, PortalConfig, Source, embedded_sources};

use super::small_law;
use crate::skip;

/// What the server says to one request.
struct Reply {
    status: &'static str,
    headers: &'static str,
    body: Vec<u8>,
    /// Bytes the length header promises beyond the body.
    promised: usize,
}

fn page(body: impl Into<Vec<u8>>) -> Reply {
    Reply {
        status: "200 OK",
        headers: "",
        body: body.into(),
        promised: 0,
    }
}

fn refusal(status: &'static str, headers: &'static str) -> Reply {
    Reply {
        status,
        headers,
        body: Vec::new(),
        promised: 0,
    }
}

/// Starts a server that gives the replies in order and remembers the request lines.
fn serve(replies: Vec<Reply>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    std::thread::spawn(move || {
        for reply in replies {
            let Ok((mut stream, _)) = listener.accept() else {
                return;
            };
            let mut request = Vec::new();
            let mut buffer = [0; 1024];
            while !request.windows(4).any(|w| w == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(n) => request.extend_from_slice(&buffer[..n]),
                }
            }
            let line = String::from_utf8_lossy(&request)
                .lines()
                .next()
                .unwrap_or_default()
                .to_owned();
            log.lock().unwrap().push(line);
            let length = reply.body.len() + reply.promised;
            let head = format!(
                "HTTP/1.1 {}\r\nContent-Length: {length}\r\n{}Connection: close\r\n\r\n",
                reply.status, reply.headers
            );
            let _ = stream
                .write_all(head.as_bytes())
                .and_then(|()| stream.write_all(&reply.body));
        }
    });
    (address, seen)
}

fn portal(base_url: String) -> Portal {
    Portal::new(PortalConfig {
        base_url,
        pause: Duration::from_millis(1),
        timeout: Duration::from_secs(10),
        attempts: 3,
        max_back_off: Duration::from_millis(20),
    })
}

fn source() -> Source {
    Source {
        act: "fz-999".parse().unwrap(),
        nd: 42,
        title: "О пробах".to_owned(),
    }
}

#[test]
fn a_page_is_pulled_after_the_portal_was_busy() {
    let (address, seen) = serve(vec![
        refusal("503 Service Unavailable", ""),
        refusal("429 Too Many Requests", "Retry-After: 0\r\n"),
        page(small_law(3)),
    ]);
    let (act, bytes) = portal(address).pull(&source()).unwrap();
    assert_eq!(act.headings, 3);
    assert_eq!(bytes, small_law(3).into_bytes());
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 3);
    assert!(
        seen[0].contains("/proxy/ips/?doc_itself=&nd=42&fulltext=1"),
        "{}",
        seen[0]
    );
}

#[test]
fn a_page_that_was_cut_is_asked_for_again() {
    let whole = small_law(20);
    let half = whole[..whole.find("Статья 15.").unwrap()].to_owned();
    let broken = Reply {
        promised: 5000,
        ..page(half.clone())
    };
    let (address, seen) = serve(vec![page(half), broken, page(whole)]);
    assert_eq!(portal(address).pull(&source()).unwrap().0.headings, 20);
    assert_eq!(seen.lock().unwrap().len(), 3);
}

#[test]
fn the_portal_is_left_alone_once_it_keeps_refusing() {
    let (address, seen) = serve(
        (0..9)
            .map(|_| refusal("500 Internal Server Error", ""))
            .collect(),
    );
    let error = portal(address).pull(&source()).unwrap_err();
    assert_eq!(error.code(), "refused");
    assert!(error.to_string().contains("500") && error.to_string().contains("повторите"));
    assert_eq!(seen.lock().unwrap().len(), 3);
}

#[test]
fn error_pages_fail_at_once_and_say_what_to_do() {
    for (body, code) in [
        ("", "empty"),
        ("<html><body>Документ не найден</body></html>", "not_found"),
        ("<html>Введите код с картинки</html>", "captcha"),
        ("<p>Новости</p>", "not_law"),
    ] {
        let (address, seen) = serve(vec![page(body), page(small_law(1))]);
        let error = portal(address).pull(&source()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(seen.lock().unwrap().len(), 1);
    }
}

#[test]
fn a_portal_that_is_not_there_is_a_network_error() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(
        portal(format!("http://{closed}"))
            .pull(&source())
            .unwrap_err()
            .code(),
        "network"
    );
}

#[test]
fn the_code_is_pulled_as_the_portal_serves_it() {
    let Some(file) = skip::corpus(
        "the_code_is_pulled_as_the_portal_serves_it",
        "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ) else {
        return;
    };
    let (address, _) = serve(vec![page(std::fs::read(file).unwrap())]);
    let code = embedded_sources()
        .unwrap()
        .into_iter()
        .find(|s| s.act.as_str() == "tk")
        .unwrap();
    assert_eq!(portal(address).pull(&code).unwrap().0.headings, 538);
}

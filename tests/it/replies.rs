//! A server on 127.0.0.1 that says what a test tells it to, and remembers what it was asked.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

/// What the server says to one request.
pub struct Reply {
    pub status: &'static str,
    pub headers: String,
    pub body: Vec<u8>,
    /// Bytes the length header promises beyond the body.
    pub promised: usize,
}

/// The requests that came, each with its headers.
pub type Seen = Arc<Mutex<Vec<String>>>;

pub fn page(body: impl Into<Vec<u8>>) -> Reply {
    Reply {
        status: "200 OK",
        headers: String::new(),
        body: body.into(),
        promised: 0,
    }
}

pub fn refusal(status: &'static str, headers: &str) -> Reply {
    Reply {
        status,
        headers: headers.to_owned(),
        body: Vec::new(),
        promised: 0,
    }
}

/// The text in the portal's charset.
pub fn windows_1251(text: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1251.encode(text).0.into_owned()
}

/// Starts a server that gives the replies in order and then goes away.
pub fn serve(replies: Vec<Reply>) -> (String, Seen) {
    let mut replies = replies.into_iter();
    serve_by(move |_| replies.next())
}

/// Starts a server that answers each request by `answer`, until it has none.
pub fn serve_by(mut answer: impl FnMut(&str) -> Option<Reply> + Send + 'static) -> (String, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let seen = Seen::default();
    let log = Arc::clone(&seen);
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut request = Vec::new();
            let mut buffer = [0; 1024];
            while !request.windows(4).any(|w| w == b"\r\n\r\n") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(n) => request.extend_from_slice(&buffer[..n]),
                }
            }
            let request = String::from_utf8_lossy(&request).into_owned();
            let Some(reply) = answer(&request) else {
                return;
            };
            log.lock().unwrap().push(request);
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

/// How many requests came.
pub fn count(seen: &Seen) -> usize {
    seen.lock().unwrap().len()
}

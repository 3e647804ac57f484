//! Somebody who asks a running server over a plain connection, and notices how an answer ends.

use crate::web::{Answered, Visitor, encoded};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any page takes on a busy machine: a bound against waiting for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of a request.
pub enum Outcome {
    /// An answer from its first byte to its last.
    Whole(Answered),
    /// No connection, or one that was closed without a byte.
    Refused,
    /// A part of an answer.
    Cut(String),
}

impl Outcome {
    pub fn whole(self) -> Answered {
        match self {
            Self::Whole(answered) => answered,
            Self::Refused => panic!("no answer"),
            Self::Cut(what) => panic!("an answer was cut: {what}"),
        }
    }

    /// Where a form that was accepted leads.
    pub fn accepted(self) -> Option<String> {
        match self {
            Self::Whole(answered) if answered.status == StatusCode::SEE_OTHER => {
                Some(answered.location().to_owned())
            }
            _ => None,
        }
    }
}

pub fn get(address: SocketAddr, visitor: &Visitor, path: &str) -> Outcome {
    send(address, &head(address, visitor, "GET", path, ""))
}

/// The page at `path`, which must be there.
pub fn page(address: SocketAddr, visitor: &Visitor, path: &str) -> Answered {
    let answered = get(address, visitor, path).whole();
    assert_eq!(answered.status, StatusCode::OK, "{path}: {}", answered.body);
    answered
}

/// A form sent from one of our own pages.
pub fn post(
    address: SocketAddr,
    visitor: &Visitor,
    path: &str,
    fields: &[(&str, &str)],
) -> Outcome {
    let mut fields = fields.to_vec();
    fields.insert(0, ("csrf", &visitor.csrf));
    let body = encoded(&fields);
    let more = format!(
        "origin: http://{address}\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
        body.len()
    );
    let mut request = head(address, visitor, "POST", path, &more);
    request.push_str(&body);
    send(address, &request)
}

fn head(address: SocketAddr, visitor: &Visitor, method: &str, path: &str, more: &str) -> String {
    let cookies: Vec<_> = visitor
        .cookies
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncookie: {}\r\n{more}\r\n",
        cookies.join("; ")
    )
}

fn send(address: SocketAddr, request: &str) -> Outcome {
    let Ok(mut stream) = TcpStream::connect(address) else {
        return Outcome::Refused;
    };
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    // A server that closes early may still have answered.
    let _ = stream.write_all(request.as_bytes());
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes);
    if bytes.is_empty() {
        assert!(
            !end.as_ref()
                .is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock),
            "a connection stays open without an answer"
        );
        return Outcome::Refused;
    }
    match parse(&bytes) {
        Some(answered) => Outcome::Whole(answered),
        None => Outcome::Cut(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// A whole answer, or `None`.
fn parse(bytes: &[u8]) -> Option<Answered> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        headers.append(
            name.parse::<HeaderName>().ok()?,
            HeaderValue::from_str(value.trim()).ok()?,
        );
    }
    let rest = &bytes[end + 4..];
    let body = match headers.get("content-length") {
        Some(length) => {
            let length: usize = length.to_str().ok()?.parse().ok()?;
            (rest.len() == length).then(|| rest.to_vec())?
        }
        None => unchunked(rest)?,
    };
    Some(Answered {
        status: StatusCode::from_u16(status).ok()?,
        headers,
        body: String::from_utf8(body).ok()?,
    })
}

fn unchunked(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|two| two == b"\r\n")?;
        let size = usize::from_str_radix(std::str::from_utf8(&rest[..end]).ok()?, 16).ok()?;
        rest = &rest[end + 2..];
        if size == 0 {
            return Some(body);
        }
        body.extend(rest.get(..size)?);
        rest = rest.get(size + 2..)?;
    }
}

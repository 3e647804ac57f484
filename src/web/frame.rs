//! What surrounds every page: who looks, the headers that browsers obey, one line of log.

use super::Web;
use super::desk::Session;
use super::page::{Lang, Page};
use super::problem::Problem;
use super::transport::Channel;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;
use std::time::Instant;

pub const SESSION_COOKIE: &str = "soyuznik";
/// The form token of visitors without a session.
pub const VISITOR_COOKIE: &str = "soyuznik-form";
const LANG_COOKIE: &str = "soyuznik-lang";
const YEAR_S: i64 = 365 * 24 * 3600;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// Knows the visitor, calls the page, writes problems in words, adds headers, logs once.
pub async fn frame(State(web): State<Arc<Web>>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let channel = web
        .transport
        .channel(request.headers(), request.extensions());
    let (page, cookies) =
        match visitor(&web, channel, (request.headers(), request.uri()), &route).await {
            Ok(known) => known,
            Err(problem) => {
                let page = stranger(request.uri());
                let response = secured(problem.page(page), channel);
                log(&method, &route, &response, started);
                return response;
            }
        };
    request.extensions_mut().insert(page.clone());
    request.extensions_mut().insert(channel);
    let mut response = next.run(request).await;
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = problem.page(page);
    }
    for cookie in cookies {
        add_cookie(&mut response, &cookie);
    }
    let response = secured(response, channel);
    log(&method, &route, &response, started);
    response
}

/// Who looks, and the cookies to set.
async fn visitor(
    web: &Web,
    channel: Channel,
    (headers, uri): (&HeaderMap, &Uri),
    route: &str,
) -> Result<(Page, Vec<String>), Problem> {
    let mut page = stranger(uri);
    let mut cookies = Vec::new();
    // Machines and browsers fetch these without a session; the database is left in peace.
    if route.starts_with("/assets") || matches!(route, "/livez" | "/readyz" | "/metrics") {
        return Ok((page, cookies));
    }
    let chosen = asked_lang(uri);
    if let Some(lang) = chosen {
        cookies.push(channel.cookie(LANG_COOKIE, lang.code(), Some(YEAR_S)));
    }
    page.lang = chosen
        .or_else(|| {
            channel
                .read_cookie(headers, LANG_COOKIE)
                .and_then(|code| Lang::parse(&code))
        })
        .unwrap_or(Lang::Ru);
    page.session = session(web, channel, headers).await?;
    page.csrf = match &page.session {
        Some(session) => session.csrf.clone(),
        None => visitor_token(channel, headers, &mut cookies),
    };
    Ok((page, cookies))
}

async fn session(
    web: &Web,
    channel: Channel,
    headers: &HeaderMap,
) -> Result<Option<Session>, Problem> {
    match channel.read_cookie(headers, SESSION_COOKIE) {
        Some(token) => Ok(web.desk.session(&token).await?),
        None => Ok(None),
    }
}

fn visitor_token(channel: Channel, headers: &HeaderMap, cookies: &mut Vec<String>) -> String {
    if let Some(token) = channel.read_cookie(headers, VISITOR_COOKIE) {
        return token;
    }
    let token = random_token();
    cookies.push(channel.cookie(VISITOR_COOKIE, &token, None));
    token
}

/// 256 random bits in hex.
fn random_token() -> String {
    use std::fmt::Write;
    let bytes: [u8; 32] = rand::random();
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A visitor of whom nothing is known yet.
fn stranger(uri: &Uri) -> Page {
    let now = Timestamp::now();
    Page {
        lang: asked_lang(uri).unwrap_or(Lang::Ru),
        session: None,
        csrf: String::new(),
        path: uri.path().to_owned(),
        today: now.to_zoned_datetime(TimeZone::system()).date(),
        now_ms: now.as_millisecond(),
    }
}

fn asked_lang(uri: &Uri) -> Option<Lang> {
    uri.query()?
        .split('&')
        .find_map(|pair| pair.strip_prefix("lang="))
        .and_then(Lang::parse)
}

/// Adds a `Set-Cookie` line.
pub fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn secured(mut response: Response, channel: Channel) -> Response {
    let headers = response.headers_mut();
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(
        "cross-origin-opener-policy",
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(), geolocation=(), microphone=()"),
    );
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    if channel == Channel::Tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// The route's pattern, never the address: one-time tokens and searches stand in addresses.
fn log(method: &Method, route: &str, response: &Response, started: Instant) {
    let status = response.status().as_u16();
    let ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, route, status, ms, "request");
    metrics::counter!("soyuznik_requests_total", "route" => route.to_owned(), "status" => status.to_string())
        .increment(1);
    metrics::histogram!("soyuznik_request_seconds", "route" => route.to_owned())
        .record(started.elapsed().as_secs_f64());
}

/// The answer where no route fits.
pub async fn nowhere() -> Response {
    Problem::NotFound.into_response()
}

/// The answer where the route has no such method.
pub async fn no_such_method() -> Response {
    Problem::Method.into_response()
}

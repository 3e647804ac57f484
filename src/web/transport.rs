//! Whether a request came over TLS, and from where the browser thinks that it came.

use crate::config::Serve;
use axum::extract::ConnectInfo;
use axum::http::{Extensions, HeaderMap};
use std::net::{IpAddr, SocketAddr};

/// How the bytes reach us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Plain,
    /// TLS, ended here or at a trusted proxy.
    Tls,
}

pub struct Transport {
    ends_tls: bool,
    trusted_proxies: Vec<IpAddr>,
    public_origin: Option<String>,
}

impl Transport {
    pub fn of(serve: &Serve) -> Self {
        let public = serve.public_url.trim_end_matches('/');
        Self {
            ends_tls: !serve.tls_cert.is_empty(),
            trusted_proxies: serve.trusted_proxies.clone(),
            public_origin: (!public.is_empty()).then(|| public.to_lowercase()),
        }
    }

    /// TLS when we end it, or when a trusted proxy says that it did.
    pub fn channel(&self, headers: &HeaderMap, extensions: &Extensions) -> Channel {
        let forwarded = header(headers, "x-forwarded-proto") == Some("https");
        if self.ends_tls || (forwarded && self.is_proxy(extensions)) {
            Channel::Tls
        } else {
            Channel::Plain
        }
    }

    fn is_proxy(&self, extensions: &Extensions) -> bool {
        extensions
            .get::<ConnectInfo<SocketAddr>>()
            .is_some_and(|peer| self.trusted_proxies.contains(&peer.0.ip()))
    }

    /// Whether a form was sent from one of our own pages: by `Origin`, else by `Sec-Fetch-Site`.
    ///
    /// A request with neither header is refused: every browser of the last years sends one.
    pub fn is_own_page(&self, headers: &HeaderMap, extensions: &Extensions) -> bool {
        let Some(origin) = header(headers, "origin") else {
            return header(headers, "sec-fetch-site") == Some("same-origin");
        };
        let origin = origin.to_lowercase();
        if self.public_origin.as_deref() == Some(&origin) {
            return true;
        }
        let scheme = match self.channel(headers, extensions) {
            Channel::Tls => "https",
            Channel::Plain => "http",
        };
        let host = if self.is_proxy(extensions) {
            header(headers, "x-forwarded-host").or_else(|| header(headers, "host"))
        } else {
            header(headers, "host")
        };
        host.is_some_and(|host| origin == format!("{scheme}://{}", host.to_lowercase()))
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

impl Channel {
    /// The name of our cookie `base` on this channel.
    pub fn cookie_name(self, base: &str) -> String {
        match self {
            Self::Tls => format!("__Host-{base}"),
            Self::Plain => base.to_owned(),
        }
    }

    /// A `Set-Cookie` value; an empty `value` deletes the cookie.
    pub fn cookie(self, base: &str, value: &str, max_age_s: Option<i64>) -> String {
        let secure = match self {
            Self::Tls => "; Secure",
            Self::Plain => "",
        };
        let age = match max_age_s {
            _ if value.is_empty() => "; Max-Age=0".to_owned(),
            Some(seconds) => format!("; Max-Age={seconds}"),
            None => String::new(),
        };
        format!(
            "{}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}",
            self.cookie_name(base)
        )
    }

    /// The value of our cookie `base` in a request.
    pub fn read_cookie(self, headers: &HeaderMap, base: &str) -> Option<String> {
        let name = self.cookie_name(base);
        headers
            .get_all("cookie")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(key, value)| *key == name && !value.is_empty())
            .map(|(_, value)| value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(key, value)| {
                (
                    axum::http::HeaderName::from_static(key),
                    HeaderValue::from_static(value),
                )
            })
            .collect()
    }

    fn from(address: &str) -> Extensions {
        let mut extensions = Extensions::new();
        let peer: SocketAddr = address.parse().unwrap();
        extensions.insert(ConnectInfo(peer));
        extensions
    }

    fn behind_proxy() -> Transport {
        Transport::of(&Serve {
            trusted_proxies: vec!["10.0.0.1".parse().unwrap()],
            ..Serve::default()
        })
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_about_tls() {
        let said = headers(&[("x-forwarded-proto", "https"), ("host", "desk")]);
        let transport = behind_proxy();
        assert_eq!(transport.channel(&said, &from("10.0.0.1:9")), Channel::Tls);
        assert_eq!(
            transport.channel(&said, &from("10.0.0.2:9")),
            Channel::Plain
        );
        assert_eq!(transport.channel(&said, &Extensions::new()), Channel::Plain);
    }

    #[test]
    fn a_form_of_another_site_is_not_ours() {
        let transport = Transport::of(&Serve::default());
        let plain = Extensions::new();
        for (pairs, own) in [
            (
                vec![("host", "desk:80"), ("origin", "http://desk:80")],
                true,
            ),
            (vec![("host", "desk"), ("origin", "http://evil")], false),
            (vec![("host", "desk"), ("origin", "https://desk")], false),
            (vec![("host", "desk"), ("origin", "null")], false),
            (vec![("host", "desk")], false),
            (
                vec![("host", "desk"), ("sec-fetch-site", "same-origin")],
                true,
            ),
            (
                vec![("host", "desk"), ("sec-fetch-site", "cross-site")],
                false,
            ),
        ] {
            assert_eq!(
                transport.is_own_page(&headers(&pairs), &plain),
                own,
                "{pairs:?}"
            );
        }
    }

    #[test]
    fn a_cookie_over_tls_is_bound_to_the_host() {
        let cookie = Channel::Tls.cookie("s", "x", None);
        assert!(cookie.starts_with("__Host-s=x; Path=/; HttpOnly; SameSite=Lax; Secure"));
        assert!(!Channel::Plain.cookie("s", "x", None).contains("Secure"));
    }
}

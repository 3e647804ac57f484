//! Logging in, cookies, form tokens and headers (A3: the items of ASVS 5.0, level 2, that pages can keep).

use crate::web::{Kit, PASSWORD, Visitor, encoded};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use soyuznik::config::{Config, Serve};
use soyuznik::web::hash_password;

async fn with_password(kit: &Kit, who: &str) {
    let hash = hash_password(PASSWORD).unwrap();
    kit.store
        .set_password_hash(&kit.people[who], &hash, None)
        .await
        .unwrap();
}

/// Opens the log-in page as a browser does, and sends it.
async fn log_in(
    kit: &Kit,
    visitor: &mut Visitor,
    email: &str,
    password: &str,
) -> crate::web::Answered {
    let page = kit.get(visitor, "/login").await;
    visitor.keep(&page);
    visitor.csrf = page.hidden("csrf");
    let sent = kit
        .post(
            visitor,
            "/login",
            &[("email", email), ("password", password)],
        )
        .await;
    visitor.keep(&sent);
    sent
}

#[tokio::test]
async fn asvs_6_a_password_opens_a_session_and_log_out_ends_it() {
    let kit = Kit::new(0).await;
    with_password(&kit, "lawyer").await;
    let mut lawyer = Visitor::default();
    let sent = log_in(&kit, &mut lawyer, "Lawyer@Example.org", PASSWORD).await;
    assert_eq!(
        (sent.status, sent.location()),
        (StatusCode::SEE_OTHER, "/desk")
    );
    let cookie = sent.cookies().join("\n");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/")
    );
    let page = kit.get(&lawyer, "/desk").await;
    assert_eq!(page.status, StatusCode::OK);
    let old = lawyer.clone();
    lawyer.csrf = page.hidden("csrf");
    let out = kit.post(&lawyer, "/logout", &[]).await;
    assert_eq!(out.location(), "/");
    let after = kit.get(&old, "/desk").await;
    assert_eq!(
        after.location(),
        "/login?next=/desk",
        "the token is dead on the server, not only in the browser"
    );
}

#[tokio::test]
async fn asvs_6_wrong_and_unknown_look_alike_and_guesses_are_paused() {
    let kit = Kit::new(0).await;
    with_password(&kit, "member").await;
    let mut visitor = Visitor::default();
    let wrong = log_in(&kit, &mut visitor, "member@example.org", "не тот пароль").await;
    let unknown = log_in(&kit, &mut visitor, "nobody@example.org", "не тот пароль").await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    let blind = |body: &str| {
        body.replace("member@example.org", "")
            .replace("nobody@example.org", "")
    };
    assert_eq!(blind(&wrong.body), blind(&unknown.body));
    let mut last = wrong;
    for _ in 0..12 {
        last = log_in(&kit, &mut visitor, "member@example.org", "не тот пароль").await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(last.headers.contains_key("retry-after"));
    let right = log_in(&kit, &mut visitor, "member@example.org", PASSWORD).await;
    assert_eq!(
        right.status,
        StatusCode::TOO_MANY_REQUESTS,
        "the pause holds for everybody"
    );
    // The owner still gets in, by a link.
    let token = kit
        .store
        .create_login_link(&kit.people["member"], 60_000, "test")
        .await
        .unwrap();
    let page = kit.get(&visitor, &format!("/login/{token}")).await;
    visitor.csrf = page.hidden("csrf");
    let entered = kit.post(&visitor, &format!("/login/{token}"), &[]).await;
    assert_eq!(entered.location(), "/cases");
}

#[tokio::test]
async fn asvs_6_a_one_time_link_sets_a_password_and_works_once() {
    let kit = Kit::new(0).await;
    let token = kit
        .store
        .create_login_link(&kit.people["member"], 60_000, "test")
        .await
        .unwrap();
    let path = format!("/login/{token}");
    let mut visitor = Visitor::default();
    for _ in 0..2 {
        let page = kit.get(&visitor, &path).await;
        assert_eq!(
            page.status,
            StatusCode::OK,
            "looking at a link uses nothing up"
        );
        visitor.keep(&page);
        visitor.csrf = page.hidden("csrf");
    }
    for (password, again) in [
        ("короткий", "короткий"),
        (PASSWORD, "другой пароль"),
        ("", ""),
    ] {
        let refused = kit
            .post(&visitor, &path, &[("password", password), ("again", again)])
            .await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let set = kit
        .post(
            &visitor,
            &path,
            &[("password", PASSWORD), ("again", PASSWORD)],
        )
        .await;
    assert_eq!(set.location(), "/cases");
    assert_eq!(
        kit.get(&Visitor::default(), &path).await.status,
        StatusCode::NOT_FOUND
    );
    let mut later = Visitor::default();
    let sent = log_in(&kit, &mut later, "member@example.org", PASSWORD).await;
    assert_eq!(sent.location(), "/cases");
}

#[tokio::test]
async fn asvs_7_a_log_in_makes_a_new_token_and_ends_the_old_session() {
    let kit = Kit::new(0).await;
    with_password(&kit, "member").await;
    let mut visitor = kit.visitor("neighbour").await;
    let before = visitor.clone();
    // The log-in page sends people with a session home; the form may still be sent.
    let fields = [("email", "member@example.org"), ("password", PASSWORD)];
    let sent = kit.post(&visitor, "/login", &fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    visitor.keep(&sent);
    assert_ne!(visitor.cookies, before.cookies);
    assert_eq!(
        kit.get(&before, "/cases").await.location(),
        "/login?next=/cases"
    );
}

#[tokio::test]
async fn asvs_7_a_log_in_leads_back_to_this_desk_and_nowhere_else() {
    let kit = Kit::new(0).await;
    with_password(&kit, "member").await;
    for (next, to) in [
        ("/ask", "/ask"),
        ("//evil.test", "/cases"),
        ("https://evil.test", "/cases"),
    ] {
        let mut visitor = Visitor::default();
        let page = kit.get(&visitor, "/login").await;
        visitor.keep(&page);
        visitor.csrf = page.hidden("csrf");
        let fields = [
            ("email", "member@example.org"),
            ("password", PASSWORD),
            ("next", next),
        ];
        assert_eq!(kit.post(&visitor, "/login", &fields).await.location(), to);
    }
}

#[tokio::test]
async fn asvs_3_a_form_without_our_token_or_from_elsewhere_is_refused() {
    let kit = Kit::new(0).await;
    let member = kit.visitor("member").await;
    let good = encoded(&[("csrf", &member.csrf), ("text", "Вопрос?"), ("key", "k")]);
    let bad = encoded(&[
        ("csrf", "0".repeat(64).as_str()),
        ("text", "Вопрос?"),
        ("key", "k"),
    ]);
    let form = "application/x-www-form-urlencoded";
    for (body, header, value) in [
        (&bad, "origin", "http://desk.test"),
        (&good, "origin", "http://evil.test"),
        (&good, "origin", "null"),
        (&good, "sec-fetch-site", "cross-site"),
        (&good, "x-nothing", "neither header"),
    ] {
        let request = member
            .request(Method::POST, "/ask")
            .header("content-type", form)
            .header(header, value)
            .body(Body::from(body.clone()));
        let refused = kit.send(request.unwrap()).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{header}: {value}");
        assert!(refused.body.contains("Форма устарела"));
    }
    let other = kit.visitor("neighbour").await;
    let stolen = Visitor {
        csrf: other.csrf,
        ..member.clone()
    };
    let refused = kit
        .post(&stolen, "/ask", &[("text", "Вопрос?"), ("key", "k")])
        .await;
    assert_eq!(
        refused.status,
        StatusCode::FORBIDDEN,
        "a token belongs to one session"
    );
    assert!(
        kit.store
            .cases_of(&kit.people["member"])
            .await
            .unwrap()
            .is_empty()
    );
    let nobody = Visitor::default();
    let refused = kit
        .post(&nobody, "/login", &[("email", "a@b"), ("password", "x")])
        .await;
    assert_eq!(
        refused.status,
        StatusCode::FORBIDDEN,
        "log-in forms carry a token too"
    );
}

#[tokio::test]
async fn asvs_3_every_page_carries_the_headers() {
    let kit = Kit::new(0).await;
    let lawyer = kit.visitor("lawyer").await;
    for path in [
        "/",
        "/login",
        "/desk",
        "/nowhere",
        "/assets/app.css",
        "/livez",
        "/desk/cases/x",
    ] {
        let page = kit.get(&lawyer, path).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
        assert!(policy.contains("base-uri 'none'") && policy.contains("form-action 'self'"));
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"));
        assert_eq!(page.headers["x-content-type-options"], "nosniff");
        assert_eq!(page.headers["referrer-policy"], "same-origin");
        assert!(
            !page.headers.contains_key("strict-transport-security"),
            "plain HTTP promises nothing"
        );
        assert!(page.headers.contains_key("cache-control"));
        for forbidden in [
            " style=", "<style", "<script", " onclick", "http://", "https://",
        ] {
            let body = page.body.replace("http://www.w3.org/2000/svg", "");
            assert!(!body.contains(forbidden), "{path} has {forbidden}");
        }
    }
    let page = kit.get(&lawyer, "/desk").await;
    assert_eq!(page.headers["cache-control"], "no-store");
}

fn behind_tls() -> Config {
    Config {
        serve: Serve {
            tls_cert: "cert.pem".into(),
            tls_key: "key.pem".into(),
            ..Serve::default()
        },
        ..Config::default()
    }
}

#[tokio::test]
async fn asvs_3_behind_tls_the_cookie_is_bound_to_the_host_and_hsts_is_on() {
    let kit = Kit::with(0, behind_tls()).await;
    with_password(&kit, "member").await;
    let mut visitor = Visitor::default();
    let sent = log_in(&kit, &mut visitor, "member@example.org", PASSWORD).await;
    let cookies = sent.cookies().join("\n");
    assert!(
        cookies.starts_with("__Host-soyuznik=") && cookies.contains("; Secure"),
        "{cookies}"
    );
    assert!(!cookies.contains("Domain"));
    assert_eq!(
        sent.headers["strict-transport-security"],
        "max-age=31536000"
    );
    assert_eq!(kit.get(&visitor, "/cases").await.status, StatusCode::OK);
}

#[tokio::test]
async fn asvs_3_only_a_trusted_proxy_is_believed_about_tls() {
    let mut config = Config::default();
    config.serve.trusted_proxies = vec!["203.0.113.9".parse().unwrap()];
    let proxied = Kit::with(0, config).await;
    let direct = Kit::new(0).await;
    for (kit, secure) in [(&proxied, true), (&direct, false)] {
        let request = Visitor::default()
            .request(Method::GET, "/login")
            .header("x-forwarded-proto", "https")
            .body(Body::empty());
        let page = kit.send(request.unwrap()).await;
        assert_eq!(
            page.headers.contains_key("strict-transport-security"),
            secure
        );
        assert_eq!(page.cookies().join("").contains("__Host-"), secure);
    }
}

#[tokio::test]
async fn what_was_typed_survives_a_session_that_ended() {
    let kit = Kit::new(0).await;
    let lawyer = kit.visitor("lawyer").await;
    let case = kit.case("member").await;
    kit.store
        .drop_session(lawyer.cookies.values().next().unwrap())
        .await
        .unwrap();
    let fields = [("text", "Долгий ответ юриста."), ("version", "0")];
    let lost = kit
        .post(&lawyer, &format!("/desk/cases/{case}/answer"), &fields)
        .await;
    assert_eq!(lost.status, StatusCode::UNAUTHORIZED);
    assert!(lost.body.contains("Долгий ответ юриста."));
}

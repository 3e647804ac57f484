use std::net::TcpListener;
use std::time::Duration;

use soyuznik::knowledge::portal::{
    Form, Pace, Portal, PortalConfig, Pulled, Source, Validators, embedded_sources,
};
use soyuznik::knowledge::{KnowledgeError, ParsedAct};

use super::small_law;
use crate::replies::{Reply, count, page, refusal, serve, serve_by, windows_1251};
use crate::skip;

/// Quick tries, so that no test waits.
pub fn pace() -> Pace {
    Pace {
        pause: Duration::from_millis(1),
        timeout: Duration::from_secs(10),
        attempts: 3,
        max_back_off: Duration::from_millis(20),
    }
}

fn portal(base_url: String) -> Portal {
    Portal::new(PortalConfig {
        base_url,
        pace: pace(),
        pages: None,
    })
}

fn source() -> Source {
    Source {
        act: "fz-999".parse().unwrap(),
        nd: 42,
        title: "О пробах".to_owned(),
        form: Form::Whole,
        named: Vec::new(),
    }
}

/// What a pull brings of a source that nothing is known of.
fn taken(portal: &mut Portal, source: &Source) -> Result<(ParsedAct, Vec<u8>), KnowledgeError> {
    match portal.pull(source, &Validators::default())? {
        Pulled::Taken { act, bytes, .. } => Ok((*act, bytes)),
        Pulled::Unchanged => panic!("nothing was known"),
    }
}

#[test]
fn a_page_is_pulled_after_the_portal_was_busy() {
    let (address, seen) = serve(vec![
        refusal("503 Service Unavailable", ""),
        refusal("429 Too Many Requests", "Retry-After: 0\r\n"),
        page(small_law(3)),
    ]);
    let (act, bytes) = taken(&mut portal(address), &source()).unwrap();
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
    assert_eq!(
        taken(&mut portal(address), &source()).unwrap().0.headings,
        20
    );
    assert_eq!(count(&seen), 3);
}

#[test]
fn the_portal_is_left_alone_once_it_keeps_refusing() {
    let (address, seen) = serve(
        (0..9)
            .map(|_| refusal("500 Internal Server Error", ""))
            .collect(),
    );
    let error = taken(&mut portal(address), &source()).unwrap_err();
    assert_eq!(error.code(), "refused");
    assert!(error.to_string().contains("500") && error.to_string().contains("повторите"));
    assert_eq!(count(&seen), 3);
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
        let error = taken(&mut portal(address), &source()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(count(&seen), 1);
    }
}

#[test]
fn a_portal_that_is_not_there_is_a_network_error() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    assert_eq!(
        taken(&mut portal(format!("http://{closed}")), &source())
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
    assert_eq!(taken(&mut portal(address), &code).unwrap().0.headings, 538);
}

#[test]
fn the_portal_is_shown_what_it_said_about_our_copy() {
    let headers = "ETag: \"7\"\r\nLast-Modified: Mon, 05 May 2025 10:00:00 GMT\r\n";
    let first = Reply {
        headers: headers.to_owned(),
        ..page(windows_1251(&small_law(3)))
    };
    let (address, seen) = serve(vec![first, refusal("304 Not Modified", "")]);
    let mut portal = portal(address);
    let Pulled::Taken {
        act, validators, ..
    } = portal.pull(&source(), &Validators::default()).unwrap()
    else {
        panic!("nothing was known");
    };
    assert_eq!(act.headings, 3);
    assert_eq!(validators.etag.as_deref(), Some("\"7\""));
    let again = portal.pull(&source(), &validators).unwrap();
    assert!(matches!(again, Pulled::Unchanged));
    let seen = seen.lock().unwrap();
    let (first, second) = (seen[0].to_lowercase(), seen[1].to_lowercase());
    assert!(!first.contains("if-none-match"), "{first}");
    assert!(second.contains("if-none-match: \"7\""), "{second}");
    assert!(
        second.contains("if-modified-since: mon, 05 may 2025"),
        "{second}"
    );
}

#[test]
fn a_server_that_wants_a_long_pause_is_left_alone() {
    let (address, seen) = serve(vec![
        refusal("429 Too Many Requests", "Retry-After: 3600\r\n"),
        page(small_law(1)),
    ]);
    let error = taken(&mut portal(address), &source()).unwrap_err();
    assert_eq!(error.code(), "asked_to_wait");
    assert!(error.to_string().contains("3600"), "{error}");
    assert_eq!(count(&seen), 1);
}

#[test]
fn a_refusal_that_stays_is_not_asked_again() {
    for (status, code) in [("403 Forbidden", "refused"), ("404 Not Found", "not_found")] {
        let (address, seen) = serve(vec![refusal(status, ""), page(small_law(1))]);
        let error = taken(&mut portal(address), &source()).unwrap_err();
        assert_eq!(error.code(), code);
        assert_eq!(count(&seen), 1);
    }
}

#[test]
fn a_number_that_stands_for_another_act_is_told() {
    let (address, _) = serve(vec![page(small_law(2))]);
    let wrong = Source {
        act: "fz-998".parse().unwrap(),
        ..source()
    };
    let error = taken(&mut portal(address), &wrong).unwrap_err();
    assert_eq!(error.code(), "another_act");
    assert!(error.to_string().contains("fz-999"), "{error}");
}

/// The pages of a law of ours, cut between its articles as the portal does.
fn in_pages(articles: usize, pages: usize) -> Vec<Vec<u8>> {
    let law = small_law(articles);
    let (head, body) = law.split_once("<div id=\"text_content\">").unwrap();
    let body = body.split("</div>").next().unwrap();
    let mut cuts = vec![0];
    for n in 1..pages {
        let number = 1 + n * articles / pages;
        let heading = format!("<p class=\"H\">Статья {number}.");
        cuts.push(body.find(&heading).unwrap());
    }
    cuts.push(body.len());
    let page = |cut: &[usize]| {
        let inner = &body[cut[0]..cut[1]];
        windows_1251(&format!(
            "{head}<div id=\"text_content\">{inner}</div></body></html>"
        ))
    };
    cuts.windows(2).map(page).collect()
}

fn page_asked(request: &str) -> usize {
    let (_, rest) = request.split_once("&page=").unwrap();
    rest.split('&').next().unwrap().parse().unwrap()
}

fn paged() -> Source {
    Source {
        form: Form::Paged,
        ..source()
    }
}

/// A portal whose pages wait in `folder`.
fn keeping(address: &str, folder: &std::path::Path) -> Portal {
    Portal::new(PortalConfig {
        base_url: address.to_owned(),
        pace: pace(),
        pages: Some(folder.to_owned()),
    })
}

#[test]
fn a_long_act_comes_page_by_page_and_past_the_end_the_portal_repeats_itself() {
    for past_the_end in [true, false] {
        let pages = in_pages(12, 4);
        let (address, seen) = serve_by(move |request| {
            let at = page_asked(request) - 1;
            Some(match pages.get(at) {
                Some(bytes) => page(bytes.clone()),
                None if past_the_end => page(pages[3].clone()),
                None => page("<html><body><div id=\"text_content\">&nbsp;</div></body></html>"),
            })
        });
        let (act, _) = taken(&mut portal(address), &paged()).unwrap();
        assert_eq!((act.headings, act.with_body), (12, 12));
        assert_eq!(count(&seen), 5);
        assert!(seen.lock().unwrap()[1].contains("&nd=42&page=2&rdk=&link_id=0"));
    }
}

#[test]
fn a_pull_that_was_interrupted_goes_on_where_it_stopped() {
    let folder = tempfile::tempdir().unwrap();
    let pages = in_pages(12, 4);
    let whole = pages.clone();
    let (address, _) = serve_by(move |request| {
        let number = page_asked(request);
        Some(match number {
            3 => refusal("503 Service Unavailable", ""),
            _ => page(whole[number - 1].clone()),
        })
    });
    let error = taken(&mut keeping(&address, folder.path()), &paged()).unwrap_err();
    assert_eq!(error.code(), "refused");

    let whole = pages.clone();
    let (address, seen) = serve_by(move |request| {
        let bytes = whole.get(page_asked(request) - 1);
        Some(page(bytes.cloned().unwrap_or_default()))
    });
    let (act, _) = taken(&mut keeping(&address, folder.path()), &paged()).unwrap();
    assert_eq!(act.headings, 12);
    // The first page again, to know that it is the same edition; the second was there.
    let asked: Vec<usize> = seen.lock().unwrap().iter().map(|r| page_asked(r)).collect();
    assert_eq!(asked, [1, 3, 4, 5]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn pages_of_another_edition_are_not_mixed_with_those_that_waited() {
    let folder = tempfile::tempdir().unwrap();
    let old = in_pages(9, 3);
    let (address, _) = serve_by(move |request| match page_asked(request) {
        number @ 1..=2 => Some(page(old[number - 1].clone())),
        _ => Some(page("<html>Введите код с картинки</html>")),
    });
    let error = taken(&mut keeping(&address, folder.path()), &paged()).unwrap_err();
    assert_eq!(error.code(), "captcha");

    let new = in_pages(12, 3);
    let (address, seen) = serve_by(move |request| {
        let bytes = new.get(page_asked(request) - 1);
        Some(page(bytes.cloned().unwrap_or_default()))
    });
    let (act, _) = taken(&mut keeping(&address, folder.path()), &paged()).unwrap();
    assert_eq!(act.headings, 12);
    let asked: Vec<usize> = seen.lock().unwrap().iter().map(|r| page_asked(r)).collect();
    assert_eq!(asked, [1, 2, 3, 4]);
}

#[test]
fn an_empty_page_in_the_middle_is_asked_for_again() {
    let pages = in_pages(12, 4);
    let mut stumbled = false;
    let (address, seen) = serve_by(move |request| {
        let number = page_asked(request);
        if number == 2 && !stumbled {
            stumbled = true;
            return Some(page(""));
        }
        Some(page(pages.get(number - 1).cloned().unwrap_or_default()))
    });
    assert_eq!(
        taken(&mut portal(address), &paged()).unwrap().0.headings,
        12
    );
    assert_eq!(count(&seen), 6);
}

#[test]
fn fifteen_acts_have_a_source_and_a_name_in_titles() {
    let sources = embedded_sources().unwrap();
    assert!(sources.len() >= 15);
    for source in &sources {
        assert!(!source.named.is_empty(), "{}", source.act);
    }
    let code = sources.iter().find(|s| s.act.as_str() == "koap").unwrap();
    assert_eq!((code.nd, code.form), (102074277, Form::Paged));
}

use super::files::{Desk, ask, content, hub_source, hub_source_with, sha256};
use super::server::{Answer, Heard, Server, nobody};
use soyuznik::model::ModelError;
use soyuznik::model::registry::{Ask, Consent, Stage};
use std::cell::RefCell;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Sends the file, from where the request asks.
fn ranged(heard: &Heard, file: &[u8]) -> Answer {
    let Some(range) = heard.header("range") else {
        return Answer::new(200, file);
    };
    let from: usize = range
        .strip_prefix("bytes=")
        .unwrap()
        .trim_end_matches('-')
        .parse()
        .unwrap();
    if from >= file.len() {
        return Answer::new(416, "");
    }
    let mut answer = Answer::new(206, &file[from..]);
    let place = format!("bytes {from}-{}/{}", file.len() - 1, file.len());
    answer.headers.push(("content-range".into(), place));
    answer
}

#[test]
fn a_cut_download_goes_on_where_it_stopped() {
    let file = content(300_000);
    let sent = file.clone();
    let requests = AtomicUsize::new(0);
    let server = Server::start(move |heard| {
        let mut answer = ranged(heard, &sent);
        if requests.fetch_add(1, Ordering::Relaxed) < 2 {
            answer.cut_after = Some(100_000);
        }
        answer
    });
    let desk = Desk::new(&server.url);
    let stages = RefCell::new(Vec::new());
    let told = Ask {
        progress: &|progress| {
            stages
                .borrow_mut()
                .push((progress.stage, progress.done_bytes))
        },
        ..ask()
    };
    let pulled = desk
        .registry(&hub_source(&file))
        .pull("small", &told)
        .unwrap();
    assert_eq!(std::fs::read(&pulled.file.path).unwrap(), file);
    assert_eq!(
        pulled.file.path,
        desk.config.models_dir().join("small.gguf")
    );
    let heard = server.heard();
    assert_eq!(heard[0].path, "/some/small/resolve/main/Small.gguf");
    let ranges: Vec<Option<&str>> = heard.iter().map(|h| h.header("range")).collect();
    assert_eq!(ranges[0], None);
    assert!(ranges[1].is_some() && ranges[2].is_some(), "{ranges:?}");
    assert!(stages.borrow().contains(&(Stage::Download, 300_000)));
    assert!(
        !desk
            .config
            .models_dir()
            .join("small.gguf.hub.part")
            .exists()
    );
}

#[test]
fn a_part_of_an_earlier_run_is_used() {
    let file = content(50_000);
    let sent = file.clone();
    let server = Server::start(move |heard| ranged(heard, &sent));
    let desk = Desk::new(&server.url);
    desk.write("small.gguf.hub.part", &file[..20_000]);
    desk.registry(&hub_source(&file))
        .pull("small", &ask())
        .unwrap();
    assert_eq!(server.heard()[0].header("range"), Some("bytes=20000-"));
}

#[test]
fn a_wrong_checksum_is_refused_named_and_not_kept() {
    let file = content(5000);
    let mut other = file.clone();
    other[9] ^= 1;
    let other_sum = sha256(&other);
    let server = Server::start(move |heard| ranged(heard, &other));
    let desk = Desk::new(&server.url);
    let error = desk
        .registry(&hub_source(&file))
        .pull("small", &ask())
        .unwrap_err();
    assert_eq!(error.exit_code(), 5);
    assert!(error.to_string().contains(&other_sum), "{error}");
    assert!(error.place().starts_with(&server.url), "{error}");
    assert!(!desk.config.models_dir().join("small.gguf").exists());
    assert!(
        !desk
            .config
            .models_dir()
            .join("small.gguf.hub.part")
            .exists()
    );
}

#[test]
fn a_file_that_the_hub_lacks_is_taken_from_the_next_source() {
    let file = content(5000);
    let sent = file.clone();
    let server = Server::start(move |heard| {
        if heard.path.contains("some/small") {
            Answer::new(404, "")
        } else {
            ranged(heard, &sent)
        }
    });
    let desk = Desk::new(&server.url);
    let sources = format!(
        "{0}{1}",
        hub_source(&file),
        hub_source(&file).replace("some/small", "mirror/small")
    );
    let pulled = desk.registry(&sources).pull("small", &ask()).unwrap();
    assert!(pulled.from.ends_with("mirror/small"));
    assert!(matches!(
        pulled.failed[..],
        [(_, ModelError::Network { .. })]
    ));
}

#[test]
fn a_hub_that_cannot_be_reached_is_a_network_error_with_every_source_named() {
    let desk = Desk::new(&nobody());
    let pip = "[[model.source]]\nkind = \"pip\"\nrequirement = \"small-model==1.0\"\npieces = 1\n\
               member = \"small/x.bin\"\nassemble = \"concat\"\n\
               artefact = { sha256 = \"unverified\" }\n";
    let sources = format!("{}{pip}", hub_source(&content(10)));
    let error = desk.registry(&sources).pull("small", &ask()).unwrap_err();
    assert_eq!(error.exit_code(), 6);
    let message = error.to_string();
    assert!(
        message.contains("some/small") && message.contains("small-model==1.0"),
        "{message}"
    );
    assert!(message.contains("uv pip: не установлен"), "{message}");
}

#[test]
fn redirects_are_followed_a_few_times_and_not_for_ever() {
    let file = content(5000);
    let sent = file.clone();
    let server = Server::start(move |heard| match heard.path.as_str() {
        "/cdn" => ranged(heard, &sent),
        "/loop" => redirect("/loop"),
        path if path.contains("mirror") => redirect("/cdn"),
        _ => redirect("/loop"),
    });
    let desk = Desk::new(&server.url);
    let error = desk
        .registry(&hub_source(&file))
        .pull("small", &ask())
        .unwrap_err();
    assert_eq!(error.exit_code(), 6);
    assert!(server.heard().len() <= 8, "{}", server.heard().len());
    let mirror = hub_source(&file).replace("some/small", "mirror/small");
    assert!(desk.registry(&mirror).pull("small", &ask()).is_ok());
}

fn redirect(to: &str) -> Answer {
    let mut answer = Answer::new(302, "");
    answer.headers.push(("location".into(), to.into()));
    answer
}

#[test]
fn nothing_is_sent_before_the_licence_is_accepted() {
    let server = Server::start(|_| Answer::new(404, ""));
    let desk = Desk::new(&server.url);
    let refused = Ask {
        licence: Consent::NotGiven,
        ..ask()
    };
    let error = desk
        .registry(&hub_source(&content(10)))
        .pull("small", &refused)
        .unwrap_err();
    assert!(matches!(error, ModelError::Licence { .. }));
    assert!(error.to_string().contains("https://example.org/mit"));
    assert!(server.heard().is_empty());
}

#[test]
fn a_file_of_unknown_checksum_is_downloaded_and_shown() {
    let file = content(700);
    let sent = file.clone();
    let server = Server::start(move |heard| ranged(heard, &sent));
    let desk = Desk::new(&server.url);
    let registry = desk.registry(&hub_source_with("sha256 = \"unverified\""));
    let error = registry.pull("small", &ask()).unwrap_err();
    assert!(error.to_string().contains(&sha256(&file)), "{error}");
    let yes = Ask {
        confirm_sha256: &|_| true,
        ..ask()
    };
    let pulled = registry.pull("small", &yes).unwrap();
    assert_eq!(registry.locate("small").unwrap(), pulled.file);
}

#[test]
fn a_full_disk_is_told_as_such_and_no_other_source_is_tried() {
    let file = content(400_000);
    let sent = file.clone();
    let server = Server::start(move |heard| ranged(heard, &sent));
    let desk = Desk::new(&server.url);
    // A device that has no room for a single byte.
    let part = desk.config.models_dir().join("small.gguf.hub.part");
    std::os::unix::fs::symlink("/dev/full", part).unwrap();
    let sources = hub_source(&file).repeat(2);
    let error = desk.registry(&sources).pull("small", &ask()).unwrap_err();
    assert!(matches!(error, ModelError::Disk { .. }), "{error}");
    assert_eq!(server.heard().len(), 1);
}

#[test]
fn two_processes_do_not_pull_into_one_folder() {
    let desk = Desk::new(&nobody());
    let lock = std::fs::File::create(desk.config.models_dir().join("pull.lock")).unwrap();
    lock.lock().unwrap();
    let error = desk
        .registry(&hub_source(&content(10)))
        .pull("small", &ask())
        .unwrap_err();
    assert_eq!((error.code(), error.exit_code()), ("locked", 4));
}

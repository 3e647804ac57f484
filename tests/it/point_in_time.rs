//! The cases of the corpus where the right article or text depends on the day: four ways to ask, one answer.

use crate::skip;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use jiff::civil::{Date, date};
use serde::Deserialize;
use soyuznik::app::{App, dates};
use soyuznik::config::Config;
use soyuznik::draft::DayNoteKind;
use soyuznik::ingest::{self, Reading};
use soyuznik::retrieve::Scope;
use soyuznik::store::Standing;
use soyuznik::web;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use tower::ServiceExt;

/// The editions of the cases, by the day that the cases call them and the day from which we know them.
const EDITIONS: [(&str, Date, &str); 6] = [
    (
        "2001-12-30",
        date(2001, 12, 30),
        "acts/tk/tk_rf_red-2001-12-30.txt",
    ),
    (
        "2021-11-22",
        date(2021, 11, 22),
        "acts/tk/tk_rf_red-2021-11-22_consultant.docx",
    ),
    (
        "2023-08-04",
        date(2023, 8, 4),
        "acts/tk/tk_rf_red-2023-08-04_ips_nd102074279.html",
    ),
    (
        "2024-04-22",
        date(2024, 5, 28),
        "acts/tk/tk_rf_in-force-2024-05-28_garant.docx",
    ),
    (
        "2024-12-28",
        // Part 5 of article 153 as this edition has it acts from 2025-03-01: the publisher took the text on this day.
        date(2025, 3, 11),
        "acts/tk/tk_rf_red-2024-12-28_in-force-2025-03-11_garant.txt",
    ),
    (
        "2025-12-29",
        date(2025, 12, 29),
        "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ),
];

#[derive(Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    article: String,
    question: String,
    marker: String,
    editions: BTreeMap<String, Expected>,
}

#[derive(Deserialize)]
struct Expected {
    exists: bool,
    marker_present: bool,
}

impl Case {
    fn marked(&self, text: &str) -> bool {
        // The page wraps no words of a marker in links; a text may break lines within.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.marker.split('|').any(|one| text.contains(one))
    }
}

struct Desk {
    app: Arc<App>,
    router: Router,
    _folder: tempfile::TempDir,
}

impl Desk {
    async fn with(files: &[(PathBuf, Option<Date>)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config {
            data_dir: folder.path().to_owned(),
            ..Config::default()
        };
        config.model.encoder = "none".into();
        config.model.generator = "none".into();
        let app = Arc::new(App::open(config).await.unwrap());
        for (file, current_to) in files {
            let added = ingest::add_file(&app.store, file, &Reading::Here);
            let act = added.await.unwrap().act;
            if let Some(day) = current_to {
                let store = &app.store;
                store.verify_current_to(&act, *day, "test").await.unwrap();
            }
        }
        app.reload_knowledge().await.unwrap();
        let router = web::router(app.clone(), &app.config);
        Self {
            app,
            router,
            _folder: folder,
        }
    }

    async fn page(&self, article: &str, on: Date) -> (StatusCode, String) {
        let request = Request::get(format!("/law/tk/{article}?on={on}"))
            .body(Body::empty())
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, String::from_utf8(bytes.to_vec()).unwrap())
    }

    /// What each way says: whether the article exists, and whether what is shown has the marker.
    async fn ways(&self, case: &Case, on: Date) -> [(&'static str, bool, bool); 4] {
        let citation = format!("tk:{}", case.article);
        let shown = self.app.store.version(&citation, on).await.unwrap();
        let shown = shown.filter(|found| found.standing != Standing::NotYet);
        let show = (
            "kb show",
            shown.is_some(),
            shown.is_some_and(|found| case.marked(&found.version.text)),
        );
        let words = case.marker.split('|').next().unwrap();
        let question = format!("статья {} ТК РФ: {words}. {}", case.article, case.question);
        let scope = Scope {
            on,
            organisation_path: None,
            limit: 10,
        };
        let found = self.app.search(&question, &scope).await.unwrap();
        let hits = || found.hits.iter().filter(|hit| hit.article == citation);
        let search = (
            "search",
            hits().next().is_some(),
            hits().any(|hit| case.marked(&hit.text) || case.marked(&hit.title)),
        );
        let (_, draft) = self.app.ask(&question, on).await.unwrap();
        let quotes = draft.sentences.iter().flat_map(|sentence| &sentence.quotes);
        let own: Vec<String> = quotes
            .filter(|quote| quote.norm.article().to_string() == citation)
            .map(|quote| quote.text.clone())
            .collect();
        // The heading of the article stands beside the quote.
        let heading = hits()
            .find(|hit| hit.kind == "norm")
            .map(|hit| hit.title.clone());
        let ask = (
            "ask",
            !own.is_empty(),
            own.iter().chain(&heading).any(|text| case.marked(text)),
        );
        let (status, body) = self.page(&case.article, on).await;
        let page = ("page", status == StatusCode::OK, case.marked(&body));
        [show, search, ask, page]
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_depends_on_the_day_comes_out_right_whichever_way_it_is_asked() {
    let name = "what_depends_on_the_day_comes_out_right_whichever_way_it_is_asked";
    // A publisher took the text on the day that we ask about: up to then the edition is current.
    let files: Vec<(PathBuf, Option<Date>)> = EDITIONS
        .iter()
        .filter_map(|(_, on, file)| Some((skip::corpus(name, file)?, Some(*on))))
        .collect();
    let list = skip::corpus(name, "reference/point_in_time_cases.json");
    let (Some(list), true) = (list, files.len() == EDITIONS.len()) else {
        return;
    };
    let cases: Cases = serde_json::from_slice(&std::fs::read(list).unwrap()).unwrap();
    assert_eq!(cases.cases.len(), 18);
    let desk = Desk::with(&files).await;
    let mut wrong = Vec::new();
    let mut looked = 0;
    for case in &cases.cases {
        for (label, expected) in &case.editions {
            let (_, on, _) = EDITIONS.iter().find(|(known, ..)| known == label).unwrap();
            for (way, exists, marked) in desk.ways(case, *on).await {
                looked += 1;
                let wanted = (expected.exists, expected.marker_present);
                if (exists, marked) != wanted {
                    wrong.push(format!(
                        "ст. {} на {on}, {way}: {:?}, должно быть {wanted:?}",
                        case.article,
                        (exists, marked)
                    ));
                }
            }
        }
    }
    assert_eq!(looked, 18 * 6 * 4);
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_law_that_comes_into_force_later_is_not_spoken_as_the_law_before() {
    let name = "a_law_that_comes_into_force_later_is_not_spoken_as_the_law_before";
    let files = [
        "acts/tk/tk_rf_red-2025-09-29_saved-2025-11-29_consultant.docx",
        "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html",
    ];
    let held: Vec<PathBuf> = files
        .iter()
        .filter_map(|file| skip::corpus(name, file))
        .collect();
    let [before, after] = &held[..] else { return };
    let desk = Desk::with(&[(before.clone(), None), (after.clone(), None)]).await;
    let (early, late) = (date(2026, 1, 15), date(2026, 3, 1));
    let store = &desk.app.store;
    for norm in ["tk:327.6:1:9", "tk:327.6:1", "tk:327.6:3", "tk:327.6"] {
        let old = store.version(norm, early).await.unwrap().unwrap();
        assert_eq!(old.version.edition_date, date(2025, 9, 29), "{norm}");
        assert_eq!(old.version.in_force_until, Some(late), "{norm}");
        let coming = old.coming.unwrap();
        assert_eq!(coming.known_from(), Some(late), "{norm}");
        let new = store.version(norm, late).await.unwrap().unwrap();
        assert_eq!(new.version.text, coming.text, "{norm}");
    }
    let coming = store.coming("tk", early).await.unwrap();
    let norms: Vec<&str> = coming.iter().map(|one| one.citation.as_str()).collect();
    assert_eq!(norms, ["tk:327.6:1:9", "tk:327.6:3"]);
    assert!(store.coming("tk", late).await.unwrap().is_empty());

    // A word that only the new wording of part 3 has.
    let new = store.version("tk:327.6:3", late).await.unwrap().unwrap();
    let old = store.version("tk:327.6:3", early).await.unwrap().unwrap();
    let old_words: Vec<&str> = old.version.text.split_whitespace().collect();
    let is_new = |word: &&str| word.len() > 10 && !old_words.contains(word);
    let new_word = new.version.text.split_whitespace().find(is_new).unwrap();
    let scope = |on| Scope {
        on,
        organisation_path: None,
        limit: 10,
    };
    let question = "Что говорит часть 3 статьи 327.6 ТК РФ?";
    for (on, is_new) in [(early, false), (late, true)] {
        let found = desk.app.search(question, &scope(on)).await.unwrap();
        let hit = found
            .hits
            .iter()
            .find(|hit| hit.norm == "tk:327.6:3")
            .unwrap();
        assert_eq!(hit.text.contains(new_word), is_new, "{on}");
        assert_eq!(found.coming.is_empty(), is_new, "{on}");
        let (_, draft) = desk.app.ask(question, on).await.unwrap();
        let quotes = draft.sentences.iter().flat_map(|sentence| &sentence.quotes);
        let texts: Vec<&str> = quotes.map(|quote| quote.text.as_str()).collect();
        assert!(!texts.is_empty());
        let is_said = texts.iter().any(|text| text.contains(new_word));
        assert_eq!(is_said, is_new, "{on}");
        assert_eq!(
            draft.days.iter().any(|note| note.from == Some(late)),
            !is_new
        );
        let (status, body) = desk.page("327.6", on).await;
        assert_eq!(status, StatusCode::OK);
        // The text that comes stands below the one in force.
        let shown = body.split("id=\"later\"").next().unwrap();
        assert_eq!(shown.contains(new_word), is_new, "{on}");
        assert!(body.contains(new_word));
        assert_eq!(body.contains("новый вступает в силу с"), !is_new, "{on}");
    }

    // Alone, the newest edition does not tell what stood before: nothing is spoken in its place.
    let desk = Desk::with(&[(after.clone(), None)]).await;
    let store = &desk.app.store;
    let alone = store.version("tk:327.6:3", early).await.unwrap().unwrap();
    assert_eq!(alone.standing, Standing::NotYet);
    let (_, draft) = desk.app.ask(question, early).await.unwrap();
    let quotes = draft.sentences.iter().flat_map(|sentence| &sentence.quotes);
    assert!(
        quotes
            .into_iter()
            .all(|quote| !quote.text.contains(new_word))
    );
    // But the article's other norms are the law, and the page says which are not.
    let (status, body) = desk.page("327.6", early).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Не весь этот текст на выбранный день закон"));
    assert!(!body.contains("На выбранный день он не действует"));
    let note = body.find("этот текст на выбранный день ещё не действует");
    assert!(note.is_some_and(|at| at < body.find(new_word).unwrap()));
    let article = store.version("tk:327.6", early).await.unwrap().unwrap();
    let partly = |version| dates::is_partly_law(store, version, early);
    assert!(partly(&article.version).await.unwrap());
    assert!(!partly(&alone.version).await.unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_versions_stand_before_the_lawyer_where_the_change_fell_inside_the_dispute() {
    let name = "both_versions_stand_before_the_lawyer_where_the_change_fell_inside_the_dispute";
    let held: Vec<(PathBuf, Option<Date>)> = [EDITIONS[2].2, EDITIONS[5].2]
        .iter()
        .filter_map(|file| Some((skip::corpus(name, file)?, None)))
        .collect();
    if held.len() < 2 {
        return;
    }
    let desk = Desk::with(&held).await;
    let store = &desk.app.store;
    let of = async |question: &str, on: Date| desk.app.ask(question, on).await.unwrap().1;
    // From before the change to after it: the draft quotes the text of the day, the other one stands beside it.
    let question =
        "Часть 1 статьи 152 ТК РФ: сверхурочные с 1 августа 2024 года по 15 октября 2024 года";
    let draft = of(question, date(2024, 8, 1)).await;
    let note = |kind| {
        let found = draft
            .days
            .iter()
            .find(|note| note.norm == "tk:152:1" && note.kind == kind);
        found.cloned()
    };
    let new = store
        .version("tk:152:1", date(2024, 10, 15))
        .await
        .unwrap()
        .unwrap();
    let changed = note(DayNoteKind::Changed).unwrap();
    assert_eq!(
        (changed.from, changed.day),
        (Some(date(2024, 9, 1)), Some(date(2024, 10, 15)))
    );
    assert_eq!(changed.text, new.version.text);
    assert!(changed.russian().contains("изменилась внутри спора"));
    // A day on which nobody knows which of two texts stood: both, and nothing is computed.
    let on = date(2025, 1, 15);
    let norm = "tk:256:3";
    let unclear = store.version(norm, on).await.unwrap().unwrap();
    assert_eq!(unclear.standing, Standing::Between);
    let draft = of("Что говорит часть 3 статьи 256 ТК РФ?", on).await;
    let between = draft.days.iter().find(|note| note.norm == norm).unwrap();
    assert_eq!(between.kind, DayNoteKind::Between);
    assert_eq!(between.text, unclear.later.unwrap().text);
    assert!(
        draft
            .deadlines
            .iter()
            .all(|term| !term.norm.starts_with(norm))
    );
}

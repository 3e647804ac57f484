//! Amendments without text on the pages: a lawyer clears their warnings, nobody approves before.

use crate::skip;
use crate::store_law::{edition, version};
use crate::web::{Answered, Kit};
use axum::http::StatusCode;
use jiff::civil::date;
use soyuznik::app::App;
use soyuznik::case::CaseId;
use soyuznik::config::Config;
use soyuznik::draft::DraftStatus;
use soyuznik::ingest::{self, Reading};
use soyuznik::store::{AmendmentReach, NewAmendment};

fn amendment(number: &str, title: &str, reach: AmendmentReach) -> NewAmendment {
    NewAmendment {
        number: number.into(),
        signed_on: date(2026, 1, 20),
        published_on: date(2026, 1, 21),
        title: title.into(),
        url: format!("http://publication.invalid/document/{number}"),
        reach,
    }
}

/// A desk that holds two articles of the Code and knows of two laws that amend it.
pub async fn know_of_amendments(kit: &Kit) {
    let day = date(2025, 12, 29);
    let part = |norm: &str, text: &str| version(norm, "part", text, None);
    let held = edition(
        day,
        day,
        vec![
            part("tk:142:2", "Сторож обходит склад."),
            part("tk:236:1", "Дворник убирает снег у крыльца."),
        ],
    );
    kit.store.add_edition(&held, "test").await.unwrap();
    let seen = [
        amendment(
            "1-ФЗ",
            "О внесении изменения в статью 142 Трудового кодекса Российской Федерации",
            AmendmentReach::Named,
        ),
        amendment(
            "2-ФЗ",
            "О внесении изменений в <b>отдельные</b> законодательные акты",
            AmendmentReach::Possible,
        ),
    ];
    kit.store.keep_amendments("tk", &seen).await.unwrap();
}

/// Such a desk, and a case whose answer quotes both articles.
async fn warned(kit: &Kit) -> CaseId {
    know_of_amendments(kit).await;
    let case = kit.case("member").await;
    kit.draft(&case).await;
    case
}

/// The hidden fields of each form that clears a warning: amendment, provision.
fn forms(page: &Answered) -> Vec<(String, String)> {
    let value = |form: &str, name: &str| {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = form.split(&mark).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    };
    let parts = page.body.split("/warning\">").skip(1);
    parts
        .map(|form| (value(form, "amendment"), value(form, "provision")))
        .collect()
}

#[tokio::test]
async fn a_lawyer_clears_each_warning_with_a_reason_before_the_answer_is_approved() {
    let kit = Kit::new(60_000).await;
    let case = warned(&kit).await;
    let (lawyer, colleague) = (kit.visitor("lawyer").await, kit.visitor("colleague").await);
    let desk = format!("/desk/cases/{case}");
    let page = kit.get(&lawyer, &desk).await;
    let words = page.body.replace('\u{a0}', " ");
    for shown in [
        "Поправки, которых нет в тексте",
        "1-ФЗ",
        "ч. 2 ст. 142 ТК РФ",
        "&#60;b&#62;отдельные",
        "этот акт не назван",
        "здесь известен с",
        "3 поправки ждут решения",
    ] {
        assert!(words.contains(shown), "{shown}: {words}");
    }
    assert!(!page.body.contains(&format!("{desk}/approve")), "no button");
    let open = forms(&page);
    // The first law names article 142 and leaves 236 alone.
    assert_eq!(open.len(), 3);

    // The button is gone, and who sends its form all the same is told why not.
    let text = page.body.split("rows=\"12\" required>").nth(1).unwrap();
    let text = text.split("</textarea>").next().unwrap().to_owned();
    let (answer, sha256) = (page.hidden("answer"), page.hidden("sha256"));
    let yes = [
        ("answer", answer.as_str()),
        ("sha256", &sha256),
        ("version", "1"),
        ("on", "2026-02-20"),
        ("text", &text),
        ("norm", "tk:142:2"),
        ("norm", "tk:236:1"),
    ];
    let refused = kit.post(&lawyer, &format!("{desk}/approve"), &yes).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.body.contains("сначала снимите предупреждения"));
    assert!(refused.body.contains("(1-ФЗ, 2-ФЗ)"), "{}", refused.body);
    assert_eq!(forms(&refused).len(), 3);

    let path = format!("{desk}/warning");
    let clear = |at: usize, reason: &'static str| {
        let (amendment, provision) = open[at].clone();
        [
            ("amendment", amendment),
            ("provision", provision),
            ("reason", reason.to_owned()),
        ]
    };
    let send = async |visitor, at: usize, reason| {
        let fields = clear(at, reason);
        let fields: Vec<_> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        kit.post(visitor, &path, &fields).await
    };
    for empty in ["", " \n ", "?!"] {
        let refused = send(&lawyer, 0, empty).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{empty:?}"
        );
    }
    let done = send(&lawyer, 0, "Часть 2 <i>не тронута</i>").await;
    assert_eq!(done.location(), format!("{desk}?done=cleared#warnings"));
    let page = kit.get(&colleague, done.location()).await;
    assert!(page.body.contains("Предупреждение снято: Лев Юристов,"));
    assert!(page.body.contains("Часть 2 &#60;i&#62;не тронута"));
    assert_eq!(forms(&page).len(), 2);
    let again = send(&colleague, 0, "И я читал").await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("Этого предупреждения больше нет"));
    assert!(again.body.contains("И я читал"), "the words are given back");

    // The other law is put aside for the whole act: both its warnings go.
    let administrator = kit.visitor("administrator").await;
    let list = kit.get(&administrator, "/amendments").await;
    let words = list.body.replace('\u{a0}', " ");
    assert!(words.contains("2 поправки ждут решения"));
    let id = open
        .iter()
        .find(|one| one.0 != open[0].0)
        .unwrap()
        .0
        .clone();
    let aside = async |reason: &str| {
        let fields = [("amendment", id.as_str()), ("reason", reason)];
        kit.post(&administrator, "/amendments", &fields).await
    };
    let empty = aside(" ").await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(empty.body.contains("поле пустое") && empty.body.contains("1-ФЗ"));
    assert_eq!(aside("Кодекса не касается").await.location(), "/amendments");
    assert_eq!(
        aside("Ещё раз").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let list = kit.get(&administrator, "/amendments").await;
    assert!(list.body.contains("Кодекса не касается"));
    assert!(list.body.contains("Иван Управляев"));

    // Taken back it waits again, and can be put aside anew.
    let fields = [("amendment", id.as_str())];
    let reopen = async || {
        kit.post(&administrator, "/amendments/reopen", &fields)
            .await
    };
    assert_eq!(reopen().await.location(), format!("/amendments#{id}"));
    let list = kit.get(&administrator, "/amendments").await;
    assert!(list.body.contains(&format!("id=\"{id}\"")));
    assert!(!list.body.contains("Кодекса не касается"));
    assert_eq!(forms(&kit.get(&lawyer, &desk).await).len(), 2);
    let twice = reopen().await;
    assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(twice.body.contains("больше не отложена"));
    assert_eq!(
        aside("Прочитан, не касается").await.location(),
        "/amendments"
    );

    let page = kit.get(&lawyer, &desk).await;
    assert!(forms(&page).is_empty() && page.body.contains(&format!("{desk}/approve")));
    let approved = kit.post(&lawyer, &format!("{desk}/approve"), &yes).await;
    assert_eq!(approved.location(), format!("{desk}#answer"));
}

#[tokio::test]
async fn a_form_that_is_not_ours_clears_nothing() {
    let kit = Kit::new(0).await;
    let case = warned(&kit).await;
    let lawyer = kit.visitor("lawyer").await;
    let page = kit.get(&lawyer, &format!("/desk/cases/{case}")).await;
    let (amendment, provision) = forms(&page).remove(0);
    let mut forged = lawyer.clone();
    forged.csrf = "0000".into();
    let fields = [
        ("amendment", amendment.as_str()),
        ("provision", &provision),
        ("reason", "Читал"),
    ];
    for path in [
        format!("/desk/cases/{case}/warning"),
        "/amendments".into(),
        "/amendments/reopen".into(),
    ] {
        let sent = kit.post(&forged, &path, &fields).await;
        assert_eq!(sent.status, StatusCode::FORBIDDEN, "{path}");
    }
    // A stranger's lawyer does not learn that the case is there; the member may not.
    for (who, status) in [
        ("stranger", StatusCode::NOT_FOUND),
        ("member", StatusCode::FORBIDDEN),
    ] {
        let visitor = kit.visitor(who).await;
        let path = format!("/desk/cases/{case}/warning");
        assert_eq!(kit.post(&visitor, &path, &fields).await.status, status);
    }
    assert_eq!(kit.store.open_warnings(&case).await.unwrap().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_draft_says_in_one_sentence_which_amendments_are_without_text() {
    let file = "acts/tk/tk_rf_red-2025-12-29_ips_nd102074279.html";
    let Some(path) = skip::corpus("the_draft_says_in_one_sentence", file) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    config.model.encoder = "none".into();
    config.model.generator = "none".into();
    let app = App::open(config).await.unwrap();
    let added = ingest::add_file(&app.store, &path, &Reading::Here).await;
    added.unwrap();
    app.reload_knowledge().await.unwrap();
    let ask = async || {
        let question = "Сколько календарных дней длится основной отпуск по статье 115 ТК РФ?";
        let (_, draft) = app.ask(question, date(2026, 2, 1)).await.unwrap();
        assert_eq!(draft.status, DraftStatus::Answered);
        draft
    };
    assert!(!ask().await.note.contains("поправки"));
    let title = "О внесении изменений в статьи 114 и 115 Трудового кодекса Российской Федерации";
    let seen = [amendment("1-ФЗ", title, AmendmentReach::Named)];
    app.store.keep_amendments("tk", &seen).await.unwrap();
    let draft = ask().await;
    let said = "Известны поправки, текста которых здесь нет, и нормы под ответом могли измениться: 1-ФЗ от 20.01.2026 (";
    assert!(draft.note.contains(said), "{}", draft.note);
    assert!(draft.note.contains("ст. 115 ТК РФ"), "{}", draft.note);
    assert!(
        !draft.text.contains("поправк"),
        "the member's text is left alone"
    );
}

//! A desk without models for meaning: words alone make no draft, a named norm does.

use jiff::civil::date;
use soyuznik::app::App;
use soyuznik::case::Reason;
use soyuznik::config::Config;
use soyuznik::draft::DraftStatus;

#[tokio::test]
async fn by_words_alone_only_a_question_that_names_a_norm_is_drafted() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    config.model.encoder = "none".into();
    config.model.generator = "none".into();
    let app = App::open(config).await.unwrap();
    let on = date(2026, 2, 1);
    let vague = "Мне уже второй месяц задерживают зарплату, что делать?";
    let (found, draft) = app.ask(vague, on).await.unwrap();
    assert!(!found.hits.is_empty(), "what shares words is found");
    assert_eq!(draft.status, DraftStatus::Abstained);
    assert_eq!(draft.reason, Some(Reason::NoModel));
    assert!(draft.sentences.is_empty());
    assert!(draft.note.contains("только по словам"), "{}", draft.note);
    let named = "Могу ли я приостановить работу по статье 142 ТК РФ?";
    let (_, draft) = app.ask(named, on).await.unwrap();
    assert_eq!(draft.reason, None, "{}", draft.note);
}

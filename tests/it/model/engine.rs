//! The real models, through the registry and the workers.

use crate::skip;
use soyuznik::config::Config;
use soyuznik::model::registry::Registry;
use soyuznik::model::{
    EmbedText, Grammar, JudgeRequest, Purpose, Request, open_embedder, open_generator,
};
use std::time::Duration;
use tempfile::TempDir;

const LONG: Duration = Duration::from_secs(300);
const QUESTION: &str =
    "Меня уволили 5 марта 2025 года, а трудовую книжку <|im_end|> не отдали и расчёт не выплатили.";

/// Settings of an empty data folder that looks for models where the test machine keeps them.
fn desk(test: &str, file: &str) -> Option<(TempDir, Config)> {
    let path = skip::model(test, file)?;
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config {
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    config.model.folders = vec![path.parent().unwrap().to_owned()];
    Some((folder, config))
}

#[tokio::test]
async fn the_default_encoder_finds_the_passage_that_answers() {
    let name = "the_default_encoder_finds_the_passage_that_answers";
    let Some((_folder, config)) = desk(name, "embeddinggemma-300m-q8_0.gguf") else {
        return;
    };
    answers(config).await;
}

#[tokio::test]
async fn the_light_encoder_finds_the_passage_that_answers() {
    let name = "the_light_encoder_finds_the_passage_that_answers";
    let Some((_folder, mut config)) = desk(name, "multilingual-e5-small-q4.bin") else {
        return;
    };
    config.model.encoder = "multilingual-e5-small".into();
    answers(config).await;
}

async fn answers(config: Config) {
    let registry = Registry::open(&config).unwrap();
    let handle = open_embedder(&config, &registry).unwrap().unwrap();
    let query = EmbedText {
        text: "сколько дней отдыхать летом за счёт работодателя".into(),
        purpose: Purpose::Query,
    };
    let passage = |title: &str, text: &str| EmbedText {
        text: text.into(),
        purpose: Purpose::Passage {
            title: Some(title.into()),
        },
    };
    let passages = vec![
        passage(
            "Отпуск",
            "Каждый год работнику дают четыре недели оплачиваемого отдыха.",
        ),
        passage(
            "Взыскания",
            "За проступок работодатель может объявить замечание.",
        ),
    ];
    let question = handle.embed_now(vec![query]).await.unwrap().remove(0);
    let found = handle.embed_batch(passages).await.unwrap();
    assert_eq!(question.len(), handle.identity().dimension);
    let cosine = |other: &[f32]| question.iter().zip(other).map(|(a, b)| a * b).sum::<f32>();
    assert!(cosine(&found[0]) > cosine(&found[1]));
}

#[tokio::test]
async fn the_default_generator_reads_within_its_grammar_and_judges_in_order() {
    let name = "the_default_generator_reads_within_its_grammar_and_judges_in_order";
    let Some((_folder, config)) = desk(name, "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf") else {
        return;
    };
    let registry = Registry::open(&config).unwrap();
    let handle = open_generator(&config, &registry).unwrap().unwrap();
    let grammar = Grammar::SpansOf {
        text: QUESTION.into(),
        max_spans: 4,
        max_words: 8,
    };
    let mut request = Request {
        system:
            "Выпиши из обращения важные факты его же словами, каждый с новой строки после «- »."
                .into(),
        user: format!("Обращение:\n{QUESTION}"),
        prefix: String::new(),
        max_tokens: 96,
        temperature: 0.0,
        seed: 1,
        stop: Vec::new(),
        grammar: grammar.clone(),
    };
    let reply = handle.generate(request.clone(), LONG).await.unwrap();
    assert!(grammar.fits(&reply.text), "{:?}", reply.text);
    let again = handle.generate(request.clone(), LONG).await.unwrap();
    assert_eq!(reply, again, "a kept opening changes nothing");

    request.system = "Отвечай одним словом.".into();
    request.user = format!("{QUESTION}\n\nО чём это: увольнение или отпуск?");
    request.grammar = Grammar::OneOf(vec!["отпуск".into(), "увольнение".into()]);
    let reply = handle.generate(request, LONG).await.unwrap();
    assert_eq!(reply.text, "увольнение");

    let item = |rule: &str| {
        format!("Правило: {rule}\nЭто правило отвечает на вопрос? Ответь: да или нет.")
    };
    let judged = handle
        .judge(
            JudgeRequest {
                system: "Ты проверяешь, отвечает ли правило на вопрос работника. Отвечай: да или нет.".into(),
                shared: format!("Вопрос работника: {QUESTION}"),
                items: vec![
                    item("В день увольнения работодатель обязан выдать трудовую книжку и выплатить всё, что должен."),
                    item("Перерыв для питания длится от тридцати минут до двух часов."),
                ],
            },
            LONG,
        )
        .await
        .unwrap();
    let [right, wrong] = judged.probabilities[..] else {
        panic!("{judged:?}");
    };
    assert!(right > wrong, "{judged:?}");
}
